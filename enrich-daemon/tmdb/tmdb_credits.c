/*
 * Who did what. TMDB lists one person several times (two characters, three
 * jobs); a series has roles and jobs as lists within the person. What comes
 * out is flat: a person once in the cast, once a job in the crew.
 *
 * TMDB's order of a crew is no order of importance (the director of a film may
 * be the 549th): what is too many is cut from the jobs that nobody counts.
 */
#include "enrich-daemon/tmdb/tmdb_credits.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/attr.h"
#include "common/base/str.h"
#include "enrich-daemon/tmdb/tmdb_json.h"

#define CAST_MAX 500 /* by billing */
/* Credits beyond them are left out, but for those that statistics count. */
#define CREW_MAX 500
/* Nobody's cast or crew is larger; what is beyond is not even read. */
#define CAST_READ_MAX       5000
#define CREW_READ_MAX       5000
#define NAME_BYTES_MAX      300
#define JOB_BYTES_MAX       100
#define CHARACTER_BYTES_MAX 300
#define GENDER_MAX          3
#define ORDER_LAST          1000000

#define JOB_DIRECTOR "Director"
#define JOB_CREATOR  "Creator"

/* A series has a director an episode; who made it are its creators. */
static const char *director_job(enum title_kind kind)
{
	return kind == TITLE_TV ? JOB_CREATOR : JOB_DIRECTOR;
}

bool tmdb_person_directs(enum title_kind kind, const struct tmdb_person *person)
{
	return strcmp(person->job, director_job(kind)) == 0;
}

static bool person_read(struct arena *arena, const struct json *j,
                        struct tmdb_person *out)
{
	const int64_t gender = json_as_int(json_get(j, "gender"), 0);

	*out = (struct tmdb_person){
		.id = tmdb_id(json_get(j, "id")),
		.name = tmdb_text(arena, json_get(j, "name"), NAME_BYTES_MAX),
		.gender = gender >= 0 && gender <= GENDER_MAX ? (int)gender : 0,
		.profile_path = tmdb_path(arena, json_get(j, "profile_path")),
		.department = "",
		.job = "",
	};
	return out->id > 0 && out->name != NULL;
}

/* --- cast ----------------------------------------------------------------- */

struct billed {
	struct tmdb_person person;
	int64_t order;
	size_t position; /* in the answer, so that equal orders stay put */
};

static int billed_compare_cb(const void *a, const void *b)
{
	const struct billed *x = a, *y = b;

	if (x->order != y->order)
		return x->order < y->order ? -1 : 1;
	return x->position < y->position ? -1 : x->position > y->position;
}

/* "(uncredited)" says nothing about the character. */
static const char *character_clean(struct arena *arena, const char *character)
{
	static const char mark[] = "(uncredited)";
	const char *at = strstr(character, mark);

	if (at == NULL)
		return character;
	const struct str before =
		str_trim((struct str){ character, (size_t)(at - character) });
	const struct str after = str_trim(str_of(at + sizeof(mark) - 1));
	return arena_printf(arena, "%.*s%s%.*s", (int)before.n, before.p,
	                    before.n > 0 && after.n > 0 ? " " : "",
	                    (int)after.n, after.p);
}

#define BETWEEN_CHARACTERS " / "

/* True when character is one of those that joined names already: whole names
 * are compared, as "Bob" is a part of "Bobby" too. */
static bool character_is_known(const char *joined, const char *character)
{
	const size_t n = strlen(character), gap = strlen(BETWEEN_CHARACTERS);
	const char *at = joined;

	while ((at = strstr(at, character)) != NULL) {
		const char *end = at + n;
		const bool begins =
			at == joined ||
			((size_t)(at - joined) >= gap &&
		         strncmp(at - gap, BETWEEN_CHARACTERS, gap) == 0);

		if (begins && (*end == '\0' ||
		               strncmp(end, BETWEEN_CHARACTERS, gap) == 0))
			return true;
		at++;
	}
	return false;
}

static void character_add(struct arena *arena, struct tmdb_person *person,
                          const struct json *j)
{
	const char *text = tmdb_text(arena, j, CHARACTER_BYTES_MAX);
	const char *character = text ? character_clean(arena, text) : "";

	if (*character == '\0' || character_is_known(person->job, character) ||
	    strlen(person->job) + strlen(character) > CHARACTER_BYTES_MAX)
		return;
	person->job =
		*person->job == '\0'
			? character
			: arena_printf(arena, "%s" BETWEEN_CHARACTERS "%s",
	                               person->job, character);
}

static void characters_read(struct arena *arena, struct tmdb_person *person,
                            const struct json *j)
{
	const struct json *role;

	character_add(arena, person, json_get(j, "character"));
	JSON_EACH(role, json_get(j, "roles"))
		character_add(arena, person, json_get(role, "character"));
}

static struct billed *billed_find(struct billed *list, size_t count, int64_t id)
{
	for (size_t i = 0; i < count; i++)
		if (list[i].person.id == id)
			return &list[i];
	return NULL;
}

