#ifndef API_SERVER_IMPORT_CAUSES_H
#define API_SERVER_IMPORT_CAUSES_H

#include <stdbool.h>

#include "api-server/import/record.h"
#include "common/base/arena.h"
#include "common/base/attr.h"

/* Causes of one file that are told apart; rows of others are not counted. */
#define CAUSES_MAX 32

/* Counts a rejected row. True: it is the first of its cause, and its reason is
 * borrowed. */
bool causes_add(struct arena *arena, struct import_file *file,
                const struct import_row *row) MUST_CHECK;
/* Of a file that has rejected rows. */
const struct import_cause *causes_commonest(const struct import_file *file);

#endif
