/* tests/unit/test_store_names.c — texts that are kept once and stand for a number.
 * SPDX-License-Identifier: MIT
 */
#include "ledger_bench.h"

static const struct {
    const char *why;
    struct span text;
} texts[] = {
    { "plain", SPAN_LIT("claude-opus-5") },
    { "nothing", SPAN_LIT("") },
    { "a NUL byte inside", SPAN_LIT("a\0b") },
    { "another one behind the same letter", SPAN_LIT("a\0c") },
    { "only the letter", SPAN_LIT("a") },
    { "the letter and a NUL byte", SPAN_LIT("a\0") },
    { "only a NUL byte", SPAN_LIT("\0") },
    { "no UTF-8", SPAN_LIT("\xff\xfe\xc3") },
    { "half a character", SPAN_LIT("caf\xc3") },
    { "a surrogate in three bytes", SPAN_LIT("\xed\xa0\x80") },
    { "blanks around it", SPAN_LIT(" a ") },
    { "another case", SPAN_LIT("A") },
    { "a digit that could be a number", SPAN_LIT("1") },
    { "the same as another number", SPAN_LIT("01") },
    { "a quote", SPAN_LIT("'); DROP TABLE event; --") },
    { "newlines", SPAN_LIT("a\nb\r\n") },
};
#define TEXTS (sizeof(texts) / sizeof(texts[0]))

static const struct name *name_of(struct store *store, enum name_kind kind, struct span text)
{
    struct err err = { 0 };
    const struct name *name = store_name(store, kind, text, &err);

    if (!name)
        fail_msg("%s", err.text);
    return name;
}

static void any_bytes_are_a_name_of_their_own(void **state)
{
    struct ledger_bench *b = *state;
    int32_t ids[TEXTS];
    size_t i, k;

    ledger_begin(b->store);
    for (i = 0; i < TEXTS; i++)
        ids[i] = name_of(b->store, NAME_PROJECT, texts[i].text)->id;
    ledger_commit(b->store);
    for (i = 0; i < TEXTS; i++) {
        assert_true(ids[i] > 0);
        for (k = 0; k < i; k++)
            assert_int_not_equal(ids[i], ids[k]);
    }

    /* Again, from the file, by another handle; by text and by number. */
    store_close(b->store);
    b->store = ledger_open(b->path, STORE_READ);
    for (i = 0; i < TEXTS; i++) {
        const struct name *name = name_of(b->store, NAME_PROJECT, texts[i].text);

        if (name->id != ids[i] || !span_eq(name->text, texts[i].text))
            fail_msg("%s came back as another", texts[i].why);
    }
    store_close(b->store);
    b->store = ledger_open(b->path, STORE_READ);
    for (i = 0; i < TEXTS; i++) {
        const struct name *name = names_by_id(b->store, ids[i], NULL);

        if (!name || !span_eq(name->text, texts[i].text))
            fail_msg("%s is not found by its number", texts[i].why);
        assert_ptr_equal(name, name_of(b->store, NAME_PROJECT, texts[i].text));
    }
}

static void an_absent_text_is_an_empty_name(void **state)
{
    struct ledger_bench *b = *state;
    const struct name *name;

    ledger_begin(b->store);
    name = name_of(b->store, NAME_PROJECT, SPAN_ABSENT);
    assert_ptr_equal(name, name_of(b->store, NAME_PROJECT, SPAN_LIT("")));
    ledger_commit(b->store);
}

static void kinds_of_names_do_not_meet(void **state)
{
    struct ledger_bench *b = *state;
    const struct name *agent, *model;

    ledger_begin(b->store);
    agent = name_of(b->store, NAME_AGENT, SPAN_LIT("same"));
    model = name_of(b->store, NAME_MODEL, SPAN_LIT("same"));
    assert_int_not_equal(agent->id, model->id);
    ledger_commit(b->store);
}

static void names_are_few_pointers_and_stay_where_they_are(void **state)
{
    static const struct name *kept[3000];
    struct ledger_bench *b = *state;
    int i;

    ledger_begin(b->store);
    for (i = 0; i < 3000; i++)
        kept[i] = ledger_name(b->store, NAME_MODEL, "m", i);
    for (i = 0; i < 3000; i++)
        assert_ptr_equal(kept[i], ledger_name(b->store, NAME_MODEL, "m", i));
    ledger_commit(b->store);
    assert_int_equal(ledger_ask(b->store, "SELECT count(*) FROM name"), 3000);
}

static void a_rollback_forgets_names_and_their_numbers(void **state)
{
    struct ledger_bench *b = *state;
    const struct name *agent, *session;
    struct err err = { 0 };
    int32_t id;

    ledger_begin(b->store);
    agent = name_of(b->store, NAME_AGENT, SPAN_LIT("kept"));
    ledger_commit(b->store);

    ledger_begin(b->store);
    name_of(b->store, NAME_MODEL, SPAN_LIT("lost"));
    assert_non_null(store_session(b->store, agent, SPAN_LIT("lost"), SPAN_ABSENT, NULL));
    store_rollback(b->store);
    assert_null(store_name(b->store, NAME_MODEL, SPAN_LIT("lost"), &err));
    assert_int_equal(err.kind, ERR_NOT_FOUND);

    /* Its number goes to somebody else, and must not lead to the old text. */
    ledger_begin(b->store);
    id = name_of(b->store, NAME_MODEL, SPAN_LIT("new"))->id;
    assert_true(span_is(names_by_id(b->store, id, NULL)->text, "new"));
    agent = name_of(b->store, NAME_AGENT, SPAN_LIT("kept"));
    session = store_session(b->store, agent, SPAN_LIT("new"), SPAN_ABSENT, NULL);
    assert_true(span_is(session_by_id(b->store, session->id, NULL)->text, "new"));
    ledger_commit(b->store);
    assert_int_equal(ledger_ask(b->store, "SELECT count(*) FROM name"), 2);
    assert_int_equal(ledger_ask(b->store, "SELECT count(*) FROM session"), 1);
}

