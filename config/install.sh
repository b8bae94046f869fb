#!/bin/bash
# Installs the Debian packages that are missing.
#
#   config/install.sh run     to build and run
#   config/install.sh test    that, and everything the tests need
#   config/install.sh bench   that, and everything that measuring needs
set -euo pipefail

build="gcc libc6-dev make pkg-config gawk libpq-dev libevent-dev
	libcurl4-openssl-dev libyajl-dev libyaml-dev libsodium-dev
	libarchive-dev libcsv-dev libutf8proc-dev uthash-dev zlib1g-dev"
run="postgresql postgresql-client sqitch libdbd-pg-perl curl ca-certificates"
test="clang clang-tidy clang-format libclang-rt-14-dev llvm cppcheck shellcheck
	mandoc universal-ctags libcmocka-dev perl python3 python3-pytest python3-pytest-xdist
	python3-psycopg python3-yaml python3-jsonschema chromium
	chromium-driver python3-selenium iptables pgbouncer"
bench="wrk"

packages="$build $run"
case ${1:-run} in
test) packages="$packages $test" ;;
bench) packages="$packages $test $bench" ;;
esac
command -v npm >/dev/null || packages="$packages npm"

missing=
for package in $packages; do
	dpkg-query -W -f '${Status}' "$package" 2>/dev/null |
		grep -q '^install ok installed' || missing="$missing $package"
done

as_root=
if [ "$(id -u)" != 0 ]; then as_root=sudo; fi

install_missing() {
	[ -z "$as_root" ] || command -v sudo >/dev/null || {
		echo "These Debian packages are missing; install them as root:$missing" >&2
		exit 1
	}
	echo "Installing:$missing"
	$as_root apt-get update -q
	# Debian's postgresql would start a cluster of its own; ours is private.
	[ -e /etc/postgresql-common/createcluster.conf ] || {
		$as_root mkdir -p /etc/postgresql-common
		echo "create_main_cluster = false" |
			$as_root tee /etc/postgresql-common/createcluster.conf >/dev/null
	}
	# shellcheck disable=SC2086 # a list of words
	$as_root env DEBIAN_FRONTEND=noninteractive \
		apt-get install -y -q --no-install-recommends $missing
	# Ours are started by the tests; Debian's would run beside them.
	case $missing in
	*pgbouncer*)
		$as_root systemctl disable --now pgbouncer 2>/dev/null || true ;;
	esac
}

# What runs the tests of the alerts, into build/tools. Out of Debian's package:
# installing that would start a Prometheus on this machine.
fetch_promtool() {
	local from
	from=$(mktemp -d)
	echo "Fetching: promtool"
	(cd "$from" && { apt-get download -q prometheus || {
		$as_root apt-get update -q && apt-get download -q prometheus
	}; })
	dpkg-deb -x "$from"/prometheus_*.deb "$from"
	install -D -t build/tools "$from/usr/bin/promtool"
	rm -rf "$from"
}

[ -z "$missing" ] || install_missing
if [ "${1:-run}" = test ] && ! command -v promtool >/dev/null &&
	[ ! -x build/tools/promtool ]; then
	fetch_promtool
fi
