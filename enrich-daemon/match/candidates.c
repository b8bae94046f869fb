/*
 * What a member may choose from.
 */
#include "enrich-daemon/match/candidates.h"

#include "common/json/json_write.h"

static void key_string(struct json_writer *w, const char *key, const char *s)
{
	json_key(w, key);
	json_string(w, s);
}

static void key_int(struct json_writer *w, const char *key, int64_t value)
{
	json_key(w, key);
	json_int(w, value);
}

static void write_place(struct json_writer *w,
                        const struct episode_place *place)
{
	json_key(w, "episode");
	json_object_begin(w);
	key_int(w, "series_id", place->series_id);
	key_int(w, "season", place->season);
	key_int(w, "number", place->number);
	json_object_end(w);
}

static void write_candidate(struct json_writer *w,
                            const struct lookup_candidate *c)
{
	json_object_begin(w);
	key_string(w, "kind", title_kind_name(c->kind));
	key_int(w, "id", c->id);
	if (c->kind == TITLE_EPISODE)
		write_place(w, &c->place);
	key_string(w, "title", c->name);
	key_string(w, "date", c->date);
	key_int(w, "votes", c->votes);
	json_key(w, "score");
	json_double(w, c->score);
	json_object_end(w);
}

void candidates_write(struct buf *out, const struct lookup_verdict *verdict)
{
	struct json_writer *w = json_writer_new(out);

	json_array_begin(w);
	for (int i = 0; i < verdict->candidate_count; i++)
		write_candidate(w, &verdict->candidates[i]);
	json_array_end(w);
	json_writer_end(&w);
}
