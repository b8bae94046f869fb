#ifndef API_SERVER_IMPORT_FILE_FORMAT_H
#define API_SERVER_IMPORT_FILE_FORMAT_H

#include <stdbool.h>

#include "api-server/import/listing.h"
#include "api-server/import/upload_problem.h"
#include "common/base/attr.h"
#include "common/base/str.h"

/*
 * What people hand over in place of an export, by name, and what to do then.
 * All functions answer NULL for what is in no table.
 */
struct file_format {
	const char *called; /* "a RAR archive" */
	const char *todo;   /* "unpack it and ..." */
};

/* By the bytes that a file begins with. */
const struct file_format *file_format_of_bytes(struct str head);
/* By what is behind the last dot. */
const struct file_format *file_format_of_name(const char *name);
/* Spreadsheets and documents that are ZIPs, by what lies in them. */
const struct file_format *file_format_of_listing(const struct listing *listing);

/* not-an-export: "The upload is ..., neither a ZIP nor a CSV ...". Always
 * false. */
bool file_format_refuse(struct upload_problem *problem,
                        const struct file_format *format);

#endif
