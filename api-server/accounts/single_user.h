#ifndef API_SERVER_ACCOUNTS_SINGLE_USER_H
#define API_SERVER_ACCOUNTS_SINGLE_USER_H

struct request;

/*
 * Whose request is it? In single_user mode always that of the one member,
 * whose row is made before the first such request goes on; see http_options.
 */
void single_user_admit(struct request *rq, void (*go)(struct request *rq));
/* The database may be another now: make sure again. */
void single_user_forget(void);

#endif
