#!/usr/bin/perl
# The programs of a login, started once (couriertcpd -prestart): nobody sees a
# difference, limits stay true, and what is replaced or dies is started again.
# SPDX-License-Identifier: ISC
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Private qw(:all);
use Test::More;
use Login;
use Strace;
use Suite;
use Tcpd;
use Tls;

use constant MANY => 200;	# connections at once

need_root();
-d '/proc/self/fd' or plan(skip_all => 'no /proc here');

my $dir = workdir();
my $build = "$ENV{top_builddir}/src/prog";
mkdir "$dir/bin", 0755;
my %env = (CHAPAR_AUTHSOCKET => Login::auth());

# A program's file of our own, to be replaced.
sub copied {
	my ($name) = @_;
	my $to = "$dir/bin/$name";
	run('cp', '-p', "$build/$name", "$to.new") or die $Private::out;
	rename "$to.new", $to or die $!;
	return $to;
}

sub stat_of {
	my ($pid) = @_;
	return slurp("/proc/$pid/stat") =~ /^\d+ \((.*)\) (\S) (\d+)/s;
}

# Living children of a process that have this name.
sub children {
	my ($of, $name) = @_;
	return if !defined $of;
	return grep {
		my ($comm, $state, $parent) = stat_of($_);
		defined $parent && $parent == $of && $state ne 'Z' &&
		    $comm eq $name;
	} map { m,(\d+)$, } glob '/proc/[0-9]*';
}

