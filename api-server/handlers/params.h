#ifndef API_SERVER_HANDLERS_PARAMS_H
#define API_SERVER_HANDLERS_PARAMS_H

#include "api-server/http/route.h"

/* Parameters that several routes declare, each in one way. */

#define PARAM_ID(name_)                                                        \
	{                                                                      \
		.name = (name_), .type = PARAM_INT, .min = 1, .max = INT64_MAX \
	}
#define PARAM_YEAR(name_)                                                      \
	{                                                                      \
		.name = (name_), .type = PARAM_INT, .min = 1, .max = 9999      \
	}
#define PARAM_STARS(name_)                                                     \
	{                                                                      \
		.name = (name_), .type = PARAM_CHOICE,                         \
		.choices = "0.5|1|1.5|2|2.5|3|3.5|4|4.5|5"                     \
	}
#define PARAM_FLAG(name_)                                                      \
	{                                                                      \
		.name = (name_), .type = PARAM_BOOL                            \
	}
#define PARAM_LIMIT                                                            \
	{                                                                      \
		.name = "limit", .type = PARAM_INT, .min = 1, .max = 500,      \
		.def = "50"                                                    \
	}
/* "next" of the page before: KEY~ID; the key is at most 100 characters. */
#define PARAM_CURSOR                                                           \
	{                                                                      \
		.name = "after", .type = PARAM_TEXT, .max = 500                \
	}

#endif
