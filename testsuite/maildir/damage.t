#!/usr/bin/perl
# Damaged side files, a full disk, directories that cannot be read: no crash,
# no UID given twice, no message lost.  SPDX-License-Identifier: ISC
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Dialogue;

my ($home, $m);
my $db = 'courierimapuiddb';

sub fresh {
	$home = Dialogue::home();
	$m = "$home/Maildir";
	spew("$m/cur/$_", "Subject: $_\n\nx\n") for '100.a.h:2,S', '200.b.h:2,',
	    '300.c.h:2,F';
}

sub start {
	my $d = Dialogue->new(home => $home, env => { @_ });
	$d->talk("S: * PREAUTH Ready.\n");
	return $d;
}

# [uidvalidity, uidnext, [uids], tagged line]
sub look {
	my ($d, $command) = @_;
	my $said = $d->answer('a ' . ($command || 'SELECT INBOX'));
	my ($v) = $said =~ /UIDVALIDITY (\d+)/;
	my ($n) = $said =~ /UIDNEXT (\d+)/;
	my ($tagged) = $said =~ /^a (.*)\r$/m;
	my $all = $d->answer('b UID FETCH 1:* (FLAGS)');
	return [$v, $n, [$all =~ /^\* \d+ FETCH \(UID (\d+)/gm], $tagged];
}

sub finish {
	my ($d, $name) = @_;
	close $d->{to};
	waitpid $d->{pid}, 0;
	is($?, 0, "$name: ends well");
}

# ---- the UID database: what is written, which UIDs come of it

my $keep = '777';
my @cases = (
	# file, UIDs of a b c, UIDVALIDITY is kept
	['good', "1 777 10\n1 100.a.h\n2 200.b.h\n5 300.c.h\n", '1 2 5', 1],
	['no last line end', "1 777 10\n1 100.a.h\n2 200.b.h\n5 300.c.h",
	    '1 2 5', 1],
	['more on the first line', "1 777 10 99 foo\n1 100.a.h\n2 200.b.h\n" .
	    "5 300.c.h\n", '1 2 5', 1],
	['empty', '', '1 2 3', 0],
	['words', "hello\n", '1 2 3', 0],
	['another version', "2 777 10\n5 100.a.h\n", '1 2 3', 0],
	['no next UID', "1 777\n5 100.a.h\n", '1 2 3', 0],
	['UIDVALIDITY 0', "1 0 10\n5 100.a.h\n", '1 2 3', 0],
	['UIDVALIDITY too large', "1 5000000000 10\n5 100.a.h\n", '1 2 3', 0],
	['next UID too low', "1 777 2\n1 100.a.h\n2 200.b.h\n9 300.c.h\n",
	    '1 2 9', 1],
	['not in order', "1 777 10\n5 300.c.h\n1 100.a.h\n2 200.b.h\n",
	    '1 2 5', 1],
	['a UID twice', "1 777 10\n1 100.a.h\n1 200.b.h\n5 300.c.h\n",
	    '1 5 10', 1],
	['a message twice', "1 777 10\n1 100.a.h\n2 200.b.h\n5 300.c.h\n" .
	    "6 100.a.h\n", '1 2 5', 1],
	['UID 0', "1 777 10\n0 100.a.h\n2 200.b.h\n5 300.c.h\n", '2 5 10', 1],
	['a UID of 40 digits', "1 777 10\n" . '4' x 40 . " 100.a.h\n" .
	    "2 200.b.h\n5 300.c.h\n", '2 5 10', 1],
	['the largest UID', "1 777 4294967295\n1 100.a.h\n2 200.b.h\n" .
	    "4294967295 300.c.h\n", '1 2 4294967295', 1],
	['CRLF', "1 777 10\r\n1 100.a.h\r\n", '10 11 12', undef],
	['flags in it', "1 777 10\n1 100.a.h:2,S\n2 200.b.h:2,\n5 300.c.h\n",
	    '1 2 5', 1],
	['odd lines', "1 777 10\n\nxyz\n9\n1 100.a.h\n 2  200.b.h\n5 300.c.h\n",
	    '1 2 5', 1],
	['zero bytes', "1 777 10\n1 100.a.h\n2 200.b\0h\n5 300.c.h\n",
	    '1 5 10', 1],
	['a long line', "1 777 10\n1 100.a.h\n7 " . 'x' x 200000 .
	    "\n2 200.b.h\n5 300.c.h\n", '1 2 5', 1],
	['noise', join('', map { chr($_ * 37 % 256) } 1 .. 5000), '1 2 3', 0],
);
for my $case (@cases) {
	my ($name, $text, $uids, $kept) = @$case;
	fresh();
	spew("$m/$db", $text);
	my $d = start();
	my $got = look($d);
	is("@{$got->[2]}", $uids, "$name: UIDs");
	is(($got->[0] || 0) == 777 ? 1 : 0, $kept, "$name: UIDVALIDITY")
	    if defined $kept;
	my $high = (sort { $a <=> $b } @{$got->[2]})[-1];
	ok($got->[1] > $high || $high == 4294967295, "$name: UIDNEXT is above");
	finish($d, $name);
	# What was written is what was said.
	$d = start();
	is("@{look($d)->[2]}", "@{$got->[2]}", "$name: and again");
	finish($d, $name);
}

# What is not a file, or cannot be read.
for my $kind ('directory', 'FIFO', 'dangling link') {
	fresh();
	mkdir "$m/$db" if $kind eq 'directory';
	system('mkfifo', "$m/$db") if $kind eq 'FIFO';
	symlink('nowhere', "$m/$db") if $kind =~ /link/;
	my $d = start();
	my $got = look($d);
	ok(defined $got->[3], "$kind: answered (" . ($got->[3] || '') . ')');
	finish($d, $kind);
	is(scalar(() = glob "$m/cur/*"), 3, "$kind: the messages are there");
}

# ---- access lists: what each leaves to the owner

my $all = "owner aceilrstwx\nadministrators aceilrstwx\n";
for my $case (['good', $all, 'acdilrsw'], ['empty', '', 'a'],
    ['words', "hello\n", 'a'], ['no line end', 'owner lr', 'alr'],
    ['two of one', "owner lr\nowner lw\n", 'alw'],
    ['bytes', join('', map { chr } 0 .. 255) x 20 . "\nowner lr\n", 'alr'],
    ['a long line', 'x' x 50000 . "\nowner lr\n", 'alr'],
    ['too long', "owner lr\n" x 10000, undef],
    ['too many', join('', map { "user=$_ l\n" } 1 .. 2000), undef]) {
	my ($name, $text, $rights) = @$case;
	fresh();
	spew("$m/courierimapacl", $text);
	my $s = start();
	my $said = $s->answer('a MYRIGHTS INBOX');
	defined $rights ? like($said,
	    qr/^\* MYRIGHTS "INBOX" "$rights"\r$/m, "list: $name") :
	    like($said, qr/^a NO Mailbox does not exist/, "list: $name");
	like($s->answer('b SELECT INBOX'), defined $rights && $rights =~ /r/ ?
	    qr/^b OK/m : qr/^b NO/, "list: $name: SELECT");
	is(slurp("$m/courierimapacl"), $text, "list: $name: as it was");
	finish($s, "list: $name");
}
for my $case (['a folder', sub { mkdir $_[0] }],
    ['a loop', sub { symlink 'courierimapacl', $_[0] }],
    ['a pipe', sub { system 'mkfifo', $_[0] }],
    ['kept for what is not there', sub {
	mkdir "$m/courierimaphieracl";
	spew("$m/courierimaphieracl/$_", "anyone lr\n") for 'x', 'x.y';
    }]) {
	my ($name, $make) = @$case;
	fresh();
	$make->("$m/courierimapacl");
	my $s = start();
	like($s->answer('a SELECT INBOX'), $name =~ /kept/ ? qr/^a OK/m :
	    qr/^a NO/m, "list: $name: SELECT");
	like($s->answer('b CREATE INBOX.x.y'), $name =~ /kept/ ? qr/^b OK/m :
	    qr/^b NO/m, "list: $name: CREATE");
	ok(slurp("$m/.x.y/courierimapacl") eq ($name =~ /kept/ ? $all : ''),
	    "list: $name: of the new one");
	finish($s, "list: $name");
}

# ---- keywords

for my $case (
    [':list', "Junk\n\n100.a.h:0\n200.b.h:2 0\n300.c.h:7\n"],
    [':list', "Junk\n"], [':list', "\n\n\n"], [':list', ":\n\n::\n100.a.h:"],
    [':list', "a b(\n\n100.a.h:0 0,0 x 99999999999999999999\n"],
    [':list', "x" x 100000], [':list', "Junk\r\n\r\n100.a.h:0\r\n"],
    ['100.a.h', "Junk\n\nLost\n"], ['100.a.h', "\0\0\n"],
    ['100.a.h', 'x' x 70000], ['100.a.h:2,S', "Junk\n"], ['.x', 'y'],
    ['.99999999999999999999999.100.a.h', 'y'], ['.7.', 'y'], ['.7', 'y'],
    ['nobody', "Junk\n"], ['.tmp.1x', 'y']) {
	my ($file, $text) = @$case;
	fresh();
	mkdir "$m/courierimapkeywords";
	spew("$m/courierimapkeywords/$file", $text);
	my $d = start();
	my $name = "$file of " . length($text) . ' bytes';
	is("@{look($d)->[2]}", '1 2 3', "$name: read");
	like($d->answer('c STORE 2 +FLAGS (New)'), qr/^c OK/m, "$name: STORE");
	$d->answer('d NOOP');
	like($d->answer('e SEARCH KEYWORD New'), qr/^\* SEARCH 2\r$/m,
	    "$name: found");
	finish($d, $name);
}

# ---- directories

if ($> != 0) {
	print "# the rest needs root\n";
	plan_done();
}

# As a user: root may read all.
sub as_user {
	my ($home, $run) = @_;
	system('chown', '-R', '12345:12345', $home) == 0 or die;
	my $pid = fork;
	if ($pid == 0) {
		$) = '12345 12345';
		$( = 12345;
		$< = $> = 12345;
		POSIX::_exit($run->() ? 0 : 1);
	}
	waitpid $pid, 0;
	return $? == 0;
}
require POSIX;

fresh();
my $d = start();
my $before = look($d);
finish($d, 'before');
my $was = slurp("$m/$db");
for my $mode (0000, 0300) {
	chmod 0777, $home;
	chmod $mode, "$m/cur";
	my $answer = "$home/answer";
	my $imapd = "$home/imapd";	# the user need not reach the build folder
	system('cp', ($ENV{top_builddir} || '.') . '/src/prog/imapd', $imapd);
	ok(as_user($home, sub {
		chdir $home or return 0;
		$ENV{AUTHENTICATED} = 'a';
		system("printf 'a SELECT INBOX\\r\\nb STATUS INBOX " .
		    "(MESSAGES)\\r\\n' | '$imapd' >'$answer' 2>/dev/null");
		return 1;
	}), sprintf('mode %04o: tried', $mode));
	like(slurp($answer), qr/^a NO/m, 'SELECT refused');
	ok(slurp($answer) !~ /^\* 0 EXISTS/m, 'it is not empty');
	is(slurp("$m/$db"), $was, 'the UIDs are kept');
	unlink $answer;
	chmod 0700, "$m/cur";
}
system('chown', '-R', '0:0', $home);
rename "$m/cur", "$m/gone";
$d = start();
like($d->answer('a SELECT INBOX'), qr/^a NO/m, 'no cur/');
finish($d, 'no cur/');
rename "$m/gone", "$m/cur";
is(slurp("$m/$db"), $was, 'the UIDs are kept');
$d = start();
is("@{look($d)->[2]}", "@{$before->[2]}", 'the same as before');
finish($d, 'after');

# ---- a full disk

my $disk = "$home/disk";
mkdir $disk;
if (system("mount -t tmpfs -o size=128k,nr_inodes=200 none '$disk' " .
    "2>/dev/null") != 0) {
	print "# no tmpfs here\n";
	plan_done();
}
END { system('umount', $disk) if $disk && -d "$disk/Maildir" }

mkdir "$disk/Maildir";
mkdir "$disk/Maildir/$_" for qw(cur new tmp);
($home, $m) = ($disk, "$disk/Maildir");
spew("$m/cur/$_", "Subject: $_\n\nx\n") for '100.a.h:2,S', '200.b.h:2,',
    '300.c.h:2,F';

# The log would stand on the full disk: a home of its own, maildir by name.
my $side = Dialogue::home();
sub on_disk {
	my $s = Dialogue->new(home => $side, args => [$m]);
	$s->talk("S: * PREAUTH Ready.\n");
	return $s;
}
$d = on_disk();
$before = look($d);
like($d->answer('c STORE 1 +FLAGS (First)'), qr/^c OK/m, 'a keyword');
$d->answer('c2 NOOP');
$was = slurp("$m/$db");
my $list = slurp("$m/courierimapkeywords/:list");
like($list, qr/First/, 'merged');
spew("$m/new/400.d", "x\n");
open(my $fill, '>', "$disk/fill") or die;
1 while syswrite $fill, 'x' x 4096;
close $fill;
like($d->answer('d NOOP'), qr/^d /m, 'full: NOOP answers');
is(slurp("$m/$db"), $was, 'full: the database stays');
$d->answer('e STORE 2 +FLAGS (Second)');
$d->answer('f NOOP');
is(slurp("$m/courierimapkeywords/:list"), $list, 'full: so do keywords');
my $text = 'x' x 9000;
$d->send("g APPEND INBOX {9000}\r\n");
my $line = $d->line;
if ($line =~ /^\+/) {
	$d->send("$text\r\n");
	$line = $d->line;
}
like($line, qr/^g NO/, 'full: APPEND is refused');
ok(!(grep { -s $_ && !/courier/ } glob "$m/tmp/*"), 'full: nothing left');
my $half = look($d);
is("@{$half->[2]}[0 .. 2]", "@{$before->[2]}", 'full: the known UIDs');
$d->answer('h STORE 3 +FLAGS.SILENT (\Deleted)');
like($d->answer('i EXPUNGE'), qr/^\* 3 EXPUNGE\r$/m, 'full: room is made');
finish($d, 'full');
unlink "$disk/fill";
$d = on_disk();
my $after = look($d);
is($after->[0], $before->[0], 'room again: UIDVALIDITY');
is("@{$after->[2]}", '1 2 4', 'room again: UIDs');
like($d->answer('z SEARCH KEYWORD First'), qr/^\* SEARCH 1\r$/m,
    'room again: keyword');
finish($d, 'room again');
plan_done();
