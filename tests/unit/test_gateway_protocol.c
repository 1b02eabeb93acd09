/* tests/unit/test_gateway_protocol.c — the handshake: who we are, what we sign, what a no means.
 *
 * The signatures were accepted by a gateway; the seed is the first test key of RFC 8032.
 * SPDX-License-Identifier: MIT
 */
#include "base/mem.h"
#include "base/path.h"
#include "gateway/protocol.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define DEVICE "21fe31dfa154a261626bf854046fd2271b7bed4b6abe45aa58877ef47f9721b9"

static const unsigned char seed[IDENTITY_SEED_SIZE] = {
    0x9d, 0x61, 0xb1, 0x9d, 0xef, 0xfd, 0x5a, 0x60, 0xba, 0x84, 0x4a, 0xf4, 0x92, 0xec, 0x2c, 0xc4,
    0x44, 0x49, 0xc5, 0x69, 0x7b, 0x32, 0x69, 0x19, 0x70, 0x3b, 0xac, 0x03, 0x1c, 0xae, 0x7f, 0x60,
};

static struct identity *test_identity(void)
{
    struct identity *identity = NULL;

    assert_int_equal(identity_from_seed(&identity, seed, NULL), 0);
    return identity;
}

static const struct {
    const char *text, *signature;
} signatures[] = {
    { "v3|21fe31dfa154a261626bf854046fd2271b7bed4b6abe45aa58877ef47f9721b9|cli|cli|oper"
      "ator|operator.read|1795317324961|test-token-1234567890abcdef|e437bc8f-d6c3-44f5-"
      "942f-ad8e31a01deb|linux|",
      "GG-TO_ewT7fS6J7Zd1iQD4tEQN7X3rugHCaYV_TUxbbJwPlnTwSDX_G2zG9O3RaVw7wUppY7xr86aOFp84dICw" },
    { "v3|21fe31dfa154a261626bf854046fd2271b7bed4b6abe45aa58877ef47f9721b9|cli|cli|oper"
      "ator|operator.read|1795317325077|fBdep7o4htGr9wyV4j1N7cMIFwMOkuG2hJhr1P6fYgg|711"
      "00fe6-909b-4293-b1e2-30b1f502f632|linux|",
      "APXtSpnxeOA-iuH_i-09OlcCh6Jtl3fzDbA7tXjK1D039kDVmvTHQEAguheHarrrT7quX5d6YvjfDbab-q3SCg" },
    { "v3|21fe31dfa154a261626bf854046fd2271b7bed4b6abe45aa58877ef47f9721b9|cli|cli|oper"
      "ator|operator.read|1795317325134|fBdep7o4htGr9wyV4j1N7cMIFwMOkuG2hJhr1P6fYgg|64c"
      "8ecd3-f4a0-4fd0-b1df-c4321c1065da|linux|",
      "S79SYU5pnnM81zhldAEnGhUOfDqEJKZHcjZq8YqKvlRErSDXFvqVJ7_Ht9k6iI4VMWOvIYLTveFftOOho7ezBw" },
    { "v2|21fe31dfa154a261626bf854046fd2271b7bed4b6abe45aa58877ef47f9721b9|cli|cli|oper"
      "ator|operator.read|1795317325166|test-token-1234567890abcdef|c249a440-761e-4052-"
      "a44d-0592febad983",
      "DRGQyXO8MmLT2aOzhwt-Pif3KR34aKCKl3hZ0gtKGAJrQup3MbjXVqcXXReFO9LQxDxXfKR1Ujems0s_p-qaAw" },
    { "v3|21fe31dfa154a261626bf854046fd2271b7bed4b6abe45aa58877ef47f9721b9|cli|cli|oper"
      "ator|operator.read,operator.write|1795317325192|test-token-1234567890abcdef|27bd"
      "9da8-50d9-492c-8d0c-dbd1ecfbfa80|linux|",
      "Wmr0ceWEeh07eQ1KcQ1PQSkXeEiwRplHh47XbYbSlHjZRmWRFu_10Dcg1urumCJXJRkZobvB5PDksDyFKmLXBg" },
    { "v3|21fe31dfa154a261626bf854046fd2271b7bed4b6abe45aa58877ef47f9721b9|cli|cli|oper"
      "ator|operator.read|1795317325242|test-token-1234567890abcdef|200df965-360c-47ec-"
      "8649-d38ad1f5a6d7|linux|",
      "rNpzAY-NY-fm1L0ZpCKJHdsiwoEvVmaRS_StVC8UKMO-5Rf5I52Lo7frNy8jYuh-7UjZTQAbpjQweufhKhD6Cw" },
};

