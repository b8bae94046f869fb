#!/bin/bash
# Who may include whom: the table of CONTRIBUTING.md, as a check.
. "$(dirname "$0")/lib.sh"

# only HEADER-PATTERN WHERE: the header may be included only below WHERE.
only() {
	local found
	found=$(grep -rnE "^#include [<\"]$1" common api-server enrich-daemon \
		tests/tmdb-stub --include='*.[ch]' | grep -vE "^($2)" || true)
	check "only $2 may include $1" "$found"
}

# never HEADER-PATTERN WHERE...: in these the header is not included.
never() {
	local header=$1 found
	shift
	found=$(grep -rnE "^#include [<\"]$header" "$@" --include='*.[ch]' || true)
	check "must not include $header" "$found"
}

only 'libpq' 'common/pg/'
only 'event2/http' 'tests/tmdb-stub/'
only 'curl/' 'enrich-daemon/client/fetch'
only 'yaml' 'common/conf/'
only 'yajl' 'common/json/'
only 'archive' 'api-server/import/zip'
only 'csv\.h' 'api-server/import/csv'
only 'sodium' 'api-server/'
never '(api-server|enrich-daemon)/' common tests/tmdb-stub
never 'enrich-daemon/' api-server
never 'api-server/' enrich-daemon
# Pure modules: neither the loop nor the database.
never '(event2|libpq)' \
	enrich-daemon/{tmdb,match} enrich-daemon/index/index_file.* \
	enrich-daemon/client/{clock_offset,breaker,slots}.* api-server/cache/cache.* \
	api-server/handlers/match_choice.* \
	api-server/import/{csv,rows,zip,multipart,letterboxd_link,upload,list_file}* \
	api-server/import/{export_layout,export_path,file_format,form_parts,listing}*

# Nor the log or the metrics, where a test may ask everything.
never '(common/base/log|common/process/metrics|enrich-daemon/daemon_metrics)' \
	enrich-daemon/{tmdb,match} enrich-daemon/client/{clock_offset,breaker,slots}.*

summary
