#!/usr/bin/perl
# SEARCH: every key of RFC 3501.
# SPDX-License-Identifier: ISC
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Dialogue;

my $home = Dialogue::home();
my $n = 0;
my @mail = (
	["From: Bob <bob\@example.org>\nTo: al\@x\nCc: cc\@x\nBcc: bcc\@x\n" .
	    "Subject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?=\nX-Test: yes\n" .
	    "Date: Mon, 2 Jan 2023 23:30:00 -0500\n\nHello World\n", ''],
	["From: carol\@example.org\nSubject: two\nMIME-Version: 1.0\n" .
	    "Content-Type: text/plain; charset=iso-8859-1\n" .
	    "Content-Transfer-Encoding: quoted-printable\n" .
	    "Date: Tue, 3 Jan 2023 10:00:00 +0000\n\nsch=F6n=\ner Tag\n", 'S'],
	["Subject: three\nX-Test:\n\n" . 'x' x 1000 . "\n", 'FRT'],
	["Subject: four\n\nfour\n", 'D'],
);
Dialogue::deliver("$home/Maildir", $_->[0], $_->[1],
    1672700000 + 86400 * $n++) for @mail;
Dialogue::deliver("$home/Maildir", "Subject: five\n\nfive\n", undef,
    1672700000 + 86400 * $n);
my $d = Dialogue->new(home => $home);
$d->line;
$d->answer('s SELECT INBOX');
$d->answer('t STORE 2 +FLAGS ($Label1)');

my @cases = (
	['ALL', '1 2 3 4 5'], ['SEEN', '2'], ['UNSEEN', '1 3 4 5'],
	['ANSWERED', '3'], ['UNANSWERED', '1 2 4 5'], ['DELETED', '3'],
	['UNDELETED', '1 2 4 5'], ['DRAFT', '4'], ['UNDRAFT', '1 2 3 5'],
	['FLAGGED', '3'], ['UNFLAGGED', '1 2 4 5'], ['KEYWORD $label1', '2'],
	['UNKEYWORD $Label1', '1 3 4 5'], ['KEYWORD nope', ''],
	['2:3', '2 3'], ['3:2', '2 3'], ['*', '5'], ['4:*', '4 5'],
	['UID 1,3', '1 3'], ['UID *', '5'], ['UID 99:*', '5'],
	['FROM bob', '1'], ['FROM "example.org"', '1 2'], ['TO AL@', '1'],
	['CC cc', '1'], ['BCC bcc', '1'], ['SUBJECT "tWo"', '2'],
	["SUBJECT \"gr\xc3\xbc\"", '1'], ["SUBJECT \"GR\xc3\x9c\"", '1'],
	['HEADER X-Test ""', '1 3'], ['HEADER x-test YES', '1'],
	['HEADER X-None ""', ''], ['BODY "hello world"', '1'],
	["BODY \"sch\xc3\xb6ner tag\"", '2'], ['TEXT bob', '1'],
	['TEXT World', '1'], ['BODY bob', ''],
	['LARGER 500', '3'], ['SMALLER 30', '4 5'],
	['BEFORE 3-Jan-2023', '1'], ['ON 3-Jan-2023', '2'],
	['SINCE "4-jan-2023"', '3 4 5'], ['SENTON 2-Jan-2023', '1'],
	['SENTBEFORE 3-Jan-2023', '1'], ['SENTSINCE 3-Jan-2023', '2'],
	['NOT SEEN', '1 3 4 5'], ['NOT NOT SEEN', '2'],
	['OR SEEN DRAFT', '2 4'], ['OR (1 UNSEEN) (SEEN 2)', '1 2'],
	['NOT (SEEN)', '1 3 4 5'], ['UNSEEN UNDELETED', '1 4 5'],
	['(1 2)', ''], ['CHARSET utf-8 SEEN', '2'],
	['CHARSET ISO-8859-1 SUBJECT two', '2'],
);
for (@cases) {
	my ($keys, $want) = @$_;
	is($d->answer("q SEARCH $keys"), '* SEARCH' .
	    ($want eq '' ? '' : " $want") . "\r\nq OK SEARCH done.\r\n", $keys);
}
$d->talk("C: q SEARCH $_\n" .
    "S: q BAD Error in IMAP command received by server.\nC: r NOOP\n" .
    "S: r OK NOOP completed\n")
    for '', 'FOO', 'OR SEEN', 'NOT', '(SEEN', '()', 'BEFORE yesterday',
	'ON 31-Feb-2023', 'LARGER x', 'FROM', 'HEADER X', 'UID x', '1,,2',
	'CHARSET', 'CHARSET utf-8';
