#!/bin/bash
# A room calls only the rooms that stand below it, and no two files include or
# call each other in a circle. The table and its reasons: CONTRIBUTING.md, "The map".
. "$(dirname "$0")/lib.sh"

# ROOM: the rooms whose headers its sources may include. "ground" are the files
# of a program's own folder that its rooms stand on, "wiring" those that know all
# of it.
rooms='
common/base:
common/conf: common/base
common/json: common/base
common/process: common/base common/conf common/json
common/http: common/base common/json common/process
common/pg: common/base common/conf common/process

enrich-daemon/ground: common/base common/conf common/pg common/process
enrich-daemon/tmdb: common/base common/json
enrich-daemon/match: common/base common/json enrich-daemon/tmdb
enrich-daemon/client: common/base common/pg common/process enrich-daemon/ground
enrich-daemon/queue: common/base common/pg common/process enrich-daemon/ground enrich-daemon/tmdb enrich-daemon/match
enrich-daemon/store: common/base common/pg enrich-daemon/ground enrich-daemon/tmdb enrich-daemon/match enrich-daemon/queue
enrich-daemon/index: common/base common/json common/pg common/process enrich-daemon/ground enrich-daemon/tmdb enrich-daemon/match enrich-daemon/client
enrich-daemon/refresh: common/base common/pg common/process enrich-daemon/ground enrich-daemon/tmdb enrich-daemon/client enrich-daemon/queue
enrich-daemon/work: *
enrich-daemon/wiring: *

api-server/http: common/base common/http common/json common/pg common/process
api-server/cache: common/base common/pg common/process api-server/http
api-server/accounts: common/base common/pg api-server/http
api-server/import: common/base common/pg common/process
api-server/progress: common/base common/json common/pg common/process api-server/http
api-server/ground: common/base common/conf common/pg common/process api-server/import
api-server/handlers: *
api-server/wiring: *
'

# "FILE HEADER" for each include of ours.
includes() {
	grep -rnE '^#include "(common|api-server|enrich-daemon)/' \
		common api-server enrich-daemon --include='*.[ch]' |
		sed -E 's/:[0-9]+:#include "/ /; s/".*//'
}

# What no room may include, whatever stands in the table.
never='
api-server/handlers/[a-z_]*[.][ch] api-server/handlers/
api-server/[a-z]*/[a-z_]*[.][ch] enrich-daemon/
enrich-daemon/[a-z]*/[a-z_]*[.][ch] api-server/
'

broken() {
	includes | awk -v rooms="$rooms" -v never="$never" '
	function room(path,    part, n) {
		n = split(path, part, "/")
		if (n > 2)
			return part[1] "/" part[2]
		if (part[2] ~ /^(main|daemon|server|routes)[.]/)
			return part[1] "/wiring"
		return part[1] "/ground"
	}
	function stem(path) { sub(/[.][ch]$/, "", path); return path }
	BEGIN {
		n = split(rooms, line, "\n")
		for (i = 1; i <= n; i++) {
			split(line[i], half, ":")
			may[half[1]] = " " half[2] " "
		}
		m = split(never, rule, "\n")
	}
	{
		from = room($1); to = room($2)
		if (!(from in may))
			print $1 ": its room " from " is in no table"
		else if (from != to && may[from] !~ /[*]/ &&
		    index(may[from], " " to " ") == 0)
			print $1 " includes " $2 ": " to " does not stand below " from
		for (i = 1; i <= m; i++) {
			split(rule[i], half, " ")
			if (half[1] != "" && $1 ~ "^" half[1] "$" &&
			    index($2, half[2]) == 1 && stem($1) != stem($2) &&
			    $2 !~ /(params|route_tables|match_choice)[.]h$/)
				print $1 " includes " $2 ": never"
		}
	}'
}

# Headers that include each other in a circle.
header_circles() {
	includes | awk '$1 ~ /[.]h$/' | { tsort >/dev/null; } 2>&1 || true
}

# Sources that call each other in a circle, by the symbols of their objects: what
# an include does not tell, since a type may come from where a call goes to.
call_circles() {
	local objects
	(
		cd "$build"
		# Not those of sources that are gone.
		objects=$(cd - >/dev/null && find common api-server \
			enrich-daemon -name '*.c' | sed 's/c$/o/')
		# shellcheck disable=SC2086 # a list of words
		nm -A --defined-only $objects |
			sed -nE 's/^([^:]*)[.]o:.* [TDBRC] (.*)$/defines \1 \2/p'
		# shellcheck disable=SC2086
		nm -A --undefined-only $objects |
			sed -nE 's/^([^:]*)[.]o:.* U (.*)$/uses \1 \2/p'
	) | awk '
		$1 == "defines" { owner[$3] = $2 }
		$1 == "uses" { use[++n] = $2 " " $3 }
		END {
			for (i = 1; i <= n; i++) {
				split(use[i], of, " ")
				if (of[2] in owner && owner[of[2]] != of[1])
					print of[1], owner[of[2]]
			}
		}' | { tsort >/dev/null; } 2>&1 || true
}

check 'a room above is included' "$(broken)"
check 'headers include each other in a circle' "$(header_circles)"
check 'sources call each other in a circle' "$(call_circles)"
summary
