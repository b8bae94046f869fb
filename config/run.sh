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

# --- a database of the user's ---

admin() {
	psql -q -X -At -v ON_ERROR_STOP=1 "$DATABASE_URL" "$@"
}

# password_of ROLE: given (API_PASSWORD, DAEMON_PASSWORD), or made and kept.
password_of() {
	local given=${1#rewatch_} file=$state/passwords/$1
	given=${given^^}_PASSWORD
	if [ -n "${!given:-}" ]; then
		printf %s "${!given}"
	elif [ -s "$file" ]; then
		cat "$file"
	fi
}

make_password() {
	(
		umask 077
		mkdir -p "$state/passwords"
		od -An -N24 -tx1 /dev/urandom | tr -d ' \n' >"$state/passwords/$1"
	)
}

# DATABASE_URL for ROLE: without the user's own name and password.
url_of() {
	local rest=${DATABASE_URL#*://} query='' place path
	case $rest in *\?*) query=${rest#*\?} rest=${rest%%\?*} ;; esac
	place=${rest%%/*}
	path=${rest#"$place"}
	query=$(tr '&' '\n' <<<"$query" | grep -vE '^(user|password|passfile)=|^$' |
		paste -sd '&' || true)
	# Without a name the database's would be the role's.
	if [ "${path#/}" = "" ] && [[ $query != *dbname=* ]]; then
		path=/$(admin -c 'SELECT current_database()')
	fi
	echo "postgresql://$1@${place##*@}$path${query:+?$query}"
}

# Roles that are new get their passwords in the transaction that makes them;
# those of others, who may use them elsewhere, are left as they are.
make_roles() {
	local role new=
	for role in rewatch_api rewatch_daemon; do
		[ -z "$(admin -c "SELECT 1 FROM pg_roles WHERE rolname = '$role'")" ] ||
			continue
		[ -n "$(password_of $role)" ] || make_password $role
		new="$new $role"
	done
	{
		cat "$here/sql/roles.sql"
		for role in $new; do
			printf '\\getenv password %s_new\n' "$role"
			printf "ALTER ROLE %s PASSWORD :'password';\n" "$role"
		done
	} | rewatch_api_new=$(password_of rewatch_api) \
		rewatch_daemon_new=$(password_of rewatch_daemon) admin -1 -f -
}

check_login() {
	local role=$1 error
	error=$(PGPASSWORD=$(password_of "$role") psql -q -X -At "$(url_of "$role")" \
		-c 'SELECT 1' 2>&1 >/dev/null) && return
	say "$role cannot log in to DATABASE_URL's database: $error"
	say "Its password, if it has one from elsewhere: give it in $2. If pg_hba.conf"
	say "wants something else than a password of it, allow scram-sha-256 there."
	exit 1
}

use_database() {
	case $DATABASE_URL in
	postgres://* | postgresql://*) ;;
	*)
		say "DATABASE_URL must be a URL: postgresql://USER@HOST/DATABASE"
		exit 2
		;;
	esac
	make_roles
	admin -f "$here/sql/tools/let-owner-in.sql"
	(cd "$here" && PGOPTIONS=-crole=rewatch_owner \
		SQITCH_CONFIG=sql/sqitch.conf \
		sqitch deploy --quiet "db:pg:${DATABASE_URL#postgres*:}")
	check_login rewatch_api API_PASSWORD
	check_login rewatch_daemon DAEMON_PASSWORD
	api_url=$(url_of rewatch_api)
	api_password=$(password_of rewatch_api)
	daemon_url=$(url_of rewatch_daemon)
	daemon_password=$(password_of rewatch_daemon)
}

start_database() {
	api_password='' daemon_password=''
	if [ -n "${DATABASE_URL:-}" ]; then
		use_database
		return
	fi
	cluster=$state/pg
	"$here/config/cluster.sh" start "$cluster"
	"$here/config/cluster.sh" migrate "$cluster"
	api_url=$("$here/config/cluster.sh" url "$cluster" rewatch_api)
	daemon_url=$("$here/config/cluster.sh" url "$cluster" rewatch_daemon)
	owner_url=$("$here/config/cluster.sh" url "$cluster" rewatch_owner)
}

as_owner() {
	if [ -n "$cluster" ]; then
		psql -q -X -At -v ON_ERROR_STOP=1 "$owner_url" "$@"
	else
		PGOPTIONS=-crole=rewatch_owner admin "$@"
	fi
}

# --- the programs ---

# They do not run as root, as Postgres does not, and as the same user. What they
# read is a copy where that user may not look in here, as in root's home.
choose_user() {
	as=()
	files=$here
	programs=$build
	[ "$(id -u)" = 0 ] || return 0
	# libpq looks for certificates in the home.
	as=(env "HOME=$state" setpriv --reuid=postgres --regid=postgres --clear-groups
		--no-new-privs)
	! "${as[@]}" test -x "$build/api-server/api-server" -a \
		-r "$here/config/api-server.yaml" || return 0
	files=$state/program
	programs=$files/build
	rm -rf "$files"
	mkdir -p "$programs"
	(cd "$here" && cp -r --parents config/api-server.yaml \
		config/enrich-daemon.yaml api-server/web \
		tests/tmdb-stub/catalogue.tsv "$files")
	(cd "$build" && cp --parents api-server/api-server \
		enrich-daemon/enrich-daemon tests/tmdb-stub/tmdb-stub "$programs")
	chmod -R a+rX "$files"
}

# Without a token TMDB's stand-in with the sample catalogue serves.
choose_tmdb() {
	stand_in=
	if [ -n "${TMDB_TOKEN:-}" ] || [ -n "${TMDB_URL:-}" ]; then
		return
	fi
	local stub_port=$((port + 2))
	"${as[@]}" "$programs/tests/tmdb-stub/tmdb-stub" --port "$stub_port" \
		--catalogue "$files/tests/tmdb-stub/catalogue.tsv" --delay-ms 20 &
	pids="$!"
	stand_in=yes
	export TMDB_URL=http://127.0.0.1:$stub_port TMDB_TOKEN=stand-in
	export TMDB_INDEX_URL=$TMDB_URL/p/exports
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
choose_user
choose_tmdb
separate_answers
DATABASE_URL=$api_url PGPASSWORD=$api_password PORT=$port \
	REWATCH_WEB_ROOT=$files/api-server/web \
	"${as[@]}" "$programs/api-server/api-server" \
	--config "$files/config/api-server.yaml" &
api=$!
pids="$api $pids"
wait_ready $api
DATABASE_URL=$daemon_url PGPASSWORD=$daemon_password \
	REWATCH_STATUS_PORT=$((port + 1)) \
	"${as[@]}" "$programs/enrich-daemon/enrich-daemon" \
	--config "$files/config/enrich-daemon.yaml" &
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
