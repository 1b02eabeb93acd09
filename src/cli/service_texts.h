/* cli/service_texts.h — what packaging/ has for managers of services, compiled in.
 * SPDX-License-Identifier: MIT
 */
#ifndef CLI_SERVICE_TEXTS_H
#define CLI_SERVICE_TEXTS_H

extern const char service_unit[];  /* tacho.service; its ExecStart= names no folder */
extern const char service_plist[]; /* tacho.plist; @COMMAND@ stands for the program's words */

#endif
