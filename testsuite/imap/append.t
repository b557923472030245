#!/usr/bin/perl
# APPEND.  SPDX-License-Identifier: ISC
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Dialogue;

my $d = Dialogue->new(folders => ['dst']);
$d->line;
$d->talk(<<'END');
C: a2 APPEND INBOX.dst (\Seen \Flagged kw) "17-Jul-1996 02:44:25 -0700" {33}
S: + OK
C- Subject: x\r\n\r\nHello, world. 01\r\r\r\n
S: a2 OK [APPENDUID <<\d+>> 1] APPEND Ok.
C: a3 APPEND INBOX.none {5}
S: a3 NO [TRYCREATE] Must create mailbox before append
C: a4 APPEND foo {5}
S: a4 NO Invalid mailbox name.
C: a5 APPEND
S: a5 BAD Invalid command
C: a6 APPEND INBOX (\Recent) {5}
S: a6 BAD Error in IMAP command received by server.
C: a7 APPEND INBOX "yesterday" {5}
S: a7 BAD Error in IMAP command received by server.
C: a8 APPEND INBOX (\Seen)
S: a8 BAD Error in IMAP command received by server.
C- a9 APPEND INBOX.none {5+}\r\nhello\r\nb1 NOOP\r\n
S: a9 NO [TRYCREATE] Must create mailbox before append
S: b1 OK NOOP completed
C- b2 APPEND INBOX {5+}\r\nhello trailing\r\n
S: b2 BAD Error in IMAP command received by server.
C: b3 APPEND INBOX \Seen {5}
S: b3 BAD Error in IMAP command received by server.
C: b4 SELECT INBOX
S: * FLAGS <<.*>>
S: * OK [PERMANENTFLAGS <<.*>>
S: * 0 EXISTS
S: * 0 RECENT
S: * OK [UIDVALIDITY <<\d+>>] Ok
S: * OK [UIDNEXT 1] Ok
S: * OK [MYRIGHTS "acdilrsw"] ACL
S: b4 OK [READ-WRITE] Ok
C- b5 APPEND INBOX NIL NIL {0+}\r\n\r\n
S: * 1 EXISTS
S: * 0 RECENT
S: b5 OK [APPENDUID <<\d+>> 1] APPEND Ok.
C- b6 APPEND {5+}\r\nINBOX " 1-Feb-2020 00:00:00 +0000" {3+}\r\nabc\r\n
S: * 2 EXISTS
S: * 0 RECENT
S: b6 OK [APPENDUID <<\d+>> 2] APPEND Ok.
C: b7 FETCH 1:2 (INTERNALDATE BODY.PEEK[] FLAGS)
S: * 1 FETCH (INTERNALDATE "<<.*>>" BODY[] {2}
S: 
S:  FLAGS ())
S: * 2 FETCH (INTERNALDATE "01-Feb-2020 00:00:00 +0000" BODY[] {5}
S: abc
S:  FLAGS ())
S: b7 OK FETCH completed.
C: b8 EXAMINE INBOX.dst
S: * FLAGS (kw \Draft \Answered \Flagged \Deleted \Seen \Recent)
S: * OK [PERMANENTFLAGS ()] No permanent flags permitted
S: * 1 EXISTS
S: * 0 RECENT
S: * OK [UIDVALIDITY <<\d+>>] Ok
S: * OK [UIDNEXT 2] Ok
S: * OK [MYRIGHTS "acdilrsw"] ACL
S: b8 OK [READ-ONLY] Ok
C: b9 FETCH 1 (FLAGS INTERNALDATE BODY.PEEK[])
S: * 1 FETCH (FLAGS (\Flagged \Seen kw) INTERNALDATE "17-Jul-1996 09:44:25 +0000" BODY[] {32}
S: Subject: x
S: 
S: Hello, world. 01
S: )
S: b9 OK FETCH completed.
C: c1 APPEND INBOX.dst {3}
S: c1 NO Current box is selected READ-ONLY.
C: c2 NOOP
S: c2 OK NOOP completed
C: c3 LOGOUT
S: * BYE Courier-IMAP server shutting down
S: c3 OK LOGOUT completed
EOF:
END
$d->done;

# A large message comes back byte for byte; one cut off leaves nothing.
my $big = join '', map { "line $_ " . 'x' x ($_ % 70) . "\r\n" } 1 .. 40000;
$d = Dialogue->new;
$d->line;
$d->send('a APPEND INBOX {' . length($big) . "+}\r\n$big\r\n");
like($d->line, qr/^a OK \[APPENDUID \d+ 1\] APPEND Ok\.$/, 'large message');
$d->answer('b SELECT INBOX');
my $got = $d->answer('c FETCH 1 BODY.PEEK[]');
is($got, '* 1 FETCH (BODY[] {' . length($big) .
    "}\r\n$big)\r\nc OK FETCH completed.\r\n", 'reads the same');
my $pieces = '';
for (my $at = 0; $at < length $big; $at += 300001) {
	$got = $d->answer("c FETCH 1 BODY.PEEK[]<$at.300001>");
	$got =~ /\{(\d+)\}\r\n/ or last;
	$pieces .= substr($got, $+[0], $1);
}
is($pieces, $big, 'so does it in pieces');
$d->send("d APPEND INBOX {1000}\r\n");
is($d->line, '+ OK', 'continuation');
$d->send('half');
$d->done;
is(scalar(() = glob("$d->{maildir}/{new,cur,tmp}/*")), 1,
    'a broken upload leaves nothing');
plan_done();
