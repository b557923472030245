#!/usr/bin/perl
# doc/conformance.md: RFC 3501, sections 6.4 and 7.4; RFC 2683, messages.
# SPDX-License-Identifier: ISC
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Dialogue;

my $plain = "From: a\@b.example\nSubject: =?iso-8859-1?Q?caf=E9?=\n\nbody\n";
my $parts = <<'END';
From: a@b.example
Subject: parts
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=aa

--aa
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: base64

Z3LDvMOfZQo=
--aa
Content-Type: message/rfc822

Subject: inner
MIME-Version: 1.0
Content-Type: multipart/alternative; boundary=bb

--bb
Content-Type: text/plain

deep
--bb
Content-Type: text/html

<p>deep
--bb--
--aa
Content-Type: application/x-thing; name=x
Content-Language: en

thing
--aa--
END
my $d = Dialogue->new(mail => [$plain, $parts, $plain], folders => ['b']);
$d->line;
$d->answer('s SELECT INBOX');

# ---- 6.4.1 to 6.4.3

my $e = $d->other;
$e->answer('s SELECT INBOX');
$e->answer('s STORE 3 +FLAGS.SILENT (\Deleted)');
$d->gives('CHECK tells changes', 'CHECK',
    qr/^\* 3 FETCH \(FLAGS \(\\Deleted \\Recent\)\)$/m);
$d->gives('EXPUNGE tells', 'EXPUNGE', qr/^\* 3 EXPUNGE$/m, qr/^\* 2 EXISTS$/m);
$e->gives('to the other one, too', 'NOOP', qr/^\* 3 EXPUNGE$/m);
$d->answer('s STORE 1 +FLAGS.SILENT (\Deleted)');
$d->gives('LOGOUT removes nothing', 'LOGOUT', qr/^OK/m);
$e->gives('it is still there', 'NOOP', not => qr/EXPUNGE/);
$d->done;
$d = $e->other;
$d->answer('s SELECT INBOX');
close $d->{to};
waitpid $d->{pid}, 0;
$e->gives('nor does a closed connection', 'NOOP', not => qr/EXPUNGE/);
$d = $e->other;
$d->answer('s SELECT INBOX');
$d->gives('CLOSE removes and says nothing of it', 'CLOSE', qr/\AOK [^\n]*\n\z/);
$e->gives('others hear of it', 'NOOP', qr/^\* 1 EXPUNGE$/m);
$d->answer("a APPEND INBOX {" . length($_) . "+}\r\n$_")
    for map { (my $t = $_) =~ s/\n/\r\n/g; $t } $plain, $plain;
$d->answer('s SELECT INBOX');

# ---- 6.4.4

$d->gives('SEARCH answers even if nothing is found', 'SEARCH FLAGGED',
    qr/\A\* SEARCH\nOK/);
$d->gives("charset $_", "SEARCH CHARSET $_ SUBJECT parts",
    qr/^\* SEARCH 1$/m) for 'US-ASCII', 'UTF-8', 'us-ascii';
$d->gives('words of headers are decoded',
    "SEARCH CHARSET UTF-8 SUBJECT {5+}\r\ncaf\xc3\xa9", qr/^\* SEARCH 2 3$/m);
$d->gives('and transfer encodings',
    "SEARCH CHARSET UTF-8 BODY {6+}\r\ngr\xc3\xbc\xc3\x9f",
    qr/^\* SEARCH 1$/m);
$d->gives('another charset: NO with BADCHARSET', 'SEARCH CHARSET X-NONE ALL',
    qr/\ANO \[BADCHARSET/);
$d->gives('text is found within words and in any case',
    'SEARCH SUBJECT "aRt"', qr/^\* SEARCH 1$/m);

# ---- 6.4.5, 7.4.2

my $all = 'FETCH 1 (RFC822.SIZE ENVELOPE BODYSTRUCTURE INTERNALDATE BODY.PEEK[])';
my $first = $d->gives('everything of one', $all, qr/^OK/m);
my ($size) = $first =~ /RFC822\.SIZE (\d+)/;
my ($literal) = $first =~ /BODY\[\] \{(\d+)\}/;
is($size, $literal, 'RFC822.SIZE is exact');
$d->answer('s STORE 1 +FLAGS (\Seen kw)');
$d->answer('s CLOSE');
$d->answer('s SELECT INBOX');
is($d->gives('again', $all, qr/^OK/m), $first, 'static items stay');
$d->gives('parts of parts', 'FETCH 1 (BODY.PEEK[2.1] BODY.PEEK[2.2.MIME])',
    qr/BODY\[2\.1\] \{4\}\ndeep/, qr/BODY\[2\.2\.MIME\] .*text\/html/s);
$d->gives("MIME needs a part: $_", "FETCH 1 $_", qr/\ABAD/)
    for 'BODY[MIME]', 'BODY[0]';
$d->gives('\Seen is told', 'FETCH 2 BODY[TEXT]',
    qr/^\* 2 FETCH \(FLAGS \(\\Seen\)\)$/m);
$d->gives('PEEK does not set it', 'FETCH 3 (BODY.PEEK[] RFC822.HEADER)',
    not => qr/Seen/);
$d->gives('an origin only if it was asked for', 'FETCH 3 BODY.PEEK[TEXT]',
    qr/BODY\[TEXT\] \{/);
$d->gives('the origin of a part', 'FETCH 3 BODY.PEEK[TEXT]<2.2>',
    qr/BODY\[TEXT\]<2> \{2\}/);
$d->gives('BODY has no extension data', 'FETCH 1 BODY',
    qr/\("application" "x-thing" \("name" "x"\) NIL NIL "7bit" \d+\) "mixed"\)\)$/m);
