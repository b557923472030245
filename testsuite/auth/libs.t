#!/usr/bin/perl
# A program links with each of the shared libraries: what they need is in them
# or in those that they name.  SPDX-License-Identifier: ISC
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
done_testing;
