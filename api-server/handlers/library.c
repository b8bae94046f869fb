/* The library as a whole. It is emptied in import.c, like it is filled. */
#include "api-server/handlers/route_tables.h"

#include "gen/sql.h"

const struct route library_routes[] = {
	{ .method = "GET", .path = "/v1/library", .sql = &SQL_LIBRARY_SHOW },
	{ 0 },
};
