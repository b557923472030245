#!/usr/bin/perl
# SMAP1: words, lines, errors, the end.  SPDX-License-Identifier: ISC
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Smap;

my $d = Smap->new(mail => ["Subject: one\n\nx\n"]);
$d->talk(<<'END');
C: NOOP
S: +OK Folder updated
C: noop with more
S: +OK Folder updated
C: FOO
S: -ERR Syntax error.
C-    \n
S: -ERR Syntax error.
C: FETCH 1 FLAGS
S: -ERR Syntax error.
C: CLOSE
S: +OK Folder closed
C: OPEN INBOX
S: * EXISTS 1
S: +OK Folder opened
C- \t "FETCH"  1\tFLAGS \r\n
S: * FETCH 1 FLAGS=
S: +OK Message retrieved.
C- FETCH 1 "FLAGS\n
S: * FETCH 1 FLAGS=
S: +OK Message retrieved.
C- FETCH 1 FLA"GS" "UID"FLAGS\n
S: * FETCH 1 FLAGS= <<"UID=1\d+\.M\d+P\d+\.test">>
S: +OK Message retrieved.
C- FETCH 1 FL\x00AGS\n
S: -ERR Syntax error.
C- NOOP\nNOOP\nFOO\n
S: +OK Folder updated
S: +OK Folder updated
S: -ERR Syntax error.
C: OPEN INBOX none
S: -ERR Cannot open the folder: No such file or directory
C: FETCH 1 FLAGS
S: -ERR Syntax error.
C: OPEN foo
S: -ERR Invalid folder: Invalid argument
C: OPEN
S: -ERR Invalid folder: Invalid argument
C: OPEN inbox
S: -ERR Invalid folder: Invalid argument
C: OPEN public x
S: -ERR Cannot open the folder: No such file or directory
C- OPEN INBOX \xff\n
S: -ERR Invalid folder: Invalid argument
END
$d->send('NOOP ' . 'x ' x 32000 . "\n");
is($d->line, '+OK Folder updated', 'a line of 64000 bytes');
$d->send('NOOP ' . 'x' x 66000 . "\n");
is($d->line, '-ERR Command line too long.', 'a longer one');
$d->send("FOO\n" x 30);
ok(!grep({ $_ ne '-ERR Syntax error.' } map { $d->line // '' } 1 .. 30),
    'any number of errors');
$d->ask('OPEN INBOX');
for my $set ('', '0', '2-1', '2 1', '1 1', '1-', '-1', 'x', '1:2', '1,2', '*',
    '4294967296', '1-4294967296') {
	is($d->ask("FETCH $set FLAGS"), "-ERR Syntax error.\n", "no set: $set");
}
is($d->ask('FETCH 2-4294967295 FLAGS'), "+OK Message retrieved.\n",
    'messages that are not there');
$d->talk(<<'END');
C: LOGOUT
S: * BYE Courier-SMAP server shutting down
S: +OK LOGOUT completed
EOF:
END
$d->done;
like($d->log_text, qr/^INFO: LOGIN, user=\S+, ip=\[127\.0\.0\.1\], port=\[0\], protocol=SMAP1$/m, 'the login is logged');
like($d->log_text, qr/^INFO: LOGOUT, user=\S+, ip=\[127\.0\.0\.1\], port=\[0\], headers=0, body=0, rcvd=\d+, sent=\d+, time=\d+$/m,
    'and the end');

# Without LOGOUT; and by a signal.
$d = Smap->new;
$d->done;
like($d->log_text, qr/^INFO: DISCONNECTED, user=/m, 'the client went');
for my $idle (0, 1) {
	$d = Smap->new;
	$d->talk("C: IDLE\nS: +OK Entering idle mode...\n") if $idle;
	kill 'TERM', $d->{pid};
	$d->talk(<<'END');
S: * BYE Courier-SMAP server shut down by signal.
EOF:
END
	$d->done;
	like($d->log_text, qr/^NOTICE: Disconnected during shutdown by signal/m,
	    'a signal');
}

# Whoever may not stay is told so after the login.
$d = Smap->new(env => { OPTIONS => 'disableimap=1' });
is($d->line, '* BYE IMAP access disabled for this account.', 'not allowed');
ok(!defined $d->line, 'and closed');
plan_done();
