/* server/texts.h — our own few files, compiled in as they are: the form of /login and the API's
 * description. Constant; thread-safe.
 * SPDX-License-Identifier: MIT
 */
#ifndef SERVER_TEXTS_H
#define SERVER_TEXTS_H

extern const char text_login_html[];
extern const char text_login_css[];
extern const char text_openapi_json[];

#endif
