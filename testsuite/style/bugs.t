#!/usr/bin/perl
# Each of the errors of Courier's authdaemond that we do not have (authdaemon.md
# 10.2) is named, as 10.2 #N, in a test that proves the right behaviour.
# SPDX-License-Identifier: ISC
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Style;

use constant ERRORS => 37;

sub check {
	my ($s) = @_;
	my %in;
	for my $file ($s->files(map({ "testsuite/$_/*.t" } qw(auth interop
	    system login)), 'testsuite/unit/*.c')) {
		for my $list ($s->text($file) =~
		    /\b10\.2 (#\d+(?:, #\d+)*)/g) {
			push @{ $in{$_} }, $file for $list =~ /\d+/g;
		}
	}
	return ((map { "no test is for 10.2 #$_" } grep { !$in{$_} }
	    1 .. ERRORS), map { "there is no 10.2 #$_" }
	    grep { $_ < 1 || $_ > ERRORS } sort keys %in);
}

holds('each error that is not copied has its test', \&check);
my $most = join ', ', map { "#$_" } 1 .. ERRORS - 2;
finds('errors without a test', \&check, {
	'testsuite/auth/x.t' => "# 10.2 $most\n# 10.2 #38\n",
	'testsuite/bench/y.t' => "# 10.2 #37\n",
}, qr/no test is for 10\.2 #36/, qr/no test is for 10\.2 #37/,
    qr/there is no 10\.2 #38/);
done();
