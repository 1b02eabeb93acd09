/* test_server_request.c — the request parser: what it reads, and that it survives anything.
 *
 * What it refuses is tested over the wire as well (tests/e2e/server_wire.test.mjs).
 * SPDX-License-Identifier: MIT
 */
#include "server/http.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const char whole[] = "POST /api/a%20b/c+d?by=day&x=%C3%A4+%2B&flag&=v&by=week HTTP/1.1\r\n"
                            "Host: localhost:8224\r\n"
                            "content-TYPE:  application/json \r\n"
                            "X-Forwarded-For: 192.0.2.1\r\n"
                            "X-Forwarded-For: 192.0.2.2\r\n"
                            "Connection: keep-alive, Upgrade\r\n"
                            "Content-Length: 12\r\n"
                            "\r\n";

static void a_request_is_read_into_its_parts(void **state)
{
    struct request r;
    struct response out = { 0 };

    (void)state;
    assert_int_equal(request_parse(&r, span_of(whole), &out), 0);
    assert_int_equal(r.method, METHOD_POST);
    assert_true(r.keep_alive);
    assert_false(r.head_only);
    assert_true(span_is(r.path, "/api/a b/c+d"));
    assert_true(span_is(r.target, "/api/a%20b/c+d?by=day&x=%C3%A4+%2B&flag&=v&by=week"));
    assert_int_equal(r.pairs_n, 5);
    assert_true(span_is(request_query(&r, "by"), "day"));
    assert_true(span_is(request_query(&r, "x"), "\xc3\xa4 +"));
    assert_non_null(request_query(&r, "flag").p);
    assert_int_equal(request_query(&r, "flag").len, 0);
    assert_null(request_query(&r, "absent").p);
    assert_true(span_is(r.headers[HEADER_CONTENT_TYPE], "application/json"));
    assert_true(span_is(r.headers[HEADER_X_FORWARDED_FOR], "192.0.2.2"));
    assert_null(r.headers[HEADER_ORIGIN].p);
    assert_int_equal(r.body_len, 12);
    request_fini(&r);
    response_fini(&out);
}

static void the_end_of_a_connection_is_read_from_version_and_header(void **state)
{
    static const struct {
        const char *head;
        bool keep_alive;
    } cases[] = {
        { "GET / HTTP/1.1\r\nHost: x\r\n\r\n", true },
        { "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", false },
        { "GET / HTTP/1.1\r\nHost: x\r\nConnection: TE , Close\r\n\r\n", false },
        { "GET / HTTP/1.0\r\nHost: x\r\n\r\n", false },
        { "GET / HTTP/1.0\r\nHost: x\r\nConnection: keep-alive\r\n\r\n", false },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct request r;
        struct response out = { 0 };

        assert_int_equal(request_parse(&r, span_of(cases[i].head), &out), 0);
        assert_int_equal(r.keep_alive, cases[i].keep_alive);
        request_fini(&r);
        response_fini(&out);
    }
}

static void a_refusal_names_its_reason_and_ends_the_connection(void **state)
{
    static const struct {
        const char *head, *said;
        int status;
    } cases[] = {
        { "GET / HTTP/1.1\r\n\r\n", "Host", 400 },
        { "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", "host", 400 },
        { "GET / HTTP/1.1\r\nHost: a\r\nCookie: b\r\nCookie: c\r\n\r\n", "cookie", 400 },
        { "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n", "Transfer-Encoding",
          400 },
        { "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1x\r\n\r\n", "Content-Length", 400 },
        { "GET / HTTP/3\r\nHost: a\r\n\r\n", "version", 505 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct request r;
        struct response out = { 0 };

        assert_int_equal(request_parse(&r, span_of(cases[i].head), &out), -1);
        assert_int_equal(out.status, cases[i].status);
        assert_true(out.close);
        if (!span_has(buf_span(&out.body), cases[i].said))
            fail_msg("%s does not say %s", out.body.p, cases[i].said);
        request_fini(&r);
        response_fini(&out);
    }
}

/* Neither cut short anywhere nor with any byte changed may it read outside what it was given: the
 * copy has exactly the size, so that a sanitizer would see. */
static void no_cut_and_no_changed_byte_breaks_the_parser(void **state)
{
    size_t len = sizeof(whole) - 1;

    (void)state;
    for (size_t i = 0; i < len; i++) {
        for (int changed = 0; changed <= 256; changed += 8) {
            size_t n = changed == 256 ? i : len;
            char *copy = test_malloc(n + 1);
            struct request r;
            struct response out = { 0 };
            int rc;

            memcpy(copy, whole, n);
            if (changed < 256)
                copy[i] = (char)(changed + (int)(i % 8));
            rc = request_parse(&r, (struct span){ copy, n }, &out);
            assert_true(rc == 0 || (out.status >= 400 && out.close));
            assert_true(changed < 256 || rc == -1); /* a part of a head is none */
            request_fini(&r);
            response_fini(&out);
            test_free(copy);
        }
    }
}

static void form_fields_are_decoded_or_refused(void **state)
{
    static const struct {
        const char *text;
        bool fine;
        size_t count;
    } cases[] = {
        { "", true, 0 },         { "a=1", true, 1 },    { "&&a=1&&b", true, 2 },
        { "a=%41%7a", true, 1 }, { "a=%", false, 0 },   { "a=%4", false, 0 },
        { "a=%g1", false, 0 },   { "a=%00", false, 0 }, { "%0a=1", false, 0 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct pair pairs[REQUEST_PAIRS_MAX];
        struct buf decoded = { 0 };
        size_t n;

        buf_reserve(&decoded, strlen(cases[i].text) + 1);
        assert_int_equal(request_pairs(span_of(cases[i].text), &decoded, pairs, &n), cases[i].fine);
        if (cases[i].fine)
            assert_int_equal(n, cases[i].count);
        buf_fini(&decoded);
    }
}

static void an_answer_echoes_nothing_into_its_headers(void **state)
{
    struct request r = { .method = METHOD_GET };
    struct response out = { 0 };
    struct buf head = { 0 };

    (void)state;
    response_error(&out, 404, "not_found", "no %s", "\"x\"\r\n");
    response_header(&out, "Location", "%s", "/a\r\nSet-Cookie: b=c");
    response_seal(&out, &r);
    response_head(&head, &out, INT64_C(1795327168310));
    assert_true(span_has(buf_span(&head), "Date: Sun, 22 Nov 2026 05:59:28 GMT\r\n"));
    assert_true(span_has(buf_span(&head), "Location: /a  Set-Cookie: b=c\r\n"));
    assert_false(span_has(buf_span(&head), "\nSet-Cookie"));
    assert_true(span_has(out.shared->at, "{\"error\":{\"code\":\"not_found\",\"message\":"));
    assert_false(span_has(buf_span(&head), "ETag"));
    buf_fini(&head);
    response_fini(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_request_is_read_into_its_parts),
        cmocka_unit_test(the_end_of_a_connection_is_read_from_version_and_header),
        cmocka_unit_test(a_refusal_names_its_reason_and_ends_the_connection),
        cmocka_unit_test(no_cut_and_no_changed_byte_breaks_the_parser),
        cmocka_unit_test(form_fields_are_decoded_or_refused),
        cmocka_unit_test(an_answer_echoes_nothing_into_its_headers),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
