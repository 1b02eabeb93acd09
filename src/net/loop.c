/* net/loop.c — libwebsockets' poll loop, woken by two descriptors of ours.
 *
 * lws brings sockets, TLS and poll(); it knows nothing of our timers. An eventfd wakes the loop (a
 * write to it is all that a signal handler may do anyway), a timerfd on CLOCK_BOOTTIME stands for
 * the soonest of our timers, so an idle loop sleeps for as long as nothing is due, and a deadline
 * that passed while the machine was suspended is served at once. Both hang in a vhost of their own,
 * which listens on nothing. Knows no HTTP.
 * SPDX-License-Identifier: MIT
 */
#include "net/loop.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/span.h"

#include <errno.h>
#include <libwebsockets.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/timerfd.h>
#include <unistd.h>

enum {
    READ_SIZE = 16 << 10, /* bytes that one read of a socket takes */
    HANDSHAKE_S = 10,     /* TLS handshakes and the like */
};

/* Something to be done on the loop's thread. */
struct post {
    void (*fn)(void *to);
    void *to;
    struct post *next;
};

struct net_loop {
    struct lws_context *context;
    struct lws_vhost *vhost; /* of the two descriptors below, which lws closes */
    int wake_fd;
    int timer_fd;
    struct net_timer *timers; /* soonest first; lent by their owners */
    void (*on_wake)(void *to);
    void *on_wake_to;
    pthread_mutex_t lock;      /* of the next two */
    struct post *posts, *last; /* oldest first */
    int max_fds;
    bool stop;
};

/* ---- what lws has to say ---- */

static void log_lws(int level, const char *line)
{
    struct span text = span_trim(span_of(line));
    int len = (int)text.len;

    if (level & LLL_ERR)
        log_error("network: %.*s", len, text.p);
    else if (level & LLL_WARN)
        log_warning("network: %.*s", len, text.p);
    else
        log_debug("network: %.*s", len, text.p);
}

/* ---- timers ---- */

static void timers_arm(struct net_loop *loop)
{
    struct itimerspec when = { 0 }; /* zero disarms */

    if (loop->timers) {
        when.it_value.tv_sec = loop->timers->due_ms / 1000;
        when.it_value.tv_nsec = loop->timers->due_ms % 1000 * 1000000;
    }
    if (timerfd_settime(loop->timer_fd, TFD_TIMER_ABSTIME, &when, NULL) < 0)
        log_error("timer: %s", strerror(errno));
}

void net_timer_cancel(struct net_loop *loop, struct net_timer *timer)
{
    struct net_timer **at = &loop->timers;
    bool first = loop->timers == timer;

    if (!timer->armed)
        return;
    while (*at != timer)
        at = &(*at)->next;
    *at = timer->next;
    timer->next = NULL;
    timer->armed = false;
    if (first)
        timers_arm(loop);
}

void net_timer_set(struct net_loop *loop, struct net_timer *timer, int64_t delay_ms)
{
    struct net_timer **at = &loop->timers;

    net_timer_cancel(loop, timer);
    /* never due in the same millisecond: a timer that sets itself again cannot hold the loop */
    timer->due_ms = clock_boot_ms() + (delay_ms > 0 ? delay_ms : 1);
    timer->armed = true;
    while (*at && (*at)->due_ms <= timer->due_ms)
        at = &(*at)->next;
    timer->next = *at;
    *at = timer;
    if (loop->timers == timer)
        timers_arm(loop);
}

static void timers_run(struct net_loop *loop)
{
    int64_t now_ms = clock_boot_ms();

    while (loop->timers && loop->timers->due_ms <= now_ms) {
        struct net_timer *timer = loop->timers;

        loop->timers = timer->next;
        timer->next = NULL;
        timer->armed = false;
        timer->fn(timer->to);
    }
    timers_arm(loop);
}

/* ---- the two descriptors ---- */

/* An eventfd or timerfd that is readable has a count to be taken; what it says does not matter. */
static void count_take(int fd)
{
    uint64_t count;

    if (read(fd, &count, sizeof(count)) < 0 && errno != EAGAIN)
        log_error("event loop: %s", strerror(errno));
}

static int on_timer_fd(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
                       size_t len)
{
    (void)user, (void)in, (void)len;
    if (reason == LWS_CALLBACK_RAW_RX_FILE) {
        struct net_loop *loop = lws_get_opaque_user_data(wsi);

        count_take(loop->timer_fd);
        timers_run(loop);
    }
    return 0;
}

/* Runs what was posted until now; what that posts in turn is for the next round. */
static void posts_run(struct net_loop *loop)
{
    struct post *post, *next;

    pthread_mutex_lock(&loop->lock);
    post = loop->posts;
    loop->posts = loop->last = NULL;
    pthread_mutex_unlock(&loop->lock);
    for (; post; post = next) {
        next = post->next;
        post->fn(post->to);
        free(post);
    }
}

void net_loop_post(struct net_loop *loop, void (*fn)(void *to), void *to)
{
    struct post *post = xcalloc(1, sizeof(*post));

    post->fn = fn;
    post->to = to;
    pthread_mutex_lock(&loop->lock);
    if (loop->last)
        loop->last->next = post;
    else
        loop->posts = post;
    loop->last = post;
    pthread_mutex_unlock(&loop->lock);
    net_loop_wake(loop);
}