$d->gives('BODYSTRUCTURE has what is defined, in its order',
    'FETCH 1 BODYSTRUCTURE',
    qr/\("application" "x-thing" \("name" "x"\) NIL NIL "7bit" \d+ NIL NIL "en"\)/,
    qr/"mixed" \("boundary" "aa"\) NIL NIL\)\)$/m);
$d->gives('header and text are octets as stored', 'FETCH 1 BODY.PEEK[1]',
    qr/Z3LDvMOfZQo=/);

# ---- 6.4.6 to 6.4.8

$d->gives('STORE tells the new flags', 'STORE 3 +FLAGS (\Flagged)',
    qr/^\* 3 FETCH \(FLAGS \(\\Flagged\)\)$/m);
$d->gives('.SILENT does not', 'STORE 3 -FLAGS.SILENT (\Flagged)',
    qr/\AOK/);
$e->answer('s NOOP');
$e->answer('s STORE 3 +FLAGS.SILENT (\Draft)');
$d->gives('what another session did is told, in spite of .SILENT',
    'STORE 3 +FLAGS.SILENT (\Answered)', qr/^OK/m);
$d->gives('at the latest by the next poll', 'NOOP', qr/Draft|\AOK/);
$d->gives('both are there', 'FETCH 3 FLAGS',
    qr/FLAGS \(\\Draft \\Answered\)/);
$d->gives('COPY keeps flags and date', 'COPY 3 INBOX.b', qr/^OK \[COPYUID/m);
my ($date) = $d->answer('s FETCH 3 INTERNALDATE') =~ /("[^"]*")/;
$e->answer('s SELECT INBOX.b');
$e->gives('in the copy', 'FETCH 1 (FLAGS INTERNALDATE)',
    qr/FLAGS \(\\Draft \\Answered\) INTERNALDATE \Q$date\E/);
$d->gives('COPY to what is not there: TRYCREATE', 'COPY 3 INBOX.none',
    qr/\ANO \[TRYCREATE\]/);
$d->gives('nothing is created', 'STATUS INBOX.none ()', qr/\ANO/);
$d->gives("UID commands name the UID: $_", $_, qr/^\* 1 FETCH \(.*UID 2/m)
    for 'UID FETCH 2:3 FLAGS', 'UID STORE 2:3 +FLAGS (\Seen)';
$d->answer('s UID STORE 1:* -FLAGS.SILENT (\Seen)');
$d->gives('also if \Seen is told', 'UID FETCH 1:* BODY[TEXT]',
    not => qr/^\* \d+ FETCH \((?!.*UID)/m);
$d->gives('UID n:* has at least the last one', 'UID FETCH 999:* UID',
    qr/^\* 3 FETCH \(UID \d+\)$/m);
$d->gives('unknown UIDs are no error', 'UID FETCH 500:600,999 UID',
    qr/\AOK/);
$d->gives('UID SEARCH answers with UIDs', 'UID SEARCH ALL',
    qr/^\* SEARCH( \d+){3}$/m);

# ---- RFC 2683

$d->gives('a line of 8000 octets is taken', 'SEARCH ' . 'OR SEEN ' x 990 .
    'SEEN', qr/^\* SEARCH|\A(?:BAD|NO) \[LIMIT\]/m);
$d->gives('and a set of that length', 'FETCH ' . join(',', ('1') x 4000) .
    ' UID', qr/^OK/m);
$d->gives('a line without end is BAD', 'FETCH 1 (' . 'x' x 70_000 . ')',
    qr/^BAD/m);
$_->done for $d, $e;
plan_done();
