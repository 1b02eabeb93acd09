/* notify/desktop.h — say something outside the terminal, where there is a desktop to say it on.
 * SPDX-License-Identifier: MIT
 */
#ifndef NOTIFY_DESKTOP_H
#define NOTIFY_DESKTOP_H

#include <stdbool.h>

/* False: nothing here can, or it did not work. */
bool desktop_tell(const char *text);

#endif
