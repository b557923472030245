#!/usr/bin/perl
# doc/conformance.md: RFC 2180 (mailboxes that several sessions use), and
# RFC 4315 (UIDPLUS).
# SPDX-License-Identifier: ISC
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Dialogue;

my @mail = map "Subject: m$_\n\nbody $_\n", 1 .. 9;

# Two sessions; the first removes messages, the second was not told. With
# `behind`, another program does it.
sub two {
	my ($set, $behind) = @_;
	my $d = Dialogue->new(mail => \@mail, folders => ['b']);
	$d->line;
	$d->answer('s SELECT INBOX');
	my $e = $d->other;
	$e->answer('s SELECT INBOX');
	$d->answer("s STORE $set +FLAGS.SILENT (\\Deleted)");
	if ($behind) {
		unlink glob "$d->{maildir}/cur/*:2,*T";
		$d->answer('s NOOP');
	} else {
		$d->answer('s EXPUNGE');
	}
	return ($d, $e);
}

# ---- 3: several at once

my ($d, $e) = two('4:7', 'behind');
$d->gives('a mailbox in use can be selected again', 'SELECT INBOX',
    qr/^OK \[READ-WRITE\]/m);
$d->gives('and renamed away or deleted by another: not INBOX', 'DELETE INBOX',
    qr/\ANO/);

# ---- 4.1: FETCH

$e->gives('FETCH of those that are there', 'FETCH 1:3,8:9 UID', qr/^OK/m);
$e->gives('FETCH of some that have gone: the others, and NO',
    'FETCH 3:5 (UID BODY.PEEK[])', qr/^\* 3 FETCH .*UID 3 /m,
    qr/^NO \[EXPUNGEISSUED\]/m, not => qr/EXPUNGE$/m);
$e->gives('FETCH of all that have gone: only NO', 'FETCH 4:7 BODY.PEEK[]',
    qr/\ANO \[EXPUNGEISSUED\]/);
$e->gives('no substitute text', 'FETCH 4 (BODY.PEEK[] RFC822.SIZE)',
    not => qr/FETCH|unavailable/);

my ($d1, $e1) = two('4:7');
$e1->gives('FETCH of what another session removed: it is still there',
    'FETCH 3:5 (UID INTERNALDATE BODY.PEEK[TEXT])',
    qr/^\* 4 FETCH \(UID 4 INTERNALDATE "14-Nov-2023 22:13:20 \+0000" BODY\[TEXT\] \{8\}\nbody 4\n\)\n/m,
    qr/^OK/m, not => qr/EXPUNGE$/m);
$e1->gives('it goes when it is told', 'NOOP', qr/^\* 4 EXPUNGE$/m);
my $kept = "$d1->{maildir}/tmp/chapar.gone.*";
is(scalar(() = glob $kept), 4, 'kept while somebody may want them');
$e1->done;
is(scalar(() = glob $kept), 4, 'the other one is still there');
$d1->done;
is(scalar(() = glob $kept), 0, 'the last one cleans up');
$d1 = $d1->other;
$d1->answer('s SELECT INBOX');
$d1->answer('s STORE 1 +FLAGS.SILENT (\Deleted)');
$d1->gives('alone', 'EXPUNGE', qr/^\* 1 EXPUNGE$/m);
is(scalar(() = glob $kept), 0, 'nothing is kept for nobody');
$d1->done;

# ---- 4.2: STORE

$e->gives('STORE of some that have gone: the others are changed',
    'STORE 3:5 +FLAGS (\Flagged)',
    qr/^\* 3 FETCH \(FLAGS \(\\Flagged\)\)$/m, qr/^OK/m,
    not => qr/EXPUNGE$/m);
$e->gives('with .SILENT: OK', 'STORE 3:5 +FLAGS.SILENT (\Draft)', qr/\AOK/);
$e->gives('STORE of all that have gone', 'STORE 4:7 +FLAGS (\Flagged)',
    qr/\ANO \[EXPUNGEISSUED\]/);

# ---- 4.3: SEARCH

$e->gives('SEARCH does not renumber', 'SEARCH SUBJECT m9', qr/^\* SEARCH 9$/m,
    not => qr/EXPUNGE$/m);
$e->gives('nor finds text of what has gone', 'SEARCH BODY "body 5"',
    qr/^\* SEARCH(?: 5)?$/m);

# ---- 4.4: COPY

$e->gives('COPY of some that have gone: the others', 'COPY 3:4 INBOX.b',
    qr/^OK \[COPYUID \d+ 3 1\]/m);
