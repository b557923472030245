#!/bin/sh
# Debian's Dovecot, unpacked into a root of its own: a peer of the benchmark.
# debian-root.sh has the usage.  SPDX-License-Identifier: ISC
set -eu

name=dovecot-root-1
wanted='dovecot-core dovecot-imapd dovecot-pop3d dovecot-mysql
	dash coreutils mawk libc-bin openssl'

accounts() {
	cat >"$1/passwd" <<-EOF
	root:x:0:0:root:/root:/bin/sh
	dovecot:x:121:121::/usr/lib/dovecot:/bin/false
	dovenull:x:122:122::/nonexistent:/bin/false
	vmail:x:5000:5000::/srv/mail:/bin/false
	nobody:x:65534:65534:nobody:/nonexistent:/bin/false
	EOF
	cat >"$1/group" <<-EOF
	root:x:0:
	dovecot:x:121:
	dovenull:x:122:
	vmail:x:5000:
	nogroup:x:65534:
	EOF
}

. "`dirname "$0"`/debian-root.sh"
root_main "$@"
