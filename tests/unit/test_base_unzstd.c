/* tests/unit/test_base_unzstd.c — what was compressed comes out whole, in part or not at all.
 * SPDX-License-Identifier: MIT
 */
#include "base/mem.h"
#include "base/unzstd.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <zstd.h>

#include <cmocka.h>

#define MEGABYTE ((size_t)1 << 20)

/* One more frame at the end of `out`. */
static void pack(struct buf *out, struct span bytes)
{
    size_t most = ZSTD_compressBound(bytes.len);
    char *packed = xmalloc(most);
    size_t n = ZSTD_compress(packed, most, bytes.p, bytes.len, 3);

    assert_false(ZSTD_isError(n));
    buf_add(out, packed, n);
    free(packed);
}

/* Lines that do not compress to nothing. */
static void write_text(struct buf *out, int lines)
{
    int i;

    for (i = 0; i < lines; i++)
        buf_printf(out, "{\"line\":%d,\"word\":%u}\n", i, (unsigned)i * 2654435761u);
}

static void frames_come_out_one_behind_the_other(void **state)
{
    struct buf text = { 0 }, packed = { 0 }, out = { 0 };

    (void)state;
    write_text(&text, 20000);
    pack(&packed, buf_span(&text));
    pack(&packed, SPAN_LIT(""));
    pack(&packed, SPAN_LIT("the second\n"));
    buf_add_text(&out, "before ");
    assert_true(unzstd(buf_span(&packed), MEGABYTE, &out));
    buf_add_text(&text, "the second\n");
    assert_int_equal(out.len, text.len + 7);
    assert_memory_equal(out.p, "before ", 7);
    assert_memory_equal(out.p + 7, text.p, text.len);
    buf_fini(&text);
    buf_fini(&packed);
    buf_fini(&out);
}

static void a_torn_file_gives_what_is_before_the_tear(void **state)
{
    struct buf text = { 0 }, packed = { 0 }, out = { 0 };
    size_t cut;

    (void)state;
    write_text(&text, 200);
    pack(&packed, buf_span(&text));
    for (cut = 0; cut < packed.len; cut++) {
        buf_clear(&out);
        assert_false(cut > 0 && unzstd((struct span){ packed.p, cut }, MEGABYTE, &out));
        assert_true(out.len <= text.len);
        if (out.len > 0)
            assert_memory_equal(out.p, text.p, out.len);
    }
    pack(&packed, buf_span(&text)); /* the first frame whole, the second torn */
    buf_clear(&out);
    assert_false(unzstd((struct span){ packed.p, packed.len - 3 }, MEGABYTE, &out));
    assert_true(out.len >= text.len);
    assert_memory_equal(out.p, text.p, text.len);
    buf_fini(&text);
    buf_fini(&packed);
    buf_fini(&out);
}

static void what_was_never_compressed_is_refused(void **state)
{
    static const char *const texts[] = { "{\"type\":\"x\"}\n", "\x28\xb5\x2f\xfd",
                                         "\xff\xff\xff\xff\xff" };
    struct buf out = { 0 };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        assert_false(unzstd(span_of(texts[i]), MEGABYTE, &out));
    assert_int_equal(out.len, 0);
    buf_fini(&out);
}

static void a_damaged_file_ends_without_harm(void **state)
{
    struct buf text = { 0 }, packed = { 0 }, out = { 0 };
    size_t i;

    (void)state;
    write_text(&text, 200);
    pack(&packed, buf_span(&text));
    for (i = 0; i < packed.len; i++) {
        packed.p[i] ^= 0x41;
        buf_clear(&out);
        unzstd(buf_span(&packed), MEGABYTE, &out);
        assert_true(out.len <= MEGABYTE);
        packed.p[i] ^= 0x41;
    }
    buf_fini(&text);
    buf_fini(&packed);
    buf_fini(&out);
}

/* Half a gigabyte of zeros is a few kilobytes. */
static void bomb(struct buf *packed)
{
    struct buf zeros = { 0 };
    int i;

    for (i = 0; i < 1024; i++)
        buf_add(&zeros, (const char[1024]){ 0 }, 1024);
    for (i = 0; i < 512; i++)
        pack(packed, buf_span(&zeros));
    buf_fini(&zeros);
}

static void a_bomb_stops_at_the_bound(void **state)
{
    struct buf packed = { 0 }, out = { 0 };

    (void)state;
    bomb(&packed);
    assert_true(packed.len < MEGABYTE);
    assert_false(unzstd(buf_span(&packed), MEGABYTE, &out));
    assert_true(out.len <= MEGABYTE);
    buf_fini(&packed);
    buf_fini(&out);
}

struct taker {
    size_t largest, sum, enough;
};

static bool take(void *to, struct span bytes)
{
    struct taker *t = to;

    t->sum += bytes.len;
    if (bytes.len > t->largest)
        t->largest = bytes.len;
    return t->sum < t->enough;
}

static void pieces_are_small_however_much_comes_out(void **state)
{
    struct taker t = { .enough = SIZE_MAX };
    struct buf packed = { 0 };

    (void)state;
    bomb(&packed);
    assert_true(unzstd_each(buf_span(&packed), take, &t));
    assert_int_equal(t.sum, 512 * MEGABYTE);
    assert_true(t.largest <= ZSTD_DStreamOutSize());
    buf_fini(&packed);
}

static void a_taker_may_stop_early(void **state)
{
    struct taker t = { .enough = 1 };
    struct buf packed = { 0 };

    (void)state;
    bomb(&packed);
    assert_true(unzstd_each(buf_span(&packed), take, &t));
    assert_int_equal(t.sum, t.largest);
    buf_fini(&packed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(frames_come_out_one_behind_the_other),
        cmocka_unit_test(a_torn_file_gives_what_is_before_the_tear),
        cmocka_unit_test(what_was_never_compressed_is_refused),
        cmocka_unit_test(a_damaged_file_ends_without_harm),
        cmocka_unit_test(a_bomb_stops_at_the_bound),
        cmocka_unit_test(pieces_are_small_however_much_comes_out),
        cmocka_unit_test(a_taker_may_stop_early),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