static void a_device_signs_as_gateways_expect(void **state)
{
    struct identity *identity = test_identity();
    char signature[IDENTITY_SIGNATURE_SIZE];

    (void)state;
    assert_string_equal(identity_public(identity), "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo");
    assert_string_equal(identity_id(identity), DEVICE);
    for (size_t i = 0; i < sizeof(signatures) / sizeof(signatures[0]); i++) {
        assert_int_equal(identity_sign(identity, span_of(signatures[i].text), signature, NULL), 0);
        assert_string_equal(signature, signatures[i].signature);
    }
    identity_free(identity);
}

static void a_key_is_made_once_and_is_its_owners_alone(void **state)
{
    char folder[] = "/tmp/tacho-key-XXXXXX";
    struct identity *first = NULL, *second = NULL;
    struct err err = { 0 };
    struct stat st;
    char *path;

    (void)state;
    assert_non_null(mkdtemp(folder));
    path = path_join(folder, "device.pem");
    assert_int_equal(identity_open(&first, path, &err), 0);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_int_equal(identity_open(&second, path, &err), 0);
    assert_string_equal(identity_id(first), identity_id(second));
    identity_free(second);

    chmod(path, 0644);
    assert_int_equal(identity_open(&second, path, &err), -1);
    assert_int_equal(err.kind, ERR_USAGE);
    assert_non_null(strstr(err.text, "chmod 600"));

    unlink(path);
    assert_int_equal(path_write(path, SPAN_LIT("no key"), 0600, NULL), 0);
    assert_int_equal(identity_open(&second, path, &err), -1);
    assert_int_equal(err.kind, ERR_DAMAGED);
    identity_free(first);
    unlink(path);
    rmdir(folder);
    free(path);
}

/* ---- connect ---- */

static const struct {
    const char *why;
    struct credentials credentials;
    enum signature_version version;
    const char *want;
} signed_texts[] = {
    { "the shared token is signed",
      { "tok", NULL, NULL },
      SIGNATURE_V3,
      "v3|" DEVICE "|gateway-client|backend|operator|operator.read|1700000000123|tok|n-1|linux|" },
    { "a device token goes before it",
      { "tok", NULL, "dev" },
      SIGNATURE_V3,
      "v3|" DEVICE "|gateway-client|backend|operator|operator.read|1700000000123|dev|n-1|linux|" },
    { "a password is not signed",
      { NULL, "pass", NULL },
      SIGNATURE_V3,
      "v3|" DEVICE "|gateway-client|backend|operator|operator.read|1700000000123||n-1|linux|" },
    { "the older text has no platform",
      { "tok", NULL, NULL },
      SIGNATURE_V2,
      "v2|" DEVICE "|gateway-client|backend|operator|operator.read|1700000000123|tok|n-1" },
};

static const struct challenge challenge = { "n-1", 1700000000123 };

static void the_signed_text_has_its_parts_in_order(void **state)
{
    struct identity *identity = test_identity();

    (void)state;
    for (size_t i = 0; i < sizeof(signed_texts) / sizeof(signed_texts[0]); i++) {
        struct buf text = { 0 };

        connect_signed_text(&text,
                            &(struct connect_request){ 1, &challenge, signed_texts[i].credentials,
                                                       identity, signed_texts[i].version, 4 });
        if (strcmp(text.p, signed_texts[i].want) != 0)
            fail_msg("%s: %s", signed_texts[i].why, text.p);
        buf_fini(&text);
    }
    identity_free(identity);
}

static void connect_offers_both_protocols_and_shows_one_secret(void **state)
{
    struct identity *identity = test_identity();
    struct connect_request request = { 7,        &challenge,   { "tok", "pass", NULL },
                                       identity, SIGNATURE_V3, 4 };
    struct buf text = { 0 };

    (void)state;
    assert_int_equal(connect_write(&text, &request, NULL), 0);
    assert_non_null(strstr(text.p, "\"id\":\"7\",\"method\":\"connect\""));
    assert_non_null(strstr(text.p, "\"minProtocol\":3,\"maxProtocol\":4"));
    assert_non_null(strstr(text.p, "\"auth\":{\"token\":\"tok\"}"));
    assert_non_null(strstr(text.p, "\"signedAt\":1700000000123,\"nonce\":\"n-1\""));
    buf_clear(&text);
    request.credentials.device_token = "dev";
    request.protocol_max = 3;
    assert_int_equal(connect_write(&text, &request, NULL), 0);
    assert_non_null(strstr(text.p, "\"minProtocol\":3,\"maxProtocol\":3"));
    assert_non_null(strstr(text.p, "\"auth\":{\"deviceToken\":\"dev\"}"));
    assert_null(strstr(text.p, "\"tok\""));
    buf_fini(&text);
    identity_free(identity);
}

