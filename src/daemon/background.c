/* daemon/background.c — detach from the terminal, but not before all is well.
 *
 * The child writes what it has to say into a pipe that the parent copies to the terminal. A NUL
 * byte in it means "ready": the parent ends with 0 then, and the child goes on alone.
 * SPDX-License-Identifier: MIT
 */
#include "daemon/daemon_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static _Noreturn void be_parent(int from, pid_t child)
{
    char bytes[4096];
    int status;
    ssize_t n;

    while ((n = read(from, bytes, sizeof(bytes))) != 0) {
        char *ready;

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            break;
        ready = memchr(bytes, '\0', (size_t)n);
        if (ready)
            n = ready - bytes;
        if (write(STDOUT_FILENO, bytes, (size_t)n) < 0 || ready)
            _exit(EXIT_SUCCESS);
    }
    if (waitpid(child, &status, 0) == child && WIFEXITED(status))
        _exit(WEXITSTATUS(status));
    _exit(EXIT_FAILURE);
}

int background_enter(struct err *err)
{
    int fds[2];
    pid_t child;

    if (pipe2(fds, O_CLOEXEC) < 0 || (child = fork()) < 0) {
        err_set(err, ERR_INTERNAL, "cannot go to the background: %s", strerror(errno));
        return -1;
    }
    if (child > 0) {
        close(fds[1]);
        be_parent(fds[0], child);
    }
    setsid();
    dup2(fds[1], STDOUT_FILENO);
    dup2(fds[1], STDERR_FILENO);
    close(fds[0]);
    close(fds[1]);
    return 0;
}

void background_ready(const char *log_path)
{
    int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
    int log = open(log_path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);

    if (write(STDOUT_FILENO, "", 1) < 0)
        return; /* the parent is gone: nobody waits for it */
    dup2(nothing, STDIN_FILENO);
    dup2(nothing, STDOUT_FILENO);
    dup2(log >= 0 ? log : nothing, STDERR_FILENO);
    close(nothing);
    if (log >= 0)
        close(log);
}
