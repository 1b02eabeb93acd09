/* test_server_ws.c — WebSocket frames, the answer cache and the queues of waiting connections.
 * SPDX-License-Identifier: MIT
 */
#include "server/cache.h"
#include "server/wait.h"
#include "server/ws.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* A masked frame as a client sends it. */
static void add_frame(struct buf *out, unsigned char first, size_t len, char fill)
{
    static const unsigned char mask[4] = { 0x11, 0x22, 0x33, 0x44 };
    unsigned char head[14] = { first };
    size_t n = 2;

    head[1] = (unsigned char)(0x80 | (len > 0xffff ? 127 : len > 125 ? 126 : len));
    for (size_t i = len > 0xffff ? 8 : len > 125 ? 2 : 0; i > 0; i--)
        head[n++] = (unsigned char)((uint64_t)len >> 8 * (i - 1));
    memcpy(head + n, mask, sizeof(mask));
    buf_add(out, head, n + sizeof(mask));
    for (size_t i = 0; i < len; i++)
        buf_add_char(out, (char)(fill ^ mask[i % 4]));
}

/* All that happens in `bytes`, read in pieces of `step`: a letter for every event. */
static void story(struct span bytes, size_t step, char *out)
{
    struct ws_reader reader = { 0 };
    enum ws_opcode opcode = WS_CONTINUE;

    while (bytes.len > 0) {
        struct span in = { bytes.p, bytes.len < step ? bytes.len : step };
        enum ws_event event;

        bytes = (struct span){ bytes.p + in.len, bytes.len - in.len };
        while ((event = ws_read(&reader, &in, &opcode)) == WS_GOT_CONTROL)
            *out++ = opcode == WS_PING ? 'i' : opcode == WS_PONG ? 'o' : 'c';
        *out = '\0';
        if (event == WS_NOTHING)
            continue;
        *out++ = event == WS_BAD_FRAME ? '!' : '>';
        *out = '\0';
        return;
    }
}

static void frames_mean_the_same_in_any_pieces(void **state)
{
    static const size_t steps[] = { 1, 2, 3, 5, 7, 64, 1 << 20 };
    struct buf bytes = { 0 };

    (void)state;
    add_frame(&bytes, 0x81, 5, 'a');   /* a whole text */
    add_frame(&bytes, 0x01, 70, 'a');  /* one in pieces … */
    add_frame(&bytes, 0x89, 125, 'p'); /* … with a ping inside */
    add_frame(&bytes, 0x80, 300, 'a');
    add_frame(&bytes, 0x82, 65536, 'b'); /* as long as may be */
    add_frame(&bytes, 0x8a, 0, 0);
    add_frame(&bytes, 0x88, 2, 'c');
    for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
        char told[16] = "";

        story(buf_span(&bytes), steps[i], told);
        assert_string_equal(told, "ioc");
    }
    buf_fini(&bytes);
}

static void frames_against_the_protocol_are_told(void **state)
{
    static const struct {
        const char *why;
        unsigned char first;
        size_t len;
        const char *want;
    } cases[] = {
        { "a reserved bit", 0xc1, 1, "!" },         { "an unknown opcode", 0x83, 1, "!" },
        { "an unknown control", 0x8b, 1, "!" },     { "a control in pieces", 0x09, 1, "!" },
        { "a long control", 0x89, 126, "!" },       { "a piece of nothing", 0x80, 1, "!" },
        { "a message too long", 0x82, 65537, ">" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct buf bytes = { 0 };
        char told[16] = "";

        add_frame(&bytes, cases[i].first, cases[i].len, 'x');
        story(buf_span(&bytes), 1 << 20, told);
        if (strcmp(told, cases[i].want) != 0)
            fail_msg("%s: %s", cases[i].why, told);
        buf_fini(&bytes);
    }
}

static void a_frame_without_a_mask_is_refused_before_its_payload(void **state)
{
    char told[16] = "";

    (void)state;
    story((struct span){ "\x81\x05", 2 }, 1, told);
    assert_string_equal(told, "!");
}

static void a_length_near_the_end_of_numbers_is_too_long(void **state)
{
    char told[16] = "";

    (void)state;
    story((struct span){ "\x82\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01\x02\x03\x04", 14 }, 1, told);
    assert_string_equal(told, ">");
}

static void our_frames_have_the_shortest_length(void **state)
{
    static const struct {
        size_t len, head;
    } cases[] = { { 0, 2 }, { 125, 2 }, { 126, 4 }, { 65535, 4 }, { 65536, 10 } };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char *payload = calloc(1, cases[i].len + 1);
        struct buf out = { 0 };

        ws_frame(&out, WS_TEXT, (struct span){ payload, cases[i].len });
        assert_int_equal(out.len, cases[i].head + cases[i].len);
        assert_int_equal((unsigned char)out.p[0], 0x81);
        buf_fini(&out);
        free(payload);
    }
}

