# Messages as real mailboxes have them, the same at every run.
# SPDX-License-Identifier: ISC
#
#   my $text = Mails::make($n);     LF line ends, header and body
package Mails;
use strict;
use warnings;
use MIME::Base64 ();
use MIME::QuotedPrint ();

my @words = qw(meeting invoice river train window garden yellow quarter
    budget holiday contract printer server bridge ticket harbour minute
    letter kitchen summer archive report parcel station morning colour);
my @utf8 = ("Gr\xc3\xbc\xc3\x9fe aus K\xc3\xb6ln",
    "\xd9\xbe\xdb\x8c\xda\xa9 \xd9\x88 \xda\x86\xd8\xa7\xd9\xbe\xd8\xa7\xd8\xb1",
    "\xe6\x9d\xb1\xe4\xba\xac\xe3\x81\x8b\xe3\x82\x89\xe3\x81\xae\xe6\x89\x8b\xe7\xb4\x99",
    "\xd0\xbf\xd0\xb8\xd1\x81\xd1\x8c\xd0\xbc\xd0\xbe \xe2\x80\x94 na\xc3\xafve",
    "emoji \xf0\x9f\x93\xac and \xe2\x82\xac 12,50");

# A generator of our own: perl's rand differs between versions.
my $seed = 1;

sub dice {
	my ($n) = @_;
	$seed = ($seed * 69069 + 12345) % 4294967296;
	return int($seed / 65536) % $n;
}

sub sentence {
	my $s = join ' ', map { $words[dice(scalar @words)] } 1 .. 6 + dice(9);
	return ucfirst("$s.");
}

sub paragraph { return join "\n", map { sentence() } 1 .. 2 + dice(6) }

sub bytes { return join '', map { chr dice(256) } 1 .. $_[0] }

sub head {
	my ($n, $subject, @more) = @_;
	my @mon = qw(Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec);
	my @day = qw(Mon Tue Wed Thu Fri Sat Sun);
	my $date = sprintf '%s, %d %s 2025 %02d:%02d:%02d +0100',
	    $day[$n % 7], 1 + $n % 28, $mon[$n % 12], $n % 24, $n % 60,
	    ($n * 7) % 60;
	return join "\n", "From: \"Sender $n\" <s$n\@example.test>",
	    "To: User One <one\@example.test>, two\@example.test",
	    "Subject: $subject", "Date: $date",
	    "Message-ID: <m$n.chapar\@example.test>", @more, '', '';
}

my @kind = (\&plain, \&latin1, \&utf8_8bit, \&quoted, \&attachment,
    \&alternative, \&long_lines, \&dots, \&empty, \&forwarded, \&odd_header,
    \&digest);

sub make {
	my ($n) = @_;
	$seed = 1000 + $n;
	my $text = $kind[$n % @kind]->($n);
	$text .= "\n" unless $text =~ /\n\z/;
	return $text;
}

sub plain {
	my ($n) = @_;
	return head($n, sentence()) . join("\n\n",
	    map { paragraph() } 1 .. 1 + dice(8)) . "\n";
}

sub latin1 {
	my ($n) = @_;
	return head($n, '=?iso-8859-1?Q?Caf=E9_au_lait?=',
	    'MIME-Version: 1.0',
	    'Content-Type: text/plain; charset=iso-8859-1',
	    'Content-Transfer-Encoding: 8bit') .
	    "Un caf\xe9 \xe0 la terrasse, s'il vous pla\xeet.\n" x 4 .
	    paragraph() . "\n";
}

sub utf8_8bit {
	my ($n) = @_;
	my $line = $utf8[$n % @utf8];
	return head($n, '=?UTF-8?B?' . MIME::Base64::encode($line, '') . '?=',
	    'MIME-Version: 1.0', 'Content-Type: text/plain; charset=utf-8',
	    'Content-Transfer-Encoding: 8bit') .
	    join("\n", @utf8, $line, paragraph()) . "\n";
}

