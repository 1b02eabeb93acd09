/* archive/unpack.c — see unpack.h. libarchive reads; what is written where is decided here.
 *
 * No link is ever made, so no path that was checked can lead elsewhere later.
 * SPDX-License-Identifier: MIT
 */
#include "archive/unpack.h"

#include "base/mem.h"
#include "base/path.h"
#include "base/span.h"

#include <archive.h>
#include <archive_entry.h>
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BLOCK (256 << 10)
#define GIB   (INT64_C(1) << 30)

const struct unpack_limits unpack_limits = {
    .bytes = 64 * GIB,
    .files = 1000000,
    .names = 20000000,
    .ratio = 1000,
    .ratio_from = 64 << 20,
};

/* One archive while it is read. */
struct unpacking {
    struct archive *in;
    const char *path; /* of the archive */
    const char *folder;
    const struct unpack_taker *taker;
    struct unpack_result *out;
    int64_t names;
};

static int fail(const struct unpacking *u, const char *why, struct err *err)
{
    err_set(err, ERR_DAMAGED, "%s: %s", u->path, why);
    return -1;
}

static int fail_reading(const struct unpacking *u, struct err *err)
{
    const char *why = archive_error_string(u->in);

    return fail(u, why ? why : "it cannot be read", err);
}

static int fail_writing(const char *path, struct err *err)
{
    bool full = errno == ENOSPC || errno == EDQUOT;

    err_set(err, full ? ERR_FULL : ERR_IO, "cannot write %s: %s", path, strerror(errno));
    return -1;
}

/* ---- limits ---- */

static int check_limits(const struct unpacking *u, struct err *err)
{
    const struct unpack_limits *l = u->taker->limits;
    int64_t packed = archive_filter_bytes(u->in, -1);
    int64_t plain = archive_filter_bytes(u->in, 0);

    plain = plain > u->out->bytes ? plain : u->out->bytes;
    if (l->bytes > 0 && u->out->bytes > l->bytes)
        return fail(u, "the logs in it are too large to be unpacked", err);
    if (l->files > 0 && u->out->files > l->files)
        return fail(u, "there are too many logs in it", err);
    if (l->names > 0 && u->names > l->names)
        return fail(u, "there are too many files in it", err);
    if (l->ratio > 0 && plain > l->ratio_from && plain / l->ratio > packed)
        return fail(u,
                    "it is packed tighter than any log; refused, for it may be made to fill "
                    "the disk",
                    err);
    if (u->taker->stop && u->taker->stop(u->taker->to)) {
        err_set(err, ERR_UNAVAILABLE, "%s: stopped before its end", u->path);
        return -1;
    }
    return 0;
}

/* ---- names ---- */

/* Without "./" before it; NULL where it leads, or may lead, out of a folder. */
static const char *safe_path(const char *path)
{
    struct span rest, part;

    if (!path || path[0] == '/')
        return NULL;
    while (path[0] == '.' && path[1] == '/') {
        path += 2;
        while (path[0] == '/')
            path++;
    }
    if (!path[0] || strlen(path) >= 3072)
        return NULL;
    for (rest = span_of(path); span_split(&rest, '/', &part);) {
        if (span_is(part, "..") || part.len > 255)
            return NULL;
    }
    return path;
}

static const char *entry_path(struct archive_entry *entry)
{
    const char *path = archive_entry_pathname_utf8(entry);

    return path ? path : archive_entry_pathname(entry);
}

static bool is_plain(struct archive_entry *entry)
{
    return archive_entry_filetype(entry) == AE_IFREG && !archive_entry_hardlink(entry) &&
           !archive_entry_symlink(entry);
}

/* ---- writing ---- */

static int write_all(int fd, const char *bytes, size_t n)
{
    while (n > 0) {
        ssize_t done = write(fd, bytes, n);

        if (done < 0 && errno == EINTR)
            continue;
        if (done < 0)
            return -1;
        bytes += done;
        n -= (size_t)done;
    }
    return 0;
}

static int copy_data(struct unpacking *u, int fd, const char *path, struct err *err)
{
    char *block = xmalloc(BLOCK);
    int rc = -1;

    for (;;) {
        la_ssize_t n = archive_read_data(u->in, block, BLOCK);

        if (n < 0)
            fail_reading(u, err);
        if (n == 0)
            rc = 0;
        if (n <= 0)
            break;
        u->out->bytes += n;
        if (check_limits(u, err) < 0)
            break;
        if (write_all(fd, block, (size_t)n) < 0) {
            fail_writing(path, err);
            break;
        }
    }
    free(block);
    return rc;
}

