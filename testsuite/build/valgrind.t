#!/usr/bin/perl
# valgrind finds no error and no lost memory in the unit tests and in one IMAP
# dialogue.
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
my @vg = ('valgrind', '-q', '--error-exitcode=99', '--leak-check=full',
    '--errors-for-leak-kinds=definite', '--trace-children=yes',
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

	# The dialogue starts src/prog/imapd: a script in its place.
	my $imapd = "$b->{dir}/src/prog/imapd";
	rename $imapd, "$imapd.real" or die "$imapd: $!";
	spew($imapd, "#!/bin/sh\nexec @vg $imapd.real \"\$\@\"\n", 0755);
	local $ENV{DIALOGUE_SECONDS} = 120;
	suite_passes($b, 'testsuite/imap/fetch.t');
	is(reports(), '', 'no report');
}
done_testing();
