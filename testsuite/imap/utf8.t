#!/usr/bin/perl
# UTF8=ACCEPT (RFC 6855): names, quoted strings, APPEND, SEARCH.
# SPDX-License-Identifier: ISC
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Dialogue;

my $mail = "From: J\xc3\xb6rg <j\@example.org>\nSubject: raw \xc3\xa9 utf8\n" .
    "MIME-Version: 1.0\nContent-Type: text/plain; name=\"\xc3\xa9\"\n\nbody\n";
my $d = Dialogue->new(mail => [$mail], folders =>
    ["\xc3\xa9t\xc3\xa9", '&AOg-x', 'plain']);
$d->line;

# ---- before ENABLE: nothing above 0x7f outside of literals

$d->talk(<<'END');
C: a1 LIST "" "INBOX.%"
S: * LIST (\HasNoChildren) "." "INBOX.plain"
S: * LIST (\HasNoChildren) "." "INBOX.&AOg-x"
S: * LIST (\HasNoChildren) "." "INBOX.&AOk-t&AOk-"
S: a1 OK LIST completed
C: a2 STATUS "INBOX.été" (MESSAGES)
S: * STATUS "INBOX.&AOk-t&AOk-" (MESSAGES 0)
S: a2 OK STATUS Completed.
C: a3 CREATE "INBOX.né"
S: a3 OK "INBOX.n&AOk-" created.
C- a4 STATUS "INBOX.\xe9t\xe9" (MESSAGES)\r\n
S: a4 BAD Invalid command
END
$d->answer('a5 SELECT INBOX');
$d->talk(<<'END');
C: a6 FETCH 1 ENVELOPE
S: * 1 FETCH (ENVELOPE (NIL "raw =?utf-8?B?w6k=?= utf8" (("=?utf-8?B?SsO2cmc=?=" NIL "j" "example.org")) (("=?utf-8?B?SsO2cmc=?=" NIL "j" "example.org")) (("=?utf-8?B?SsO2cmc=?=" NIL "j" "example.org")) NIL NIL NIL NIL NIL))
S: a6 OK FETCH completed.
C: a7 FETCH 1 BODY.PEEK[HEADER.FIELDS (SUBJECT)]
S: * 1 FETCH (BODY[HEADER.FIELDS ("SUBJECT")] {24}
S: Subject: raw é utf8
S: 
S: )
S: a7 OK FETCH completed.
C: a8 FETCH 1 BODY.PEEK[HEADER.FIELDS ("Sübject")]
S: a8 BAD Error in IMAP command received by server.
C: a9 SEARCH CHARSET UTF-8 SUBJECT "é"
S: * SEARCH 1
S: a9 OK SEARCH done.
C: b1 FETCH 1 BODY[HEADER.FIELDS (X)]
S: * 1 FETCH (BODY[HEADER.FIELDS ("X")] {2}
S: 
S: )
S: * OK [ALERT] Message 1 appears to be a Unicode message and your E-mail reader did not enable Unicode support. Please use an E-mail reader that supports IMAP with UTF-8 (see https://tools.ietf.org/html/rfc6855.html)
S: * 1 FETCH (FLAGS (\Seen \Recent))
S: b1 OK FETCH completed.
C: b2 APPEND INBOX UTF8 (~{5}
S: b2 BAD Error in IMAP command received by server.
C: b3 APPEND INBOX ~{5}
S: b3 BAD Error in IMAP command received by server.
C- b4 APPEND INBOX.plain {14}\r\nSubject: \xc3\xa9\r\n\x0a\r\n
S: + OK
S: * OK [ALERT] Your IMAP client does not appear to correctly implement Unicode messages, see https://tools.ietf.org/html/rfc6855.html
S: b4 OK [APPENDUID <<\d+>> 1] APPEND Ok.
END
my $before = $d->answer('b5 FETCH 1 (BODY.PEEK[] RFC822.SIZE BODYSTRUCTURE)');
like($before, qr/\("name" "=\?utf-8\?B\?w6k=\?="\)/, 'structure before');
like($before, qr/^Subject: raw \xc3\xa9 utf8\r$/m,
    'the message itself is as it was stored');

# ---- afterwards

$d->talk(<<'END');
C: c1 ENABLE UTF8=ACCEPT X-NONE
S: * ENABLED UTF8=ACCEPT
S: c1 OK Options enabled
C: c2 LIST "" "INBOX.%"
S: * LIST (\HasNoChildren) "." "INBOX.né"
S: * LIST (\HasNoChildren) "." "INBOX.plain"
S: * LIST (\HasNoChildren) "." "INBOX.èx"
S: * LIST (\HasNoChildren) "." "INBOX.été"
S: c2 OK LIST completed
C: c3 STATUS INBOX.&AOk-t&AOk- (MESSAGES)
S: c3 NO Mailbox does not exist, or must be subscribed to.
C: c4 STATUS "INBOX.èx" (MESSAGES)
S: * STATUS "INBOX.èx" (MESSAGES 0)
S: c4 OK STATUS Completed.
C: c5 LIST "" "INBOX.é*"
S: * LIST (\HasNoChildren) "." "INBOX.été"
S: c5 OK LIST completed
C: c6 CREATE "INBOX.été.ça"
S: c6 OK "INBOX.été.ça" created.
C: c7 SUBSCRIBE "INBOX.été.ça"
S: c7 OK Folder subscribed.
C: c8 LSUB "" "INBOX.é*"
S: * LSUB (\HasNoChildren) "." "INBOX.été.ça"
S: * LSUB (\Noselect \HasChildren) "." "INBOX.été"
S: c8 OK LSUB completed
C: c9 RENAME "INBOX.été.ça" "INBOX.là"
S: c9 OK Folder renamed.
C: d1 DELETE "INBOX.là"
S: d1 OK Folder deleted.
C- d2 CREATE "INBOX.a\xe2\x80\xa8b"\r\n
S: d2 NO Invalid mailbox name.
C- d3 CREATE "INBOX.a\xc2\x85b"\r\n
S: d3 NO Invalid mailbox name.
C- d4 CREATE "INBOX.a\x07b"\r\n
S: d4 NO Invalid mailbox name.
C- d5 CREATE "INBOX.\xc3\x28"\r\n
S: d5 BAD Invalid command
C: e1 FETCH 1 ENVELOPE
S: * 1 FETCH (ENVELOPE (NIL "raw é utf8" (("Jörg" NIL "j" "example.org")) (("Jörg" NIL "j" "example.org")) (("Jörg" NIL "j" "example.org")) NIL NIL NIL NIL NIL))
S: e1 OK FETCH completed.
C: e2 STORE 1 -FLAGS.SILENT (\Seen)
S: e2 OK STORE completed.
C: e3 FETCH 1 BODY[TEXT]
S: * 1 FETCH (BODY[TEXT] {6}
S: body
S: )
S: * 1 FETCH (FLAGS (\Seen \Recent))
S: e3 OK FETCH completed.
C: f1 SEARCH CHARSET UTF-8 SUBJECT "é"
S: f1 BAD CHARSET is not valid in UTF8 mode as per RFC 6855
C: f2 UID SEARCH CHARSET US-ASCII ALL
S: f2 BAD CHARSET is not valid in UTF8 mode as per RFC 6855
C: f3 SEARCH SUBJECT "É"
S: * SEARCH 1
S: f3 OK SEARCH done.
C: f3b SORT (DATE) UTF-8 SUBJECT "é"
S: * SORT 1
S: f3b OK SORT done.
C: f3c SORT (DATE) US-ASCII ALL
S: f3c BAD [BADCHARSET] Only UTF-8 charset is valid after enabling RFC 6855 support
C: f3d UID THREAD REFERENCES X-NONE ALL
S: f3d BAD [BADCHARSET] Only UTF-8 charset is valid after enabling RFC 6855 support
C- f4 SEARCH SUBJECT "\xe9"\r\n
S: f4 BAD Error in IMAP command received by server.
END
my $after = $d->answer('g1 FETCH 1 (BODY.PEEK[] RFC822.SIZE BODYSTRUCTURE)');
like($after, qr/\("name" "\xc3\xa9"\)/, 'structure afterwards');
(my $same = $before) =~ s/=\?utf-8\?B\?w6k=\?=/\xc3\xa9/;
$same =~ s/^b5/g1/m;
is($after, $same, 'the message and its size are the same');

# ---- APPEND with the data extension

$d->talk(<<'END');
C: h1 APPEND INBOX.plain (\Flagged) " 1-Jan-2020 00:00:00 +0000" UTF8 (~{15}
S: + OK
C- Subject: \xc3\xa9\r\n\r\n)\r\n
S: h1 OK [APPENDUID <<\d+>> 2] APPEND Ok.
C- h2 APPEND INBOX.plain UTF8 (~{15+}\r\nSubject: \xc3\xa9\r\n\r\n)\r\n
S: h2 OK [APPENDUID <<\d+>> 3] APPEND Ok.
C- h3 APPEND INBOX.plain UTF8 (~{15+}\r\nSubject: \xc3\xa9\r\n\r\n\r\n
S: h3 BAD Error in IMAP command received by server.
C- h4 APPEND INBOX.plain UTF8 (~{15+}\r\nSubject: \xc3\xa9\r\n\r\n) x\r\n
S: h4 BAD Error in IMAP command received by server.
C- h5 APPEND INBOX.plain UTF8 (~{15+}\r\nSubject: \xc3\xa9\r\n\r\n x)\r\n
S: h5 BAD Error in IMAP command received by server.
C- h6 APPEND INBOX.plain UTF8 ({3+}\r\nabc)\r\n
S: h6 BAD Error in IMAP command received by server.
C: h7 APPEND INBOX.plain UTF8 ()
S: h7 BAD Error in IMAP command received by server.
C: h8 APPEND INBOX.plain UTF8 ~{15}
S: h8 BAD Error in IMAP command received by server.
C: h8b APPEND INBOX.plain (~{15}
S: h8b BAD Error in IMAP command received by server.
C: h9 STATUS INBOX.plain (MESSAGES)
S: * STATUS "INBOX.plain" (MESSAGES 3)
S: h9 OK STATUS Completed.
C: i1 APPEND INBOX.none UTF8 (~{15}
S: i1 NO [TRYCREATE] Must create mailbox before append
C: i2 NOOP
S: i2 OK NOOP completed
END
my $text = slurp((glob "$d->{maildir}/.plain/cur/*:2,F")[0]);
is($text, "Subject: \xc3\xa9\n\n", 'stored as it was sent');
$d->done;

# ---- announced always, as Courier does (imap-wire.md 1.3)

$d = Dialogue->new(env => { IMAP_EXTENSIONS => 'none' });
$d->talk(<<'END');
S: * PREAUTH Ready.
C: a CAPABILITY
S: * CAPABILITY IMAP4rev1 ENABLE UTF8=ACCEPT
S: a OK CAPABILITY completed
END
$d->done;
plan_done();
