#!/bin/bash
# One-shot of a container before the database's first start: a password for each
# who logs in there, made once and kept in a volume that only those mount who
# need it. So who reads one program's secret is not yet the other, let alone the
# superuser.
#
#   passwords.sh DIR HOST    DIR/ROLE/password, DIR/ROLE/database-url
set -euo pipefail

dir=$1
host=$2
for role in postgres rewatch_api rewatch_daemon; do
	mkdir -p "$dir/$role"
	file=$dir/$role/password
	# Whole or not there.
	[ -s "$file" ] || {
		od -An -N24 -tx1 /dev/urandom | tr -d ' \n' >"$file.new"
		mv "$file.new" "$file"
	}
	# Hexadecimal digits need no care in a URL.
	echo "postgresql://$role:$(cat "$file")@$host/rewatch" >"$dir/$role/database-url"
	# Other containers read it as users of their own.
	chmod 444 "$file" "$dir/$role/database-url"
done
