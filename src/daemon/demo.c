/* daemon/demo.c — a made-up developer at work, so that a newcomer sees a living dashboard.
 *
 * Writes logs in the format of a real agent into a home of its own and lets everything else run as
 * it always does. A month of history when the home is new, then a response every few seconds.
 * SPDX-License-Identifier: MIT
 */
#include "daemon/daemon_internal.h"

#include "base/civil.h"
#include "base/clock.h"
#include "base/hash.h"
#include "base/mem.h"
#include "base/path.h"
#include "net/loop.h"
#include "source/demo.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#define HISTORY_DAYS 34
#define SESSION_MS   (INT64_C(40) * 60 * 1000) /* then the developer turns to something else */
#define TURN_MIN_MS  1500
#define TURN_MAX_MS  6000

/* Of 100 turns, how many go to each model. */
static const int shares[DEMO_MODELS] = { 46, 34, 20 };

struct demo {
    struct net_loop *loop;
    struct net_timer timer;
    char *folder; /* projects/ of the invented home */
    uint64_t seed;
    int64_t session_at_ms; /* when the live session began */
};

/* The next number of an endless, repeatable row, below `limit`. */
static int64_t roll(struct demo *demo, int64_t limit)
{
    demo->seed = hash_mix(demo->seed, 0x7ac40);
    return (int64_t)(demo->seed >> 33) % limit;
}

static int pick_model(struct demo *demo)
{
    int64_t n = roll(demo, 100);
    int i = 0;

    while (n >= shares[i])
        n -= shares[i++];
    return i;
}

void demo_configure(struct config *config, bool db_given)
{
    const char *data = getenv("XDG_DATA_HOME");
    char *base = data && *data ? xstrdup(data) : path_join(config->home, ".local/share");

    free(config->home);
    config->home = path_join(base, "tacho-demo");
    free(config->runs_dir);
    config->runs_dir = path_join(config->home, "runs");
    if (!db_given) {
        free(config->db);
        config->db = path_join(config->home, "tacho.db");
    }
    free(base);
}

/* One response of the session that began at `session_ms`. */
static struct demo_turn turn_at(struct demo *demo, int64_t session_ms, int64_t at_ms)
{
    return (struct demo_turn){
        .session = session_ms,
        .at_ms = at_ms,
        .project = (int)(session_ms / SESSION_MS % DEMO_PROJECTS),
        .model = pick_model(demo),
        .input = 3 + roll(demo, 900),
        .output = 40 + roll(demo, 1400),
        .cache_read = 12000 + (at_ms - session_ms) / 40,
        .cache_write = 200 + roll(demo, 4200),
    };
}

/* Appends lines to the log that the turn belongs to. */
static int append(const struct demo *demo, const struct demo_turn *turn, const struct buf *lines,
                  struct err *err)
{
    struct buf below = { 0 };
    char *path, *folder;
    int rc = -1;
    int fd = -1;

    demo_path(&below, turn);
    path = path_join(demo->folder, below.p);
    folder = path_dir(path);
    if (path_make(folder, err) < 0)
        goto out;
    fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (fd < 0 || write(fd, lines->p, lines->len) != (ssize_t)lines->len) {
        err_set(err, ERR_IO, "cannot write %s: %s", path, strerror(errno));
        goto out;
    }
    rc = 0;
out:
    if (fd >= 0)
        close(fd);
    free(folder);
    free(path);
    buf_fini(&below);
    return rc;
}

static int write_day(struct demo *demo, int64_t day_ms, int64_t now_ms, struct err *err)
{
    bool weekend = civil_weekday(day_ms / MS_PER_DAY) >= 5;
    int64_t sessions = weekend ? roll(demo, 3) : 5 + roll(demo, 6);
    int64_t i;
    int rc = 0;

    for (i = 0; i < sessions && rc == 0; i++) {
        int64_t begin = day_ms + 8 * MS_PER_HOUR + i * (SESSION_MS + 5 * MS_PER_MINUTE);
        int64_t at = begin;
        struct demo_turn turn = { 0 };
        struct buf lines = { 0 };

        while (at < begin + SESSION_MS / 2 && at < now_ms) {
            turn = turn_at(demo, begin, at);
            demo_line(&lines, &turn);
            at += 20000 + roll(demo, 60000);
        }
        if (lines.len > 0)
            rc = append(demo, &turn, &lines, err);
        buf_fini(&lines);
    }
    return rc;
}

static int write_history(struct demo *demo, struct err *err)
{
    int64_t now_ms = clock_now_ms();
    int64_t today_ms = floor_div(now_ms, MS_PER_DAY) * MS_PER_DAY;
    int day;

    for (day = HISTORY_DAYS; day >= 0; day--) {
        if (write_day(demo, today_ms - day * MS_PER_DAY, now_ms, err) < 0)
            return -1;
    }
    return 0;
}

static void go_on(void *to)
{
    struct demo *demo = to;
    int64_t now_ms = clock_now_ms();
    struct demo_turn turn;
    struct buf line = { 0 };

    if (now_ms - demo->session_at_ms > SESSION_MS)
        demo->session_at_ms = now_ms;
    turn = turn_at(demo, demo->session_at_ms, now_ms);
    demo_line(&line, &turn);
    append(demo, &turn, &line, NULL); /* a full disk ends no demo */
    buf_fini(&line);
    net_timer_set(demo->loop, &demo->timer, TURN_MIN_MS + roll(demo, TURN_MAX_MS - TURN_MIN_MS));
}

int demo_start(struct demo **out, const struct config *config, struct net_loop *loop,
               struct err *err)
{
    struct demo *demo = xcalloc(1, sizeof(*demo));
    int rc = -1;

    demo->loop = loop;
    demo->folder = path_join(config->home, DEMO_LOGS);
    demo->seed = 8224;
    demo->session_at_ms = clock_now_ms();
    demo->timer = (struct net_timer){ .fn = go_on, .to = demo };
    if (access(demo->folder, F_OK) < 0 && write_history(demo, err) < 0)
        goto out;
    net_timer_set(loop, &demo->timer, TURN_MIN_MS);
    *out = demo;
    demo = NULL;
    rc = 0;
out:
    demo_stop(demo);
    return rc;
}

void demo_stop(struct demo *demo)
{
    if (!demo)
        return;
    net_timer_cancel(demo->loop, &demo->timer);
    free(demo->folder);
    free(demo);
}
