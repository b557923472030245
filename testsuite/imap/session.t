#!/usr/bin/perl
# A plain client from SELECT to LOGOUT (RFC 3501 with Courier's texts).
# SPDX-License-Identifier: ISC
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Dialogue;

my @mail = (<<'A', <<'B');
From: Bob <bob@example.org>
To: alice@example.com
Subject: first
Date: Mon, 2 Jan 2023 10:00:00 +0000
Message-ID: <1@example.org>

Hello one
A
From: Carol X <carol@example.org>
To: alice@example.com
Subject: second
Date: Tue, 3 Jan 2023 10:00:00 +0000
Message-ID: <2@example.org>

Hello number two
B
my $d = Dialogue->new(mail => \@mail, folders => [qw(Trash foo foo.bar)]);
$d->talk(<<'END');
S: * PREAUTH Ready.
C: 3 LIST "" ""
S: * LIST (\Noselect) "." ""
S: 3 OK LIST completed
C: 4 LIST "" "%"
S: * LIST (\Marked \HasChildren) "." "INBOX"
S: 4 OK LIST completed
C: 5 LIST "" "INBOX.%"
S: * LIST (\HasNoChildren) "." "INBOX.Trash"
S: * LIST (\HasChildren) "." "INBOX.foo"
S: 5 OK LIST completed
C: 6 SELECT INBOX
S: * FLAGS (\Draft \Answered \Flagged \Deleted \Seen \Recent)
S: * OK [PERMANENTFLAGS (\* \Draft \Answered \Flagged \Deleted \Seen)] Limited
S: * 2 EXISTS
S: * 2 RECENT
S: * OK [UIDVALIDITY <<\d+>>] Ok
S: * OK [UNSEEN 1] Ok
S: * OK [UIDNEXT 3] Ok
S: * OK [MYRIGHTS "acdilrsw"] ACL
S: 6 OK [READ-WRITE] Ok
C: 7 FETCH 1:* ALL
S: * 1 FETCH (FLAGS (\Recent) INTERNALDATE "14-Nov-2023 22:13:20 +0000" RFC822.SIZE 148 ENVELOPE ("Mon, 2 Jan 2023 10:00:00 +0000" "first" (("Bob" NIL "bob" "example.org")) (("Bob" NIL "bob" "example.org")) (("Bob" NIL "bob" "example.org")) ((NIL NIL "alice" "example.com")) NIL NIL NIL "<1@example.org>"))
S: * 2 FETCH (FLAGS (\Recent) INTERNALDATE "14-Nov-2023 22:13:20 +0000" RFC822.SIZE 162 ENVELOPE ("Tue, 3 Jan 2023 10:00:00 +0000" "second" (("Carol X" NIL "carol" "example.org")) (("Carol X" NIL "carol" "example.org")) (("Carol X" NIL "carol" "example.org")) ((NIL NIL "alice" "example.com")) NIL NIL NIL "<2@example.org>"))
S: 7 OK FETCH completed.
C: 8 UID FETCH 1 (FLAGS BODY[TEXT])
S: * 1 FETCH (UID 1 FLAGS (\Recent) BODY[TEXT] {11}
S: Hello one
S: )
S: * 1 FETCH (UID 1 FLAGS (\Seen \Recent))
S: 8 OK FETCH completed.
C: 9 FETCH 1 BODY.PEEK[HEADER.FIELDS (Subject DATE x-none)]
S: * 1 FETCH (BODY[HEADER.FIELDS ("Subject" "DATE" "x-none")] {56}
S: Subject: first
S: Date: Mon, 2 Jan 2023 10:00:00 +0000
S: 
S: )
S: 9 OK FETCH completed.
C: 10 UID COPY 1:2 INBOX.none
S: 10 NO [TRYCREATE] Mailbox does not exist.
C: 11 CREATE INBOX.none
S: 11 OK "INBOX.none" created.
C: 12 UID COPY 1:2 INBOX.none
S: 12 OK [COPYUID <<\d+>> 1:2 1:2] COPY completed.
C: 13 STORE 2 +FLAGS.SILENT (\Deleted)
S: 13 OK STORE completed.
C: 14 EXPUNGE
S: * 2 EXPUNGE
S: * 1 EXISTS
S: * 1 RECENT
S: 14 OK EXPUNGE completed
C: 14b UNSELECT
S: 14b OK mailbox closed.
C: 14c SELECT INBOX
S: * FLAGS (\Draft \Answered \Flagged \Deleted \Seen \Recent)
S: * OK [PERMANENTFLAGS (\* \Draft \Answered \Flagged \Deleted \Seen)] Limited
S: * 1 EXISTS
S: * 0 RECENT
S: * OK [UIDVALIDITY <<\d+>>] Ok
S: * OK [UIDNEXT 3] Ok
S: * OK [MYRIGHTS "acdilrsw"] ACL
S: 14c OK [READ-WRITE] Ok
C: 15 STORE 1 FLAGS (\Deleted)
S: * 1 FETCH (FLAGS (\Deleted))
S: 15 OK STORE completed.
C: 16 CLOSE
S: 16 OK mailbox closed.
C: 17 FETCH 1 FLAGS
S: 17 BAD Error in IMAP command received by server.
C: 18 EXAMINE INBOX.none
S: * FLAGS (\Draft \Answered \Flagged \Deleted \Seen \Recent)
S: * OK [PERMANENTFLAGS ()] No permanent flags permitted
S: * 2 EXISTS
S: * 0 RECENT
S: * OK [UIDVALIDITY <<\d+>>] Ok
S: * OK [UNSEEN 2] Ok
S: * OK [UIDNEXT 3] Ok
S: * OK [MYRIGHTS "acdilrsw"] ACL
S: 18 OK [READ-ONLY] Ok
C: 19 STORE 1 +FLAGS (\Seen)
S: 19 NO Current box is selected READ-ONLY.
C: 20 EXPUNGE
S: 20 NO Cannot expunge read-only mailbox.
C: 21 FETCH 1 BODY[TEXT]
S: * 1 FETCH (BODY[TEXT] {11}
S: Hello one
S: )
S: 21 OK FETCH completed.
C: 22 SELECT INBOX.nowhere
S: 22 NO Mailbox does not exist, or must be subscribed to.
C: 23 CHECK
S: 23 BAD Error in IMAP command received by server.
C: 24 SELECT INBOX
S: * FLAGS (\Draft \Answered \Flagged \Deleted \Seen \Recent)
S: * OK [PERMANENTFLAGS (\* \Draft \Answered \Flagged \Deleted \Seen)] Limited
S: * 0 EXISTS
S: * 0 RECENT
S: * OK [UIDVALIDITY <<\d+>>] Ok
S: * OK [UIDNEXT 3] Ok
S: * OK [MYRIGHTS "acdilrsw"] ACL
S: 24 OK [READ-WRITE] Ok
C: 25 FETCH 1:* FLAGS
S: 25 OK FETCH completed.
C: 25b FETCH 3:1 FLAGS
S: * NO Invalid message sequence number: 1
S: 25b OK FETCH completed.
C: 26 UID FETCH 1:* FLAGS
S: 26 OK FETCH completed.
C: 27 LOGOUT
S: * BYE Courier-IMAP server shutting down
S: 27 OK LOGOUT completed
EOF:
END
$d->done;
like($d->log_text, qr/^INFO: LOGIN, user=\w+, ip=\[127\.0\.0\.1\], port=\[0\], protocol=IMAP\nINFO: LOGOUT, user=\w+, ip=\[127\.0\.0\.1\], port=\[0\], headers=\d+, body=\d+, rcvd=\d+, sent=\d+, time=\d+$/, 'log lines');
plan_done();
