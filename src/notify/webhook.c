/* notify/webhook.c — see webhook.h.
 * SPDX-License-Identifier: MIT
 */
#include "notify/webhook.h"

#include "base/mem.h"
#include "base/path.h"
#include "config/config.h"
#include "config/secrets.h"
#include "net/fetch.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdlib.h>

#define LIMIT_MS    10000
#define ANSWER_MOST (64 << 10)

/* Where there is none *secret stays NULL. */
static int read_secret(const char *path, char **secret, struct err *err)
{
    json_t *file;
    struct stat seen;
    const char *found;
    int rc = secrets_load(path, &file, &seen, err);

    found = json_string_value(json_object_get(file, "webhook_secret"));
    *secret = found ? xstrdup(found) : NULL;
    json_decref(file);
    return rc;
}

static char *sign(const char *secret, struct span body)
{
    unsigned char sum[EVP_MAX_MD_SIZE];
    struct buf line = { 0 };
    unsigned int n = 0, i;

    HMAC(EVP_sha256(), secret, (int)strlen(secret), (const unsigned char *)body.p, body.len, sum,
         &n);
    buf_add_text(&line, "X-Tacho-Signature: sha256=");
    for (i = 0; i < n; i++)
        buf_printf(&line, "%02x", sum[i]);
    return buf_take(&line);
}

int webhook_post(const struct config *config, struct span body, int64_t *wait_s, struct err *err)
{
    char *folder = path_dir(config->config_path), *path = path_join(folder, "secrets.json");
    const char *headers[] = { "Content-Type: application/json", NULL, NULL };
    struct fetch_request request = { config->webhook, headers, body, LIMIT_MS, ANSWER_MOST };
    char *secret = NULL, *signature = NULL;
    struct fetch_answer answer = { 0 };
    int rc = -1;

    *wait_s = 0;
    if (read_secret(path, &secret, err) < 0)
        goto out;
    signature = secret ? sign(secret, body) : NULL;
    headers[1] = signature;
    if (fetch(&request, &answer, err) < 0)
        goto out;
    *wait_s = answer.retry_after_s;
    if (answer.status >= 200 && answer.status < 300)
        rc = 0;
    else
        err_set(err, ERR_UNAVAILABLE, "the server answered %ld", answer.status);
out:
    if (secret)
        explicit_bzero(secret, strlen(secret));
    buf_fini(&answer.body);
    free(secret);
    free(signature);
    free(path);
    free(folder);
    return rc;
}
