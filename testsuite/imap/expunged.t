#!/usr/bin/perl
# Messages that another session removed and this one was not told of.
# SPDX-License-Identifier: ISC
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Dialogue;

my @text = map { "Subject: message $_\nFrom: a\@b.example\n\nbody of $_\n" }
    1 .. 5;
my $one = Dialogue->new(mail => \@text);
$one->talk(<<'END');
S: * PREAUTH Ready.
C: a EXAMINE INBOX
S: * FLAGS <<.*>>
S: * OK [PERMANENTFLAGS ()] No permanent flags permitted
S: * 5 EXISTS
S: * 5 RECENT
S: * OK [UIDVALIDITY <<\d+>>] Ok
S: * OK [UNSEEN 1] Ok
S: * OK [UIDNEXT 6] Ok
S: * OK [MYRIGHTS <<.*>>
S: a OK [READ-ONLY] Ok
C: a1 CLOSE
S: a1 OK mailbox closed.
END
like($one->answer('b SELECT INBOX'), qr/^\* 5 EXISTS\r$/m, 'five messages');
# Begun here, so it is open.
$one->talk(<<'END');
C: c FETCH 2 (BODY.PEEK[]<0.8>)
S: * 2 FETCH (BODY[]<0> {8}
S: Subject:)
S: c OK FETCH completed.
END

my $two = Dialogue->new(home => $one->{home});
$two->talk(<<'END');
S: * PREAUTH Ready.
END
$two->answer('a SELECT INBOX');
like($two->answer('b STORE 2:4 +FLAGS.SILENT (\Deleted)'), qr/^b OK/m,
    'marked');
# By another program; a session of ours would keep them (conform-sharing.t).
unlink glob "$one->{maildir}/cur/*:2,*T";
like($two->answer('c EXPUNGE'),
    qr/^(\* 2 EXPUNGE\r\n){3}\* 2 EXISTS\r\n.*^c OK/ms, 'expunged');

# No substitute text (5 numbers still), nothing is said of it yet.
$one->talk(<<'END');
C: d FETCH 2 (BODY.PEEK[]<8.10>)
S: * 2 FETCH (BODY[]<8> {10}
S:  message 2)
S: d OK FETCH completed.
C: e FETCH 3 (BODY.PEEK[])
S: e NO [EXPUNGEISSUED] Some messages were expunged.
C: f FETCH 3:5 (UID BODY.PEEK[TEXT])
S: * 5 FETCH (UID 5 BODY[TEXT] {11}
S: body of 5
S: )
S: f NO [EXPUNGEISSUED] Some messages were expunged.
C: g FETCH 4 (RFC822.SIZE)
S: g NO [EXPUNGEISSUED] Some messages were expunged.
C: h UID FETCH 4 (INTERNALDATE ENVELOPE)
S: h NO [EXPUNGEISSUED] Some messages were expunged.
C: i COPY 3 INBOX
S: * 2 EXPUNGE
S: * 2 EXPUNGE
S: * 2 EXPUNGE
S: * 2 EXISTS
S: * 2 RECENT
S: i OK COPY completed.
C: k FETCH 1:* (UID)
S: * 1 FETCH (UID 1)
S: * 2 FETCH (UID 5)
S: k OK FETCH completed.
END
# Copied is what is there.
$two->answer('d STORE 2 +FLAGS.SILENT (\Deleted)');
$two->answer('e EXPUNGE');
like($one->answer('l COPY 1:2 INBOX'),
    qr/^l OK \[COPYUID \d+ 1 6\] COPY completed/m, 'COPY of the other');
like($one->answer('m STORE 2 +FLAGS (\Seen)'),
    qr/^m (?:OK|NO \[EXPUNGEISSUED\])/m, 'STORE of one that is gone');
$one->done;
$two->done;
plan_done();