/* The file to write to. -1 with *err; without, where the archive has it both as file and folder. */
static int open_file(const char *path, struct err *err)
{
    char *folder = path_dir(path);
    int fd = -1;

    if (path_make(folder, NULL) == 0)
        fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
    free(folder);
    if (fd < 0 && errno != ENOTDIR && errno != EISDIR && errno != EEXIST)
        fail_writing(path, err);
    return fd;
}

static int write_file(struct unpacking *u, struct archive_entry *entry, const char *below,
                      struct err *err)
{
    char *path = path_join(u->folder, below);
    struct timespec times[2];
    int fd, rc = -1;

    err->kind = ERR_NONE;
    fd = open_file(path, err);
    if (fd < 0) {
        u->out->refused++;
        rc = err->kind == ERR_NONE ? 0 : -1;
        goto out;
    }
    rc = copy_data(u, fd, path, err);
    times[0].tv_sec = times[1].tv_sec = archive_entry_mtime(entry);
    times[0].tv_nsec = times[1].tv_nsec = archive_entry_mtime_nsec(entry);
    if (archive_entry_mtime_is_set(entry))
        futimens(fd, times);
    if (close(fd) < 0 && rc == 0)
        rc = fail_writing(path, err);
    u->out->files++;
out:
    free(path);
    return rc;
}

static int take_entry(struct unpacking *u, struct archive_entry *entry, struct err *err)
{
    const char *below = safe_path(entry_path(entry));

    u->names++;
    if (check_limits(u, err) < 0)
        return -1;
    if (archive_entry_filetype(entry) == AE_IFDIR)
        return 0;
    if (below && !u->taker->wants(u->taker->to, below))
        return 0;
    if (!below || !is_plain(entry)) {
        u->out->refused++;
        return 0;
    }
    if (archive_entry_is_encrypted(entry))
        return fail(u, "it is encrypted; unpack it and import the folder", err);
    return write_file(u, entry, below, err);
}

/* ---- the archive ---- */

static struct archive *new_reader(void)
{
    struct archive *in = archive_read_new();

    assert(in); /* it has only memory to ask for */
    archive_read_support_filter_gzip(in);
    archive_read_support_filter_zstd(in);
    archive_read_support_filter_xz(in);
    archive_read_support_filter_bzip2(in);
    archive_read_support_format_tar(in);
    archive_read_support_format_zip(in);
    return in;
}

static int fail_unknown(const struct unpacking *u, struct err *err)
{
    return fail(u,
                "this is no archive that is understood (.tar, .tar.gz, .tar.zst, .tar.xz, "
                ".tar.bz2, .zip)",
                err);
}

static int read_entries(struct unpacking *u, struct err *err)
{
    struct archive_entry *entry;
    int rc;

    for (;;) {
        rc = archive_read_next_header(u->in, &entry);
        if (rc == ARCHIVE_EOF)
            return check_limits(u, err);
        if (rc == ARCHIVE_RETRY)
            continue;
        if (rc < ARCHIVE_WARN)
            return u->names == 0 ? fail_unknown(u, err) : fail_reading(u, err);
        if (take_entry(u, entry, err) < 0)
            return -1;
    }
}

int unpack_into(const char *folder, const char *archive, const struct unpack_taker *taker,
                struct unpack_result *out, struct err *err)
{
    struct unpacking u = { NULL, archive, folder, taker, out, 0 };
    struct err unheard;
    int fd = open(archive, O_RDONLY | O_CLOEXEC);
    int rc = -1;

    *out = (struct unpack_result){ 0 };
    if (!err)
        err = &unheard;
    if (fd < 0) {
        err_set(err, errno == ENOENT ? ERR_NOT_FOUND : ERR_IO, "cannot read %s: %s", archive,
                strerror(errno));
        return -1;
    }
    u.in = new_reader();
    rc = archive_read_open_fd(u.in, fd, BLOCK) == ARCHIVE_OK ? read_entries(&u, err)
                                                             : fail_unknown(&u, err);
    archive_read_free(u.in);
    close(fd);
    return rc;
}
