/* test_server_guard.c — which hosts, origins and proxies pass.
 * SPDX-License-Identifier: MIT
 */
#include "config/config.h"
#include "server/guard.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define TEXT(literal) ((char[]){ literal }) /* the configuration owns its texts */

static char *hosts[] = { TEXT("Tacho.Example.org"), TEXT("box:9000"), NULL };
static char *origins[] = { TEXT("https://dash.example.org"), TEXT("http://localhost:5173"), NULL };
static char *proxies[] = { TEXT("10.0.0.2"), TEXT("192.168.0.0/16"), TEXT("fd00::/8"), NULL };

static void open_guard(struct guard *guard, const char *listen)
{
    struct config config = { .listen = (char *)(uintptr_t)listen,
                             .hosts = hosts,
                             .allowed_origins = origins,
                             .trust_proxy = proxies };
    struct err err;

    assert_int_equal(guard_init(guard, &config, &err), 0);
}

static void hosts_are_served_by_name_whatever_the_port(void **state)
{
    static const struct {
        const char *why, *listen, *host;
        bool served;
    } cases[] = {
        { "loopback by name", "127.0.0.1", "localhost", true },
        { "in capitals and with a port", "127.0.0.1", "LocalHost:1", true },
        { "loopback, IPv4", "127.0.0.1", "127.0.0.1:65535", true },
        { "loopback, IPv6", "127.0.0.1", "[::1]:8224", true },
        { "a name of --host", "127.0.0.1", "tacho.example.org:443", true },
        { "its port does not matter", "127.0.0.1", "box", true },
        { "the listen address", "192.0.2.7", "192.0.2.7:8224", true },
        { "the listen address, IPv6 written otherwise", "2001:db8::1", "[2001:db8:0::1]", true },
        { "a name to listen on", "Nas.lan", "nas.lan:8224", true },
        { "any address when listening on all", "0.0.0.0", "198.51.100.3", true },
        { "any address when listening on all, IPv6", "::", "[2001:db8::9]:80", true },
        { "a name when listening on all", "0.0.0.0", "evil.example", false },
        { "another address", "192.0.2.7", "192.0.2.8", false },
        { "another name", "127.0.0.1", "evil.example", false },
        { "our name as a label", "127.0.0.1", "localhost.evil.example", false },
        { "our name behind one", "127.0.0.1", "evil-localhost", false },
        { "a number that means loopback", "127.0.0.1", "2130706433", false },
        { "nothing", "127.0.0.1", "", false },
        { "a port alone", "127.0.0.1", ":8224", false },
        { "a port that is none", "127.0.0.1", "localhost:0", false },
        { "a port too high", "127.0.0.1", "localhost:65536", false },
        { "a port of letters", "127.0.0.1", "localhost:http", false },
        { "a missing port", "127.0.0.1", "localhost:", false },
        { "a user in front", "127.0.0.1", "localhost@evil.example", false },
        { "a path behind", "127.0.0.1", "localhost/x", false },
        { "two names", "127.0.0.1", "localhost, evil.example", false },
        { "an open bracket", "127.0.0.1", "[::1", false },
        { "something behind the bracket", "127.0.0.1", "[::1]x", false },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct guard guard;

        open_guard(&guard, cases[i].listen);
        if (guard_serves(&guard, span_of(cases[i].host)) != cases[i].served)
            fail_msg("%s: %s", cases[i].why, cases[i].host);
        guard_fini(&guard);
    }
}

