/* tests/unit/test_base_pick.c — the strict pass over a JSON text: what is refused, what is found.
 * SPDX-License-Identifier: MIT
 */
#include "base/buf.h"
#include "base/mem.h"
#include "base/pick.h"
#include "random.h"

#include <jansson.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

enum {
    V_TYPE,
    V_TIME,
    V_COST,
    V_SIDE,
    V_MESSAGE,
    V_ID,
    V_USAGE,
    V_INPUT,
    V_OUTPUT,
    V_LIST,
    V_COUNT
};

static const struct pick_key usage_keys[] = {
    { "input", V_INPUT },
    { "output", V_OUTPUT },
    { "list", V_LIST },
    { NULL },
};
static const struct pick_key message_keys[] = {
    { "id", V_ID },
    { "usage", V_USAGE, usage_keys },
    { NULL },
};
static const struct pick_key line_keys[] = {
    { "type", V_TYPE },
    { "time", V_TIME },
    { "cost", V_COST },
    { "side", V_SIDE },
    { "message", V_MESSAGE, message_keys },
    { NULL },
};

static const char whole_line[] =
    "{\"type\":\"answer\",\"time\":\"2031-05-04T10:00:00.000Z\",\"cost\":-1.25e-3,\"side\":false,"
    "\"text\":\"say \\\"usage\\\" \\u00e9 \\ud83d\\ude00 \\\\ \\/ and so on\",\"none\":null,"
    "\"list\":[1,[],{},[{\"a\":[true,false,null]}],\"x\"],"
    "\"message\":{\"id\":\"m-1\",\"usage\":{\"input\":4,\"output\":812,"
    "\"list\":[{\"type\":\"message\",\"output\":812},{\"type\":\"advice\",\"output\":20}]}}}";

static int pick(struct span text, struct picked values[V_COUNT])
{
    /* A copy of just this size, so that one byte read too far is noticed. */
    char *copy = xmalloc(text.len + 1);
    int rc;

    memcpy(copy, text.p, text.len);
    rc = pick_json((struct span){ copy, text.len }, line_keys, values, V_COUNT);
    free(copy);
    return rc;
}

/* ---- grammar ---- */

static const struct {
    const char *why, *text;
} accepted[] = {
    { "an empty object", "{}" },
    { "blanks around it", " \t\r\n{}\n\r\t " },
    { "blanks everywhere", "{ \"a\" : [ 1 , { } , [ ] ] , \"b\" : null }" },
    { "an empty key", "{\"\":1}" },
    { "every escape", "{\"a\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u12aB\"}" },
    { "a lone surrogate: text is not our affair", "{\"a\":\"\\ud800\"}" },
    { "an escaped NUL", "{\"a\":\"\\u0000\"}" },
    { "bytes that are no UTF-8", "{\"a\":\"\xff\xfe\xc3\"}" },
    { "DEL is no control character in JSON", "{\"a\":\"\x7f\"}" },
    { "numbers of all forms", "{\"a\":[0,-0,1,-1,10,0.5,1e5,1E5,1e+5,1e-5,-1.5e10,0e0,0.0]}" },
    { "a number beyond any integer", "{\"a\":1e400,\"b\":99999999999999999999999}" },
    { "the words", "{\"a\":[true,false,null]}" },
    { "the same key twice", "{\"a\":1,\"a\":2}" },
    { "a key with escapes", "{\"\\u0061\":1}" },
};

