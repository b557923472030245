#!/usr/bin/perl
# Two thousand sessions at once through the whole chain, plain and in TLS: none
# below the limits is refused, and what each of them costs.
# SPDX-License-Identifier: ISC
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Private qw(:all);
use Test::More;
use Login;
use Tcpd;

use constant { SESSIONS => 2000, PROCESSES => 2,
    PLAIN_MAX => 2048, TLS_MAX => 4096 };	# kB

need_root();
plan skip_all => 'needs /proc' unless -r '/proc/self/smaps_rollup';
my $build = $ENV{top_builddir} or die "top_builddir is not set\n";
my $dir = workdir();
my $make = slurp("$build/Makefile");
plan skip_all => 'a sanitizer takes the memory'
    if $make =~ /^CFLAGS = .*-fsanitize/m;
my ($cc, $cflags, $libs) = map { $make =~ /^$_ = (.*)$/m ? $1 : '' }
    qw(CC OPENSSL_CFLAGS OPENSSL_LIBS);
plan skip_all => 'no OpenSSL' unless $libs =~ /-lssl/ && -x
    "$build/src/prog/couriertls";

run('sh', '-c', "$cc $cflags -o $dir/hold " . lib('hold.c') . " $libs")
    or die $Private::out;
run('openssl', 'req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', 2,
    '-subj', '/CN=localhost', '-keyout', "$dir/key", '-out', "$dir/cert")
    or die $Private::out;
spew("$dir/pem", slurp("$dir/key") . slurp("$dir/cert"), 0644);
my $socket = Login::auth();
for my $d ('', '/tmp', '/new', '/cur') {
	mkdir "$dir/home/M$d";
	chown 65534, 65534, "$dir/home/M$d";
}
for my $prog (qw(imapd imaplogin couriertls)) {
	run('cp', "$build/src/prog/$prog", "$dir/real-$prog");
}

# All processes of the sessions; who relays for TLS is nobody's child.
sub processes {
	return grep { slurp("/proc/$_/cmdline") =~ m,^\Q$dir\E/real-, }
	    map { m,(\d+)$, } glob '/proc/[0-9]*';
}

# Proportional set size of the sessions, in kB each.
sub memory {
	my $sum = 0;
	for my $pid (processes()) {
		$sum += $1 if slurp("/proc/$pid/smaps_rollup") =~
		    /^Pss:\s+(\d+)/m;
	}
	return int($sum / SESSIONS);
}

sub many {
	my ($how, $max, @front) = @_;
	my $t = Tcpd->new({ prog => [@front, "$dir/real-imaplogin",
	    "$dir/real-imapd", 'M'], env => { CHAPAR_AUTHSOCKET => $socket,
	    TLS_CERTFILE => "$dir/pem", TLS_VERIFYPEER => 'NONE',
	    @front ? (IMAP_TLS => 1) : () } }, '-penalty=30',
	    '-maxprocs=' . SESSIONS, '-maxperip=' . SESSIONS, '-refuse=* BYE ');
	# (When somebody was served it has opened all that it will.)
	my $s = $t->dial;
	wait_for(30, sub { processes() }) or die "nobody is served\n";
	close $s;
	wait_for(30, sub { !processes() });
	my $before = () = glob "/proc/$t->{pid}/fd/*";
	my $began = now();
	my @hold = map {
		my $out = "$dir/$how.$_";
		unlink $out;
		my $pid = open my $in, '|-', 'sh', '-c', 'exec "$@" >' . $out,
		    'sh', "$dir/hold", SESSIONS / PROCESSES, $t->{port}, $how;
		[$in, $out];
	} 1 .. PROCESSES;
	wait_for(240, sub { PROCESSES == grep { -s $_->[1] } @hold });
	my $seconds = now() - $began;
	my $in = 0;
	$in += slurp($_->[1]) || 0 for @hold;
	is $in, SESSIONS, "$how: all sessions are served";
	is scalar(() = $t->log =~ /^ALERT: Maximum/mg), 0, "$how: none refused";
	my $fds = () = glob "/proc/$t->{pid}/fd/*";
	is $fds, $before, "$how: no descriptor in the listener";
	my $n = processes();
	my $kb = memory();
	note sprintf '%s: %d logins in %.0f s, %d processes, %d kB (PSS) for '
	    . 'each session', $how, $in, $seconds, $n, $kb;
	cmp_ok $kb, '<', $max, "$how: memory of each (PSS): $kb kB";
	my $late = $t->dial;
	like rest($late), $how eq 'tls' ? qr// : qr/^\* BYE Maximum number of/,
	    "$how: one more is refused";
	close $_->[0] for @hold;
	ok wait_for(120, sub { !processes() }),
	    "$how: all end with their clients";
	$t->stop;
}

many('plain', PLAIN_MAX);
many('tls', TLS_MAX, "$dir/real-couriertls", '-server', '-tcpd');
done_testing();
