#ifndef COMMON_CONF_CONF_VALUE_H
#define COMMON_CONF_CONF_VALUE_H

#include <stdbool.h>
#include <stddef.h>

#include "common/base/attr.h"
#include "common/base/error.h"
#include "common/conf/conf.h"

/*
 * One value of a settings struct, by its row of the table. Pure: knows neither
 * files nor the environment.
 */

/*
 * Reads text into the key's field; an old string there is freed. On false the
 * field is as it was and err says what is expected (never what a secret is).
 */
bool conf_value_set(const struct conf_key *key, void *settings,
                    const char *text, struct error *err) MUST_CHECK;
bool conf_value_equal(const struct conf_key *key, const void *a, const void *b);
void conf_value_swap(const struct conf_key *key, void *a, void *b);
/* Frees a string and leaves NULL. */
void conf_value_clear(const struct conf_key *key, void *settings);
/* Bytes of the field. */
size_t conf_value_size(const struct conf_key *key);
/* "integer", "duration", ... for --keys. */
const char *conf_value_type_name(const struct conf_key *key);

#endif