static int on_wake_fd(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
                      size_t len)
{
    (void)user, (void)in, (void)len;
    if (reason == LWS_CALLBACK_RAW_RX_FILE) {
        struct net_loop *loop = lws_get_opaque_user_data(wsi);

        count_take(loop->wake_fd);
        posts_run(loop);
        if (loop->on_wake)
            loop->on_wake(loop->on_wake_to);
    }
    return 0;
}

static const struct lws_protocols protocols[] = {
    { .name = "timer", .callback = on_timer_fd },
    { .name = "wake", .callback = on_wake_fd },
    { 0 },
};

/* Hands `fd` to lws, which closes it in every case. */
static int adopt(struct net_loop *loop, int fd, const char *protocol, struct err *err)
{
    lws_adopt_desc_t desc = {
        .vh = loop->vhost,
        .type = LWS_ADOPT_RAW_FILE_DESC,
        .fd.filefd = fd,
        .vh_prot_name = protocol,
        .opaque = loop,
    };

    if (lws_adopt_descriptor_vhost_via_info(&desc))
        return 0;
    err_set(err, ERR_INTERNAL, "the event loop refuses its %s descriptor", protocol);
    return -1;
}

/* ---- the loop ---- */

/* lws sizes its tables by the process's limit of open files: that limit is the cap. */
static int limit_fds(int max_fds, struct err *err)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) < 0) {
        err_set(err, ERR_INTERNAL, "limit of open files: %s", strerror(errno));
        return -1;
    }
    limit.rlim_cur = limit.rlim_max < (rlim_t)max_fds ? limit.rlim_max : (rlim_t)max_fds;
    if (setrlimit(RLIMIT_NOFILE, &limit) < 0) {
        err_set(err, ERR_INTERNAL, "limit of open files to %d: %s", max_fds, strerror(errno));
        return -1;
    }
    return (int)limit.rlim_cur;
}

static int context_make(struct net_loop *loop, struct err *err)
{
    struct lws_context_creation_info info = {
        .port = CONTEXT_PORT_NO_LISTEN,
        .options = LWS_SERVER_OPTION_EXPLICIT_VHOSTS | LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT,
        .gid = (gid_t)-1,
        .uid = (uid_t)-1,
        .pt_serv_buf_size = READ_SIZE,
        .timeout_secs = HANDSHAKE_S,
    };
    struct lws_context_creation_info vhost = {
        .port = CONTEXT_PORT_NO_LISTEN,
        .vhost_name = "loop",
        .protocols = protocols,
    };

    lws_set_log_level(LLL_ERR | LLL_WARN | LLL_NOTICE, log_lws);
    loop->context = lws_create_context(&info);
    if (loop->context)
        loop->vhost = lws_create_vhost(loop->context, &vhost);
    if (!loop->vhost) {
        err_set(err, ERR_INTERNAL, "libwebsockets gives no event loop");
        return -1;
    }
    return 0;
}

static int fds_make(struct net_loop *loop, struct err *err)
{
    loop->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    loop->timer_fd = timerfd_create(CLOCK_BOOTTIME, TFD_CLOEXEC | TFD_NONBLOCK);
    if (loop->wake_fd < 0 || loop->timer_fd < 0) {
        err_set(err, ERR_INTERNAL, "event descriptors: %s", strerror(errno));
        return -1;
    }
    if (adopt(loop, loop->wake_fd, "wake", err) < 0)
        return -1;
    return adopt(loop, loop->timer_fd, "timer", err);
}

int net_loop_new(struct net_loop **out, int max_fds, struct err *err)
{
    struct net_loop *loop = xcalloc(1, sizeof(*loop));
    struct sigaction ignore = { .sa_handler = SIG_IGN };
    int rc = -1;

    pthread_mutex_init(&loop->lock, NULL);
    sigaction(SIGPIPE, &ignore, NULL); /* a client that left is an error of write(), no more */
    loop->max_fds = limit_fds(max_fds, err);
    if (loop->max_fds < 0 || context_make(loop, err) < 0 || fds_make(loop, err) < 0)
        goto out;
    *out = loop;
    loop = NULL;
    rc = 0;
out:
    net_loop_free(loop);
    return rc;
}

void net_loop_free(struct net_loop *loop)
{
    if (!loop)
        return;
    posts_run(loop);
    if (loop->context)
        lws_context_destroy(loop->context);
    pthread_mutex_destroy(&loop->lock);
    free(loop);
}

struct lws_context *net_loop_context(struct net_loop *loop)
{
    return loop->context;
}

int net_loop_max_fds(const struct net_loop *loop)
{
    return loop->max_fds;
}

void net_loop_run(struct net_loop *loop)
{
    while (!loop->stop && lws_service(loop->context, 0) >= 0)
        ;
    loop->stop = false;
}

void net_loop_stop(struct net_loop *loop)
{
    loop->stop = true;
}

void net_loop_wake(struct net_loop *loop)
{
    int saved = errno; /* a signal handler must leave it as it was */
    uint64_t one = 1;

    /* the only failure, a full counter, means that a wake is pending anyway */
    if (write(loop->wake_fd, &one, sizeof(one)) < 0)
        errno = saved;
    errno = saved;
}

void net_loop_on_wake(struct net_loop *loop, void (*fn)(void *to), void *to)
{
    loop->on_wake = fn;
    loop->on_wake_to = to;
}
