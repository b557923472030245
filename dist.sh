#!/bin/sh
# Makes the release archive.  Usage: dist.sh SRCDIR NAME
# Everything in the source tree belongs to it but what builds, editors and
# version control leave behind: where objects come to lie only sources do.
set -eu
srcdir=$1
name=$2

files() {
	find . -type d \( -name .git -o -name autom4te.cache -o \
	    -name 'chapar-[0-9]*' -o -name distcheck.tmp -o -name quickstart \) -prune -o -type f -print |
	    sed -e '/\.tar\.gz$/d' -e '/[~#]$/d' -e '/\.mo$/d' \
	    -e '/^\.\/\(Makefile\|config\.\(h\|log\|status\)\)$/d' \
	    -e '/^\.\/[^/]*\.\(list\|new\|log\|lock\)$/d' |
	while read -r f; do
		case $f in
		./src/*|./compat/*|./authdaemon/*|./authlib/*|./testsuite/unit/*)
			case $f in
			*.c|*.h|*.def|*.sym)	echo "$f" ;;
			esac
			;;
		./sysconf/mk*cert)	;;
		./sysconf/*)
			test -f "$f.in" || echo "$f"
			;;
		*)	echo "$f" ;;
		esac
	done
}

rm -rf "$name"
mkdir "$name"
to=`cd "$name" && pwd`
(cd "$srcdir" && files) |
while read -r f; do
	d=`dirname "$f"`
	test -d "$to/$d" || mkdir -p "$to/$d"
	cp -p "$srcdir/$f" "$to/$f"
done
tar cf - "$name" | gzip -9 >"$name.tar.gz"
rm -rf "$name"
echo "$name.tar.gz"
