#!/bin/bash
# One-shot migration of a container: roles, passwords, database, sqitch deploy.
#
# PGHOST, PGPORT, PGUSER, PGPASSWORD: a superuser. API_PASSWORD and
# DAEMON_PASSWORD: what the two programs log in with.
set -euo pipefail

admin() {
	psql -q -X -v ON_ERROR_STOP=1 "$@"
}

tries=0
until admin -d postgres -c 'SELECT 1' >/dev/null 2>&1; do
	tries=$((tries + 1))
	[ $tries -lt 60 ] || {
		echo "Postgres at ${PGHOST:-the local socket} does not answer" >&2
		exit 1
	}
	sleep 1
done

admin -d postgres -f sql/roles.sql
# psql quotes the values; nothing of them reaches a command line of the server.
admin -d postgres -v api="$API_PASSWORD" -v daemon="$DAEMON_PASSWORD" <<'SQL'
ALTER ROLE rewatch_api PASSWORD :'api';
ALTER ROLE rewatch_daemon PASSWORD :'daemon';
SQL
if [ -z "$(admin -Atd postgres -c "SELECT 1 FROM pg_database WHERE datname = 'rewatch'")" ]; then
	admin -d postgres -c "CREATE DATABASE rewatch OWNER rewatch_owner"
fi
export PGOPTIONS=-crole=rewatch_owner SQITCH_CONFIG=sql/sqitch.conf
sqitch deploy --quiet \
	"db:pg://$PGUSER@$PGHOST:${PGPORT:-5432}/rewatch"
echo "the database is up to date"
