#!/bin/sh
# Builds the comparison of compat/ with libc and runs it; with the sanitizer of
# undefined behaviour if the compiler has it.
# SPDX-License-Identifier: ISC
: "${top_srcdir:?}" "${top_builddir:?}"
dir=`mktemp -d "${TMPDIR-/tmp}/chapar-t.XXXXXX"` || exit 1
trap 'rm -rf "$dir"' EXIT
trap 'exit 1' HUP INT TERM
cd "$dir" || exit 1
cc=`sed -n 's/^CC = //p' "$top_builddir/Makefile"`
warn=`sed -n 's/^WARN_CFLAGS = //p' "$top_builddir/Makefile"`

build() {
	$cc -DCHAPAR_ALL_COMPAT -I"$top_builddir" -I"$top_srcdir/compat" $warn \
	    "$@" -o compare "$top_srcdir"/compat/*.c \
	    "$top_srcdir/testsuite/compat/compare.c" >log 2>&1
}
echo 'int main(void) { return 0; }' >try.c
ub='-fsanitize=undefined -fno-sanitize-recover=all'
if $cc $ub -o try try.c >log 2>&1 && ./try; then
	echo "# with $ub"
else
	ub=
fi
if ! build $ub; then
	sed 's/^/# /' log
	echo 'not ok 1 - builds'
	echo 1..1
	exit 1
fi
sed 's/^/# /' log
./compare 2>log
status=$?
sed 's/^/# /' log
exit $status
