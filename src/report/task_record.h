/* report/task_record.h — tasks as JSON: read strictly, with a sentence for what is wrong.
 *
 *   {"id":"t-17","agent":{"name":"writer","type":"worker"},"model":"h-2","session_id":null,
 *    "status":"done","started_at":"2026-11-22T10:00:00Z","finished_at":1795342800000,"turns":9,
 *    "input_tokens":1200,"output_tokens":80,"cache_creation_tokens":0,"cache_read_tokens":9000,
 *    "total_cost_usd":0.0123}
 *
 * What is null or missing is not told, and never 0. Keys we do not know are passed over.
 * SPDX-License-Identifier: MIT
 */
#ifndef REPORT_TASK_RECORD_H
#define REPORT_TASK_RECORD_H

#include "base/json_out.h"
#include "store/tasks.h"

struct task_records;

/* One object, a list of them, or (`lines`) one object per line. 0, or -1 with *err (ERR_USAGE) that
 * names the record by its index from 0, or its line from 1. */
enum task_records_form { TASK_RECORDS_DOCUMENT, TASK_RECORDS_LINES };
int task_records_read(struct task_records **out, struct span text, enum task_records_form form,
                      struct err *err);
void task_records_free(struct task_records *records); /* NULL is fine */
size_t task_records_count(const struct task_records *records);

/* Puts all of them into the ledger in one transaction, or none. *replaced counts those that were
 * there before; may be NULL. */
int task_records_store(const struct task_records *records, struct store *store, size_t *replaced,
                       struct err *err);

/* The same object again. */
void task_record_write(struct json_out *out, const struct task *task);

#endif
