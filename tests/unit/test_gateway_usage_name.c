/* Tests of gateway/usage_name.c: one name for a model, however it is spelled.
 * SPDX-License-Identifier: MIT
 */
#include "gateway_bench.h"

/* The key that a session with these members counts under. */
#define KEY(members, key)                                                                          \
    {                                                                                              \
        members, SESSIONS("{" members "}"), "top_sessions|0|model", key                            \
    }
#define MODEL(model, plain)   KEY("'model':'" model "'", "'anthropic/" plain "'")
#define PROVIDER(said, meant) KEY("'model':'heron','provider':" said, "'" meant "/heron'")

static void providers_have_one_name(void **state)
{
    static const struct gateway_row rows[] = {
        PROVIDER("'openai'", "openai"),
        PROVIDER("'  OpenAI\\t'", "openai"),
        PROVIDER("'claude'", "anthropic"),
        PROVIDER("'Codex'", "openai"),
        PROVIDER("'local'", "ollama"),
        PROVIDER("'gemini'", "google"),
        PROVIDER("'claude-code'", "claude-code"),
        PROVIDER("''", "anthropic"),
        PROVIDER("'   '", "anthropic"),
        PROVIDER("null", "anthropic"),
        PROVIDER("7", "anthropic"),
        PROVIDER("['openai']", "anthropic"),
        KEY("'model':'heron'", "'anthropic/heron'"),
        KEY("'model':'heron','modelProvider':'xai'", "'xai/heron'"),
        KEY("'model':'heron','modelProvider':'xai','provider':'openai'", "'xai/heron'"),
        KEY("'model':'heron','modelProvider':' ','provider':'openai'", "'openai/heron'"),
    };

    gateway_check_all(state, rows, COUNT(rows));
}

static void models_have_one_name(void **state)
{
    static const struct gateway_row rows[] = {
        MODEL("Claude-Opus-5", "claude-opus-5"),
        MODEL("  heron-9 ", "heron-9"),
        MODEL("anthropic/heron-9", "heron-9"),
        MODEL("a/b/heron-9", "b/heron-9"),
        MODEL("heron-20260101", "heron"),
        MODEL("heron-latest", "heron"),
        MODEL("heron-preview", "heron"),
        MODEL("heron-instruct", "heron"),
        MODEL("heron-chat", "heron"),
        MODEL("heron-v2", "heron"),
        MODEL("heron-v2.10", "heron"),
        MODEL("heron-V12.0.3", "heron"),
        MODEL("heron-preview-20260101", "heron-preview"),
        MODEL("heron-20260101-preview", "heron-20260101"),
        MODEL("heron-2026-01-01", "heron-2026-01-01"),
        MODEL("heron-2026010", "heron-2026010"),
        MODEL("heron-120260101", "heron-120260101"),
        MODEL("heron20260101", "heron20260101"),
        MODEL("heron-v", "heron-v"),
        MODEL("heron-v2.", "heron-v2."),
        MODEL("heron-v.2", "heron-v.2"),
        MODEL("heron-rev2", "heron-rev2"),
        MODEL("heronv2", "heronv2"),
        MODEL("heron-2", "heron-2"),
        MODEL("heron-chatty", "heron-chatty"),
        MODEL("-latest", "-latest"),
        MODEL("-v2", "-v2"),
        MODEL("openai/", "openai/"),
        MODEL("openai/-chat", "openai/-chat"),
        MODEL("/", "/"),
        MODEL("v2", "v2"),
        KEY("'modelName':'heron'", "'anthropic/heron'"),
        KEY("'modelName':'b','model':'heron'", "'anthropic/heron'"),
        KEY("'model':''", "null"),
        KEY("'model':'  '", "null"),
        KEY("'model':null", "null"),
        KEY("'model':12", "null"),
        KEY("'provider':'openai'", "null"),
    };

    gateway_check_all(state, rows, COUNT(rows));
}

static void a_row_knows_its_parts(void **state)
{
#define R SESSIONS("{'model':'openai/Heron-9-latest','provider':'Codex','outputTokens':3}")
    static const struct gateway_row rows[] = {
        { "provider", R, "per_model|openai/heron-9|provider", "'openai'" },
        { "model", R, "per_model|openai/heron-9|model", "'heron-9'" },
        { "account", R, "per_model|openai/heron-9|account_key", "'default'" },
        { "account as configured", "{'account_key':'team','sessions':[{'id':'a'}]}",
          "per_model|anthropic/unknown|account_key", "'team'" },
        { "no model is unknown", SESSIONS("{'outputTokens':3}"),
          "per_model|anthropic/unknown|total_tokens", "3" },
        { "spellings add up",
          SESSIONS("{'model':'heron','outputTokens':3},{'model':'x/Heron-v2','outputTokens':4}"),
          "per_model|anthropic/heron|output_tokens", "7" },
        { "one that has no price makes the row unpriced",
          SESSIONS("{'model':'claude-opus-4-7-v9'},{'model':'claude-opus-4-7'}"),
          "per_model|anthropic/claude-opus-4-7|unpriced", "false" },
    };

    gateway_check_all(state, rows, COUNT(rows));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(providers_have_one_name),
        cmocka_unit_test(models_have_one_name),
        cmocka_unit_test(a_row_knows_its_parts),
    };

    return cmocka_run_group_tests(tests, gateway_set_up, gateway_tear_down);
}
