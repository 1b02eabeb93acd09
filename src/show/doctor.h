/* show/doctor.h — what was found about the program and its surroundings.
 * SPDX-License-Identifier: MIT
 */
#ifndef SHOW_DOCTOR_H
#define SHOW_DOCTOR_H

#include "show/show.h"

/* One thing that was looked at. */
struct finding {
    const char *about; /* "ledger": one word */
    bool ok;
    char *says;         /* one sentence or less */
    const char *remedy; /* what helps, where it is not ok; else NULL */
};

/* A line each, the remedy of what is not well below it. */
void show_findings(struct buf *out, const struct finding *findings, size_t n,
                   const struct show_style *style);
/* {"ok": true, "findings": […]} */
void show_findings_json(struct buf *out, const struct finding *findings, size_t n);

#endif
