/* gateway/resolve.c — see resolve.h.
 *
 * A lookup belongs to its thread until the answer is posted to the loop, then to the loop. What
 * both touch is guarded by the resolver, which lives until the last of them has let go.
 * SPDX-License-Identifier: MIT
 */
#include "gateway/resolve.h"

#include "base/mem.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum { THREADS_MAX = 64, STACK_SIZE = 256 << 10 };

struct resolver {
    pthread_mutex_t lock;
    struct net_loop *loop; /* NULL: closed */
    int holders;           /* the owner, and lookups under way */
    int threads;
};

struct lookup {
    struct resolver *resolver;
    lookup_fn *fn; /* NULL: cancelled */
    void *to;
    char host[256];
    char address[RESOLVED_SIZE]; /* "": not found */
    char why[96];
};

struct resolver *resolver_new(struct net_loop *loop)
{
    struct resolver *r = xcalloc(1, sizeof(*r));

    pthread_mutex_init(&r->lock, NULL);
    r->loop = loop;
    r->holders = 1;
    return r;
}

/* With the lock held; gives it up. */
static void let_go(struct resolver *r)
{
    bool last = --r->holders == 0;

    pthread_mutex_unlock(&r->lock);
    if (!last)
        return;
    pthread_mutex_destroy(&r->lock);
    free(r);
}

void resolver_close(struct resolver *r)
{
    if (!r)
        return;
    pthread_mutex_lock(&r->lock);
    r->loop = NULL;
    let_go(r);
}

/* On the loop's thread. */
static void deliver(void *to)
{
    struct lookup *l = to;

    if (l->fn)
        l->fn(l->to, l->address[0] ? l->address : NULL, l->why);
    pthread_mutex_lock(&l->resolver->lock);
    let_go(l->resolver);
    free(l);
}

static void format(struct lookup *l, const struct sockaddr *address)
{
    const void *bytes =
        address->sa_family == AF_INET6
            ? (const void *)&((const struct sockaddr_in6 *)(const void *)address)->sin6_addr
            : (const void *)&((const struct sockaddr_in *)(const void *)address)->sin_addr;

    inet_ntop(address->sa_family, bytes, l->address, sizeof(l->address));
}

static void *look(void *to)
{
    struct lookup *l = to;
    struct resolver *r = l->resolver;
    struct addrinfo hints = { .ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM };
    struct addrinfo *found = NULL;
    int rc = getaddrinfo(l->host, NULL, &hints, &found);

    if (rc == 0)
        format(l, found->ai_addr);
    else
        snprintf(l->why, sizeof(l->why), "%s", gai_strerror(rc));
    if (found)
        freeaddrinfo(found);
    pthread_mutex_lock(&r->lock);
    r->threads--;
    if (r->loop) {
        net_loop_post(r->loop, deliver, l);
        pthread_mutex_unlock(&r->lock);
    } else {
        let_go(r);
        free(l);
    }
    return NULL;
}

static bool start_thread(struct lookup *l)
{
    pthread_attr_t attributes;
    sigset_t all, before;
    pthread_t thread;
    bool ok;

    sigfillset(&all); /* signals are the main thread's */
    pthread_sigmask(SIG_BLOCK, &all, &before);
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    pthread_attr_setstacksize(&attributes, STACK_SIZE);
    ok = pthread_create(&thread, &attributes, look, l) == 0;
    pthread_attr_destroy(&attributes);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return ok;
}

static bool is_numeric(const char *host)
{
    unsigned char bytes[sizeof(struct in6_addr)];

    return inet_pton(AF_INET, host, bytes) == 1 || inet_pton(AF_INET6, host, bytes) == 1;
}

struct lookup *resolver_look(struct resolver *r, const char *host, lookup_fn *fn, void *to)
{
    struct lookup *l = xcalloc(1, sizeof(*l));
    bool busy;

    l->resolver = r;
    l->fn = fn;
    l->to = to;
    snprintf(l->host, sizeof(l->host), "%s", host);
    pthread_mutex_lock(&r->lock);
    r->holders++;
    busy = r->threads >= THREADS_MAX;
    r->threads += !busy && !is_numeric(host);
    pthread_mutex_unlock(&r->lock);
    if (is_numeric(host)) {
        snprintf(l->address, sizeof(l->address), "%.63s", host);
    } else if (!busy && start_thread(l)) {
        return l;
    } else {
        snprintf(l->why, sizeof(l->why), "too many names are being looked up");
        if (!busy) {
            pthread_mutex_lock(&r->lock);
            r->threads--;
            pthread_mutex_unlock(&r->lock);
        }
    }
    net_loop_post(r->loop, deliver, l);
    return l;
}

void lookup_cancel(struct lookup *l)
{
    if (l)
        l->fn = NULL; /* read by `deliver`, on this same thread */
}