static const struct {
    const char *why, *text;
} refused[] = {
    { "nothing", "" },
    { "only blanks", "  \n" },
    { "no object but a number", "1" },
    { "no object but an array", "[{}]" },
    { "no object but a string", "\"{}\"" },
    { "no object but null", "null" },
    { "two objects", "{}{}" },
    { "two objects with a blank", "{} {}" },
    { "garbage behind", "{}x" },
    { "garbage in front", "x{}" },
    { "a comma behind", "{}," },
    { "a NUL behind stands in another test; this is a bracket", "{}]" },
    { "a byte order mark", "\xef\xbb\xbf{}" },
    { "another blank than the four", "{\f}" },
    { "a no-break space", "{\xc2\xa0}" },
    { "a trailing comma in an object", "{\"a\":1,}" },
    { "a trailing comma in an array", "{\"a\":[1,]}" },
    { "a leading comma in an object", "{,\"a\":1}" },
    { "a leading comma in an array", "{\"a\":[,1]}" },
    { "two commas", "{\"a\":1,,\"b\":2}" },
    { "only a comma", "{,}" },
    { "no comma between members", "{\"a\":1 \"b\":2}" },
    { "no comma between elements", "{\"a\":[1 2]}" },
    { "no colon", "{\"a\" 1}" },
    { "two colons", "{\"a\"::1}" },
    { "no value", "{\"a\":}" },
    { "no key", "{:1}" },
    { "a key that is no string", "{a:1}" },
    { "a key that is a number", "{1:1}" },
    { "a key in single quotes", "{'a':1}" },
    { "the wrong bracket for an object", "{\"a\":1]" },
    { "the wrong bracket for an array", "{\"a\":[1}" },
    { "an object that is a set", "{\"a\"}" },
    { "a comment", "{/**/}" },
    { "a leading zero", "{\"a\":01}" },
    { "a leading zero with a sign", "{\"a\":-01}" },
    { "two zeros", "{\"a\":00}" },
    { "a point without digits", "{\"a\":1.}" },
    { "a point without an integer", "{\"a\":.5}" },
    { "a plus", "{\"a\":+1}" },
    { "an exponent without digits", "{\"a\":1e}" },
    { "an exponent with only a sign", "{\"a\":1e+}" },
    { "an exponent with a point", "{\"a\":1e1.5}" },
    { "only a minus", "{\"a\":-}" },
    { "two minuses", "{\"a\":--1}" },
    { "a minus and a word", "{\"a\":-Infinity}" },
    { "no number", "{\"a\":NaN}" },
    { "a hexadecimal number", "{\"a\":0x10}" },
    { "two points", "{\"a\":1.5.5}" },
    { "a thousands separator", "{\"a\":1_000}" },
    { "a word with a capital", "{\"a\":True}" },
    { "a word cut short", "{\"a\":tru}" },
    { "a word too long", "{\"a\":nulll}" },
    { "an unknown word", "{\"a\":undefined}" },
    { "an unknown escape", "{\"a\":\"\\x41\"}" },
    { "an escaped quote of the wrong kind", "{\"a\":\"\\'\"}" },
    { "an escaped newline", "{\"a\":\"\\\n\"}" },
    { "three hexadecimal digits", "{\"a\":\"\\u123\"}" },
    { "a digit that is not hexadecimal", "{\"a\":\"\\u12g4\"}" },
    { "a capital U", "{\"a\":\"\\U0041\"}" },
    { "a raw newline in a string", "{\"a\":\"x\ny\"}" },
    { "a raw tab in a string", "{\"a\":\"x\ty\"}" },
    { "a raw 0x01 in a string", "{\"a\":\"x\x01y\"}" },
    { "a raw 0x1f in a string", "{\"a\":\"x\x1fy\"}" },
    { "a raw newline in a long string", "{\"a\":\"0123456789abcdef0123456789\nabcdef\"}" },
    { "a raw newline in a key", "{\"a\nb\":1}" },
    { "a string without its end", "{\"a\":\"x}" },
    { "a string that ends in a backslash", "{\"a\":\"x\\\"}" },
};

static void every_form_that_json_has_is_accepted(void **state)
{
    struct picked v[V_COUNT];
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(accepted) / sizeof(accepted[0]); i++) {
        if (pick(span_of(accepted[i].text), v) < 0)
            fail_msg("%s was refused", accepted[i].why);
    }
}

static void every_form_that_json_lacks_is_refused(void **state)
{
    struct picked v[V_COUNT];
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
        if (pick(span_of(refused[i].text), v) == 0)
            fail_msg("%s was accepted", refused[i].why);
    }
}

static void a_nul_byte_is_refused_wherever_it_stands(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i <= sizeof(whole_line) - 1; i++) {
        char text[sizeof(whole_line)];
        struct picked v[V_COUNT];

        memcpy(text, whole_line, i);
        text[i] = '\0';
        memcpy(text + i + 1, whole_line + i, sizeof(whole_line) - 1 - i);
        assert_int_equal(pick((struct span){ text, sizeof(text) }, v), -1);
    }
}