sub quoted {
	my ($n) = @_;
	return head($n, sentence(), 'MIME-Version: 1.0',
	    'Content-Type: text/plain; charset=utf-8',
	    'Content-Transfer-Encoding: quoted-printable') .
	    MIME::QuotedPrint::encode(join("\n", @utf8, paragraph(), ''));
}

sub attachment {
	my ($n) = @_;
	my $b = "=_bound_$n";
	my $data = MIME::Base64::encode(bytes(2000 + dice(60000)));
	return head($n, sentence(), 'MIME-Version: 1.0',
	    "Content-Type: multipart/mixed;\n boundary=\"$b\"") .
	    "This is a multi-part message in MIME format.\n" .
	    "--$b\nContent-Type: text/plain; charset=us-ascii\n\n" .
	    paragraph() . "\n--$b\n" .
	    "Content-Type: application/pdf;\n name=\"r\xc3\xa9sum\xc3\xa9 $n.pdf\"\n" .
	    "Content-Transfer-Encoding: base64\n" .
	    "Content-Disposition: attachment;\n" .
	    " filename*0*=UTF-8''r%C3%A9sum%C3%A9%20;\n filename*1=\"$n.pdf\"\n\n" .
	    "$data--$b--\n";
}

sub alternative {
	my ($n) = @_;
	my ($o, $i) = ("outer$n", "inner$n");
	return head($n, sentence(), 'MIME-Version: 1.0',
	    "Content-Type: multipart/related; boundary=$o; type=\"text/html\"") .
	    "--$o\nContent-Type: multipart/alternative; boundary=\"$i\"\n\n" .
	    "--$i\nContent-Type: text/plain\n\n" . paragraph() .
	    "\n--$i\nContent-Type: text/html; charset=utf-8\n\n" .
	    "<html><body><p>$utf8[0]</p><img src=\"cid:p$n\"></body></html>\n" .
	    "--$i--\n--$o\nContent-Type: image/png\nContent-ID: <p$n>\n" .
	    "Content-Transfer-Encoding: base64\n\n" .
	    MIME::Base64::encode(bytes(700)) . "--$o--\n";
}

sub long_lines {
	my ($n) = @_;
	return head($n, sentence()) .
	    join("\n", 'x' x 998, 'y' x 997, 'z' x 990, ' ' x 500 . 'end',
	    paragraph()) . "\n";
}

sub dots {
	my ($n) = @_;
	return head($n, '. a dot') . ".\n..\n.hidden\n\n...\n.\n" .
	    "From the first line\n>From quoted\n" . paragraph() . "\n.\n";
}

sub empty {
	my ($n) = @_;
	return head($n, 'nothing in it');
}

sub forwarded {
	my ($n) = @_;
	my $b = "fwd-$n";
	my $inner = attachment($n + 5000);
	return head($n, 'Fwd: ' . sentence(), 'MIME-Version: 1.0',
	    "Content-Type: multipart/mixed; boundary=$b") .
	    "--$b\n\nsee below\n--$b\nContent-Type: message/rfc822\n\n" .
	    "$inner--$b--\n";
}

sub odd_header {
	my ($n) = @_;
	return head($n, "folded\n\tsubject \"quoted \\\" and (paren\")",
	    'Cc: group: a@example.test, (comment) "B \\"q\\" C" ' .
	    "<b\@example.test>;,\n undisclosed-recipients:;",
	    'References: <m1.chapar@example.test> <m2.chapar@example.test>',
	    'In-Reply-To: <m1.chapar@example.test>',
	    'X-Long: ' . join("\n ", map { sentence() } 1 .. 20),
	    'X-Empty:', 'Reply-To: "=?utf-8?q?R=C3=A9ponse?=" <r@example.test>') .
	    paragraph() . "\n";
}

sub digest {
	my ($n) = @_;
	return head($n, 'digest', 'MIME-Version: 1.0',
	    "Content-Type: multipart/digest; boundary=\"d $n\"") .
	    join('', map { "--d $n\n\n" . plain($n * 10 + $_ + 6000) } 1 .. 4) .
	    "--d $n--\n\nepilogue\n";
}

1;
