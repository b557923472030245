#!/usr/bin/perl
# Init scripts start, stop and tell the state, in a root of Debian.
# SPDX-License-Identifier: ISC
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use IO::Socket::INET;
use Private qw(:all !start);
use Suite;
use Tcpd ();
use Tls ();
use Test::More;

need_root();
my $s = Suite->new(programs => 'chapar', authdaemonrc => {
    authmodulelist => 'authuserdb' },
    more => ['imapd-ssl', 'pop3d', 'pop3d-ssl']);
my $root = $s->{root};
unlink glob "$root/etc/init.d/courier*";
Suite::install('install-init', $root) or die $Private::out;
system 'rm', '-rf', "$root/run/courier";
is status($s, 'imap', 'status'), 3, 'status: not running';
is status($s, 'authdaemon', 'start'), 0, 'authdaemon: start';
is join(' ', map { sprintf '%o %d %d', (stat "$root/run/$_")[2] &
    07777, (stat _)[4, 5] } qw(courier courier/authdaemon)),
    '775 0 120 750 120 120', 'its folders';
ok wait_for(30, sub { -S "$root/run/courier/authdaemon/socket" }),
    'its socket';
is status($s, 'authdaemon', 'status'), 0, 'status: running';

$s->set('imapd', IMAPDSTART => 'NO');
is status($s, 'imap', 'start'), 0, 'IMAPDSTART=NO: no error';
ok !listens($s), 'and nothing runs';
$s->set('imapd', IMAPDSTART => 'yes');
is status($s, 'imap', 'start'), 0, 'IMAPDSTART="yes": start';
ok wait_for(60, sub { listens($s) }), 'it listens';
my $pid = slurp("$root/run/courier/imapd.pid");
is status($s, 'imap', 'status'), 0, 'status: running';
like $Private::out, qr/^courier-imap is running$/m, 'and says so';
is status($s, 'imap', 'start'), 0, 'a second start';
is slurp("$root/run/courier/imapd.pid"), $pid, 'changes nothing';
is status($s, 'imap', 'force-reload'), 0, 'force-reload';
ok wait_for(60, sub { listens($s) }), 'it listens';
isnt slurp("$root/run/courier/imapd.pid"), $pid, 'anew';
is status($s, 'imap', 'reload'), 3, 'reload is not offered';
is status($s, 'imap', 'stop'), 0, 'stop';
ok !listens($s), 'nobody listens';
is status($s, 'imap', 'stop'), 0, 'stop again';
is status($s, 'imap', 'status'), 1, 'status: dead, with a pid file';

# A pid file at another place, and one without quotes.
my $text = slurp($s->etc('imapd'));
$text =~ s,^PIDFILE=.*,PIDFILE=/run/courier/other.pid,m;
spew($s->etc('imapd'), $text);
is status($s, 'imap', 'start'), 0, 'another pid file';
ok wait_for(60, sub { -s "$root/run/courier/other.pid" }), 'is made';
is status($s, 'imap', 'status'), 0, 'and found';
is status($s, 'imap', 'stop'), 0, 'stop';

# The other three, each started with all that it has.
spew($s->etc('imapd'), $text);
my %others = ('imap-ssl' => ['imapd-ssl', 'IMAPDSSLSTART', 'SSLPIDFILE'],
    pop => ['pop3d', 'POP3DSTART', 'PIDFILE'],
    'pop-ssl' => ['pop3d-ssl', 'POP3DSSLSTART', 'SSLPIDFILE']);
for my $name (sort keys %others) {
	my ($file, $flag, $pidvar) = @{ $others{$name} };
	my $port = $s->{ports}{$file};
	my $pidfile = "$root/run/courier/$file.pid";
	$s->set($file, $flag => 'NO');
	is status($s, $name, 'start'), 0, "$name: $flag=NO: no error";
	ok !-e $pidfile, "$name: and nothing runs";
	$s->set($file, $flag => 'YES');
	is status($s, $name, 'start'), 0, "$name: start";
	ok wait_for(60, sub { listens($s, $port) }), "$name: it listens";
	like slurp($pidfile), qr/^\d+$/, "$name: its pid file";
	is status($s, $name, 'status'), 0, "$name: status: running";
	like hears($port, $name), qr/^(?:\* OK|\+OK) /, "$name: serves";
	my $pid = slurp($pidfile);
	is status($s, $name, 'restart'), 0, "$name: restart";
	ok wait_for(60, sub { listens($s, $port) }), "$name: it listens";
	isnt slurp($pidfile), $pid, "$name: anew";
	is status($s, $name, 'stop'), 0, "$name: stop";
	ok !listens($s, $port), "$name: nobody listens";
	is status($s, $name, 'status'), 1, "$name: status: dead";
	$s->set($file, $pidvar => '/run/courier/elsewhere.pid');
	is status($s, $name, 'start'), 0, "$name: $pidvar";
	ok wait_for(60, sub { -s "$root/run/courier/elsewhere.pid" }),
	    "$name: is made";
	is status($s, $name, 'stop'), 0, "$name: and found";
	ok !listens($s, $port), "$name: stopped";
}
is status($s, 'pop', 'bogus'), 3, 'another word';
like $Private::out, qr/^Usage: .*start\|stop\|restart/m, 'usage';

# Settings that cannot be read: the script says no.
spew($s->etc('imapd'), "${text}X='\n");
is status($s, 'imap', 'start'), 1, 'broken settings: failed';
like $Private::out, qr/^courier-imap: failed$/m, 'and says so';
is status($s, 'authdaemon', 'stop'), 0, 'authdaemon: stop';
is status($s, 'authdaemon', 'status'), 1, 'status: dead';
$s->destroy;

sub listens {
	my ($s, $port) = @_;
	return IO::Socket::INET->new(Timeout => 2,
	    PeerAddr => '127.0.0.1:' . ($port || $s->{port}));
}

# The greeting, in TLS for the two that begin with it.
sub hears {
	my ($port, $name) = @_;
	return Tcpd::reads(listens(undef, $port), 30, qr/\n/)
	    if $name !~ /-ssl$/;
	return Tls->connect($port)->line // '';
}

# What the script exits with.
sub status {
	my ($s, $name, $verb) = @_;
	$s->inside('/bin/sh', '-c', '"$@"; echo "exit $?"', 'sh',
	    "/etc/init.d/courier-$name", $verb);
	return $Private::out =~ /^exit (\d+)$/m ? $1 : $Private::out;
}
done_testing();
