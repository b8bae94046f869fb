#ifndef ENRICH_DAEMON_QUEUE_RETRY_DEAD_H
#define ENRICH_DAEMON_QUEUE_RETRY_DEAD_H

struct db;

/*
 * The command --retry-dead: puts every job that was given up back into the
 * queue, prints how many those were, and ends the program; with status 1 when
 * the database did not do it within database.deadline.
 */
void retry_dead(struct db *db);

#endif
