#!/usr/bin/perl
# SORT and THREAD of a large folder: memory for each message, and the time.
# SPDX-License-Identifier: ISC
use strict;
use warnings;
BEGIN { $ENV{DIALOGUE_SECONDS} = 300 }	# for one command: a limit, no measure
use FindBin;
use lib "$FindBin::Bin/../lib";
use Dialogue;
use File::Path qw(make_path remove_tree);
use File::Temp qw(tempdir);
use Time::HiRes qw(time);

my $MESSAGES = 100_000;
my $BYTES_EACH = 100;		# for the length of one command, of one message
my $LEFT_EACH = 20;		# afterwards

if (!open(my $try, '>', "/proc/$$/clear_refs")) {
	print "1..0 # skip no /proc here\n";
	exit 0;
}

# Threads of ten; every other message of another sender; no subject twice but
# in its thread.
my $home = tempdir(-d '/dev/shm' ? (DIR => '/dev/shm') : (), CLEANUP => 1);
my $dir = "$home/Maildir";
make_path("$dir/cur", "$dir/new", "$dir/tmp");
open(my $db, '>', "$dir/courierimapuiddb") or die;
print $db "1 795382596 ", $MESSAGES + 1, "\n";
for my $i (1 .. $MESSAGES) {
	my $thread = int(($i - 1) / 10);
	my $id = sprintf('%d.M%dP1.host', 1600000000 + $i, $i);
	my $first = 10 * $thread + 1;
	spew("$dir/cur/$id:2,S", "From: user" . $i * 7919 % 50_000 .
	    "\@example.org\nTo: list\@example.org\nSubject: " .
	    ($i > $first ? 'Re: ' : '') . "A subject of the usual length, " .
	    $thread * 7 % 10_007 . "\nMessage-ID: <$i.message\@host.test>\n" .
	    ($i > $first ? "References: <$first.message\@host.test> <" .
	    ($i - 1) . ".message\@host.test>\n" : '') . sprintf("Date: %d " .
	    "Jan 2023 %02d:%02d:00 +0100\n\nbody\n", 1 + $i % 28,
	    $i % 24, $i % 60));
	print $db "$i $id\n";
}
close($db) or die;

sub kib {
	my ($d, $what) = @_;
	return slurp("/proc/$d->{pid}/status") =~ /^$what:\s+(\d+)/m ? $1 : 0;
}

my $d = Dialogue->new(home => $home);
$d->line;
$d->answer('s SELECT INBOX');
for my $what ('SORT (SUBJECT DATE)', 'SORT (REVERSE FROM ARRIVAL SIZE)',
    'THREAD REFERENCES', 'THREAD ORDEREDSUBJECT') {
	spew("/proc/$d->{pid}/clear_refs", "5\n");
	my $before = kib($d, 'VmRSS');
	my $t = time;
	my ($line) = $d->answer("q UID $what UTF-8 ALL") =~
	    /^\* (?:SORT|THREAD) (.*)\r\nq OK/;
	$t = time - $t;
	$line = '' unless defined $line;
	my %seen = map { $_ => 1 } $line =~ /(\d+)/g;
	ok(keys %seen == $MESSAGES, "$what: every message");
	my $each = 1024 * (kib($d, 'VmHWM') - $before) / $MESSAGES;
	ok($each <= $BYTES_EACH,
	    sprintf('%s: %.0f bytes for each message', $what, $each));
	$each = 1024 * (kib($d, 'VmRSS') - $before) / $MESSAGES;
	ok($each <= $LEFT_EACH, sprintf('%.1f stay', $each));
	print "# $what took ", sprintf('%.0f', 1000 * $t), " ms\n";
	next unless $what eq 'THREAD REFERENCES';
	my @threads = $line =~ /(\((?:\d+ ?){10}\))/g;
	ok(@threads >= 0.9 * $MESSAGES / 10, scalar(@threads) .
	    ' threads of ten');
}
$d->done;
remove_tree($home);

# A long chain, and links that cannot be made without walking all of it.
my $CHAIN = 10_000;
my $WALKS = 5_500;		# CHAIN * WALKS is over THREAD_STEPS_MAX
make_path("$dir/cur", "$dir/new", "$dir/tmp");
my $serial = 1600000000;

sub refer {
	my ($id, $refs) = @_;
	spew("$dir/cur/" . ++$serial . '.M1P1.h:2,S', "Subject: $serial\n" .
	    "Message-ID: <$id\@x>\nReferences: $refs\n\n");
}

refer("c$_", '<c' . ($_ - 1) . '@x>') for 1 .. $CHAIN;
refer("a$_", "<x$_\@x>") for 1 .. $WALKS;
for (my $i = 1; $i <= $WALKS; $i += 500) {
	refer("b$i", join ' ', map { "<c$CHAIN\@x> <x$_\@x>" }
	    $i .. $i + 499);
}
$d = Dialogue->new(home => $home);
$d->line;
$d->answer('s SELECT INBOX');
my $t = time;
my $said = $d->answer('q THREAD REFERENCES UTF-8 ALL');
$t = time - $t;
my %seen = map { $_ => 1 } $said =~ /(\d+)/g;
is(scalar(keys %seen), $CHAIN + $WALKS + $WALKS / 500, 'hostile references');
print "# took ", sprintf('%.0f', 1000 * $t), " ms\n";
$d->done;
remove_tree($home);
plan_done();
