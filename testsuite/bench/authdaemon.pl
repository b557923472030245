#!/usr/bin/perl
# Look-ups of accounts: Debian's authdaemond and ours beside each other, one
# database under both, which both reach by TCP; five workers each. Look-ups per
# second, and the CPU time of all their processes for one look-up. Rounds are
# short, and each begins with the other one: what else the machine does hits
# both. Numbers are medians of the rounds, so are the ratios, ours to theirs.
# SPDX-License-Identifier: ISC
#
# How to add a row: name, modules, request, number of clients at a time.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use IO::Socket::UNIX;
use POSIX ();
use Private qw(:all !start);
use Socket qw(SOCK_STREAM);
use Accounts;
use AuthPair;
use Maria;

my $n = $ENV{BENCH_LOOKUPS} || 5000;
my $rounds = $ENV{BENCH_ROUNDS} || 9;
my @rows = (
	['userdb PRE', 'authuserdb', "PRE . imap one\@a.test\n", 1],
	['userdb PRE x8', 'authuserdb', "PRE . imap one\@a.test\n", 8],
	['userdb login x8', 'authuserdb', login('one@a.test', 'pw-one'), 8],
	['userdb login x500', 'authuserdb', login('one@a.test', 'pw-one'), 500],
	['mysql PRE', 'authmysql', "PRE . imap one\@a.test\n", 1],
	['mysql PRE x8', 'authmysql', "PRE . imap one\@a.test\n", 8],
	['mysql login x8', 'authmysql', login('one@a.test', 'pw-one'), 8],
	['mysql PRE x500', 'authmysql', "PRE . imap one\@a.test\n", 500],
	['mysql login x500', 'authmysql', login('one@a.test', 'pw-one'), 500],
);
my $only = $ENV{BENCH_ONLY};
@rows = grep { my $name = $_->[0]; grep { index($name, $_) >= 0 }
    split /,/, $only } @rows if $only;

# Processes below one, itself included.
sub tree {
	my ($top) = @_;
	my %parent;
	for (glob '/proc/[0-9]*/stat') {
		$parent{$1} = $2 if slurp($_) =~ /^(\d+) \(.*\) \S (\d+)/;
	}
	my @found = ($top);
	for (my $i = 0; $i < @found; $i++) {
		push @found, grep { $parent{$_} == $found[$i] } keys %parent;
	}
	return @found;
}

# Seconds of CPU, by the scheduler's own count where there is one.
sub cpu {
	my ($server) = @_;
	my $sum = 0;
	for (tree($server->{pid})) {
		if (slurp("/proc/$_/schedstat") =~ /^(\d+)/) {
			$sum += $1 / 1e9;
			next;
		}
		my @f = split / /, slurp("/proc/$_/stat") =~ s/.*\) //sr;
		$sum += ($f[11] + $f[12]) / POSIX::sysconf(
		    POSIX::_SC_CLK_TCK()) if @f > 12;
	}
	return $sum;
}

sub client {
	my ($path, $request, $times) = @_;
	for (1 .. $times) {
		my $s = IO::Socket::UNIX->new(Type => SOCK_STREAM,
		    Peer => $path) or POSIX::_exit(1);
		syswrite $s, $request;
		my $text = '';
		1 while sysread $s, $text, 8192, length $text;
		POSIX::_exit(1) unless $text =~ /^ADDRESS=/m;
	}
}

sub measure {
	my ($server, $request, $clients) = @_;
	my $path = $server->var('socket');
	my $before = cpu($server);
	my $start = now();
	my @pids = map { Private::start({ code => sub {
		client($path, $request, $n / $clients)
	} }) } 1 .. $clients;
	for (@pids) {
		waitpid $_, 0;
		die "a look-up failed\n" if $?;
	}
	my $wall = now() - $start;
	return ($wall, cpu($server) - $before);
}

sub median { my @v = sort { $a <=> $b } @_; return $v[$#v / 2] }

# Of the rounds in which there was something to divide by; or else "-".
sub ratio {
	my ($x, $y) = @_;
	my @r = map { $x->[$_] / $y->[$_] } grep { $y->[$_] } 0 .. $#$y;
	return @r ? sprintf '%.2f', median(@r) : '-';
}

my $db = Maria->new;
Accounts::table($db, map { "$_\@a.test" } 'one', 1 .. 999);
my @both = my ($ours, $theirs) = pair();
put('authmysqlrc', Accounts::authmysqlrc($db), 0640);
$ours->share('authmysqlrc');
put('userdb', join('', map { "$_\@a.test\thome=/srv/mail/$_|uid=5000|"
    . "gid=5000|gecos=Mr. $_|systempw=" . md5("pw-$_") . "\n" }
    'one', 1 .. 999), 0600);
for ($ours, $theirs) {
	$_->rc("authmodulelist=\"authuserdb\"\ndaemons=5\n");
	$_->tool('makeuserdb') or die $Private::out;
}
printf "%d look-ups, %d rounds\n%-18s %18s %18s %8s %8s\n", $n, $rounds,
    'per s (CPU us)', 'courier', 'chapar', 'per s', 'CPU';
for my $row (@rows) {
	my ($name, $modules, $request, $clients) = @$row;
	my (@wall, @cpu);
	$clients = $n if $clients > $n;
	for my $s (@both) {
		$s->rc("authmodulelist=\"$modules\"\ndaemons=5\n");
		$s->start;
		$s->ask($request) for 1 .. 20;
	}
	for my $round (1 .. $rounds) {
		for my $i ($round % 2 ? (0, 1) : (1, 0)) {
			my ($w, $c) = measure($both[$i], $request, $clients);
			push @{ $wall[$i] }, $w;
			push @{ $cpu[$i] }, $c;
		}
	}
	$_->stop for @both;
	my @w = map { median(@$_) } @wall;
	my @c = map { median(@$_) } @cpu;
	printf "%-18s %18s %18s %8s %8s\n", $name,
	    (map { sprintf '%.0f (%.1f)', $n / $w[$_], 1e6 * $c[$_] / $n }
	    1, 0), ratio(@wall[1, 0]), ratio(@cpu);
}
$db->stop;
