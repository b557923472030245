#!/bin/sh
# Reports lines per layer, the longest files and functions. Never fails.
# SPDX-License-Identifier: ISC
# Usage: sizes.sh SRCDIR
cd "${1:-.}" || exit 1

echo 'Lines per layer (.c and .h)'
for d in compat src/* authdaemon authlib testsuite/unit; do
	test -d "$d" || continue
	set -- $d/*.[ch]
	test -f "$1" || continue
	printf '  %-16s %4d files %6d lines\n' "$d" $# `cat "$@" | wc -l`
done

echo 'Longest files'
wc -l compat/*.c src/*/*.[ch] authdaemon/*.[ch] authlib/*.[ch] |
    grep -v ' total$' | sort -rn | sed 10q | sed 's/^/  /'

# KNF: a function is what stands between a { and a } in the first column.
echo 'Longest functions'
awk '
FNR == 1 { start = 0 }
/^[a-z_]+[a-z_0-9]*\(/ { name = $0; sub(/\(.*/, "", name) }
/^\{/ { start = FNR }
/^\}/ && start { print FNR - start - 1, name, FILENAME; start = 0 }
' compat/*.c src/*/*.c authdaemon/*.c authlib/*.c >"${TMPDIR-/tmp}/sizes.$$"
sort -rn "${TMPDIR-/tmp}/sizes.$$" | sed 10q | sed 's/^/  /'
sort -n "${TMPDIR-/tmp}/sizes.$$" | awk '
{ n[NR] = $1; if ($1 > 60) over++ }
END { printf "  %d functions, median %d lines, %d over 60\n",
    NR, n[int((NR + 1) / 2)], over }'
rm -f "${TMPDIR-/tmp}/sizes.$$"
exit 0
