#!/usr/bin/perl
# The same work on several servers in turn: wall time and the CPU time of the
# server's processes, medians of the rounds, ratios of ours to the others'.
# SPDX-License-Identifier: ISC
#
# Each server is a root of its own (Suite.pm, Dovecot.pm) with its own copy of
# the mailboxes and the same accounts in one MariaDB. Rows are in MailboxRows.pm
# and SessionRows.pm; bench.sh has the variables.
#
# How to add a server: a row of %make, a function that returns an object with
# start, stop, root, port and ports.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib", $FindBin::Bin;
use Private qw(:all);
use Accounts;
use Dovecot;
use MailboxRows;
use Mails;
use Maria;
use SessionRows;
use Suite;
use Usage;

my $n = $ENV{BENCH_N} || 10000;
my $rounds = $ENV{BENCH_ROUNDS} || 3;
my @names = split /,/, $ENV{BENCH_PEERS} || 'courier,dovecot,chapar';
my @rows = (@SessionRows::rows, @MailboxRows::rows);
my $only = $ENV{BENCH_ONLY};
@rows = grep { my $name = $_->[0]; grep { index($name, $_) >= 0 }
    split /,/, $only } @rows if $only;
my %make = (courier => \&suite, chapar => \&suite, dovecot => \&dovecot);
my %limits = (MAXDAEMONS => 2000, MAXPERIP => 2000);

sub suite {
	my ($name, $db, %common) = @_;
	return Suite->new(%common, programs => $name,
	    imapd => { %limits, IMAP_ULIMITD => 1000000 },
	    pop3d => \%limits, more => ['imapd-ssl', 'pop3d'],
	    files => { authmysqlrc => Accounts::authmysqlrc($db) });
}

sub dovecot {
	my (undef, $db, %common) = @_;
	return Dovecot->new(%common, db => $db);
}

# A mailbox with that many messages. (Names that differ only by a counter would
# be a bad day for a hash.)
sub source {
	my ($messages) = @_;
	my $path = workdir() . "/source$messages";
	return $path if -d $path;
	Accounts::maildir($path);
	for (1 .. $messages) {
		my $file = sprintf '%s/cur/%d.Vfd00I%xM%06d.mx:2,S', $path,
		    1700000000 + 97 * $_, 131072 + 3 * $_,
		    $_ * 48271 % 1000000;
		spew($file, Mails::make($_));
		chown Accounts::UID, Accounts::UID, $file;
	}
	return $path;
}

my %users = (big => $n, mid => $n < 1000 ? $n : 1000, empty => 0);

sub server {
	my ($name, $db) = @_;
	my $make = $make{$name} or die "no server is called $name\n";
	my $mail = workdir() . "/mail-$name";
	mkdir $mail or die "$mail: $!\n";
	for my $user (keys %users) {
		mkdir "$mail/$user";
		copy_tree(source($users{$user}), "$mail/$user/Maildir")
		    or die "cp\n";
		chown Accounts::UID, Accounts::UID, "$mail/$user";
	}
	my $usage = Usage->new($name);
	my $s = $make->($name, $db, mail => $mail,
	    within => [$usage->words]);
	$usage->root($s->{root});
	$s->{usage} = $usage;
	return $s->start;
}

# One row on one server: milliseconds (wall, CPU), or a value with a unit.
sub run_row {
	my ($s, $code, $unit) = @_;
	my ($wall, $cpu) = (0, 0);
	my $value = $code->($s, sub {
		my $before = $s->{usage}->cpu;
		my $start = now();
		$_[0]->();
		$wall += now() - $start;
		select undef, undef, undef, 0.05;
		$cpu += $s->{usage}->cpu - $before;
	});
	return $unit ? $value : (1000 * $wall, 1000 * $cpu);
}

sub median { my @v = sort { $a <=> $b } @_; return $v[$#v / 2] }

sub short { return sprintf $_[0] < 10 ? '%.1f' : '%.0f', $_[0] }

# "wall (CPU)", what is not there left out.
sub pair {
	my ($wall, $cpu, $unit) = @_;
	return '-' unless defined $wall;
	return $wall . ($unit ? " $unit" : defined $cpu ? " ($cpu)" : '');
}

sub ratio {
	my ($ours, $other) = @_;
	return map { $ours->[$_] && $other->[$_] ?
	    sprintf('%.2f', $ours->[$_] / $other->[$_]) : undef } 0, 1;
}

my $db = Maria->new;
Accounts::table($db, map { "$_\@a.test" } keys %users);
my %server = map { $_ => server($_, $db) } @names;
my @others = grep { $_ ne 'chapar' } @names;
@others = () if !grep { $_ eq 'chapar' } @names;

my %result;
my @order = @names;
for my $round (1 .. $rounds) {
	for my $row (@rows) {
		for my $name (@order) {
			my @t = eval { run_row($server{$name}, @$row[1, 2]) };
			print "# $row->[0], $name: $@" if $@;
			push @{ $result{$row->[0]}{$name}[$_] }, $t[$_]
			    for 0 .. $#t;
		}
	}
	push @order, shift @order;
}

printf "N=%d rounds=%d: wall ms (server CPU ms, by %s), medians; then ratios\n",
    $n, $rounds, $server{$names[0]}{usage}->how;
my $form = '%-34s' . ' %17s' x (@names + @others) . "\n";
printf $form, '', @names, map { "chapar/$_" } @others;
for my $row (@rows) {
	my %m = map { $_ => [map { median(@$_) }
	    @{ $result{$row->[0]}{$_} || [] }] } @names;
	printf $form, $row->[0], (map {
	    pair((map { defined ? short($_) : undef } @{ $m{$_} }[0, 1]),
	    $row->[2]) } @names),
	    map { pair(ratio($m{chapar}, $m{$_})) } @others;
}
for my $name (@names) {
	print "# $name: $_\n" for sort keys %{ $server{$name}{notes} || {} };
}
$_->stop for values %server;
$db->stop;