$e->gives('EXPUNGE is told at COPY or the next poll', 'NOOP', qr/^OK/m);
$e->gives('then numbers agree', 'FETCH 1:* UID', qr/^\* 5 FETCH \(UID 9\)$/m,
    not => qr/^\* 6/m);
$_->done for $d, $e;
($d, $e) = two('4:5');
$e->gives('COPY that finds nothing', 'COPY 4:5 INBOX.b', qr/^(?:OK|NO)/m);
$e->gives('pending EXPUNGEs are told by the next poll', 'NOOP',
    qr/^\* 4 EXPUNGE\n\* 4 EXPUNGE$/m);
$e->gives('nothing was copied', 'STATUS INBOX.b (MESSAGES)', qr/MESSAGES 0/);
$d->answer('s COPY 3 INBOX.b');
$d->answer('s STORE 3 +FLAGS.SILENT (\Deleted)');
$d->answer('s EXPUNGE');
$d->gives('a copy outlives its source', 'STATUS INBOX.b (MESSAGES)',
    qr/MESSAGES 1/);
$_->done for $d, $e;

# ---- three sessions, all in one order (RFC 3501 7.4.1, imap-wire.md 9.2)

($d, $e) = two('2');
my $f = $d->other;
$f->answer('s SELECT INBOX');
$e->answer('s STORE 1 +FLAGS.SILENT (\Seen)');
Dialogue::deliver($d->{maildir}, $mail[0]);
$d->answer('s STORE 3 +FLAGS.SILENT (\Deleted)');
$d->answer('s UID STORE 5 +FLAGS.SILENT (word)');
$d->answer('s EXPUNGE');
my $tail = '\* FLAGS \(word [^\n]*\n\* OK \[PERMANENTFLAGS \(word [^\n]*\n' .
    '\* 8 EXISTS\n\* \d RECENT\n';
$e->gives('EXPUNGE, FLAGS, EXISTS, RECENT, FETCH', 'NOOP',
    qr/\A\* 2 EXPUNGE\n\* 3 EXPUNGE\n$tail\* 3 FETCH \(FLAGS \(word\)\)\nOK/);
$f->gives('so with the third', 'NOOP',
    qr/\A\* 3 EXPUNGE\n$tail\* 1 FETCH \(FLAGS \(\\Seen\)\)\n\* 3 FETCH \(FLAGS \(word\)\)\nOK/);
$e->gives('and no more', 'NOOP', qr/\AOK/);
$_->send("i IDLE\r\n") for $e, $f;
$_->line for $e, $f;
$d->answer('s UID STORE 5 -FLAGS.SILENT (word)');
for my $s ($e, $f) {
	$s->talk(<<'END');
S: * 3 FETCH (FLAGS ())
S: * FLAGS (\Draft \Answered \Flagged \Deleted \Seen \Recent)
S: * OK [PERMANENTFLAGS (\* \Draft \Answered \Flagged \Deleted \Seen)] Limited
C: DONE
S: i OK IDLE completed
END
}
$_->done for $d, $e, $f;

# ---- RFC 4315

$d = Dialogue->new(mail => \@mail, folders => ['b']);
$d->line;
$d->answer('s SELECT INBOX');
my ($v) = $d->answer('s STATUS INBOX.b (UIDVALIDITY)') =~ /Y (\d+)/;
$d->gives('APPENDUID: UIDVALIDITY and one UID', "APPEND INBOX.b {1+}\r\nx",
    qr/^OK \[APPENDUID $v 1\] /m);
$d->gives('COPYUID: sets in the same order', 'COPY 1,3:4,9 INBOX.b',
    qr/^OK \[COPYUID $v 1,3:4,9 2:5\] /m);
$d->gives('one copy is not a range', 'COPY 2 INBOX.b',
    qr/^OK \[COPYUID $v 2 6\] /m);
$d->gives('no COPYUID if nothing is copied', 'UID COPY 77 INBOX.b',
    qr/\AOK/, not => qr/COPYUID/);
$d->answer('s STORE 2:4 +FLAGS.SILENT (\Deleted)');
$d->gives('UID EXPUNGE: the set, if \Deleted', 'UID EXPUNGE 1:3,99',
    qr/\A\* 2 EXPUNGE\n\* 2 EXPUNGE\n\* 7 EXISTS\n/);
$d->gives('the other stays', 'FETCH 2 (UID FLAGS)', qr/UID 4 FLAGS .*Deleted/);
$d->gives('never UIDNOTSTICKY', 'SELECT INBOX.b', not => qr/UIDNOTSTICKY/);
$d->done;
plan_done();
