#!/usr/bin/perl
# 32 bits: builds without a warning, and the unit tests pass, on the processor
# or, where the system runs no such programs, under qemu.
# SPDX-License-Identifier: ISC
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Private qw(:all !start);
use Build;
use Test::More;

my $dir = workdir();
spew("$dir/a.c", "#include <stdio.h>\nint main(void) { return " .
    "puts(\"\") == EOF || sizeof(long) != 4; }\n");
run('gcc', '-m32', '-o', "$dir/a", "$dir/a.c")
    or plan(skip_all => 'gcc -m32 does not link: libc6-dev-i386');
my @run = run("$dir/a") ? () : ('qemu-i386');
run(@run, "$dir/a")
    or plan(skip_all => 'no 32-bit program runs here, and no qemu-i386');

# The libraries of the other kind are not there.
my $b = builds({ name => 'm32', configure => ['--host=i686-pc-linux-gnu',
    '--enable-werror', 'CC=gcc -m32', 'CFLAGS=-O1', 'AR=ar', 'RANLIB=ranlib',
    map { "--without-$_" } qw(openssl mysql pgsql pam ldap sqlite gdbm libunistring)] },
    'all', 'unit-tests');
units_pass($b, @run) if $b;
done_testing();