static void a_challenge_needs_a_nonce(void **state)
{
    struct challenge c;

    (void)state;
    assert_true(challenge_read(&c, SPAN_LIT("{\"nonce\":\"ab\",\"ts\":12,\"capabilities\":[1]}")));
    assert_string_equal(c.nonce, "ab");
    assert_int_equal(c.at_ms, 12);
    assert_false(challenge_read(&c, SPAN_LIT("{\"ts\":12}")));
    assert_false(challenge_read(&c, SPAN_LIT("{\"nonce\":\"\",\"ts\":12}")));
    assert_false(challenge_read(&c, SPAN_LIT("{\"nonce\":5}")));
    assert_false(challenge_read(&c, SPAN_LIT("[]")));
    assert_false(challenge_read(&c, SPAN_ABSENT));
}

static void a_hello_tells_scopes_tick_and_device_token(void **state)
{
    struct hello hello;

    (void)state;
    assert_true(hello_read(&hello, SPAN_LIT("{\"type\":\"hello-ok\",\"protocol\":4,\"new\":{},"
                                            "\"server\":{\"version\":\"2026.9.6\"},"
                                            "\"auth\":{\"scopes\":[\"x\",\"operator.write\"],"
                                            "\"deviceToken\":\"dt\"},"
                                            "\"policy\":{\"tickIntervalMs\":15000}}")));
    assert_true(hello.may_read);
    assert_int_equal(hello.protocol, 4);
    assert_int_equal(hello.tick_ms, 15000);
    assert_string_equal(hello.version, "2026.9.6");
    assert_string_equal(hello.device_token, "dt");
    assert_true(hello_read(&hello, SPAN_LIT("{\"auth\":{\"scopes\":[\"operator.pairing\"]}}")));
    assert_false(hello.may_read);
    assert_int_equal(hello.tick_ms, 30000);
    assert_true(hello_read(&hello, SPAN_LIT("{\"policy\":{\"tickIntervalMs\":1}}")));
    assert_int_equal(hello.tick_ms, 1000);
    assert_false(hello_read(&hello, SPAN_LIT("\"hello\"")));
}

/* ---- refusals ---- */

#define ERROR(code, details) "{\"code\":\"" code "\",\"message\":\"m\",\"details\":{" details "}}"
#define DETAIL(code)         ERROR("INVALID_REQUEST", "\"code\":\"" code "\"")

