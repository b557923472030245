#!/usr/bin/perl
# Functions that nobody calls here, and getenv outside of src/conf.
# SPDX-License-Identifier: ISC
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Style;

my %banned = map { $_ => 1 } qw(gets strcpy strcat strncpy strncat sprintf
    vsprintf strtok atoi atol atof alloca tmpnam tempnam mktemp);

# The environment is read in one place; replacements of libc read it as libc
# does, unit tests as a caller of theirs would.
my @environment = (qr,^src/conf/env\.c$,, qr,^compat/(?:un)?setenv\.c$,,
    qr,^testsuite/(?:unit|compat)/,);

sub calls {
	my ($s) = @_;
	my @bad;
	for my $f ($s->files) {
		my @t = grep { $_->[0] !~ /comment/ } $s->tokens($f);
		for my $i (0 .. $#t) {
			my ($kind, $what, $line) = @{ $t[$i] };
			next if $kind ne 'name';
			my $called = $i < $#t && $t[$i + 1][1] eq '(';
			push @bad, "$f:$line: $what is banned"
			    if $banned{$what} && $called;
			push @bad, "$f:$line: $what outside of src/conf"
			    if $what =~ /^(?:secure_)?getenv$|^environ$/ &&
			    !grep { $f =~ $_ } @environment;
		}
	}
	return @bad;
}

# Arithmetic on a null pointer: a cast in disguise, and undefined.
sub null_arithmetic {
	my ($s) = @_;
	my @bad;
	for my $f ($s->files) {
		my @t = grep { $_->[0] !~ /comment/ } $s->tokens($f);
		for my $i (0 .. $#t - 1) {
			my $before = join ' ', map { $_->[1] }
			    @t[($i > 4 ? $i - 4 : 0) .. $i];
			push @bad, "$f:$t[$i][2]: null pointer arithmetic"
			    if $t[$i + 1][1] =~ /^[-+]$/ &&
			    $before =~ /\* \) 0$|(?:^| )NULL$/;
		}
	}
	return @bad;
}

holds('no banned function is called', \&calls);
holds('no null pointer is counted with', \&null_arithmetic);
finds('null pointer arithmetic', \&null_arithmetic, {
	'src/base/a.c' => "char *f(const char *h) {\n" .
	    "return (char *)0 + (h - (char *)0);\n}\n" .
	    "char *g(void) { return NULL\n+ 1; }\nint h = f((char *)0) - 1;\n",
}, qr,a.c:2:,, qr,a.c:4:,);
finds('banned calls', \&calls, {
	'src/base/a.c' => "/* strcpy(a, b) */\nint f(void) { strcpy (a, b);\n" .
	    "puts(\"gets(x)\"); snprintf(a); x.gets = my_atoi(1);\n" .
	    "return atoi(s); }\n",
	'src/imap/b.c' => "char *home = getenv(\"HOME\");\n",
	'src/conf/env.c' => "char *home = getenv(\"HOME\");\n",
	'src/conf/other.c' => "char *(*f)(const char *) = getenv;\n",
}, qr,a.c:2: strcpy,, qr,a.c:4: atoi,, qr,imap/b.c:1: getenv,,
    qr,conf/other.c:1: getenv,);
done();
