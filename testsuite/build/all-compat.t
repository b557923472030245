#!/usr/bin/perl
# Every replacement of compat/ instead of libc's function: the unit tests and
# the IMAP dialogues pass.
# SPDX-License-Identifier: ISC
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Private qw(:all !start);
use Build;
use Test::More;

my $b = builds({ name => 'all-compat', configure => ['--enable-werror',
    '--enable-all-compat', 'CFLAGS=-O0'] }, 'all', 'unit-tests');
if ($b) {
	like(slurp("$b->{dir}/config.h"), qr/^#define CHAPAR_ALL_COMPAT 1$/m,
	    'replacements are used');
	run('nm', "$b->{dir}/src/prog/imapd");
	ok(scalar($Private::out =~ / T chapar_setenv$/m), 'imapd has them');
	units_pass($b);
	suite_passes($b, 'testsuite/imap/*.t');
}
done_testing();
