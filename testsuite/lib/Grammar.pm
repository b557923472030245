# RFC 3501 section 9, read strictly: the answers of FETCH and SEARCH.
# SPDX-License-Identifier: ISC
#
#   my $f = Grammar::fetch($line);   the bytes of one "* n FETCH (...)" with
#                                    its literals and the last CRLF
#   $f->{seq}, $f->{ENVELOPE}, $f->{BODYSTRUCTURE}, $f->{'BODY[1.MIME]'}, ...
#   my @numbers = Grammar::search($line);
#
# Dies with the place of the first byte that the grammar does not allow.
# An envelope is a hash of its ten members: strings (undef for NIL) or lists of
# addresses [name, adl, mailbox, host]. A body is a hash: parts, or type,
# subtype, params, id, description, encoding, octets, lines, envelope, body;
# md5, disposition, language, location, extended. A NUL is let through in the
# contents of BODY[...] alone: a message is served as it is stored.
package Grammar;
use strict;
use warnings;

our $lenient;	# groups need not be well-formed: for other servers' answers
our $text;

sub fail {
	my ($want) = @_;
	my $at = pos($text) || 0;
	my $near = substr $text, $at > 40 ? $at - 40 : 0, 80;
	$near =~ s/([^ -~])/sprintf '\\x%02x', ord $1/ge;
	die "offset $at: $want wanted near: $near\n";
}

sub want {
	my ($token) = @_;
	$text =~ /\G\Q$token\E/gc or fail("'$token'");
}

sub may { my ($token) = @_; return $text =~ /\G\Q$token\E/gc }

sub next_is { return substr($text, pos $text, 1) eq $_[0] }

sub number {
	$text =~ /\G(\d+)/gc or fail('number');
	my $n = $1;
	fail('a 32-bit number') if $n > 4294967295;
	return $n;
}

sub literal {
	my ($nul) = @_;
	$text =~ /\G\{(\d+)\}\r\n/gc or fail('string');
	my $n = $1;
	my $at = pos $text;
	fail("$n octets") if $at + $n > length $text;
	my $s = substr $text, $at, $n;
	pos($text) = $at + $n;
	fail('CHAR8') if !$nul && $s =~ /\0/;
	return $s;
}

