/* daemon/daemon.h — the program `tachod`: wiring of the long-lived process.
 * SPDX-License-Identifier: MIT
 */
#ifndef DAEMON_DAEMON_H
#define DAEMON_DAEMON_H

/* `tachod serve …`, `tachod token …`. Returns the exit code. */
int daemon_main(int argc, char **argv);

#endif
