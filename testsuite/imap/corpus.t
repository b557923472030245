#!/usr/bin/perl
# Odd messages: what is said of each is true of its bytes.
# SPDX-License-Identifier: ISC
#
# For every message: sizes, header and body, every part by its number, fields,
# partial fetches; the answers are read by a strict parser. What is expected is
# computed here from the stored bytes.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Dialogue;
use Grammar;
use Made;
use Odd;

my @corpus = (Odd::all(), Odd::real(), Made::all());
my $home = Dialogue::home();
my (@name, @text);
while (my ($name, $text) = splice @corpus, 0, 2) {
	push @name, $name;
	push @text, $text;
	Dialogue::deliver("$home/Maildir", $text, 'S', 1700000000);
}
my $d = Dialogue->new(home => $home);
$d->line;
$d->answer('s EXAMINE INBOX');

my @why;		# what is wrong with the message at hand

sub check { push @why, $_[1] unless $_[0]; return $_[0] }

sub same {
	my ($got, $want, $name) = @_;
	return check(0, "$name: nothing") unless defined $got;
	return 1 if $got eq $want;
	my $i = 0;
	$i++ while $i < length $got && $i < length $want &&
	    substr($got, $i, 1) eq substr($want, $i, 1);
	my @near = map { substr($_, $i > 30 ? $i - 30 : 0, 60) =~
	    s/([^ -~])/sprintf '\\x%02x', ord $1/ger } $got, $want;
	return check(0, "$name: " . length($got) . ' and ' . length($want) .
	    " octets, differ at $i: [$near[0]] not [$near[1]]");
}

my $tag = 0;

# The parsed answer for one message.
sub fetch {
	my ($seq, @items) = @_;
	my $t = 'f' . ++$tag;
	my $all = $d->answer("$t FETCH $seq (" . join(' ', @items) . ')');
	unless ($all =~ s/\Q$t OK FETCH completed.\E\r\n\z//) {
		check(0, substr("@items", 0, 100) . ': ' . substr $all, -200);
		return {};
	}
	my $f = eval { Grammar::fetch($all) };
	return $f if $f;
	check(0, substr("@items", 0, 100) . ": $@");
	return {};
}

# ---- the whole -------------------------------------------------------------

# Lines to the first empty one, that one included.
sub header_of {
	my ($wire) = @_;
	return $wire =~ /\A((?:[^\n]*[^\n\r][^\n]*\n|\r\r+\n)*\r\n)/ ? $1 : $wire;
}

sub whole {
	my ($seq, $stored) = @_;
	my $wire = $stored =~ s/(?<!\r)\n/\r\n/gr;
	my $f = fetch($seq, qw(RFC822.SIZE BODY.PEEK[] BODY.PEEK[HEADER]
	    BODY.PEEK[TEXT] RFC822.HEADER RFC822 RFC822.TEXT ENVELOPE));
	same($f->{'BODY[]'}, $wire, 'BODY[]') or return;
	check($f->{'RFC822.SIZE'} == length $wire, 'RFC822.SIZE is ' .
	    $f->{'RFC822.SIZE'});
	same($f->{RFC822}, $wire, 'RFC822');
	my $header = header_of($wire);
	same($f->{'BODY[HEADER]'}, $header, 'BODY[HEADER]');
	same($f->{'BODY[TEXT]'}, substr($wire, length $header), 'BODY[TEXT]');
	same($f->{'RFC822.HEADER'}, $header, 'RFC822.HEADER');
	same($f->{'RFC822.TEXT'}, $f->{'BODY[TEXT]'}, 'RFC822.TEXT');
	fields($seq, '', $header);
	tiles($seq, '', $wire);
	tiles($seq, 'TEXT', $f->{'BODY[TEXT]'});
	return $f;
}

# Fields as they stand, from a header as on the wire.
sub split_fields {
	my ($header) = @_;
	$header =~ s/(?<=\n)\r\n\z// or $header =~ s/\A\r\n\z//;
	my @f = $header =~ /\G(?:[^\n]*\n|[^\n]+\z)(?:[ \t][^\n]*(?:\n|\z))*/g;
	return map { /\n\z/ ? $_ : "$_\r\n" } @f;
}

sub name_of {
	my ($field) = @_;
	return '' unless $field =~ /\A([^:\r\n \t][^:\r\n]*):/;
	my $name = $1;
	return $name =~ /[\x00-\x1f]/ ? '' : $name;
}

