#!/usr/bin/perl
# depend.in is what depend.sh makes of the tree.
# SPDX-License-Identifier: ISC
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Cwd qw(getcwd);
use Test::More;
use Style;

my $build = $ENV{top_builddir} || getcwd();
plan(skip_all => 'no config.h: configure first') unless -f "$build/config.h";
my $cc = make_value('CC') || 'cc';
my $flags = join ' ', map { make_value("${_}_CFLAGS") } qw(MYSQL PGSQL);
for (qw(LDAP MYSQL PAM PGSQL SQLITE)) {
	plan(skip_all => "$_ is left out: its headers are unknown")
	    if make_value('MODULES') !~ /$_/;
}
plan(skip_all => "$cc does not know -MM")
    if system("echo 'int a;' | $cc -MM -x c - >/dev/null 2>&1") != 0;
my $script = source_tree() . '/depend.sh';

sub stale {
	my ($s) = @_;
	my $top = $s->top;
	local $ENV{CC} = $cc;
	local $ENV{LIB_CFLAGS} = $flags;
	my $now = `cd '$build' && sh '$script' '$top'`;
	return 'depend.sh failed' if $?;
	my %want = map { $_ => 1 } split /\n/, $now;
	my %have = map { $_ => 1 } split /\n/, $s->text('depend.in');
	my @bad = map { "missing: $_" } grep { !$have{$_} } sort keys %want;
	push @bad, map { "left over: $_" } grep { !$want{$_} } sort keys %have;
	push @bad, 'other order' if !@bad && $now ne $s->text('depend.in');
	return @bad;
}

holds('depend.in is up to date (else: make depend)', \&stale);
my %tree = (
	'Makefile.in' => "TESTS_base = test_a \\\n\ttest_b\n",
	'compat/c.c' => "#include \"config.h\"\n",
	'src/base/base.h' => "#include \"base/a.h\"\n",
	'src/base/a.h' => '',
	'src/base/a.c' => "#include \"base/base.h\"\n",
	'authdaemon/d.c' => "int a;\n",
	'authlib/e.c' => "int a;\n",
	'testsuite/unit/test_a.c' => "int a;\n",
	'depend.in' => "src/base/a.o: src/base/a.c src/base/base.h\n",
);
finds('a header that is not named', \&stale, \%tree,
    qr,left over: src/base/a.o: src/base/a.c src/base/base.h$,,
    qr,missing: src/base/a.o: .* src/base/base.h src/base/a.h$,,
    qr,missing: authdaemon/d.o: authdaemon/d.c$,,
    qr,missing: authlib/e.o: authlib/e.c$,,
    qr,missing: compat/c.o: compat/c.c$,,
    qr,missing: testsuite/unit/test_a.o: testsuite/unit/test_a.c$,,
    qr,missing: unit-tests: .*test_b,, qr,missing: # Generated,,
    qr,missing: .*test_a:,, qr,missing: .*test_b:,,
    qr,missing: .*-o \$\@ testsuite/unit/test_a,,
    qr,missing: .*-o \$\@ testsuite/unit/test_b,);
done();
