/* cli/exec.c — hand over to the program that can do more.
 *
 * What needs network, TLS or cryptography lives in tachod, so that tacho starts fast; the two are
 * installed side by side, and from one build they belong together, so that place comes first.
 * SPDX-License-Identifier: MIT
 */
#include "cli/cli_internal.h"

#include "base/path.h"

#include <errno.h>
#include <limits.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

char *exec_path_beside(const char *program)
{
    char self[PATH_MAX];
    ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);
    char *folder, *path;

    if (n < 0)
        return NULL;
    self[n] = '\0';
    folder = path_dir(self);
    path = path_join(folder, program);
    free(folder);
    return path;
}

int exec_beside(const char *program, char **argv, const char *why, struct err *err)
{
    char *path = exec_path_beside(program);
    bool there = path && access(path, X_OK) == 0;

    if (there)
        execv(path, argv);
    else
        execvp(program, argv);
    if (errno == ENOENT)
        err_set(err, ERR_UNAVAILABLE, "'%s' needs the program %s, which is neither %s nor on PATH",
                why, program, path ? path : "beside tacho");
    else
        err_set(err, ERR_UNAVAILABLE, "cannot start %s: %s", there ? path : program,
                strerror(errno));
    free(path);
    return -1;
}

int exec_run(const char *const *argv, struct err *err)
{
    extern char **environ;
    pid_t child = 0;
    int status = 0, why;

    why = posix_spawnp(&child, argv[0], NULL, NULL, (char *const *)(uintptr_t)argv, environ);
    while (why == 0 && waitpid(child, &status, 0) < 0) {
        if (errno != EINTR)
            why = errno;
    }
    if (why != 0) {
        err_set(err, ERR_UNAVAILABLE, "cannot start %s: %s", argv[0], strerror(why));
        return -1;
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
