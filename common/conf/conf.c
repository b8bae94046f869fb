/*
 * The configuration: a YAML file, walked event by event so that each error
 * has its place, then the environment, then the defaults of what is still
 * unset. Exactly two levels are understood, section and key, each scalar once;
 * all else that YAML can do is refused.
 */
#include "common/conf/conf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "common/base/buf.h"
#include "common/base/log.h"
#include "common/base/mem.h"
#include "common/base/str.h"
#include "common/conf/conf_source.h"
#include "common/conf/conf_value.h"

#define TEXT_MAX 65536

/* What may come next. */
enum expect {
	EXPECT_ROOT,    /* the mapping of sections */
	EXPECT_SECTION, /* a section's name or the end */
	EXPECT_KEYS,    /* the section's mapping */
	EXPECT_KEY,     /* a key's name or the end of the section */
	EXPECT_VALUE,   /* a scalar */
	EXPECT_END      /* nothing more */
};

/* Where a row of the table was met in the file; lines from 1, 0: not yet. */
struct seen {
	size_t line;
	size_t section_line; /* kept at the section's first row */
	bool in_environment;
};

struct reader {
	const struct conf_key *keys;
	void *settings;
	const char *file;
	struct seen *seen;
	struct error *err;
	enum expect expect;
	struct str section; /* points into keys */
	size_t key;         /* index of the row whose value is next */
};

static bool load_into(const struct conf_key *keys, void *settings,
                      const char *file, struct seen *seen, struct error *err);
static bool load_file(struct reader *r);
static bool load_environment(struct reader *r);
static bool load_defaults(struct reader *r);

/* --- the table --- */

static struct str section_of(const struct conf_key *key)
{
	return (struct str){ key->path, strcspn(key->path, ".") };
}

static const char *name_of(const struct conf_key *key)
{
	return key->path + section_of(key).n + 1;
}

/* Adds to a list of names, until it is full. */
static void list_add(char *list, size_t size, struct str name)
{
	const size_t used = strlen(list);

	(void)snprintf(list + used, size - used, "%s%.*s", used > 0 ? ", " : "",
	               (int)name.n, name.p);
}

static const char *known_sections(const struct reader *r, char *list,
                                  size_t size)
{
	struct str last = { "", 0 };

	list[0] = '\0';
	for (const struct conf_key *k = r->keys; k->path != NULL; k++) {
		if (!str_eq(section_of(k), last))
			list_add(list, size, section_of(k));
		last = section_of(k);
	}
	return list;
}

static const char *known_keys(const struct reader *r, char *list, size_t size)
{
	list[0] = '\0';
	for (const struct conf_key *k = r->keys; k->path != NULL; k++) {
		if (str_eq(section_of(k), r->section))
			list_add(list, size, str_of(name_of(k)));
	}
	return list;
}

/* --- the walk through the YAML --- */

static bool refuse(const struct reader *r, const yaml_event_t *event)
{
	return error_prefix(r->err, "%s:%zu:%zu", r->file,
	                    event->start_mark.line + 1,
	                    event->start_mark.column + 1);
}

static const char *text_of(const yaml_event_t *event)
{
	return (const char *)event->data.scalar.value;
}

/* "key:" with nothing behind it, or null. */
static bool is_null(const yaml_event_t *event)
{
	return event->type == YAML_SCALAR_EVENT &&
	       event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE &&
	       (strcmp(text_of(event), "") == 0 ||
	        strcmp(text_of(event), "~") == 0 ||
	        strcmp(text_of(event), "null") == 0);
}

static bool section_begin(struct reader *r, const yaml_event_t *event)
{
	const struct str name = str_of(text_of(event));
	char list[256];
	size_t i = 0;

	while (r->keys[i].path != NULL &&
	       !str_eq(section_of(&r->keys[i]), name))
		i++;
	if (r->keys[i].path == NULL)
		return error_set(r->err,
		                 "unknown section \"%s\"; known sections: %s",
		                 name.p, known_sections(r, list, sizeof(list)));
	if (r->seen[i].section_line != 0)
		return error_set(r->err,
		                 "section \"%s\" is there twice; it began in "
		                 "line %zu",
		                 name.p, r->seen[i].section_line);
	r->seen[i].section_line = event->start_mark.line + 1;
	r->section = section_of(&r->keys[i]);
	r->expect = EXPECT_KEYS;
	return true;
}

