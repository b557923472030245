#!/usr/bin/perl
# Folders: LIST, LSUB, CREATE, DELETE, RENAME, SUBSCRIBE, STATUS.
# SPDX-License-Identifier: ISC
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Dialogue;

my $d = Dialogue->new;
$d->line;
$d->talk(<<'END');
C: a1 CREATE INBOX.foo
S: a1 OK "INBOX.foo" created.
C: a2 CREATE INBOX.foo
S: a2 NO Cannot create this folder.
C: a3 CREATE inbox
S: a3 NO INBOX already exists!
C: a4 CREATE INBOX.
S: a4 NO INBOX already exists!
C: a5 CREATE INBOX.x.
S: a5 OK "INBOX.x." created.
C: a6 CREATE other
S: a6 NO Invalid mailbox name.
C: a7 CREATE INBOX..y
S: a7 NO Invalid mailbox name.
C: a8 CREATE INBOX.a/b
S: a8 NO Invalid mailbox name.
C: a9 CREATE INBOX.&bad
S: a9 BAD Error in IMAP command received by server.
C: b1 CREATE "INBOX.a b*%:~\"\\"
S: b1 OK "INBOX.a b*%:~\"\\" created.
C: b2 CREATE INBOX.&AOk-t&AOk-
S: b2 OK "INBOX.&AOk-t&AOk-" created.
C: b3 CREATE INBOX.deep.er.est
S: b3 OK "INBOX.deep.er.est" created.
C: b4 CREATE INBOX.foo x
S: b4 BAD Error in IMAP command received by server.
C: c1 LIST "" *
S: * LIST (\Unmarked \HasChildren) "." "INBOX"
S: * LIST (\HasNoChildren) "." "INBOX.a b*%:~\"\\"
S: * LIST (\HasNoChildren) "." "INBOX.deep.er.est"
S: * LIST (\HasNoChildren) "." "INBOX.foo"
S: * LIST (\HasNoChildren) "." "INBOX.&AOk-t&AOk-"
S: * LIST (\Noselect \HasChildren) "." "INBOX.deep"
S: * LIST (\Noselect \HasChildren) "." "INBOX.deep.er"
S: c1 OK LIST completed
C: c2 LIST "" %
S: * LIST (\Unmarked \HasChildren) "." "INBOX"
S: c2 OK LIST completed
C: c3 LIST INBOX.deep %
S: * LIST (\Noselect \HasChildren) "." "INBOX.deep.er"
S: c3 OK LIST completed
C: c4 LIST INBOX ""
S: * LIST (\Noselect) "." "INBOX."
S: c4 OK LIST completed
C: c5 LIST NIL INBOX.f*
S: * LIST (\HasNoChildren) "." "INBOX.foo"
S: c5 OK LIST completed
C: c6 LIST "" inbox.FOO
S: c6 OK LIST completed
C: c7 LIST ""
S: c7 BAD Invalid command
C: c8 LIST "" * x
S: c8 BAD Error in IMAP command received by server.
C: c9 LIST "" "*%*%*%*%*%*%"
S: c9 NO Invalid argument
C: d1 SUBSCRIBE INBOX.foo
S: d1 OK Folder subscribed.
C: d2 SUBSCRIBE INBOX.gone.below
S: d2 OK Folder subscribed.
C: d3 SUBSCRIBE INBOX.foo
S: d3 OK Folder subscribed.
C: d4 SUBSCRIBE nothing
S: d4 NO Invalid mailbox name.
C: d5 LSUB "" *
S: * LSUB (\HasNoChildren) "." "INBOX.foo"
S: * LSUB (\HasNoChildren) "." "INBOX.gone.below"
S: * LSUB (\Noselect \HasChildren) "." "INBOX"
S: * LSUB (\Noselect \HasChildren) "." "INBOX.gone"
S: d5 OK LSUB completed
C: d6 UNSUBSCRIBE INBOX.foo
S: d6 OK Folder unsubscribed.
C: d7 UNSUBSCRIBE INBOX.foo
S: d7 OK Folder unsubscribed.
C: d8 SUBSCRIBE INBOX.foo.
S: d8 OK Folder directory subscribe punted.
C: e1 RENAME INBOX.deep INBOX.shallow
S: e1 OK Folder renamed.
C: e1b RENAME INBOX.shallow.er.est INBOX.shallow.est
S: e1b OK Folder renamed.
C: e2 RENAME INBOX.shallow.est INBOX.shallow
S: e2 OK Folder renamed.
C: e3 RENAME INBOX.none INBOX.more
S: e3 NO Mailbox does not exist, or must be subscribed to.
C: e4 RENAME INBOX INBOX.more
S: e4 NO INBOX rename not implemented.
C: e5 RENAME INBOX.foo INBOX.shallow
S: e5 NO RENAME failed: File exists
C: e6 RENAME INBOX.foo INBOX.foo.bar
S: e6 NO RENAME failed: Invalid argument
C: e7 RENAME INBOX.foo
S: e7 BAD Invalid command
C: f1 SELECT INBOX.foo
S: * FLAGS <<.*>>
S: * OK [PERMANENTFLAGS <<.*>>
S: * 0 EXISTS
S: * 0 RECENT
S: * OK [UIDVALIDITY <<\d+>>] Ok
S: * OK [UIDNEXT 1] Ok
S: * OK [MYRIGHTS "acdilrsw"] ACL
S: f1 OK [READ-WRITE] Ok
C: f2 DELETE INBOX.foo
S: f2 NO Cannot delete currently-open folder.
C: f3 RENAME INBOX.foo INBOX.bar
S: f3 NO Can't RENAME the currently-open folder
C: f4 UNSELECT
S: f4 OK mailbox closed.
C: f5 DELETE INBOX.foo
S: f5 OK Folder deleted.
C: f6 DELETE INBOX.foo
S: f6 NO Mailbox does not exist, or must be subscribed to.
C: f7 DELETE INBOX
S: f7 NO Cannot delete this folder.
C: f8 DELETE INBOX.shallow.
S: f8 OK Folder directory delete punted.
C: g1 STATUS INBOX.shallow (UIDNEXT MESSAGES X-UNKNOWN UNSEEN)
S: * STATUS "INBOX.shallow" (MESSAGES 0 UIDNEXT 1 UNSEEN 0)
S: g1 OK STATUS Completed.
C: g2 STATUS INBOX.shallow RECENT
S: * STATUS "INBOX.shallow" (RECENT 0)
S: g2 OK STATUS Completed.
C: g3 STATUS INBOX.shallow
S: g3 BAD Error in IMAP command received by server.
C: g4 STATUS INBOX.nope (MESSAGES)
S: g4 NO Mailbox does not exist, or must be subscribed to.
C: g5 LOGOUT
S: * BYE Courier-IMAP server shutting down
S: g5 OK LOGOUT completed
EOF:
END
$d->done;
ok(-d "$d->{maildir}/.\xc3\xa9t\xc3\xa9", 'folder names are UTF-8 on disk');
plan_done();
