#!/usr/bin/perl
# What a message is: Courier's imapd and Chapar's asked about the same files.
# SPDX-License-Identifier: ISC
#
# The corpus of odd messages, real ones, and those made by rule that are sound
# or have CRLF; RFC822.SIZE, ENVELOPE,
# BODYSTRUCTURE, and the bytes of every part, compared member by member.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Private qw(:all !start !slurp !spew);
use Test::More ();
use Dialogue;
use Grammar;
use Made;
use Odd;

need_root();
my $root = workdir() . '/root';
run('sh', lib('courier-root.sh'), 'copy', $root)
    or die "no Courier to compare with: $Private::out";
at_end(sub { run('sh', lib('courier-root.sh'), 'done', $root) });

my $home = "$root/srv/mail";
mkdir "$home/Maildir$_" for '', qw(/cur /new /tmp);
my @corpus = (Odd::all(), Odd::real(), sound(Made::all()));
my (@name, @text);
while (my ($name, $text) = splice @corpus, 0, 2) {
	push @name, $name;
	push @text, $text;
	Dialogue::deliver("$home/Maildir", $text, 'S', 1700000000);
}

my %d = (courier => Dialogue->new(home => $home, program => ['chroot', $root,
    '/usr/bin/env', '-i', 'HOME=/srv/mail', 'TZ=UTC', '/bin/bash', '-c',
    'cd && exec /usr/bin/imapd Maildir']));
$d{courier}->line;
$d{courier}->answer('s SELECT INBOX');
$d{chapar} = Dialogue->new(home => $home);
$d{chapar}->line;
$d{chapar}->answer('s SELECT INBOX');

# Without those damages that Courier sees otherwise: single messages have them.
sub sound {
	my (@in) = @_;
	my @out;
	while (my ($name, $text) = splice @in, 0, 2) {
		push @out, $name, $text unless $name =~ /\b(?:cut|no\ end|
		    headless|bodiless|2231|lookalike|prefix|crlf\b.*\bmixed)\b/x;
	}
	return @out;
}

sub fetch {
	my ($who, $seq, @items) = @_;
	my $all = $d{$who}->answer("f FETCH $seq (@items)");
	local $Grammar::lenient = $who eq 'courier';
	$all =~ s/f OK FETCH completed.\r\n\z//;
	my $f = eval { Grammar::fetch($all) };
	return $f || { error => $@, raw => $all };
}

# Everything as "path = value".
sub flatten {
	my ($out, $name, $v) = @_;
	no warnings 'recursion';
	if (ref $v eq 'HASH') {
		flatten($out, "$name.$_", $v->{$_}) for keys %$v;
	} elsif (ref $v eq 'ARRAY') {
		flatten($out, "$name.$_", $v->[$_]) for 0 .. $#$v;
	} else {
		$out->{$name} = $v;
	}
}

# All that one server says of a message. The parts to ask for are those of
# Chapar's structure.
sub picture {
	my ($who, $seq, $paths) = @_;
	my $f = fetch($who, $seq, qw(RFC822.SIZE ENVELOPE BODYSTRUCTURE));
	if (!@$paths && $f->{BODYSTRUCTURE}) {
		my %p = Grammar::parts($f->{BODYSTRUCTURE});
		@$paths = sort keys %p;
	}
	my @items = map { ("BODY.PEEK[$_]", "BODY.PEEK[$_.MIME]") } @$paths;
	%$f = (%$f, %{ fetch($who, $seq, splice @items, 0, 200) })
	    while @items;
	my %flat;
	flatten(\%flat, '', $f);
	return \%flat;
}

# ---- what may differ, and why ----------------------------------------------

# The bytes without what Courier adds: it doubles the CR of files that have
# CRLF, and leaves one at the end of a last body (Q15 of the wire paper).
sub bare {
	my ($s) = @_;
	return $s =~ s/\r+\n/\n/gr =~ s/\r+\z//r =~ s/\n+\z//r;
}

sub decoded {
	my ($s) = @_;
	$s =~ s/=\?utf-8\?B\?([^?]*)\?=/MIME::Base64::decode($1)/gie;
	$s =~ s/=\?utf-8\?Q\?([^?]*)\?=/$1 =~ y,_, ,r =~
	    s,=(..),chr hex $1,ger/gie;
	return $s;
}

