# Messages made by rule: every kind of structure with every kind of damage, the
# same ones each time.  SPDX-License-Identifier: ISC
#
#   my @m = Made::all();      name, text, name, text ...
# A name tells what the message has: "made 17: crlf, cut, rfc822, tree".
# What is chosen comes from a generator of its own with a fixed seed.
package Made;
use strict;
use warnings;
use MIME::Base64 ();

use constant { COUNT => 400, SEED => 20230102, DEPTH => 5 };

my ($state, %has, $serial);

# Numerical Recipes' generator: 32 bits, the upper ones are good enough.
sub roll {
	my ($n) = @_;
	$state = ($state * 1664525 + 1013904223) & 0xffffffff;
	return int(($state >> 8) / 0x1000000 * $n);
}

sub one_of { return $_[roll(scalar @_)] }

# True in one of n cases; what happens then is noted.
sub maybe {
	my ($n, $what) = @_;
	return 0 if roll($n);
	$has{$what} = 1 if $what;
	return 1;
}

# ---- fields ------------------------------------------------------------------

my @odd_fields = (
	'X-Empty:', "X-Folded: one\n two\n\tthree", "X-8bit: caf\xe9",
	"X-Utf8: caf\xc3\xa9", 'X-Colons: a: b: c', 'no colon here',
	"X-Blank-Fold: x\n \n y", 'X-Tab:	tab', 'Subject: again',
	'Content-Odd: yes', 'Mime-Version: 1.0', ' begins with a blank',
	'X-Long: ' . 'x' x 998, "X-Control: \x01\x7f",
);

sub odd_fields {
	return unless maybe(5, 'fields');
	my @f = map { one_of(@odd_fields) } 0 .. roll(4);
	push @f, map { "X-Many-$_: " . 'y' x roll(200) } 1 .. 300
	    if maybe(8, 'huge');
	return @f;
}

# A parameter as it is written mostly, quoted, and as RFC 2231 has it.
sub param {
	my ($name, $value) = @_;
	my $token = $value =~ /\A[\w.+-]+\z/;
	my $how = roll(6);
	return "$name=$value" if $token && $how < 2;
	if ($how == 5 && length $value > 3) {
		$has{2231} = 1;
		my $half = int(length($value) / 2);
		return "$name*0=\"" . substr($value, 0, $half) .
		    "\";\n $name*1=\"" . substr($value, $half) . '"';
	}
	return ($how == 4 ? "\n\t" : '') . "$name=\"$value\"";
}

sub typed {
	my ($type, @params) = @_;
	$type = uc $type if maybe(6);
	return "Content-Type: $type" . join '', map { "; $_" } @params;
}

sub shuffled {
	my (@in) = @_;
	my @out;
	push @out, splice @in, roll(scalar @in), 1 while @in;
	# A field that begins with a blank would continue another.
	return sort { ($b =~ /^ /) <=> ($a =~ /^ /) } @out;
}

sub fields { return join '', map { "$_\n" } shuffled(@_, odd_fields()) }

# ---- bodies ------------------------------------------------------------------

sub text_body {
	my ($boundary) = @_;
	my @line = ('a line', '', "caf\xe9", ' blank first', 'blank last  ',
	    '.', 'From here', '--', 'x' x 2000, '=20=', 'Content-Type: a/b');
	push @line, "a\rb", "\x00nul" if maybe(4, 'control');
	push @line, "--$boundary-", " --$boundary", "--$boundary x",
	    "x--$boundary" if maybe(4, 'lookalike');
	my $n = one_of(0, 1, 1, 2, 3, 8, 40);
	my $text = join '', map { one_of(@line) . "\n" } 1 .. $n;
	chomp $text if maybe(4);
	return $text;
}

