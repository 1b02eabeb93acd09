/* cli/cli.h — the program `tacho`: words in, text and an exit code out.
 *
 * Wires the rooms below together for one question and speaks to people; computes nothing itself.
 * SPDX-License-Identifier: MIT
 */
#ifndef CLI_CLI_H
#define CLI_CLI_H

/* Returns the exit code: 0; 1 a named thing is missing; 2 wrong use; 69, 70, 74 as in sysexits.h.
 * Does not return where another program takes over. */
int cli_main(int argc, char **argv);

#endif
