/* server/address.c — see address.h.
 * SPDX-License-Identifier: MIT
 */
#include "server/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>

static const unsigned char v4_prefix[12] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff };

static void from_v4(const void *four, struct address *out)
{
    memcpy(out->bytes, v4_prefix, sizeof(v4_prefix));
    memcpy(out->bytes + sizeof(v4_prefix), four, 4);
}

bool address_parse(struct span text, struct address *out)
{
    char copy[INET6_ADDRSTRLEN];
    struct in_addr four;
    struct in6_addr six;
    bool bracketed = text.len >= 2 && text.p[0] == '[' && text.p[text.len - 1] == ']';

    if (bracketed)
        text = (struct span){ text.p + 1, text.len - 2 };
    if (text.len == 0 || text.len >= sizeof(copy))
        return false;
    span_copy(text, copy, sizeof(copy));
    if (!bracketed && inet_pton(AF_INET, copy, &four) == 1) {
        from_v4(&four, out);
        return true;
    }
    if (inet_pton(AF_INET6, copy, &six) != 1)
        return false;
    memcpy(out->bytes, &six, sizeof(out->bytes));
    return true;
}

bool address_from_socket(const struct sockaddr *from, struct address *out)
{
    struct sockaddr_in four;
    struct sockaddr_in6 six;

    switch (from->sa_family) {
    case AF_INET:
        memcpy(&four, from, sizeof(four));
        from_v4(&four.sin_addr, out);
        return true;
    case AF_INET6:
        memcpy(&six, from, sizeof(six));
        memcpy(out->bytes, &six.sin6_addr, sizeof(out->bytes));
        return true;
    default:
        return false;
    }
}

bool address_equal(const struct address *a, const struct address *b)
{
    return memcmp(a->bytes, b->bytes, sizeof(a->bytes)) == 0;
}

bool address_is_v4(const struct address *a)
{
    return memcmp(a->bytes, v4_prefix, sizeof(v4_prefix)) == 0;
}

bool address_is_loopback(const struct address *a)
{
    static const struct address one = { { [15] = 1 } };

    return address_is_v4(a) ? a->bytes[12] == 127 : address_equal(a, &one);
}

bool address_is_any(const struct address *a)
{
    static const struct address zero;
    static const struct address zero_v4 = { { [10] = 0xff, [11] = 0xff } };

    return address_equal(a, &zero) || address_equal(a, &zero_v4);
}

void address_format(const struct address *a, char out[ADDRESS_TEXT_SIZE])
{
    char text[INET6_ADDRSTRLEN];

    if (address_is_v4(a)) {
        inet_ntop(AF_INET, a->bytes + sizeof(v4_prefix), text, sizeof(text));
        snprintf(out, ADDRESS_TEXT_SIZE, "%s", text);
    } else {
        inet_ntop(AF_INET6, a->bytes, text, sizeof(text));
        snprintf(out, ADDRESS_TEXT_SIZE, "[%s]", text);
    }
}

bool network_parse(struct span text, struct network *out)
{
    struct span address;
    int64_t bits;
    bool v4;

    if (!span_split(&text, '/', &address) || !address_parse(address, &out->address))
        return false;
    out->bits = 128;
    if (!text.p)
        return true;
    v4 = address_is_v4(&out->address);
    if (!span_int(text, &bits) || bits < 0 || bits > (v4 ? 32 : 128))
        return false;
    out->bits = (int)bits + (v4 ? 96 : 0);
    return true;
}

bool network_has(const struct network *network, const struct address *a)
{
    int whole = network->bits / 8, rest = network->bits % 8;
    unsigned char mask = (unsigned char)(0xff00 >> rest);

    if (memcmp(network->address.bytes, a->bytes, (size_t)whole) != 0)
        return false;
    return rest == 0 || ((network->address.bytes[whole] ^ a->bytes[whole]) & mask) == 0;
}