sub leaf {
	my ($boundary) = @_;
	if (maybe(4, 'base64')) {
		my $bytes = join '', map { chr roll(256) } 0 .. roll(300);
		return (typed(one_of('application/octet-stream', 'image/png'),
		    param('name', one_of('a.bin', 'b c.bin', 'long-name.bin'))) .
		    "\nContent-Transfer-Encoding: base64",
		    MIME::Base64::encode($bytes));
	}
	my @f;
	push @f, typed(one_of('text/plain', 'text/html', 'text/x-odd'),
	    maybe(2) ? param('charset', one_of(qw(us-ascii utf-8))) : ())
	    unless maybe(5, 'untyped');
	push @f, 'Content-Transfer-Encoding: ' .
	    one_of('8bit', '7bit', 'quoted-printable', 'binary', 'x-what')
	    if maybe(2);
	push @f, 'Content-Disposition: ' . one_of('inline', 'attachment; ' .
	    param('filename', 'one two.txt')) if maybe(4);
	push @f, 'Content-ID: <' . ++$serial . '@x>' if maybe(6);
	return (join("\n", @f), text_body($boundary));
}

# ---- structures --------------------------------------------------------------

sub new_boundary {
	my ($outer) = @_;
	my $n = ++$serial;
	return $outer . $n if $outer ne '' && length $outer < 60 &&
	    maybe(5, 'prefix');
	return one_of("b$n", "=_$n.part", "----=_Next_$n", "b$n'()+_,-./:=?",
	    "with blank $n", 'z' x 60 . $n);
}

# Fields (one string, may be empty) and body.
sub multi {
	my ($depth, $outer) = @_;
	my $b = new_boundary($outer);
	my $digest = maybe(8, 'digest');
	my @f = typed('multipart/' . ($digest ? 'digest' :
	    one_of(qw(mixed alternative related parallel report signed))),
	    param('boundary', $b), maybe(3) ? param('type', 'text/html') : ());
	my $text = maybe(3, 'preamble') ? "pre\namble\n" : '';
	$text .= "\n" if maybe(5);
	for (0 .. one_of(0, 0, 1, 1, 2, 4)) {
		my ($fields, $body) = part($depth + 1, $b);
		$text .= "--$b" . (maybe(6, 'padding') ? " \t" : '') . "\n";
		my @own = map { s/^(?=\S)//r } split /\n(?=[^ \t])/, $fields;
		$text .= fields(@own);
		$text .= "\n" unless maybe(12, 'headless');
		$text .= $body;
		$text .= "\n" unless $body =~ /\n\z/ && maybe(2);
	}
	$text .= "--$b--\n" unless maybe(8, 'unclosed');
	$text .= "epi\nlogue\n" if maybe(3, 'epilogue');
	return ($f[0], $text);
}

sub message {
	my ($depth, $outer) = @_;
	my ($fields, $body) = part($depth + 1, $outer);
	my @own = ('Subject: inner', 'From: "In, ner" <in@x.test>',
	    'MIME-Version: 1.0', split /\n(?=[^ \t])/, $fields);
	my $text = fields(@own);
	$text .= "\n$body" unless maybe(10, 'bodiless');
	return (typed('message/rfc822'), $text);
}

sub part {
	my ($depth, $outer) = @_;
	my $kind = $depth >= DEPTH ? 0 : roll(10);
	if ($kind >= 7 || $depth == 0 && $kind >= 3) {
		$has{tree} = 1;
		return multi($depth, $outer);
	}
	if ($kind >= 5) {
		$has{rfc822} = 1;
		return message($depth, $outer);
	}
	return leaf($outer);
}

# ---- messages ----------------------------------------------------------------

sub damaged {
	my ($text) = @_;
	$text =~ s/\n/\r\n/g if maybe(5, 'crlf');
	$text =~ s/\n/roll(3) ? "\n" : "\r\n"/ge if maybe(12, 'mixed');
	$text = substr $text, 0, roll(length $text) if maybe(8, 'cut');
	$text =~ s/[\r\n]+\z// if maybe(8, 'no end');
	return $text;
}

sub one {
	my ($n) = @_;
	%has = ();
	my ($fields, $body) = part(0, '');
	my @own = ("Subject: message $n", 'From: a@x.test',
	    'Date: Mon, 2 Jan 2023 10:00:00 +0000',
	    split /\n(?=[^ \t])/, $fields);
	push @own, 'MIME-Version: 1.0' unless maybe(10, 'no version');
	my $text = damaged(fields(@own) . "\n$body");
	return ("made $n: " . join(', ', sort keys %has), $text);
}

sub all {
	$state = SEED;
	$serial = 0;
	return map { one($_) } 1 .. COUNT;
}

1;