# quoted = DQUOTE *QUOTED-CHAR DQUOTE
sub string {
	my ($nul) = @_;
	return literal($nul) unless may('"');
	my $s = '';
	for (;;) {
		if ($text =~ /\G([\x01-\x09\x0b\x0c\x0e-\x21\x23-\x5b\x5d-\x7f]+)/gc) {
			$s .= $1;
		} elsif ($text =~ /\G\\(["\\])/gc) {
			$s .= $1;
		} else {
			want('"');
			return $s;
		}
	}
}

sub nstring {
	my ($nul) = @_;
	return undef if may('NIL');
	return string($nul);
}

sub address {
	my @a;
	want('(');
	for my $i (0 .. 3) {
		want(' ') if $i;
		push @a, nstring();
	}
	want(')');
	return \@a;
}

sub addresses {
	return undef if may('NIL');
	my (@list, $group);
	want('(');
	do {
		my $a = address();
		# 7.4.2: a group's marks have no host; its end no mailbox.
		if (!defined $a->[3] && !$lenient) {
			my $end = !defined $a->[2];
			fail('a group that is open') if $end && !$group;
			fail('no group in a group') if !$end && $group;
			fail('nothing else') if defined $a->[1] ||
			    defined $a->[0];
			$group = !$end;
		} elsif (!defined $a->[2] && !$lenient) {
			fail('a mailbox');
		}
		push @list, $a;
	} while ($text !~ /\G\)/gc);
	fail('the end of the group') if $group;
	return \@list;
}

my @envelope = qw(date subject from sender reply_to to cc bcc in_reply_to
    message_id);

sub envelope {
	my %e;
	want('(');
	for my $i (0 .. $#envelope) {
		want(' ') if $i;
		$e{ $envelope[$i] } = $i >= 2 && $i <= 7 ? addresses() :
		    nstring();
	}
	want(')');
	return \%e;
}

# body-fld-param = "(" string SP string *(SP string SP string) ")" / nil
sub params {
	return [] if may('NIL');
	my @p;
	want('(');
	do {
		my $name = string();
		want(' ');
		push @p, $name, string();
	} while (may(' '));
	want(')');
	return \@p;
}

sub disposition {
	return undef if may('NIL');
	want('(');
	my $type = string();
	want(' ');
	my $p = params();
	want(')');
	return [$type, $p];
}

sub language {
	return nstring() unless may('(');
	my @l;
	do { push @l, string() } while (may(' '));
	want(')');
	return \@l;
}

sub extension_tail {
	my ($b) = @_;
	return unless may(' ');
	$b->{disposition} = disposition();
	return unless may(' ');
	$b->{language} = language();
	return unless may(' ');
	$b->{location} = nstring();
}

sub multipart {
	my %b = (parts => []);
	push @{ $b{parts} }, body() while next_is("(");
	want(' ');
	$b{type} = 'multipart';
	$b{subtype} = string();
	if (may(' ')) {
		$b{extended} = 1;
		$b{params} = params();
		extension_tail(\%b);
	}
	return \%b;
}

sub single {
	my %b;
	$b{type} = string();
	want(' ');
	$b{subtype} = string();
	for my $field (qw(params id description encoding octets)) {
		want(' ');
		$b{$field} = $field eq 'params' ? params() :
		    $field eq 'octets' ? number() :
		    $field eq 'encoding' ? string() : nstring();
	}
	if (lc "$b{type}/$b{subtype}" eq 'message/rfc822') {
		want(' ');
		$b{envelope} = envelope();
		want(' ');
		$b{body} = body();
	}
	if ($b{envelope} || lc $b{type} eq 'text') {
		want(' ');
		$b{lines} = number();
	}
	if (may(' ')) {
		$b{extended} = 1;
		$b{md5} = nstring();
		extension_tail(\%b);
	}
	return \%b;
}

sub body {
	want('(');
	my $b = next_is("(") ? multipart() : single();
	want(')');
	return $b;
}

# flag-list; here also \Recent
sub flags {
	my @f;
	want('(');
	unless (may(')')) {
		do {
			$text =~ /\G(\\?[^\x00-\x20(){%*"\\\]\x7f-\xff]+)/gc
			    or fail('flag');
			push @f, $1;
		} while (may(' '));
		want(')');
	}
	return \@f;
}

sub date_time {
	$text =~ /\G"([ 0-3]\d-(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)-\d{4} \d\d:\d\d:\d\d [-+]\d{4})"/gc
	    or fail('date-time');
	return $1;
}

# "BODY" section ["<" number ">"]; the list of fields stays in the name.
sub section {
	my $from = pos $text;
	$text =~ /\G(?:[1-9]\d*(?:\.[1-9]\d*)*)?/gc;
	my $path = pos($text) > $from;
	$text =~ /\G\./gc or fail('.') if $path && !next_is("]");
	if ($text =~ /\GHEADER\.FIELDS(?:\.NOT)?/gc) {
		# An empty list is asked for by no sane client (7 of the wire
		# paper: it is echoed without one).
		if (may(' (')) {
			do { string() } while (may(' '));
			want(')');
		}
	} elsif ($text =~ /\G(?:HEADER|TEXT)/gc || ($path &&
	    $text =~ /\GMIME/gc)) {
		;
	} elsif ($path && substr($text, pos($text) - 1, 1) eq '.') {
		fail('section-text');
	}
	want(']');
	$text =~ /\G<\d+>/gc;
	return substr $text, $from, pos($text) - $from;
}

sub item {
	my ($out) = @_;
	if (may('BODY[')) {
		my $name = 'BODY[' . section();
		want(' ');
		$out->{$name} = nstring(1);
	} elsif ($text =~ /\G(RFC822(?:\.HEADER|\.TEXT)?) /gc) {
		$out->{$1} = nstring(1);
	} elsif ($text =~ /\G(RFC822\.SIZE|UID) /gc) {
		$out->{$1} = number();
	} elsif ($text =~ /\G(BODY|BODYSTRUCTURE) /gc) {
		my $name = $1;
		$out->{$name} = body();
	} elsif (may('ENVELOPE ')) {
		$out->{ENVELOPE} = envelope();
	} elsif (may('FLAGS ')) {
		$out->{FLAGS} = flags();
	} elsif (may('INTERNALDATE ')) {
		$out->{INTERNALDATE} = date_time();
	} else {
		fail('msg-att');
	}
}

sub fetch {
	local $text = $_[0];
	pos($text) = 0;
	my %f;
	want('* ');
	$f{seq} = number();
	want(' FETCH (');
	do { item(\%f) } while (may(' '));
	want(")\r\n");
	fail('the end') if pos($text) != length $text;
	return \%f;
}

sub search {
	my ($line) = @_;
	$line =~ /\A\* SEARCH((?: [1-9]\d*)*)\r\n\z/ or die "no SEARCH: $line\n";
	return split ' ', $1;
}

# Every part of a body with its number: pairs of path and hash. A message
# that is not multipart has its body as part 1.
sub parts {
	my ($b, $path) = @_;
	my $dot = defined $path && $path ne '' ? "$path." : '';
	return map { my $n = $dot . ($_ + 1); my $p = $b->{parts}[$_];
	    ($n, $p, below($p, $n)) } 0 .. $#{ $b->{parts} } if $b->{parts};
	return ("${dot}1", $b, below($b, "${dot}1"));
}

sub below {
	my ($p, $path) = @_;
	return parts($p, $path) if $p->{parts};
	return parts($p->{body}, $path) if $p->{body};
	return ();
}

1;
