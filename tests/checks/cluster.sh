#!/bin/bash
# config/cluster.sh takes any directory: also one whose name is longer than that
# of a socket may be, or has blanks; and its socket is its owner's alone.
. "$(dirname "$0")/lib.sh"
long=$(printf 'a directory with a long name %.0s' 1 2 3 4 5)

answer() {
	psql -XAtq "$(config/cluster.sh url "$cluster" postgres)" \
		-c 'SELECT count(*) FROM film' 2>&1 || true
}

socket() {
	config/cluster.sh url "$cluster" | sed 's/.*host=\(.*\)&port.*/\1/'
}

mkdir "$work/$long"
start_cluster "$work/$long/pg"
same 'an answer' 0 "$(answer)"
first=$(socket)
same 'who may enter' 700 "$(stat -c %a "$first")"
same 'who may connect' srwx------ "$(stat -c %A "$first"/.s.PGSQL.5432)"

# Started again while it runs, nothing changes.
config/cluster.sh start "$cluster"
same 'the same place' "$first" "$(socket)"
same 'an answer as before' 0 "$(answer)"

config/cluster.sh stop "$cluster"
same 'nothing is left' '' "$(find "$first" 2>/dev/null || true)"
config/cluster.sh start "$cluster"
same 'an answer after a restart' 0 "$(answer)"

config/cluster.sh stop "$cluster"

# The server of the version that made it, whatever else is installed since; what
# is said when that is not there any more, or when there are clients alone.
made=$(cat "$cluster/data/PG_VERSION")
installed=/usr/lib/postgresql/$made
mkdir -p "$work/all/$made" "$work/all/99/bin" "$work/clients/98/bin" "$work/other/99/bin"
ln -s "$installed/bin" "$work/all/$made/bin"
touch "$work/clients/98/bin/psql"
for newer in all other; do
	for program in initdb postgres pg_ctl; do
		printf '#!/bin/sh\necho the newer one >&2; exit 1\n' \
			>"$work/$newer/99/bin/$program"
		chmod 755 "$work/$newer/99/bin/$program"
	done
done
silent 'its own version' env PG_ROOT="$work/all" config/cluster.sh start "$cluster"
same 'an answer of its own version' 0 "$(answer)"
config/cluster.sh stop "$cluster"
same 'its version is gone' "$cluster was made by PostgreSQL $made, which is not installed: install postgresql-$made, or begin with another directory and restore a dump into it" \
	"$(PG_ROOT=$work/other config/cluster.sh start "$cluster" 2>&1 || true)"
same 'clients alone' "no PostgreSQL server of version 15 or newer is installed below $work/clients" \
	"$(PG_ROOT=$work/clients config/cluster.sh start "$work/new" 2>&1 || true)"

summary
