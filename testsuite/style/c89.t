#!/usr/bin/perl
# The limits that every C89 compiler grants (X3.159, 2.2.4.1), of which
# compilers check but the first; and no comment of a later C.
# SPDX-License-Identifier: ISC
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Style;

use constant { CHARS => 509, MEMBERS => 127, CASES => 257, PARAMS => 31,
    INCLUDES => 8, BLOCKS => 15 };

# Characters that a string literal stands for.
sub width {
	my ($s) = @_;
	$s = substr $s, 1, -1;
	$s =~ s/\\(?:x[0-9a-fA-F]+|[0-7]{1,3}|.)/x/g;
	return length $s;
}

sub lines_and_strings {
	my ($s) = @_;
	my @bad;
	for my $f ($s->files) {
		my $text = $s->text($f);
		my $n = 0;
		(my $joined = $text) =~ s/\\\n/\001/g;
		for (split /\n/, $joined) {
			$n++;
			my $len = length($_) - tr/\001//;
			push @bad, "$f:$n: line of $len characters"
			    if $len > CHARS;
			$n += tr/\001//;
		}
		my ($sum, $at) = (0, 0);
		for my $t ($s->tokens($f), ['punct', ';', 0]) {
			my ($kind, $what, $line) = @$t;
			push @bad, "$f:$line: // comment"
			    if $kind eq 'lcomment';
			next if $kind =~ /comment/;
			if ($kind eq 'string') {
				$at = $line if !$sum;
				$sum += width($what);
				next;
			}
			push @bad, "$f:$at: string of $sum characters"
			    if $sum > CHARS;
			$sum = 0;
		}
	}
	return @bad;
}

sub nested_includes {
	my ($s) = @_;
	my (%depth, @bad);
	my $deep;
	$deep = sub {
		my ($f) = @_;
		return $depth{$f} if defined $depth{$f};
		$depth{$f} = 0;
		my $max = 0;
		for my $i ($s->includes($f)) {
			next if $i->[1] ne 'own';
			my ($to) = grep { -f $s->top . "/$_" } map {
			    "$_$i->[2]" } 'src/', 'compat/', '', 'testsuite/unit/';
			next unless $to;
			my $d = 1 + $deep->($to);
			$max = $d if $d > $max;
		}
		return $depth{$f} = $max;
	};
	for my $f (grep { /\.c$/ } $s->files) {
		my $d = $deep->($f);
		push @bad, "$f: headers nested $d deep" if $d > INCLUDES;
	}
	return @bad;
}

# What a brace opens, told from what stands before it.
sub opens {
	my ($before) = @_;
	return $1 if $before =~ /\b(struct|union|enum) *(?:\w+ *)?$/;
	return 'switch' if $before =~ /\bswitch *\([^;{}]*\) *$/;
	return 'block';
}

sub counts {
	my ($s) = @_;
	my (%bad);
	for my $f (grep { /\.c$/ } $s->files) {
		my (@stack, @parens);
		my $before = '';
		for my $t ($s->expanded($f)) {
			my ($kind, $what, $line, $from) = @$t;
			next if $kind =~ /comment/;
			my $in = $stack[-1];
			my $where = "$from:$line:";
			if ($what eq '{') {
				push @stack, { kind => opens($before), n => 0,
				    parens => scalar @parens, last => '' };
				my $blocks = grep { $_->{kind} =~
				    /block|switch/ } @stack;
				$bad{"$where blocks nested $blocks deep"} = 1
				    if $blocks > BLOCKS;
			} elsif ($what eq '}') {
				my $was = pop @stack || { kind => '' };
				$was->{n}++ if $was->{kind} eq 'enum' &&
				    $was->{last} ne ',';
				my $limit = $was->{kind} eq 'switch' ? CASES :
				    MEMBERS;
				$bad{"$where $was->{kind} of $was->{n}"} = 1
				    if ($was->{n} || 0) > $limit &&
				    $was->{kind} ne 'block';
			} elsif ($what eq '(') {
				push @parens, 1;
			} elsif ($what eq ')') {
				my $n = pop @parens;
				$bad{"$where $n parameters"} = 1
				    if $n && $n > PARAMS;
			} elsif ($what eq 'case') {
				my ($sw) = grep { $_->{kind} eq 'switch' }
				    reverse @stack;
				$sw->{n}++ if $sw;
			} elsif ($what eq ',' && @parens > ($in ?
			    $in->{parens} : 0)) {
				$parens[-1]++;
			} elsif ($in && ($what eq ',' || $what eq ';') &&
			    @parens == $in->{parens} &&
			    $in->{kind} =~ /struct|union|enum/) {
				$in->{n}++;
			}
			$in->{last} = $what if $in;
			$before = $what =~ /^[;{}]$/ ? '' :
			    substr("$before $what", -2000);
		}
	}
	return sort keys %bad;
}

holds('literals and lines of at most 509 characters, no // comments',
    \&lines_and_strings);
my $half = 'x' x 300;
finds('long literals, long lines and // comments', \&lines_and_strings, {
	'src/base/a.c' => "char a[] = \"$half\"\n\t\"$half\";\n" .
	    "char b[] = \"$half\", c[] = \"$half\";\n",
	'src/base/b.c' => "#define A \\\n  \"$half\" + \\\n 1 + \"$half\"\n",
	'src/base/c.c' => "int a; // b\nchar *s = \"http://x\"; /* // */\n",
}, qr,a.c:1: string of 600,, qr,a.c:3: line of,, qr,b.c:1: line of,,
    qr,c.c:1: // comment,);

holds('headers nested at most 8 deep', \&nested_includes);
my %chain = map { ("src/base/h$_.h" => '#include "base/h' . ($_ + 1) .
    ".h\"\n") } 1 .. 9;
finds('deep headers', \&nested_includes, { %chain,
	'src/base/a.c' => "#include \"base/h1.h\"\n",
	'src/base/b.c' => "#include \"base/h3.h\"\n",
}, qr,a.c: headers nested 9,);

holds('members, enumerators, cases, parameters and blocks in limits',
    \&counts);
sub many { my ($n, $code) = @_; return join '', map { $code->($_) } 1 .. $n }
finds('too many of each', \&counts, {
	'src/base/a.c' => 'struct s { ' . many(64, sub { "int a$_[0], b$_[0]; " })
	    . "};\nstruct ok { " . many(127, sub { "int a$_[0]; " }) . "};\n" .
	    'enum e { a0' . many(127, sub { ", a$_[0]" }) . " };\n" .
	    'enum f { b1' . many(126, sub { ", b$_[0]0" }) . " };\n" .
	    "int f(int a) {\nswitch (a) { " .
	    many(258, sub { "case $_[0]: " }) . ";\n} return 0; }\n" .
	    'int p(' . join(', ', map { "int a$_" } 1 .. 32) . ");\n" .
	    'int q(' . join(', ', map { "int a$_" } 1 .. 31) . ");\n" .
	    'void d(void) { ' . '{' x 15 . '}' x 15 . " }\n",
}, qr,:1: struct of 128,, qr,:3: enum of 128,, qr,:7: switch of 258,,
    qr,:8: 32 parameters,, qr,:10: blocks nested 16,);
done();
