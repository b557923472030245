#!/bin/sh
# What prove runs each test with: a program by itself, a script by its first
# line. TEST_LIMIT: seconds after which a test that hangs is ended.
case $1 in
*.t)
	first=`sed -n 1p "$1"`
	case $first in
	*perl*)	set -- perl "$@" ;;
	*)	set -- sh "$@" ;;
	esac
	;;
esac
timeout -k 1 1 true 2>/dev/null && set -- timeout -k 60 "${TEST_LIMIT:-3600}" "$@"
exec "$@"
