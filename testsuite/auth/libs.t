#!/usr/bin/perl
# A program links with each of the shared libraries: what they need is in them
# or in those that they name. So it does with the archives, which show what the
# shared ones do.  SPDX-License-Identifier: ISC
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Private qw(:all !start);
use Test::More;

my $make = slurp("$ENV{top_builddir}/Makefile");
plan skip_all => 'no libraries (no OpenSSL)'
    unless $make =~ /^AUTHLIBS = \S/m;
my ($cc) = $make =~ /^CC = (.*)$/m;
my ($cflags) = $make =~ /^CFLAGS = (.*)$/m;
my $dir = workdir();
my $libs = "$ENV{top_builddir}/authlib";

# Whether it links. Libraries find each other by the names they were given.
sub links {
	my ($libs, @files) = @_;
	return run('sh', '-c', "$cc $cflags -Wl,--no-as-needed -o '$dir/a' "
	    . "'$dir/a.c' " . join(' ', map { "'$_'" } @files)
	    . " -Wl,-rpath-link,'$libs'");
}

spew("$dir/a.c", "int main(void) { return 0; }\n");
for my $name ('', 'common', 'sasl', 'saslclient') {
	ok links($libs, "$libs/libcourierauth$name.so.0"),
	    "libcourierauth$name" or diag $Private::out;
}

# The check itself.
spew("$dir/b.c", "int nowhere(void); int f(void);\n"
    . "int f(void) { return nowhere(); }\n");
SKIP: {
	run('sh', '-c', "$cc -shared -fPIC -o '$dir/b.so' '$dir/b.c'")
	    or skip 'no shared library', 1;
	ok !links($libs, "$dir/b.so"), 'what is missing is seen';
}

# The archives: all of each, with no shared library of ours beside.
my @names = ('', 'common', 'sasl', 'saslclient');
SKIP: {
	skip 'no archives', 6 unless $make =~ /^AUTHLIBS_STATIC = \S/m;
	for my $name (@names) {
		run('sh', '-c', "nm -g --defined-only "
		    . "'$libs/libcourierauth$name.a'");
		my @seen = $Private::out =~ /^\w+ [A-Z] (\w+)$/mg;
		is join("\n", sort @seen), join("\n", sort split /\n/,
		    slurp("$ENV{top_srcdir}/authlib/libcourierauth$name.sym")),
		    "libcourierauth$name.a: names";
	}
	spew("$dir/a.c", <<'C');
#include <stdio.h>
#include <stdlib.h>
#include <sys/types.h>
#include "courierauth.h"
#include "courierauthsasl.h"
const char *str_c(void);
const char *str_c(void) { return "mine"; }
int main(void)
{
	char *b = auth_getoption("a=1,b=2", "b");
	char *x = auth_sasl_extract_userid("login", "x\ny\n");
	printf("%s %s %s\n", b, str_c(), x);
	free(b);
	free(x);
	return 0;
}
C
	my ($more) = join ' ', $make =~ /^(?:CRYPTO|CRYPT)_LIBS = (.*)$/mg;
	ok run('sh', '-c', "$cc $cflags -I'$ENV{top_srcdir}/authlib' "
	    . "-o '$dir/a' '$dir/a.c' -Wl,--whole-archive "
	    . join(' ', map { "'$libs/libcourierauth$_.a'" } @names)
	    . " -Wl,--no-whole-archive $more"), 'archives: a program links'
	    or diag $Private::out;
	run("$dir/a");
	is $Private::out, "2 mine x\n", 'and runs, with names of its own';
}
done_testing;
