/* test_net_loop.c — timers fire in order, once, and wakes arrive from threads and signals.
 * SPDX-License-Identifier: MIT
 */
#include "net/loop.h"

#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { MAX_FDS = 256 };

/* What happened in a test, letter by letter. */
struct story {
    struct net_loop *loop;
    char text[64];
    struct net_timer timers[4];
    int wakes;
};

struct line {
    struct story *story;
    char letter;
};

static void tell(struct story *s, char letter)
{
    size_t n = strlen(s->text);

    assert_true(n + 1 < sizeof(s->text));
    s->text[n] = letter;
}

static void on_letter(void *to)
{
    struct line *line = to;

    tell(line->story, line->letter);
}

static void on_end(void *to)
{
    struct story *s = to;

    net_loop_stop(s->loop);
}

static int setup(void **state)
{
    static struct story story;
    struct err err;

    memset(&story, 0, sizeof(story));
    if (net_loop_new(&story.loop, MAX_FDS, &err) < 0)
        return -1;
    *state = &story;
    return 0;
}

static int teardown(void **state)
{
    struct story *s = *state;

    net_loop_free(s->loop);
    return 0;
}

static void timers_fire_in_order_of_time_and_not_of_setting(void **state)
{
    struct story *s = *state;
    struct line lines[] = { { s, 'c' }, { s, 'a' }, { s, 'b' } };
    int64_t delays[] = { 30, 5, 15 };

    for (int i = 0; i < 3; i++) {
        s->timers[i] = (struct net_timer){ .fn = on_letter, .to = &lines[i] };
        net_timer_set(s->loop, &s->timers[i], delays[i]);
    }
    s->timers[3] = (struct net_timer){ .fn = on_end, .to = s };
    net_timer_set(s->loop, &s->timers[3], 40);
    net_loop_run(s->loop);
    assert_string_equal(s->text, "abc");
    for (int i = 0; i < 4; i++)
        assert_false(s->timers[i].armed);
}

static void a_cancelled_timer_stays_silent_and_a_second_cancel_is_fine(void **state)
{
    struct story *s = *state;
    struct line line = { s, 'x' };

    s->timers[0] = (struct net_timer){ .fn = on_letter, .to = &line };
    s->timers[1] = (struct net_timer){ .fn = on_end, .to = s };
    net_timer_set(s->loop, &s->timers[0], 5);
    net_timer_set(s->loop, &s->timers[1], 10);
    net_timer_cancel(s->loop, &s->timers[0]);
    net_timer_cancel(s->loop, &s->timers[0]);
    net_loop_run(s->loop);
    assert_string_equal(s->text, "");
}

static void setting_a_timer_again_moves_it(void **state)
{
    struct story *s = *state;
    struct line a = { s, 'a' }, b = { s, 'b' };

    s->timers[0] = (struct net_timer){ .fn = on_letter, .to = &a };
    s->timers[1] = (struct net_timer){ .fn = on_letter, .to = &b };
    s->timers[2] = (struct net_timer){ .fn = on_end, .to = s };
    net_timer_set(s->loop, &s->timers[0], 5);
    net_timer_set(s->loop, &s->timers[1], 10);
    net_timer_set(s->loop, &s->timers[0], 20);
    net_timer_set(s->loop, &s->timers[2], 30);
    net_loop_run(s->loop);
    assert_string_equal(s->text, "ba");
}

static void on_again(void *to)
{
    struct story *s = to;

    tell(s, 'r');
    if (strlen(s->text) == 3)
        net_loop_stop(s->loop);
    else
        net_timer_set(s->loop, &s->timers[0], 0);
}

static void a_timer_may_set_itself_again_without_holding_the_loop(void **state)
{
    struct story *s = *state;

    s->timers[0] = (struct net_timer){ .fn = on_again, .to = s };
    net_timer_set(s->loop, &s->timers[0], 0);
    net_loop_run(s->loop);
    assert_string_equal(s->text, "rrr");
}

static void on_wake(void *to)
{
    struct story *s = to;

    s->wakes++;
    net_loop_stop(s->loop);
}

static void many_wakes_before_the_loop_runs_count_once(void **state)
{
    struct story *s = *state;

    net_loop_on_wake(s->loop, on_wake, s);
    for (int i = 0; i < 1000; i++)
        net_loop_wake(s->loop);
    net_loop_run(s->loop);
    assert_int_equal(s->wakes, 1);
}

static void *wake_from_thread(void *to)
{
    net_loop_wake(to);
    return NULL;
}

static void another_thread_wakes_a_sleeping_loop(void **state)
{
    struct story *s = *state;
    pthread_t thread;

    net_loop_on_wake(s->loop, on_wake, s);
    assert_int_equal(pthread_create(&thread, NULL, wake_from_thread, s->loop), 0);
    net_loop_run(s->loop);
    pthread_join(thread, NULL);
    assert_int_equal(s->wakes, 1);
}

static struct net_loop *signalled; /* a handler has no other way to know */

static void on_signal(int number)
{
    (void)number;
    net_loop_wake(signalled);
}

static void a_signal_handler_wakes_the_loop(void **state)
{
    struct story *s = *state;
    struct sigaction action = { .sa_handler = on_signal };

    signalled = s->loop;
    assert_int_equal(sigaction(SIGUSR1, &action, NULL), 0);
    net_loop_on_wake(s->loop, on_wake, s);
    raise(SIGUSR1);
    net_loop_run(s->loop);
    assert_int_equal(s->wakes, 1);
}

static void the_loop_tells_how_many_descriptors_it_may_have(void **state)
{
    struct story *s = *state;

    assert_int_equal(net_loop_max_fds(s->loop), MAX_FDS);
    assert_non_null(net_loop_context(s->loop));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
        T(timers_fire_in_order_of_time_and_not_of_setting),
        T(a_cancelled_timer_stays_silent_and_a_second_cancel_is_fine),
        T(setting_a_timer_again_moves_it),
        T(a_timer_may_set_itself_again_without_holding_the_loop),
        T(many_wakes_before_the_loop_runs_count_once),
        T(another_thread_wakes_a_sleeping_loop),
        T(a_signal_handler_wakes_the_loop),
        T(the_loop_tells_how_many_descriptors_it_may_have),
#undef T
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
