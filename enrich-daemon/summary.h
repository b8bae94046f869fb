#ifndef ENRICH_DAEMON_SUMMARY_H
#define ENRICH_DAEMON_SUMMARY_H

#include <stdint.h>

struct event_base;
struct db;
struct summary;

/*
 * One line every *interval ms (borrowed) that an operator can live on: the
 * queue, what was done since the line before, and how the database is. The
 * metrics of the queue are read here too, about every 15 seconds.
 */
struct summary *summary_new(struct event_base *base, struct db *db,
                            const int64_t *interval);
void summary_free(struct summary **summary);

#endif
