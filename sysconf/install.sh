#!/bin/sh
# Puts the built files where the layout wants them, or takes them away.
# Usage: install.sh install|uninstall|configure
# (run by make, which sets the paths)
# Each line of the table is: mode, built file, destination. Settings files are
# never overwritten: the template goes beside them as NAME.dist.
set -eu
action=$1

# Where both are there man(1) would show a page of Courier's that is compressed.
manz=
test "$layout" != debian || manz=.gz

table() {
	echo "755 src/prog/imapd $maildir_bindir/imapd"
	echo "755 src/prog/imaplogin $logindir/imaplogin"
	echo "755 src/prog/pop3d $pop3dir/${pop3suffix}pop3d"
	echo "755 src/prog/pop3login $logindir/${pop3suffix}pop3login"
	echo "755 src/prog/couriertcpd $tcpddir/couriertcpd"
	for f in $tlsprogs; do
		echo "755 $f $bindir/`basename $f`"
	done
	for f in mkimapdcert mkpop3dcert mkdhparams; do
		echo "755 sysconf/$f $sbindir/$f"
	done
	echo "755 src/prog/courierlogger $authsbindir/courierlogger"
	echo "755 src/prog/makedatprog $datdir/makedatprog"
	echo "755 src/prog/maildiracl $maildir_bindir/maildiracl"
	echo "755 src/prog/maildirkw $maildir_bindir/maildirkw"
	echo "755 src/prog/maildirmake $maildir_bindir/maildirmake$toolsuffix"
	echo "755 src/prog/deliverquota $maildir_bindir/deliverquota$toolsuffix"
	echo "755 src/prog/sharedindexsplit $sbindir/sharedindexsplit"
	echo "755 sysconf/sharedindexinstall $sbindir/sharedindexinstall"
	for f in authdaemond authsystem.passwd; do
		echo "755 authdaemon/$f $authlibexecdir/$f"
	done
	for f in authtest authenumerate authpasswd userdb userdbpw \
	    makeuserdb; do
		echo "755 authdaemon/$f $authsbindir/$f"
	done
	echo "755 sysconf/pw2userdb $authsbindir/pw2userdb"
	echo "755 sysconf/vchkpw2userdb $authsbindir/vchkpw2userdb"
	for f in $modules; do
		echo "755 $f $authmoduledir/`basename $f`"
	done
	for f in $authlibs; do
		case $f in
		*.so.0|*.a)
			echo "644 $f $authlibdir/`basename $f`" ;;
		*)	echo "755 $f $authbindir/`basename $f`" ;;
		esac
	done
	test -z "$authlibs" || for f in courierauth courierauthdebug \
	    courierauthsasl courierauthsaslclient courierauthstaticlist; do
		echo "644 $top_srcdir/authlib/$f.h $authincludedir/$f.h"
	done
	echo "755 sysconf/authdaemond $authsbindir/authdaemond"
	for f in imapd imapd-ssl pop3d pop3d-ssl; do
		echo "755 sysconf/$f.rc $scriptdir/$f$rcsuffix"
	done
	echo "644 sysconf/chapar-rc $scriptdir/chapar-rc"
	echo "755 sysconf/makeimapaccess $maildir_bindir/makeimapaccess"
	echo "755 sysconf/makedat $maildir_bindir/makedat$toolsuffix"
	echo "755 sysconf/sysconftool $scriptdir/sysconftool"
	for f in imapd imapd-ssl pop3d pop3d-ssl; do
		echo "644 sysconf/$f.dist $imapconfdir/$f.dist"
	done
	echo "644 $top_srcdir/sysconf/quotawarnmsg.example $imapconfdir/quotawarnmsg.example"
	echo "644 sysconf/authdaemonrc $authconfdir/authdaemonrc.dist"
	for f in authldaprc authmysqlrc authpgsqlrc; do
		echo "640 sysconf/$f $authconfdir/$f.dist"
	done
	echo "644 sysconf/authsqliterc $authconfdir/authsqliterc.dist"
	for f in "$top_srcdir"/doc/man/*.[1-8]; do
		test -f "$f" || continue
		n=`basename "$f"`
		case $n in
		# Others have such pages too.
		deliverquota.*|makedat.*|maildir.*|maildirmake.*)
			n=${n%.*}$toolsuffix.${n##*.} ;;
		esac
		echo "644 $f $mandir/man${f##*.}/$n$manz"
	done
	for f in $catalogs; do
		l=`basename $f .mo`
		echo "644 $f $localedir/$l/LC_MESSAGES/chapar.mo"
	done
}

# Settings that are no template of sysconftool's: the admin's from the start.
once() {
	for f in imapd.cnf pop3d.cnf; do
		echo "644 $top_srcdir/sysconf/$f $imapconfdir/$f"
	done
}

# A manual page with configure's paths put in; a dash is no hyphen there.
page() {
	list=
	for w in prefix bindir imapconfdir authconfdir authvardir authsbindir \
	    authlibexecdir authmoduledir authlibdir authincludedir \
	    authbindir scriptdir tcpddir logindir \
	    maildir_bindir pop3dir datdir certsdir piddir cachedir jaildir \
	    loginuser mailuser mailgroup rcsuffix toolsuffix pop3suffix; do
		eval v=\$$w
		v=`echo "$v" | sed -e 's/-/\\\\-/g' -e 's/[\\\\&,]/\\\\&/g'`
		list="$list
s,@$w@,$v,g"
	done
	sed "$list" "$1" | if test -n "$manz"; then gzip -9n; else cat; fi
}

# Directories that must be there when the daemons start, with their modes.
dirs() {
	echo "755 $imapconfdir"
	echo "755 $imapconfdir/imapaccess"
	echo "755 $imapconfdir/shared"
	echo "755 $authconfdir"
	echo "750 $authvardir"
	echo "755 $piddir"
	echo "750 $cachedir"
	echo "755 $jaildir"
}

# What the linker looks for; functions that have their manual page under
# another name; names under which Debian's admins know the start scripts.
links() {
	for f in auth_enumerate auth_generic auth_generic_meta auth_getoption \
	    auth_getuserinfo auth_getuserinfo_meta auth_login \
	    auth_login_meta auth_meta auth_mkhomedir auth_passwd auth_sasl \
	    auth_sasl_ex; do
		echo "authlib.3$manz $mandir/man3/$f.3$manz"
	done
	for f in $authlibs; do
		case $f in
		*.so.0)	f=`basename $f`
			echo "$f $authlibdir/${f%.0}" ;;
		esac
	done
	test "$layout" = debian || return 0
	for f in imapd imapd-ssl pop3d pop3d-ssl; do
		echo "$scriptdir/$f $sbindir/$f"
	done
	for f in mkimapdcert mkpop3dcert mkdhparams; do
		echo "$sbindir/$f $scriptdir/$f"
	done
}

case $action in
install)
	dirs | while read -r mode dir; do
		test -d "$DESTDIR$dir" || $INSTALL -d -m "$mode" "$DESTDIR$dir"
	done
	table | while read -r mode from to; do
		d=`dirname "$DESTDIR$to"`
		test -d "$d" || $INSTALL -d -m 755 "$d"
		case $from in
		*/doc/man/*)
			page "$from" >page.tmp
			from=page.tmp ;;
		esac
		$INSTALL -m "$mode" "$from" "$DESTDIR$to"
	done
	rm -f page.tmp
	once | while read -r mode from to; do
		test -f "$DESTDIR$to" ||
		    $INSTALL -m "$mode" "$from" "$DESTDIR$to"
	done
	links | while read -r from to; do
		d=`dirname "$DESTDIR$to"`
		test -d "$d" || $INSTALL -d -m 755 "$d"
		rm -f "$DESTDIR$to"
		$LN_S "$from" "$DESTDIR$to"
	done
	;;
uninstall)
	table | while read -r mode from to; do
		rm -f "$DESTDIR$to"
	done
	links | while read -r from to; do
		rm -f "$DESTDIR$to"
	done
	# What holds settings or data stays.
	dirs | sort -rk 2 | while read -r mode dir; do
		rmdir "$DESTDIR$dir" 2>/dev/null || :
	done
	;;
configure)
	table | while read -r mode from to; do
		case $to in
		*.dist)	sh sysconf/sysconftool "$DESTDIR$to" ;;
		esac
	done
	;;
*)
	echo "usage: install.sh install|uninstall|configure" >&2
	exit 2
	;;
esac
