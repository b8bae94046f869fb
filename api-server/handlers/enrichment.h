#ifndef API_SERVER_HANDLERS_ENRICHMENT_H
#define API_SERVER_HANDLERS_ENRICHMENT_H

#include "api-server/http/route.h"

/* /v1/enrichment: progress of the look-ups in TMDB, what they left open,
 * and trying that again.
 * The stream of progress events is events.h. */
extern const struct route enrichment_routes[];

#endif