static void closing_takes_an_open_transaction_back(void **state)
{
    struct ledger_bench *b = *state;

    ledger_begin(b->store);
    name_of(b->store, NAME_MODEL, SPAN_LIT("lost"));
    store_close(b->store);
    b->store = ledger_open(b->path, STORE_READ);
    assert_int_equal(ledger_ask(b->store, "SELECT count(*) FROM name"), 0);
}

static void sessions_belong_to_their_agent_and_keep_their_first_parent(void **state)
{
    struct ledger_bench *b = *state;
    const struct name *one, *two, *s, *t;

    ledger_begin(b->store);
    one = name_of(b->store, NAME_AGENT, SPAN_LIT("one"));
    two = name_of(b->store, NAME_AGENT, SPAN_LIT("two"));
    s = store_session(b->store, one, SPAN_LIT("s"), SPAN_LIT("parent"), NULL);
    t = store_session(b->store, two, SPAN_LIT("s"), SPAN_ABSENT, NULL);
    assert_int_not_equal(s->id, t->id);
    assert_ptr_equal(s, store_session(b->store, one, SPAN_LIT("s"), SPAN_ABSENT, NULL));
    ledger_commit(b->store);
    assert_int_equal(ledger_ask(b->store, "SELECT count(*) FROM session WHERE parent = 'parent'"),
                     1);
    assert_int_equal(ledger_ask(b->store, "SELECT count(*) FROM session WHERE parent IS NULL"), 1);
}

static void origins_differ_in_every_part(void **state)
{
    struct ledger_bench *b = *state;
    const struct origin *kept[32];
    int n = 0, i, k;

    ledger_begin(b->store);
    for (i = 0; i < 32; i++) {
        struct origin o = {
            .agent = ledger_name(b->store, NAME_AGENT, "a", i & 1),
            .project = ledger_name(b->store, NAME_PROJECT, "p", i >> 1 & 1),
            .machine = ledger_name(b->store, NAME_MACHINE, "m", i >> 2 & 1),
            .account = ledger_name(b->store, NAME_ACCOUNT, "c", i >> 3 & 1),
            .subagent = i >> 4 & 1,
        };

        kept[i] = store_origin(b->store, &o, NULL);
        assert_ptr_equal(kept[i], store_origin(b->store, &o, NULL));
    }
    for (i = 0; i < 32; i++) {
        for (k = 0; k < i; k++)
            n += kept[i]->id == kept[k]->id;
    }
    assert_int_equal(n, 0);
    ledger_commit(b->store);

    store_close(b->store);
    b->store = ledger_open(b->path, STORE_READ);
    for (i = 1; i <= 32; i++) {
        const struct origin *o = origin_by_id(b->store, i, NULL);

        assert_non_null(o);
        assert_int_equal(o->id, i);
        assert_int_equal(o->agent->text.p[2] - '0', (i - 1) & 1);
        assert_int_equal(o->project->text.p[2] - '0', (i - 1) >> 1 & 1);
        assert_int_equal(o->machine->text.p[2] - '0', (i - 1) >> 2 & 1);
        assert_int_equal(o->account->text.p[2] - '0', (i - 1) >> 3 & 1);
        assert_int_equal(o->subagent, (i - 1) >> 4 & 1);
        assert_ptr_equal(o, store_origin(b->store, o, NULL));
    }
}

static void a_number_that_leads_nowhere_is_damage(void **state)
{
    struct ledger_bench *b = *state;
    struct err err = { 0 };

    assert_null(names_by_id(b->store, 12345, &err));
    assert_int_equal(err.kind, ERR_DAMAGED);
    err = (struct err){ 0 };
    assert_null(session_by_id(b->store, 12345, &err));
    assert_int_equal(err.kind, ERR_DAMAGED);
    err = (struct err){ 0 };
    assert_null(origin_by_id(b->store, 12345, &err));
    assert_int_equal(err.kind, ERR_DAMAGED);
}

/* Kinds that no program writes: only a damaged page says such things. */
static void a_name_of_no_kind_is_damage(void **state)
{
    static const char *const kinds[] = { "0", "-1", "6", "256", "4294967297" };
    struct ledger_bench *b = *state;
    size_t i;

    for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        char *sql =
            xasprintf("INSERT INTO name(id, kind, text) VALUES(%zu, %s, 'x')", i + 1, kinds[i]);
        struct err err = { 0 };

        assert_int_equal(sqlite3_exec(b->store->db, sql, NULL, NULL, NULL), SQLITE_OK);
        if (names_by_id(b->store, (int32_t)i + 1, &err))
            fail_msg("kind %s was taken", kinds[i]);
        assert_int_equal(err.kind, ERR_DAMAGED);
        free(sql);
    }
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, ledger_set_up, ledger_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(any_bytes_are_a_name_of_their_own),
        TEST(an_absent_text_is_an_empty_name),
        TEST(kinds_of_names_do_not_meet),
        TEST(names_are_few_pointers_and_stay_where_they_are),
        TEST(a_rollback_forgets_names_and_their_numbers),
        TEST(closing_takes_an_open_transaction_back),
        TEST(sessions_belong_to_their_agent_and_keep_their_first_parent),
        TEST(origins_differ_in_every_part),
        TEST(a_number_that_leads_nowhere_is_damage),
        TEST(a_name_of_no_kind_is_damage),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
