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

my $refused = "* BYE Maximum number of connections from your address "
    . "reached.\r\n";

# A hundred connections of one address beyond its limit; another one is served.
my $t = Tcpd->new('-maxprocs=10', '-maxperip=3', '-refuse=* BYE ');
my @mine = map { $t->dial } 1 .. 3;
is scalar(grep { greeting($_) =~ /^done$/m } @mine), 3, 'three are served';
my @more = map { $t->dial } 1 .. 100;
my $began = now();
my $other = $t->dial('127.0.0.2');
like greeting($other), qr/^TCPREMOTEIP=::ffff:127\.0\.0\.2$/m,
    'another address is served while a hundred are refused';
ok now() - $began < 2, 'at once';
my @told = map { rest($_) } @more;
is scalar(grep { $_ eq $refused } @told), 100, 'each was told why';
my $lines = () = $t->log =~ /^ALERT: Maximum connection limit reached for ::ffff:127\.0\.0\.1$/mg;
is $lines, 100, 'with one log line each';
close $mine[0];
ok wait_for(10, sub {
	$mine[0] = $t->dial;
	greeting($mine[0]) =~ /^done$/m
}), 'a place is free again after one has gone';

# Those who do not read what they are told hold no place either.
my @silent = map { $t->dial } 1 .. 100;
$began = now();
like greeting($t->dial('127.0.0.3')), qr/^done$/m, 'still serving';
ok now() - $began < 2, 'at once';
@silent = @more = ();
$t->stop;

# All places taken.
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
ok wait_for(10, sub { greeting($t->dial('127.0.0.14')) =~ /^done$/m }),
    'a place that is given back is taken';
$t->stop;

# One network.
$t = Tcpd->new('-maxprocs=20', '-maxperip=9', '-maxperc=2', '-refuse=-ERR ');
my @net = map { $t->dial("127.0.7.$_") } 1 .. 2;
greeting($_) for @net;
is rest($t->dial('127.0.7.3')), "-ERR Maximum number of connections from your "
    . "network reached.\r\n", 'the third of a network is told';
ok $t->logs(qr/^ALERT: Maximum connection limit reached for the network of ::ffff:127\.0\.7\.3$/m),
    'and logged';
like greeting($t->dial('127.0.8.3')), qr/^done$/m, 'another network is served';
$t->stop;

# Without -refuse nothing is said, as by Courier's own.
$t = Tcpd->new('-maxprocs=20', '-maxperip=1');
my $one = $t->dial;
greeting($one);
is rest($t->dial), '', 'without -refuse: closed';

# TERM ends the sessions too.
kill 'TERM', $t->{pid};
is rest($one), '', 'the sessions end with the listener';
$t->stop;

# -listen is checked before the port is bound.
my $build = $ENV{top_builddir};
ok !run("$build/src/prog/couriertcpd", '-listen=0', free_port(), '/bin/cat'),
    '-listen=0';
is $Private::out, "Invalid -listen option.\n", 'says so';
$t = Tcpd->new('-listen=5');
like greeting($t->dial), qr/^done$/m, '-listen=5';
done_testing();
