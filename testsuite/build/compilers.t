#!/usr/bin/perl
# Builds without a warning, and passes its unit tests: gcc and clang with all
# warnings as errors, tcc.
# SPDX-License-Identifier: ISC
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Private qw(:all !start);
use Build;
use Test::More;

# The build under test is one of them if it is as strict.
sub is_strict_build {
	my ($cc) = @_;
	my $dir = $ENV{top_builddir} or return;
	my $text = slurp("$dir/Makefile");
	return $text =~ /^CC = \Q$cc\E$/m && $text =~
	    /^WARN_CFLAGS = .*-pedantic-errors .*-Werror$/m &&
	    run('make', '-q', '-C', $dir, 'all', 'unit-tests');
}

for my $cc (qw(gcc clang tcc)) {
	SKIP: {
		if (is_strict_build($cc)) {
			pass("$cc: this build");
			next;
		}
		skip "$cc does not work here", 4 unless compiler_works($cc);
		my $b = builds({ name => $cc, configure => ['--enable-werror',
		    "CC=$cc", 'CFLAGS=-O0'] }, 'all', 'unit-tests') or next;
		units_pass($b);
		like(slurp("$b->{dir}/Makefile"), qr/^WARN_CFLAGS = .*-Werror/m,
		    "$cc: warnings are errors");
	}
}

# The check itself: a warning is seen.
my $b = Build->new(name => 'warned');
$b->{built} = "gcc -Werror -c a.c\na.c:1: warning: x\n";
is(scalar($b->complaints), 1, 'a warning is seen');
$b->{built} = "gcc -Werror -c warning.c\ngcc -o error error.o\n";
is(join("\n", $b->complaints), "gcc -o error error.o",
    'a command is no warning');
done_testing();