static void origins_are_our_own_allowed_or_foreign(void **state)
{
    static const struct {
        const char *why, *origin, *host;
        enum origin_verdict want;
    } cases[] = {
        { "our page", "http://127.0.0.1:8224", "127.0.0.1:8224", ORIGIN_SAME },
        { "through a tunnel", "http://localhost:9999", "localhost:9999", ORIGIN_SAME },
        { "default port of http", "http://box", "box:80", ORIGIN_SAME },
        { "default port of https behind a proxy", "https://box", "box", ORIGIN_SAME },
        { "https on our port", "https://box:8224", "box:8224", ORIGIN_SAME },
        { "IPv6", "http://[::1]:8224", "[::1]:8224", ORIGIN_SAME },
        { "capitals", "http://LOCALHOST:1", "localhost:1", ORIGIN_SAME },
        { "allowed", "https://dash.example.org", "localhost:8224", ORIGIN_ALLOWED },
        { "allowed with its port", "https://dash.example.org:443", "localhost", ORIGIN_ALLOWED },
        { "allowed with a port of its own", "http://localhost:5173", "localhost", ORIGIN_ALLOWED },
        { "another scheme", "http://dash.example.org:443", "localhost", ORIGIN_FOREIGN },
        { "another scheme's port", "http://dash.example.org", "localhost", ORIGIN_FOREIGN },
        { "another port", "https://dash.example.org:444", "localhost", ORIGIN_FOREIGN },
        { "another port of ours", "http://127.0.0.1:1", "127.0.0.1:2", ORIGIN_FOREIGN },
        { "another site", "https://evil.example", "localhost", ORIGIN_FOREIGN },
        { "an allowed name as a label", "https://dash.example.org.evil", "x", ORIGIN_FOREIGN },
        { "null", "null", "null", ORIGIN_FOREIGN },
        { "empty", "", "localhost", ORIGIN_FOREIGN },
        { "a file", "file://", "localhost", ORIGIN_FOREIGN },
        { "an extension", "chrome-extension://abcdef", "abcdef", ORIGIN_FOREIGN },
        { "a path", "http://localhost/x", "localhost", ORIGIN_FOREIGN },
        { "a user", "http://a@localhost", "localhost", ORIGIN_FOREIGN },
        { "no host to compare with", "http://localhost", "", ORIGIN_FOREIGN },
    };
    struct guard guard;

    (void)state;
    open_guard(&guard, "127.0.0.1");
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        if (guard_origin(&guard, span_of(cases[i].origin), span_of(cases[i].host)) != cases[i].want)
            fail_msg("%s: %s at %s", cases[i].why, cases[i].origin, cases[i].host);
    guard_fini(&guard);
}

static void proxies_are_trusted_by_address_and_network(void **state)
{
    static const struct {
        const char *peer;
        bool trusted;
    } cases[] = {
        { "10.0.0.2", true },        { "10.0.0.3", false },  { "192.168.255.1", true },
        { "192.169.0.1", false },    { "fd12::1", true },    { "fe80::1", false },
        { "::ffff:10.0.0.2", true }, { "127.0.0.1", false },
    };
    struct address peer;
    struct guard guard;

    (void)state;
    open_guard(&guard, "127.0.0.1");
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_true(address_parse(span_of(cases[i].peer), &peer));
        if (guard_trusts(&guard, &peer) != cases[i].trusted)
            fail_msg("%s", cases[i].peer);
    }
    guard_fini(&guard);
}

static void values_that_make_no_sense_are_named(void **state)
{
    static const struct {
        size_t list; /* its place in the configuration */
        const char *value, *option;
    } cases[] = {
        { offsetof(struct config, hosts), "a b", "--host" },
        { offsetof(struct config, allowed_origins), "*", "--allow-origin" },
        { offsetof(struct config, allowed_origins), "localhost", "--allow-origin" },
        { offsetof(struct config, allowed_origins), "http://x/y", "--allow-origin" },
        { offsetof(struct config, trust_proxy), "proxy", "--trust-proxy" },
        { offsetof(struct config, trust_proxy), "10.0.0.0/33", "--trust-proxy" },
        { offsetof(struct config, trust_proxy), "10.0.0.0/", "--trust-proxy" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char *list[] = { (char *)(uintptr_t)cases[i].value, NULL };
        char **lent = list;
        struct config config = { .listen = TEXT("127.0.0.1") };
        struct guard guard;
        struct err err;

        memcpy((char *)&config + cases[i].list, &lent, sizeof(lent));
        assert_int_equal(guard_init(&guard, &config, &err), -1);
        assert_int_equal(err.kind, ERR_USAGE);
        assert_non_null(strstr(err.text, cases[i].option));
        assert_non_null(strstr(err.text, cases[i].value));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hosts_are_served_by_name_whatever_the_port),
        cmocka_unit_test(origins_are_our_own_allowed_or_foreign),
        cmocka_unit_test(proxies_are_trusted_by_address_and_network),
        cmocka_unit_test(values_that_make_no_sense_are_named),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