struct billing {
	struct arena *arena;   /* of what is kept */
	struct arena *scratch; /* of the list */
	struct billed *list;
	size_t count;
	size_t unread;
	int64_t from; /* where the order of the next list begins */
};

static void billing_begin(struct billing *b, struct arena *arena)
{
	*b = (struct billing){ .arena = arena, .scratch = arena_new() };
	b->list = arena_alloc(b->scratch, CAST_READ_MAX * sizeof(*b->list));
}

static void billing_add(struct billing *b, const struct json *j)
{
	struct tmdb_person person;
	const int64_t at = json_as_int(json_get(j, "order"), ORDER_LAST);
	const int64_t order =
		b->from + (at >= 0 && at < ORDER_LAST ? at : ORDER_LAST);

	if (!person_read(b->arena, j, &person))
		return;
	struct billed *known = billed_find(b->list, b->count, person.id);
	if (known == NULL && b->count == CAST_READ_MAX) {
		b->unread++;
		return;
	}
	if (known == NULL) {
		known = &b->list[b->count];
		person.department = "Acting";
		*known = (struct billed){ person, order, b->count };
		b->count++;
	} else if (order < known->order) {
		known->order = order;
	}
	characters_read(b->arena, &known->person, j);
}

static void billing_end(struct billing *b, struct tmdb_title *title)
{
	qsort(b->list, b->count, sizeof(*b->list), billed_compare_cb);
	title->cast_count = b->count < CAST_MAX ? b->count : CAST_MAX;
	title->cast_cut = (int)(b->count + b->unread - title->cast_count);
	title->cast =
		arena_alloc(b->arena, title->cast_count * sizeof(*title->cast));
	for (size_t i = 0; i < title->cast_count; i++)
		title->cast[i] = b->list[i].person;
	arena_free(&b->scratch);
}

static void cast_read(struct arena *arena, const struct json *cast,
                      struct tmdb_title *title)
{
	struct billing b;
	const struct json *item;

	billing_begin(&b, arena);
	JSON_EACH(item, cast)
		billing_add(&b, item);
	billing_end(&b, title);
}

/* An anthology's cast is in some of its episodes: only those who are in all
 * of them are surely in this one. */
static void episode_cast_read(struct arena *arena, const struct json *series,
                              const struct json *episode,
                              struct tmdb_title *title)
{
	const int64_t all =
		json_as_int(json_get(series, "number_of_episodes"), 0);
	const struct json *credits = json_get(series, "aggregate_credits");
	struct billing b;
	const struct json *item;

	billing_begin(&b, arena);
	JSON_EACH(item, json_get(credits, "cast")) {
		const int64_t in =
			json_as_int(json_get(item, "total_episode_count"), 0);

		if (all > 0 && in >= all)
			billing_add(&b, item);
	}
	b.from = ORDER_LAST;
	JSON_EACH(item, json_get(episode, "guest_stars"))
		billing_add(&b, item);
	billing_end(&b, title);
}

/* --- crew ----------------------------------------------------------------- */

/* What statistics count, by TMDB's words for it: a role each, with the jobs that
 * are it. The directors stand before all others. */
static const char *const counted_jobs[] = {
	/* directors, co-directors */
	JOB_DIRECTOR, JOB_CREATOR, "Co-Director",
	/* writers */
	"Writer", "Screenplay", "Teleplay", "Co-Writer", "Adaptation",
	"Dialogue", "Scenario Writer", "Screenstory",
	/* original writers */
	"Novel", "Book", "Short Story", "Comic Book", "Graphic Novel",
	"Characters", "Author", "Theatre Play", "Musical",
	"Original Film Writer", "Original Concept", "Original Series Creator",
	"Idea",
	/* story */
	"Story", "Original Story", "Story Developer",
	/* producers, executive producers */
	"Producer", "Executive Producer",
	/* casting */
	"Casting", "Casting Director",
	/* editors */
	"Editor", "Co-Editor",
	/* cinematography */
	"Director of Photography", "Cinematography",
	/* composers, songs */
	"Original Music Composer", "Composer", "Music", "Songs", "Lyricist",
	"Theme Song Performance",
	/* sound */
	"Sound", "Sound Designer", "Sound Mixer", "Sound Re-Recording Mixer",
	"Supervising Sound Editor",
	/* art */
	"Production Design", "Art Direction", "Set Decoration",
	"Costume Design",
	/* makeup, hairstyling */
	"Makeup Artist", "Key Makeup Artist", "Makeup Department Head",
	"Makeup Designer", "Hairstylist", "Key Hair Stylist",
	"Hair Department Head", "Hair Designer",
	/* effects */
	"Visual Effects", "Visual Effects Supervisor", "VFX Supervisor",
	"Visual Effects Producer", "Special Effects",
	"Special Effects Supervisor", "Special Effects Coordinator",
	/* choreography, stunts, title design */
	"Choreographer", "Choreography", "Stunts", "Stunt Coordinator",
	"Title Designer", "Title Graphics"
};

