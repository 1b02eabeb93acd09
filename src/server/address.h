/* server/address.h — IP addresses, both kinds in one form (IPv4 as ::ffff:a.b.c.d).
 *
 * Pure functions; thread-safe.
 * SPDX-License-Identifier: MIT
 */
#ifndef SERVER_ADDRESS_H
#define SERVER_ADDRESS_H

#include "base/span.h"

struct sockaddr;

struct address {
    unsigned char bytes[16]; /* network order */
};

/* Addresses that share their first `bits` bits. */
struct network {
    struct address address;
    int bits; /* 0…128 */
};

#define ADDRESS_TEXT_SIZE 64

/* "192.0.2.7", "2001:db8::1" or "[2001:db8::1]". */
bool address_parse(struct span text, struct address *out);
bool address_from_socket(const struct sockaddr *from, struct address *out);
bool address_equal(const struct address *a, const struct address *b);
bool address_is_v4(const struct address *a);
bool address_is_loopback(const struct address *a);
bool address_is_any(const struct address *a); /* 0.0.0.0 or :: */
/* As people write it, in brackets where it stands before a port. */
void address_format(const struct address *a, char out[ADDRESS_TEXT_SIZE]);

/* "192.0.2.7" or "192.0.2.0/24". */
bool network_parse(struct span text, struct network *out);
bool network_has(const struct network *network, const struct address *a);

#endif