static void every_truncation_of_a_line_is_refused(void **state)
{
    struct picked v[V_COUNT];
    size_t len;

    (void)state;
    for (len = 0; len < sizeof(whole_line) - 1; len++) {
        if (pick((struct span){ whole_line, len }, v) == 0)
            fail_msg("the first %zu bytes were accepted", len);
    }
    assert_int_equal(pick(SPAN_LIT(whole_line), v), 0);
}

/* Strings are skipped eight bytes at a time: what matters may stand at any place in the eight. */
static void quotes_and_control_characters_are_seen_at_every_place(void **state)
{
    size_t len, at;

    (void)state;
    for (len = 0; len < 40; len++) {
        for (at = 0; at < len; at++) {
            static const char special[] = { '"', '\n', '\\', '\x1f' };
            size_t i;

            for (i = 0; i < sizeof(special); i++) {
                struct picked v[V_COUNT];
                char text[80];
                int n = snprintf(text, sizeof(text), "{\"type\":\"%.*s\"}", (int)len,
                                 "\xc3\xa9"
                                 "abcdefghijklmnopqrstuvwxyz0123456789ABCDEF");

                text[9 + at] = special[i];
                /* A backslash in front of b, f, n, r, t or at the end of the text can be right. */
                if (special[i] == '\\' && at + 1 < len && memchr("bfnrt", text[10 + at], 5)) {
                    assert_int_equal(pick((struct span){ text, (size_t)n }, v), 0);
                    continue;
                }
                if (special[i] == '"' && at == len - 1)
                    text[10 + at] = ' '; /* the string ends one byte earlier, and that is fine */
                assert_int_equal(pick((struct span){ text, (size_t)n }, v),
                                 special[i] == '"' && at == len - 1 ? 0 : -1);
            }
        }
    }
}

static int pick_nested(int depth, char open, char close)
{
    struct picked v[V_COUNT];
    struct buf text = { 0 };
    int i, rc;

    buf_add_text(&text, "{\"a\":");
    for (i = 1; i < depth; i++)
        buf_add_text(&text, open == '[' ? "[" : "{\"a\":");
    if (open == '{')
        buf_add_text(&text, "1");
    for (i = 1; i < depth; i++)
        buf_add_char(&text, close);
    buf_add_text(&text, depth == 1 && open == '[' ? "1}" : "}");
    rc = pick(buf_span(&text), v);
    buf_fini(&text);
    return rc;
}

static void a_text_may_be_1024_deep_and_no_deeper(void **state)
{
    (void)state;
    assert_int_equal(pick_nested(127, '[', ']'), 0);
    assert_int_equal(pick_nested(1024, '[', ']'), 0);
    assert_int_equal(pick_nested(1025, '[', ']'), -1);
    assert_int_equal(pick_nested(127, '{', '}'), 0);
    assert_int_equal(pick_nested(1025, '{', '}'), -1);
    assert_int_equal(pick_nested(1000000, '[', ']'), -1);
    assert_int_equal(pick_nested(1000000, '{', '}'), -1);
}

/* ---- what is found ---- */

static struct picked pick_one(const char *text, int slot)
{
    struct picked v[V_COUNT];

    if (pick_json(span_of(text), line_keys, v, V_COUNT) < 0)
        fail_msg("refused: %s", text);
    return v[slot];
}

