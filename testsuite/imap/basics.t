#!/usr/bin/perl
# Greeting, commands of every state, errors, the parser in one view.
# SPDX-License-Identifier: ISC
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Dialogue;

my $d = Dialogue->new;
$d->talk(<<'END');
S: * PREAUTH Ready.
C: a1 CAPABILITY
S: * CAPABILITY IMAP4rev1 ENABLE UTF8=ACCEPT UIDPLUS CHILDREN NAMESPACE THREAD=ORDEREDSUBJECT THREAD=REFERENCES SORT IDLE ID UNSELECT LITERAL+ SASL-IR MOVE QUOTA QUOTA=RES-STORAGE QUOTA=RES-MESSAGE
S: a1 OK CAPABILITY completed
C: a2 noop
S: a2 OK NOOP completed
C: a3 NOOP x
S: a3 BAD Error in IMAP command received by server.
C:
S: * BAD Error in IMAP command received by server.
C: * NOOP
S: * OK NOOP completed
C: n4 "NOOP"
S: n4 BAD Error in IMAP command received by server.
C: (x) NOOP
S: * BAD Error in IMAP command received by server.
C:   a5    NOOP
S: a5 OK NOOP completed
C- a5b NOOP\n
S: a5b OK NOOP completed
C: a6 SELECT
S: a6 BAD Invalid command
C: a7 SELECT (INBOX)
S: a7 BAD Invalid command
C: a8 SELECT NIL
S: a8 BAD Invalid command
C: a8b SELECT "INBOX
S: a8b BAD Invalid command
C: a9 SELECT INBOX extra
S: a9 BAD Error in IMAP command received by server.
C: b1 FETCH 1 FLAGS
S: b1 BAD Error in IMAP command received by server.
C: b2 UID NOOP
S: b2 BAD Error in IMAP command received by server.
C: b3 LOGIN joe secret
S: b3 BAD Error in IMAP command received by server.
C: b4 NAMESPACE
S: * NAMESPACE (("INBOX." ".")) NIL (("#shared." ".")("shared." "."))
S: b4 OK NAMESPACE completed.
C: c1 STATUS {5}
S: + OK
C: INBOX (MESSAGES)
S: * STATUS "INBOX" (MESSAGES 0)
S: c1 OK STATUS Completed.
C- c2 STATUS {5+}\r\ninbox (MESSAGES)\r\nc3 NOOP\r\n
S: * STATUS "inbox" (MESSAGES 0)
S: c2 OK STATUS Completed.
S: c3 OK NOOP completed
C- c4 FOO {7+}\r\nx NOOP\n {3+}\r\nabc z\r\nc5 NOOP\r\n
S: c4 BAD Error in IMAP command received by server.
S: c5 OK NOOP completed
C: c6 SELECT {8193}
S: * NO [ALERT] IMAP command too long.
S: c6 BAD Invalid command
C: c7 NOOP
S: c7 OK NOOP completed
C: e1 ENABLE CONDSTORE X-FOO
S: * ENABLED
S: e1 OK Options enabled
C: e2 ENABLE (X)
S: e2 BAD Error in IMAP command received by server.
C: i1 ID NIL
S: * ID ("name" "Chapar" "vendor" "The Chapar project")
S: i1 OK ID completed
C: i2 ID ("name" "tb" "version" NIL)
S: * ID ("name" "Chapar" "vendor" "The Chapar project")
S: i2 OK ID completed
C: i3 ID ("name")
S: i3 BAD Error in IMAP command received by server.
C: i4 ID (name "tb")
S: i4 BAD Error in IMAP command received by server.
C: z1 LOGOUT
S: * BYE Courier-IMAP server shutting down
S: z1 OK LOGOUT completed
EOF:
END
$d->done;
like($d->log_text, qr/^INFO: ID, user=\S+, ip=\[127\.0\.0\.1\], port=\[0\], name=tb, version=\(nil\)$/m, 'ID is logged');

# Ten errors in a row end the session; anything else between starts anew.
$d = Dialogue->new;
$d->line;
$d->talk("C: x$_ FOO\nS: x$_ BAD Error in IMAP command received by server.\n")
    for 1 .. 9;
$d->talk(<<'END');
C: y NOOP
S: y OK NOOP completed
END
$d->talk("C: x$_ FOO\nS: x$_ BAD Error in IMAP command received by server.\n")
    for 1 .. 9;
$d->talk(<<'END');
C: x10 FOO
S: * BYE [ALERT] Fatal error: TOO MANY CONSECUTIVE PROTOCOL VIOLATIONS: 
EOF:
END
$d->done(1);

like($d->log_text, qr/^ERR: \S+: TOO MANY CONSECUTIVE PROTOCOL VIOLATIONS$/m,
    'the reason is logged');

# Limits.
$d = Dialogue->new;
$d->line;
$d->send('l1 LIST "" ' . 'x' x 70000 . "\r\n");
$d->talk(<<'END');
S: * NO [ALERT] IMAP command too long.
S: l1 BAD Error in IMAP command received by server.
END
$d->send('l2 LIST "" "' . 'x' x 9000 . "\"\r\n");
$d->talk(<<'END');
S: * NO [ALERT] IMAP command too long.
S: l2 BAD Error in IMAP command received by server.
END
$d->send('l3 FOO ' . '(' x 60 . ')' x 60 . "\r\n");
$d->talk(<<'END');
S: l3 BAD Error in IMAP command received by server.
END
$d->send('l4 LIST ' . '(' x 60 . ')' x 60 . "\r\n");
$d->talk(<<'END');
S: * NO [ALERT] IMAP command too long.
S: l4 BAD Invalid command
C: l5 NOOP
S: l5 OK NOOP completed
C: l6 NOOP {99999999999+}
S: * NO [ALERT] IMAP command too long.
S: l6 BAD Error in IMAP command received by server.
S: * BYE [ALERT] IMAP command too long.
EOF:
END
$d->done(1);
plan_done();
