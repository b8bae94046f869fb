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

summary
