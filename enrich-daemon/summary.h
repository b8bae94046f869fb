#ifndef ENRICH_DAEMON_SUMMARY_H
#define ENRICH_DAEMON_SUMMARY_H

struct event_base;
struct db;
struct settings;
struct summary;

/*
 * One line every enrich.summary that an operator can live on: the queue, what
 * was done since the line before, and how TMDB (a word from tmdb()) and the
 * database are. The metrics of the queue are read here too, about every 15
 * seconds; while they cannot be, they are left out here and there.
 */
struct summary *summary_new(struct event_base *base, struct db *db,
                            const struct settings *settings,
                            const char *(*tmdb)(void));
void summary_free(struct summary **summary);

#endif
