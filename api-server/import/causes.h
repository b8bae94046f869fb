#ifndef API_SERVER_IMPORT_CAUSES_H
#define API_SERVER_IMPORT_CAUSES_H

#include "api-server/import/record.h"
#include "common/base/arena.h"

/* Causes of one file that are told apart; rows of others are not counted. */
#define CAUSES_MAX 32

/* Counts a rejected row. Its reason is copied into the arena. */
void causes_add(struct arena *arena, struct import_file *file,
                const struct import_row *row);
/* Of a file that has rejected rows. */
const struct import_cause *causes_commonest(const struct import_file *file);

#endif