static const struct {
    const char *why, *text;
    int slot;
    enum picked_type type;
    const char *want;
} found[] = {
    { "text is handed out without its quotes", "{\"type\":\"a b\"}", V_TYPE, PICKED_STRING, "a b" },
    { "empty text is not absent", "{\"type\":\"\"}", V_TYPE, PICKED_STRING, "" },
    { "a number as it is written", "{\"cost\":-1.50e+2}", V_COST, PICKED_NUMBER, "-1.50e+2" },
    { "a word", "{\"side\":true}", V_SIDE, PICKED_TRUE, "true" },
    { "a word at the end of an array's object", "{\"side\":false}", V_SIDE, PICKED_FALSE, "false" },
    { "a nested value", "{\"message\":{\"usage\":{\"input\":7}}}", V_INPUT, PICKED_NUMBER, "7" },
    { "an object with its braces", "{\"message\":{ \"id\":1 }}", V_MESSAGE, PICKED_OBJECT,
      "{ \"id\":1 }" },
    { "an array with its brackets", "{\"message\":{\"usage\":{\"list\":[1, 2]}}}", V_LIST,
      PICKED_ARRAY, "[1, 2]" },
    { "null is absent", "{\"type\":null}", V_TYPE, PICKED_ABSENT, NULL },
    { "a missing key is absent", "{}", V_TYPE, PICKED_ABSENT, NULL },
    { "a key of the level below is not ours", "{\"x\":{\"type\":\"t\"}}", V_TYPE, PICKED_ABSENT,
      NULL },
    { "a key of the level above is not theirs", "{\"input\":7}", V_INPUT, PICKED_ABSENT, NULL },
    { "a key inside an array is not ours", "{\"x\":[{\"type\":\"t\"}]}", V_TYPE, PICKED_ABSENT,
      NULL },
    { "nothing is found in a wanted object that is an array", "{\"message\":[{\"id\":\"m\"}]}",
      V_ID, PICKED_ABSENT, NULL },
    { "a longer key is another one", "{\"typer\":1}", V_TYPE, PICKED_ABSENT, NULL },
    { "a shorter key is another one", "{\"typ\":1}", V_TYPE, PICKED_ABSENT, NULL },
    { "case matters", "{\"Type\":1}", V_TYPE, PICKED_ABSENT, NULL },
    { "a key inside text is no key", "{\"x\":\"\\\"type\\\":1\"}", V_TYPE, PICKED_ABSENT, NULL },
    { "of two equal keys the last one wins", "{\"type\":1,\"type\":\"b\"}", V_TYPE, PICKED_STRING,
      "b" },
    { "the last one wins as null too", "{\"type\":1,\"type\":null}", V_TYPE, PICKED_ABSENT, NULL },
    { "what was in the first one is gone", "{\"message\":{\"id\":\"m\"},\"message\":{}}", V_ID,
      PICKED_ABSENT, NULL },
    { "also when the last one is no object", "{\"message\":{\"id\":\"m\"},\"message\":5}", V_ID,
      PICKED_ABSENT, NULL },
    { "also two levels down", "{\"message\":{\"usage\":{\"input\":1}},\"message\":{\"id\":\"n\"}}",
      V_INPUT, PICKED_ABSENT, NULL },
    { "also when only the lower level is repeated",
      "{\"message\":{\"usage\":{\"input\":1},\"usage\":{\"output\":2}}}", V_INPUT, PICKED_ABSENT,
      NULL },
    { "and what is in the last one is found",
      "{\"message\":{\"usage\":{\"input\":1},\"usage\":{\"input\":2}}}", V_INPUT, PICKED_NUMBER,
      "2" },
};

static void values_are_found_where_they_stand_and_nowhere_else(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(found) / sizeof(found[0]); i++) {
        struct picked value = pick_one(found[i].text, found[i].slot);

        if (value.type != found[i].type)
            fail_msg("%s: type %d", found[i].why, value.type);
        if (found[i].want && !span_is(value.text, found[i].want))
            fail_msg("%s: %.*s", found[i].why, (int)value.text.len, value.text.p);
    }
}

static void a_key_without_a_slot_still_leads_below(void **state)
{
    static const struct pick_key below[] = { { "b", 0 }, { NULL } };
    static const struct pick_key keys[] = { { "a", -1, below }, { NULL } };
    struct picked v;

    (void)state;
    assert_int_equal(pick_json(SPAN_LIT("{\"a\":{\"b\":3}}"), keys, &v, 1), 0);
    assert_true(span_is(v.text, "3"));
    assert_int_equal(pick_json(SPAN_LIT("{\"a\":{\"b\":3},\"a\":null}"), keys, &v, 1), 0);
    assert_int_equal(v.type, PICKED_ABSENT);
}

static void arrays_and_objects_are_walked_element_by_element(void **state)
{
    static const char *const names[] = { "a", "b", "c", "d", "e" };
    static const enum picked_type types[] = { PICKED_NUMBER, PICKED_STRING, PICKED_ABSENT,
                                              PICKED_OBJECT, PICKED_ARRAY };
    struct picked v[V_COUNT], value;
    struct span name;
    size_t at = 0, n = 0;

    (void)state;
    pick_json(SPAN_LIT("{\"message\": { \"a\" : 1 , \"b\":\"}\",\"c\":null ,\"d\":{},\"e\":[ ]} }"),
              line_keys, v, V_COUNT);
    for (; pick_each(v[V_MESSAGE], &at, &name, &value); n++) {
        assert_true(span_is(name, names[n]));
        assert_int_equal(value.type, types[n]);
    }
    assert_int_equal(n, 5);
    assert_false(pick_each(v[V_MESSAGE], &at, NULL, &value));

    pick_json(SPAN_LIT("{\"message\":[ 1 ,\"]\", null,{\"x\":[]},[[]] ] }"), line_keys, v, V_COUNT);
    for (at = n = 0; pick_each(v[V_MESSAGE], &at, NULL, &value); n++)
        assert_int_equal(value.type, types[n]);
    assert_int_equal(n, 5);
}

