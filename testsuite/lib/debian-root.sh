#!/bin/sh
# Debian's packages in a root of their own: what courier-root.sh and
# dovecot-root.sh share. They set name, wanted and accounts() before they read
# this.  SPDX-License-Identifier: ISC
#
#   NAME-root.sh [get]     makes the cached root if need be, prints its path
#   NAME-root.sh copy DIR  a private copy of it in DIR, ready for chroot
#   NAME-root.sh done DIR  undoes the mounts of a copy and removes it
#
# Packages are fetched with apt-get and unpacked, never installed: nothing of
# the machine's own system changes. The cache is ${CHAPAR_TEST_CACHE:-
# /var/tmp/chapar-test}. Must run as root (chroot, mount).

cache=${CHAPAR_TEST_CACHE:-/var/tmp/chapar-test}
root=$cache/$name
stamp=$root/.complete

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
	mkdir -p "$root.tmp/usr" "$root.debs/partial"
	chmod 755 "$root.tmp"
	for d in bin sbin lib lib64 lib32 libx32; do
		mkdir -p "$root.tmp/usr/$d"
		ln -sfn usr/$d "$root.tmp/$d"
	done
	list=`closure`
	# As root apt wants to become _apt, which cannot write everywhere.
	(cd "$root.debs" && apt-get -q -o APT::Sandbox::User=root download \
	    $list >"$root.log" 2>&1) || {
		tail "$root.log" >&2
		return 1
	}
	for f in "$root.debs"/*.deb; do
		dpkg-deb -x "$f" "$root.tmp" || return 1
	done
	# Nobody looks into the headers of the original.
	rm -rf "$root.debs" "$root.tmp/usr/include"
}

# After the caller's: names of hosts, and the folders that all have.
folders() {
	e=$root.tmp/etc
	echo '127.0.0.1 localhost' >"$e/hosts"
	echo 'hosts: files' >"$e/nsswitch.conf"
	mkdir -p "$root.tmp/proc" "$root.tmp/dev" "$root.tmp/tmp" \
	    "$root.tmp/run" "$root.tmp/srv/mail"
	chmod 1777 "$root.tmp/tmp"
	test -e "$root.tmp/var/run" || ln -s ../run "$root.tmp/var/run"
	ln -sf mawk "$root.tmp/usr/bin/awk"
	chroot "$root.tmp" /sbin/ldconfig
}

# Of the tests that run at once one makes it.
get() (
	mkdir -p "$cache"
	exec 9>"$cache/lock"
	flock 9
	test -f "$stamp" && { echo "$root"; return; }
	rm -rf "$root.tmp" "$root"
	apt-cache show $wanted >/dev/null 2>&1 ||
	    apt-get -q update >/dev/null 2>&1
	unpack
	folders
	accounts "$root.tmp/etc"
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

root_main() {
	case ${1-get} in
	get)	get ;;
	copy)	copy "$2" ;;
	done)	undo "$2" ;;
	*)	echo "usage: $0 [get|copy DIR|done DIR]" >&2; exit 2 ;;
	esac
}
