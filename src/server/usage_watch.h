/* server/usage_watch.h — settings of the usage window that follow their files.
 *
 * Looks at the files when somebody asks, once a second at most, so that nothing runs while nobody
 * does. A bad file is told to the log and leaves what was in force. On the loop's thread.
 * SPDX-License-Identifier: MIT
 */
#ifndef SERVER_USAGE_WATCH_H
#define SERVER_USAGE_WATCH_H

#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>

struct config;
struct usage_settings;

/* A file as it was when it was read. */
struct usage_file {
    int64_t size, changed_ns;
    uint64_t inode;
};

struct usage_watch {
    const struct config *config; /* lent */
    struct usage_settings *settings;
    struct usage_file config_file, agents_file;
    int64_t looked_ms; /* CLOCK_BOOTTIME */
};

int usage_watch_init(struct usage_watch *watch, const struct config *config, struct err *err);
void usage_watch_fini(struct usage_watch *watch);
/* True when other settings are in force now. */
bool usage_watch_look(struct usage_watch *watch);

#endif
