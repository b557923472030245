#!/bin/sh
# From a fresh Debian machine to a private IMAP server with a demo account.
#
# Installs the packages that are missing, builds, installs into a folder of
# its own, makes demo@example.com in userdb, delivers sample mail, starts
# authdaemond and imapd on 127.0.0.1:1143 and, with a certificate of its own, in
# TLS on port 1993, and pop3d on port 1110, reads the mail back with curl over
# each, and says how to connect and how to stop.
#
#   sh quickstart.sh          start (again)
#   sh quickstart.sh stop     stop the daemons
#
# QUICKSTART_DIR is where everything goes; remove that folder and nothing is
# left. It is ./quickstart, or /var/tmp/chapar-quickstart where the unprivileged
# user that root serves the mail as could not reach that (a checkout in /root).
# QUICKSTART_PORT, QUICKSTART_SSLPORT and QUICKSTART_POP3PORT are the ports.
set -eu

src=`cd "\`dirname "$0"\`" && pwd`
port=${QUICKSTART_PORT:-1143}
sslport=${QUICKSTART_SSLPORT:-1993}
pop3port=${QUICKSTART_POP3PORT:-1110}
packages='gcc make libc6-dev perl-base curl openssl libssl-dev libgdbm-dev
	libunistring-dev libmariadb-dev gettext'
user=demo@example.com
password=demo

say() { echo "quickstart: $*"; }
fail() { echo "quickstart: $*" >&2; exit 1; }

# Whether everybody may pass through a folder and all above it.
open_to_all() {
	d=$1
	while :; do
		case `ls -ld "$d/."` in
		?????????[xt]*)	;;
		*)	return 1 ;;
		esac
		test "$d" = / && return 0
		d=`dirname "$d"`
	done
}

dir=${QUICKSTART_DIR-}
if test -z "$dir"; then
	dir=$src/quickstart
	test "`id -u`" != 0 || open_to_all "$src" ||
	    dir=/var/tmp/chapar-quickstart
