/* source/demo.c — see demo.h.
 * SPDX-License-Identifier: MIT
 */
#include "source/demo.h"

#include "base/civil.h"
#include "base/hash.h"

#include <inttypes.h>

static const char *const models[DEMO_MODELS] = { "claude-opus-5-5", "claude-sonnet-5-5",
                                                 "claude-haiku-5-5" };
static const char *const projects[DEMO_PROJECTS] = { "harbour", "lighthouse", "tidewater",
                                                     "pilot-boat" };

void demo_path(struct buf *out, const struct demo_turn *turn)
{
    buf_printf(out, "-home-demo-%s/demo-%" PRId64 ".jsonl", projects[turn->project], turn->session);
}

void demo_line(struct buf *out, const struct demo_turn *turn)
{
    uint64_t id = hash_mix((uint64_t)turn->at_ms, (uint64_t)turn->session);
    char stamp[CIVIL_TIME_SIZE];

    civil_format_iso(turn->at_ms, stamp);
    buf_printf(out,
               "{\"type\":\"assistant\",\"timestamp\":\"%s\",\"sessionId\":\"demo-%" PRId64 "\","
               "\"requestId\":\"req_%016" PRIx64 "\",\"uuid\":\"u-%016" PRIx64 "\","
               "\"isSidechain\":false,\"cwd\":\"/home/demo/%s\",\"version\":\"2.1.250\",",
               stamp, turn->session, id, id, projects[turn->project]);
    buf_printf(
        out,
        "\"message\":{\"id\":\"msg_%016" PRIx64 "\",\"role\":\"assistant\","
        "\"model\":\"%s\",\"stop_reason\":\"end_turn\",\"content\":[],"
        "\"usage\":{\"input_tokens\":%" PRId64 ",\"output_tokens\":%" PRId64 ","
        "\"cache_read_input_tokens\":%" PRId64 ",\"cache_creation_input_tokens\":%" PRId64 "}}}\n",
        id, models[turn->model], turn->input, turn->output, turn->cache_read, turn->cache_write);
}
