/* show/metrics.h — the same report once more, as the text that Prometheus reads.
 *
 * Names follow the OpenTelemetry conventions for generative AI where these have one, and those of
 * Prometheus elsewhere. Labels are agents, models and limits only: never a person, session, project
 * or machine, so that the number of series stays small and says nothing of anyone.
 * SPDX-License-Identifier: MIT
 */
#ifndef SHOW_METRICS_H
#define SHOW_METRICS_H

#include "base/buf.h"
#include "limits/limits.h"
#include "report/report.h"
#include "store/store.h"

#define SHOW_METRICS_TYPE "text/plain; version=0.0.4; charset=utf-8"

/* What is told; all lent. */
struct metrics_parts {
    const struct report *models; /* by model, over all time */
    const struct limits *limits;
    const struct store_facts *facts;
};
void show_metrics(struct buf *out, const struct metrics_parts *what);

#endif
