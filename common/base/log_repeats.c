/* A small table, searched from its begin: warnings are rare, or equal. */
#include "common/base/log_repeats.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#define PLACES 128

static struct log_repeat places[PLACES];

/* Its place, or that of the last subject that there is room for; else NULL, and
 * *free_r is where it may go (NULL: nowhere). */
static struct log_repeat *find(const char *event, const char *subject,
                               struct log_repeat **free_r)
{
	struct log_repeat *last = NULL;
	int subjects = 0;

	*free_r = NULL;
	for (int i = 0; i < PLACES; i++) {
		struct log_repeat *r = &places[i];

		if (r->event == NULL) {
			if (*free_r == NULL)
				*free_r = r;
			continue;
		}
		if (strcmp(r->event, event) != 0)
			continue;
		if (strncmp(r->subject, subject, LOG_SUBJECT_MAX - 1) == 0)
			return r;
		last = r;
		subjects++;
	}
	return subjects >= LOG_SUBJECTS_MAX ? last : NULL;
}

bool log_repeats_is_first(int level, const char *event, const char *key,
                          const char *subject, int64_t now_ms)
{
	struct log_repeat *place;
	struct log_repeat *known = find(event, subject, &place);

	if (known != NULL) {
		known->count++;
		return false;
	}
	if (place == NULL)
		return true;
	*place = (struct log_repeat){
		.level = level, .event = event, .key = key, .since_ms = now_ms
	};
	(void)snprintf(place->subject, sizeof(place->subject), "%s", subject);
	return true;
}

bool log_repeats_take_due(int64_t now_ms, int64_t span_ms,
                          struct log_repeat *repeat_r)
{
	for (int i = 0; i < PLACES; i++) {
		struct log_repeat *r = &places[i];

		if (r->event == NULL ||
		    (span_ms > 0 && now_ms - r->since_ms < span_ms))
			continue;
		*repeat_r = *r;
		if (r->count == 0 || span_ms == 0)
			r->event = NULL;
		r->since_ms = now_ms;
		r->count = 0;
		if (repeat_r->count > 0)
			return true;
	}
	return false;
}