static void the_handshake_is_the_example_of_the_standard(void **state)
{
    char accept[WS_ACCEPT_SIZE];

    (void)state;
    ws_accept(SPAN_LIT("dGhlIHNhbXBsZSBub25jZQ=="), accept);
    assert_string_equal(accept, "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    assert_true(ws_key_is_valid(SPAN_LIT("dGhlIHNhbXBsZSBub25jZQ==")));
    assert_false(ws_key_is_valid(SPAN_LIT("dGhlIHNhbXBsZSBub25jZQ")));
    assert_false(ws_key_is_valid(SPAN_LIT("dGhlIHNhbXBsZSBub25jZ===")));
    assert_false(ws_key_is_valid(SPAN_LIT("dGhl!HNhbXBsZSBub25jZQ==")));
    assert_false(ws_key_is_valid(SPAN_ABSENT));
}

/* ---- cache ---- */

static void put(struct cache *cache, const char *key, int64_t now_ms, int64_t until_ms)
{
    struct bytes *bytes = bytes_new(span_of(key));

    cache_put(cache, span_of(key),
              &(struct cache_answer){
                  .bytes = bytes, .etag = "\"e\"", .made_ms = now_ms, .good_until_ms = until_ms });
    bytes_drop(bytes);
}

static void an_answer_is_kept_until_its_time_and_never_longer(void **state)
{
    struct cache *cache = calloc(1, sizeof(*cache));

    (void)state;
    put(cache, "/a", 100, 200);
    assert_true(span_is(cache_find(cache, span_of("/a"), 100)->bytes->at, "/a"));
    assert_null(cache_find(cache, span_of("/a?x"), 100));
    assert_non_null(cache_find(cache, span_of("/a"), 199));
    assert_null(cache_find(cache, span_of("/a"), 200));
    put(cache, "/a", 100, 200);
    assert_null(cache_find(cache, span_of("/a"), 99)); /* the clock was set back */
    put(cache, "/a", 100, 200);
    cache_drop(cache);
    assert_null(cache_find(cache, span_of("/a"), 100));
    put(cache, "/a", 100, 100);
    assert_null(cache_find(cache, span_of("/a"), 100));
    free(cache);
}

static void the_cache_is_bounded_and_keeps_what_is_used(void **state)
{
    struct cache *cache = calloc(1, sizeof(*cache));
    char key[CACHE_KEY_MAX + 8];

    (void)state;
    put(cache, "/used", 0, 10);
    for (int i = 0; i < 10 * CACHE_ENTRIES; i++) {
        snprintf(key, sizeof(key), "/x?n=%d", i);
        put(cache, key, 0, 10);
        assert_non_null(cache_find(cache, span_of("/used"), 1));
    }
    assert_null(cache_find(cache, span_of("/x?n=0"), 1));
    memset(key, 'k', sizeof(key) - 1);
    key[sizeof(key) - 1] = '\0';
    put(cache, key, 0, 10);
    assert_null(cache_find(cache, span_of(key), 1));
    cache_drop(cache);
    free(cache);
}

/* ---- waiting ---- */

static void who_waits_longest_is_due_first_and_leaving_keeps_the_order(void **state)
{
    struct wait_queue queue = { .patience_ms = 10 };
    struct wait waits[3] = { 0 };

    (void)state;
    for (int i = 0; i < 3; i++)
        wait_join(&queue, &waits[i], i);
    assert_null(wait_due(&queue, 9));
    assert_ptr_equal(wait_due(&queue, 10), &waits[0]);
    wait_join(&queue, &waits[0], 5); /* begins anew, behind the others */
    assert_ptr_equal(wait_due(&queue, 11), &waits[1]);
    wait_leave(&waits[1]);
    wait_leave(&waits[1]);
    assert_ptr_equal(wait_due(&queue, 12), &waits[2]);
    wait_leave(&waits[2]);
    assert_null(wait_due(&queue, 14));
    assert_ptr_equal(wait_due(&queue, 15), &waits[0]);
    wait_leave(&waits[0]);
    assert_null(queue.first);
    assert_null(queue.last);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(frames_mean_the_same_in_any_pieces),
        cmocka_unit_test(frames_against_the_protocol_are_told),
        cmocka_unit_test(a_frame_without_a_mask_is_refused_before_its_payload),
        cmocka_unit_test(a_length_near_the_end_of_numbers_is_too_long),
        cmocka_unit_test(our_frames_have_the_shortest_length),
        cmocka_unit_test(the_handshake_is_the_example_of_the_standard),
        cmocka_unit_test(an_answer_is_kept_until_its_time_and_never_longer),
        cmocka_unit_test(the_cache_is_bounded_and_keeps_what_is_used),
        cmocka_unit_test(who_waits_longest_is_due_first_and_leaving_keeps_the_order),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
