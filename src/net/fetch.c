/* net/fetch.c — see fetch.h.
 * SPDX-License-Identifier: MIT
 */
#include "net/fetch.h"

#include <curl/curl.h>
#include <dlfcn.h>

#define LIBRARY "libcurl.so.4"

/* The functions that we use, as they lie in the library. */
struct curl_functions {
    CURL *(*init)(void);
    CURLcode (*set)(CURL *, CURLoption, ...);
    CURLcode (*perform)(CURL *);
    CURLcode (*get)(CURL *, CURLINFO, ...);
    void (*cleanup)(CURL *);
    const char *(*explain)(CURLcode);
    struct curl_slist *(*append)(struct curl_slist *, const char *);
    void (*free_list)(struct curl_slist *);
};

/* dlsym answers a void pointer, which POSIX lets become a function. */
static bool find(void *library, const char *name, void *function)
{
    void *at = dlsym(library, name);

    memcpy(function, &at, sizeof(at));
    return at != NULL;
}

static int load(struct curl_functions *curl, struct err *err)
{
    void *library = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL); /* stays; again is cheap */

    if (library && find(library, "curl_easy_init", &curl->init) &&
        find(library, "curl_easy_setopt", &curl->set) &&
        find(library, "curl_easy_perform", &curl->perform) &&
        find(library, "curl_easy_getinfo", &curl->get) &&
        find(library, "curl_easy_cleanup", &curl->cleanup) &&
        find(library, "curl_easy_strerror", &curl->explain) &&
        find(library, "curl_slist_append", &curl->append) &&
        find(library, "curl_slist_free_all", &curl->free_list))
        return 0;
    err_set(err, ERR_UNAVAILABLE, "%s is not installed", LIBRARY);
    return -1;
}

struct taking {
    struct fetch_answer *answer;
    size_t most;
};

/* Anything else than `size * count` tells the library to give up. */
static size_t take(char *bytes, size_t size, size_t count, void *to)
{
    struct taking *taking = to;
    size_t n = size * count;

    if (n > taking->most - taking->answer->body.len)
        return 0;
    buf_add(&taking->answer->body, bytes, n);
    return n;
}

static void set_up(const struct curl_functions *c, CURL *handle,
                   const struct fetch_request *request, struct curl_slist *headers,
                   struct taking *taking)
{
    c->set(handle, CURLOPT_URL, request->url);
    c->set(handle, CURLOPT_PROTOCOLS_STR, "http,https");
    c->set(handle, CURLOPT_NOSIGNAL, 1L);
    c->set(handle, CURLOPT_FOLLOWLOCATION, 0L);
    c->set(handle, CURLOPT_TIMEOUT_MS, (long)request->limit_ms);
    c->set(handle, CURLOPT_USERAGENT, "tacho/" TACHO_VERSION);
    c->set(handle, CURLOPT_HTTPHEADER, headers);
    c->set(handle, CURLOPT_WRITEFUNCTION, take);
    c->set(handle, CURLOPT_WRITEDATA, taking);
    if (!request->body.p)
        return;
    c->set(handle, CURLOPT_POST, 1L);
    c->set(handle, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body.len);
    c->set(handle, CURLOPT_POSTFIELDS, request->body.p);
}

int fetch(const struct fetch_request *request, struct fetch_answer *answer, struct err *err)
{
    struct taking taking = { answer, request->most };
    struct curl_slist *headers = NULL;
    struct curl_functions c = { 0 };
    const char *const *header;
    curl_off_t retry_after = 0;
    CURLcode code;
    CURL *handle;

    *answer = (struct fetch_answer){ 0 };
    if (load(&c, err) < 0)
        return -1;
    handle = c.init();
    if (!handle) {
        err_set(err, ERR_UNAVAILABLE, "%s does not work", LIBRARY);
        return -1;
    }
    headers = c.append(headers, "Expect:"); /* no round trip before a body */
    for (header = request->headers; header && *header; header++)
        headers = c.append(headers, *header);
    set_up(&c, handle, request, headers, &taking);
    code = c.perform(handle);
    c.get(handle, CURLINFO_RESPONSE_CODE, &answer->status);
    c.get(handle, CURLINFO_RETRY_AFTER, &retry_after);
    answer->retry_after_s = retry_after;
    if (code != CURLE_OK)
        err_set(err, ERR_UNAVAILABLE, "%s",
                code == CURLE_WRITE_ERROR ? "the answer is too long" : c.explain(code));
    c.free_list(headers);
    c.cleanup(handle);
    return code == CURLE_OK ? 0 : -1;
}
