#!/bin/sh
# Installs what is missing (Debian, as root), builds, runs every test.
#
#   sh runtests.sh [TEST|FOLDER...]
#
# TEST_BUILD_DIR (default: a temporary folder) is where it builds.
set -eu

src=`cd "\`dirname "$0"\`" && pwd`
cd "$src"

packages='autoconf bmake clang curl fail2ban fetchmail gcc gcc-multilib
	getmail6 gettext gnutls-bin groff-base gsasl iproute2 isync
	ldap-utils libc6-dev libgdbm-dev libgnutls-dane0
	libio-socket-ssl-perl libldap-dev libmariadb-dev libnsl2
	libpam0g-dev libpq-dev libsasl2-modules libsqlite3-dev libssl-dev
	libunistring-dev logcheck-database logwatch make mandoc
	mariadb-server mpop neomutt openssl perl postfix postfix-mysql
	postgresql psmisc python3 rsync slapd sqlite3 sslscan strace
	systemd tcc testssl.sh valgrind'

say() { echo "runtests: $*"; }

missing() {
	for p in $packages; do
		dpkg-query -W -f '${Status}\n' "$p" 2>/dev/null |
		    grep -q 'ok installed' || echo "$p"
	done
	# Messages of the corpus. The name has a version: apt reads a pattern.
	set -- /usr/lib/python3*/test/test_email/data/msg_01.txt
	test -f "$1" || echo '^libpython3[.][0-9]+-testsuite$'
}

# A package's own service must not start: the tests start their own.
install_packages() {
	command -v dpkg-query >/dev/null 2>&1 || return 0
	want=`missing | tr '\n' ' '`
	test -n "$want" || return 0
	test "`id -u`" = 0 || {
		say "not root; missing packages: $want"
		return 0
	}
	say "installing $want"
	policy=/usr/sbin/policy-rc.d
	made=
	test -f $policy || {
		printf '#!/bin/sh\nexit 101\n' >$policy
		chmod 755 $policy
		made=yes
	}
	DEBIAN_FRONTEND=noninteractive
	export DEBIAN_FRONTEND
	log=`mktemp`
	if apt-get update -q >"$log" 2>&1 &&
	    apt-get install -y -q --no-install-recommends $want >>"$log" 2>&1
	then
		ok=yes
	else
		ok=
		tail -n 20 "$log"
	fi
	rm -f "$log"
	test -z "$made" || rm -f $policy
	test -n "$ok"
}

install_packages
build=${TEST_BUILD_DIR-}
if test -z "$build"; then
	build=`mktemp -d "${TMPDIR-/tmp}/chapar-build.XXXXXX"`
	trap 'rm -rf "$build"' EXIT
	trap 'exit 1' HUP INT TERM
fi
mkdir -p "$build"
cd "$build"
say "building in $build"
"$src/configure" --enable-werror >configure.log 2>&1 ||
    { tail -n 20 configure.log; exit 1; }
sed -n '/^chapar /,$p' configure.log
make all unit-tests >make.log 2>&1 || { tail -n 40 make.log; exit 1; }
top_srcdir=$src top_builddir=$build sh "$src/testsuite/run.sh" "$@"
