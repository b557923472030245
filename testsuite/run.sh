#!/bin/sh
# Runs tests with prove: all of them, or those in the named files and folders.
# `make check` sets top_srcdir and top_builddir. TEST_JOBS of them run at once,
# as far as testrules.yml allows.
set -eu
: "${top_srcdir:?}" "${top_builddir:?}"
cd "$top_srcdir"
test $# -gt 0 || set -- testsuite

find_tests() {
	for t in "$@"; do
		if test -d "$t"; then
			find "$t" -name '*.t' -type f | sort
			case $t in
			testsuite|testsuite/unit)	units testsuite/unit ;;
			esac
		else
			echo "$t"
		fi
	done
}
units() {
	find "$top_builddir/$1" -name 'test_*' -type f ! -name '*.*' | sort
}
list=$top_builddir/tests.list.$$
trap 'rm -f "$list"' EXIT
find_tests "$@" >"$list"
test -s "$list" || { echo 'no tests' >&2; exit 1; }
xargs prove --jobs "${TEST_JOBS-3}" --exec "$top_srcdir/testsuite/exec.sh" <"$list"
