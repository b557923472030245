#!/usr/bin/perl
# couriertcpd: who is over a limit is told, logged, and holds nobody up.
# SPDX-License-Identifier: ISC
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Private qw(:all);
use Test::More;
use Tcpd;

# So many that whoever waited for some of them to go would wait for REFUSE_MS
# (2 s) four times, since it keeps REFUSE_MAX (64).
use constant { MANY => 300, WAITED => 8 };

my $refused = "* BYE Maximum number of connections from your address "
    . "reached.\r\n";

# Many connections of one address beyond its limit; another one is served.
my $t = Tcpd->new('-maxprocs=10', '-maxperip=3', '-refuse=* BYE ');
my @mine = map { $t->dial } 1 .. 3;
is scalar(grep { greeting($_) =~ /^done$/m } @mine), 3, 'three are served';
my @more = map { $t->dial } 1 .. MANY;
my $began = now();
my $other = $t->dial('127.0.0.2');
like greeting($other), qr/^TCPREMOTEIP=::ffff:127\.0\.0\.2$/m,
    'another address is served while many are refused';
cmp_ok now() - $began, '<', WAITED - 2, 'at once';
my @told = map { rest($_) } @more;
is scalar(grep { $_ eq $refused } @told), MANY, 'each was told why';
@more = ();
my $lines = () = $t->log =~ /^ALERT: Maximum connection limit reached for ::ffff:127\.0\.0\.1$/mg;
is $lines, MANY, 'with one log line each';
close $mine[0];
ok wait_for(30, sub {
	$mine[0] = $t->dial;
	greeting($mine[0]) =~ /^done$/m
}), 'a place is free again after one has gone';

# Those who do not read what they are told hold no place either.
my @silent = map { $t->dial } 1 .. MANY;
$began = now();
like greeting($t->dial('127.0.0.3')), qr/^done$/m, 'still serving';
cmp_ok now() - $began, '<', WAITED - 2, 'at once';
@silent = ();
$t->stop;

# All places taken (12.2 #14).
$t = Tcpd->new('-maxprocs=3', '-maxperip=100', '-refuse=* BYE ');
my @all = map { $t->dial("127.0.0.$_") } 11 .. 13;
greeting($_) for @all;
my $late = $t->dial('127.0.0.14');
print $late "a NOOP\r\n";
is rest($late), "* BYE Maximum number of connections reached.\r\n",
    'no place is left: told';
like $t->log, qr/^ALERT: 3 maximum active connections\.$/m,
    'logged when the last place goes';
like $t->log, qr/^WARN: 2 active connections\.$/m, 'a warning before';
like $t->log, qr/^ALERT: 3 maximum active connections, refused ip=\[::ffff:127\.0\.0\.14\]$/m,
    'and each that is refused';
shutdown $all[1], 1;
rest($all[1]);
close $all[1];
ok wait_for(30, sub { greeting($t->dial('127.0.0.14')) =~ /^done$/m }),
    'a place that is given back is taken';
$t->stop;

# One network (12.2 #15).
$t = Tcpd->new('-maxprocs=20', '-maxperip=9', '-maxperc=2', '-refuse=-ERR ');
my @net = map { $t->dial("127.0.7.$_") } 1 .. 2;
greeting($_) for @net;
is rest($t->dial('127.0.7.3')), "-ERR Maximum number of connections from your "
    . "network reached.\r\n", 'the third of a network is told';
ok $t->logs(qr/^ALERT: Maximum connection limit reached for the network of ::ffff:127\.0\.7\.3$/m),
    'and logged';
like greeting($t->dial('127.0.8.3')), qr/^done$/m, 'another network is served';
$t->stop;

# IPv6: the network is the /64, an IPv4 address in another form the same one.
$t = Tcpd->new('-maxprocs=20', '-maxperip=2', '-maxperc=3', '-haproxy',
    '-refuse=-ERR ');
sub through_proxy {
	my ($kind, $address) = @_;
	my $s = $t->dial;
	print $s "PROXY $kind $address ", $kind eq 'TCP4' ? '192.0.2.1' :
	    '2001:db8::1', " 1 143\r\n";
	return $s;
}
my @six = map { through_proxy('TCP6', "2001:db8:1:2:$_") } qw(:1 9:: ffff::9);
greeting($_) for @six;
is rest(through_proxy('TCP6', '2001:db8:1:2:8000::')), "-ERR Maximum number "
    . "of connections from your network reached.\r\n", 'a /64';
like greeting(through_proxy('TCP6', '2001:db8:1:3::1')), qr/^done$/m,
    'the next one is served';
my @four = map { through_proxy('TCP4', '192.0.2.7') } 1, 2;
greeting($_) for @four;
is rest(through_proxy('TCP4', '192.0.2.7')), "-ERR Maximum number of "
    . "connections from your address reached.\r\n", 'IPv4 through the proxy';
$t->stop;

# A list of ports, each with its address or without.
SKIP: {
	skip 'no IPv6', 3 unless eval { require IO::Socket::IP; 1 } &&
	    -e '/proc/net/if_inet6' &&
	    slurp('/proc/net/if_inet6') =~ /^0{31}1 /m;
	my @p = map { free_port() } 1 .. 3;
	my $pid = start({}, "$ENV{top_builddir}/src/prog/couriertcpd",
	    '-nodnslookup', '-address=127.0.0.5',
	    "127.0.0.4.$p[0],::1.$p[1],$p[2]", program());
	for (['127.0.0.4', $p[0], '::ffff:127.0.0.4'], ['::1', $p[1], '::1'],
	    ['127.0.0.5', $p[2], '::ffff:127.0.0.5']) {
		my ($host, $port, $is) = @$_;
		my $s = wait_for(30, sub { IO::Socket::IP->new(
		    PeerHost => $host, PeerPort => $port) });
		like greeting($s), qr/^TCPLOCALIP=\Q$is\E$/m,
		    "$host.$port";
	}
	Private::stop($pid);
}

# Without -refuse nothing is said, as by Courier's own.
$t = Tcpd->new('-maxprocs=20', '-maxperip=1');
my $one = $t->dial;
greeting($one);
is rest($t->dial), '', 'without -refuse: closed';

# TERM ends the sessions too.
kill 'TERM', $t->{pid};
is rest($one), '', 'the sessions end with the listener';
$t->stop;

# -listen is checked before the port is bound (12.2 #26).
my $build = $ENV{top_builddir};
ok !run("$build/src/prog/couriertcpd", '-listen=0', free_port(), '/bin/cat'),
    '-listen=0';
is $Private::out, "Invalid -listen option.\n", 'says so';
$t = Tcpd->new('-listen=5');
like greeting($t->dial), qr/^done$/m, '-listen=5';
done_testing();
