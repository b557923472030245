#!/usr/bin/perl
# BSD make: in the source tree and outside of it; make clean leaves nothing.
# SPDX-License-Identifier: ISC
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Private qw(:all !start);
use Build;
use Test::More;

need('bmake');
my @cc = compiler_works('tcc') ? ('CC=tcc') : ('CFLAGS=-O0');
my $src = unpacked('in');
my @before = files_of($src);
my $in = builds({ name => 'in-tree', make => 'bmake', dir => $src,
    source => '.', configure => \@cc }, 'all', 'unit-tests');
if ($in) {
	units_pass($in);
	SKIP: {
		skip 'gcc does not work here', 2 unless compiler_works('gcc');
		skip 'a module is left out', 2 if slurp("$src/Makefile") !~
		    /^MODULES = .*MYSQL.*PGSQL.*PAM.*LDAP.*SQLITE/m;
		ok($in->command('bmake', 'depend', 'CC=gcc'), 'bmake depend')
		    or diag($in->{out});
		ok(slurp("$src/depend.in") eq slurp(top() . '/depend.in'),
		    'depend.in made in the tree is the same');
	}
	ok($in->command('bmake', 'distclean'), 'bmake distclean');
	is(join("\n", files_of($src)), join("\n", @before),
	    'distclean leaves the source as it was');
}
my $out = builds({ name => 'out-of-tree', make => 'bmake',
    configure => \@cc }, 'all', 'unit-tests');
if ($out) {
	ok($out->command('bmake', 'check', 'CHECK=testsuite/unit'),
	    'bmake check') or diag($out->{out});
	my $to = workdir() . '/inst';
	ok($out->command('bmake', 'install', "DESTDIR=$to"), 'bmake install')
	    or diag($out->{out});
	ok($out->command('bmake', 'uninstall', "DESTDIR=$to"),
	    'bmake uninstall') or diag($out->{out});
	is(join("\n", grep { !/\.cnf$/ } files_of($to)), '',
	    'only settings are left');
	ok($out->command('bmake', 'distclean'), 'bmake distclean')
	    or diag($out->{out});
	is(join("\n", files_of($out->{dir})), '', 'distclean leaves nothing');
}
done_testing();
