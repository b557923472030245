# Messages as they should not be, and some as they should: the same at every
# run.  SPDX-License-Identifier: ISC
#
#   Odd::all()      pairs of a name and the stored bytes
#   Odd::real()     the same of Python's test data for its e-mail package,
#                   where Debian's libpython3.*-testsuite is installed
#
# Most are written with LF as mailboxes hold them. Names begin with the group
# that they belong to; a test may leave groups out.
package Odd;
use strict;
use warnings;
use MIME::Base64 ();

my @all;

sub put {
	my ($name, $text) = @_;
	push @all, $name, $text;
}

sub head {
	my (@fields) = @_;
	return join '', map { "$_\n" } 'From: "A. Tester" <a@example.test>',
	    'To: b@example.test', 'Date: Mon, 2 Jan 2023 10:00:00 +0100',
	    'Message-ID: <odd@example.test>', @fields;
}

sub mime { return head('MIME-Version: 1.0', @_) . "\n" }

# A multipart whose body is given; its boundary is "b".
sub multi {
	my ($body, $type, @more) = @_;
	return mime('Content-Type: multipart/' . ($type || 'mixed') .
	    '; boundary="b"', @more) . $body;
}

sub plain_part { return "Content-Type: text/plain\n\n$_[0]" }

# ---- headers and line ends -------------------------------------------------

sub line_ends {
	my $m = head('Subject: ends') . "\none\ntwo\n";
	put('end none', substr $m, 0, -1);
	put('end crlf', $m =~ s/\n/\r\n/gr);
	put('end mixed', "Subject: x\r\nTo: a\@b\nCc: c\@d\r\n\r\none\r\ntwo\n");
	put('end mixed blank', "Subject: x\r\nTo: a\@b\r\n\none\ntwo\r\n");
	put('end cr only', "Subject: x\rTo: a\@b\r\rbody\rmore\r");
	put('end bare cr', head("Subject: a\rb") . "\nli\rne\r\r\nlast\r");
	put('end cr cr lf', "Subject: x\r\r\nTo: a\@b\r\r\n\r\r\nbody\r\r\n");
	put('end lf cr', "Subject: x\n\rTo: a\@b\n\r\n\rbody\n\r");
	put('end nul', head("Subject: a\0b") . "\nnul\0nul\n\0\n");
	put('end only cr', "\r");
	put('end only lf', "\n");
	put('end only crlf', "\r\n");
	put('end many lf', "\n" x 50);
	put('end empty', '');
	put('end cr at header', "Subject: x\n\rno field\n\nbody");
	put('end body cr', head('Subject: x') . "\n\r");
	put('end body of crs', head('Subject: x') . "\n" . "\r" x 999 . "\n");
	put('end crlf no final', "Subject: x\r\n\r\nabc\r");
}

