#!/usr/bin/perl
# Names differ in their first 31 characters, and are no longer than that.
# SPDX-License-Identifier: ISC
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Test::More;
use Style;

use constant LENGTH => 31;

# Names of others that we must write as they are.
my %theirs = map { $_ => 1 } qw(MYSQL_OPT_SSL_VERIFY_SERVER_CERT
    auth_callback_default_autocreate);
my $openssl = qr/^(?:OPENSSL|OSSL|SSL|X509)_/;

sub long_names {
	my ($s) = @_;
	my %bad;
	for my $f ($s->files) {
		for my $t ($s->tokens($f)) {
			my ($kind, $what, $line) = @$t;
			$bad{"$f:$line: $what"} = 1 if $kind eq 'name' &&
			    length $what > LENGTH && !$theirs{$what} &&
			    $what !~ $openssl;
		}
	}
	return sort keys %bad;
}

# Lines of nm -A -g: what is defined twice once names are cut. Each program
# and module has its own of some names.
sub twice {
	my (@lines) = @_;
	my (%first, @bad);
	for (@lines) {
		my ($object, $name) = /^(.*?):\S* +[A-TV-Z] (\S+)$/ or next;
		next if $name =~ /^_?(?:main|chapar_auth_module|sql_kind)$/;
		my $cut = substr $name, 0, LENGTH;
		push @bad, "$name in $object and $first{$cut}"
		    if $first{$cut};
		$first{$cut} = $object;
	}
	return @bad;
}

holds('no name is longer than 31 characters', \&long_names);
my $a31 = 'a' x 31;
finds('long names', \&long_names, {
	'src/base/a.c' => "int $a31;\nint ${a31}b;\nchar s[] = \"${a31}b\";\n",
}, qr,a.c:2: a{31}b$,);

is(join("\n", twice(
    "x.o:0000 T ${a31}b\n", "y.o:0001 D ${a31}c\n", "y.o: U ${a31}d\n",
    "y.o:0002 t ${a31}e\n", "z.o:0002 T main\n", "x.o:0002 T main\n")),
    "${a31}c in y.o and x.o", 'finds names that are equal when cut');
SKIP: {
	my $build = $ENV{top_builddir} || '';
	my @objects = grep { -f } map { glob "$build/$_/*.o" }
	    qw(compat src/* authdaemon authlib);
	skip 'no objects', 1 unless @objects;
	my @lines = `nm -A -g @objects 2>/dev/null`;
	skip 'no nm', 1 if $?;
	cmp_ok(scalar(@lines), '>', 1000, 'nm shows names');
	my @bad = twice(@lines);
	ok(!@bad, 'no name is defined twice') or diag(join "\n", @bad);
}
done();
