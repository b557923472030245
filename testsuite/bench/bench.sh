#!/bin/sh
# `make bench`: Chapar beside Debian's Courier, the same work on both in one
# run.  SPDX-License-Identifier: ISC
#
#   BENCH_N=10000 BENCH_ROUNDS=3 BENCH_ONLY=row,row make bench
#   BENCH_WHAT=authdaemon make bench    look-ups of accounts, not mailboxes
#
# Must run as root (mailbox users, chroot). It passes or fails nothing: quote
# the ratios, not the times.
set -eu
: "${top_builddir:?}"
dir=`dirname "$0"`
case ${BENCH_WHAT:-all} in
authdaemon) ;;
*) perl "$dir/bench.pl" ;;
esac
case ${BENCH_WHAT:-all} in
imap) ;;
*) perl "$dir/authdaemon.pl" ;;
esac
