#!/usr/bin/perl
# SMAP1 on hostile input: random commands, messages and damaged side files. It
# must neither crash nor hang.  SPDX-License-Identifier: ISC
#
#   FUZZ_SEED=N FUZZ_COUNT=N perl testsuite/smap/fuzz.t
#
# Each seed is one run, always the same; a failed one is repeated by its number
# with FUZZ_COUNT=1, and KEEP=1 keeps its maildir and its input.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Private qw(:all);
use Test::More;

my $imapd = ($ENV{top_builddir} || die "top_builddir is not set\n")
    . '/src/prog/imapd';
my $seed = $ENV{FUZZ_SEED} || 1;
my $count = $ENV{FUZZ_COUNT} || 100;
my $home = workdir();
my $maildir = "$home/Maildir";
my $state = 1;

sub dice {
	$state = ($state * 1103515245 + 12345) % 2147483648;
	return int($state / 65536) % $_[0];
}

sub pick { return $_[dice(scalar @_)] }
sub noise { return join '', map { chr dice(256) } 1 .. dice($_[0]) }

my @set = ('1', '1-9', '2 4-5 8', '1-4294967295', '0', '3-1', '9 1', '-',
    '1-', '99999999999', '');
my @folder = ('INBOX', 'INBOX a', 'INBOX a b', 'INBOX "c d"', 'INBOX Trash',
    'INBOX "x""y"', 'INBOX ""', 'foo', 'public', 'public x', '',
    'INBOX ../..', 'INBOX . / ~ \\', 'INBOX ' . 'w ' x 300,
    'INBOX ' . 'x' x 300, "INBOX \xe4", "INBOX \xc3\xa4", 'INBOX *', "INBOX \x01");
my @contents = map { my $e = $_; map { "$e$_" } '', '[]', '[1]', '[1.1]',
    '[1.2.0.1]', '[' . '1.' x 90 . '1]', '[4294967296]', '(FROM,TO)',
    '(:MIME)', '(:ENVELOPE)[1.1]', '(', '[1', '[1](X)', '(,,,)' }
    qw(MIME HEADERS RAWHEADERS BODY ALL BODY.DECODED NONE);
my @item = qw(UID SIZE FLAGS KEYWORDS INTERNALDATE OTHER "");
my @store = ('FLAGS=SEEN,MARKED', '+FLAGS=DELETED', '-FLAGS=X', 'FLAGS=',
    'KEYWORDS=a,b', '+KEYWORDS=(', '-KEYWORDS=a', 'KEYWORDS=' . 'k,' x 300,
    '"INTERNALDATE=Mon, 02 Jan 2023 10:00:01 +0000"', 'INTERNALDATE=x',
    '"INTERNALDATE=Mon, 99 Foo 99999 99:99:99 +9999"', '=', '+');
my @key = ('SEEN', 'NOT SEEN', 'KEYWORD a', 'FROM x', 'HEADER "" ""',
    'BODY hi', "TEXT \xff", 'BEFORE 1-Jan-2020', 'SENTSINCE x', 'LARGER 10',
    'SMALLER 99999999999999999999', 'NOT', 'FOO', "SUBJECT gr\xc3\xbc", '');
my @message = (
	sub { "Subject: hi\n\nbody\n" },
	sub { noise(2000) },
	sub { my $b = pick('x', '"a b"', '=_1', ''); (my $bare = $b) =~ s/"//g;
	    "Content-Type: multipart/mixed; boundary=$b\n\n" . join '', map {;
	    "--$bare" . pick("\r\n", "\n", "--\n") .
	    pick("Content-Type: message/rfc822\n\n", "\nhi\n",
	    "Content-Transfer-Encoding: base64\n\naGVsbG8=\n",
	    "Content-Type: multipart/x; boundary=$b\n\n") } 1 .. dice(60) },
	sub { "Content-Type: message/rfc822\n\n" x dice(300) . 'x' },
	sub { 'X: ' . "y\n " x dice(30000) . "\n\n" },
	sub { ".\n" x dice(30) . "..\r.\n" . "\r" x dice(9) . "\n" },
	sub { "\n" x dice(100) },
);

sub add {
	my $text = pick(@message)->();
	my $n = length $text;
	return pick('', 'FOLDER ' . pick(@folder) . ' "" ') . pick('',
	    'FLAGS=SEEN ', pick(@store) . ' ', 'RCPTTO=x ', 'MAILFROM=y ',
	    'RCPTTO=-x ', 'NOTIFY=z ') . pick("{.$n}\n$text\n.",
	    "{$n/$n}\n$text\n", '{' . int($n / 2) . "/$n}\n" .
	    substr($text, 0, $n / 2) . ($n - int $n / 2) . "\n" .
	    substr($text, $n / 2) . "end", '{9999999999999999999999/1}',
	    '{.}', '{}', '');
}