sub headers {
	put('head only', head('Subject: nothing follows'));
	put('head only, no end', 'Subject: no line end');
	put('head only, crlf', "Subject: x\r\nTo: a\@b\r\n");
	put('head none', "\nbody alone\n");
	put('head not', "this is no header\nnor this: perhaps\n\nbody\n");
	put('head mbox', "From a\@b Mon Jan  2 10:00:00 2023\n" . head .
	    "\nbody\n");
	put('head starts folded', " folded\nSubject: x\n\nbody\n");
	put('head space lines', "Subject: a\n \n\t\nTo: b\@c\n\nbody\n");
	put('head space line end', "Subject: a\nTo: b\@c\n   \nbody\n");
	put('head colon first', ": value\nSubject: x\n\nbody\n");
	put('head blank colon', "Subject : spaced\nTo\t:\ta\@b\n\nbody\n");
	put('head no value', "Subject:\nTo:\nFrom:\nDate:\n\nbody\n");
	put('head blank values', "Subject:  \nTo: \t\nFrom:\n \nDate: \n\nx\n");
	put('head twice', "Subject: one\nSubject: two\nFrom: a\@b\n" .
	    "From: c\@d\nTo: e\@f\nDate: x\nTo: g\@h\nDate: y\n\nbody\n");
	put('head folds', "Subject: a\n b\n\tc\n  d\nTo: a\@b,\n\tc\@d\n\nx\n");
	put('head fold crlf', "Subject: a\r\n b\r\n\tc\r\nTo: a\@b\r\n\r\nx\r\n");
	put('head 8bit', head("Subject: na\xc3\xafve latin \xe9 and \xff\xfe",
	    "Cc: \"J\xf6rg\" <j\@example.test>, M\xc3\xbcller <m\@x.test>") .
	    "\n8-bit \xe9 body \xc3\xa9\n");
	put('head 8bit name', "Sub\xe9ct: x\nX-\xc3\xa9: y\nTo: a\@b\n\nx\n");
	put('head controls', head("Subject: a\x01b\x7fc\td\x1be") . "\nx\n");
	put('head long line', head('Subject: ' . 'long ' x 20000) . "\nx\n");
	put('head long field', head('X-Long: ' . join "\n ", ('y' x 70) x 5000) .
	    "\nx\n");
	put('head many', head(map { "X-$_: $_" } 1 .. 5000) . "\nx\n");
	put('head long name', head('X' x 5000 . ': y') . "\nx\n");
	put('head quotes', head('Subject: "a" \\ "b\\"', 'In-Reply-To: "<x>"',
	    'References: <a@b>') . "\nx\n");
	put('head words', head('Subject: =?utf-8?Q?caf=C3=A9?= =?utf-8?B?w6k=?=',
	    'Cc: =?iso-8859-1?Q?J=F6rg?= <j@x.test>') . "\nx\n");
	put('head nil', "Subject: NIL\nFrom: NIL\nTo: nil\@NIL\n\nx\n");
	put('head date zones', "Date: Mon, 2 Jan 23 10:00 EST (comment (x))\n" .
	    "\nx\n");
	put('head literal bait', head('Subject: {100}', 'X: {5+}') . "\n{9}\n");
}

sub addresses {
	my %list = (
	    simple => 'a@b.test', bare => 'alone', 'angle bare' => '<alone>',
	    'empty angle' => '<>', 'name empty angle' => 'Name <>',
	    comment => 'a@b.test (The Name)', nested => 'a@b (x (y) z)',
	    'two comments' => '(one) a@b (two)',
	    'comment in angle' => 'Name <a(x)@(y)b>',
	    'comment escapes' => 'a@b (x \\) y \\( z)',
	    quoted => '"Doe, John" <j@x.test>',
	    'quoted quote' => '"say \\"hi\\" \\\\ x" <j@x.test>',
	    'quoted local' => '"a b"@x.test, "a\\"b"@x.test',
	    'dots' => 'John Q. Public <j.q.p@x.test>',
	    'dot local' => 'a..b@x.test, .a@x.test, a.@x.test',
	    route => 'N <@r1.test,@r2.test:a@b.test>',
	    'route one' => '<@r1.test:a@b.test>',
	    group => 'Team: a@b.test, "C D" <c@d.test>;',
	    'group empty' => 'undisclosed-recipients:;',
	    'group open' => 'Team: a@b.test, c@d.test',
	    'group twice' => 'A: a@b.test;, x@y.test, B: c@d.test;',
	    'group nested' => 'A: B: a@b.test; c@d.test;',
	    'group name quoted' => '"The, Team": a@b.test;',
	    commas => ',, a@b.test ,, c@d.test,,',
	    semicolons => 'a@b.test; c@d.test; e@f.test',
	    spaces => "  a\@b.test  ,\t c\@d.test  ",
	    literal => 'a@[127.0.0.1], b@[IPv6:::1]',
	    'spaced' => 'a @ b . test', 'open angle' => 'Name <a@b.test',
	    'open quote' => '"Name <a@b.test>', 'open comment' => 'a@b (x',
	    'open literal' => 'a@[1.2', 'close angle' => 'a@b.test>',
	    'double angle' => '<<a@b.test>>', 'two at' => 'a@b@c.test',
	    'at only' => '@', 'at domain' => '@x.test', 'at end' => 'a@',
	    'backslash end' => 'a@b.test\\', 'quote backslash' => '"a\\',
	    'words' => 'one two three', 'name no at' => '"No At" <noat>',
	    'junk behind' => 'N <a@b.test> junk',
	    'encoded' => '=?utf-8?Q?J=C3=B6rg?= <j@x.test>',
	    'encoded quoted' => '"=?utf-8?Q?J=C3=B6rg?=" <j@x.test>',
	    'apostrophe' => "o'neil\@x.test", 'brackets' => '[x] <a@b.test>',
	    'adjacent' => '"a""b" <a@b.test>, "a" "b" <c@d.test>',
	    'slash' => 'a/b=c@x.test', 'url' => 'mailto:a@b.test',
	    'folded' => "\"A\n B\" <a\@b.test>,\n\tc\@d.test",
	    'many' => join(', ', map { "u$_\@x.test" } 1 .. 2000),
	);
	put("addr $_", "From: f\@x.test\nTo: $list{$_}\nSubject: $_\n\nx\n")
	    for sort keys %list;
}

