#!/usr/bin/perl
# imapd killed at any moment, and two sessions at once: UIDs stay, nothing is
# lost or doubled.  SPDX-License-Identifier: ISC
#
#   KILL_ROUNDS=N KILL_SEED=N
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Dialogue;
use Time::HiRes qw(time sleep);

my $rounds = $ENV{KILL_ROUNDS} || 60;
my $seed = $ENV{KILL_SEED} || time ^ $$;
print "# KILL_SEED=$seed\n";
srand $seed;

my $home = Dialogue::home('A');
my $m = "$home/Maildir";
my $mail = 300;			# enough for a database of several writes

sub start {
	my $d = Dialogue->new(home => $home, env => { @_ });
	$d->line;
	return $d;
}

# file identity => UID, as the database has it; undef if it is not whole.
sub database {
	my ($dir) = @_;
	my $text = slurp("$dir/courierimapuiddb");
	return {} if $text eq '';
	return undef unless $text =~ /\A1 (\d+) (\d+)\n((?:\d+ [^\n]+\n)*)\z/;
	my ($next, %uid, %seen) = ($2);
	for (split /\n/, $3) {
		my ($uid, $id) = /^(\d+) (.*)/;
		return undef if $seen{$uid}++ || $uid >= $next ||
		    exists $uid{$id};
		$uid{$id} = $uid;
	}
	return \%uid;
}

sub identities {
	my ($dir) = @_;
	opendir(my $d, "$dir/cur") or return {};
	my %id;
	for (grep { !/^\./ } readdir $d) {
		(my $id = $_) =~ s/:.*//;
		$id{$id}++;
	}
	return \%id;
}

my (%told, $validity, @bad, $texts);
for my $round (1 .. $rounds) {
	Dialogue::deliver($m, "Subject: $round.$_\n\nx\n")
	    for 1 .. ($round == 1 ? $mail : 5);
	my $d = start();
	# Much to do, all sent at once; then death.
	my $text = "Subject: r$round\r\n\r\n" . 'y' x 2000 . "\r\n";
	my $n = length $text;
	$d->send("a SELECT INBOX\r\n" .
	    "b APPEND INBOX (\$L$round) {$n+}\r\n$text\r\n" .
	    "c COPY 1:20 INBOX.A\r\n" .
	    "d STORE 1:40 +FLAGS (\\Flagged kw$round)\r\n" .
	    "e MOVE 30:35 INBOX.A\r\n" .
	    "f STORE 3:4 +FLAGS.SILENT (\\Deleted)\r\ng EXPUNGE\r\n" .
	    "h NOOP\r\n");
	sleep rand($round % 3 == 0 ? 0.15 : 0.03);
	kill 9, $d->{pid};
	waitpid $d->{pid}, 0;
	for my $dir ($m, "$m/.A") {
		my $db = database($dir);
		if (!defined $db) {
			push @bad, "round $round: $dir: database is not whole";
			next;
		}
		for my $id (keys %$db) {
			my $key = "$dir $id";
			push @bad, "round $round: $id had UID $told{$key}, " .
			    "has $db->{$id}" if defined $told{$key} &&
			    $told{$key} != $db->{$id};
			$told{$key} = $db->{$id};
		}
		my %owner;
		for my $key (grep { index($_, "$dir ") == 0 } keys %told) {
			push @bad, "round $round: UID $told{$key} given twice"
			    if $owner{$told{$key}}++;
		}
		my $id = identities($dir);
		push @bad, "round $round: two files of one message"
		    if grep { $_ > 1 } values %$id;
	}
	last if @bad;
}
is("@bad", '', "killed $rounds times");
ok(scalar(keys %told) > $mail, scalar(keys %told) . ' messages had UIDs');

# What is there now can be read, by UIDs and whole.
my $d = start();
for my $f ('INBOX', 'INBOX.A') {
	my $said = $d->answer("a SELECT $f");
	my ($count) = $said =~ /^\* (\d+) EXISTS/m;
	my $dir = $f eq 'INBOX' ? $m : "$m/.A";
	is($count, scalar(keys %{identities($dir)}), "$f: all messages");
	my $all = $d->answer('b UID FETCH 1:* (RFC822.SIZE BODY.PEEK[HEADER])');
	like($all, qr/^b OK/m, "$f: all can be read");
	my @uid = $all =~ /^\* \d+ FETCH \(UID (\d+)/mg;
	is(scalar @uid, $count, "$f: each once");
	like($d->answer('c STORE 1 +FLAGS (\Seen after)'), qr/^c OK/m,
	    "$f: STORE");
}
$d->answer('d SELECT INBOX.A');
$d->answer('e SELECT INBOX');
is(scalar(() = glob "$m/courierimapkeywords/*.tmp*"), 0, 'keywords are clean');
close $d->{to};
waitpid $d->{pid}, 0;

# ---- several sessions at once, in each way of writing keywords

for my $mode (1, 2) {
	$home = Dialogue::home();
	$m = "$home/Maildir";
	Dialogue::deliver($m, "Subject: $_\n\nx\n") for 1 .. 40;
	my @pids;
	for my $who (1 .. 3) {
		my $pid = fork;
		if ($pid == 0) {
			my $s = start(IMAP_KEYWORDS => $mode);
			$s->answer('a SELECT INBOX');
			my $ok = 1;
			for my $i (1 .. 20) {
				my $seq = $who + 3 * ($i % 6);
				my $r = $s->answer(
				    "s UID STORE $seq +FLAGS (w$who \\Flagged)");
				$ok &&= $r =~ /^s OK/m;
				my $t = "Subject: $who.$i\r\n\r\nz\r\n";
				$r = $s->answer('p APPEND INBOX {' .
				    length($t) . "+}\r\n$t");
				$ok &&= $r =~ /^p OK \[APPENDUID/m;
				$r = $s->answer('n NOOP');
				$ok &&= $r =~ /^n OK/m;
			}
			kill 9, $s->{pid};
			require POSIX;
			POSIX::_exit($ok ? 0 : 1);
		}
		push @pids, $pid;
	}
	my $fine = 0;
	for (@pids) {
		waitpid $_, 0;
		$fine++ if $? == 0;
	}
	is($fine, 3, "IMAP_KEYWORDS=$mode: three sessions at once");
	my $db = database($m);
	ok($db && keys %$db == 100, "IMAP_KEYWORDS=$mode: 100 UIDs, each once");
	my $s = start(IMAP_KEYWORDS => $mode);
	my $said = $s->answer('a SELECT INBOX');
	like($said, qr/^\* 100 EXISTS\r$/m, "IMAP_KEYWORDS=$mode: 100 messages");
	for my $who (1 .. 3) {
		my ($found) = $s->answer("k$who UID SEARCH KEYWORD w$who") =~
		    /^\* SEARCH([ \d]*)/m;
		is($found, join('', map { " $_" } sort { $a <=> $b }
		    map { $who + 3 * $_ } 0 .. 5),
		    "IMAP_KEYWORDS=$mode: keywords of session $who");
	}
	close $s->{to};
	waitpid $s->{pid}, 0;
}
plan_done();
