/* show/runs.h — runs as JSON for programs and as a table for people.
 * SPDX-License-Identifier: MIT
 */
#ifndef SHOW_RUNS_H
#define SHOW_RUNS_H

#include "base/json_out.h"
#include "report/runs.h"
#include "show/show.h"

/* The object `Run` of the API. */
void show_run(struct json_out *out, const struct report_run *run);
/* [Run, …] */
void show_run_list(struct json_out *out, const struct report_runs *runs);
/* [{"model","input",…}, …] */
void show_run_models(struct json_out *out, const struct report_run_models *models);

#endif