fi
case $dir in
/*)	;;
*)	dir=`pwd`/$dir ;;
esac
inst=$dir/inst

stop() {
	for s in pop3d imapd-ssl imapd; do
		test ! -x "$inst/libexec/$s.rc" ||
		    "$inst/libexec/$s.rc" stop || :
	done
	test -x "$inst/sbin/authdaemond" && "$inst/sbin/authdaemond" stop || :
}

if test "${1-}" = stop; then
	stop
	exit 0
fi

install_packages() {
	want=
	command -v dpkg-query >/dev/null 2>&1 || return 0
	for p in $packages; do
		dpkg-query -W -f '${Status}\n' "$p" 2>/dev/null |
		    grep -q 'ok installed' || want="$want $p"
	done
	test -n "$want" || return 0
	test "`id -u`" = 0 ||
	    fail "please install first, as root: apt-get install$want"
	say "installing$want"
	DEBIAN_FRONTEND=noninteractive
	export DEBIAN_FRONTEND
	apt-get update -q >"$dir/apt.log" 2>&1 || :
	apt-get install -y -q --no-install-recommends $want \
	    >>"$dir/apt.log" 2>&1 || fail "apt-get failed, see $dir/apt.log"
}

# The Makefile is there, and that of this source: it may have been updated.
configured() {
	test -f Makefile && test -z "`find "$src/Makefile.in" \
	    "$src/depend.in" "$src/configure" "$src/config.h.in" \
	    -newer Makefile`"
}

build() {
	say "building in $dir/build (log: $dir/build.log)"
	mkdir -p "$dir/build"
	(cd "$dir/build" && { configured || "$src/configure" \
	    --prefix="$inst" --with-mailuser="`id -un`" \
	    --with-mailgroup="`id -gn`"; } && make && make install) \
	    >"$dir/build.log" 2>&1 ||
	    { tail -n 20 "$dir/build.log"; fail "the build failed"; }
}

# KEY=value in a settings file: replaced where it stands.
setting() {
	sed "s|^$2=.*|$2=$3|" "$1" >"$1.new" && mv "$1.new" "$1"
}

configure_server() {
	etc=$inst/etc
	test -f "$etc/imapd" || cp "$etc/imapd.dist" "$etc/imapd"
	setting "$etc/imapd" ADDRESS 127.0.0.1
	setting "$etc/imapd" PORT "$port"
	# (that of an older quickstart may be empty)
	test -s "$etc/imapd-ssl" ||
	    cp "$etc/imapd-ssl.dist" "$etc/imapd-ssl"
	setting "$etc/imapd-ssl" SSLADDRESS 127.0.0.1
	setting "$etc/imapd-ssl" SSLPORT "$sslport"
	for f in pop3d pop3d-ssl; do
		test -f "$etc/$f" || cp "$etc/$f.dist" "$etc/$f"
	done
	setting "$etc/pop3d" ADDRESS 127.0.0.1
	setting "$etc/pop3d" PORT "$pop3port"
	setting "$etc/pop3d-ssl" TLS_CERTFILE "$inst/share/imapd.pem"
	test -f "$inst/share/imapd.pem" ||
	    "$inst/sbin/mkimapdcert" >"$dir/cert.log" 2>&1 ||
	    fail "no certificate, see $dir/cert.log"
	auth=$etc/authlib
	test -f "$auth/authdaemonrc" ||
	    cp "$auth/authdaemonrc.dist" "$auth/authdaemonrc"
	setting "$auth/authdaemonrc" authmodulelist '"authuserdb"'
}

make_account() {
	home=$dir/mail/$user
	mkdir -p "$home"
	for d in "$home/Maildir" "$home/Maildir/tmp" "$home/Maildir/new" \
	    "$home/Maildir/cur"; do
		test -d "$d" || mkdir -m 700 "$d"
	done
	test "`id -u`" = 0 && chown -R "$mailuid:$mailgid" "$home"
	: >"$inst/etc/authlib/userdb"
	chmod 600 "$inst/etc/authlib/userdb"
	"$inst/sbin/userdb" "$user" set home="$home" mail="$home/Maildir" \
	    uid="$mailuid" gid="$mailgid"
	echo "$password" | "$inst/sbin/userdbpw" |
	    "$inst/sbin/userdb" "$user" set systempw
	"$inst/sbin/makeuserdb"
}

deliver() {
	n=0
	for f in "$src"/testsuite/data/sample/*.eml; do
		test -f "$f" || fail "no sample mail in testsuite/data/sample"
		n=`expr $n + 1`
		name=`date +%s`.M${n}P$$.quickstart
		test -f "$dir/mail/.delivered" && continue
		cp "$f" "$home/Maildir/tmp/$name"
		test "`id -u`" = 0 &&
		    chown "$mailuid:$mailgid" "$home/Maildir/tmp/$name"
		mv "$home/Maildir/tmp/$name" "$home/Maildir/new/$name"
	done
	: >"$dir/mail/.delivered"
}

# In TLS from the start, and from STARTTLS on.
prove_tls() {
	for how in "imaps://127.0.0.1:$sslport" \
	    "--ssl-reqd imap://127.0.0.1:$port"; do
		curl -s -k --max-time 10 -u "$user:$password" $how/INBOX \
		    -X 'STATUS INBOX (MESSAGES)' >"$dir/status" ||
		    fail "no answer in TLS: curl -k $how"
	done
	say "curl says the same in TLS, on port $sslport and with STARTTLS"
	n=`curl -s -k --ssl-reqd --max-time 10 -u "$user:$password" \
	    "pop3://127.0.0.1:$pop3port/" | wc -l`
	say "curl counts by POP3, with STLS: "$n" messages"
	test "$n" -gt 0 || fail "no messages by POP3"
}

prove_it() {
	url=imap://127.0.0.1:$port/INBOX
	i=0
	while ! curl -s --max-time 5 -u "$user:$password" "$url" \
	    -X 'STATUS INBOX (MESSAGES)' >"$dir/status" 2>/dev/null; do
		i=`expr $i + 1`
		test $i -lt 20 || {
			stop
			fail "the server does not answer on port $port"
		}
		sleep 1
	done
	say "curl says: `tr -d '\r' <"$dir/status"`"
	curl -s --max-time 5 -u "$user:$password" "$url;MAILINDEX=1" |
	    tr -d '\r' >"$dir/first.eml"
	first=`ls "$src"/testsuite/data/sample/*.eml | sed -n 1p`
	cmp -s "$first" "$dir/first.eml" ||
	    fail "the first message came back changed, see $dir/first.eml"
	say "curl read the first message back: `sed -n 's/^Subject: //p' \
	    "$dir/first.eml" | sed -n 1p`"
}

test "`id -u`" != 0 || test ! -d "$dir" || test -O "$dir" ||
    fail "$dir belongs to somebody else"
mkdir -p "$dir"
install_packages
build
# Root serves the demo account as an unprivileged user, as a real server would.
if test "`id -u`" = 0; then
	mailuid=`id -u nobody` mailgid=`id -g nobody`
	chmod 755 "$dir"
else
	mailuid=`id -u` mailgid=`id -g`
fi
stop >/dev/null 2>&1
configure_server
make_account
deliver

is_free() {
	refused=0
	curl -s --max-time 2 "telnet://127.0.0.1:$1" </dev/null >/dev/null ||
	    refused=$?
	test $refused = 7 || fail "port $1 is in use: set $2 to another"
}

is_free "$port" QUICKSTART_PORT
is_free "$sslport" QUICKSTART_SSLPORT
is_free "$pop3port" QUICKSTART_POP3PORT
"$inst/sbin/authdaemond" start
"$inst/libexec/imapd.rc" start
"$inst/libexec/imapd-ssl.rc" start
"$inst/libexec/pop3d.rc" start
prove_it
prove_tls

cat <<X

Chapar is running.
  server    127.0.0.1 port $port (IMAP, STARTTLS), port $sslport (TLS),
            port $pop3port (POP3, STLS)
  account   $user   password $password
  mail      $home/Maildir
  settings  $inst/etc/imapd, $inst/etc/authlib/authdaemonrc
Try:  curl -u $user:$password imap://127.0.0.1:$port/
      curl -k -u $user:$password imaps://127.0.0.1:$sslport/
Stop: sh quickstart.sh stop
X