# ---- structure -------------------------------------------------------------

sub boundaries {
	my $two = "--b\n" . plain_part("one\n") . "--b\n" .
	    plain_part("two\n") . "--b--\n";
	put('mp two', multi($two));
	put('mp preamble', multi("pre\namble\n$two" . "epi\nlogue\n"));
	put('mp crlf', multi($two) =~ s/\n/\r\n/gr);
	put('mp mixed ends', multi($two =~ s/^--b$/--b\r/gmr));
	put('mp no close', multi($two =~ s/--b--\n//r));
	put('mp no close, no end', multi(substr $two =~ s/--b--\n//r, 0, -1));
	put('mp close no end', multi(substr $two, 0, -1));
	put('mp close spaces', multi($two =~ s/^(--b.*)$/$1 \t /gmr));
	put('mp end at boundary', multi("--b\n" . plain_part("one\n") . '--b'));
	put('mp ends in header', multi("--b\nContent-Type: text/html"));
	put('mp ends at blank', multi("--b\nContent-Type: text/html\n\n"));
	put('mp no parts', multi("no boundary here\n"));
	put('mp empty', multi(''));
	put('mp only close', multi("--b--\n"));
	put('mp close then open', multi("--b--\n--b\n\nlate\n--b--\n"));
	put('mp only open', multi("--b\n"));
	put('mp empty parts', multi("--b\n--b\n--b\n--b--\n"));
	put('mp blank parts', multi("--b\n\n--b\n\n--b--\n"));
	put('mp bodiless', multi("--b\nX: y\n--b\nContent-Type: image/png\n" .
	    "--b--\n"));
	put('mp headless', multi("--b\n\none\n--b\n\ntwo\n--b--\n"));
	put('mp no blank', multi("--b\nnot a header\n--b--\n"));
	put('mp parts after close', multi("$two$two"));
	put('mp prefix', multi("--b\n\none\n--bb\n--b-\n--b x\n--b--x\n---b\n" .
	    "--b\n\ntwo\n--b--\n"));
	put('mp prefix nested', mime('Content-Type: multipart/mixed; ' .
	    'boundary="bound"') . "--bound\n" .
	    "Content-Type: multipart/alternative; boundary=\"boundary\"\n\n" .
	    "--boundary\n\ninner\n--boundary\n\ninner 2\n--boundary--\n" .
	    "--bound\n\nouter\n--bound--\n");
	put('mp prefix nested 2', mime('Content-Type: multipart/mixed; ' .
	    'boundary="boundary"') . "--boundary\n" .
	    "Content-Type: multipart/alternative; boundary=\"bound\"\n\n" .
	    "--bound\n\ninner\n--bound\n\ninner 2\n--bound--\n" .
	    "--boundary\n\nouter\n--boundary--\n");
	put('mp same boundary', multi("--b\nContent-Type: multipart/mixed; " .
	    "boundary=b\n\n--b\n\nwhose\n--b--\nepilogue\n--b--\n"));
	put('mp inner open', multi("--b\nContent-Type: multipart/mixed; " .
	    "boundary=c\n\n--c\n\ninner\n--b\n\nouter\n--b--\n"));
	put('mp inner header cut', multi("--b\nContent-Type: multipart/mixed;" .
	    " boundary=c\n--b\n\nouter\n--b--\n"));
	put('mp dashes', mime('Content-Type: multipart/mixed; ' .
	    'boundary="-- --"') . "---- --\n\none\n---- ----\n");
	put('mp odd boundary', mime('Content-Type: multipart/mixed; ' .
	    q{boundary="'()+_,-./:=? x"}) . "--'()+_,-./:=? x\n\none\n" .
	    "--'()+_,-./:=? x--\n");
	put('mp boundary equals', mime('Content-Type: multipart/mixed; ' .
	    'boundary=a=b/c?d') . "--a=b/c?d\n\none\n--a=b/c?d--\n");
	put('mp boundary blank end', mime('Content-Type: multipart/mixed; ' .
	    'boundary="b "') . "--b \n\none\n--b --\n--b--\n");
	put('mp boundary long', mime('Content-Type: multipart/mixed; ' .
	    'boundary=' . 'z' x 200) . '--' . 'z' x 200 . "\n\none\n--" .
	    'z' x 200 . "--\n");
	put('mp boundary none', mime('Content-Type: multipart/mixed') . $two);
	put('mp boundary empty', mime('Content-Type: multipart/mixed; ' .
	    'boundary=""') . "--\n\none\n----\n");
	put('mp boundary case', mime('Content-Type: multipart/mixed; ' .
	    'BOUNDARY=Abc') . "--abc\n\nno\n--Abc\n\nyes\n--Abc--\n");
	put('mp boundary quoted', mime('Content-Type: multipart/mixed; ' .
	    'boundary="a\\"b\\\\c"') . "--a\"b\\c\n\none\n--a\"b\\c--\n");
	put('mp boundary 2231', mime('Content-Type: multipart/mixed; ' .
	    "boundary*0=\"ab\";\n boundary*1=\"cd\"") .
	    "--abcd\n\none\n--abcd--\n");
	put('mp boundary 8bit', mime("Content-Type: multipart/mixed; " .
	    "boundary=\"\xe9\"") . "--\xe9\n\none\n--\xe9--\n");
	put('mp no version', head('Content-Type: multipart/mixed; boundary=b') .
	    "\n$two");
	put('mp encoded', multi($two, 'mixed',
	    'Content-Transfer-Encoding: base64'));
	put('mp twice typed', head('MIME-Version: 1.0',
	    'Content-Type: text/html', 'Content-Type: multipart/mixed; ' .
	    'boundary=b') . "\n$two");
	put('mp blank lines', multi("\n\n--b\n\n\n\none\n\n\n--b\n\n\n\n--b--\n"));
	put('mp long lines', multi("--b\n\n" . 'x' x 70000 . "\n--b" .
	    'y' x 70000 . "\n--b--\n"));
	put('mp boundary at cut', multi("--b\n\n" . 'x' x (16384 - 260) .
	    "\n--b\n\ntwo\n--b--\n"));
	put('mp many', multi(join '', map { "--b\n\npart $_\n" } 1 .. 300));
	put('mp big', multi("--b\n\n" . "line\n" x 50000 . "--b\n\n" .
	    "more\n" x 50000 . "--b--\n"));
}

sub nest {
	my ($depth) = @_;
	my $text = "innermost\n";
	for my $i (reverse 1 .. $depth) {
		$text = "Content-Type: multipart/mixed; boundary=\"n$i.\"\n\n" .
		    "--n$i.\n" . ($i == $depth ? "\n" : '') .
		    "$text\n--n$i.--\n";
	}
	return $text;
}

sub wrap {
	my ($depth) = @_;
	my $text = head('Subject: innermost') . "\nx\n";
	$text = head("Subject: level $_", 'MIME-Version: 1.0',
	    'Content-Type: message/rfc822') . "\n$text" for 1 .. $depth;
	return $text;
}

sub nested {
	put('nest 5', head('MIME-Version: 1.0') . nest(5));
	put('nest 40', head('MIME-Version: 1.0') . nest(40));
	put('nest 60', head('MIME-Version: 1.0') . nest(60));
	put('msg wrap 1', wrap(1));
	put('msg wrap 3', wrap(3));
	put('msg wrap 60', wrap(60));
	my $inner = head('Subject: inner') . "\ninner body\n";
	my $typed = "Content-Type: message/rfc822\n\n";
	put('msg in part', multi("--b\n$typed$inner--b--\n"));
	put('msg in part crlf', multi("--b\n$typed$inner--b--\n") =~
	    s/\n/\r\n/gr);
	put('msg no body', multi("--b\n${typed}Subject: x\n--b--\n"));
	put('msg no body blank', multi("--b\n${typed}Subject: x\n\n--b--\n"));
	put('msg empty', multi("--b\n$typed--b--\n"));
	put('msg nothing', multi("--b\nContent-Type: message/rfc822\n--b--\n"));
	put('msg only body', multi("--b\n$typed\nonly body\n--b--\n"));
	put('msg cut', multi("--b\n${typed}Subject: x\nTo: a"));
	put('msg encoded', multi("--b\nContent-Type: message/rfc822\n" .
	    "Content-Transfer-Encoding: base64\n\n" .
	    MIME::Base64::encode($inner) . "--b--\n"));
	put('msg qp', multi("--b\nContent-Type: message/rfc822\n" .
	    "Content-Transfer-Encoding: quoted-printable\n\n" .
	    "Subject: a=3Db\n\nx=20\n--b--\n"));
	put('msg multi in msg', multi("--b\n$typed" .
	    (multi("--b\n\nwhose\n--b--\n") =~ s/\bb"/c"/r =~ s/^--b/--c/gmr) .
	    "--b--\n"));
	put('msg digest', multi("--b\n\n$inner--b\n\nSubject: 2\n\nx\n--b\n" .
	    "Content-Type: text/plain\n\nplain\n--b--\n", 'digest'));
	put('msg digest bare', multi("--b\n$inner--b--\n", 'digest'));
	put('msg partial', multi("--b\nContent-Type: message/partial; id=x; " .
	    "number=1\n\n$inner--b--\n"));
	put('msg external', multi("--b\nContent-Type: message/external-body; " .
	    "access-type=URL; url=\"http://x.test/\"\n\n" .
	    "Content-Type: image/png\n\n--b--\n"));
	put('msg report', multi("--b\n\nfailed\n--b\n" .
	    "Content-Type: message/delivery-status\n\nReporting-MTA: dns; x\n" .
	    "\nFinal-Recipient: rfc822; a\@b\nAction: failed\n--b\n" .
	    "$typed$inner--b--\n", 'report; report-type=delivery-status'));
	put('msg global', multi("--b\nContent-Type: message/global\n\n" .
	    "Subject: \xc3\xa9\n\nx\n--b--\n"));
	put('msg folded type', multi("--b\nContent-Type:\n message/rfc822\n\n" .
	    "$inner--b--\n"));
	put('msg two', multi("--b\n$typed$inner--b\n$typed$inner--b--\n"));
}

# ---- fields of parts -------------------------------------------------------

sub types {
	my @types = ('text/plain', 'TEXT/HTML; CHARSET=UTF-8', 'text', '/', '',
	    'text/', '/plain', 'garbage', 'a/b/c', 'text/plain;',
	    'text/plain; charset', 'text/plain; charset=', 'text / plain',
	    'text/plain; =x', 'text/plain;;;charset=us-ascii;;',
	    'text/plain; charset=us-ascii (a comment)',
	    '(c) text (c) / (c) plain (c) ; (c) charset (c) = (c) x (c)',
	    'text/plain charset=utf-8', 'text/plain; charset="utf-8',
	    'text/plain; name="a\\"b\\\\c"', 'text/plain; name=a b c; x=y',
	    'text/plain; name="a;b=c"; charset=x', 'text/plain; x=1; x=2',
	    "text/plain; name=\"r\xc3\xa9sum\xc3\xa9\"",
	    "text/plain; name=\"r\xe9sum\xe9\"", '"text"/"plain"',
	    "text/plain;\n\tcharset=\"iso-8859-1\";\n\tformat=flowed",
	    'application/x-foo; name="=?utf-8?Q?caf=C3=A9?="',
	    q{application/x; name*=utf-8'en'caf%C3%A9},
	    q{application/x; name*0*=utf-8''ca; name*1*=f%C3%A9; name*2=".x"},
	    q{application/x; name*1="b"; name*0="a"; name="c"},
	    'text/plain; name=""', 'message', 'multipart', 'multipart/mixed',
	    'text/plain, text/html', "text/\xe9", 'text/plain; a@b=c');
	my $n = 0;
	put('type ' . ++$n, head('MIME-Version: 1.0', "Content-Type: $_") .
	    "\nbody\n") for @types;
	put('type many params', mime('Content-Type: text/plain' .
	    join '', map { "; p$_=$_" } 1 .. 400));
	put('type in part', multi(join('', map { "--b\nContent-Type: $_\n\nx\n" }
	    grep { !/\n|^multipart|^message/ } @types) . "--b--\n"));
}

sub fields {
	my @encodings = ('7bit', '8BIT', 'Binary', 'base64', 'x-uuencode', '',
	    'quoted-printable (really)', 'base64 7bit', '"base64"', 'a/b');
	put('cte', multi(join('', map {
	    "--b\nContent-Transfer-Encoding: $_\n\nAAAA\n" } @encodings) .
	    "--b--\n"));
	my @disp = ('inline', 'ATTACHMENT; FILENAME=x', '', '; filename=y',
	    'attachment; filename="a b.txt"; size=12', 'attachment filename=x',
	    "attachment;\n filename*0=\"a\";\n filename*1=\"b\"", '"inline"',
	    q{attachment; filename*=utf-8''%e2%82%ac.txt},
	    'attachment; filename="C:\\dir\\file.txt"',
	    'attachment; modification-date="Wed, 12 Feb 1997 16:29:51 -0500"');
	put('disposition', multi(join('', map {
	    "--b\nContent-Disposition: $_\n\nx\n" } @disp) . "--b--\n"));
	put('ids', multi(join('', map { "--b\nContent-ID: $_\n\nx\n" }
	    '<a@b>', 'a@b', '', '<a@b', '<a> <b>', '"x"', " \t<c>") .
	    "--b--\n"));
	put('description', multi(join('', map {
	    "--b\nContent-Description: $_\n\nx\n" } 'plain', '',
	    '"quo\\ted"', "fol\n ded", '=?utf-8?Q?=C3=A9?=', "\xc3\xa9") .
	    "--b--\n"));
	put('md5', multi(join('', map { "--b\nContent-MD5: $_\n\nx\n" }
	    'Q2hlY2sgSW50ZWdyaXR5IQ==', '', 'x y', '(c) x') . "--b--\n"));
	put('language', multi(join('', map {
	    "--b\nContent-Language: $_\n\nx\n" } 'en', 'en, de', '',
	    'en (English), mi', 'i-mingo') . "--b--\n"));
	put('language multi', multi("--b\n\nx\n--b--\n", 'mixed',
	    'Content-Language: en', 'Content-Location: http://x.test/'));
	put('location', multi(join('', map {
	    "--b\nContent-Location: $_\n\nx\n" } 'http://x.test/a b',
	    "http://x.test/\n long", '', 'fiction1/fiction2') . "--b--\n"));
	put('all fields', mime('Content-Type: text/plain; charset=utf-8',
	    'Content-ID: <i@x>', 'Content-Description: d',
	    'Content-Transfer-Encoding: 8bit', 'Content-MD5: abcd',
	    'Content-Disposition: inline; filename=f',
	    'Content-Language: en', 'Content-Location: l') . "x\n");
	put('fields twice', mime('Content-ID: <1>', 'Content-ID: <2>',
	    'Content-Transfer-Encoding: 8bit',
	    'Content-Transfer-Encoding: base64', 'Content-Description: 1',
	    'Content-Description: 2', 'Content-Disposition: inline',
	    'Content-Disposition: attachment') . "x\n");
	put('version odd', head('MIME-Version: (c) 1.0 (x)',
	    'Content-Type: text/html') . "\nx\n");
	put('version wrong', head('MIME-Version: 2.7',
	    'Content-Type: text/html') . "\nx\n");
	put('version empty', head('MIME-Version:', 'Content-Type: text/html') .
	    "\nx\n");
	put('version none', head('Content-Type: text/html; charset=utf-8',
	    'Content-Transfer-Encoding: base64',
	    'Content-Disposition: inline') . "\nx\n");
	put('mime fields', multi("--b\nX-Other: 1\ncontent-type: text/plain\n" .
	    "MIME-Version: 1.0\nContent-X: folded\n value\nContentious: 2\n" .
	    "Content-Type : text/html\n\nx\n--b--\n"));
}

sub bodies {
	put('body base64', mime('Content-Transfer-Encoding: base64') .
	    "!!!not*base64===\n\xff\xfeA\nQQ==\nQ\n");
	put('body qp', mime('Content-Transfer-Encoding: quoted-printable') .
	    "=\n==\n=ZZ\n=4\n= \nx=");
	put('body 8bit', mime('Content-Type: text/plain; charset=us-ascii') .
	    join '', map { chr $_ } grep { $_ != 10 && $_ != 13 } 1 .. 255);
	put('body long line', mime() . 'x' x 1000000 . "\n");
	put('body lines', mime() . "line\n" x 100000);
	put('body blank lines', mime() . "\n" x 70000);
	# Readers work in pieces of powers of two: here each ends in a CR.
	my $h = mime() =~ s/\n/\r\n/gr;
	$h .= 'x' x (63 - length($h) % 64) . "\r\n" if length($h) % 64 != 1;
	put('body crlf at pieces', $h . ('y' x 62 . "\r\n") x 6000);
	put('body dots', mime() . ".\n..\n.\n");
	put('body from', mime() . "From x\n>From y\n");
	put('body binary', mime('Content-Type: application/octet-stream',
	    'Content-Transfer-Encoding: binary') .
	    join('', map { chr($_ * 7 % 256) } 1 .. 40000));
}

sub all {
	unless (@all) {
		line_ends();
		headers();
		addresses();
		boundaries();
		nested();
		types();
		fields();
		bodies();
	}
	return @all;
}

sub real {
	my @found;
	my @files = sort glob '/usr/lib/python3*/test/test_email/data/msg_*.txt';
	for my $f (@files) {
		open my $fh, '<', $f or next;
		binmode $fh;
		local $/;
		push @found, 'real ' . ($f =~ m,([^/]+)\.txt$,)[0],
		    scalar <$fh>;
	}
	return @found;
}

1;
