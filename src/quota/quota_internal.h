/* quota/quota_internal.h — what the files of this room share. No other room includes it.
 * SPDX-License-Identifier: MIT
 */
#ifndef QUOTA_INTERNAL_H
#define QUOTA_INTERNAL_H

#include "base/pick.h"
#include "quota/etiquette.h"
#include "source/source.h"

/* ---- credentials.c ---- */

/* What an agent has left on disk to show to its provider. */
struct credentials {
    char *token;                 /* NULL: there is none */
    char *holder;                /* whose it is, where the provider wants to hear it, or NULL */
    char plan[BUCKET_NAME_SIZE]; /* empty: not told */
    int64_t expires_ms;          /* 0: not told */
    uint64_t mark;               /* of the file as it is; 0: there is none */
};

struct provider;
/* Reads, never writes. What cannot be read or understood is missing: there is no token then. */
void credentials_read(struct credentials *out, const struct provider *provider,
                      const struct source_env *env);
void credentials_fini(struct credentials *credentials); /* wipes them */
/* For a provider's `read`: the value as a heap string, or NULL where it is none that may stand in a
 * header. */
char *credentials_word(const struct picked *value);

/* ---- one file per agent ---- */

struct provider {
    const char *account;       /* as the configuration and the ledger call it */
    const char *base, *path;   /* "https://…" and "/…" */
    const char *header;        /* "Name: value" besides the usual ones, or NULL */
    const char *holder_header; /* name of the header for credentials.holder, or NULL */
    char *(*file)(const struct source_env *env); /* of the credentials; yours to free */
    void (*read)(struct span json, struct credentials *out);
    /* Tells the sink every window of an answer. False: it makes no sense. */
    bool (*answer)(struct span body, struct observation *about, const struct sink *sink);
};
extern const struct provider provider_claude, provider_codex;

/* ---- asker.c ---- */

/* Who asks for one account. */
struct asker {
    const struct provider *provider;
    char *base; /* instead of the provider's own, or NULL; owned */
    struct store *store;
    struct source_env env;
    int64_t limit_ms; /* for a call */
};

struct look {
    int64_t due_ms; /* not again before */
    bool changed;   /* something was written that others want to hear of */
};
/* Asks if that is due and fitting, and writes down what it came to. 0, or -1 with *err when the
 * ledger could not be read or written. */
int asker_look(const struct asker *asker, int64_t now_ms, struct look *out, struct err *err);

#endif
