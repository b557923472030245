#!/usr/bin/perl
# A folder in which nothing is to be written is opened and looked at without its
# lock: whoever has that keeps nobody waiting. Whatever is to be written waits.
# SPDX-License-Identifier: ISC
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Dialogue;

use constant WAITS => 1.5;	# seconds without an answer are a wait

my $keywords = 'courierimapkeywords';
my ($home, $m, $lock);

sub start {
	my $d = Dialogue->new(home => $home, env => { HOSTNAME => 'h' });
	$d->line;
	return $d;
}

sub finish {
	my ($d) = @_;
	close $d->{to};
	waitpid $d->{pid}, 0;
	return $?;
}

# A mailbox that has been opened before, with keywords that were merged.
sub fresh {
	$home = Dialogue::home();
	$m = "$home/Maildir";
	spew("$m/cur/$_", "Subject: $_\n\nx\n") for '100.a.h:2,S', '200.b.h:2,',
	    '300.c.h:2,F';
	my $d = start();
	$d->answer('a SELECT INBOX');
	$d->answer('b STORE 2 +FLAGS (word)');
	finish($d);
	$d = start();
	$d->answer('a SELECT INBOX');
	finish($d);
	chomp(my $host = `uname -n`);
	$lock = "$m/tmp/courier.lock";
	return "$$:$host";
}

sub held { spew($lock, fresh()) }

# ---- nothing to write: the lock is there all the time

held();
my $d = start();
my $said = $d->answer('a SELECT INBOX');
like($said, qr/^\* 3 EXISTS\r\n.*^a OK/ms, 'a folder is opened');
like($d->answer('b FETCH 1:* (UID FLAGS)'),
    qr/UID 1 .*\\Seen.*UID 2 FLAGS \(word\).*UID 3 .*\\Flagged/s,
    'with its flags and keywords');
is(finish($d), 0, 'well');

held();
$d = start();
like($d->answer('a EXAMINE INBOX'), qr/^a OK/m, 'or read only');
finish($d);

my $text = fresh();
$d = start();
$d->answer('a SELECT INBOX');
spew($lock, $text);
rename "$m/cur/200.b.h:2,", "$m/cur/200.b.h:2,T" or die;
like($d->answer('b NOOP'), qr/^\* 2 FETCH \(.*\\Deleted.*^b OK/ms,
    'flags of others are told');
finish($d);

# ---- something to write

my %write = (
	'a message in new/' => [sub { spew("$m/new/400.d.h", "x\n") },
	    qr/^\* 4 EXISTS/m],
	'one in cur/' => [sub { spew("$m/cur/400.d.h:2,", "x\n") },
	    qr/^\* 4 EXISTS/m],
	'one that has gone' => [sub { unlink "$m/cur/200.b.h:2," },
	    qr/^\* 2 EXISTS/m],
	'two files of one name' => [sub {
		spew("$m/cur/200.b.h:2,S", "another\n") }, qr/^\* 4 EXISTS/m],
	'no database' => [sub { unlink "$m/courierimapuiddb" },
	    qr/^\* 3 EXISTS/m],
	'a damaged one' => [sub { spew("$m/courierimapuiddb", "1 x\n") },
	    qr/^\* 3 EXISTS/m],
	'a line too many' => [sub { spew("$m/courierimapuiddb",
	    slurp("$m/courierimapuiddb") . "4 400.d.h\n") }, qr/^\* 3 EXISTS/m],
	'a keyword to merge' => [sub { spew("$m/$keywords/300.c.h", "new\n") },
	    qr/^\* 3 EXISTS/m],
);
for my $what (sort keys %write) {
	held();
	$write{$what}[0]();
	my @cur = glob "$m/cur/*";
	$d = start();
	$d->send("t SELECT INBOX\r\n");
	my @early;
	while (defined(my $line = $d->line(WAITS))) { push @early, $line }
	ok(!grep(/^t /, @early), "$what: waits", @early);
	is(join(' ', glob "$m/cur/*"), join(' ', @cur), "$what: nothing moved");
	unlink $lock;
	$said = join "\n", @early, '';
	while (defined(my $line = $d->line)) {
		$said .= "$line\n";
		last if $line =~ /^t /;
	}
	like($said, qr/^t OK/m, "$what: goes on");
	like($said, $write{$what}[1], "$what: all are there");
	like($d->answer('a FETCH 3 FLAGS'), qr/\(\\Flagged new\)/, "$what: told")
	    if $what =~ /keyword/;
	finish($d);
}
plan_done();
