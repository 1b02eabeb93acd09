/* gateway/entry.c — one gateway as its owner describes it: reading and checking.
 * SPDX-License-Identifier: MIT
 */
#include "base/mem.h"
#include "base/pick.h"
#include "gateway/book.h"

#include <ctype.h>
#include <openssl/rand.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

enum { TEXT_MAX = 4096 };

#define AT(field) offsetof(struct gateway_entry, field)

/* Texts, secrets among them: a value is never repeated in a message. */
static const struct {
    const char *key;
    size_t at;
} texts[] = {
    { "name", AT(name) },
    { "url", AT(url) },
    { "account_key", AT(account_key) },
    { "token", AT(token) },
    { "password", AT(password) },
    { "token_env", AT(token_env) },
    { "token_file", AT(token_file) },
    { "device_token", AT(device_token) },
};

static const struct {
    const char *key;
    size_t at;
} limits[] = {
    { "output_tokens", AT(limits.output_tokens) },
    { "total_tokens", AT(limits.total_tokens) },
    { "tokens", AT(limits.tokens) },
    { "messages", AT(limits.messages) },
};

static char **text_at(struct gateway_entry *entry, size_t at)
{
    return (char **)(void *)((char *)entry + at);
}

static int64_t *number_at(struct gateway_entry *entry, size_t at)
{
    return (int64_t *)(void *)((char *)entry + at);
}

static void forget(char *secret)
{
    if (secret)
        explicit_bzero(secret, strlen(secret));
    free(secret);
}

void gateway_entry_fini(struct gateway_entry *entry)
{
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        forget(*text_at(entry, texts[i].at));
    *entry = (struct gateway_entry){ .name = NULL };
}

/* A random UUID of version 4. */
void gateway_entry_init(struct gateway_entry *entry)
{
    unsigned char b[16];

    *entry = (struct gateway_entry){ .enabled = true };
    if (RAND_bytes(b, sizeof(b)) != 1)
        abort(); /* without randomness nothing here is safe */
    b[6] = (unsigned char)((b[6] & 0x0f) | 0x40);
    b[8] = (unsigned char)((b[8] & 0x3f) | 0x80);
    for (size_t i = 0, at = 0; i < sizeof(b); i++) {
        snprintf(entry->id + at, 3, "%02x", b[i]);
        at += 2;
        if (i == 3 || i == 5 || i == 7 || i == 9)
            entry->id[at++] = '-';
    }
}

static bool is_uuid(const char *text)
{
    size_t i;

    for (i = 0; text[i]; i++) {
        bool dash = i == 8 || i == 13 || i == 18 || i == 23;

        if (dash ? text[i] != '-' : !isxdigit((unsigned char)text[i]))
            return false;
    }
    return i == GATEWAY_ID_SIZE - 1;
}

static int read_text(struct gateway_entry *entry, size_t i, const json_t *value, struct err *err)
{
    char **slot = text_at(entry, texts[i].at);
    const char *text = json_string_value(value);

    if (!text && !json_is_null(value)) {
        err_set(err, ERR_USAGE, "%s must be a text", texts[i].key);
        return -1;
    }
    if (text && (strlen(text) > TEXT_MAX || strlen(text) != json_string_length(value))) {
        err_set(err, ERR_USAGE, "%s is too long or holds a NUL", texts[i].key);
        return -1;
    }
    forget(*slot);
    *slot = text && text[0] ? xstrdup(text) : NULL;
    return 0;
}

/* Dollars of a JSON number, exactly as they are written. */
static bool read_money(const json_t *value, int64_t *nusd)
{
    char *text = json_dumps(value, JSON_ENCODE_ANY | JSON_REAL_PRECISION(15));
    struct picked number = { .type = PICKED_NUMBER, .text = span_of(text) };
    bool ok = json_is_number(value) && picked_nusd(&number, nusd) && *nusd >= 0;

    free(text);
    return ok;
}

static int read_limits(struct gateway_entry *entry, const json_t *object, struct err *err)
{
    const json_t *value;

    if (!json_is_object(object)) {
        err_set(err, ERR_USAGE, "limits must be an object");
        return -1;
    }
    for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
        value = json_object_get(object, limits[i].key);
        if (value && !json_is_null(value) &&
            (!json_is_integer(value) || json_integer_value(value) < 0)) {
            err_set(err, ERR_USAGE, "limits.%s must be a whole number from 0 up", limits[i].key);
            return -1;
        }
        if (value)
            *number_at(entry, limits[i].at) = json_integer_value(value);
    }
    value = json_object_get(object, "cost_usd");
    if (json_is_null(value))
        entry->limits.cost_nusd = 0;
    else if (value && !read_money(value, &entry->limits.cost_nusd)) {
        err_set(err, ERR_USAGE, "limits.cost_usd must be a number of dollars");
        return -1;
    }
    return 0;
}

static int read_id(struct gateway_entry *entry, const json_t *value, struct err *err)
{
    const char *id = json_string_value(value);

    if (!value)
        return 0;
    if (!id || !is_uuid(id)) {
        err_set(err, ERR_USAGE, "id must be a UUID");
        return -1;
    }
    for (size_t i = 0; i < GATEWAY_ID_SIZE; i++)
        entry->id[i] = (char)tolower((unsigned char)id[i]);
    return 0;
}

/* A new secret takes the place of the old ones, and of what the old one had brought in. */
static void settle_secrets(struct gateway_entry *entry, const json_t *object)
{
    static const char *const keys[] = { "token", "password", "token_env", "token_file" };
    char **slots[] = { &entry->token, &entry->password, &entry->token_env, &entry->token_file };

    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        if (!json_is_string(json_object_get(object, keys[i])))
            continue;
        for (size_t j = 0; j < sizeof(slots) / sizeof(slots[0]); j++) {
            if (j == i)
                continue;
            forget(*slots[j]);
            *slots[j] = NULL;
        }
        return;
    }
}

int gateway_entry_read(struct gateway_entry *entry, const json_t *object, struct err *err)
{
    const json_t *value;

    if (!json_is_object(object)) {
        err_set(err, ERR_USAGE, "a gateway is a JSON object");
        return -1;
    }
    if (read_id(entry, json_object_get(object, "id"), err) < 0)
        return -1;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        value = json_object_get(object, texts[i].key);
        if (value && read_text(entry, i, value, err) < 0)
            return -1;
    }
    settle_secrets(entry, object);
    value = json_object_get(object, "limits");
    if (value && !json_is_null(value) && read_limits(entry, value, err) < 0)
        return -1;
    value = json_object_get(object, "enabled");
    if (value && !json_is_boolean(value)) {
        err_set(err, ERR_USAGE, "enabled must be true or false");
        return -1;
    }
    if (value)
        entry->enabled = json_is_true(value);
    return 0;
}

int gateway_entry_check(const struct gateway_entry *entry, struct err *err)
{
    struct gateway_url url;

    if (!entry->id[0] || !entry->name || !entry->url) {
        err_set(err, ERR_USAGE, "a gateway needs %s",
                !entry->name  ? "a name"
                : !entry->url ? "a url"
                              : "an id");
        return -1;
    }
    if (strlen(entry->name) > 100 || strpbrk(entry->name, "\n\r\t\x1b")) {
        err_set(err, ERR_USAGE, "the name of a gateway is one line of 100 bytes at most");
        return -1;
    }
    return gateway_url_parse(&url, span_of(entry->url), err);
}
