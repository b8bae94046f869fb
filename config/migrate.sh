#!/bin/bash
# One-shot migration of a container: roles, passwords, database, sqitch deploy.
#
# PGHOST, PGPORT, PGUSER, PGPASSWORD: a superuser. API_PASSWORD and
# DAEMON_PASSWORD: what the two programs log in with. Any password will do, and
# none is printed. Each of the three may be given as a file: PGPASSWORD_FILE, ...
set -euo pipefail

for name in PGPASSWORD API_PASSWORD DAEMON_PASSWORD; do
	file=${name}_FILE
	[ -z "${!file:-}" ] || export "$name=$(cat "${!file}")"
done

admin() {
	psql -q -X -v ON_ERROR_STOP=1 "$@"
}

tries=0
until error=$(admin -d postgres -c 'SELECT 1' 2>&1 >/dev/null); do
	tries=$((tries + 1))
	[ $tries -lt "${PATIENCE_S:-60}" ] || {
		echo "Postgres at ${PGHOST:-the local socket} does not let us in:" >&2
		echo "$error" >&2
		exit 1
	}
	sleep 1
done

admin -d postgres -f sql/roles.sql
# From the environment, and quoted by psql: nothing of them is on a command line.
admin -d postgres <<'SQL'
\getenv api API_PASSWORD
\getenv daemon DAEMON_PASSWORD
ALTER ROLE rewatch_api PASSWORD :'api';
ALTER ROLE rewatch_daemon PASSWORD :'daemon';
SQL
if [ -z "$(admin -Atd postgres -c "SELECT 1 FROM pg_database WHERE datname = 'rewatch'")" ]; then
	admin -d postgres -c "CREATE DATABASE rewatch OWNER rewatch_owner"
fi
admin -d rewatch -f sql/tools/let-owner-in.sql
export PGOPTIONS=-crole=rewatch_owner SQITCH_CONFIG=sql/sqitch.conf
sqitch deploy --quiet db:pg:rewatch
echo "the database is up to date"
