/* ingest/files.c — see files.h.
 * SPDX-License-Identifier: MIT
 */
#include "ingest/files.h"

#include "base/clock.h"
#include "base/hash.h"
#include "base/mem.h"

#include <stdlib.h>
#include <sys/stat.h>

/* What changed so short a while ago may have changed again without looking otherwise, and may be
 * written but not yet valid. */
#define RECENT_MS 2000

static void file_free(struct file *file)
{
    free(file->path);
    free(file->now.memory);
    free(file->saved.memory);
    free(file);
}

void files_fini(struct files *files)
{
    size_t i;

    for (i = 0; i < files->n; i++)
        file_free(files->at[i]);
    free(files->at);
    free(files->slots);
    *files = (struct files){ 0 };
}

static size_t slot_of(const struct files *files, uint64_t dev, uint64_t ino)
{
    size_t i = hash_mix(dev, ino) & (files->slots_n - 1);

    while (files->slots[i]) {
        const struct tail_mark *mark = &files->at[files->slots[i] - 1]->now.mark;

        if (mark->dev == dev && mark->ino == ino)
            break;
        i = (i + 1) & (files->slots_n - 1);
    }
    return i;
}

struct file *files_find(const struct files *files, uint64_t dev, uint64_t ino)
{
    uint32_t slot = files->slots_n ? files->slots[slot_of(files, dev, ino)] : 0;

    return slot ? files->at[slot - 1] : NULL;
}

static void widen(struct files *files)
{
    size_t i;

    files->slots_n = files->slots_n ? files->slots_n * 2 : 256;
    free(files->slots);
    files->slots = xcalloc(files->slots_n, sizeof(*files->slots));
    for (i = 0; i < files->n; i++) {
        const struct tail_mark *mark = &files->at[i]->now.mark;

        files->slots[slot_of(files, mark->dev, mark->ino)] = (uint32_t)(i + 1);
    }
}

struct file *files_find_path(const struct files *files, const char *path)
{
    size_t i;

    for (i = 0; i < files->n; i++) {
        struct file *file = files->at[i];

        if (file->root >= 0 && strcmp(file->path, path) == 0)
            return file;
    }
    return NULL;
}

struct file *files_add(struct files *files, const struct source *source, uint64_t dev, uint64_t ino)
{
    struct file *file = xcalloc(1, sizeof(*file));

    file->source = source;
    file->root = -1;
    file->now.mark.dev = file->saved.mark.dev = dev;
    file->now.mark.ino = file->saved.mark.ino = ino;
    files->at = xgrow(files->at, files->n, &files->space, sizeof(*files->at));
    if ((files->n + 1) * 2 > files->slots_n)
        widen(files);
    files->at[files->n++] = file;
    files->slots[slot_of(files, dev, ino)] = (uint32_t)files->n;
    return file;
}

static void progress_copy(struct progress *to, const struct progress *from, size_t memory)
{
    void *bytes = to->memory;

    *to = *from;
    to->memory = bytes;
    if (memory > 0)
        memcpy(bytes, from->memory, memory);
}

static void take_memory(struct file *file, size_t size)
{
    free(file->now.memory);
    free(file->saved.memory);
    file->memory = size;
    file->now.memory = xcalloc(1, size);
    file->saved.memory = xcalloc(1, size);
}

static size_t memory_of(const struct format *format)
{
    return format->framing == FRAMING_DATABASE ? sizeof(struct database_memory) : format->memory;
}

void file_become(struct file *file, const struct source *source, const struct format *format)
{
    bool same = file->source == source && file->memory == memory_of(format) &&
                (!file->format || file->format == format);

    file->source = source;
    file->format = format;
    if (same)
        return;
    take_memory(file, memory_of(format));
    file->now.mark.offset = file->saved.mark.offset = 0;
    file->now.size = file->saved.size = -1;
}

static void begin_again(struct progress *p, size_t memory)
{
    p->mark.offset = 0;
    p->size = -1;
    if (memory > 0)
        memset(p->memory, 0, memory);
}

void file_belong(struct file *file, int64_t run)
{
    bool again = run != 0 && file->run != run && file->now.mark.offset > 0;

    file->run = run;
    if (!again)
        return;
    begin_again(&file->now, file->memory);
    begin_again(&file->saved, file->memory);
    file->restarted = true;
    memset(file->problems, 0, sizeof(file->problems));
}

