#!/usr/bin/perl
# SORT and THREAD: RFC 5256.
# SPDX-License-Identifier: ISC
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Dialogue;

my $home = Dialogue::home();
my $n = 0;

# From, Subject, References, hour of the Date, body.
sub mail {
	my ($from, $subject, $refs, $hour, $body, $to) = @_;
	$n++;
	Dialogue::deliver($to || "$home/Maildir", "From: $from\n" .
	    "Subject: $subject\nMessage-ID: <m$n\@x>\n" .
	    ($refs eq '' ? '' : "References: $refs\n") .
	    ($hour eq '' ? '' : "Date: Mon, 2 Jan 2023 $hour:00:00 +0000\n") .
	    "\n$body\n", 'S', 1672700000 - $n);
}

mail('gone@x', 'gone', '', 1, 'x');		# so that UIDs are not numbers
mail('Zoe <ann@x>', 'Re: beta', '', 10, 'one');
mail('bob@x', 'alpha', '<m2@x>', 12, 'two, which is longer');
mail('"ANN"@a', '[l] BETA', '<m2@x>', 11, 'three');
mail('carl@x', "=?utf-8?Q?=C3=A9tude?=", '<m2@x> <m4@x>', 13, 'four');
mail('dan@x', "\xc3\x89TUDE (fwd)", '', '', 'five');
mail('eve@x', 'lost', '<lost@x>', 14, 'six');
mail('eve@x', 'found', '<lost@x>', 15, 'seven');

my $d = Dialogue->new(home => $home, env => { IMAP_EXTENSIONS => 'none',
    IMAP_CAPABILITY => 'IMAP4rev1 THREAD=REFERENCES SORT IDLE' });
$d->talk(<<'END');
S: * PREAUTH Ready.
C: a0 CAPABILITY
S: * CAPABILITY IMAP4rev1 THREAD=REFERENCES SORT IDLE ENABLE UTF8=ACCEPT
S: a0 OK CAPABILITY completed
C: a1 SORT (DATE) UTF-8 ALL
S: a1 BAD Error in IMAP command received by server.
END
$d->answer('s SELECT INBOX');
$d->answer('s STORE 1 +FLAGS (\Deleted)');
$d->answer('s EXPUNGE');
$d->talk(<<'END');
C: b1 SORT (SUBJECT ARRIVAL) UTF-8 ALL
S: * SORT 2 3 1 5 4 7 6
S: b1 OK SORT done.
C: b2 UID SORT (SUBJECT ARRIVAL) UTF-8 ALL
S: * SORT 3 4 2 6 5 8 7
S: b2 OK SORT done.
C: b3 SORT (FROM DATE) UTF-8 1:5
S: * SORT 1 3 2 4 5
S: b3 OK SORT done.
C: b4 SORT (REVERSE DATE) UTF-8 1:4
S: * SORT 4 2 3 1
S: b4 OK SORT done.
C: b5 SORT (DATE) UTF-8 ALL
S: * SORT 1 3 2 4 6 7 5
S: b5 OK SORT done.
C: b6 SORT (ARRIVAL) UTF-8 2:3
S: * SORT 3 2
S: b6 OK SORT done.
C: b7 SORT (REVERSE SIZE REVERSE ARRIVAL) UTF-8 1:3
S: * SORT 2 3 1
S: b7 OK SORT done.
C: b8 SORT (DATE) UTF-8 99
S: * SORT
S: b8 OK SORT done.
C: b9 UID SORT (DATE) UTF-8 1:2
S: * SORT 2 3
S: b9 OK SORT done.
C- c1 SORT (REVERSE DATE) ISO-8859-1 SUBJECT {5+}\r\n\xc9TUDE\r\n
S: * SORT 5 4
S: c1 OK SORT done.
C: d1 THREAD REFERENCES UTF-8 ALL
S: * THREAD (1 (3 4)(2))((6)(7))(5)
S: d1 OK THREAD done.
C: d2 UID THREAD REFERENCES UTF-8 ALL
S: * THREAD (2 (4 5)(3))((7)(8))(6)
S: d2 OK THREAD done.
C: d3 THREAD REFERENCES UTF-8 1:3,6:7
S: * THREAD (1 (3)(2))((6)(7))
S: d3 OK THREAD done.
C: d4 THREAD ORDEREDSUBJECT UTF-8 ALL
S: * THREAD (1 3)(2)(4 5)(6)(7)
S: d4 OK THREAD done.
C: d5 THREAD REFERENCES US-ASCII SUBJECT "none of these"
S: * THREAD
S: d5 OK THREAD done.
C: d6 UID THREAD ORDEREDSUBJECT UTF-8 UID 2,4,6
S: * THREAD (2 4)(6)
S: d6 OK THREAD done.
END
for ('SORT', 'SORT ()', 'SORT () UTF-8 ALL', 'SORT (DATE) UTF-8', 'SORT (DATE)',
    'SORT (REVERSE) UTF-8 ALL', 'SORT (DATE REVERSE) UTF-8 ALL',
    'SORT (NOSUCH) UTF-8 ALL', 'SORT DATE UTF-8 ALL', 'SORT (DATE) ALL',
    'SORT (DATE) UTF-8 NOSUCH', 'SORT ((DATE)) UTF-8 ALL',
    'SORT (DATE) X-UNKNOWN NOSUCH', 'THREAD', 'THREAD REFERENCES',
    'THREAD REFERENCES UTF-8', 'THREAD NOSUCH UTF-8 ALL',
    'THREAD (REFERENCES) UTF-8 ALL', 'THREAD REFERENCES ALL') {
	$d->talk("C: q $_\nS: q BAD Error in IMAP command received by " .
	    "server.\nC: r NOOP\nS: r OK NOOP completed\n");
}
$d->talk(<<'END');
C: e1 SORT (DATE) X-UNKNOWN ALL
S: e1 NO [BADCHARSET] The requested character set is not supported.
C: e2 THREAD REFERENCES X-UNKNOWN SUBJECT x
S: e2 NO [BADCHARSET] The requested character set is not supported.
END
like($d->answer('e3 SORT (' . join(' ', ('DATE') x 17) . ') UTF-8 ALL'),
    qr/^e3 NO \[LIMIT\] /, 'no end of keys');
