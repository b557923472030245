#!/usr/bin/perl
# FETCH: items, sections, partials, structures.
# SPDX-License-Identifier: ISC
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Dialogue;

my @mail = (<<'A', <<'B', "Subject: raw \xc3\xa9 utf8\nFrom: Group: a\@x.org;\nTo: \"quoted local\"\@x.org, bare\n\nbody\n", "\nonly a body", "Subject: header only\n", '');
From: "Doe, John" <john@example.org>
To: x@y.z
Subject: parts
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=aaa

preamble
--aaa
Content-Type: text/plain; charset=iso-8859-1
Content-Disposition: inline

Hello
World
--aaa
Content-Type: message/rfc822
Content-Description: fwd

From: inner@example.org
Subject: Attached

text
--aaa
Content-Type: application/pdf; name="d.pdf"
Content-Transfer-Encoding: base64
Content-ID: <id@x>

AAAA
BBBB
--aaa--
epilogue
A
From: foo@example.org (Comment Name)
Subject: simple
 folded
X-A: 1
X-B: 2

0123456789
abcdef
B

my $d = Dialogue->new(mail => \@mail);
$d->line;
$d->answer('s SELECT INBOX');
$d->talk(<<'END');
C: a1 FETCH 1 BODYSTRUCTURE
S: * 1 FETCH (BODYSTRUCTURE (("text" "plain" ("charset" "iso-8859-1") NIL NIL "7bit" 12 1 NIL ("inline" NIL) NIL)("message" "rfc822" NIL NIL "fwd" "7bit" 50 (NIL "Attached" ((NIL NIL "inner" "example.org")) ((NIL NIL "inner" "example.org")) ((NIL NIL "inner" "example.org")) NIL NIL NIL NIL NIL) ("text" "plain" NIL NIL NIL "7bit" 4 0 NIL NIL NIL) 3 NIL NIL NIL)("application" "pdf" ("name" "d.pdf") "<id@x>" NIL "base64" 10 NIL NIL NIL) "mixed" ("boundary" "aaa") NIL NIL))
S: a1 OK FETCH completed.
C: a2 FETCH 2 (BODY BODY.PEEK)
S: * 2 FETCH (BODY ("text" "plain" NIL NIL NIL "7bit" 20 2) BODY ("text" "plain" NIL NIL NIL "7bit" 20 2))
S: a2 OK FETCH completed.
C: a3 FETCH 1 (BODY.PEEK[1] BODY.PEEK[2.HEADER] BODY.PEEK[2.1] BODY.PEEK[3.MIME] BODY.PEEK[4] BODY.PEEK[2.TEXT]<1.2>)
S: * 1 FETCH (BODY[1] {12}
S: Hello
S: World BODY[2.HEADER] {46}
S: From: inner@example.org
S: Subject: Attached
S: 
S:  BODY[2.1] {4}
S: text BODY[3.MIME] {102}
S: Content-Type: application/pdf; name="d.pdf"
S: Content-Transfer-Encoding: base64
S: Content-ID: <id@x>
S: 
S:  BODY[4] {0}
S:  BODY[2.TEXT]<1> {2}
S: ex)
S: a3 OK FETCH completed.
C: a4 FETCH 2 (BODY.PEEK[HEADER.FIELDS.NOT (from SUBJECT)] BODY.PEEK[header.fields X-B]<0.4> BODY.PEEK[TEXT]<1000> BODY.PEEK[TEXT]<15.100> BODY.PEEK[1.1])
S: * 2 FETCH (BODY[HEADER.FIELDS.NOT ("from" "SUBJECT")] {18}
S: X-A: 1
S: X-B: 2
S: 
S:  BODY[HEADER.FIELDS ("X-B")]<0> {4}
S: X-B: BODY[TEXT]<1000> {0}
S:  BODY[TEXT]<15> {5}
S: def
S:  BODY[1.1] {20}
S: 0123456789
S: abcdef
S: )
S: a4 OK FETCH completed.
C: a5 FETCH 2 (RFC822.HEADER RFC822.SIZE)
S: * 2 FETCH (RFC822.HEADER {82}
S: From: foo@example.org (Comment Name)
S: Subject: simple
S:  folded
S: X-A: 1
S: X-B: 2
S: 
S:  RFC822.SIZE 102)
S: a5 OK FETCH completed.
C: a6 FETCH 2 RFC822.TEXT
S: * 2 FETCH (RFC822.TEXT {20}
S: 0123456789
S: abcdef
S: )
S: * 2 FETCH (FLAGS (\Seen \Recent))
S: a6 OK FETCH completed.
C: a7 FETCH 2 (BODY[TEXT]<0.3> FLAGS)
S: * 2 FETCH (BODY[TEXT]<0> {3}
S: 012 FLAGS (\Seen \Recent))
S: a7 OK FETCH completed.
C: a8 FETCH 3 (ENVELOPE UID)
S: * 3 FETCH (ENVELOPE (NIL "raw =?utf-8?B?w6k=?= utf8" ((NIL NIL "Group" NIL)(NIL NIL "a" "x.org")(NIL NIL NIL NIL)) ((NIL NIL "Group" NIL)(NIL NIL "a" "x.org")(NIL NIL NIL NIL)) ((NIL NIL "Group" NIL)(NIL NIL "a" "x.org")(NIL NIL NIL NIL)) ((NIL NIL "quoted local" "x.org")(NIL NIL "bare" "")) NIL NIL NIL NIL) UID 3)
S: a8 OK FETCH completed.
C: a9 FETCH 2 ENVELOPE
S: * 2 FETCH (ENVELOPE (NIL "simple folded" (("Comment Name" NIL "foo" "example.org")) (("Comment Name" NIL "foo" "example.org")) (("Comment Name" NIL "foo" "example.org")) NIL NIL NIL NIL NIL))
S: a9 OK FETCH completed.
C: b1 FETCH 4 (BODY.PEEK[HEADER] BODY.PEEK[TEXT] RFC822.SIZE)
S: * 4 FETCH (BODY[HEADER] {2}
S: 
S:  BODY[TEXT] {11}
S: only a body RFC822.SIZE 13)
S: b1 OK FETCH completed.
C: b2 FETCH 6 (BODY.PEEK[] BODY.PEEK[TEXT] RFC822.SIZE BODY)
S: * 6 FETCH (BODY[] {0}
S:  BODY[TEXT] {0}
S:  RFC822.SIZE 0 BODY ("text" "plain" NIL NIL NIL "7bit" 0 0))
S: b2 OK FETCH completed.
C: b3 FETCH 5 (BODY.PEEK[HEADER] BODY.PEEK[TEXT])
S: * 5 FETCH (BODY[HEADER] {22}
S: Subject: header only
S:  BODY[TEXT] {0}
S: )
S: b3 OK FETCH completed.
C: c1 FETCH 5:3 UID
S: * 3 FETCH (UID 3)
S: * 4 FETCH (UID 4)
S: * 5 FETCH (UID 5)
S: c1 OK FETCH completed.
C: c2 UID FETCH 999:* UID
S: * 6 FETCH (UID 6)
S: c2 OK FETCH completed.
C: c3 UID FETCH 4,2,77 INTERNALDATE
S: * 2 FETCH (UID 2 INTERNALDATE "14-Nov-2023 22:13:20 +0000")
S: * 4 FETCH (UID 4 INTERNALDATE "14-Nov-2023 22:13:20 +0000")
S: c3 OK FETCH completed.
C: c4 FETCH 5:99 UID
S: * 5 FETCH (UID 5)
S: * 6 FETCH (UID 6)
S: * NO Invalid message sequence number: <<\d+>>
S: c4 OK FETCH completed.
C: c5 FETCH 1 (UID FAST)
S: * 1 FETCH (UID 1 FLAGS (\Recent) INTERNALDATE "<<.*>>" RFC822.SIZE <<\d+>>)
S: c5 OK FETCH completed.
C: d1 FETCH 1
S: d1 BAD Error in IMAP command received by server.
C: d2 FETCH 1 ()
S: d2 BAD Error in IMAP command received by server.
C: d3 FETCH 1 FLAGS UID
S: d3 BAD Error in IMAP command received by server.
C: d4 FETCH 1 BODY[MIME]
S: d4 BAD Error in IMAP command received by server.
C: d5 FETCH 1 BODY[0]
S: d5 BAD Error in IMAP command received by server.
C: d6 FETCH 1 BODY[01]
S: d6 BAD Error in IMAP command received by server.
C: d7 FETCH 1 (BODY[
S: d7 BAD Error in IMAP command received by server.
C: d8 FETCH 1 FOO
S: d8 BAD Error in IMAP command received by server.
C: d8b NOOP
S: d8b OK NOOP completed
C: d9 FETCH 1,,2 UID
S: d9 BAD Error in IMAP command received by server.
C: z FETCH 0 UID
S: z BAD Error in IMAP command received by server.
C: e1 FETCH 1 BODY[1.]
S: e1 BAD Error in IMAP command received by server.
C: e2 FETCH 1 BODY[TEXT]<a>
S: e2 BAD Error in IMAP command received by server.
C: e3 NOOP
S: e3 OK NOOP completed
END
unlink glob("$d->{maildir}/cur/*M000002*");
$d->talk(<<'END');
C: f1 FETCH 1:2 BODY.PEEK[TEXT]<0.1>
S: * 1 FETCH (BODY[TEXT]<0> {1}
S: p)
S: f1 NO [EXPUNGEISSUED] Some messages were expunged.
C: f2 NOOP
S: * 2 EXPUNGE
S: * 5 EXISTS
S: * 5 RECENT
S: f2 OK NOOP completed
END
$d->done;

# Extension data; names with a star; a header far longer than any buffer.
my $long = 'X-Long: ' . 'y' x 3000000 . "\n" . " folded\n" x 1000;
$long = "Content-A: 1\nX-B: 2\n${long}";
$d = Dialogue->new(mail => [<<'A', "${long}C*: 3\n\nx\n"]);
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=q
Content-Language: en, de
Content-Location: http://x.test/

--q
Content-Language: fr
Content-Location: a
 b.html

x
--q--
A
$d->line;
$d->answer('s EXAMINE INBOX');
$d->talk(<<'END');
C: a1 FETCH 1 BODYSTRUCTURE
S: * 1 FETCH (BODYSTRUCTURE (("text" "plain" NIL NIL NIL "7bit" 1 0 NIL NIL "fr" "ab.html") "mixed" ("boundary" "q") NIL ("en" "de") "http://x.test/"))
S: a1 OK FETCH completed.
C: a2 FETCH 2 (BODY[HEADER.FIELDS ("Content*" "C*")] BODY[1.MIME])
S: * 2 FETCH (BODY[HEADER.FIELDS ("Content*" "C*")] {9}
S: C*: 3
S: 
S:  BODY[1.MIME] {16}
S: Content-A: 1
S: 
S: )
S: a2 OK FETCH completed.
END
my $all = $long =~ s/\n/\r\n/gr;
is($d->answer('b FETCH 2 BODY[HEADER.FIELDS.NOT (C*)]'),
    '* 2 FETCH (BODY[HEADER.FIELDS.NOT ("C*")] {' .
    (length($all) + 2) . "}\r\n$all\r\n)\r\n" .
    "b OK FETCH completed.\r\n", 'a long header whole');
my $piece = $d->answer('b FETCH 2 BODY[HEADER.FIELDS (X-Long)]<2999999.20>');
is($piece, '* 2 FETCH (BODY[HEADER.FIELDS ("X-Long")]<2999999> {20}' .
    "\r\n" . substr($all, 22 + 2999999, 20) . ")\r\n" .
    "b OK FETCH completed.\r\n", 'a piece of it');
$d->done;
like($d->log_text, qr/^INFO: DISCONNECTED, user=/m, 'client closed');
plan_done();
