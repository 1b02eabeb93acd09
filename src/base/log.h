/* base/log.h — lines for whoever looks after the program.
 *
 * One line per call on stderr: "tachod: warning: …" ("<4>tachod: …" under systemd's journal).
 * Never conversation text, never a secret. Control bytes are escaped, so that a file name cannot
 * drive a terminal. Thread-safe; the level is the one piece of state.
 * SPDX-License-Identifier: MIT
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

enum log_level { LOG_QUIET, LOG_LEVEL_ERROR, LOG_LEVEL_WARNING, LOG_LEVEL_INFO, LOG_LEVEL_DEBUG };

void log_set(const char *program, enum log_level level); /* `program` must outlive the process */

void log_error(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_warning(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_info(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_debug(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
