#!/usr/bin/perl
# SMAP1: what others did is told by NOOP and IDLE; snapshots keep what a client
# knows.  SPDX-License-Identifier: ISC
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Smap;

my $home = Dialogue::home('dst');
my $m = "$home/Maildir";
my $snaps = "$m/courierimapsnapshots";

sub deliver { return Dialogue::deliver($m, "Subject: $_[0]\n\nx\n", $_[1]) }
sub file { return (sort glob "$m/cur/*")[$_[0] - 1] }

sub flags {
	my ($n, $flags) = @_;
	(my $new = file($n)) =~ s/:2,.*/:2,$flags/;
	rename file($n), $new or die "$new: $!\n";
}

deliver($_, 'S') for 1 .. 5;
my $d = Smap->new(home => $home);
$d->ask('OPEN INBOX');
$d->talk("C: NOOP\nS: +OK Folder updated\n");
unlink file(2);
flags(1, 'F');
deliver(6);
$d->talk(<<'END');
C: FETCH 1-5 FLAGS
S: * FETCH 1 FLAGS=SEEN
S: * FETCH 2 FLAGS=SEEN
S: * FETCH 3 FLAGS=SEEN
S: * FETCH 4 FLAGS=SEEN
S: * FETCH 5 FLAGS=SEEN
S: +OK Message retrieved.
C: NOOP
S: * EXPUNGE 2
S: * EXISTS 5
S: * FETCH 1 FLAGS=MARKED "KEYWORDS="
S: +OK Folder updated
C: IDLE
S: +OK Entering idle mode...
END
deliver(7);
$d->talk("S: * EXISTS 6\n");
unlink file(5);
$d->talk("S: * EXPUNGE 5\n");
flags(2, 'DT');
$d->talk(<<'END');
S: * FETCH 2 FLAGS=DRAFT,DELETED "KEYWORDS="
C: RESUME
S: +OK Resumed...
C: RESUME
S: -ERR Syntax error.
C: IDLE
S: +OK Entering idle mode...
C: NOOP
S: -ERR RESUME is required to follow IDLE
C: CLOSE
S: +OK Folder closed
C- IDLE\nRESUME\n
S: +OK Entering idle mode...
S: +OK Resumed...
END
ok(!-d $snaps, 'no snapshot was asked for');
$d->done;

# ---- snapshots ---------------------------------------------------------------

$d = Smap->new(home => $home);
my $id;

# NOOP, which tells of a snapshot; its name.
sub snapshot {
	my $said = $d->ask('NOOP');
	ok($said =~ /^\* SNAPSHOT "([^"]+)"\n\+OK Folder updated\n\z/, 'told',
	    $said);
	return $1;
}

$d->talk(<<'END');
C: SOPEN "" INBOX
S: * EXISTS 5
S: +OK Folder opened
END
$id = snapshot();
like($id, qr/^\d+\.M\d+P\d+_snapshot\./, 'its name');
my ($v) = slurp("$m/courierimapuiddb") =~ /^1 (\d+) 8\n/;
is(slurp("$snaps/$id"), "1 5 $v 8\n1:2,F\n3:2,DT\n4:2,S\n5:2,S\n7:2,\n",
    'its content');
$d->talk("C: NOOP\nS: +OK Folder updated\n");
$d->ask('STORE 1 KEYWORDS=b,a');
my $second = snapshot();
like(slurp("$snaps/$second"), qr/^1 5 $v 8:\Q$id\E\n1:2,F\n(?:.*\n){4}(?:b\na|a\nb)\n\n\d+\.M\d+P\d+\.test:\d \d\n\z/,
    'with keywords, and the one before');
$d->talk("C: NOOP\nS: +OK Folder updated\n");
$d->ask('STORE 1 FLAGS=MARKED,SEEN');
my $third = snapshot();
ok(!-e "$snaps/$id" && -e "$snaps/$second", 'two of a chain are kept');
$d->done;

