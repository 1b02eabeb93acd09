/* quota/credentials.c — the files in which agents keep what they log in with: read only.
 *
 * Nothing of it leaves this room but to the provider; memory that held it is wiped.
 * SPDX-License-Identifier: MIT
 */
#include "quota/quota_internal.h"

#include "base/hash.h"
#include "base/mem.h"
#include "base/path.h"

#include <stdlib.h>
#include <sys/stat.h>

#define FILE_MOST (64 << 10)
#define WORD_MOST (16 << 10)

/* A file that was written to or replaced has another one; never 0. */
static uint64_t mark_of(const struct stat *st)
{
    uint64_t mark = hash_mix(st->st_dev, st->st_ino);

    mark = hash_mix(mark, (uint64_t)st->st_size);
    mark = hash_mix(mark, (uint64_t)st->st_mtim.tv_sec);
    return hash_mix(mark, (uint64_t)st->st_mtim.tv_nsec) | 1;
}

void credentials_read(struct credentials *out, const struct provider *provider,
                      const struct source_env *env)
{
    char *path = provider->file(env);
    struct buf text = { 0 };
    struct stat st;

    *out = (struct credentials){ 0 };
    if (stat(path, &st) == 0 && S_ISREG(st.st_mode)) {
        out->mark = mark_of(&st);
        buf_reserve(&text, FILE_MOST); /* it does not move then, and leaves no copy behind */
        if (path_read(path, FILE_MOST, &text, NULL) == 0)
            provider->read(buf_span(&text), out);
        explicit_bzero(text.p, text.space);
    }
    buf_fini(&text);
    free(path);
}

static void wipe(char *text)
{
    if (text)
        explicit_bzero(text, strlen(text));
    free(text);
}

void credentials_fini(struct credentials *c)
{
    wipe(c->token);
    wipe(c->holder);
    *c = (struct credentials){ 0 };
}

char *credentials_word(const struct picked *value)
{
    size_t i;

    if (value->type != PICKED_STRING || value->escaped || value->text.len == 0 ||
        value->text.len > WORD_MOST)
        return NULL;
    for (i = 0; i < value->text.len; i++) {
        if (value->text.p[i] <= ' ' || value->text.p[i] > '~')
            return NULL;
    }
    return xstrndup(value->text.p, value->text.len);
}
