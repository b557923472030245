#!/usr/bin/perl
# The scripts of rc.d, of OpenRC, and the one for all servers, at work: in a root
# that has stand-ins for rc.subr and openrc-run.  SPDX-License-Identifier: ISC
#
# The stand-ins do what those two do with such scripts, as their manuals have
# it: rc.subr(8), openrc-run(8).
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use IO::Socket::INET;
use Private qw(:all !start);
use Suite;
use Tcpd ();
use Test::More;

need_root();
my $s = Suite->new(programs => 'chapar', authdaemonrc => {
    authmodulelist => 'authuserdb' },
    more => ['imapd-ssl', 'pop3d', 'pop3d-ssl']);
my $root = $s->{root};
my %flag = (imapd => 'IMAPDSTART', 'imapd-ssl' => 'IMAPDSSLSTART',
    pop3d => 'POP3DSTART', 'pop3d-ssl' => 'POP3DSSLSTART');
my @servers = sort keys %flag;
my $authdir = "$root/run/courier/authdaemon";

spew("$root/etc/rc.subr", <<'EOF');
load_rc_config() { test ! -f /etc/rc.conf || . /etc/rc.conf; }
checkyesno() {
	eval _value=\$$1
	case $_value in
	[Yy][Ee][Ss]|[Tt][Rr][Uu][Ee]|[Oo][Nn]|1) return 0 ;;
	esac
	return 1
}
run_rc_command() {
	rc_arg=$1
	case $rc_arg in
	one*)	rc_arg=${rc_arg#one} ;;
	*)	checkyesno $rcvar || {
			echo "Cannot '$rc_arg' $name. Set $rcvar to YES"
			return 1
		} ;;
	esac
	case " start stop restart status $extra_commands " in
	*" $rc_arg "*)	;;
	*)	echo "unknown directive '$rc_arg'."; return 1 ;;
	esac
	if test $rc_arg = restart; then
		(run_rc_command onestop)
		run_rc_command onestart
		return
	fi
	test $rc_arg != start || for _f in $required_files; do
		test -r $_f || { echo "$_f is not readable."; return 1; }
	done
	eval _cmd=\$${rc_arg}_cmd
	test -n "$_cmd" || { echo "no command for $rc_arg"; return 1; }
	eval "$_cmd"
}
EOF
mkdir "$root/etc/openrc-started";
spew("$root/sbin/openrc-run", <<'EOF', 0755);
#!/bin/sh
RC_SVCNAME=${1##*/}
state=/etc/openrc-started/$RC_SVCNAME
ebegin() { echo " * $* ..."; }
einfo() { echo " * $*"; }
eend() {
	test $1 = 0 || echo ' * failed'
	return $1
}
checkpath() {
	while :; do
		case $1 in
		-q|-d)	shift ;;
		-m)	mode=$2; shift 2 ;;
		-o)	owner=$2; shift 2 ;;
		*)	break ;;
		esac
	done
	mkdir -p "$1" && chown $owner "$1" && chmod $mode "$1"
}
need() { needs=$*; }
use() { :; }
provide() { :; }
verb=$2
. "$1"
case $verb in
start)
	test ! -e $state || { echo ' * already started'; exit 0; }
	depend
	for n in $needs; do
		test $n = net || test -e /etc/openrc-started/$n || {
			echo " * $RC_SVCNAME needs $n"
			exit 1
		}
	done
	start && : >$state ;;
stop)
	test -e $state || { echo ' * not started'; exit 0; }
	stop && rm $state ;;
restart)
	"$0" "$1" stop && "$0" "$1" start ;;
status)
	status ;;
*)
	case " $extra_started_commands " in
	*" $verb "*)	test -e $state && $verb ;;
	*)	echo " * unknown function $verb"; exit 1 ;;
	esac ;;
esac
EOF

# What the script exits with; what it says is in $Private::out.
sub status {
	my ($file, $verb) = @_;
	$s->inside('/bin/sh', '-c', '"$@"; echo "exit $?"', 'sh', $file, $verb);
	return $Private::out =~ /^exit (\d+)$/m ? $1 : $Private::out;
}

sub put {
	my ($layout, @more) = @_;
	Suite::install('install-init', $root, "layout=$layout",
	    'scriptdir=/usr/sbin', @more) or die $Private::out;
	system 'rm', '-rf', $authdir;
}

sub listens {
	my ($name) = @_;
	return IO::Socket::INET->new(Timeout => 2, PeerAddr =>
	    "127.0.0.1:$s->{ports}{$name}");
}

# (of those that begin with TLS it is enough that they listen)
sub serves {
	my ($what, $name) = @_;
	ok wait_for(60, sub { listens($name) }), "$what: it listens"
	    or return diag $Private::out;
	like Tcpd::reads(listens($name), 30, qr/\n/), qr/^(?:\* OK|\+OK) /,
	    "$what: serves" unless $name =~ /-ssl$/;
}