$d->talk(<<'END');
C: b1 SEARCH CHARSET x-nonsense ALL
S: b1 NO [BADCHARSET] The requested character set is not supported.
C: b2 UID SEARCH 2:3
S: * SEARCH 2 3
S: b2 OK SEARCH done.
C- b3 SEARCH CHARSET ISO-8859-1 SUBJECT {3+}\r\ngr\xfc\r\n
S: * SEARCH 1
S: b3 OK SEARCH done.
C: b4 SEARCH RECENT
S: * SEARCH 1 2 3 4 5
S: b4 OK SEARCH done.
C: b5 SEARCH NEW
S: * SEARCH 1 3 4 5
S: b5 OK SEARCH done.
C: b6 SEARCH OLD
S: * SEARCH
S: b6 OK SEARCH done.
END
my $deep = 'q SEARCH ' . 'NOT ' x 150 . 'SEEN';
like($d->answer($deep), qr/q NO|q BAD/, 'nesting has a limit');
like($d->answer('q SEARCH ' . 'SEEN ' x 2000), qr/^q (NO|BAD)/m,
    'so has the number of keys');
$d->done;

# ---- text in all its forms -------------------------------------------------

sub message {
	my ($fields, $body, $cte) = @_;
	return "MIME-Version: 1.0\n$fields" . (defined $cte ?
	    "Content-Transfer-Encoding: $cte\n" : '') . "\n$body";
}

my @odd = (
	# 1: words that cut a character, by turns in B and Q, in two fields
	"Subject: =?utf-8?Q?na=C3?=\n =?utf-8?B?r3Zl?= end\n" .
	    "X-A: one\nX-A: =?koi8-r?B?7c/Ty9fB?=\n\nx\n",
	# 2: charset of its own in each part, nested
	message("Content-Type: multipart/mixed; boundary=o\n",
	    "preamble\n--o\nContent-Type: multipart/alternative; " .
	    "boundary=i\n\n--i\nContent-Type: text/plain; charset=koi8-r\n" .
	    "Content-Transfer-Encoding: base64\n\n7c/T\ny9fB\n--i\n" .
	    "Content-Type: text/html; charset=\"shift_jis\"\n\n" .
	    "<b>\x93\xfa\x96\x7b</b>\n--i--\n--o\n" .
	    "Content-Type: message/rfc822\n\nSubject: in =?utf-8?Q?=C3=BC?=\n" .
	    "MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n" .
	    "Content-Transfer-Encoding: quoted-printable\n\nsoft=\n" .
	    "ly br=C3=\n=B6ken\n--o--\nepilogue\n"),
	# 3: Greek and Cyrillic capitals
	message("Subject: \xce\x91\xce\x98\xce\x97\xce\x9d\xce\x91\n" .
	    "Content-Type: text/plain; charset=utf-8\n",
	    "\xd0\x9f\xd0\xa0\xd0\x98\xd0\x92\xd0\x95\xd0\xa2 " .
	    "\xd5\xa5\xd6\x80\xd5\xa5\n", '8bit'),
	# 4: a name in the manner of RFC 2231
	message("Content-Type: application/pdf;\n" .
	    " name*0*=utf-8'fr'r%C3%A9su; name*1*=m%C3%A9; name*2=.pdf\n",
	    "AAAA\n", 'base64'),
	# 5: base64 that is none, a character cut by the piece, no line end
	message("Content-Type: text/plain; charset=utf-8\n",
	    "4oK\n!s\nZXVybw==\nw6nD", 'base64'),
	# 6: dates that are broken or odd, zones
	"Date: Tue, 32 Foo 2024 10:00:00 +0000\n\nx\n",
	"Date: Fri, 01 Mar 24 00:30 EST (really (not))\n\nx\n",
	"Date: 1 mar 2024 23:59:60 +1400\nDate: 5 May 2005 5:05 GMT\n\nx\n",
	"Date:\n\nx\n", "X: Date: 1 Mar 2024 10:00 +0000\n\nx\n",
	# 11: sizes: 6 + 2 for the first, CRLF stored for the second
	"A: b\n\nc\n", "A: b\r\n\r\nc\r\n",
);
$home = Dialogue::home();
Dialogue::deliver("$home/Maildir", $_, 'S', 1700000000) for @odd;
$d = Dialogue->new(home => $home);
$d->line;
$d->answer('s EXAMINE INBOX');
my $moscow = "\xd0\xbc\xd0\xbe\xd1\x81\xd0\xba\xd0\xb2\xd0\xb0";
@cases = (
	["SUBJECT \"na\xc3\xafve END\"", '1'], ["HEADER X-A $moscow", '1'],
	["TEXT \"$moscow\"", '1 2'], ["BODY \"" . uc_utf8($moscow) . '"', '2'],
	["BODY \"\xe6\x97\xa5\xe6\x9c\xac</b>\"", '2'],
	["BODY \"softly BR\xc3\x96KEN\"", '2'], ['BODY preamble', ''],
	['BODY epilogue', ''], ["TEXT \"in \xc3\xbc\"", '2'],
	["SUBJECT \"in \xc3\xbc\"", ''], ["BODY \"in \xc3\xbc\"", ''],
	["SUBJECT \"\xce\xb1\xce\xb8\xce\xb7\xce\xbd\xce\xb1\"", '3'],
	["BODY \"\xd0\xbf\xd1\x80\xd0\xb8\xd0\xb2\xd0\xb5\xd1\x82 " .
	    "\xd4\xb5\xd5\x90\xd4\xb5\"", '3'],
	["TEXT \"R\xc3\x89SUM\xc3\x89.PDF\"", '4'],
	["HEADER Content-Type \"r\xc3\xa9sum\xc3\xa9.pdf\"", '4'],
	["BODY \"\xe2\x82\xaceuro\xc3\xa9\"", '5'],
	['SENTON 1-Mar-2024', '7 8'], ['SENTBEFORE 1-Jan-2030', '7 8'],
	['SENTSINCE 1-Jan-1970', '7 8'], ['NOT SENTSINCE 1-Jan-1970',
	    '1 2 3 4 5 6 9 10 11 12'], ['SENTON 5-May-2005', ''],
	['SMALLER 11 11:12', ''], ['SMALLER 12 11:12', '11 12'],
	['LARGER 10 11:12', '11 12'], ['LARGER 11 11:12', ''],
	['LARGER 4294967295', ''], ['CHARSET "utf-8" BODY "softly"', '2'],
);

