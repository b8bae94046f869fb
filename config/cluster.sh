#!/bin/bash
# A private Postgres cluster in a directory: for `make run` and for the tests.
#
#   config/cluster.sh start DIR [PORT]   make it (once) and start it
#   config/cluster.sh stop DIR [MODE]    fast (default) or immediate
#   config/cluster.sh url DIR [ROLE]     connection URL of its database
#   config/cluster.sh migrate DIR        roles, database, sqitch deploy
#
# It listens on a Unix socket alone, and on 127.0.0.1:PORT when a port is given.
# The socket is in DIR or, where that name is too long or too odd for one, in a
# private directory below /tmp. Postgres refuses to run as root: then it runs as
# user postgres. PG_ROOT is where Debian has its versions.
set -euo pipefail

here=$(cd "$(dirname "$0")/.." && pwd)
PG_ROOT=${PG_ROOT:-/usr/lib/postgresql}
bin=

as_postgres() {
	if [ "$(id -u)" = 0 ]; then
		(cd / && setpriv --reuid=postgres --regid=postgres --clear-groups "$@")
	else
		"$@"
	fi
}

# A socket's whole name has at most 107 bytes, of which ".s.PGSQL.65535" takes
# 15 with its slash; it goes through options and URLs without quotes.
fits_socket() {
	local LC_ALL=C
	[ ${#1} -le 92 ] && [[ $1 =~ ^[A-Za-z0-9/._+-]+$ ]]
}

socket_of() {
	if [ -e "$1/socket" ]; then cat "$1/socket"; else echo "$1"; fi
}

# With the rights of whoever can write that file, not more.
remove_socket() {
	[ ! -e "$1/socket" ] ||
		as_postgres rm -rf "$(cat "$1/socket")" "$1/socket"
}

choose_socket() {
	remove_socket "$1"
	fits_socket "$1" || as_postgres mktemp -d /tmp/rewatch-socket-XXXXXX |
		as_postgres tee "$1/socket" >/dev/null
}

# bin: of the version that made the directory, for a new one the newest. Where
# only a client is installed there is no initdb.
choose_version() {
	local dir=$1 version
	if [ -e "$dir/data/PG_VERSION" ]; then
		version=$(cat "$dir/data/PG_VERSION")
		[ -x "$PG_ROOT/$version/bin/postgres" ] || {
			echo "$dir was made by PostgreSQL $version, which is not installed: install postgresql-$version, or begin with another directory and restore a dump into it" >&2
			exit 1
		}
	else
		version=$(find "$PG_ROOT" -path '*/bin/initdb' 2>/dev/null |
			sed -n 's|.*/\([0-9]*\)/bin/initdb$|\1|p' | sort -n | tail -1)
		[ "${version:-0}" -ge 15 ] || {
			echo "no PostgreSQL server of version 15 or newer is installed below $PG_ROOT" >&2
			exit 1
		}
	fi
	bin=$PG_ROOT/$version/bin
}

make_cluster() {
	local dir=$1
	mkdir -p "$dir"
	[ "$(id -u)" = 0 ] && chown postgres: "$dir"
	as_postgres "$bin/initdb" -D "$dir/data" -U postgres -A trust \
		-E UTF8 --locale=C.UTF-8 --no-instructions >"$dir/../initdb.log" 2>&1 || {
		cat "$dir/../initdb.log" >&2
		exit 1
	}
	rm -f "$dir/../initdb.log"
	# A private cluster of one program's own: small, and patient with none.
	as_postgres tee -a "$dir/data/postgresql.conf" >/dev/null <<-CONF
		shared_buffers = 64MB
		# Whoever reaches the socket is trusted: the owner alone does.
		unix_socket_permissions = 0700
		listen_addresses = '127.0.0.1'
		autovacuum_naptime = 10s
		client_connection_check_interval = 5s
		log_min_messages = warning
	CONF
}

start() {
	local dir=$1 port=${2:-}
	choose_version "$dir"
	[ -e "$dir/data/PG_VERSION" ] || make_cluster "$dir"
	as_postgres "$bin/pg_ctl" -D "$dir/data" status >/dev/null 2>&1 && return 0
	choose_socket "$dir"
	local options
	options="-p ${port:-5432} -k $(socket_of "$dir") ${PG_OPTIONS:-}"
	[ -n "$port" ] || options="$options -c listen_addresses="
	echo "${port:-5432}" | as_postgres tee "$dir/port" >/dev/null
	as_postgres "$bin/pg_ctl" -D "$dir/data" -w -t 60 -l "$dir/postgres.log" \
		-o "$options" start >/dev/null || {
		tail -20 "$dir/postgres.log" >&2
		exit 1
	}
}

stop() {
	choose_version "$1"
	as_postgres "$bin/pg_ctl" -D "$1/data" -w -t 60 -m "${2:-fast}" stop \
		>/dev/null 2>&1 || true
	remove_socket "$1"
}

url() {
	local dir=$1 role=${2:-rewatch_api}
	echo "postgresql://$role@/rewatch?host=$(socket_of "$dir")&port=$(cat "$dir/port")"
}

migrate() {
	local dir=$1 socket admin
	socket=$(socket_of "$dir")
	admin="host=$socket port=$(cat "$dir/port") user=postgres"
	psql -q -X -v ON_ERROR_STOP=1 "$admin dbname=postgres" -f "$here/sql/roles.sql"
	if ! psql -X -Atq "$admin dbname=postgres" \
		-c "SELECT 1 FROM pg_database WHERE datname = 'rewatch'" | grep -q 1; then
		psql -q -X "$admin dbname=postgres" \
			-c "CREATE DATABASE rewatch OWNER rewatch_owner"
	fi
	(cd "$here" && SQITCH_CONFIG=sql/sqitch.conf sqitch deploy --quiet \
		"db:pg://rewatch_owner@/rewatch?host=$socket&port=$(cat "$dir/port")")
}

case "${1:-}" in
start) start "$2" "${3:-}" ;;
stop) stop "$2" "${3:-fast}" ;;
url) url "$2" "${3:-rewatch_api}" ;;
migrate) migrate "$2" ;;
*)
	sed -n '2,12p' "$0" >&2
	exit 2
	;;
esac