static void what_is_no_container_has_no_elements(void **state)
{
    static const char *const texts[] = { "{}",
                                         "{\"message\":null}",
                                         "{\"message\":\"[1]\"}",
                                         "{\"message\":[]}",
                                         "{\"message\":{ }}",
                                         "{\"message\":12}" };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        struct picked value;
        size_t at = 0;

        assert_false(pick_each(pick_one(texts[i], V_MESSAGE), &at, NULL, &value));
    }
}

/* ---- against another reader ---- */

static const char *const seeds[] = {
    whole_line,
    "{\"type\":\"a\",\"time\":1788274800.5,\"cost\":\"0.2\",\"side\":true,\"message\":null}",
    "{\"message\":{\"usage\":{\"input\":12.0,\"output\":1.2e1,\"list\":[]},\"id\":\"\"},\"x\":[0]}",
    "  {\"message\" : {\"id\" : \"\\\\\\\"\" , \"usage\" : {\"input\" : -5 , \"output\" : 0}}}\r",
};

/* Pieces that make mistakes more interesting than single bytes do. */
static const char *const pieces[] = {
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "\"",
    "\\",
    "\\\"",
    "\\u0031",
    "\\ud83d\\ude00",
    "\\ud83d",
    "\\n",
    "0",
    "1",
    "-",
    ".",
    "e",
    "E+",
    "null",
    "true",
    "false",
    "\"type\":",
    "\"id\":3,",
    "{}",
    "[]",
    "\"message\":{},",
    " ",
    "\n",
    "\t",
    "\x01",
    "\xc3\xa9",
    "\xff",
    "12",
    "1e5",
    "-0",
};
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void mutate(struct dice *dice, struct buf *text)
{
    int64_t times = roll_between(dice, 1, 3);

    while (times-- > 0 && text->len > 0) {
        size_t at = (size_t)roll_below(dice, (int64_t)text->len);
        size_t n = (size_t)roll_between(dice, 1, 12);
        struct buf out = { 0 };
        struct span piece = span_of(pieces[roll_below(dice, COUNT(pieces))]);

        n = n > text->len - at ? text->len - at : n;
        buf_add(&out, text->p, at);
        switch (roll_below(dice, 5)) {
        case 0: /* a piece put in */
            buf_add_span(&out, piece);
            n = 0;
            break;
        case 1: /* a piece instead of others */
            buf_add_span(&out, piece);
            break;
        case 2: /* bytes taken out */
            break;
        case 3: /* bytes twice */
            buf_add(&out, text->p + at, n);
            n = 0;
            break;
        default: /* one byte changed */
            buf_add_char(&out, (char)(text->p[at] ^ 1 << roll_below(dice, 8)));
            n = 1;
        }
        buf_add(&out, text->p + at + n, text->len - at - n);
        buf_fini(text);
        *text = out;
    }
}

/* What jansson refuses and JSON does not: it wants UTF-8 and numbers that fit. */
static bool is_known_difference(const json_error_t *error)
{
    static const char *const texts[] = { "decode byte", "invalid Unicode", "NUL byte", "too big",
                                         "overflow" };
    size_t i;

    for (i = 0; i < COUNT(texts); i++) {
        if (strstr(error->text, texts[i]))
            return true;
    }
    return false;
}

static const struct {
    int slot;
    const char *path[4];
} paths[] = {
    { V_TYPE, { "type" } },
    { V_TIME, { "time" } },
    { V_COST, { "cost" } },
    { V_SIDE, { "side" } },
    { V_MESSAGE, { "message" } },
    { V_ID, { "message", "id" } },
    { V_USAGE, { "message", "usage" } },
    { V_INPUT, { "message", "usage", "input" } },
    { V_OUTPUT, { "message", "usage", "output" } },
    { V_LIST, { "message", "usage", "list" } },
};