# (Its own standard input is nothing, that of a connection is a socket.)
sub waits {
	my ($pid) = @_;
	return (readlink("/proc/$pid/fd/0") // '') eq '/dev/null' &&
	    slurp("/proc/$pid/wchan") =~ /poll/;
}

# The started program, when it waits for connections. Another one than $not is
# not waited for: a connection starts it.
sub started {
	my ($of, $name, $not) = @_;
	my $pid;
	wait_for(defined $not ? 0.2 : 30, sub {
		($pid) = grep { $_ != ($not || 0) && waits($_) }
		    children($of, $name);
		defined $pid;
	});
	return $pid;
}

sub reads {
	my ($s, $end) = @_;
	return Tcpd::reads($s, 60, $end);
}

sub login {
	my ($t, $end) = @_;
	my $s = $t->dial;
	my $text = reads($s, qr/\r\n\z/);
	return ($s, $text) if $text !~ /^\* OK/;
	syswrite $s, "a LOGIN joe right\r\n";
	return ($s, $text . reads($s, $end || qr/END\n\z/));
}

# ---- a mailbox server that takes no part ------------------------------------

my $login = copied('imaplogin');
my $t = Tcpd->new({ env => \%env, prog => [$login, "$dir/imapd", 'Maildir'] },
    '-prestart', '-maxperip=3', '-refuse=* BYE ', '-penalty=2');
my $first = started($t->{pid}, 'imaplogin');
ok $first, 'the login program waits';
my ($s, $text) = login($t);
like $text, qr/^a OK LOGIN Ok\.\r\n/m, 'a login';
like $text, qr/^uid=\d+ gid=\d+ groups=\d+ cwd=\Q$dir\E\/home args=\.\/M$/m,
    'what exec gives';
like $text, qr/^TCPREMOTEIP=::ffff:127\.0\.0\.1$/m, 'the environment';
like $text, qr/^AUTHENTICATED=joe\@canonical\.test$/m, 'with what it knows';
unlike $text, qr/CHAPAR_P|LD_BIND|CHAPAR_TLS/, 'and nothing of how it came';
like $text, qr/^0 1 (?:1\d )*2(?: 3)? END$/m, 'no descriptor but 0 to 2';
# (It becomes cat when it has told all that.)
ok wait_for(30, sub { children($first, 'cat') == 1 }),
    'it is a child of the one that waits';

# Limits.
my @more = map { [login($t)]->[0] } 1 .. 2;
like reads($t->dial, qr/\n\z/), qr/^\* BYE Maximum number of connections from/,
    'the fourth is turned away';
close $_ for $s, @more;
sub three {
	my ($what) = @_;
	my @all;
	ok wait_for(60, sub {
		@all = ();
		select undef, undef, undef, 0.3;
		@all = map { $t->dial } 1 .. 3;
		return 3 == grep { reads($_, qr/\n\z/) =~ /^\* OK/ } @all;
	}), "$what: three places are free";
	like reads($t->dial, qr/\n\z/), qr/^\* BYE Max/, 'and no more';
	return @all;
}
@more = three('after their end');
@more = ();

# Logins go on, and at last a started program takes them that is not this one.
sub another {
	my ($old, $what) = @_;
	my $new;
	ok wait_for(30, sub {
		my ($s, $text) = login($t);
		close $s;
		$new = started($t->{pid}, 'imaplogin', $old);
		$text =~ /^a OK/m && $new;
	}), "$what: there is another one";
	return $new;
}

# A process that dies in the middle.
@more = three('before');
kill 'KILL', $first;
@more = ();
my $second = another($first, 'killed');
@more = three('and');
@more = ();

# Another file.
copied('imaplogin');
my $third = another($second, 'replaced');

# A jailed process that is taken over, or dies: no second try at the same layout
# of memory.
$s = $t->dial;
reads($s, qr/\n\z/);
my ($monitor, $jailed);
ok wait_for(30, sub {
	($monitor, $jailed) = children($third, 'imaplogin');
	return if !defined $monitor || defined $jailed;
	($jailed) = children($monitor, 'imaplogin');
}), 'one connection';
kill 'TRAP', $jailed;
reads($s, undef);
another($third, 'a crash');
ok wait_for(30, sub { !-e "/proc/$third" }), 'the old one is gone';

# Those who guess.
my @guess = three('for them');
for my $s (@guess) {
	syswrite $s, "a LOGIN joe wrong\r\nb LOGIN joe wrong\r\n";
}
reads($_, qr/^b NO .*\n\z/m) for @guess;
my $began = now();
syswrite $guess[0], "c LOGIN joe wrong\r\n";
like reads($guess[0], qr/^c NO .*\n\z/m), qr/^c NO/m, 'a failure';
ok now() - $began > 5.9, 'takes longer with each';
@guess = ();
$t->stop;

# ---- the real mailbox server ------------------------------------------------

mkdir "$dir/home/M";
mkdir "$dir/home/M/$_" for qw(cur new tmp);
run('chown', '-R', '65534:65534', "$dir/home") or die $Private::out;
chmod 0755, $dir;
$t = Tcpd->new({ env => \%env, prog => [$login, copied('imapd'), 'Maildir'] },
    '-prestart', '-maxperip=3', '-refuse=* BYE ');
$first = started($t->{pid}, 'imaplogin');
my $imapd = started($first, 'imapd');
ok $imapd, 'the mailbox server waits, too';
($s, $text) = login($t, qr/^a OK.*\n\z/m);
syswrite $s, "b SELECT INBOX\r\n";
like reads($s, qr/^b OK.*\n\z/m), qr/^b OK \[READ-WRITE\]/m, 'a mailbox';
my ($session) = children($imapd, 'imapd');
my $status = slurp("/proc/$session/status");
like $status, qr/^Uid:\s+65534\s+65534\s+65534\s+65534$/m, 'is the user';
like $status, qr/^Groups:\s*(?:\d+\s*)?$/m, 'without root\'s groups';
sub ends {
	return grep { /^(?:pipe|socket):/ } map { readlink // '' }
	    grep { !m,/[012]$, } glob "/proc/$_[0]/fd/*";
}
my %theirs = map { $_ => 1 } ends($imapd);
is_deeply [grep { $theirs{$_} } ends($session)], [],
    'and has no way to those who started it';
kill 'KILL', $imapd;
syswrite $s, "c NOOP\r\n";
like reads($s, qr/^c OK.*\n\z/m), qr/^c OK/m, 'killed: sessions go on';
close $s;
my $other;
ok wait_for(30, sub {
	($s, $text) = login($t, qr/^a .*\n\z/m);
	close $s;
	$other = started($first, 'imapd', $imapd);
	$text =~ /^a OK/m && $other && $other != $imapd
}), 'and there is another one';
@more = three('its places are not lost');
@more = ();
$t->stop;
ok wait_for(30, sub { !grep { -e "/proc/$_" } $first, $other // 1 }),
    'stopped: all of them end';

# ---- with TLS ---------------------------------------------------------------

SKIP: {
skip 'couriertls is not built', 1 unless -x couriertls();
my $pem = cert('localhost');
my $used = "$dir/used.pem";
run('cp', $pem, $used);
$t = Tcpd->new({ env => { %env, IMAP_TLS => 1, TLS_CERTFILE => $used,
    TLS_VERIFYPEER => 'NONE', TLS_CACHEFILE => "$dir/cache" },
    prog => [couriertls(), '-server', '-tcpd', $login, "$dir/imapd",
    'Maildir'] }, '-prestart', '-maxprocs=400', '-maxperip=3', '-refusetls');
my $tls = started($t->{pid}, 'couriertls');
ok $tls && started($tls, 'imaplogin'), 'couriertls waits, and who comes next';

sub over_tls {
	my (@options) = @_;
	my $c = Tls->connect($t, @options);
	my $greeting = $c->line;
	$c->send("a LOGIN joe right\r\n");
	my $text = $c->until(qr/END$/);
	return ($c, $text);
}

my ($c, $said) = over_tls();
like $said, qr/^a OK LOGIN Ok\.$/m, 'a login';
like $said, qr/^IMAP_TLS=1$/m, 'with TLS';
like $said, qr/^TLS_CONNECTED_PROTOCOL=TLS1\.3,256bits,\S+$/m, 'of this kind';
unlike $said, qr/CHAPAR_TLS|CHAPAR_P/, 'no word of how';
is scalar(children($tls, 'couriertls')), 1, 'one process for it';
SKIP: {
	skip 'a sanitizer keeps what was freed', 2 if Suite::sanitized();
	is join(' ', in_memory(children($tls, 'couriertls'), $pem)), 'nothing',
	    'the key is not in its memory';
	like join(' ', in_memory($tls, $pem)), qr/^number( reversed)?$/,
	    'but in that of the one it was forked from, without its text';
}
$c->end;
ok wait_for(30, sub { !children($tls, 'couriertls') }), 'which ends';

my $from = 1;
sub subject {
	my (@options) = @_;
	return s_client($t, '-bind', '127.0.1.' . ++$from, @options) =~
	    /^subject=(.*)$/m ? $1 : '';
}

# The certificate. (Each handshake is of an address of its own: the connection
# before it may not be over yet.)
like subject(), qr/CN = localhost$/, 'the certificate';
my $new = cert('renewed.test');
run('cp', $new, $used);
like subject(), qr/CN = renewed\.test$/, 'renewed: the next handshake has it';
run('cp', cert('sni.test'), "$used.sni.test");
like subject('-servername', 'sni.test'), qr/CN = sni\.test$/,
    'another one for another name';
like subject('-servername', 'x.test'), qr/CN = renewed\.test$/, 'or the first';
unlink "$used.sni.test";
like subject('-servername', 'sni.test'), qr/CN = renewed\.test$/, 'and back';
rename $used, "$used-" or die;
is subject(), '', 'none: no handshake';
rename "$used-", $used or die;
like subject(), qr/CN = renewed\.test$/, 'until it is there again';
is started($t->{pid}, 'couriertls'), $tls, 'all by the same process';

# What is no handshake.
$s = $t->dial;
syswrite $s, "a LOGIN joe right\r\n" x 20;
reads($s, undef);
ok $t->logs(qr/ip=\[::ffff:127\.0\.0\.1\], An unexpected TLS packet was received\.$/m),
    'no handshake: said';
ok wait_for(30, sub { !children($tls, 'couriertls') }), 'and over';
$s = $t->dial;
ok wait_for(30, sub { children($tls, 'couriertls') }), 'one that says nothing';
my ($child) = children($tls, 'couriertls');
close $s;
ok wait_for(30, sub { !-e "/proc/$child" || (stat_of($child))[1] eq 'Z' }),
    'goes';
($c, $said) = over_tls();
like $said, qr/^a OK/m, 'three places are free after that';
$c->end;

# The next program stands still: its queue fills, and who does not get into it is
# served the other way.
require IO::Socket::SSL;
my ($still) = children($tls, 'imaplogin');
kill 'STOP', $still;
my @many = map { IO::Socket::SSL->new(PeerAddr => '127.0.0.1',
    PeerPort => $t->{port}, LocalAddr => '127.0.0.' . (2 + $_ % 250),
    SSL_verify_mode => 0, Timeout => 20) } 1 .. MANY;
is scalar(grep { defined } @many), MANY, 'many handshakes';
# How many, as soon as there are some at least. (A ticket can be read before
# there is a greeting.)
sub greeted {
	my ($some) = @_;
	my $until = now() + 60;
	my $n = 0;
	while (@many && $n < $some && now() < $until) {
		@many = grep {
			my $got = sysread $_, my ($line), 200;
			$n++ if $got && $line =~ /^\* OK/;
			!defined $got;
		} @many;
		select undef, undef, undef, 0.1 if @many;
	}
	return $n;
}
$_->blocking(0) for @many;
my $now = greeted(1);
kill 'CONT', $still;
my $greeted = $now + greeted(MANY - $now);
cmp_ok $now, '>', 0, "$now greeted by others while it stood still";
is $greeted, MANY, 'and all in the end';
@many = ();
ok wait_for(60, sub { !children($tls, 'couriertls') }), 'they go';

# Memory gone wrong.
($child) = (($c) = over_tls()) && children($tls, 'couriertls');
kill 'TRAP', $child;
$c->end;
my $next;
ok wait_for(30, sub {
	my ($c, $said) = over_tls();
	$c->end;
	$next = started($t->{pid}, 'couriertls', $tls);
	$said =~ /^a OK/m && $next && $next != $tls
}), 'a process that dies: another program';
$t->stop;
}

# ---- who reads what clients send --------------------------------------------

SKIP: {
skip 'no strace', 1 unless grep { -x "$_/strace" } split /:/, $ENV{PATH};
skip 'strace and sanitizers do not go together', 1 if Suite::sanitized();
my $trace = "$dir/trace";
my @wrap = ('strace', '-f', '-qq', '-yy', '-s', 20, '-o', $trace, '-e',
    'trace=read,readv,recvfrom,recvmsg,clone,fork,vfork,setuid,setresuid');
my @plain = ($login, "$dir/imapd", 'Maildir');

# The uids of those who read from a connection.
sub readers {
	my (%uid, %seen);
	for (Strace::calls(slurp($trace))) {
		my ($pid, $call) = @$_;
		my $child = Strace::forked($call);
		$uid{$pid} //= 0;
		$uid{$child} = $uid{$pid} if $child;
		$uid{$pid} = $1 if $call =~ /^setuid\((\d+)\) += 0/ ||
		    $call =~ /^setresuid\(\d+, (\d+),.* = 0/;
		$seen{$uid{$pid}}++
		    if $call =~ /^(?:read|readv|recvfrom|recvmsg)\(\d+<TCP/;
	}
	return sort keys %seen;
}

for my $with (-x couriertls() ? ('plain', 'TLS') : 'plain') {
	my $tls = $with eq 'TLS';
	unlink $trace;
	$t = Tcpd->new({ wrap => \@wrap, env => { %env, $tls ? (IMAP_TLS => 1,
	    TLS_CERTFILE => "$dir/used.pem", TLS_VERIFYPEER => 'NONE') : () },
	    prog => [$tls ? (couriertls(), '-server', '-tcpd') : (), @plain] },
	    '-prestart');
	my ($tcpd) = children($t->{pid}, 'couriertcpd');
	my $waits = started($tcpd, $tls ? 'couriertls' : 'imaplogin');
	ok $waits && (!$tls || started($waits, 'imaplogin')), "$with: traced";
	if ($tls) {
		my ($c) = over_tls();
		$c->end;
	} else {
		($s) = login($t);
		close $s;
	}
	$t->stop;
	is_deeply [readers()], [65534], "$with: nobody who is root reads";
}
}
done_testing();
