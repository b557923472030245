#!/usr/bin/perl
# pop3d killed at any moment, several at once, while mail comes and flags change:
# unique-ids stay, nothing is lost that was not deleted.
# SPDX-License-Identifier: ISC
#
#   KILL_ROUNDS=N KILL_SEED=N
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Pop3;
use Dialogue;
use Time::HiRes qw(sleep);

my $rounds = $ENV{KILL_ROUNDS} || 80;
my $seed = $ENV{KILL_SEED} || time ^ $$;
print "# KILL_SEED=$seed\n";
srand $seed;

my $home = Dialogue::home();
my $m = "$home/Maildir";
my $serial = 0;
my (%told, %owner, @bad, %there, $killed);

# Text of a message => its file. Who is killed on the way from new/ to cur/ may
# leave both names of one file; the next one to look sees to that.
sub files {
	my %file;
	for my $f (map { glob "$m/$_/*" } qw(cur new)) {
		my ($n) = slurp($f) =~ /^Subject: m(\d+)$/m or next;
		push @bad, "m$n twice"
		    if $file{$n} && (stat $f)[1] != (stat $file{$n})[1];
		$file{$n} = $f;
	}
	return \%file;
}

# Unique-ids on disk agree with all that were ever told.
sub check {
	my $id = Pop3::listed($m);
	my $files = files();
	for my $n (keys %$files) {
		(my $name = $files->{$n}) =~ s,.*/,,;
		$name =~ s/:.*//;
		my $uidl = $id->{$name} or next;
		push @bad, "m$n: $told{$n}, now $uidl"
		    if ($told{$n} ||= $uidl) ne $uidl;
		push @bad, "$uidl: m$n and m$owner{$uidl}"
		    if ($owner{$uidl} = $owner{$uidl} || $n) != $n;
	}
	push @bad, map { "m$_ is lost" } grep { !$files->{$_} } keys %there;
	return $files;
}

for my $round (1 .. $rounds) {
	for (1 .. ($round == 1 ? 300 : 5)) {
		Dialogue::deliver($m, 'Subject: m' . ++$serial . "\n\nx\n");
		$there{$serial} = 1;
	}
	my @s;
	@s = map { Pop3->new(home => $home, env => {}) } 1 .. 2
	    if $round % 4 == 0;
	my $d = Dialogue::new('Pop3', home => $home,
	    program => ["$ENV{top_builddir}/src/prog/pop3d"]);
	$d->send("UIDL\r\n" . join('', map { "RETR $_\r\n" } 1 .. 20) .
	    "DELE 1\r\nDELE 2\r\nRSET\r\nNOOP\r\n");
	# Somebody else changes flags.
	for my $f (grep { rand() < 0.1 } glob "$m/cur/*") {
		(my $to = $f) =~ s/:2,.*/':2,' . (rand() < 0.5 ? 'F' : 'RS')/e;
		rename $f, $to unless -e $to;
	}
	sleep rand 0.04;
	$killed += kill 9, $d->{pid};
	waitpid $d->{pid}, 0;
	for my $s (@s) {
		$s->ask('NOOP');
		kill 9, $s->{pid};
		waitpid $s->{pid}, 0;
	}
	check();
	last if @bad;
}
is("@bad", '', "killed $rounds times");
ok($killed >= $rounds * 0.9, "$killed times");

# Killed while it deletes: what is there can be read, what is gone was deleted.
my $kept = 0;
for my $round (1 .. 20) {
	my $d = Pop3->new(home => $home);
	my $ids = $d->uidl;
	my $n = keys %$ids;
	my @delete = grep { $_ <= $n } 1 .. 10;
	$d->ask("DELE $_") for @delete;
	my %name = map { $_ => $d->ask("TOP " . ($_ + 10) . " 0") =~
	    /^Subject: m(\d+)$/m } 1 .. 3;
	$d->send("QUIT\r\n");
	sleep rand 0.002;
	kill 9, $d->{pid};
	waitpid $d->{pid}, 0;
	my $e = Pop3->new(home => $home);
	my %after = reverse %{ $e->uidl };
	$kept++ if keys %after > $n - @delete;
	push @bad, "round $round: $ids->{$_} is lost"
	    for grep { $_ > 10 && !$after{$ids->{$_}} } keys %$ids;
	$e->quit;
	last if $n < 60;
}
is("@bad", '', 'killed while deleting');
plan_done();
