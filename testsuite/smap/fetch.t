#!/usr/bin/perl
# SMAP1: FETCH.  SPDX-License-Identifier: ISC
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Smap;

my $big = "A" x 70 . "\n" . "0123456789abcde\n" x 1300;
my $base64 = join '', map { 'AAAA' x 19 . "\n" } 1 .. 200;
my @mail = (
	"From: a\@b\nSubject: one\nX-Fold: a\n\t b\n   c\nX-None:\n.dot: x\n" .
	    "no colon\n\n.Hello\n..two\n",
	"From: Dan <dan\@d.test>\nSubject: parts\nMIME-Version: 1.0\n" .
	    "Content-Type: multipart/mixed; boundary=\"bb\"\n\npreamble\n" .
	    "--bb\nContent-Type: text/plain\n\npart one\n" .
	    "--bb\nContent-Type: application/x\n" .
	    "Content-Transfer-Encoding: base64\n\naGVsbG8=\n" .
	    "--bb\nContent-Type: message/rfc822\n\nSubject: inner\n" .
	    "MIME-Version: 1.0\nContent-Type: multipart/alternative; " .
	    "boundary=cc\n\n--cc\n\nalt one\n--cc\nContent-Type: text/html\n" .
	    "Content-Transfer-Encoding: quoted-printable\n\n<p>=E9</p>\n" .
	    "--cc--\n--bb--\n",
	"Subject: crlf\r\nX-Y: z\r\n\r\nbody\r\n",
	"Subject: empty\n\n",
	'',
	"Subject: big\n\n$big",
	"Subject: b64\nContent-Transfer-Encoding: base64\n\n$base64",
);
my $home = Dialogue::home();
my $m = "$home/Maildir";
Dialogue::deliver($m, $_, '', 1600000000) for @mail;
my $d = Smap->new(home => $home, env => { TZ => 'UTC' });
$d->set(size1 => length $mail[0], size2 => length $mail[1],
    body2 => length $mail[1] =~ s/.*?\n\n//sr);
$d->talk(<<'END');
C: OPEN INBOX
S: * EXISTS 7
S: +OK Folder opened
C: FETCH 1-2 INTERNALDATE SIZE UID KEYWORDS FLAGS
S: * FETCH 1 FLAGS= "KEYWORDS=" <<"UID=.*?">> SIZE=@size1@ "INTERNALDATE=Sun, 13 Sep 2020 12:26:40 +0000"
S: * FETCH 2 FLAGS= "KEYWORDS=" <<"UID=.*?">> SIZE=@size2@ "INTERNALDATE=Sun, 13 Sep 2020 12:26:40 +0000"
S: +OK Message retrieved.
C: FETCH 1 OTHER CONTENTS.PEEK=OTHER CONTENTS
S: +OK Message retrieved.
C: FETCH 1 CONTENTS.PEEK=HEADERS FLAGS
S: {.0} FETCH 1 HEADERS
S: From: a@b
S: Subject: one
S: X-Fold: a b c
S: X-None: 
S: ..dot: x
S: no colon
S: .
S: * FETCH 1 FLAGS=
S: +OK Message retrieved.
C: FETCH 1 CONTENTS.PEEK=RAWHEADERS
S: {.0} FETCH 1 RAWHEADERS
S: From: a@b
S: Subject: one
S: X-Fold: a
S: <<\t b>>
S:    c
S: X-None:
S: ..dot: x
S: no colon
S: .
S: +OK Message retrieved.
C: FETCH 1 CONTENTS.PEEK=HEADERS(SUBJECT,x-fold)
S: {.0} FETCH 1 HEADERS
S: Subject: one
S: X-Fold: a b c
S: .
S: +OK Message retrieved.
C: FETCH 1-2 CONTENTS.PEEK=HEADERS(:ENVELOPE)
S: {.0} FETCH 1 HEADERS
S: From: a@b
S: Subject: one
S: .
S: {.0} FETCH 2 HEADERS
S: From: Dan <dan@d.test>
S: Subject: parts
S: .
S: +OK Message retrieved.
C: FETCH 2 CONTENTS.PEEK=HEADERS(:MIME)
S: {.0} FETCH 2 HEADERS
S: From: Dan <dan@d.test>
S: Subject: parts
S: MIME-Version: 1.0
S: Content-Type: multipart/mixed; boundary="bb"
S: .
S: +OK Message retrieved.
C: FETCH 2 CONTENTS.PEEK=HEADERS(:NONE)
S: {.0} FETCH 2 HEADERS
S: .
S: +OK Message retrieved.
C: FETCH 2 CONTENTS.PEEK=MIME
S: {.102} FETCH 2 LINES=27 SIZE=@body2@ "MIME.ID="
S: From: Dan <dan@d.test>
S: Subject: parts
S: MIME-Version: 1.0
S: Content-Type: multipart/mixed; boundary="bb"
S: .
S: {.26} FETCH 2 LINES=0 SIZE=8 "MIME.ID=1.1" "MIME.PARENT="
S: Content-Type: text/plain
S: .
S: {.63} FETCH 2 LINES=0 SIZE=8 "MIME.ID=1.2" "MIME.PARENT="
S: Content-Type: application/x
S: Content-Transfer-Encoding: base64
S: .
S: {.30} FETCH 2 LINES=12 SIZE=188 "MIME.ID=1.3" "MIME.PARENT="
S: Content-Type: message/rfc822
S: .
S: {.83} FETCH 2 LINES=8 SIZE=105 "MIME.ID=1.3.0" "MIME.PARENT=1.3"
S: Subject: inner
S: MIME-Version: 1.0
S: Content-Type: multipart/alternative; boundary=cc
S: .
S: {.1} FETCH 2 LINES=0 SIZE=7 "MIME.ID=1.3.0.1" "MIME.PARENT=1.3.0"
S: .
S: {.69} FETCH 2 LINES=0 SIZE=10 "MIME.ID=1.3.0.2" "MIME.PARENT=1.3.0"
S: Content-Type: text/html
S: Content-Transfer-Encoding: quoted-printable
S: .
S: +OK Message retrieved.
C: FETCH 2 CONTENTS.PEEK=MIME(MIME-VERSION)
S: {.102} FETCH 2 LINES=27 SIZE=@body2@ "MIME.ID="
S: MIME-Version: 1.0
S: .
S: {.26} FETCH 2 LINES=0 SIZE=8 "MIME.ID=1.1" "MIME.PARENT="
S: .
S: {.63} FETCH 2 LINES=0 SIZE=8 "MIME.ID=1.2" "MIME.PARENT="
S: .
S: {.30} FETCH 2 LINES=12 SIZE=188 "MIME.ID=1.3" "MIME.PARENT="
S: .
S: {.83} FETCH 2 LINES=8 SIZE=105 "MIME.ID=1.3.0" "MIME.PARENT=1.3"
S: MIME-Version: 1.0
S: .
S: {.1} FETCH 2 LINES=0 SIZE=7 "MIME.ID=1.3.0.1" "MIME.PARENT=1.3.0"
S: .
S: {.69} FETCH 2 LINES=0 SIZE=10 "MIME.ID=1.3.0.2" "MIME.PARENT=1.3.0"
S: .
S: +OK Message retrieved.
C: FETCH 2 CONTENTS.PEEK=HEADERS[1.2]
S: {.63} FETCH 2 HEADERS
S: Content-Type: application/x
S: Content-Transfer-Encoding: base64
S: .
S: +OK Message retrieved.
C: FETCH 2 CONTENTS.PEEK=HEADERS[1.2](CONTENT-TYPE) CONTENTS.PEEK=HEADERS(CONTENT-TYPE)[1.2]
S: {.63} FETCH 2 HEADERS
S: Content-Type: application/x
S: .
S: {.63} FETCH 2 HEADERS
S: Content-Type: application/x
S: .
S: +OK Message retrieved.
C: FETCH 2 CONTENTS.PEEK=BODY[1.1]
S: {8/8} FETCH 2 CONTENTS
S: part one
S: +OK Message retrieved.
C: FETCH 2 CONTENTS.PEEK=ALL[1.1]
S: {34/34} FETCH 2 CONTENTS
S: Content-Type: text/plain
S: 
S: part one
S: +OK Message retrieved.
C: FETCH 2 CONTENTS.PEEK=BODY.DECODED[1.2]
S: {5/6} FETCH 2 CONTENTS
S: hello
S: +OK Message retrieved.
C: FETCH 2 CONTENTS.PEEK=BODY.DECODED[1.3.0.2]
S: {8/10} FETCH 2 CONTENTS
S: <<<p>\xe9</p>>>
S: +OK Message retrieved.
C: FETCH 2 CONTENTS.PEEK=BODY[1.3.0]
S: {105/105} FETCH 2 CONTENTS
S: --cc
S: 
S: alt one
S: --cc
S: Content-Type: text/html
S: Content-Transfer-Encoding: quoted-printable
S: 
S: <p>=E9</p>
S: --cc--
S: +OK Message retrieved.
C: FETCH 1 CONTENTS.PEEK=BODY
S: {13/13} FETCH 1 CONTENTS
S: .Hello
S: ..two
S: 
S: +OK Message retrieved.
C: FETCH 3 CONTENTS.PEEK=RAWHEADERS CONTENTS.PEEK=HEADERS SIZE
S: {.0} FETCH 3 RAWHEADERS
S: Subject: crlf
S: X-Y: z
S: .
S: {.0} FETCH 3 HEADERS
S: Subject: crlf
S: X-Y: z
S: .
S: * FETCH 3 SIZE=31
S: +OK Message retrieved.
C: FETCH 4-5 CONTENTS.PEEK=BODY
S: {.0} FETCH 4 CONTENTS
S: .
S: {.0} FETCH 5 CONTENTS
S: .
S: +OK Message retrieved.
C: FETCH 5 CONTENTS.PEEK=HEADERS CONTENTS.PEEK=MIME CONTENTS.PEEK=ALL
S: {.0} FETCH 5 HEADERS
S: .
S: {.0} FETCH 5 LINES=0 SIZE=0 "MIME.ID="
S: .
S: {.0} FETCH 5 CONTENTS
S: .
S: +OK Message retrieved.
C: FETCH 1-2 CONTENTS=BODY[1] FLAGS
S: {13/13} FETCH 1 CONTENTS
S: .Hello
S: ..two
S: 
S: * FETCH 1 FLAGS=SEEN
S: {@body2@/@body2@} FETCH 2 CONTENTS
S: preamble
S: --bb
S: Content-Type: text/plain
S: 
S: part one
S: --bb
S: Content-Type: application/x
S: Content-Transfer-Encoding: base64
S: 
S: aGVsbG8=
S: --bb
S: Content-Type: message/rfc822
S: 
S: Subject: inner
S: MIME-Version: 1.0
S: Content-Type: multipart/alternative; boundary=cc
S: 
S: --cc
S: 
S: alt one
S: --cc
S: Content-Type: text/html
S: Content-Transfer-Encoding: quoted-printable
S: 
S: <p>=E9</p>
S: --cc--
S: --bb--
S: 
S: * FETCH 2 FLAGS=SEEN
S: * FETCH 1 FLAGS=SEEN
S: * FETCH 2 FLAGS=SEEN
S: +OK Message retrieved.
END
# Bodies in chunks: those of the answer, put together again.
sub body {
	my ($text) = @_;
	my ($n, $total) = $text =~ s/^\{(\d+)\/(\d+)\} FETCH \d+ CONTENTS\n// ?
	    ($1, $2) : (0, 0);
	my ($got, @sizes) = ('', $n);
	for (;;) {
		$got .= substr $text, 0, $n, '';
		last unless $text =~ s/^(\d+)\n//;
		push @sizes, $n = $1;
	}
	return ($got, $total, "@sizes", $text);
}
my $end = "\n+OK Message retrieved.\n";
my ($got, $total, $sizes, $rest) = body($d->ask('FETCH 6 CONTENTS.PEEK=BODY'));
ok($got eq $big, 'a large body');
is("$total: $sizes$rest", length($big) . ': 8192 8192 ' .
    (length($big) - 16384) . $end, 'its chunks');
($got, $total, $sizes, $rest) =
    body($d->ask('FETCH 7 CONTENTS.PEEK=BODY.DECODED'));
ok($got eq "\0" x (200 * 57), 'decoded');
is("$total: $sizes$rest", int(length($base64) / 4) * 3 . ': 8192 3208' . $end,
    'its chunks, and an estimate');
for ('BODY[1.2]', 'BODY[0]', 'BODY[2]', 'BODY[1.0]', 'BODY[x]', 'BODY[1',
    'BODY[1.]', 'BODY[1.1.1.1]', 'HEADERS[1.9]', 'HEADERS(a', 'HEADERS[1]x',
    'BODY' . '[1' . '.1' x 200 . ']', 'HEADERS(' . 'a,' x 1200 . ')') {
	is($d->ask("FETCH 1 CONTENTS.PEEK=$_"), '-ERR Cannot retrieve message: '
	    . (/a,/ ? 'File name too long' : 'Invalid argument') . "\n",
	    'no ' . substr $_, 0, 20);
}
$d->done;
like($d->log_text, qr/, headers=[1-9]\d*, body=[1-9]\d{4},/, 'counted');
plan_done();
