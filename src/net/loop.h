/* net/loop.h — the one event loop of the daemon (libwebsockets behind a door).
 *
 * Owns the lws context; server/ hangs its listening side into it, gateway/ its client connections.
 * One thread runs it; only net_loop_wake and net_loop_post may be called from another.
 * SPDX-License-Identifier: MIT
 */
#ifndef NET_LOOP_H
#define NET_LOOP_H

#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>

struct lws_context;
struct net_loop;

/* `max_fds` caps connections: it becomes the process's limit of open files (or what the system
 * allows, if that is less; net_loop_max_fds tells). SIGPIPE is ignored from now on.
 * Returns 0, or -1 with *err. */
int net_loop_new(struct net_loop **out, int max_fds, struct err *err);
int net_loop_max_fds(const struct net_loop *loop);
void net_loop_free(struct net_loop *loop); /* closes everything at once; NULL is fine */
struct lws_context *net_loop_context(struct net_loop *loop);

/* Runs until net_loop_stop; returns then. */
void net_loop_run(struct net_loop *loop);
void net_loop_stop(struct net_loop *loop); /* from the loop's thread */

/* Thread- and signal-safe: `fn` of net_loop_on_wake runs soon on the loop's thread, once for any
 * number of wakes that came before it. */
void net_loop_wake(struct net_loop *loop);
void net_loop_on_wake(struct net_loop *loop, void (*fn)(void *to), void *to);

/* Thread-safe: `fn` runs soon on the loop's thread, in the order of the calls. What is still
 * waiting when the loop is freed is run by that, so that nothing it carries is lost. */
void net_loop_post(struct net_loop *loop, void (*fn)(void *to), void *to);

/* One-shot timers on the loop's thread. Owned by the caller's struct; zeroed = idle. */
struct net_timer {
    void (*fn)(void *to);
    void *to;
    struct net_timer *next;
    int64_t due_ms; /* CLOCK_BOOTTIME */
    bool armed;
};
void net_timer_set(struct net_loop *loop, struct net_timer *timer, int64_t delay_ms);
void net_timer_cancel(struct net_loop *loop, struct net_timer *timer); /* idle is fine */

#endif
