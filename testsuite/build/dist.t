#!/usr/bin/perl
# make dist holds the source and nothing else; make distcheck builds, tests,
# installs and uninstalls from it.
# SPDX-License-Identifier: ISC
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Private qw(:all !start);
use Build;
use Test::More;

my @cc = compiler_works('tcc') ? ('CC=tcc') : ('CFLAGS=-O0');

# An archive made in a tree that was built is that of a clean one.
my $src = unpacked('in');
my @clean = files_of($src);
cmp_ok(scalar(@clean), '>', 250, scalar(@clean) . ' files in the archive');
for my $f (qw(configure Makefile.in depend.in src/base/base.h po/de.po
    sysconf/imapd.rc.in testsuite/run.sh testsuite/imap/basics.t COPYING)) {
	ok(-f "$src/$f", "$f is in it");
}
my $b = builds({ name => 'in-tree', dir => $src, source => '.',
    configure => \@cc }, 'all', 'unit-tests');
if ($b) {
	spew("$src/$_", "x\n") for 'src/base/io.c~', 'tests.list',
	    'src/base/core';
	ok($b->command('make', 'dist'), 'make dist') or diag($b->{out});
	my ($tar) = glob "$src/chapar-*.tar.gz";
	run('tar', 'tzf', $tar);
	my @have = sort map { s,^[^/]*/,,r } grep { !m,/$, }
	    split /\n/, $Private::out;
	is(join("\n", @have), join("\n", @clean),
	    'a built tree gives the same archive');
}

my $c = Build->new(name => 'check', configure => \@cc);
ok($c->configure, 'configure') or diag($c->{out});
ok($c->command('make', 'distcheck'), 'make distcheck')
    or diag($c->trouble);
like($c->{out}, qr/Result: PASS/, 'its unit tests pass');
like($c->{out}, qr/^chapar-.*\.tar\.gz is ready$/m, 'the archive is ready');

done_testing();
