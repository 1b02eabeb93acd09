/* config/schema.c — the configuration file as a JSON Schema, from the table of options.
 *
 * Editors complete and check by it. It says what the file's own checks say; what only the room
 * that reads an object knows is not in it.
 * SPDX-License-Identifier: MIT
 */
#include "config/keys.h"

#include "config/config_internal.h"

static void write_type(struct json_out *json, const char *type)
{
    json_put_text(json, "type", span_of(type));
}

static void write_choices(struct json_out *json, const char *choices)
{
    struct span rest = span_of(choices), word;

    json_key(json, "enum");
    json_open(json, '[');
    while (span_split(&rest, ' ', &word))
        json_text(json, word);
    json_close(json, ']');
}

static void write_items(struct json_out *json)
{
    write_type(json, "array");
    json_key(json, "items");
    json_open(json, '{');
    write_type(json, "string");
    json_put_int(json, "minLength", 1);
    json_close(json, '}');
}

static void write_either(struct json_out *json)
{
    json_key(json, "type");
    json_open(json, '[');
    json_text(json, SPAN_LIT("string"));
    json_text(json, SPAN_LIT("object"));
    json_close(json, ']');
    json_put_int(json, "minLength", 1);
}

static void write_allowed(struct json_out *json, const struct config_option *option)
{
    switch (option->type) {
    case CONFIG_FLAG:
        write_type(json, "boolean");
        break;
    case CONFIG_INT:
        write_type(json, "integer");
        json_put_int(json, "minimum", option->min);
        json_put_int(json, "maximum", option->max);
        break;
    case CONFIG_TEXT:
        write_type(json, "string");
        if (!config_allows(option, ""))
            json_put_int(json, "minLength", 1);
        break;
    case CONFIG_CHOICE:
        write_choices(json, option->choices);
        break;
    case CONFIG_LIST:
        write_items(json);
        break;
    case CONFIG_OBJECT:
        write_type(json, "object");
        break;
    case CONFIG_EITHER:
        write_either(json);
        break;
    }
}

static void write_property(struct json_out *json, const struct config *defaults,
                           const struct config_option *option)
{
    char key[CONFIG_KEY_SIZE];

    config_key(option, key, sizeof(key));
    json_key(json, key);
    json_open(json, '{');
    json_put_text(json, "description", span_of(option->help));
    write_allowed(json, option);
    if (option->fallback) {
        json_key(json, "default");
        config_keys_value(json, defaults, option);
    }
    json_close(json, '}');
}

void config_schema(struct buf *out)
{
    const struct config_option *o;
    struct config defaults;
    struct json_out json;

    config_init(&defaults);
    json_out_init(&json, out, 2);
    json_open(&json, '{');
    json_put_text(&json, "$schema", SPAN_LIT("http://json-schema.org/draft-07/schema#"));
    json_put_text(&json, "title", SPAN_LIT("The configuration of tacho"));
    write_type(&json, "object");
    json_put_bool(&json, "additionalProperties", false);
    json_key(&json, "properties");
    json_open(&json, '{');
    json_key(&json, CONFIG_SCHEMA_KEY);
    json_open(&json, '{');
    json_put_text(&json, "description", SPAN_LIT("where this schema is, for editors"));
    write_type(&json, "string");
    json_close(&json, '}');
    for (o = config_options; o->name; o++) {
        if (o->where & IN_FILE)
            write_property(&json, &defaults, o);
    }
    json_close(&json, '}');
    json_close(&json, '}');
    buf_add_char(out, '\n');
    config_fini(&defaults);
}
