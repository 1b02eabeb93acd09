/* cli/doctor.h — what the files of `tacho doctor` share.
 * SPDX-License-Identifier: MIT
 */
#ifndef CLI_DOCTOR_H
#define CLI_DOCTOR_H

#include "cli/cli_internal.h"
#include "report/sources.h"
#include "show/doctor.h"

struct store;

struct doctor {
    const struct cli *cli;
    struct store *store;           /* NULL where it cannot be opened */
    struct sources_report sources; /* empty until they were looked at */
    int64_t last_event_ms;         /* 0: none */
    struct finding *findings;
    size_t n, space;
};

/* `remedy` NULL: it is well. `says` goes over to the doctor. */
void doctor_add(struct doctor *d, const char *about, const char *remedy, char *says);

/* ---- doctor_system.c ---- */

/* May all folders that logs lie in be watched? */
void doctor_look_at_watches(struct doctor *d);
/* Who may read and write what is ours? */
void doctor_look_at_permissions(struct doctor *d);

#endif
