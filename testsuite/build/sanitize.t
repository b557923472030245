#!/usr/bin/perl
# AddressSanitizer and UndefinedBehaviorSanitizer find nothing in the whole
# suite, but for what is no C program of ours or measures memory.
# SPDX-License-Identifier: ISC
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Private qw(:all !start);
use Build;
use Test::More;

my $flags = '-fsanitize=address,undefined -fno-sanitize-recover=all';
compiler_works('gcc', split ' ', $flags)
    or plan(skip_all => 'gcc has no sanitizers here');

# Reports go to files: what a daemon says is seen also where its standard error
# is not.
my $dir = workdir();
my $log = "$dir/report";
# Tests may load something before the program.
$ENV{ASAN_OPTIONS} = "log_path=$log:detect_leaks=1:exitcode=99:" .
    'verify_asan_link_order=0';
$ENV{UBSAN_OPTIONS} = "log_path=$log:print_stacktrace=1";

$ENV{CONCURRENT_SECONDS} = 10;		# each round

# A process that is traced, or killed while it looks for lost memory, may say
# that it could not, which is no report.
my $killed = qr/^==\d+==(?:Unable\ to\ get\ registers\ from\ thread\ \d+\.|
    LeakSanitizer\ has\ encountered\ a\ fatal\ error\.|
    HINT:\ .*)\n/mx;

sub reports { return map { slurp($_) =~ s/$killed//gr } glob "$log.*" }

# The check itself.
spew("$dir/bad.c", "#include <stdlib.h>\nint main(int n, char **v) {\n" .
    "char *p = malloc(n); (void)v; return p[n] == p[0]; }\n");
run('gcc', '-g', split(' ', $flags), '-o', "$dir/bad", "$dir/bad.c");
ok(!run("$dir/bad"), 'an error ends the program');
like(join('', reports()), qr/heap-buffer-overflow/, 'and is reported');
unlink glob "$log.*";
spew("$dir/lost.c", "#include <stdlib.h>\nint main(int n, char **v) {\n" .
    "(void)v; return malloc(n) == NULL; }\n");
run('gcc', '-g', split(' ', $flags), '-o', "$dir/lost", "$dir/lost.c");
ok(!run("$dir/lost"), 'so does lost memory');
like(join('', reports()), qr/detected memory leaks/, 'and is reported');
unlink glob "$log.*";

# In a private root there are no libraries but those of the system's packages.
my $b = builds({ name => 'sanitize', configure => ['--enable-werror',
    'CC=gcc', "CFLAGS=-O1 -g $flags -static-libasan -static-libubsan"] },
    'all', 'unit-tests');
if ($b) {
	units_pass($b);
	my $top = length(top()) + 1;
	suite_passes($b, grep { !m,\b(?:leak|memory|large|quickstart|scan|nfs)\.t$, }
	    map { substr $_, $top } map { glob top() . "/testsuite/$_/*.t" }
	    qw(auth imap pop3 smap login tcpd tls maildir interop system));
	is(join('', reports()), '', 'no report');
}
done_testing();
