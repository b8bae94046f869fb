#ifndef ENRICH_DAEMON_REFRESH_EXPIRE_H
#define ENRICH_DAEMON_REFRESH_EXPIRE_H

struct db;
struct expire;

/*
 * TMDB allows its data to be kept for six months. What grows old is fetched
 * again long before (job/refresh); this erases what could not be: titles, the
 * people whom no other title names, candidates, and an index that no daemon
 * loads any more. Members' own data is not TMDB's and stays.
 */
struct expire *expire_new(struct db *db);
/* After db_free(), which ends what is under way. */
void expire_free(struct expire **expire);

/* Erases what is due, a bounded transaction after the other until nothing is.
 * Any daemon may, at any time; nothing is done while the last run goes on or
 * the database is away. */
void expire_run(struct expire *expire);

#endif