static const struct {
    const char *error;
    enum refusal_remedy remedy;
    enum gateway_state state;
    const char *told; /* part of what people read */
} refusals[] = {
    { DETAIL("AUTH_TOKEN_MISMATCH"), REMEDY_PERSON, GATEWAY_AUTH_FAILED, "gateway.auth" },
    { DETAIL("AUTH_TOKEN_MISSING"), REMEDY_PERSON, GATEWAY_AUTH_FAILED, "secret" },
    { DETAIL("AUTH_PASSWORD_MISMATCH"), REMEDY_PERSON, GATEWAY_AUTH_FAILED, "secret" },
    { DETAIL("AUTH_TOKEN_NOT_CONFIGURED"), REMEDY_PERSON, GATEWAY_AUTH_FAILED, "--password" },
    { DETAIL("AUTH_RATE_LIMITED"), REMEDY_PERSON, GATEWAY_AUTH_FAILED, "wait" },
    { DETAIL("AUTH_DEVICE_TOKEN_MISMATCH"), REMEDY_FORGET_DEVICE, GATEWAY_AUTH_FAILED, "remove" },
    { DETAIL("AUTH_SCOPE_MISMATCH"), REMEDY_FORGET_DEVICE, GATEWAY_AUTH_FAILED, "remove" },
    { DETAIL("DEVICE_IDENTITY_REQUIRED"), REMEDY_PERSON, GATEWAY_AUTH_FAILED, "secret" },
    { DETAIL("DEVICE_AUTH_SIGNATURE_INVALID"), REMEDY_SIGN_V2, GATEWAY_AUTH_FAILED, "(DEVICE_" },
    { DETAIL("DEVICE_AUTH_SIGNATURE_EXPIRED"), REMEDY_RETRY, GATEWAY_AUTH_FAILED, "clocks" },
    { DETAIL("PROTOCOL_MISMATCH"), REMEDY_OLDER, GATEWAY_UNREACHABLE, "update" },
    { ERROR("NOT_PAIRED", "\"code\":\"PAIRING_REQUIRED\",\"requestId\":\"73c0-ab\""),
      REMEDY_APPROVAL, GATEWAY_PAIRING_REQUIRED, "openclaw devices approve 73c0-ab" },
    { ERROR("NOT_PAIRED", "\"code\":\"PAIRING_REQUIRED\",\"requestId\":\"x; rm -rf ~\""),
      REMEDY_APPROVAL, GATEWAY_PAIRING_REQUIRED, "openclaw devices list" },
    { ERROR("UNAVAILABLE", "\"reason\":\"startup-sidecars\""), REMEDY_RETRY, GATEWAY_UNREACHABLE,
      "m (UNAVAILABLE)" },
    { ERROR("SOMETHING_NEW", ""), REMEDY_RETRY, GATEWAY_UNREACHABLE, "SOMETHING_NEW" },
    { "{\"code\":[],\"message\":{}}", REMEDY_RETRY, GATEWAY_UNREACHABLE, "does not say why" },
    { "garbage", REMEDY_RETRY, GATEWAY_UNREACHABLE, "does not say why" },
};

static void every_refusal_has_its_remedy(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
        struct buf text = { 0 };
        struct refusal r;

        refusal_read(&r, span_of(refusals[i].error));
        refusal_explain(&r, &text);
        if (r.remedy != refusals[i].remedy || r.state != refusals[i].state ||
            !strstr(text.p, refusals[i].told) || strstr(text.p, "rm -rf"))
            fail_msg("%s: %d %d %s", refusals[i].error, r.remedy, r.state, text.p);
        buf_fini(&text);
    }
}

static void a_refusal_says_when_to_come_back(void **state)
{
    struct refusal r;

    (void)state;
    refusal_read(&r,
                 SPAN_LIT("{\"code\":\"UNAVAILABLE\",\"retryable\":true,\"retryAfterMs\":500}"));
    assert_true(r.retryable);
    assert_int_equal(r.retry_after_ms, 500);
    refusal_read(&r, SPAN_LIT("{\"code\":\"X\",\"details\":{\"expectedProtocol\":3,"
                              "\"recommendedNextStep\":\"wait_then_retry\"}}"));
    assert_int_equal(r.expected_protocol, 3);
    assert_true(r.wait_then_retry);
    refusal_read(&r, SPAN_LIT("{\"details\":{\"pauseReconnect\":false}}"));
    assert_true(r.wait_then_retry);
    refusal_read(&r, SPAN_LIT("{\"message\":\"a\\u001b[31mb\\nc\"}"));
    assert_string_equal(r.message, "a [31mb c");
}

static void waits_double_up_to_half_a_minute_and_jitter_only_shortens(void **state)
{
    static const int64_t want[] = { 1000, 1000, 2000, 4000, 8000, 16000, 30000, 30000 };

    (void)state;
    for (int i = 0; i < 8; i++) {
        assert_int_equal(backoff_ms(i, 0), want[i]);
        for (uint32_t random = 1; random < 5000; random += 7) {
            assert_true(backoff_ms(i, random) <= want[i]);
            assert_true(backoff_ms(i, random) >= want[i] * 4 / 5);
        }
    }
    assert_int_equal(backoff_ms(INT32_MAX, 0), 30000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_device_signs_as_gateways_expect),
        cmocka_unit_test(a_key_is_made_once_and_is_its_owners_alone),
        cmocka_unit_test(the_signed_text_has_its_parts_in_order),
        cmocka_unit_test(connect_offers_both_protocols_and_shows_one_secret),
        cmocka_unit_test(a_challenge_needs_a_nonce),
        cmocka_unit_test(a_hello_tells_scopes_tick_and_device_token),
        cmocka_unit_test(every_refusal_has_its_remedy),
        cmocka_unit_test(a_refusal_says_when_to_come_back),
        cmocka_unit_test(waits_double_up_to_half_a_minute_and_jitter_only_shortens),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
