/* source/source.h — one agent's log format: where it lies and what a line of it means.
 *
 * A source is a constant and a few functions. It opens nothing, stores nothing, reads no clock and
 * keeps no globals, so that it can be tested with a string and fuzzed without a disk. Adding an
 * agent is one file that defines a `struct source`, and one row in registry.c.
 * Thread-safe: all state is the scanner's.
 * SPDX-License-Identifier: MIT
 */
#ifndef SOURCE_SOURCE_H
#define SOURCE_SOURCE_H

#include "base/buf.h"
#include "event/question.h"
#include "event/sink.h"

/* What a strange line was. Counted per file, shown with one location, never fatal. */
enum problem {
    PROBLEM_NONE,
    PROBLEM_NOT_JSON,       /* torn, binary, or no JSON at all */
    PROBLEM_NO_USAGE,       /* a response without its usage */
    PROBLEM_NO_MODEL,       /* a response that names no model; its tokens count all the same */
    PROBLEM_SUSPICIOUS,     /* a number no response can have; not counted */
    PROBLEM_TOO_LONG,       /* a line or document over the limit; passed over */
    PROBLEM_DAMAGED,        /* a database or archive that cannot be read */
    PROBLEM_UNKNOWN_FORMAT, /* of another version than the ones that are known */
    PROBLEM_KINDS,
};
extern const char *const problem_names[PROBLEM_KINDS]; /* "not_json", … */

/* From where scanner.read_near looks for a file. */
enum near {
    NEAR_FILE, /* the folder of the file that is scanned */
    NEAR_ROOT, /* the root */
};

/* What a scan knows of the file it reads. */
struct scanner {
    struct span below; /* path below the root */
    struct span root;  /* path of the root */
    int64_t mtime_ms;  /* of the file, for lines that tell no time */
    void *memory;      /* format->memory bytes, zeroed at the file's start, saved with its offset */
    struct span before; /* the lines just before this one that were read with it; may be empty */
    const struct sink *out;
    enum problem problem; /* set by the scan: what was strange about this line, if anything */
    /* The bytes of a small file that says more ("../config.toml"); empty where there is none. One
     * folder in the name may be "*": any. Lent until the next call. */
    struct span (*read_near)(void *near, enum near from, const char *name);
    void *near; /* for read_near */
};

enum scan {
    SCAN_OK,   /* an event or an observation came out, or may have */
    SCAN_SKIP, /* nothing to count here */
    SCAN_BAD,  /* should have held something; scanner.problem says what is wrong */
};

/* The environment as a source may ask it. */
struct source_env {
    const char *home;
    const char *(*get)(const char *name); /* an environment variable or NULL */
    /* What lies in a folder, in any order. NULL: nobody can tell. */
    void (*each_name)(const struct source_env *env, const char *folder,
                      void (*fn)(void *to, const char *name), void *to);
    /* Appends the bytes of a small file. False: there is none. NULL: nobody can read. */
    bool (*read)(const char *path, struct buf *out);
    const char *settings; /* the configuration's "sources" (source/roots.h), or NULL */
};

/* A folder to look in: `path`, or `otherwise` where only that exists. Both go over to the callee.
 */
typedef void source_root_fn(void *to, char *path, char *otherwise);

/* What rival copies are told apart by. */
struct rival {
    const struct figures *figures;
    uint32_t flags, mark;
    struct span model;
    int64_t extras_total; /* tokens of its extras */
    uint64_t extras_mark; /* the same for the same extras, in any order */
};
/* Figures of two copies of one response: which stand? >0 the first, <0 the second, 0 alike. Has to
 * be a total order over what it is shown, so that copies may arrive in any order. */
typedef int source_choose_fn(const struct rival *a, const struct rival *b);
/* Figures of two copies that only ever grow, as one; commutative, associative, idempotent. Model,
 * flags and mark are those of the copy that `choose` prefers. */
typedef void source_join_fn(struct figures *to, const struct figures *from);

/* A member of a group with a part of its own. */
struct contender {
    uint64_t part;
    uint32_t flags;
    int64_t at_ms;
    int32_t session;  /* the same number for the same session */
    struct rival own; /* what its own copies say */
    int joins;        /* out: index of the member whose copy this one is, or -1: it stands alone */
    bool counted;     /* out: it is billed */
    struct figures *bill; /* in: its figures; out: what it is billed for */
};
/* Decides for all members of a group at once which are billed, and for what. NULL: every one is,
 * for its own figures. */
typedef void source_settle_fn(struct contender *members, int n);

/* How the bytes of a file become something to scan. */
enum framing {
    FRAMING_LINES,    /* lines of JSON that are appended: `scan` gets those that hold a needle */
    FRAMING_PACKED,   /* the same lines, compressed (Zstandard): read whole whenever it changed */
    FRAMING_DOCUMENT, /* rewritten in place: `scan` gets it whole whenever it changed */
    FRAMING_DATABASE, /* an SQLite file: `row` gets the rows that its questions answer */
    FRAMING_WAL,      /* the log of a database beside it: tells that it changed, is not read */
};

/* One way in which an agent keeps what it spent. */
struct format {
    enum framing framing;
    const char *const *needles; /* a line with none of them is nothing to count; NULL-ended */
    size_t memory;              /* bytes of plain data kept per file */
    enum scan (*scan)(struct scanner *scanner, struct span text); /* a line, or a document */
    /* Called with whole lines after they were scanned: the last chance to note in `memory` what
     * later lines may need of lines that were not scanned. NULL: nothing. */
    void (*leave)(struct scanner *scanner, struct span lines);
    bool (*first_ms)(struct span head, int64_t *at_ms); /* the earliest in its start; or NULL */
    const struct question *questions;                   /* end with a NULL select */
    enum scan (*row)(struct scanner *scanner, int topic, const struct cell *cells);
};
extern const struct format format_wal; /* for "<database>-wal", of any agent */

struct source {
    const char *name;  /* "claude": stored, shown in JSON */
    const char *title; /* "Claude Code" */
    void (*roots)(const struct source_env *env, source_root_fn *add, void *to);
    const struct format *(*format)(struct span below); /* of a path below a root; NULL: no log */
    bool (*enters)(struct span below); /* may a folder hold logs at any depth? NULL: all may */
    const char *const *near; /* globs of how paths end that read_near asks for; NULL: none */
    source_choose_fn *choose;
    source_join_fn *join; /* NULL: the figures are those of the chosen copy */
    source_settle_fn *settle;
    thread_inherit_fn *inherit; /* where sink.thread is told of threads */
    const struct format *lines; /* of a log whose path tells nothing; NULL: there is none */
    bool settles_alone; /* `settle` is asked about groups of one, too: it may not bill even those */
};

extern const struct source *const sources[];        /* ends with NULL */
const struct source *source_find(struct span name); /* NULL: unknown */

#endif