static bool key_begin(struct reader *r, const yaml_event_t *event)
{
	const char *name = text_of(event);
	char list[256];
	size_t i = 0;

	while (r->keys[i].path != NULL &&
	       (!str_eq(section_of(&r->keys[i]), r->section) ||
	        strcmp(name_of(&r->keys[i]), name) != 0))
		i++;
	if (r->keys[i].path == NULL)
		return error_set(
			r->err,
			"unknown key \"%.*s.%s\"; known keys of %.*s: %s",
			(int)r->section.n, r->section.p, name,
			(int)r->section.n, r->section.p,
			known_keys(r, list, sizeof(list)));
	if (r->seen[i].line != 0)
		return error_set(r->err,
		                 "\"%s\" is there twice; first in line %zu",
		                 r->keys[i].path, r->seen[i].line);
	r->seen[i].line = event->start_mark.line + 1;
	r->key = i;
	r->expect = EXPECT_VALUE;
	return true;
}

static bool value_set(struct reader *r, const yaml_event_t *event)
{
	const struct conf_key *key = &r->keys[r->key];

	if (is_null(event))
		return error_set(r->err,
		                 "%s has no value; write one (\"\" for an "
		                 "empty string) or leave the key out",
		                 key->path);
	if (!conf_value_set(key, r->settings, text_of(event), r->err))
		return error_prefix(r->err, "%s", key->path);
	r->expect = EXPECT_KEY;
	return true;
}

static bool scalar(struct reader *r, const yaml_event_t *event)
{
	if (event->data.scalar.anchor != NULL || event->data.scalar.tag != NULL)
		return error_set(r->err, "anchors and tags are not supported");
	if (strlen(text_of(event)) != event->data.scalar.length)
		return error_set(r->err, "NUL characters are not allowed");

	switch (r->expect) {
	case EXPECT_ROOT: /* a document of nothing but comments */
		if (!is_null(event))
			break;
		r->expect = EXPECT_END;
		return true;
	case EXPECT_SECTION:
		return section_begin(r, event);
	case EXPECT_KEYS: /* a section of nothing but comments */
		if (!is_null(event))
			break;
		r->expect = EXPECT_SECTION;
		return true;
	case EXPECT_KEY:
		return key_begin(r, event);
	case EXPECT_VALUE:
		return value_set(r, event);
	case EXPECT_END:
		break;
	}
	return error_set(r->err, "expected \"section:\" and below it, "
	                         "indented, \"key: value\"");
}

static bool mapping_begin(struct reader *r, const yaml_event_t *event)
{
	if (event->data.mapping_start.anchor != NULL ||
	    event->data.mapping_start.tag != NULL)
		return error_set(r->err, "anchors and tags are not supported");
	if (r->expect != EXPECT_ROOT && r->expect != EXPECT_KEYS)
		return error_set(r->err, "nothing is nested deeper than "
		                         "section and key");
	r->expect = r->expect == EXPECT_ROOT ? EXPECT_SECTION : EXPECT_KEY;
	return true;
}

static void mapping_end(struct reader *r)
{
	r->expect = r->expect == EXPECT_KEY ? EXPECT_SECTION : EXPECT_END;
}

static bool take_event(struct reader *r, const yaml_event_t *event)
{
	switch (event->type) {
	case YAML_NO_EVENT:
	case YAML_STREAM_START_EVENT:
	case YAML_STREAM_END_EVENT:
	case YAML_DOCUMENT_END_EVENT:
		return true;
	case YAML_DOCUMENT_START_EVENT:
		return r->expect == EXPECT_ROOT ||
		       error_set(r->err, "a second document is not allowed");
	case YAML_MAPPING_START_EVENT:
		return mapping_begin(r, event);
	case YAML_MAPPING_END_EVENT:
		mapping_end(r);
		return true;
	case YAML_SCALAR_EVENT:
		return scalar(r, event);
	case YAML_SEQUENCE_START_EVENT:
	case YAML_SEQUENCE_END_EVENT:
		return error_set(r->err, "lists are not supported");
	case YAML_ALIAS_EVENT:
		return error_set(r->err, "aliases are not supported");
	}
	return error_set(r->err, "not supported");
}

/* What libyaml itself refuses. Of a wrong byte it knows only the offset. */
static bool refuse_syntax(const struct reader *r, const yaml_parser_t *parser,
                          const struct buf *text)
{
	size_t line = parser->problem_mark.line + 1;
	size_t column = parser->problem_mark.column + 1;

	ensure(parser->error != YAML_MEMORY_ERROR);
	if (parser->error == YAML_READER_ERROR) {
		line = 1;
		column = 1;
		for (size_t i = 0; i < parser->problem_offset && i < text->len;
		     i++) {
			column = text->data[i] == '\n' ? 1 : column + 1;
			line += text->data[i] == '\n' ? 1 : 0;
		}
	}
	return error_set(r->err, "%s:%zu:%zu: %s", r->file, line, column,
	                 parser->problem);
}