static void compare_number(const struct picked *value, double want)
{
    int64_t got;
    enum picked_number rc = picked_int(value, &got);

    if (value->text.len > 14) /* more digits than a double holds: it is the one that errs */
        return;
    if (want > 9007199254740992.0) {
        assert_int_equal(rc, PICKED_INT_BAD);
        return;
    }
    assert_int_equal(rc, PICKED_INT_OK);
    assert_int_equal(got, want < 0 ? 0 : (int64_t)trunc(want));
}

static void compare_value(const struct picked *value, const json_t *want)
{
    char scratch[4096];
    struct span text;
    json_t *again;

    switch (want ? json_typeof(want) : JSON_NULL) {
    case JSON_STRING:
        text = picked_text(value, scratch, sizeof(scratch));
        assert_int_equal(text.len, json_string_length(want));
        assert_memory_equal(text.p, json_string_value(want), text.len);
        break;
    case JSON_INTEGER:
    case JSON_REAL:
        compare_number(value, json_number_value(want));
        break;
    case JSON_TRUE:
    case JSON_FALSE:
        assert_int_equal(value->type, json_is_true(want) ? PICKED_TRUE : PICKED_FALSE);
        break;
    case JSON_NULL:
        assert_int_equal(value->type, PICKED_ABSENT);
        break;
    case JSON_OBJECT:
    case JSON_ARRAY:
        again = json_loadb(value->text.p, value->text.len, JSON_ALLOW_NUL, NULL);
        assert_true(json_equal(again, want));
        json_decref(again);
        break;
    }
}

/* 1: read alike, 0: refused alike. */
static int compare_readers(struct span text)
{
    struct picked v[V_COUNT];
    json_error_t error;
    json_t *root;
    int rc = pick_json(text, line_keys, v, V_COUNT);
    size_t i;

    if (memchr(text.p, '\0', text.len)) { /* the other one passes over such bytes */
        assert_int_equal(rc, -1);
        return 0;
    }
    root = json_loadb(text.p, text.len, JSON_ALLOW_NUL, &error);
    if (json_is_array(root)) {
        json_decref(root);
        root = NULL;
    } else if (!root && is_known_difference(&error)) {
        return 0;
    }
    if ((rc == 0) != (root != NULL))
        fail_msg("%s, the other says: %s\n%.*s", rc == 0 ? "accepted" : "refused",
                 root ? "fine" : error.text, (int)text.len, text.p);
    for (i = 0; root && i < COUNT(paths); i++) {
        const char *const *name = paths[i].path;
        const json_t *want = root;

        for (; *name && name < paths[i].path + 4; name++)
            want = json_object_get(want, *name);
        compare_value(&v[paths[i].slot], want);
    }
    json_decref(root);
    return rc == 0;
}

static void mangled_lines_are_read_as_another_reader_reads_them(void **state)
{
    struct dice dice = { 20261122 };
    int alike = 0;
    int i;

    (void)state;
    for (i = 0; i < 150000; i++) {
        struct buf text = { 0 };

        buf_add_text(&text, seeds[roll_below(&dice, COUNT(seeds))]);
        mutate(&dice, &text);
        alike += compare_readers(buf_span(&text));
        buf_fini(&text);
    }
    assert_true(alike > 10000); /* enough of them were still JSON to say something */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_form_that_json_has_is_accepted),
        cmocka_unit_test(every_form_that_json_lacks_is_refused),
        cmocka_unit_test(a_nul_byte_is_refused_wherever_it_stands),
        cmocka_unit_test(every_truncation_of_a_line_is_refused),
        cmocka_unit_test(quotes_and_control_characters_are_seen_at_every_place),
        cmocka_unit_test(a_text_may_be_1024_deep_and_no_deeper),
        cmocka_unit_test(values_are_found_where_they_stand_and_nowhere_else),
        cmocka_unit_test(a_key_without_a_slot_still_leads_below),
        cmocka_unit_test(arrays_and_objects_are_walked_element_by_element),
        cmocka_unit_test(what_is_no_container_has_no_elements),
        cmocka_unit_test(mangled_lines_are_read_as_another_reader_reads_them),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
