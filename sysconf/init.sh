#!/bin/sh
# Puts the files by which a system starts the servers where the layout has them,
# or takes them away. Usage: init.sh install|uninstall (run by make, which sets
# the paths). A file that is there already and is not the same is kept: it may
# be that of another package, or changed by the administrator.
set -eu
action=$1
src=$top_srcdir/sysconf/init
unitdir=/lib/systemd/system
test "$layout" != rpm || unitdir=/usr$unitdir

# name|about|script|settings|flag|pidvariable|pidfile
daemons() {
	s=$scriptdir
	test "$layout" != debian || s=$sbindir
	echo "authdaemon|Courier Authentication Daemon|$authsbindir/authdaemond||||$authvardir/pid"
	echo "imap|Courier IMAP Daemon|$s/imapd$rcsuffix|imapd|IMAPDSTART|PIDFILE|$piddir/imapd.pid"
	echo "imap-ssl|Courier IMAP Daemon (SSL)|$s/imapd-ssl$rcsuffix|imapd-ssl|IMAPDSSLSTART|SSLPIDFILE|$piddir/imapd-ssl.pid"
	echo "pop|Courier POP3 Daemon|$s/pop3d$rcsuffix|pop3d|POP3DSTART|PIDFILE|$piddir/pop3d.pid"
	echo "pop-ssl|Courier POP3 Daemon (SSL)|$s/pop3d-ssl$rcsuffix|pop3d-ssl|POP3DSSLSTART|SSLPIDFILE|$piddir/pop3d-ssl.pid"
}

# What a system calls a daemon: courier-imap, courier-imap-imapd, courier-imapd.
called() {
	case $layout.$1 in
	debian.*)	echo courier-$1 ;;
	freebsd.authdaemon)	echo courier-authdaemond ;;
	*.authdaemon)	echo courier-authlib ;;
	freebsd.*)	echo courier-imap-$2 ;;
	*)	echo courier-$2 ;;
	esac
}

# Fills a template in for the daemon of the variables.
fill() {
	sed -e "s,@about@,$about,g" -e "s,@name@,$name,g" \
	    -e "s,@script@,$script,g" -e "s,@settings@,$settings,g" \
	    -e "s,@flag@,$flag,g" -e "s,@pidvar@,$pidvar,g" \
	    -e "s,@pidfile@,$pidfile,g" -e "s,@needs@,$needs,g" \
	    -e "s,@after@,$after,g" -e "s,@rcvar@,$rcvar,g" \
	    -e "s,@provide@,$provide,g" -e "s,@piddir@,$piddir,g" \
	    -e "s,@authvardir@,$authvardir,g" -e "s,@datadir@,$datadir,g" \
	    -e "s,@mailuser@,$mailuser,g" -e "s,@mailgroup@,$mailgroup,g" \
	    -e "s,@imapconfdir@,$imapconfdir,g" -e "s,@sbindir@,$sbindir,g" \
	    -e "s,@scriptdir@,$scriptdir,g" -e "s,@rcsuffix@,$rcsuffix,g" \
	    -e "s,@authsbindir@,$authsbindir,g" \
	    -e 's/ *$//' "$1"
}

# put MODE TEMPLATE DESTINATION
put() {
	fill "$src/$2" >init.tmp
	to=$DESTDIR$3
	case $action in
	install)
		if test ! -f "$to"; then
			test -d "`dirname "$to"`" ||
			    $INSTALL -d -m 755 "`dirname "$to"`"
			$INSTALL -m $1 init.tmp "$to"
		elif ! cmp -s init.tmp "$to"; then
			echo "kept as it is: $3"
		fi ;;
	uninstall)
		test ! -f "$to" || ! cmp -s init.tmp "$to" || rm -f "$to" ;;
	esac
	rm -f init.tmp
}

# What each layout has for a daemon.
place() {
	case $layout in
	debian)
		put 644 systemd.service $unitdir/$name.service
		put 755 sysvinit /etc/init.d/$name ;;
	freebsd)
		put 755 freebsd.rc $prefix/etc/rc.d/$name ;;
	gentoo)
		put 755 openrc /etc/init.d/$name
		put 644 systemd.service $unitdir/$name.service ;;
	*)	# one unit for the servers, see below
		test $1 != authdaemon ||
		    put 644 systemd.service $unitdir/$name.service ;;
	esac
}

each() {
	about=$2 script=$3 settings= flag=$5 pidvar=$6 pidfile=$7
	server=${4:-authdaemond}
	test -z "$4" || settings=$imapconfdir/$4
	name=`called $1 $server`
	auth=`called authdaemon authdaemond`
	rcvar=`echo $name | tr - _`
	provide=$name needs=$auth
	after="Requires=$auth.service\\
After=$auth.service"
	if test $1 = authdaemon; then
		needs=
		after=After=network.target
	elif test $layout = freebsd; then
		needs=courier_authdaemond
	fi
	if test $layout = freebsd; then
		provide=$rcvar
	elif test $layout = gentoo; then
		case $1 in
		imap*)	provide=imapd ;;
		pop*)	provide=pop3d ;;
		*)	provide=authdaemond ;;
		esac
	fi
	place $1
}

daemons | while IFS='|' read -r a b c d e f g; do
	each "$a" "$b" "$c" "$d" "$e" "$f" "$g"
done
# What all of them share.
about= script= settings= flag= pidvar= pidfile= needs= after= rcvar= provide=
name=
case $layout in
debian)
	put 644 tmpfiles.conf /usr/lib/tmpfiles.d/courier-authdaemon.conf ;;
upstream|rpm)
	put 755 all.sysvinit $datadir/courier-imap.sysvinit
	put 644 all.service $unitdir/courier-imap.service ;;
esac
