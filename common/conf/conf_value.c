/* From text to a typed value with its unit and range, and what to do with it.
 */
#include "common/conf/conf_value.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/mem.h"
#include "common/base/str.h"

#define STRING_MAX 4096

/* Largest first; a NULL ends the table. */
struct unit {
	const char *name;
	int64_t factor;
};

static const struct unit no_units[] = { { "", 1 }, { NULL, 0 } };
static const struct unit durations[] = {
	{ "d", 86400000 }, { "h", 3600000 }, { "m", 60000 },
	{ "s", 1000 },     { "ms", 1 },      { NULL, 0 },
};
static const struct unit sizes[] = {
	{ "GiB", 1 << 30 }, { "MiB", 1 << 20 }, { "KiB", 1 << 10 },
	{ "", 1 },          { NULL, 0 },
};

/* What the types have in common; rows in the order of enum conf_type. */
static const struct type {
	const char *name;
	size_t size;
	const struct unit *units; /* of a number, otherwise NULL */
	const char *expected;     /* of a number: what to write */
} types[] = {
	[CONF_BOOL] = { "true or false", sizeof(bool), NULL, NULL },
	[CONF_INT] = { "integer", sizeof(int64_t), no_units, "a whole number" },
	[CONF_STRING] = { "string", sizeof(char *), NULL, NULL },
	[CONF_SECRET] = { "secret", sizeof(char *), NULL, NULL },
	[CONF_CHOICE] = { "choice", sizeof(int), NULL, NULL },
	[CONF_DURATION] = { "duration", sizeof(int64_t), durations,
	                    "a whole number with ms, s, m, h or d" },
	[CONF_SIZE] = { "size", sizeof(int64_t), sizes,
	                "a whole number, with KiB, MiB or GiB if wanted" },
};

static void *field_of(const struct conf_key *key, void *settings)
{
	return (char *)settings + key->offset;
}

static bool is_text(const struct conf_key *key)
{
	return key->type == CONF_STRING || key->type == CONF_SECRET;
}

static bool set_bool(bool *field, const char *text, struct error *err)
{
	const bool yes = strcmp(text, "true") == 0;

	if (!yes && strcmp(text, "false") != 0)
		return error_set(err, "\"%s\" is neither true nor false", text);
	*field = yes;
	return true;
}

/* Splits "150d" into 150 and the factor of d. */
static bool read_amount(const struct unit *units, const char *text,
                        int64_t *amount_r)
{
	const size_t digits = strspn(text, "-0123456789");
	const struct str number = { text, digits };
	int64_t amount;

	while (units->name != NULL && strcmp(units->name, text + digits) != 0)
		units++;
	return units->name != NULL &&
	       str_to_int64(number, INT64_MIN, INT64_MAX, &amount) &&
	       !__builtin_mul_overflow(amount, units->factor, amount_r);
}

static bool set_number(const struct conf_key *key, int64_t *field,
                       const char *text, struct error *err)
{
	const struct type *type = &types[key->type];
	const int64_t max = key->max != 0 ? key->max : INT64_MAX;
	int64_t amount;

	if (!read_amount(type->units, text, &amount))
		return error_set(err, "\"%s\" is no %s; write %s", text,
		                 type->name, type->expected);
	if (amount < key->min || amount > max) {
		const char *unit = key->type == CONF_DURATION ? "ms" : "";
		return error_set(err,
		                 "\"%s\" is out of range; it must be from "
		                 "%" PRId64 "%s to %" PRId64 "%s",
		                 text, key->min, unit, max, unit);
	}
	*field = amount;
	return true;
}

static bool set_text(const struct conf_key *key, char **field, const char *text,
                     struct error *err)
{
	const int64_t max = key->max != 0 ? key->max : STRING_MAX;
	const size_t len = strlen(text);

	if (len < (size_t)key->min || len > (size_t)max)
		return error_set(err,
		                 "the value has %zu bytes; it must have from "
		                 "%" PRId64 " to %" PRId64,
		                 len, key->min, max);
	free(*field);
	*field = xstrdup(text);
	return true;
}

static bool set_choice(const struct conf_key *key, int *field, const char *text,
                       struct error *err)
{
	int i = 0;

	while (key->choices[i] != NULL && strcmp(key->choices[i], text) != 0)
		i++;
	if (key->choices[i] != NULL) {
		*field = i;
		return true;
	}

	char known[256] = "";
	size_t len = 0;
	for (i = 0; key->choices[i] != NULL && len < sizeof(known); i++)
		len += (size_t)snprintf(known + len, sizeof(known) - len,
		                        "%s%s", i > 0 ? ", " : "",
		                        key->choices[i]);
	return error_set(err, "\"%s\" is none of: %s", text, known);
}

bool conf_value_set(const struct conf_key *key, void *settings,
                    const char *text, struct error *err)
{
	void *field = field_of(key, settings);

	switch (key->type) {
	case CONF_BOOL:
		return set_bool(field, text, err);
	case CONF_INT:
	case CONF_DURATION:
	case CONF_SIZE:
		return set_number(key, field, text, err);
	case CONF_STRING:
	case CONF_SECRET:
		return set_text(key, field, text, err);
	case CONF_CHOICE:
		return set_choice(key, field, text, err);
	}
	return error_set(err, "the key has no type");
}

bool conf_value_equal(const struct conf_key *key, const void *a, const void *b)
{
	const void *left = (const char *)a + key->offset;
	const void *right = (const char *)b + key->offset;

	if (is_text(key))
		return strcmp(*(char *const *)left, *(char *const *)right) == 0;
	return memcmp(left, right, conf_value_size(key)) == 0;
}

void conf_value_swap(const struct conf_key *key, void *a, void *b)
{
	char kept[sizeof(int64_t)];
	const size_t size = conf_value_size(key);

	memcpy(kept, field_of(key, a), size);
	memcpy(field_of(key, a), field_of(key, b), size);
	memcpy(field_of(key, b), kept, size);
}

void conf_value_clear(const struct conf_key *key, void *settings)
{
	if (!is_text(key))
		return;
	char **field = field_of(key, settings);
	free(*field);
	*field = NULL;
}

size_t conf_value_size(const struct conf_key *key)
{
	return types[key->type].size;
}

const char *conf_value_type_name(const struct conf_key *key)
{
	return types[key->type].name;
}