void file_restart(struct file *file)
{
    if (file->memory > 0)
        memset(file->now.memory, 0, file->memory);
    file->restarted = true;
    memset(file->problems, 0, sizeof(file->problems));
}

static void look_at_wal(const struct file *file, int64_t *size, int64_t *mtime_ms)
{
    char *wal = xasprintf("%s-wal", file->path);
    struct stat st;
    bool there = stat(wal, &st) == 0;

    free(wal);
    *size = there ? st.st_size : 0;
    *mtime_ms = there ? (int64_t)st.st_mtim.tv_sec * 1000 + st.st_mtim.tv_nsec / 1000000 : 0;
}

void file_note_wal(struct file *file)
{
    struct database_memory *memory = file->now.memory;

    look_at_wal(file, &memory->wal_size, &memory->wal_mtime_ms);
    if (memory->wal_mtime_ms > clock_now_ms() - RECENT_MS)
        memory->wal_mtime_ms = -1; /* like none: it will be looked at again */
}

bool file_wal_moved(const struct file *file)
{
    const struct database_memory *memory = file->now.memory;
    int64_t size, mtime_ms;

    look_at_wal(file, &size, &mtime_ms);
    return size != memory->wal_size || mtime_ms != memory->wal_mtime_ms;
}

static void load_file(void *to, const struct file_state *state)
{
    const struct source *source = source_find(state->agent->text);
    struct files *files = to;
    struct progress *p;
    struct file *file;

    if (!source) /* of an agent this program does not know: leave it alone */
        return;
    file = files_add(files, source, state->dev, state->ino);
    file->now.id = state->id;
    file->run = state->run;
    file->path = xstrdup(state->path);
    p = &file->now;
    p->mark.offset = state->offset;
    p->mark.head_len = state->head_len;
    p->mark.head_hash = state->head_hash;
    p->mark.marker_len = state->marker_len;
    p->mark.marker_hash = state->marker_hash;
    p->size = state->size;
    p->mtime_ms = state->mtime_ms;
    take_memory(file, state->memory.len);
    if (file->memory > 0)
        memcpy(p->memory, state->memory.p, file->memory);
    progress_copy(&file->saved, p, file->memory);
}

int files_load(struct files *files, struct store *store, struct err *err)
{
    return store_files_each(store, load_file, files, err);
}

static int save_problems(struct file *file, struct store *store, struct err *err)
{
    int kind;

    if (file->restarted && store_problems_clear(store, file->now.id, err) < 0)
        return -1;
    for (kind = 1; kind < PROBLEM_KINDS; kind++) {
        struct problem_count problem = { kind, file->problems[kind], file->problem_at[kind] };

        if (problem.count > 0 && store_problem_add(store, file->now.id, &problem, err) < 0)
            return -1;
    }
    return 0;
}

int file_save(struct file *file, struct store *store, struct err *err)
{
    const struct progress *p = &file->now;
    struct file_state state = {
        .id = p->id,
        .path = file->path,
        .dev = p->mark.dev,
        .ino = p->mark.ino,
        .size = p->size,
        .mtime_ms = p->mtime_ms,
        .offset = p->mark.offset,
        .head_len = p->mark.head_len,
        .head_hash = p->mark.head_hash,
        .marker_len = p->mark.marker_len,
        .marker_hash = p->mark.marker_hash,
        .memory = { p->memory, file->memory },
        .run = file->run,
    };

    state.agent = store_name(store, NAME_AGENT, span_of(file->source->name), err);
    if (!state.agent || store_file_put(store, &state, err) < 0)
        return -1;
    file->now.id = state.id;
    return save_problems(file, store, err);
}

static void forget_batch(struct file *file)
{
    file->read = file->restarted = false;
    memset(file->problems, 0, sizeof(file->problems));
}

void file_saved(struct file *file)
{
    progress_copy(&file->saved, &file->now, file->memory);
    forget_batch(file);
}

void file_undone(struct file *file)
{
    progress_copy(&file->now, &file->saved, file->memory);
    forget_batch(file);
}
