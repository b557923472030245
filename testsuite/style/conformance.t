#!/usr/bin/perl
# doc/conformance.md: every row names a test, and each is where it is said to
# be.  SPDX-License-Identifier: ISC
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Style;

my $table = 'doc/conformance.md';

sub check {
	my ($s) = @_;
	my @bad;
	for my $line (split /\n/, $s->text($table)) {
		next unless $line =~ /^\| (.*) \|$/;
		my @cell = split / \| /, $1;
		next if "@cell" eq '§ asked here test';
		my $row = "$table: $cell[0]: " . ($cell[1] || '');
		if (@cell != 4 || grep { !/\S/ } @cell) {
			push @bad, "$row: not four cells";
			next;
		}
		push @bad, map { "$row: $_" } missing($s, $cell[3]);
	}
	return @bad;
}

# What is wrong with "`file` words; `file` words".
sub missing {
	my ($s, $cell) = @_;
	my @bad;
	for my $test (split /; (?=`)/, $cell) {
		if ($test !~ /^`([^`]+)` (.+)$/) {
			push @bad, "cannot read: $test";
		} elsif ($s->text("testsuite/$1") eq '') {
			push @bad, "no testsuite/$1";
		} elsif (index($s->text("testsuite/$1"), $2) < 0) {
			push @bad, "testsuite/$1 has not: $2";
		}
	}
	return @bad;
}

holds('each requirement has its test', \&check);
finds('rows without a test, and tests that are not there', \&check, {
	$table => "| § | asked | here | test |\n|---|---|---|---|\n" .
	    "| 1 | a | yes | `x/a.t` one; `x/a.t` two |\n" .
	    "| 2 | b | yes | `x/b.t` one |\n| 3 | c | yes |\n" .
	    "| 4 | d | yes | soon |\n",
	'testsuite/x/a.t' => "'one'\n",
}, qr/: 1: a: .*has not: two/, qr/: 2: b: no testsuite.x.b/,
    qr/: 3: c: not four/, qr/: 4: d: cannot read/);
done();
