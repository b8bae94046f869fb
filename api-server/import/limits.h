#ifndef API_SERVER_IMPORT_LIMITS_H
#define API_SERVER_IMPORT_LIMITS_H

#include <stddef.h>
#include <stdint.h>

/*
 * What an upload may cost. From the configuration (hence int64_t), each at
 * least 1; what goes over one is answered with a 4xx.
 */
struct import_limits {
	int64_t entries_max;     /* names in a ZIP, folders counted; parts of
	                          * a form */
	int64_t entry_bytes_max; /* one file, unpacked */
	int64_t total_bytes_max; /* all files together, unpacked */
	int64_t ratio_max;       /* unpacked bytes for one byte of the ZIP */
	int64_t field_bytes_max; /* one CSV field; longer: the row is rejected
	                          */
	int64_t row_bytes_max;   /* one CSV record; longer: likewise */
	int64_t rows_max;        /* of all files together */
	int64_t list_max;        /* files in lists/; at most 30,000 */
	int64_t memory_max; /* what reading it takes, and then the parameters of
	                     * its transaction, both together; an arena's max */
};

/*
 * The most that is taken between two looks at whether memory_max is passed, an
 * arena's reserve: for a row and a chunk of rows; and for what is noted of all
 * names at once as well, where the files of an upload are found.
 */
size_t import_reserve_rows(const struct import_limits *limits);
size_t import_reserve_names(const struct import_limits *limits);

#endif
