#ifndef COMMON_CONF_CONF_SOURCE_H
#define COMMON_CONF_CONF_SOURCE_H

#include <stdbool.h>

#include "common/base/attr.h"
#include "common/base/buf.h"
#include "common/base/error.h"

/*
 * Where the text of a configuration comes from: files and the environment.
 */

/* Adds the whole file to out; one that does not fit there is an error. */
bool conf_read_file(const char *path, struct buf *out,
                    struct error *err) MUST_CHECK;
/*
 * Adds the value of the variable name, or of the file that name_FILE names
 * (without line ends behind it). *found_r: one of them is set; an empty
 * variable counts as unset, since that is how containers leave one out. Both
 * set is an error. err names the variable.
 */
bool conf_read_variable(const char *name, struct buf *out, bool *found_r,
                        struct error *err) MUST_CHECK;

#endif
