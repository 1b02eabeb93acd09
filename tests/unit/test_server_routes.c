/* test_server_routes.c — paths find their rows, and nothing else does.
 * SPDX-License-Identifier: MIT
 */
#include "server/routes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void handle(struct server *server, const struct request *request, struct response *response)
{
    (void)server, (void)request, (void)response;
}

static const struct route table[] = {
    { METHOD_GET, "/", handle, 0 },
    { METHOD_GET, "/api/runs", handle, 0 },
    { METHOD_POST, "/api/runs", handle, 0 },
    { METHOD_GET, "/api/runs/{id}", handle, 0 },
    { METHOD_POST, "/api/runs/{id}/finish", handle, 0 },
    { METHOD_GET, "/api/{kind}/all/{id}", handle, 0 },
    { 0 },
};

#define BIT(method) (1u << METHOD_##method)

static void a_path_finds_its_row_and_its_parameters(void **state)
{
    static const struct {
        enum method method;
        const char *path;
        int row; /* -1: none */
        unsigned allowed;
        const char *params[2];
    } cases[] = {
        { METHOD_GET, "/", 0, BIT(GET), { NULL } },
        { METHOD_GET, "/api/runs", 1, BIT(GET) | BIT(POST), { NULL } },
        { METHOD_POST, "/api/runs", 2, BIT(GET) | BIT(POST), { NULL } },
        { METHOD_DELETE, "/api/runs", -1, BIT(GET) | BIT(POST), { NULL } },
        { METHOD_OTHER, "/api/runs", -1, BIT(GET) | BIT(POST), { NULL } },
        { METHOD_GET, "/api/runs/42", 3, BIT(GET), { "42" } },
        { METHOD_POST, "/api/runs/a b/finish", 4, BIT(POST), { "a b" } },
        { METHOD_GET, "/api/x/all/7", 5, BIT(GET), { "x", "7" } },
        { METHOD_GET, "/api/runs/", -1, 0, { NULL } },
        { METHOD_GET, "/api/runs/42/", -1, 0, { NULL } },
        { METHOD_GET, "//api/runs", -1, 0, { NULL } },
        { METHOD_GET, "/api", -1, 0, { NULL } },
        { METHOD_GET, "/api/runsx", -1, 0, { NULL } },
        { METHOD_GET, "/API/runs", -1, 0, { NULL } },
        { METHOD_GET, "", -1, 0, { NULL } },
        { METHOD_GET, "api/runs", -1, 0, { NULL } },
        { METHOD_GET, "/api/../api/runs", -1, 0, { NULL } },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct span params[REQUEST_PARAMS_MAX];
        unsigned allowed;
        const struct route *found =
            route_find(table, cases[i].method, span_of(cases[i].path), params, &allowed);

        if (found != (cases[i].row < 0 ? NULL : &table[cases[i].row]) ||
            allowed != cases[i].allowed)
            fail_msg("%s", cases[i].path);
        for (int p = 0; found && p < 2 && cases[i].params[p]; p++)
            assert_true(span_is(params[p], cases[i].params[p]));
    }
}

static void every_row_of_the_real_table_finds_itself(void **state)
{
    struct span params[REQUEST_PARAMS_MAX];
    unsigned allowed;

    (void)state;
    for (const struct route *route = routes; route->pattern; route++) {
        assert_ptr_equal(
            route_find(routes, route->method, span_of(route->pattern), params, &allowed), route);
        assert_non_null(route->handler);
        /* what is kept must not depend on who asks, and a write is never kept */
        if (route->flags & ROUTE_CACHED)
            assert_int_equal(route->method, METHOD_GET);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_path_finds_its_row_and_its_parameters),
        cmocka_unit_test(every_row_of_the_real_table_finds_itself),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