# Any message: [what, key, function of Courier's value and ours].
my @rules = (
    ['the default encoding is 7bit (RFC 2045 6.1)', qr/\.encoding$/,
	sub { $_[0] eq '8bit' && $_[1] eq '7bit' }],
    ['CR doubled or left at the end (Q15)', qr/^\.BODY\[/,
	sub { bare($_[0]) eq bare($_[1]) }],
    ['sizes that go with that', qr/\.(?:octets|lines|RFC822\.SIZE)$/,
	sub { abs($_[0] - $_[1]) <= 2 }],
    ['groups have names and ends (Q24)', qr/^\.ENVELOPE.*\.2$/,
	sub { $_[0] eq '' && $_[1] ne '' }],
    ['an encoded word in another manner', qr/^/,
	sub { "$_[0]$_[1]" =~ /=\?/ && decoded($_[0]) eq decoded($_[1]) }],
    ['folding in a description is one space', qr/\.description$/,
	sub { $_[0] =~ s/ +/ /gr eq $_[1] }],
);

# Single messages: name, keys, why.
my @single = (
    ['end crlf|end mixed.*|end cr cr lf|head fold crlf|mp crlf|mp mixed ends|' .
	'msg in part crlf|real msg_26|body crlf at pieces|head only, crlf|end many lf',
	qr/octets$|lines$|SIZE$/, 'CRs doubled (Q15)'],
    ['made .*\bcrlf\b.*|made .*\bmixed\b.*', qr/octets$|lines$|SIZE$/,
	'CRs doubled in messages of all kinds (Q15)'],
    ['end .*|head only.*|msg cut', qr/\.BODY|SIZE$|octets$|lines$/,
	'bytes at the end belong to the message (Q15)'],
    ['head fold crlf', qr/subject$/, 'the CR of a fold is no text'],
    ['end nul', qr/subject$/, 'text goes on behind a NUL'],
    ['head blank colon', qr/subject$/,
	'RFC 5322 4.5.3: blanks before the colon'],
    ['head long line', qr/subject$/, 'cut at 8192, not at 8182'],
    ['addr at only', qr/\.to/, 'no address at all'],
    ['addr (?:backslash end|quote backslash|open literal)', qr/\.to/,
	'junk; nothing is left out'],
    ['addr comment in angle', qr/\.to/, 'comments are no part of an address'],
    ['addr adjacent', qr/\.to/, 'adjacent quoted strings are words'],
    ['addr (?:group .*|url)', qr/\.to/,
	'a group has an end; none is in another'],
    ['addr junk behind', qr/\.to\.1/, 'what follows <...> is no address'],
    ['addr many', qr/\.to\.\d+/, 'Courier reads 8192 bytes of a list'],
    ['mp many', qr/299|300|SIZE/, 'Courier stops at 300 parts'],
    ['msg global', qr/^/, 'RFC 3501: only message/rfc822 has an envelope'],
    ['addr open (?:comment|quote)', qr/\.to/, 'open quotes and comments end'],
    ['addr quoted local', qr/\.to/, 'RFC 3501: addr-mailbox is unquoted (Q24)'],
    ['addr route.*', qr/\.to/, 'RFC 3501: addr-adl is the route (Q24)'],
    ['addr semicolons', qr/\.to/, '; outside of groups divides'],
    ['addr words', qr/\.to/, 'no address; shown as one, not as three'],
    ['mp (?:no close|only open|ends in header|same boundary|close no end|' .
	'end at boundary)|real msg_38', qr/^/, 'the end of the file'],
    ['mp (?:no parts|empty|only close|close then open)|real msg_(?:17|31)',
	qr/BODY\[1/, 'a structure of one part has a part 1'],
    ['mp bodiless|mp inner header cut|msg nothing', qr/^/,
	'a header that a boundary ends is one'],
    ['mp (?:prefix.*|boundary (?:case|blank end|empty))|real msg_(?:15|39)',
	qr/^/,
	'a delimiter is the whole line and exact'],
    ['mp boundary (?:2231|quoted|8bit)|real msg_33', qr/^/,
	'parameters are unquoted, RFC 2231 undone (Q16)'],
    ['mp encoded', qr/encoding$/, 'encodings are not inherited (Q16)'],
    ['nest .*|msg wrap 60', qr/^/, 'depth is limited'],
    ['msg wrap .*|real msg_(?:06|11|46)', qr/^/,
	'part 1 of a message that is message/rfc822 is that message'],
    ['type (?:4|7)|type in part', qr/\.(?:(?:sub)?type|lines)$/,
	'no type is as no field (RFC 2045 5.2)'],
    ['type .*', qr/params|subtype/, 'parameters as they stand (Q16)'],
    ['cte', qr/encoding$/, 'a mechanism is one word'],
    ['disposition', qr/disposition/, 'a type is one word; nothing unquoted'],
    ['md5', qr/md5$/, 'one word'],
    ['language.*|all fields', qr/language|location/,
	'RFC 3501: language is told, also of single parts; location'],
    ['location', qr/location/, 'RFC 3501: body-fld-loc'],
);

sub why {
	my ($name, $key, $theirs, $ours) = @_;
	if (defined $theirs && defined $ours) {
		for (@rules) {
			return $_ if $key =~ $_->[1] &&
			    $_->[2]->($theirs, $ours);
		}
	}
	for (@single) {
		return $_ if $name =~ /^(?:$_->[0])$/ && $key =~ $_->[1];
	}
	return ['a group has an end (Q24)'] if $key =~ /^\.ENVELOPE.*\.2$/ &&
	    defined $theirs && $theirs eq '' && !defined $ours;
	return ['charset is not inherited (Q16)'] if $key =~ /\.params\.\d/ &&
	    $name =~ /^real/ && !defined $ours;
	return;
}

sub shown {
	my ($s) = @_;
	return 'nothing' unless defined $s;
	$s = substr($s, 0, 40) . '...' . substr $s, -30 if length $s > 80;
	return '"' . $s =~ s/([^ -~])/sprintf '\\x%02x', ord $1/ger . '"';
}

my %used;
for my $i (0 .. $#name) {
	my (@paths, @wrong);
	my $ours = picture('chapar', $i + 1, \@paths);
	my $theirs = picture('courier', $i + 1, \@paths);
	my %keys = (%$ours, %$theirs);
	for my $k (sort keys %keys) {
		my ($t, $o) = ($theirs->{$k}, $ours->{$k});
		next if defined $t ? defined $o && $t eq $o :
		    !defined $o && exists $theirs->{$k} == exists $ours->{$k};
		my $why = why($name[$i], $k, $t, $o);
		$used{ $why->[-1] } = 1 if $why;
		push @wrong, "$k: Courier " . shown($t) . ', here ' . shown($o)
		    unless $why;
	}
	ok(!@wrong, $name[$i], @wrong > 20 ? @wrong[0 .. 19] : @wrong);
}
my @idle = grep { !$used{$_} } map { $_->[-1] } @rules, @single;
ok(!@idle, 'every difference listed is there', @idle);
plan_done();
