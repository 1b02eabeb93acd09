/* tests/unit/test_ingest_files.c — whatever happens to log files, each answer counts once.
 *
 * Every story is told three times: to commands that start anew, to a process that looks at
 * everything again, and to one that follows changes.
 * SPDX-License-Identifier: MIT
 */
#include "ingest_bench.h"

#include <sys/wait.h>

#define A PROJECTS "-w/a.jsonl"
#define B PROJECTS "-w/b.jsonl"

typedef void story_fn(struct ingest_bench *b);

static void tell(story_fn *story)
{
    int look;

    for (look = 0; look < LOOKS; look++) {
        struct ingest_bench *b;

        ingest_set_up((void **)&b);
        b->look = (enum look)look;
        story(b);
        b->look = LOOK_ANEW; /* whoever looks next finds nothing to add or to take away */
        ingest_look(b, ingest_events(b), ingest_output(b));
        ingest_tear_down((void **)&b);
    }
}

#define STORY(test)                                                                                \
    static void story_##test(struct ingest_bench *b);                                              \
    static void test(void **state)                                                                 \
    {                                                                                              \
        (void)state;                                                                               \
        tell(story_##test);                                                                        \
    }                                                                                              \
    static void story_##test(struct ingest_bench *b)

/* ---- what files do ---- */

STORY(what_is_appended_is_added)
{
    ingest_answers(b, A, 1, 3);
    ingest_look(b, 3, 300);
    ingest_look(b, 3, 300);
    ingest_answers(b, A, 4, 4);
    ingest_look(b, 4, 400);
    ingest_answers(b, B, 5, 9);
    ingest_answers(b, A, 10, 10);
    ingest_look(b, 10, 1000);
}

STORY(an_answer_that_grows_counts_what_it_became)
{
    struct buf text = { 0 };
    int output;

    for (output = 1; output <= 5; output++) {
        buf_clear(&text);
        ingest_answer(&text, 1, output == 4 ? 2 : output * 10);
        buf_add_char(&text, '\n');
        ingest_append(b, A, text.p);
        ingest_look(b, 1, output == 4 ? 30 : output * 10);
    }
    buf_fini(&text);
}

STORY(a_file_that_is_cut_takes_nothing_away)
{
    ingest_answers(b, A, 1, 5);
    ingest_look(b, 5, 500);
    ingest_cut(b, A, 100);
    ingest_look(b, 5, 500);
    ingest_cut(b, A, 0);
    ingest_look(b, 5, 500);
    ingest_answers(b, A, 6, 6);
    ingest_look(b, 6, 600);
}

STORY(a_file_that_is_cut_and_grows_beyond_its_old_size_is_read_anew)
{
    ingest_answers(b, A, 1, 3);
    ingest_look(b, 3, 300);
    ingest_cut(b, A, 0);
    ingest_answers(b, A, 11, 20);
    ingest_look(b, 13, 1300);
}

STORY(a_file_that_was_replaced_by_one_of_the_same_size_is_read_anew)
{
    ingest_answers(b, A, 1, 3);
    ingest_look(b, 3, 300);
    ingest_answers(b, PROJECTS "-w/other", 4, 6);
    ingest_move(b, PROJECTS "-w/other", A);
    ingest_look(b, 6, 600);
}

STORY(a_file_that_is_moved_adds_nothing)
{
    ingest_answers(b, A, 1, 3);
    ingest_look(b, 3, 300);
    ingest_move(b, A, B);
    ingest_look(b, 3, 300);
    ingest_move(b, B, PROJECTS "-elsewhere/deep/er/c.jsonl");
    ingest_look(b, 3, 300);
    ingest_answers(b, PROJECTS "-elsewhere/deep/er/c.jsonl", 4, 4);
    ingest_look(b, 4, 400);
}

STORY(a_file_that_is_rotated_goes_on_under_its_old_name)
{
    ingest_answers(b, A, 1, 3);
    ingest_look(b, 3, 300);
    ingest_move(b, A, PROJECTS "-w/a.1.jsonl");
    ingest_answers(b, A, 4, 5);
    ingest_look(b, 5, 500);
    ingest_answers(b, PROJECTS "-w/a.1.jsonl", 6, 6); /* the last words of the old one */
    ingest_answers(b, A, 7, 7);
    ingest_look(b, 7, 700);
}

STORY(a_file_that_is_deleted_stays_counted)
{
    ingest_answers(b, A, 1, 3);
    ingest_look(b, 3, 300);
    ingest_delete(b, A);
    ingest_look(b, 3, 300);
    ingest_answers(b, A, 2, 5); /* likely the same inode */
    ingest_look(b, 5, 500);
}

STORY(a_copy_adds_only_what_is_new_in_it)
{
    ingest_answers(b, A, 1, 4);
    ingest_look(b, 4, 400);
    ingest_answers(b, B, 1, 4);
    ingest_answers(b, B, 5, 6);
    ingest_look(b, 6, 600);
    ingest_delete(b, A);
    ingest_look(b, 6, 600);
}

STORY(the_logs_folder_may_appear_later)
{
    ingest_look(b, 0, 0);
    ingest_answers(b, A, 1, 2);
    ingest_look(b, 2, 200);
    ingest_answers(b, ".config/claude/projects/-x/c.jsonl", 3, 3);
    ingest_look(b, 3, 300);
}

STORY(what_is_no_log_is_left_alone)
{
    ingest_answers(b, PROJECTS "-w/a.json", 1, 1);
    ingest_answers(b, PROJECTS "-w/a.jsonl.bak", 2, 2);
    ingest_answers(b, PROJECTS "-w/s/subagents/workflows/f/journal.jsonl", 3, 3);
    ingest_answers(b, ".claude/todos/a.jsonl", 4, 4);
    ingest_look(b, 0, 0);
}

/* ---- what is in them ---- */

STORY(lines_end_in_many_ways)
{
    struct buf text = { 0 };

    buf_add_text(&text, "\xef\xbb\xbf"); /* a byte order mark */
    ingest_answer(&text, 1, 100);
    buf_add_text(&text, "\r\n\r\n\n  \n");
    ingest_answer(&text, 2, 100);
    buf_add(&text, "\0\0\0\n", 4);
    buf_add(&text, "\0\0", 2);
    ingest_answer(&text, 3, 100);
    buf_add_text(&text, "\n{\"text\":\"no UTF-8: \xff\xc3\"}\nnonsense\n");
    ingest_answer(&text, 4, 100);
    buf_add_char(&text, '\n');
    ingest_write(b, A, buf_span(&text), 0);
    buf_fini(&text);
    ingest_look(b, 4, 400);
    assert_int_equal(ledger_ask(b->ledger->store, "SELECT sum(count) FROM problem"), 1);
    ingest_look(b, 4, 400);
    assert_int_equal(ledger_ask(b->ledger->store, "SELECT sum(count) FROM problem"), 1);
}

STORY(a_tail_of_nul_bytes_is_passed_over)
{
    struct buf text = { 0 };
    int i;

    ingest_answer(&text, 1, 100);
    buf_add_char(&text, '\n');
    for (i = 0; i < 5000; i++)
        buf_add_char(&text, '\0');
    ingest_write(b, A, buf_span(&text), 0);
    buf_fini(&text);
    ingest_look(b, 1, 100);
    ingest_append(b, A, "\n");
    ingest_answers(b, A, 2, 2);
    ingest_look(b, 2, 200);
}

STORY(usage_at_the_end_of_a_very_long_line_counts)
{
    struct buf text = { 0 };

    buf_add_text(&text, "{\"text\":\"");
    buf_reserve(&text, 20 << 20);
    while (text.len < 20 << 20)
        buf_add_text(&text, "the \\\"usage\\\" of a very long tale, ");
    buf_add_text(&text, "\",");
    ingest_answer(&text, 1, 100);
    text.p[text.len - strlen(strchr(text.p + (20 << 20), '{'))] = ' ';
    buf_add_char(&text, '\n');
    ingest_write(b, A, buf_span(&text), 0);
    buf_fini(&text);
    ingest_answers(b, A, 2, 2);
    ingest_look(b, 2, 200);
}

/* A hole in the file: a hundred million bytes without a newline that nobody has to write. */
STORY(a_line_too_long_for_any_answer_is_passed_over_and_told)
{
    ingest_answers(b, A, 1, 1);
    ingest_append(b, A, "{\"text\":\"");
    ingest_cut(b, A, 100000000);
    ingest_append(b, A, "\"}\n");
    ingest_answers(b, A, 2, 2);
    ingest_look(b, 2, 200);
    assert_int_equal(ledger_ask(b->ledger->store, "SELECT sum(count) FROM problem"), 1);
    assert_int_equal(ledger_ask(b->ledger->store, "SELECT max(kind) FROM problem"),
                     PROBLEM_TOO_LONG);
    ingest_answers(b, A, 3, 3);
    ingest_look(b, 3, 300);
    assert_int_equal(ledger_ask(b->ledger->store, "SELECT sum(count) FROM problem"), 1);
}

/* ---- the last line ---- */

static void a_torn_last_line_waits_for_its_other_half(void **state)
{
    struct buf text = { 0 };
    int look;
    size_t cut;

    (void)state;
    ingest_answer(&text, 2, 100);
    for (look = 0; look < LOOKS; look++) {
        for (cut = 1; cut < text.len; cut += 37) {
            struct ingest_bench *b;

            ingest_set_up((void **)&b);
            b->look = (enum look)look;
            ingest_answers(b, A, 1, 1);
            ingest_write(b, A, (struct span){ text.p, cut }, O_APPEND);
            ingest_look(b, 1, 100);
            ingest_append(b, A, text.p + cut);
            ingest_look(b, look == LOOK_ANEW ? 2 : 1, look == LOOK_ANEW ? 200 : 100);
            ingest_append(b, A, "\n");
            ingest_look(b, 2, 200);
            ingest_answers(b, A, 3, 3);
            ingest_look(b, 3, 300);
            assert_int_equal(ledger_ask(b->ledger->store, "SELECT count(*) FROM problem"), 0);
            ingest_tear_down((void **)&b);
        }
    }
    buf_fini(&text);
}

/* Without any id of its own an answer is known by its bytes: the newline must not make it another.
 */
static void a_last_line_without_ids_is_not_counted_again_with_its_newline(void **state)
{
    struct ingest_bench *b = *state;

    ingest_append(b, A,
                  "{\"type\":\"assistant\",\"message\":{\"model\":\"m\",\"usage\":"
                  "{\"output_tokens\":100}}}");
    ingest_look(b, 1, 100);
    ingest_append(b, A, "\r\n");
    ingest_look(b, 1, 100);
    ingest_answers(b, A, 2, 2);
    ingest_look(b, 2, 200);
}

/* ---- where they are ---- */

static void the_variable_names_folders_in_many_ways_and_then_no_others(void **state)
{
    struct ingest_bench *b = *state;
    char *list = xasprintf(" ~/one , ,%s/two/projects,%s/three,~/one/projects,/nowhere,%s/four",
                           b->home, b->home, b->home);

    ingest_answers(b, "one/projects/-w/a.jsonl", 1, 1);
    ingest_answers(b, "two/projects/-w/b.jsonl", 2, 2);
    ingest_answers(b, "three/projects/-w/c.jsonl", 3, 3);
    ingest_answers(b, "four/-w/d.jsonl", 4, 4); /* the folder of logs itself */
    ingest_answers(b, A, 9, 9);
    *ingest_config_dir() = list;
    ingest_look(b, 4, 400);
    *ingest_config_dir() = "";
    ingest_look(b, 5, 500);
    *ingest_config_dir() = " , ";
    ingest_look(b, 5, 500);
    *ingest_config_dir() = NULL;
    free(list);
}

static void projects_are_named_by_their_folder_where_lines_do_not_tell(void **state)
{
    struct ingest_bench *b = *state;

    ingest_append(b, A,
                  "{\"type\":\"assistant\",\"message\":{\"id\":\"x\",\"model\":\"m\","
                  "\"usage\":{\"output_tokens\":100}}}\n");
    ingest_answers(b, A, 1, 1);
    ingest_look(b, 2, 200);
    assert_int_equal(ledger_ask(b->ledger->store, "SELECT count(*) FROM name WHERE kind = 3"
                                                  " AND text IN ('-w', '/w')"),
                     2);
}

/* ---- files that cannot be read ---- */

/* Root may read everything: so it is not root that looks. */
static void look_as_a_stranger(struct ingest_bench *b, int64_t events, int64_t output)
{
    bool root = geteuid() == 0;

    if (root)
        assert_int_equal(seteuid(65534), 0);
    ingest_look(b, events, output);
    if (root)
        assert_int_equal(seteuid(0), 0);
}

static void make_mode(const struct ingest_bench *b, const char *below, mode_t mode)
{
    char *path = ingest_path(b, below);

    assert_int_equal(chmod(path, mode), 0);
    free(path);
}

static void tell_of_unreadable_file(enum look look)
{
    struct ingest_bench *b;

    ingest_set_up((void **)&b);
    b->look = look;
    ingest_answers(b, A, 1, 2);
    ingest_answers(b, B, 3, 3);
    /* path_make gives folders to their owner alone */
    make_mode(b, "", 0755);
    make_mode(b, ".claude", 0755);
    make_mode(b, PROJECTS, 0755);
    make_mode(b, PROJECTS "-w", 0755);
    make_mode(b, A, 0);
    look_as_a_stranger(b, 1, 100);
    look_as_a_stranger(b, 1, 100);
    make_mode(b, A, 0644);
    look_as_a_stranger(b, 3, 300);
    ingest_tear_down((void **)&b);
}

static void a_file_that_could_not_be_read_is_read_once_it_can_be(void **state)
{
    (void)state;
    tell_of_unreadable_file(LOOK_ANEW);
    tell_of_unreadable_file(LOOK_AGAIN);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, ingest_set_up, ingest_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_appended_is_added),
        cmocka_unit_test(an_answer_that_grows_counts_what_it_became),
        cmocka_unit_test(a_file_that_is_cut_takes_nothing_away),
        cmocka_unit_test(a_file_that_is_cut_and_grows_beyond_its_old_size_is_read_anew),
        cmocka_unit_test(a_file_that_was_replaced_by_one_of_the_same_size_is_read_anew),
        cmocka_unit_test(a_file_that_is_moved_adds_nothing),
        cmocka_unit_test(a_file_that_is_rotated_goes_on_under_its_old_name),
        cmocka_unit_test(a_file_that_is_deleted_stays_counted),
        cmocka_unit_test(a_copy_adds_only_what_is_new_in_it),
        cmocka_unit_test(the_logs_folder_may_appear_later),
        cmocka_unit_test(what_is_no_log_is_left_alone),
        cmocka_unit_test(lines_end_in_many_ways),
        cmocka_unit_test(a_tail_of_nul_bytes_is_passed_over),
        cmocka_unit_test(usage_at_the_end_of_a_very_long_line_counts),
        cmocka_unit_test(a_line_too_long_for_any_answer_is_passed_over_and_told),
        cmocka_unit_test(a_torn_last_line_waits_for_its_other_half),
        TEST(a_last_line_without_ids_is_not_counted_again_with_its_newline),
        TEST(the_variable_names_folders_in_many_ways_and_then_no_others),
        TEST(projects_are_named_by_their_folder_where_lines_do_not_tell),
        cmocka_unit_test(a_file_that_could_not_be_read_is_read_once_it_can_be),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
