/* tests/unit/test_gateway_frame.c — frames in pieces, too long, or not frames at all.
 * SPDX-License-Identifier: MIT
 */
#include "gateway/frame.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static const struct {
    const char *text, *type, *id, *event;
    bool ok;
    const char *payload, *error; /* NULL: absent */
} frames[] = {
    { "{\"type\":\"res\",\"id\":\"7\",\"ok\":true,\"payload\":{\"id\":\"8\",\"a\":[1,\"}\"]}}",
      "res", "7", "", true, "{\"id\":\"8\",\"a\":[1,\"}\"]}", NULL },
    { " { \"payload\" : [ ] , \"ok\" : false , \"id\" : \"x\" , \"type\" : \"res\" } ", "res", "x",
      "", false, "[ ]", NULL },
    { "{\"type\":\"res\",\"id\":\"9\",\"ok\":false,\"error\":{\"code\":\"A\\\"}\"}}", "res", "9",
      "", false, NULL, "{\"code\":\"A\\\"}\"}" },
    { "{\"type\":\"event\",\"event\":\"tick\",\"payload\":{\"ts\":1},\"seq\":4,\"new\":null}",
      "event", "", "tick", false, "{\"ts\":1}", NULL },
    { "{}", "", "", "", false, NULL, NULL },
    { "{\"payload\":null}", "", "", "", false, "null", NULL },
    { "{\"id\":12,\"type\":true}", "true", "12", "", false, NULL, NULL },
};

static void check(const struct frame *frame, size_t i)
{
    assert_true(span_is(frame->type, frames[i].type));
    assert_true(span_is(frame->id, frames[i].id));
    assert_true(span_is(frame->event, frames[i].event));
    assert_int_equal(frame->ok, frames[i].ok);
    assert_false(frame->cut);
    assert_int_equal(frame->payload.p != NULL, frames[i].payload != NULL);
    assert_int_equal(frame->error.p != NULL, frames[i].error != NULL);
    if (frames[i].payload && !span_is(frame->payload, frames[i].payload))
        fail_msg("payload %.*s", (int)frame->payload.len, frame->payload.p);
    if (frames[i].error)
        assert_true(span_is(frame->error, frames[i].error));
}

static void a_frame_is_the_same_in_one_piece_and_cut_anywhere(void **state)
{
    struct frame_reader reader = { .max = 0 };
    struct frame frame;

    (void)state;
    for (size_t i = 0; i < sizeof(frames) / sizeof(frames[0]); i++) {
        struct span text = span_of(frames[i].text);

        for (size_t cut = 0; cut <= text.len; cut++) {
            frame_begin(&reader, 1000);
            frame_feed(&reader, (struct span){ text.p, cut });
            frame_feed(&reader, (struct span){ text.p + cut, text.len - cut });
            assert_true(frame_end(&reader, &frame));
            check(&frame, i);
        }
    }
    frame_fini(&reader);
}

static void of_a_frame_too_long_the_id_is_found_wherever_it_stands(void **state)
{
    struct frame_reader reader = { .max = 0 };
    struct frame frame;
    char filler[1000];

    (void)state;
    memset(filler, 'x', sizeof(filler));
    frame_begin(&reader, 5000);
    frame_feed(&reader, SPAN_LIT("{\"type\":\"res\",\"payload\":{\"a\":\""));
    for (int i = 0; i < 100; i++)
        frame_feed(&reader, (struct span){ filler, sizeof(filler) });
    frame_feed(&reader, SPAN_LIT("\"},\"ok\":true,\"id\":\"31\"}"));
    assert_true(frame_end(&reader, &frame));
    assert_true(frame.cut);
    assert_true(span_is(frame.id, "31"));
    assert_null(frame.payload.p);
    assert_true(reader.text.space < 20000);
    frame_fini(&reader);
}

static void what_is_no_object_is_no_frame(void **state)
{
    static const char *const texts[] = { "",     "[]",  "\"a\"", "{",       "{\"a\":\"",
                                         "}",    "x",   "{}{}",  "{} x",    "{\"a\":[}",
                                         "null", "]]]", "{{",    "\xff\xfe" };
    struct frame_reader reader = { .max = 0 };
    struct frame frame;

    (void)state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        frame_begin(&reader, 100);
        frame_feed(&reader, span_of(texts[i]));
        if (frame_end(&reader, &frame) && strcmp(texts[i], "{\"a\":[}") != 0)
            fail_msg("taken for a frame: %s", texts[i]);
    }
    frame_fini(&reader);
}

static void noise_never_breaks_the_reader(void **state)
{
    static const char letters[] = "{}[]\":,\\ae \xff";
    struct frame_reader reader = { .max = 0 };
    struct frame frame;
    uint32_t dice = 12345;

    (void)state;
    for (int i = 0; i < 20000; i++) {
        char text[64];
        size_t n = (size_t)i % sizeof(text);

        for (size_t j = 0; j < n; j++) {
            dice = dice * 1664525 + 1013904223;
            text[j] = letters[(dice >> 16) % (sizeof(letters) - 1)];
        }
        frame_begin(&reader, 40);
        frame_feed(&reader, (struct span){ text, n });
        frame_end(&reader, &frame);
        if (frame.payload.p)
            assert_true(frame.payload.p + frame.payload.len <= reader.text.p + reader.text.len);
    }
    frame_fini(&reader);
}

static void weight_counts_values_and_not_what_strings_hold(void **state)
{
    (void)state;
    assert_true(frame_weight(SPAN_LIT("[[],[],[],[]]")) > 5 * 100);
    assert_true(frame_weight(SPAN_LIT("\"[[],[],[],[]]\"")) < 50);
    assert_true(frame_weight(SPAN_LIT("\"\\\"[[[[[[[[\"")) < 50);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_frame_is_the_same_in_one_piece_and_cut_anywhere),
        cmocka_unit_test(of_a_frame_too_long_the_id_is_found_wherever_it_stands),
        cmocka_unit_test(what_is_no_object_is_no_frame),
        cmocka_unit_test(noise_never_breaks_the_reader),
        cmocka_unit_test(weight_counts_values_and_not_what_strings_hold),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