static bool walk(struct reader *r, yaml_parser_t *parser,
                 const struct buf *text)
{
	bool ok = true;
	bool ended = false;

	while (ok && !ended) {
		yaml_event_t event;

		if (!yaml_parser_parse(parser, &event))
			return refuse_syntax(r, parser, text);
		ended = event.type == YAML_STREAM_END_EVENT;
		ok = take_event(r, &event) || refuse(r, &event);
		yaml_event_delete(&event);
	}
	return ok;
}

static bool load_file(struct reader *r)
{
	struct buf text;
	yaml_parser_t parser;
	bool ok;

	if (r->file == NULL)
		return true;
	buf_init(&text, TEXT_MAX);
	ok = conf_read_file(r->file, &text, r->err);
	if (ok) {
		ensure(yaml_parser_initialize(&parser));
		yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
		yaml_parser_set_input_string(
			&parser, (const unsigned char *)text.data, text.len);
		ok = walk(r, &parser, &text);
		yaml_parser_delete(&parser);
	}
	buf_deinit(&text);
	return ok;
}

/* --- environment and defaults --- */

static bool set_from_environment(struct reader *r, size_t i)
{
	const struct conf_key *key = &r->keys[i];
	struct buf value;
	bool ok;

	buf_init(&value, TEXT_MAX);
	ok = conf_read_variable(key->env, &value, &r->seen[i].in_environment,
	                        r->err);
	if (ok && r->seen[i].in_environment)
		ok = conf_value_set(key, r->settings, value.data, r->err) ||
		     error_prefix(r->err, "environment variable %s", key->env);
	buf_deinit(&value);
	return ok;
}

static bool load_environment(struct reader *r)
{
	for (size_t i = 0; r->keys[i].path != NULL; i++) {
		if (r->keys[i].env != NULL && !set_from_environment(r, i))
			return false;
	}
	return true;
}

static bool load_defaults(struct reader *r)
{
	for (size_t i = 0; r->keys[i].path != NULL; i++) {
		const struct conf_key *key = &r->keys[i];
		const char *text = key->def != NULL ? key->def : "";

		if (r->seen[i].line == 0 && !r->seen[i].in_environment &&
		    !conf_value_set(key, r->settings, text, r->err))
			return error_prefix(r->err,
			                    "%s must be set (default \"%s\")",
			                    key->path, text);
	}
	return true;
}

/* --- the whole --- */

static size_t count_keys(const struct conf_key *keys)
{
	size_t n = 0;

	while (keys[n].path != NULL)
		n++;
	return n;
}

static bool load_into(const struct conf_key *keys, void *settings,
                      const char *file, struct seen *seen, struct error *err)
{
	struct reader r = { .keys = keys,
		            .settings = settings,
		            .file = file,
		            .seen = seen,
		            .err = err };

	return load_file(&r) && load_environment(&r) && load_defaults(&r);
}

bool conf_load(const struct conf_key *keys, void *settings, const char *file,
               struct error *err)
{
	struct seen *seen = xcalloc(count_keys(keys), sizeof(*seen));
	const bool ok = load_into(keys, settings, file, seen, err);

	free(seen);
	if (!ok)
		conf_free(keys, settings);
	return ok;
}

/* The caller's struct ends no earlier than its last field. */
static void *settings_like(const struct conf_key *keys)
{
	size_t size = 0;

	for (; keys->path != NULL; keys++) {
		const size_t end = keys->offset + conf_value_size(keys);
		size = end > size ? end : size;
	}
	return xcalloc(1, size);
}

bool conf_reload(const struct conf_key *keys, void *settings, const char *file,
                 conf_check *check, struct conf_changes *changes_r,
                 struct error *err)
{
	void *fresh = settings_like(keys);
	const bool ok = conf_load(keys, fresh, file, err) &&
	                (check == NULL || check(fresh, err));

	*changes_r = (struct conf_changes){ 0 };
	for (const struct conf_key *k = keys; ok && k->path != NULL; k++) {
		if (conf_value_equal(k, settings, fresh))
			continue;
		if (k->reloadable) {
			conf_value_swap(k, settings, fresh);
			changes_r->taken++;
		} else {
			changes_r->ignored++;
			log_warn("changed setting needs a restart",
			         log_str("key", k->path));
		}
	}
	conf_free(keys, fresh);
	free(fresh);
	return ok;
}

void conf_free(const struct conf_key *keys, void *settings)
{
	for (; keys->path != NULL; keys++)
		conf_value_clear(keys, settings);
}

void conf_print_keys(const struct conf_key *keys)
{
	for (; keys->path != NULL; keys++) {
		printf("%-28s %-14s default \"%s\"%s", keys->path,
		       conf_value_type_name(keys),
		       keys->def != NULL ? keys->def : "",
		       keys->reloadable ? ", reloadable" : "");
		if (keys->env != NULL)
			printf(", environment %s or %s_FILE", keys->env,
			       keys->env);
		printf("\n");
	}
}
