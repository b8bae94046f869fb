#!/bin/bash
# What `make run` runs: Postgres, migrations, both programs in the foreground.
# Ctrl-C ends all of it. Variables: see README.md, "Running it".
set -euo pipefail

here=$(cd "$(dirname "$0")/.." && pwd)
build=${BUILD:-$here/build}
port=${PORT:-8080}
if [ -z "${STATE_DIR:-}" ]; then
	STATE_DIR=$here/state
	[ "$(id -u)" = 0 ] && STATE_DIR=/var/lib/rewatch
fi
mkdir -p "$STATE_DIR"
state=$(cd "$STATE_DIR" && pwd)
cluster=
pids=
# One line a film would push the address off the screen.
export REWATCH_LOG_LEVEL=${REWATCH_LOG_LEVEL:-warn}

say() {
	printf '%s\n' "$*" >&2
}

finish() {
	trap - EXIT INT TERM
	# The stand-in goes last: a daemon may still be talking to it.
	for pid in $pids; do
		kill -TERM "$pid" 2>/dev/null || true
		wait "$pid" 2>/dev/null || true
	done
	[ -z "$cluster" ] || "$here/config/cluster.sh" stop "$cluster"
}

# As the given role, whoever DATABASE_URL logs in as.
url_as() {
	local separator='?'
	case "$DATABASE_URL" in *\?*) separator='&' ;; esac
	echo "$DATABASE_URL${separator}options=-crole%3D$1"
}

start_database() {
	if [ -n "${DATABASE_URL:-}" ]; then
		psql -q -X -v ON_ERROR_STOP=1 "$DATABASE_URL" -f "$here/sql/roles.sql"
		(cd "$here" && PGOPTIONS=-crole=rewatch_owner \
			SQITCH_CONFIG=sql/sqitch.conf \
			sqitch deploy --quiet "db:pg:${DATABASE_URL#postgres*:}")
		api_url=$(url_as rewatch_api)
		daemon_url=$(url_as rewatch_daemon)
		owner_url=$(url_as rewatch_owner)
		return
	fi
	cluster=$state/pg
	"$here/config/cluster.sh" start "$cluster"
	"$here/config/cluster.sh" migrate "$cluster"
	api_url=$("$here/config/cluster.sh" url "$cluster" rewatch_api)
	daemon_url=$("$here/config/cluster.sh" url "$cluster" rewatch_daemon)
	owner_url=$("$here/config/cluster.sh" url "$cluster" rewatch_owner)
}

# Without a token TMDB's stand-in with the sample catalogue serves.
choose_tmdb() {
	stand_in=
	if [ -n "${TMDB_TOKEN:-}" ] || [ -n "${TMDB_URL:-}" ]; then
		return
	fi
	local stub_port=$((port + 2))
	"$build/tests/tmdb-stub/tmdb-stub" --port "$stub_port" \
		--catalogue "$here/tests/tmdb-stub/catalogue.tsv" --delay-ms 20 &
	pids="$!"
	stand_in=yes
	export TMDB_URL=http://127.0.0.1:$stub_port TMDB_TOKEN=stand-in
	export TMDB_INDEX_URL=$TMDB_URL/p/exports
}

as_owner() {
	psql -q -X -At -v ON_ERROR_STOP=1 "$owner_url" "$@"
}

# What the stand-in said is no answer once TMDB itself is asked.
separate_answers() {
	if [ -n "$stand_in" ]; then
		as_owner -f "$here/sql/tools/use-stand-in.sql"
	else
		as_owner -f "$here/sql/tools/forget-stand-in.sql"
	fi
}

wait_ready() {
	local tries=0
	until curl -fs -o /dev/null "http://127.0.0.1:$port/readyz"; do
		tries=$((tries + 1))
		kill -0 "$1" 2>/dev/null || exit 1
		[ $tries -lt 300 ] || {
			say "the API server is not ready after 30 s"
			exit 1
		}
		sleep 0.1
	done
}

import_sample() {
	[ -n "$stand_in" ] || return 0
	[ "$(as_owner -c 'SELECT sample_imported FROM demo')" = f ] || return 0
	curl -fs -o /dev/null --data-binary @"$here/tests/sample/letterboxd-sample.zip" \
		-H 'Content-Type: application/zip' \
		"http://127.0.0.1:$port/v1/imports?sample=1&file_name=letterboxd-sample.zip" &&
		as_owner -c 'UPDATE demo SET sample_imported = true'
}

trap finish EXIT
trap 'exit 0' INT TERM

start_database
choose_tmdb
separate_answers
DATABASE_URL=$api_url PORT=$port REWATCH_WEB_ROOT=$here/api-server/web \
	"$build/api-server/api-server" --config "$here/config/api-server.yaml" &
api=$!
pids="$api $pids"
wait_ready $api
DATABASE_URL=$daemon_url REWATCH_STATUS_PORT=$((port + 1)) \
	"$build/enrich-daemon/enrich-daemon" \
	--config "$here/config/enrich-daemon.yaml" &
daemon=$!
pids="$api $daemon ${pids#"$api"}"
import_sample

say
say "  Rewatch is at http://127.0.0.1:$port/"
[ -z "$stand_in" ] || {
	say "  with a sample library and a stand-in for TMDB that knows 288 titles."
	say "  For your own films: TMDB_TOKEN=... make run   (see README.md)"
}
say
wait -n "$api" "$daemon" || say "a program ended by itself; see above"