enum crew_rank {
	CREW_DIRECTS,
	CREW_COUNTED,
	CREW_OTHER
};
#define CREW_RANKS 3

struct crew {
	struct arena *arena;
	enum title_kind kind;
	struct crew_credit {
		struct tmdb_person person;
		enum crew_rank rank;
	} list[CREW_READ_MAX]; /* in TMDB's order */
	size_t count;
	size_t of_rank[CREW_RANKS];
	size_t unread;
};

static enum crew_rank rank_of(enum title_kind kind,
                              const struct tmdb_person *person)
{
	if (tmdb_person_directs(kind, person))
		return CREW_DIRECTS;
	for (size_t i = 0; i < ARRAY_LEN(counted_jobs); i++)
		if (strcmp(person->job, counted_jobs[i]) == 0)
			return CREW_COUNTED;
	return CREW_OTHER;
}

static bool crew_has(const struct crew *c, const struct tmdb_person *p)
{
	for (size_t i = 0; i < c->count; i++) {
		const struct tmdb_person *there = &c->list[i].person;

		if (there->id == p->id && strcmp(there->job, p->job) == 0 &&
		    strcmp(there->department, p->department) == 0)
			return true;
	}
	return false;
}

static void crew_add(struct crew *c, const struct json *j,
                     const char *department, const char *job)
{
	struct tmdb_person person;

	if (department == NULL || job == NULL ||
	    !person_read(c->arena, j, &person))
		return;
	person.department = department;
	person.job = job;
	if (crew_has(c, &person))
		return;
	if (c->count == CREW_READ_MAX) {
		c->unread++;
		return;
	}
	const enum crew_rank rank = rank_of(c->kind, &person);
	c->list[c->count++] = (struct crew_credit){ person, rank };
	c->of_rank[rank]++;
}

static void crew_add_job(struct crew *c, const struct json *j,
                         const struct json *job)
{
	crew_add(c, j,
	         tmdb_text(c->arena, json_get(j, "department"), JOB_BYTES_MAX),
	         tmdb_text(c->arena, job, JOB_BYTES_MAX));
}

static void crew_add_all(struct crew *c, const struct json *crew)
{
	const struct json *item, *job;

	JSON_EACH(item, crew) {
		if (json_get(item, "job") != NULL)
			crew_add_job(c, item, json_get(item, "job"));
		JSON_EACH(job, json_get(item, "jobs"))
			crew_add_job(c, item, json_get(job, "job"));
	}
}

/* In TMDB's order: those who direct, or all others, of whom only so many that
 * are not counted. */
static void crew_take(const struct crew *c, struct tmdb_title *title,
                      bool directs, size_t uncounted)
{
	for (size_t i = 0; i < c->count; i++) {
		const enum crew_rank rank = c->list[i].rank;

		if ((rank == CREW_DIRECTS) != directs ||
		    (rank == CREW_OTHER && uncounted == 0))
			continue;
		if (rank == CREW_OTHER)
			uncounted--;
		title->crew[title->crew_count++] = c->list[i].person;
	}
}

static void crew_finish(const struct crew *c, struct tmdb_title *title)
{
	const size_t kept = c->of_rank[CREW_DIRECTS] + c->of_rank[CREW_COUNTED];
	const size_t room = kept < CREW_MAX ? CREW_MAX - kept : 0;
	size_t others = c->of_rank[CREW_OTHER];

	others = others < room ? others : room;
	title->crew =
		arena_alloc(c->arena, (kept + others) * sizeof(*title->crew));
	crew_take(c, title, true, 0);
	crew_take(c, title, false, others);
	title->crew_cut = (int)(c->count + c->unread - title->crew_count);
}

static void crew_read(struct arena *arena, const struct json *root,
                      const struct json *crew, struct tmdb_title *title)
{
	struct arena *scratch = arena_new();
	struct crew *c = arena_alloc(scratch, sizeof(*c));
	const struct json *creator;

	c->arena = arena;
	c->kind = title->kind;
	if (title->kind == TITLE_TV)
		JSON_EACH(creator, json_get(root, "created_by"))
			crew_add(c, creator, JOB_CREATOR, JOB_CREATOR);
	crew_add_all(c, crew);
	crew_finish(c, title);
	arena_free(&scratch);
}

void tmdb_credits_read(struct arena *arena, const struct json *root,
                       struct tmdb_title *title)
{
	const struct json *credits = json_get(root, "aggregate_credits");

	if (title->kind == TITLE_MOVIE || credits == NULL)
		credits = json_get(root, "credits");
	cast_read(arena, json_get(credits, "cast"), title);
	crew_read(arena, root, json_get(credits, "crew"), title);
}

void tmdb_credits_read_episode(struct arena *arena, const struct json *series,
                               const struct json *episode,
                               struct tmdb_title *title)
{
	episode_cast_read(arena, series, episode, title);
	crew_read(arena, episode, json_get(episode, "crew"), title);
}
