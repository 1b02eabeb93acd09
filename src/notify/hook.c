/* notify/hook.c — see hook.h.
 *
 * Everything the child needs is made before the fork: between fork and exec, in a process with
 * threads, nothing may take memory.
 * SPDX-License-Identifier: MIT
 */
#include "notify/hook.h"

#include "base/clock.h"
#include "base/mem.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define LOOK_AGAIN_MS 10
#define EXIT_NO_EXEC  127

extern char **environ;

/* ---- the environment ---- */

struct variables {
    char **at;
    size_t n, space;
};

static void add_variable(struct variables *vars, char *text)
{
    vars->at = xgrow(vars->at, vars->n, &vars->space, sizeof(char *));
    vars->at[vars->n++] = text;
}

static void add_member(struct variables *vars, const char *key, const json_t *value)
{
    char *plain = json_is_string(value)
                      ? xstrdup(json_string_value(value))
                      : json_dumps(value, JSON_ENCODE_ANY | JSON_REAL_PRECISION(12));
    char *text = xasprintf("TACHO_%s=%s", key, plain && !json_is_null(value) ? plain : "");
    char *c;

    for (c = text; *c != '='; c++)
        *c = (char)toupper((unsigned char)*c);
    add_variable(vars, text);
    free(plain);
}

/* Ours, and the members of the body behind it. */
static struct variables make_environment(struct span body)
{
    json_t *object = json_loadb(body.p, body.len, 0, NULL);
    struct variables vars = { 0 };
    const char *key;
    json_t *value;
    size_t i;

    for (i = 0; environ[i]; i++)
        add_variable(&vars, xstrdup(environ[i]));
    json_object_foreach(object, key, value)
    {
        if (!json_is_object(value) && !json_is_array(value))
            add_member(&vars, key, value);
    }
    add_variable(&vars, NULL);
    json_decref(object);
    return vars;
}

static void free_environment(struct variables *vars)
{
    size_t i;

    for (i = 0; i < vars->n; i++)
        free(vars->at[i]);
    free(vars->at);
}

/* ---- the child ---- */

static _Noreturn void be_child(char *const *words, char **environment, int body_fd)
{
    int nothing = open("/dev/null", O_RDWR);
    sigset_t none;

    setpgid(0, 0);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    dup2(body_fd, STDIN_FILENO);
    dup2(nothing, STDOUT_FILENO);
    dup2(nothing, STDERR_FILENO);
    execve(words[0], words, environment);
    _exit(EXIT_NO_EXEC);
}

/* Its status, or -1 when it had to be killed. */
static int wait_for(pid_t child, int64_t limit_ms)
{
    const struct timespec pause = { 0, LOOK_AGAIN_MS * 1000000 };
    int64_t until_ms = clock_mono_ms() + limit_ms;
    int status = 0;

    while (waitpid(child, &status, WNOHANG) == 0) {
        if (clock_mono_ms() >= until_ms) {
            kill(-child, SIGKILL);
            waitpid(child, &status, 0);
            return -1;
        }
        nanosleep(&pause, NULL);
    }
    return status;
}

static int judge(const char *name, int status, int64_t limit_ms, struct err *err)
{
    if (status == -1)
        err_set(err, ERR_UNAVAILABLE, "%s was stopped after %d s", name, (int)(limit_ms / 1000));
    else if (WIFSIGNALED(status))
        err_set(err, ERR_UNAVAILABLE, "%s was ended by signal %d", name, WTERMSIG(status));
    else if (WEXITSTATUS(status) == EXIT_NO_EXEC)
        err_set(err, ERR_UNAVAILABLE, "%s cannot be run", name);
    else if (WEXITSTATUS(status) != 0)
        err_set(err, ERR_UNAVAILABLE, "%s ended with %d", name, WEXITSTATUS(status));
    else
        return 0;
    return -1;
}

/* The body as a file that nobody else sees, to be read from its start. */
static int open_body(struct span body)
{
    int fd = memfd_create("tacho-hook", MFD_CLOEXEC);

    if (fd >= 0 &&
        (write(fd, body.p, body.len) != (ssize_t)body.len || lseek(fd, 0, SEEK_SET) != 0)) {
        close(fd);
        return -1;
    }
    return fd;
}

int hook_run(char *const *words, struct span body, int64_t limit_ms, struct err *err)
{
    struct variables vars = make_environment(body);
    int fd = open_body(body);
    pid_t child = fd < 0 ? -1 : fork();
    int rc = -1;

    if (child == 0)
        be_child(words, vars.at, fd);
    if (child < 0) {
        err_set(err, ERR_INTERNAL, "cannot start %s: %s", words[0], strerror(errno));
    } else {
        setpgid(child, child); /* both do it: whoever comes first */
        rc = judge(words[0], wait_for(child, limit_ms), limit_ms, err);
    }
    if (fd >= 0)
        close(fd);
    free_environment(&vars);
    return rc;
}
