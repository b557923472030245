#!/usr/bin/perl
# valgrind finds no error and no lost memory in the unit tests and in one
# dialogue with each server.
# SPDX-License-Identifier: ISC
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Private qw(:all !start);
use Build;
use Test::More;

need('valgrind');
my $dir = workdir();
my @vg = ('valgrind', '-q', '--vgdb=no', '--error-exitcode=99',
    '--leak-check=full', '--errors-for-leak-kinds=definite',
    '--trace-children=yes',
    "--log-file=$dir/report.%p",
    '--suppressions=' . top() . '/testsuite/build/valgrind.supp');

sub reports { return join '', map { slurp($_) } glob "$dir/report.*" }

# The check itself.
spew("$dir/bad.c", "#include <stdlib.h>\nint main(int n, char **v) {\n" .
    "(void)v; return malloc(n) == NULL; }\n");
run('gcc', '-g', '-O0', '-o', "$dir/bad", "$dir/bad.c")
    or plan(skip_all => 'no gcc');
ok(!run(@vg, "$dir/bad"), 'lost memory ends with an error');
like(reports(), qr/definitely lost/, 'and is reported');
unlink glob "$dir/report.*";

my $b = builds({ name => 'valgrind', configure => ['--enable-werror',
    'CC=gcc', 'CFLAGS=-O0 -g'] }, 'all', 'unit-tests');
if ($b) {
	units_pass($b, @vg);

	# The dialogues start these: a script in the place of each.
	for my $name (qw(imapd pop3d)) {
		my $prog = "$b->{dir}/src/prog/$name";
		rename $prog, "$prog.real" or die "$prog: $!";
		spew($prog, "#!/bin/sh\nexec @vg $prog.real \"\$\@\"\n",
		    0755);
	}
	local $ENV{DIALOGUE_SECONDS} = 120;
	suite_passes($b, 'testsuite/imap/fetch.t',
	    'testsuite/pop3/session.t');
	is(reports(), '', 'no report');
}
done_testing();