# HEADER.FIELDS and HEADER.FIELDS.NOT share the header out between them.
sub fields {
	my ($seq, $path, $header) = @_;
	my @fields = split_fields($header);
	my (%seen, @names);
	for (map { name_of($_) } @fields) {
		next if $_ eq '' || /[\x80-\xff]/ || $seen{lc $_}++;
		push @names, $_;
	}
	@names = map { $names[$_] } grep { $_ % 2 == 0 && $_ < 400 } 0 .. $#names;
	push @names, 'X-Not-There' unless @names;
	my %chosen = map { lc $_ => 1 } @names;
	my $list = '(' . join(' ', map { '"' . s/(["\\])/\\$1/gr . '"' }
	    @names) . ')';
	return if length $list > 8000;
	my ($in, $out) = ("BODY[${path}HEADER.FIELDS $list]",
	    "BODY[${path}HEADER.FIELDS.NOT $list]");
	my $f = fetch($seq, map { s/BODY/BODY.PEEK/r } $in, $out);
	same($f->{$in}, join('', (grep { $chosen{lc name_of($_)} } @fields),
	    "\r\n"), "${path}HEADER.FIELDS");
	same($f->{$out}, join('', (grep { !$chosen{lc name_of($_)} } @fields),
	    "\r\n"), "${path}HEADER.FIELDS.NOT");
}

# Pieces of any size put together give the whole.
sub tiles {
	my ($seq, $section, $want) = @_;
	my $size = 1 + int(length($want) / 7);
	$size = 1 if length $want < 40;
	my @at = map { $_ * $size } 0 .. int(length($want) / $size) + 1;
	my $f = fetch($seq, map { "BODY.PEEK[$section]<$_.$size>" } @at);
	my @got = map { $f->{"BODY[$section]<$_>"} } @at;
	return check(0, "$section: a piece is missing")
	    if grep { !defined } @got;
	check(length $got[$_] <= $size, "$section: too much at $at[$_]")
	    for 0 .. $#got;
	same(join('', @got), $want, "pieces of [$section]");
	check($got[-1] eq '', "[$section]: something behind the end");
	if (length $want > 40000) {
		# Anywhere, in no order; the piece asked for is short.
		@at = map { $_ * 7919 * 31 % length $want } 1 .. 40;
		$f = fetch($seq, map { "BODY.PEEK[$section]<$_.50>" } @at);
		for (@at) {
			same($f->{"BODY[$section]<$_>"}, substr($want, $_, 50),
			    "[$section]<$_.50>") or last;
		}
		@at = @at[0 .. 7];
	}
	# Backwards, and to the end.
	$f = fetch($seq, map { "BODY.PEEK[$section]<$_>" } reverse @at);
	for (@at) {
		same($f->{"BODY[$section]<$_>"}, $_ < length $want ?
		    substr($want, $_) : '', "[$section]<$_>") or last;
	}
}

# ---- parts -----------------------------------------------------------------

# One FETCH for all sections of all parts; what a message holds is bounded.
sub all_parts {
	my ($seq, $b) = @_;
	my @parts = Grammar::parts($b);
	my (%part, @paths, @items);
	while (my ($path, $p) = splice @parts, 0, 2) {
		$part{$path} = $p;
		push @paths, $path;
		push @items, map { "BODY.PEEK[$path$_]" } '', '.MIME',
		    '.HEADER', '.TEXT';
	}
	my %got;
	%got = (%got, %{ fetch($seq, splice @items, 0, 400) }) while @items;
	for my $path (@paths) {
		my $p = $part{$path};
		my $bytes = $got{"BODY[$path]"};
		check(defined $bytes, "BODY[$path] is missing") or next;
		check(length $bytes == $p->{octets}, "BODY[$path]: " .
		    length($bytes) . " octets, not $p->{octets}")
		    if defined $p->{octets};
		my $lines = $bytes =~ tr/\n//;
		check($lines == $p->{lines}, "BODY[$path]: $lines lines, " .
		    "not $p->{lines}") if defined $p->{lines};
		if ($p->{envelope}) {
			same($got{"BODY[$path.HEADER]"} .
			    $got{"BODY[$path.TEXT]"}, $bytes,
			    "$path.HEADER and TEXT");
			same($got{"BODY[$path.HEADER]"}, header_of($bytes),
			    "$path.HEADER");
			fields($seq, "$path.", $got{"BODY[$path.HEADER]"})
			    if @paths < 20;
		} elsif ($path ne '1' || $b->{parts}) {
			mime_fields($path, \%got);
		}
	}
	return \%got;
}

# MIME is the header's Content-* and MIME-Version.
sub mime_fields {
	my ($path, $got) = @_;
	my @want = grep { name_of($_) =~ /^(?:content-.*|mime-version)$/i }
	    split_fields($got->{"BODY[$path.HEADER]"});
	same($got->{"BODY[$path.MIME]"}, join('', @want, "\r\n"),
	    "$path.MIME");
}

# The parts of a multipart with what stands between them are its body.
sub reassemble {
	my ($b, $path, $bytes, $got) = @_;
	$path = 1 if $b->{body} && $path eq q{};
	my $dot = $path eq '' ? '' : "$path.";
	if ($b->{body}) {
		my $inner = $b->{body};
		my $text = $got->{"BODY[$path.TEXT]"};
		return $inner->{parts} ?
		    reassemble($inner, $path, $text, $got) :
		    same($got->{"BODY[$path.1]"}, $text, "$path.1");
	}
	return unless $b->{parts};
	my $boundary = boundary($b->{params});
	my $line = qr/--\Q$boundary\E[ \t\r]*(?:\n|\z)/;
	return check(0, "$path: no boundary at all")
	    unless $bytes =~ /\A(?:[\s\S]*?\n)??$line/g;
	for my $i (0 .. $#{ $b->{parts} }) {
		my $n = $dot . ($i + 1);
		my $p = $b->{parts}[$i];
		if ($i > 0) {
			# The line end may belong to a header before it.
			my $at = pos $bytes;
			$bytes =~ /\G(?:\r\n)?$line/g or return
			    check(0, "$n: no delimiter before it at $at");
		}
		my $at = pos $bytes;
		my $body = $got->{"BODY[$n]"};
		if ($p->{envelope}) {
			$bytes =~ /\G((?:(?!$line)[^\n]*[^\n\r][^\n]*\n)*(?:\r\n)?)/g;
			# no blank line: the header ran up to the delimiter
		} else {
			same(substr($bytes, $at,
			    length $got->{"BODY[$n.HEADER]"}),
			    $got->{"BODY[$n.HEADER]"}, "header of $n");
			pos($bytes) = $at + length $got->{"BODY[$n.HEADER]"};
		}
		$at = pos $bytes;
		same(substr($bytes, $at, length $body), $body, "$n in place")
		    or return;
		pos($bytes) = $at + length $body;
		reassemble($p, $n, $body, $got);
	}
	my $rest = substr $bytes, pos $bytes;
	check($rest eq '' || $rest =~
	    /\A(?:\r\n)?--\Q$boundary\E--[ \t\r]*(?:\n|\z)/,
	    "$path: after the last part [" . substr($rest, 0, 60) . ']');
}

# RFC 2045, and RFC 2231 where that is used for it.
sub boundary {
	my %p = @{ $_[0] };
	my $b = $p{boundary};
	unless (defined $b) {
		my @name = grep { /^boundary\*/ } keys %p;
		$b = join '', map { $p{$_} } sort @name;
		if ("@name" =~ /\*$/) {
			$b =~ s/^[^']*'[^']*'//;
			$b =~ s/%([0-9A-F]{2})/chr hex $1/gie;
		}
	}
	# The corpus has one with a byte that no answer can show.
	return "\xe9" if $b eq '';
	return $b =~ s/\s+\z//r;
}

# BODY is BODYSTRUCTURE without the extension data.
sub plainer {
	my ($b) = @_;
	my %c = %$b;
	delete @c{qw(md5 disposition language location extended)};
	delete $c{params} if $c{parts};
	$c{parts} = [map { plainer($_) } @{ $c{parts} }] if $c{parts};
	$c{body} = plainer($c{body}) if $c{body};
	return \%c;
}

sub all_extended {
	my ($b) = @_;
	return 0 unless $b->{extended};
	return 0 if grep { !all_extended($_) } @{ $b->{parts} || [] };
	return !$b->{body} || all_extended($b->{body});
}

require Data::Dumper;
sub flat {
	return Data::Dumper->new([$_[0]])->Indent(0)->Sortkeys(1)->Dump;
}

for my $i (0 .. $#name) {
	@why = ();
	my $seq = $i + 1;
	my $w = whole($seq, $text[$i]);
	my $f = fetch($seq, 'BODYSTRUCTURE', 'BODY', 'ENVELOPE');
	my $b = $f->{BODYSTRUCTURE};
	if ($w && $b) {
		same(flat($f->{BODY}), flat(plainer($b)), 'BODY');
		same(flat($f->{ENVELOPE}), flat($w->{ENVELOPE}), 'ENVELOPE');
		check(all_extended($b), 'extension data is missing');
		my $got = all_parts($seq, $b);
		reassemble($b, '', $w->{'BODY[TEXT]'}, $got);
		same($got->{'BODY[1]'}, $w->{'BODY[TEXT]'}, 'BODY[1]')
		    unless $b->{parts};
	}
	ok(!@why, $name[$i], @why > 12 ? @why[0 .. 11] : @why);
}
$d->done;
plan_done();
