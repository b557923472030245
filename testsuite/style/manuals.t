#!/usr/bin/perl
# Manual pages: each program has one, with the options that it takes and no
# others; pages refer to pages that are there; two formatters have no complaint.
# SPDX-License-Identifier: ISC
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Test::More;
use Style;

# Pages of other packages that ours refer to.
my %others = map { $_ => 1 } qw(sh(1) ssh(1) syslog(3) crypt(3) fail2ban(1)
    mysql_real_connect(3) psql(1) passwd(1) ciphers(1) connect(2));

# What every page says.
my @sections = ('NAME', 'DESCRIPTION', 'SEE ALSO');

# A program is called after its file.
sub base { my ($path) = @_; return $path =~ m,([^/]+)$, ? $1 : '' }

# The file of a main that several programs share.
sub shared_main {
	my ($s, $text) = @_;
	my ($main) = $text =~ /\b(\w+_main)\(argc, argv\b/ or return;
	return grep { $s->text($_) =~ /^$main\(int argc/m }
	    $s->files('src/*/*.c');
}

# Program => its sources, from the lists of the Makefile; the start script and
# the program of one name go together.
sub programs {
	my ($s) = @_;
	(my $make = $s->text('Makefile.in')) =~ s/\\\n//g;
	my %found;
	for my $list ($make =~ /^(?:PROG_\w+|AUTH_TOOLS|SCRIPTS) = *(.*)$/gm) {
		for my $path (split ' ', $list) {
			(my $name = base($path)) =~ s/\.rc$//;
			push @{ $found{$name} }, map { ($_,
			    shared_main($s, $s->text($_))) }
			    grep { $s->text($_) ne '' }
			    "$path.c", "${path}_main.c", "$path.in";
		}
	}
	return \%found;
}

sub pages { return $_[0]->files('doc/man/*.[1-8]') }

sub unfont {
	my ($text) = @_;
	$text =~ s/^[.']\\".*$//gm;
	$text =~ s/\\-/-/g;
	$text =~ s/\\f[A-Z]//g;
	return $text;
}

sub section {
	my ($s, $page, $name) = @_;
	my $text = unfont($s->text($page));
	return $text =~ /^\.SH $name\n(.*?)(?=^\.SH|\z)/ms ? $1 : '';
}

# The names before the dash in NAME.
sub names {
	my ($s, $page) = @_;
	my ($list) = section($s, $page, 'NAME') =~ /\A(.*?) - /s;
	return defined $list ? split /,\s+/, $list : ();
}

# Program => its page.
sub page_of {
	my ($s) = @_;
	my %found;
	for my $p (grep { /\.[18]$/ } pages($s)) {
		$found{$_} = $p for names($s, $p);
	}
	return \%found;
}

# ---- options ----------------------------------------------------------------

# What a source takes: a table, getopt, a comparison, a case of the shell.
sub taken {
	my ($text) = @_;
	return $text =~ /^\s*(--?\w[-\w]*)(?:=\*)?\)/gm if $text =~ /\A#!/;
	my ($letters) = $text =~ /getopt\(argc, argv, "([\w:]*)"\)/;
	my @found = defined $letters ? map { "-$_" } $letters =~ /\w/g : ();
	push @found, map { "-$_" } $text =~ /^\t\{ "([a-z\d]+)", ARG_/gm;
	push @found, $text =~ /^\t\{ "(-[-\w]+)",/gm;
	push @found, $text =~ /strn?cmp\((?:argv\[\d\]|a), "(--?\w[-\w]*)"/g;
	return @found;
}

# Option => 1 of all programs on a page.
sub options_of_page {
	my ($s, $page) = @_;
	my $programs = programs($s);
	my %found;
	for my $name (names($s, $page)) {
		$found{$_} = 1 for map { taken($s->text($_)) }
		    @{ $programs->{$name} || [] };
	}
	return \%found;
}

# Words of a text that are options.
sub words { my ($text) = @_; return $text =~ /(?:^|[\s"\[(|])(--?[A-Za-z][-\w]*)/gm }

sub told {
	my ($s, $page) = @_;
	my %found;
	my $text = section($s, $page, 'OPTIONS');
	for ($text =~ /^\.TP(?: \d+)?\n\.[BIR]+ (.*)$/gm) {
		my ($o) = words($_);
		$found{$o} = 1 if defined $o;
	}
	return \%found;
}

sub each_has_a_page {
	my ($s) = @_;
	my $page = page_of($s);
	return map { "$_ has no manual page" } sort grep { !$page->{$_} }
	    keys %{ programs($s) };
}

sub pages_whole {
	my ($s) = @_;
	my @bad;
	for my $p (pages($s)) {
		my $text = $s->text($p);
		my ($name, $n) = $p =~ m,([^/]+)\.(\d)$,;
		push @bad, "$p: its title is another"
		    if $text !~ /^\.TH \U$name\E $n \d{4}-\d\d-\d\d "/m;
		push @bad, "$p: its name is another"
		    if !grep { $_ eq $name } names($s, $p);
		push @bad, map { "$p: no $_" } grep {
		    section($s, $p, $_) eq '' } @sections;
		push @bad, "$p: no SYNOPSIS"
		    if $n ne '7' && $name ne 'maildir' &&
		    section($s, $p, 'SYNOPSIS') eq '';
		push @bad, "$p: no EXIT STATUS"
		    if $n =~ /[18]/ && section($s, $p, 'EXIT STATUS') eq '';
	}
	return @bad;
}

sub options_agree {
	my ($s) = @_;
	my @bad;
	for my $p (grep { /\.[18]$/ } pages($s)) {
		my $is = options_of_page($s, $p);
		my $told = told($s, $p);
		push @bad, map { "$p: no word of $_" }
		    sort grep { !$told->{$_} } keys %$is;
		push @bad, map { "$p: there is no $_" }
		    sort grep { !$is->{$_} } keys %$told;
		my %in = map { $_ => 1 } words(section($s, $p, 'SYNOPSIS'));
		push @bad, map { "$p: SYNOPSIS: there is no $_" }
		    sort grep { !$is->{$_} } keys %in;
		# A long list is "option ...".
		push @bad, map { "$p: SYNOPSIS: no $_" }
		    sort grep { !$in{$_} } keys %$is
		    if section($s, $p, 'SYNOPSIS') !~ /option ?\.\.\./;
	}
	return @bad;
}

# What a program says of itself when it is called wrongly.
sub usage_agrees {
	my ($s) = @_;
	my $programs = programs($s);
	my @bad;
	for my $name (sort keys %$programs) {
		for my $f (@{ $programs->{$name} }) {
			my $text = $s->text($f);
			my %is = map { $_ => 1 } taken($text);
			$text =~ s/"\s*"//g;	# literals side by side
			push @bad, map { "$f: usage: there is no $_" }
			    grep { !$is{$_} } map { words($_) }
			    $text =~ /"((?:Usage:|\s+%s )[^"]*)"/g;
		}
	}
	return @bad;
}

# Each page that is referred to.
sub references {
	my ($s) = @_;
	my %have = map { m,([^/]+)\.(\d)$, ? ("$1($2)" => 1) : () } pages($s);
	my @bad;
	for my $p (pages($s)) {
		my %to = map { $_ => 1 } map { s/ //r }
		    unfont($s->text($p)) =~ /\b([a-z](?:[\w.-]*\w)? ?\([1-8]\))/g;
		push @bad, map { "$p: there is no $_" } sort grep {
		    !$have{$_} && !$others{$_} } keys %to;
	}
	return @bad;
}

# ---- formatters -------------------------------------------------------------

sub complaints {
	my ($s, @command) = @_;
	my @bad;
	for my $p (pages($s)) {
		my $out = qx(@command '@{[$s->top]}/$p' 2>&1 >/dev/null);
		push @bad, "$p: $_" for split /\n/, $out;
	}
	return @bad;
}

# mandoc writes what it finds to standard output.
sub mandoc {
	my ($s) = @_;
	return map { split /\n/, qx(mandoc -Tlint -W style '@{[$s->top]}/$_' 2>&1) }
	    pages($s);
}

sub groff { return complaints($_[0], qw(groff -man -ww -Tascii)) }

holds('each program has a manual page', \&each_has_a_page);
holds('each page has its parts', \&pages_whole);
holds('options of programs and of pages are the same', \&options_agree);
holds('usage texts name options that there are', \&usage_agrees);
holds('references lead somewhere', \&references);

my $ok = ".TH B 1 2026-01-01 \"X\"\n.SH NAME\nb \\- x\n.SH SYNOPSIS\nb\n" .
    ".SH DESCRIPTION\nx\n.SH EXIT STATUS\n0\n.SH SEE ALSO\nx\n";
my %tree = (
	'Makefile.in' => "PROG_a = src/prog/a\nPROG_m = src/prog/m\n" .
	    "AUTH_TOOLS = \\\n\tauthdaemon/b \\\n\tauthdaemon/c\n" .
	    "SCRIPTS = \\\n\tsysconf/a.rc \\\n\tsysconf/d\n",
	'src/prog/a.c' => "\t{ \"name\", ARG_STR, &x },\n" .
	    "\t{ \"pid\", ARG_STR, &x },\n" .
	    "f(_(\"Usage: a [-name=x] \"\n    \"[-pidd=x] -t\\n\"), stderr);\n",
	'src/prog/m_main.c' => "return m_main(argc, argv, 1);\n",
	'src/m/run.c' => "int\nm_main(int argc, char **argv, int n)\n" .
	    "{\n\tstrcmp(argv[1], \"-check\")\n",
	'authdaemon/b.c' => "getopt(argc, argv, \"s:o\")\n",
	'authdaemon/c.c' => "int c;\n",
	'sysconf/a.rc.in' => "#!/bin/sh\ncase \$1 in\n--long=*)\t;;\n-n)\n",
	'sysconf/d.in' => "#!/bin/sh\n",
	'doc/man/a.8' => ".TH A 1 2026-01-01 \"X\"\n.SH NAME\na, d \\- x\n" .
	    ".SH SYNOPSIS\na [\\-name] \\-\\-long \\-z\n.SH OPTIONS\n.TP\n" .
	    ".BI \\-name= x\nlike \\-pid\n.TP\n.B \\-q\nx\n.TP\n.B \\-\\-long\n" .
	    ".SH SEE ALSO\n.BR b (1),\n.BR nosuch (8)\n.BR ssh (1)\n",
	'doc/man/b.1' => $ok,
	'doc/man/m.8' => ".TH M 8 2026-01-01 \"X\"\n.SH NAME\nm \\- x\n" .
	    ".SH SYNOPSIS\n.RI [ option ...]\n.SH OPTIONS\n.TP\n" .
	    ".B \\-check\n",
);
finds('a program without', \&each_has_a_page, \%tree, qr/^c has/);
finds('missing parts', \&pages_whole, { map { $_ => $tree{$_} }
    qw(doc/man/a.8 doc/man/b.1) }, qr/a.8: its title/, qr/no DESCRIPTION/,
    qr/no EXIT STATUS/);
finds('wrong options', \&options_agree, \%tree, qr/a.8: no word of -n$/,
    qr/a.8: no word of -pid/, qr/a.8: there is no -q/,
    qr/a.8: SYNOPSIS: there is no -z/, qr/a.8: SYNOPSIS: no -pid/,
    qr/a.8: SYNOPSIS: no -n$/, qr/b.1: no word of -s/,
    qr/b.1: no word of -o/, qr/b.1: SYNOPSIS: no -s/,
    qr/b.1: SYNOPSIS: no -o/);
finds('a wrong usage text', \&usage_agrees, \%tree, qr/no -pidd/,
    qr/no -t$/);
finds('a reference to nothing', \&references, \%tree, qr/nosuch\(8\)/);

my %broken = ('doc/man/b.1' => "$ok.XYZ\n", 'doc/man/c.1' => $ok);
for (['mandoc', \&mandoc], ['groff', \&groff]) {
	my ($name, $checker) = @$_;
	SKIP: {
		skip "no $name", 2 if qx(command -v $name 2>/dev/null) eq '';
		holds("$name has no complaint", $checker);
		finds("what $name does not know", $checker, \%broken,
		    qr/b\.1.*XYZ/);
	}
}
done();