# Another day: a message went, two came, flags and keywords changed.
unlink file(3);
flags(2, 'S');
deliver($_) for 8, 9;
$d = Smap->new(home => $home);
$d->set(id => $second, third => $third);
$d->ask('OPEN INBOX');
$d->ask('STORE 1 KEYWORDS=a');
$d->ask('STORE 3 KEYWORDS=c');
$d->talk(<<'END');
C: SOPEN @id@ INBOX
S: * SNAPSHOTEXISTS "@id@"
S: * EXPUNGE 3
S: * EXISTS 6
S: * FETCH 1 FLAGS=MARKED,SEEN "KEYWORDS=a"
S: * FETCH 2 FLAGS=SEEN "KEYWORDS="
S: * FETCH 3 FLAGS=SEEN "KEYWORDS=c"
S: +OK Folder updated
C: FETCH 6 FLAGS
S: * FETCH 6 FLAGS=
S: +OK Message retrieved.
END
$id = snapshot();
$d->set(now => $id);
$d->talk(<<'END');
C: SOPEN @now@ INBOX
S: * SNAPSHOTEXISTS "@now@"
S: +OK Folder updated
C: SOPEN @now@ INBOX dst
S: * EXISTS 0
S: +OK Folder opened
C: SOPEN @now@ INBOX none
S: -ERR Cannot open the folder: No such file or directory
C: SOPEN
S: -ERR Invalid folder: Invalid argument
END
# What cannot be used is as if it were not there.
my $good = slurp("$snaps/$id");
for ("../courierimapuiddb", '.', '/etc/passwd', 'x_snapshot.y') {
	is($d->ask("SOPEN $_ INBOX"),
	    "* EXISTS 6\n+OK Folder opened\n", "not $_");
}
my %bad = (
	'of another UIDVALIDITY' => sub { s/^1 6 \d+/1 6 77/ },
	'another version' => sub { s/^1/2/ },
	'too few lines' => sub { s/^1 6/1 7/ },
	'too many of them' => sub { s/^1 6/1 4294967295/ },
	'empty' => sub { $_ = '' },
	'cut' => sub { substr $_, 40, length, '' },
	'not in order' => sub { s/^3:/9:/m },
	'a message that it does not know' => sub { s/^1 6/1 5/; s/^3:.*\n//m },
	'noise' => sub { $_ = join '', map { chr 7 * $_ % 256 } 1 .. 2000 },
);
for my $why (sort keys %bad) {
	local $_ = $good;
	$bad{$why}->();
	spew("$snaps/$id", $_);
	is($d->ask("SOPEN $id INBOX"), "* EXISTS 6\n+OK Folder opened\n", $why);
}
# Keywords that mean nothing.
spew("$snaps/$id", "$good\n:0\nx:y\nz:99999999999 1\n");
like($d->ask("SOPEN $id INBOX"), qr/^\* SNAPSHOTEXISTS .*\n/, 'odd keywords');

# Only so many are kept.
spew("$snaps/${_}_snapshot.h", '') for 1 .. 70;
utime 1, 1, map { "$snaps/${_}_snapshot.h" } 1 .. 15;
spew("$snaps/foreign", '');
$d->ask('SOPEN "" INBOX');
snapshot();
my @left = glob "$snaps/*_snapshot.*";
is(scalar @left, 50, 'fifty');
ok(-e "$snaps/foreign", 'nothing else is removed');
utime 1, 1, @left;
$d->ask('STORE 1 FLAGS=DRAFT');
snapshot();
@left = glob "$snaps/*_snapshot.*";
is(scalar @left, 10, 'ten of those that are old');
$d->done;

# A large folder.
$home = Dialogue::home();
$m = "$home/Maildir";
for my $n (1 .. 20000) {
	spew(sprintf('%s/cur/%d.M%06dP1.h:2,%s', $m, 1600000000 + $n, $n,
	    $n % 2 ? 'S' : ''), '');
}
$d = Smap->new(home => $home);
is($d->ask('SOPEN "" INBOX'), "* EXISTS 20000\n+OK Folder opened\n", 'large');
$id = snapshot();
$d->ask('EXPUNGE 2-10001 10003');
is($d->ask("SOPEN $id INBOX"), "* SNAPSHOTEXISTS \"$id\"\n" .
    "* EXPUNGE 2-10001 10003\n+OK Folder updated\n", 'half of it is gone');
$d->done;
plan_done();
