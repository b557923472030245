#!/bin/sh
# Debian's Courier, unpacked into a root of its own: the black box that the
# interop tests compare with. debian-root.sh has the usage.
# SPDX-License-Identifier: ISC
#
# Users in the root: courier (mail daemons) and vmail 5000:5000 (mailboxes; the
# change monitor of the original needs a passwd entry for the owner of a
# mailbox).
set -eu

name=courier-root-5
wanted='courier-imap courier-pop courier-base courier-authdaemon
	courier-authlib courier-authlib-dev maildrop
	courier-authlib-ldap courier-authlib-mysql courier-authlib-pipe
	courier-authlib-postgresql courier-authlib-sqlite
	courier-authlib-userdb gamin libgamin0 libpam-modules
	dash bash coreutils sed grep mawk debianutils procps findutils
	hostname libc-bin perl-base openssl'

accounts() {
	cat >"$1/passwd" <<-EOF
	root:x:0:0:root:/root:/bin/sh
	daemon:x:1:1:daemon:/usr/sbin:/bin/false
	mail:x:8:8:mail:/var/mail:/bin/false
	courier:x:120:120::/var/lib/courier:/bin/false
	vmail:x:5000:5000::/srv/mail:/bin/false
	nobody:x:65534:65534:nobody:/nonexistent:/bin/false
	EOF
	cat >"$1/group" <<-EOF
	root:x:0:
	daemon:x:1:
	tty:x:5:
	mail:x:8:
	courier:x:120:
	vmail:x:5000:
	nogroup:x:65534:
	EOF
	mkdir -p "$1/courier/imapaccess" "$1/courier/shared" \
	    "$1/../run/courier/authdaemon" "$1/../var/lib/courier"
	chown -R 120:120 "$1/../run/courier" "$1/../var/lib/courier" \
	    "$1/courier"
}

# Their change monitor listens under the name of its user, whatever its root:
# one that another test leaves behind is not to be found.
rename_user() {
	sed "s/^vmail:/vmail-$$:/" "$root/etc/passwd" >"$1/etc/passwd"
}

. "`dirname "$0"`/debian-root.sh"
root_main "$@"
test "${1-}" != copy || rename_user "$2"