my %command = (
	FETCH => sub { join ' ', pick(@set), map { pick(pick(@item),
	    pick('CONTENTS=', 'CONTENTS.PEEK=') . pick(@contents)) }
	    0 .. dice(3) },
	STORE => sub { join ' ', pick(@set), map { pick(@store) } 0 .. dice(2) },
	SEARCH => sub { join ' ', pick('ALL', 'MARKED', 'UNMARKED', @set),
	    pick(@key) },
	ADD => \&add,
	IDLE => sub { "\n" . pick('RESUME', 'RESUME', 'x', '') },
	STATUS => sub { 'FULL ' . pick(@folder) },
	SOPEN => sub { pick('""', 'x', '../x', '1_snapshot.h', '2_snapshot.h',
	    '3_snapshot.h') . ' ' . pick(@folder) },
	RENAME => sub { pick(@folder) . ' "" ' . pick(@folder) },
);
$command{$_} = sub { pick(@set) . ' "" ' . pick(@folder) } for qw(COPY MOVE);
$command{$_} = sub { pick(@folder) }
    for qw(OPEN LIST CREATE DELETE MKDIR RMDIR ACL GETACL);
$command{EXPUNGE} = sub { pick('', pick(@set)) };
$command{$_} = sub { '' } for qw(NOOP CLOSE RSET RESUME);
my @command = sort keys %command;

sub mutate {
	my ($text) = @_;
	for (1 .. (dice(5) ? 0 : 1 + dice(3))) {
		my $at = dice(length($text) + 1);
		my $piece = pick(chr dice(256), '', noise(30), '"' x 3,
		    pick(split //, "\"{}.\\*[]()-,=\0\x7f\xff \r\n"));
		substr $text, $at, $at < length $text ? dice(9) : 0, $piece;
	}
	return $text;
}

sub input {
	my $text = pick('OPEN INBOX', 'SOPEN 1_snapshot.h INBOX',
	    'SOPEN 2_snapshot.h INBOX', 'OPEN INBOX a') . "\n";
	for (1 .. 1 + dice(30)) {
		my $name = pick(@command, 'NOOP', 'FETCH', 'FETCH', 'ADD');
		my $args = $command{$name}->();
		$text .= mutate("$name $args\n");
	}
	return "${text}\n.\n\nLOGOUT\n";
}

sub mailbox {
	system 'rm', '-rf', $maildir;
	for my $d ('', '/.a', '/.Trash') {
		system 'mkdir', '-p', map { "$maildir$d/$_" } qw(cur new tmp
		    courierimapsnapshots);
	}
	my $list = '';
	for my $i (1 .. 8) {
		my $suffix = pick('', ':2,S', ':2,', ':2,RST', ',S=5:2,', '!',
		    ':1,x', '"q"');
		spew(sprintf('%s/%s/%d.M%dP1.h%s', $maildir, pick('cur',
		    'new'), 1700000000 + $i, $i, $suffix), pick(@message)->());
		$list .= "$i 170000000$i.M${i}P1.h\n" if dice(2);
	}
	spew("$maildir/courierimapuiddb", "1 77 9\n$list");
	for my $i (1 .. 3) {
		my $text = "1 8 77 9:x_snapshot.h\n" . join '', map {
		    "$_:2," . pick('', 'S', 'FS', 'zz') . "\n" } 1 .. 8;
		$text .= "k1\nk2\n\n1700000001.M1P1.h:0 1\nnone:7\n" if dice(2);
		spew("$maildir/courierimapsnapshots/${i}_snapshot.h",
		    pick($text, $text, mutate($text), noise(300)));
	}
}

$ENV{HOME} = $home;
$ENV{PROTOCOL} = 'SMAP1';
$ENV{IMAP_FSYNC} = 0;
$ENV{SENDMAIL} = '/bin/true';
chdir $home or die "$home: $!\n";
my ($wild, $lost, $snaps) = (0, 0, 0);
for my $n ($seed .. $seed + $count - 1) {
	$state = $n;
	dice(1) for 1 .. 3;
	mailbox();
	for my $round (1 .. 1 + dice(3)) {
		spew("$home/in", input());
		$ENV{IMAP_KEYWORDS} = dice(3);
		my $pid = start({ in => "$home/in", log => "$home/out" },
		    'timeout', '-k', '1', '60', $imapd, 'Maildir');
		waitpid $pid, 0;
		my $bad = $? & 127 || ($? >> 8) > 1 ? $? : 0;
		my $said = slurp("$home/out");
		unlink "$home/out";
		$bad ||= 'a report' if $said =~ /runtime error|Sanitizer/;
		if ($bad) {
			fail("seed $n");
			diag "round $round: status $bad\n",
			    substr($said, -3000);
			last;
		}
		$wild++ if $said =~ /^-ERR /m;
		$lost++ unless $said =~ /^\* BYE/m;
		$snaps++ if $said =~ /^\* SNAPSHOTEXISTS/m;
	}
}
ok !grep({ !$_->{ok} } Test::More->builder->details), "$count seeds";
cmp_ok $wild, '>', $count / 2, 'most runs had something to refuse';
cmp_ok $lost, '<', $count, 'most runs came to their end';
cmp_ok $snaps, '>', $count / 10, 'and some used a snapshot';
done_testing();
