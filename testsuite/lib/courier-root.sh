#!/bin/sh
# Debian's Courier, unpacked into a root of its own: the black box that the
# interop tests compare with.  SPDX-License-Identifier: ISC
#
#   courier-root.sh [get]     makes the cached root if need be, prints its path
#   courier-root.sh copy DIR  a private copy of it in DIR, ready for chroot
#   courier-root.sh done DIR  undoes the mounts of a copy and removes it
#
# Packages are fetched with apt-get and unpacked, never installed: nothing of
# the machine's own system changes. The cache is ${CHAPAR_TEST_CACHE:-
# /var/tmp/chapar-test}. Must run as root (chroot, mount). Users in the root:
# courier (mail daemons) and vmail 5000:5000 (mailboxes; the change monitor
# of the original needs a passwd entry for the owner of a mailbox).
set -eu

cache=${CHAPAR_TEST_CACHE:-/var/tmp/chapar-test}
root=$cache/courier-root-5
stamp=$root/.complete
wanted='courier-imap courier-pop courier-base courier-authdaemon
	courier-authlib courier-authlib-dev maildrop
	courier-authlib-ldap courier-authlib-mysql courier-authlib-pipe
	courier-authlib-postgresql courier-authlib-sqlite
	courier-authlib-userdb gamin libgamin0 libpam-modules
	dash bash coreutils sed grep mawk debianutils procps findutils
	hostname libc-bin perl-base openssl'

# Everything these need to run (first alternative of each dependency), without
# the mail server and the packaging tools that Debian names as well.
closure() {
	skip='exim4 default-mta debconf dpkg apt systemd gnutls-bin mailcap
	    perl adduser passwd login util-linux init-system-helpers ucf
	    sensible-utils sysvinit-utils tar lsb-base wget expect
	    base-files base-passwd'
	have= want=$wanted
	while test -n "$want"; do
		have="$have $want"
		want=`apt-cache show --no-all-versions $want 2>/dev/null |
		    awk -v skip="$skip $have" '
			BEGIN { n = split(skip, s); while (n) no[s[n--]] = 1 }
			/^(Pre-)?Depends:/ {
				sub(/^[^:]*:/, "")
				n = split($0, d, ",")
				for (i = 1; i <= n; i++) {
					split(d[i], w)
					sub(/:any$/, "", w[1])
					if (!(w[1] in no))
						print w[1]
					no[w[1]] = 1
				}
			}'`
	done
	echo $have
}

unpack() {
	mkdir -p "$root.tmp/usr" "$cache/debs/partial"
	chmod 755 "$root.tmp"
	for d in bin sbin lib lib64 lib32 libx32; do
		mkdir -p "$root.tmp/usr/$d"
		ln -sfn usr/$d "$root.tmp/$d"
	done
	list=`closure`
	# As root apt wants to become _apt, which cannot write everywhere.
	(cd "$cache/debs" && apt-get -q -o APT::Sandbox::User=root download \
	    $list >"$cache/courier-root.log" 2>&1) || {
		tail "$cache/courier-root.log" >&2
		return 1
	}
	for f in "$cache"/debs/*.deb; do
		dpkg-deb -x "$f" "$root.tmp" || return 1
	done
	# Nobody looks into the headers of the original.
	rm -rf "$cache/debs" "$root.tmp/usr/include"
}

accounts() {
	e=$root.tmp/etc
	cat >"$e/passwd" <<-EOF
	root:x:0:0:root:/root:/bin/sh
	daemon:x:1:1:daemon:/usr/sbin:/bin/false
	mail:x:8:8:mail:/var/mail:/bin/false
	courier:x:120:120::/var/lib/courier:/bin/false
	vmail:x:5000:5000::/srv/mail:/bin/false
	nobody:x:65534:65534:nobody:/nonexistent:/bin/false
	EOF
	cat >"$e/group" <<-EOF
	root:x:0:
	daemon:x:1:
	tty:x:5:
	mail:x:8:
	courier:x:120:
	vmail:x:5000:
	nogroup:x:65534:
	EOF
	echo '127.0.0.1 localhost' >"$e/hosts"
	echo 'hosts: files' >"$e/nsswitch.conf"
	mkdir -p "$e/courier" "$root.tmp/proc" "$root.tmp/dev" \
	    "$root.tmp/tmp" "$root.tmp/run/courier/authdaemon" \
	    "$root.tmp/srv/mail" "$root.tmp/var/lib/courier"
	chmod 1777 "$root.tmp/tmp"
	test -e "$root.tmp/var/run" || ln -s ../run "$root.tmp/var/run"
	ln -sf mawk "$root.tmp/usr/bin/awk"
	chroot "$root.tmp" /sbin/ldconfig
	chown -R 120:120 "$root.tmp/run/courier" "$root.tmp/var/lib/courier" \
	    "$e/courier"
	mkdir -p "$e/courier/imapaccess" "$e/courier/shared"
}

# Of the tests that run at once one makes it.
get() (
	mkdir -p "$cache"
	exec 9>"$cache/lock"
	flock 9
	test -f "$stamp" && { echo "$root"; return; }
	rm -rf "$root.tmp" "$root"
	apt-cache show courier-imap >/dev/null 2>&1 ||
	    apt-get -q update >/dev/null 2>&1
	unpack
	accounts
	mv "$root.tmp" "$root"
	: >"$stamp"
	echo "$root"
)

# The few devices that daemons want; /dev/log is the caller's.
devices() {
	while read -r name minor; do
		mknod -m 666 "$1/$name" c 1 "$minor" 2>/dev/null || {
			: >"$1/$name"
			mount --bind "/dev/$name" "$1/$name"
		}
	done <<-EOF
	null 3
	zero 5
	random 8
	urandom 9
	EOF
	# A file system that allows no devices refuses only when they are used.
	(: >"$1/null") 2>/dev/null || {
		for name in null zero random urandom; do
			rm -f "$1/$name"
			: >"$1/$name"
			mount --bind "/dev/$name" "$1/$name"
		done
	}
}

# The files are hard links of the cached root where possible; what a test
# changes (etc, run, var) is copied.
copy() {
	get >/dev/null
	mkdir -p "$1"
	chmod 755 "$1"
	cp -al "$root/usr" "$1/usr" 2>/dev/null || cp -a "$root/usr" "$1/usr"
	(cd "$root" && tar cf - --exclude=./usr .) | (cd "$1" && tar xpf -)
	# Their change monitor listens under the name of its user, whatever its
	# root: one that another test leaves behind is not to be found.
	sed "s/^vmail:/vmail-$$:/" "$root/etc/passwd" >"$1/etc/passwd"
	devices "$1/dev"
	mount -t proc proc "$1/proc" 2>/dev/null || :
	echo "$1"
}

undo() {
	for d in "$1"/proc "$1"/dev/* "$1"/srv/mail; do
		while mountpoint -q "$d" 2>/dev/null; do
			umount -l "$d" || break
		done
	done
	rm -rf --one-file-system "$1"
}

case ${1-get} in
get)	get ;;
copy)	copy "$2" ;;
done)	undo "$2" ;;
*)	echo "usage: courier-root.sh [get|copy DIR|done DIR]" >&2; exit 2 ;;
esac
