#!/usr/bin/perl
# What the papers for developers name is there: files, folders, functions.
# SPDX-License-Identifier: ISC
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Style;

sub papers { return $_[0]->files('README.md', 'doc/internals/*.md') }

# Words between backticks; NAME, <layer> and the like stand for anything.
sub quoted {
	my ($s, $paper) = @_;
	return grep { !/NAME|[<>*]|…/ && (!/\s/ || /^struct \w+$/) }
	    $s->text($paper) =~ /`([^`\n]+)`/g;
}

sub paths {
	my ($s) = @_;
	my @bad;
	for my $p (papers($s)) {
		my $dir = $p =~ /folder\.md$/ ? 'src/maildir/' :
		    $p =~ /tests\.md$/ ? 'testsuite/lib/' : '';
		for my $w (quoted($s, $p)) {
			next unless $w =~ m,^(?:src|authdaemon|authlib|compat|
			    sysconf|testsuite|doc|po)/,x ||
			    $w =~ /^\w[-\w]*\.(?:c|h|pm|sh|def)$/;
			push @bad, "$p: there is no $w"
			    if !grep { -e $s->top . "/$_$w" } '', $dir,
			    'testsuite/unit/';
		}
	}
	return @bad;
}

# Names of C: foo_bar, FOO_BAR, "struct foo", "foo_bar(...)".
sub names {
	my ($s) = @_;
	my $code = join '', map { $s->text($_) } $s->files, $s->files(
	    'testsuite/lib/*', 'testsuite/*.sh', 'testsuite/bench/*',
	    'Makefile.in', 'sysconf/*');
	my @bad;
	for my $p (papers($s)) {
		for my $w (quoted($s, $p)) {
			next unless $w =~ /^(?:struct )?([A-Za-z]\w*_\w+)(?:\(|$)/
			    || $w =~ /^struct (\w+)$/;
			my $n = $1;
			push @bad, "$p: there is no $n"
			    if $code !~ /\b\Q$n\E/;
		}
	}
	return @bad;
}

# Each page of the folder is named by another, or by README.md.
sub reachable {
	my ($s) = @_;
	my $readme = $s->text('README.md');
	return map { "$_ is named nowhere" } grep {
	    $readme !~ /\Q$_\E/ } $s->files('doc/internals/*.md');
}

holds('files that papers name are there', \&paths);
holds('names of C that papers name are there', \&names);
holds('README.md leads to each page', \&reachable);
my %tree = (
	'README.md' => "`doc/internals/b.md` `src/x/` `PORT=1` `NAME.c`\n",
	'doc/internals/a.md' => "`a_b` `c_d` `struct x` `struct y` `no.c`\n",
	'doc/internals/b.md' => "`a_b(1)` `E_*`\n",
	'src/y/a.c' => "a_b(struct x);\n",
);
finds('files that are not there', \&paths, \%tree, qr/no src.x/, qr/no no\.c/);
finds('names that are not there', \&names, \%tree, qr/no c_d/, qr/no y$/);
finds('a page without a way to it', \&reachable, \%tree, qr/a\.md is/);
done();
