#!/usr/bin/perl
# STORE, keywords, EXPUNGE, UID EXPUNGE, COPY, MOVE.
# SPDX-License-Identifier: ISC
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Dialogue;

my $d = Dialogue->new(mail => [map "Subject: $_\n\n$_\n", 1 .. 9],
    folders => ['dst']);
$d->line;
$d->answer('s SELECT INBOX');
$d->talk(<<'END');
C: a1 STORE 1 +FLAGS (\Flagged kw1)
S: * FLAGS (kw1 \Draft \Answered \Flagged \Deleted \Seen \Recent)
S: * OK [PERMANENTFLAGS (kw1 \* \Draft \Answered \Flagged \Deleted \Seen)] Limited
S: * 1 FETCH (FLAGS (\Flagged \Recent kw1))
S: a1 OK STORE completed.
C: a2 STORE 1 +FLAGS KW1
S: * 1 FETCH (FLAGS (\Flagged \Recent kw1))
S: a2 OK STORE completed.
C: a3 STORE 1 -FLAGS (kw1)
S: * 1 FETCH (FLAGS (\Flagged \Recent))
S: * FLAGS (\Draft \Answered \Flagged \Deleted \Seen \Recent)
S: * OK [PERMANENTFLAGS (\* \Draft \Answered \Flagged \Deleted \Seen)] Limited
S: a3 OK STORE completed.
C: a4 UID STORE 1:3 +FLAGS (\Seen)
S: * 1 FETCH (UID 1 FLAGS (\Flagged \Seen \Recent))
S: * 2 FETCH (UID 2 FLAGS (\Seen \Recent))
S: * 3 FETCH (UID 3 FLAGS (\Seen \Recent))
S: a4 OK STORE completed.
C: a5 STORE 1 FLAGS
S: * 1 FETCH (FLAGS (\Recent))
S: a5 OK STORE completed.
C: a6 STORE 1 FLAGS \Draft \Answered
S: * 1 FETCH (FLAGS (\Draft \Answered \Recent))
S: a6 OK STORE completed.
C: a7 STORE 1 -FLAGS.SILENT NIL
S: a7 OK STORE completed.
C: a8 STORE 1 +FLAGS (\Recent)
S: a8 BAD Error in IMAP command received by server.
C: a9 STORE 1 +FLAGS (\Foo)
S: a9 BAD Error in IMAP command received by server.
C: b1 STORE 1 +FLAGS ("kw")
S: b1 BAD Error in IMAP command received by server.
C: b2 STORE 1 FOO (\Seen)
S: b2 BAD Error in IMAP command received by server.
C: b3 STORE 1 +FLAGS (\Seen) x
S: b3 BAD Error in IMAP command received by server.
C: b4 STORE 99 +FLAGS (\Seen)
S: * NO Invalid message sequence number: 99
S: b4 OK STORE completed.
C: c1 STORE 2,4,5,8 +FLAGS.SILENT (\Deleted)
S: c1 OK STORE completed.
C: c2 UID EXPUNGE 4:5,77
S: * 4 EXPUNGE
S: * 4 EXPUNGE
S: * 7 EXISTS
S: * 7 RECENT
S: c2 OK EXPUNGE completed
C: c3 EXPUNGE
S: * 2 EXPUNGE
S: * 5 EXPUNGE
S: * 5 EXISTS
S: * 5 RECENT
S: c3 OK EXPUNGE completed
C: c4 UID EXPUNGE
S: c4 BAD Error in IMAP command received by server.
C: c5 EXPUNGE 1
S: c5 BAD Error in IMAP command received by server.
C: d1 FETCH 1:* UID
S: * 1 FETCH (UID 1)
S: * 2 FETCH (UID 3)
S: * 3 FETCH (UID 6)
S: * 4 FETCH (UID 7)
S: * 5 FETCH (UID 9)
S: d1 OK FETCH completed.
C: d2 COPY 1,3 INBOX.dst
S: d2 OK [COPYUID <<\d+>> 1,6 1:2] COPY completed.
C: d3 UID COPY 500 INBOX.dst
S: d3 OK COPY completed.
C: d4 COPY 1 INBOX.&bad
S: d4 NO [TRYCREATE] Mailbox does not exist.
C: d4b COPY 1 INBOX..x
S: d4b BAD Error in IMAP command received by server.
C: d5 COPY 1
S: d5 BAD Invalid command
C: d6 COPY 1:2 INBOX
S: * 7 EXISTS
S: * 5 RECENT
S: d6 OK [COPYUID <<\d+>> 1,3 10:11] COPY completed.
C: e1 MOVE 6:7 INBOX.dst
S: * OK [COPYUID <<\d+>> 10:11 3:4] Ok
S: * 6 EXPUNGE
S: * 6 EXPUNGE
S: * 5 EXISTS
S: * 5 RECENT
S: e1 OK MOVE completed.
C: e2 UID MOVE 9 INBOX.dst
S: * OK [COPYUID <<\d+>> 9 5] Ok
S: * 5 EXPUNGE
S: * 4 EXISTS
S: * 4 RECENT
S: e2 OK MOVE completed.
C: e3 MOVE 1 INBOX.none
S: e3 NO [TRYCREATE] Mailbox does not exist.
C: e4 STATUS INBOX.dst (messages uidnext recent)
S: * STATUS "INBOX.dst" (MESSAGES 5 RECENT 0 UIDNEXT 6)
S: e4 OK STATUS Completed.
C: f1 EXAMINE INBOX
S: * FLAGS <<.*>>
S: * OK [PERMANENTFLAGS ()] No permanent flags permitted
S: * 4 EXISTS
S: * 0 RECENT
S: * OK [UIDVALIDITY <<\d+>>] Ok
S: * OK [UNSEEN <<\d+>>] Ok
S: * OK [UIDNEXT 12] Ok
S: * OK [MYRIGHTS "acdilrsw"] ACL
S: f1 OK [READ-ONLY] Ok
C: f2 MOVE 1 INBOX.dst
S: f2 NO Current box is selected READ-ONLY.
END
$d->done;

# Without keywords.
$d = Dialogue->new(mail => ["\nx\n"], env => { IMAP_KEYWORDS => 0 });
$d->line;
$d->talk(<<'END');
C: s SELECT INBOX
S: * FLAGS (\Draft \Answered \Flagged \Deleted \Seen \Recent)
S: * OK [PERMANENTFLAGS (\Draft \Answered \Flagged \Deleted \Seen)] Limited
S: * 1 EXISTS
S: * 1 RECENT
S: * OK [UIDVALIDITY <<\d+>>] Ok
S: * OK [UNSEEN 1] Ok
S: * OK [UIDNEXT 2] Ok
S: * OK [MYRIGHTS "acdilrsw"] ACL
S: s OK [READ-WRITE] Ok
C: t STORE 1 FLAGS (kw)
S: t BAD Error in IMAP command received by server.
END
$d->done;
plan_done();
