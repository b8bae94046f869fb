#ifndef ENRICH_DAEMON_REFRESH_EXPIRE_H
#define ENRICH_DAEMON_REFRESH_EXPIRE_H

struct db;
struct expire;

/*
 * Erases TMDB's data when it expires: TMDB allows six months. Titles are
 * fetched again long before (job/refresh), so few get so old. Erased are
 * titles, the people and studios that no other title names, candidates, and an
 * index that no daemon loads any more. Members' own data is not TMDB's and
 * stays. Films that nobody has any more and that have no title go a week after
 * they came.
 */
struct expire *expire_new(struct db *db);
/* After db_free(), which ends what is under way. */
void expire_free(struct expire **expire);

/* Erases what has expired, one bounded transaction after the other until there
 * is nothing left. Any daemon may, at any time. Does nothing while the last run
 * goes on, or while the database is away. */
void expire_run(struct expire *expire);

#endif
