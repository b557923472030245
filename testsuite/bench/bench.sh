#!/bin/sh
# `make bench`: Chapar beside Debian's Courier and Dovecot, the same work on all
# in one run.  SPDX-License-Identifier: ISC
#
#   BENCH_PEERS=courier,dovecot,chapar    which servers
#   BENCH_ONLY=login,SEARCH               rows whose names contain one of these
#   BENCH_N=10000 BENCH_ROUNDS=3          messages in the mailbox, rounds
#   BENCH_LOGINS=100 BENCH_RETR=500 BENCH_IDLE=50 BENCH_TIMES=20    in one round
#   BENCH_WHAT=imap | authdaemon          servers, or look-ups of accounts; all
#   BENCH_LOOKUPS=5000
#
# Must run as root (mailbox users, chroot). It passes or fails nothing: quote
# the ratios, not the times. doc/internals/bench.md tells how to read it.
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