like($d->answer('e4 SORT (' . join(' ', ('DATE') x 16) . ') UTF-8 ALL'),
    qr/^e4 OK /m, 'but as many as anybody needs');
$d->done;

# ---- switched off ------------------------------------------------------------

for my $set ('IMAP4rev1 SORT THREAD=REFERENCES', 'IMAP4rev1') {
	$d = Dialogue->new(home => $home, env => { IMAP_CAPABILITY => $set,
	    IMAP_DISABLETHREADSORT => 1, AUTHENTICATED => 'x' });
	$d->line;
	my $capa = $d->answer('c CAPABILITY');
	ok($capa !~ /SORT|THREAD/, 'not announced', $capa);
	like($capa, qr/IDLE/, 'others are');
	$d->answer('s SELECT INBOX');
	$d->talk(<<'END');
C: a1 SORT (DATE) UTF-8 ALL
S: a1 NO This command is disabled by the system administrator.
C: a2 UID THREAD ORDEREDSUBJECT UTF-8 ALL
S: a2 NO This command is disabled by the system administrator.
END
	$d->done;
	ok($d->log_text !~ /not implemented/, 'nor complained of',
	    $d->log_text);
}

# ---- changes meanwhile -------------------------------------------------------

my $other = Dialogue->new(home => $home);
$d = Dialogue->new(home => $home);
$_->line, $_->answer('s SELECT INBOX') for $other, $d;
$other->answer('s STORE 3 +FLAGS (\Deleted)');
unlink glob "$home/Maildir/cur/*:2,*T";	# a session would keep it for others
$other->answer('s EXPUNGE');
mail('new@x', 'new', '', 9, 'new');
$d->talk(<<'END');
C: a1 SORT (SUBJECT) UTF-8 1:4
S: * SORT 3 2 1 4
S: a1 OK SORT done.
C: a2 THREAD REFERENCES UTF-8 1:3
S: * THREAD (3)(1 2)
S: a2 OK THREAD done.
C: a3 NOOP
S: * 3 EXPUNGE
S: * 7 EXISTS
S: * <<\d>> RECENT
S: a3 OK NOOP completed
C: a4 SORT (SUBJECT) UTF-8 1:4
S: * SORT 2 1 3 4
S: a4 OK SORT done.
END
$_->done for $d, $other;

# ---- deep and wide threads, hostile references -------------------------------

$home = Dialogue::home();
my $count = 3000;
$n = 0;
mail('a@x', "s$_", $_ == 1 ? '' : '<m' . ($_ - 1) . '@x>', 10, 'x')
    for 1 .. $count;
$d = Dialogue->new(home => $home);
$d->line;
$d->answer('s SELECT INBOX');
is($d->answer('q THREAD REFERENCES UTF-8 ALL'), '* THREAD (' .
    join(' ', 1 .. $count) . ")\r\nq OK THREAD done.\r\n",
    'a thread as deep as the mailbox');
$d->done;

# Every message has siblings, and is the child of one that has.
$home = Dialogue::home();
$n = 0;
mail('a@x', "s$_", $_ == 1 ? '' : '<m' . int($_ / 2) . '@x>', 10, 'x')
    for 1 .. 2047;
my $want;
$want = sub {
	my ($k) = @_;
	return $k if 2 * $k > 2047;
	return "$k (" . $want->(2 * $k) . ')(' . $want->(2 * $k + 1) . ')';
};
$d = Dialogue->new(home => $home);
$d->line;
$d->answer('s SELECT INBOX');
is($d->answer('q THREAD REFERENCES UTF-8 ALL'), '* THREAD (' . $want->(1) .
    ")\r\nq OK THREAD done.\r\n", 'a tree of two thousand');
$d->done;

# References as long as a header may be, loops in them, nonsense, NULs.
$home = Dialogue::home();
$n = 0;
for my $refs (join("\n ", map { "<r$_\@x>" } 1 .. 60_000),
    join(' ', map { '<r' . $_ % 7 . '@x>' } 1 .. 60_000),
    '<m1@x> <m2@x> <m3@x> <m4@x> <m5@x> <m6@x>',
    '<' x 100_000, '>' x 100_000, '<@>' x 50_000, "<\"\\\0\@\0>" x 1000) {
	mail('a@x', "Re: [x" . '[' x 20_000, $refs, 10, 'x');
}
$d = Dialogue->new(home => $home);
$d->line;
$d->answer('s SELECT INBOX');
my $said = $d->answer('q THREAD REFERENCES UTF-8 ALL');
is(join(' ', sort { $a <=> $b } $said =~ /(\d+)/g), '1 2 3 4 5 6 7',
    'each message once');
like($d->answer('q SORT (SUBJECT FROM TO CC DATE SIZE) UTF-8 ALL'),
    qr/^\* SORT(?: [1-7]){7}\r$/m, 'and sorted');
$d->done;
plan_done();
