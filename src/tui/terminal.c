/* tui/terminal.c — see terminal.h.
 *
 * Signals are blocked and read from a descriptor: none can come between two bytes of a sequence.
 * SPDX-License-Identifier: MIT
 */
#include "tui/terminal.h"

#include "base/mem.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <termios.h>
#include <unistd.h>

#define KEYS_MAX 64

/* The other screen, no cursor, no wrapping at the edge; and back. */
#define ENTER "\033[?1049h\033[?25l\033[?7l"
#define LEAVE "\033[0m\033[?7h\033[?25h\033[?1049l"

struct terminal {
    struct termios before;
    sigset_t signals_before;
    int signal_fd;
    unsigned char keys[KEYS_MAX]; /* read and not told yet */
    size_t keys_n;
};

static const int signals[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP, SIGWINCH };

int terminal_write(struct terminal *t, struct span bytes, struct err *err)
{
    (void)t;
    while (bytes.len > 0) {
        ssize_t n = write(STDOUT_FILENO, bytes.p, bytes.len);

        if (n < 0 && errno == EAGAIN) {
            poll(&(struct pollfd){ STDOUT_FILENO, POLLOUT, 0 }, 1, 1000);
            continue;
        }
        if (n < 0 && errno != EINTR) {
            err_set(err, ERR_IO, "cannot write to the terminal: %s", strerror(errno));
            return -1;
        }
        if (n > 0)
            bytes = (struct span){ bytes.p + n, bytes.len - (size_t)n };
    }
    return 0;
}

static int take_over(struct terminal *t, struct err *err)
{
    struct termios raw = t->before;

    raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
    raw.c_iflag &= ~(tcflag_t)(ICRNL | IXON);
    raw.c_cc[VMIN] = 0;
    raw.c_cc[VTIME] = 0;
    if (tcsetattr(STDIN_FILENO, TCSAFLUSH, &raw) < 0) {
        err_set(err, ERR_IO, "cannot set up the terminal: %s", strerror(errno));
        return -1;
    }
    return terminal_write(t, SPAN_LIT(ENTER), err);
}

static void give_back(struct terminal *t)
{
    terminal_write(t, SPAN_LIT(LEAVE), NULL);
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &t->before);
}

int terminal_enter(struct terminal **out, struct err *err)
{
    const char *kind = getenv("TERM");
    struct terminal *t;
    sigset_t set;
    size_t i;

    if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO) || !kind || !*kind ||
        strcmp(kind, "dumb") == 0) {
        err_set(err, ERR_UNAVAILABLE,
                "this needs a terminal that can be drawn on; a plain 'tacho' does not");
        return -1;
    }
    t = xcalloc(1, sizeof(*t));
    sigemptyset(&set);
    for (i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
        sigaddset(&set, signals[i]);
    sigprocmask(SIG_BLOCK, &set, &t->signals_before);
    t->signal_fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    tcgetattr(STDIN_FILENO, &t->before);
    *out = t;
    if (t->signal_fd >= 0 && take_over(t, err) == 0)
        return 0;
    if (t->signal_fd < 0)
        err_set(err, ERR_IO, "cannot wait for signals: %s", strerror(errno));
    *out = NULL;
    terminal_leave(t);
    return -1;
}

void terminal_leave(struct terminal *t)
{
    if (!t)
        return;
    give_back(t);
    if (t->signal_fd >= 0)
        close(t->signal_fd);
    sigprocmask(SIG_SETMASK, &t->signals_before, NULL);
    free(t);
}

void terminal_size(const struct terminal *t, int *columns, int *rows)
{
    struct winsize size = { 0 };

    (void)t;
    *columns = 80;
    *rows = 24;
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) < 0 || size.ws_col == 0 || size.ws_row == 0)
        return;
    *columns = size.ws_col;
    *rows = size.ws_row;
}

/* ---- events ---- */

/* Stopped as if we had never been here, until somebody continues us. */
static void stop(struct terminal *t)
{
    give_back(t);
    raise(SIGSTOP);
    take_over(t, NULL);
}

static struct terminal_event take_signal(struct terminal *t)
{
    struct signalfd_siginfo info;

    if (read(t->signal_fd, &info, sizeof(info)) != sizeof(info))
        return (struct terminal_event){ TERMINAL_QUIET, 0 };
    if (info.ssi_signo == SIGTSTP)
        stop(t);
    if (info.ssi_signo == SIGTSTP || info.ssi_signo == SIGWINCH)
        return (struct terminal_event){ TERMINAL_CHANGED, 0 };
    return (struct terminal_event){ TERMINAL_ENDED, (int)info.ssi_signo };
}

/* How many bytes the key at the start is: "\033[A", "\033[3~", "\033OP" are one key. */
static size_t key_length(const unsigned char *keys, size_t n)
{
    size_t i = 2;

    if (keys[0] != KEY_ESCAPE || n < 2 || (keys[1] != '[' && keys[1] != 'O'))
        return 1;
    while (i < n && (keys[i] < 0x40 || keys[i] > 0x7e))
        i++;
    return i < n ? i + 1 : n;
}

/* Keys that send a sequence mean nothing here and are passed over. */
static struct terminal_event take_key(struct terminal *t)
{
    while (t->keys_n > 0) {
        size_t n = key_length(t->keys, t->keys_n);
        int key = t->keys[0];

        t->keys_n -= n;
        memmove(t->keys, t->keys + n, t->keys_n);
        if (n == 1)
            return (struct terminal_event){ TERMINAL_KEY, key };
    }
    return (struct terminal_event){ TERMINAL_QUIET, 0 };
}

struct terminal_event terminal_wait(struct terminal *t, int64_t limit_ms)
{
    struct pollfd fds[] = { { t->signal_fd, POLLIN, 0 }, { STDIN_FILENO, POLLIN, 0 } };
    int limit = limit_ms < 0 ? 0 : limit_ms > INT32_MAX ? INT32_MAX : (int)limit_ms;
    ssize_t n;

    if (t->keys_n > 0)
        return take_key(t);
    if (poll(fds, 2, limit) <= 0)
        return (struct terminal_event){ TERMINAL_QUIET, 0 };
    if (fds[0].revents)
        return take_signal(t);
    n = read(STDIN_FILENO, t->keys, sizeof(t->keys));
    if (n > 0) {
        t->keys_n = (size_t)n;
        return take_key(t);
    }
    /* readable and yet nothing there: nobody sits there any more */
    return (struct terminal_event){ TERMINAL_ENDED, SIGHUP };
}