sub pid { return slurp("$root/run/courier/$_[0].pid") }

# ---- one script for each ----------------------------------------------------

# A server: started, reloaded, restarted, stopped. not: the status when it is
# not there.
sub life {
	my ($what, $file, $name, $not) = @_;
	is status($file, 'status'), $not, "$what: status: not running";
	is status($file, 'start'), 0, "$what: start" or diag $Private::out;
	serves($what, $name);
	my $pid = pid($name);
	is status($file, 'status'), 0, "$what: status: running";
	is status($file, 'reload'), 0, "$what: reload";
	serves("$what, reload", $name);
	is pid($name), $pid, "$what: is the same";
	is status($file, 'restart'), 0, "$what: restart";
	serves("$what, restart", $name);
	isnt pid($name), $pid, "$what: is another";
	is status($file, 'stop'), 0, "$what: stop";
	ok !listens($name), "$what: nobody listens";
	is status($file, 'status'), $not, "$what: status: not running";
}

sub authdaemon {
	my ($what, $file, $not) = @_;
	is status($file, 'status'), $not, "$what: status: not running";
	is status($file, 'start'), 0, "$what: start" or diag $Private::out;
	ok wait_for(30, sub { -S "$authdir/socket" }), "$what: its socket"
	    or diag $s->log;
	is status($file, 'status'), 0, "$what: status: running";
	$s->inside('authtest', 'nobody@a.test');
	like $Private::out, qr/^Authentication FAILED/, "$what: answers";
}

# FreeBSD.
put('freebsd', 'prefix=/usr/local');
my $rc = '/usr/local/etc/rc.d/courier-';
is status("${rc}imap-imapd", 'start'), 1, 'rc.d: not enabled';
ok !listens('imapd'), 'rc.d: and not started';
spew("$root/etc/rc.conf", join '', map { "courier_${_}_enable=\"YES\"\n" }
    'authdaemond', map { "imap_$_" =~ tr/-/_/r } @servers);
authdaemon('rc.d, authdaemond', "${rc}authdaemond", 1);
for my $name (@servers) {
	my $file = "${rc}imap-$name";
	life("rc.d, $name", $file, $name, 1);
	like $Private::out, qr/^courier_imap_\w+ is not running\.$/m,
	    "rc.d, $name: and says so";
	like slurp("$root$file"), qr/^# REQUIRE: LOGIN courier_authdaemond$/m,
	    "rc.d, $name: comes behind authdaemond";
}
rename $s->etc('imapd'), $s->etc('imapd.away');
is status("${rc}imap-imapd", 'start'), 1, 'rc.d: without settings';
rename $s->etc('imapd.away'), $s->etc('imapd');
is status("${rc}authdaemond", 'stop'), 0, 'rc.d, authdaemond: stop';
is status("${rc}authdaemond", 'status'), 1, 'rc.d, authdaemond: is not there';

# Gentoo.
unlink glob "$root/etc/init.d/courier*";
put('gentoo');
my $init = '/etc/init.d/courier-';
is status("${init}imapd", 'start'), 1, 'OpenRC: not without authdaemond';
authdaemon('OpenRC, authdaemond', "${init}authlib", 3);
is sprintf('%o %d %d', (stat $authdir)[2] & 07777, (stat _)[4, 5]),
    '750 120 120', 'OpenRC: its folder';
life("OpenRC, $_", "$init$_", $_, 3) for @servers;
is status("${init}authlib", 'stop'), 0, 'OpenRC, authdaemond: stop';
is status("${init}authlib", 'status'), 3, 'OpenRC, authdaemond: is not there';

# ---- one for all servers ----------------------------------------------------

put('upstream', 'datadir=/usr/share/courier-imap');
my $all = '/usr/share/courier-imap/courier-imap.sysvinit';
mkdir $authdir;
chown 120, 120, $authdir;
$s->start_auth;
$s->set($_, $flag{$_} => 'NO') for @servers;
is status($all, 'start'), 0, 'all: start';
is join(' ', grep { listens($_) } @servers), '', 'all: what is NO is not';
$s->set($_, $flag{$_} => 'YES') for 'imapd', 'pop3d-ssl';
is status($all, 'start'), 0, 'all: start';
like $Private::out, qr/^Starting Courier-IMAP server: imap pop3-ssl$/m,
    'all: and says what';
serves('all', $_) for 'imapd', 'pop3d-ssl';
is join(' ', grep { listens($_) } @servers), 'imapd pop3d-ssl',
    'all: what is YES is';
$s->set($_, $flag{$_} => 'YES') for @servers;
is status($all, 'restart'), 0, 'all: restart';
serves('all, restart', $_) for @servers;
is status($all, 'stop'), 0, 'all: stop';
is join(' ', grep { listens($_) } @servers), '', 'all: nobody listens';
$s->destroy;
done_testing();