# The capitals of Cyrillic letters.
sub uc_utf8 {
	require Encode;
	return Encode::encode('UTF-8', uc Encode::decode('UTF-8', $_[0]));
}

for (@cases) {
	my ($keys, $want) = @$_;
	# Sets of characters other than ASCII go best as they are: quoted UTF-8.
	$keys =~ s/ ($moscow)\z/ "$1"/;
	is($d->answer("q SEARCH $keys"), '* SEARCH' .
	    ($want eq '' ? '' : " $want") . "\r\nq OK SEARCH done.\r\n",
	    $keys =~ s/([^ -~])/sprintf '\\x%02x', ord $1/ger);
}
# Strings in other sets, as literals; those that are not valid match nothing.
for (['koi8-r', "\xed\xcf\xd3\xcb\xd7\xc1", '1 2'],
    ['ISO-2022-JP', "\x1b\$BF|K\\\x1b(B", '2'],
    ['UTF-7', '+BBwEPgRBBDoEMgQw-', '1 2'], ['utf-8', "\xff", ''],
    ['shift_jis', "\x93", ''], ['us-ascii', "\xe9", '']) {
	my ($set, $string, $want) = @$_;
	is($d->answer("q SEARCH CHARSET $set TEXT {" . length($string) .
	    "+}\r\n$string"), '* SEARCH' . ($want eq '' ? '' : " $want") .
	    "\r\nq OK SEARCH done.\r\n", "a string in $set");
}
for ('UTF-8//IGNORE', '""', 'x' x 200, 'utf-8\0') {
	like($d->answer("q SEARCH CHARSET $_ ALL"),
	    qr/^q (?:NO \[BADCHARSET\]|BAD)/m, "no such set: $_");
}
$d->done;

# ---- what is read ----------------------------------------------------------

# Bytes that the server has read so far, from anywhere.
sub rchar { return slurp("/proc/$d->{pid}/io") =~ /rchar: (\d+)/ ? $1 : 0 }

$home = Dialogue::home();
for (1 .. 5) {
	my $path = Dialogue::deliver("$home/Maildir",
	    "From: reader\nDate: 1 Jan 2020 10:00 +0000\n\nbody\n", '');
	truncate $path, 8 << 20 or die "truncate: $!\n";
}
$d = Dialogue->new(home => $home);
$d->line;
$d->answer('s EXAMINE INBOX');
$d->answer('q SEARCH ALL');
if (rchar()) {
	for (['SEEN BODY x', 1], ['BODY x SEEN', 1], ['TEXT x FLAGGED', 1],
	    ['BODY x ON 1-Jan-2001', 1], ['BODY x 9', 1], ['UNSEEN', 1],
	    ['LARGER 1000', 1], ['SMALLER 1000', 1], ['OR BODY x ALL', 1],
	    ['NOT (BODY x SEEN)', 1], ['FROM reader', 5], ['TO x BODY x', 5],
	    ['BODY x SENTON 1-Jan-2021', 5], ['HEADER X ""', 5]) {
		my ($keys, $blocks) = @$_;
		my $before = rchar();
		like($d->answer("q SEARCH $keys"), qr/^q OK/m, $keys);
		my $read = rchar() - $before;
		ok($read <= $blocks * 17000, "$keys reads $read bytes");
	}
	for (['SORT (ARRIVAL)', 1], ['SORT (SUBJECT FROM TO CC DATE)', 5],
	    ['THREAD REFERENCES', 5], ['THREAD ORDEREDSUBJECT', 5]) {
		my ($command, $blocks) = @$_;
		my $before = rchar();
		like($d->answer("q $command UTF-8 ALL"), qr/^q OK/m, $command);
		my $read = rchar() - $before;
		ok($read <= $blocks * 17000, "$command reads $read bytes");
	}
	my $before = rchar();
	$d->answer('q SEARCH BODY x');
	ok(rchar() - $before > 40 << 20, 'BODY reads bodies');
}
$d->done;
plan_done();
