#!/usr/bin/perl
# SMAP1 on hostile input, see lib/Fuzz.pm.  SPDX-License-Identifier: ISC
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Fuzz;

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

sub spoil { return mutate($_[0], '"' x 3, "\"{}.\\*[]()-,=\0\x7f\xff \r\n") }

sub input {
	my $text = pick('OPEN INBOX', 'SOPEN 1_snapshot.h INBOX',
	    'SOPEN 2_snapshot.h INBOX', 'OPEN INBOX a') . "\n";
	for (1 .. 1 + dice(30)) {
		my $name = pick(@command, 'NOOP', 'FETCH', 'FETCH', 'ADD');
		my $args = $command{$name}->();
		$text .= spoil("$name $args\n");
	}
	return "${text}\n.\n\nLOGOUT\n";
}

# Half of the messages are known; three snapshots.
sub with_snapshots {
	my $maildir = $Fuzz::maildir;
	mailbox(\@message, 'courierimapsnapshots');
	spew("$maildir/courierimapuiddb", "1 77 9\n" . join '', map { dice(2) ?
	    "$_ 170000000$_.M${_}P1.h\n" : '' } 1 .. 8);
	for my $i (1 .. 3) {
		my $text = "1 8 77 9:x_snapshot.h\n" . join '', map {
		    "$_:2," . pick('', 'S', 'FS', 'zz') . "\n" } 1 .. 8;
		$text .= "k1\nk2\n\n1700000001.M1P1.h:0 1\nnone:7\n" if dice(2);
		spew("$maildir/courierimapsnapshots/${i}_snapshot.h",
		    pick($text, $text, spoil($text), noise(300)));
	}
}

$ENV{PROTOCOL} = 'SMAP1';
$ENV{SENDMAIL} = '/bin/true';
fuzz({
	mailbox => \&with_snapshots,
	input => \&input,
	refused => qr/^-ERR /m,
	ended => qr/^\* BYE/m,
	seen => qr/^\* SNAPSHOTEXISTS/m,
});
done_testing();
