#!/usr/bin/perl
# How a file begins, and that each function in a header is explained.
# SPDX-License-Identifier: ISC
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Style;

use constant HEAD => 4;		# lines in which the licence stands

sub licence {
	my ($s) = @_;
	my @bad;
	for my $f ($s->files, $s->files(qw(testsuite/*/*.t testsuite/lib/*.pm
	    Makefile.in))) {
		my @lines = split /\n/, $s->text($f);
		my $head = join "\n", grep { defined } @lines[0 .. HEAD - 1];
		push @bad, "$f: no licence line"
		    unless $head =~ /SPDX-License-Identifier: ISC/;
		push @bad, "$f: no purpose in the first line"
		    if $f =~ /\.[ch]$/ && $head !~ m,\A/\*(?: |\n \* )\w,;
	}
	return @bad;
}

# What a .c file includes first, by its folder.
sub first_include {
	my ($s) = @_;
	my @bad;
	for my $f (grep { /\.c$/ } $s->files) {
		my $want = $f =~ m,^(?:testsuite/)?compat/, ? 'config.h' :
		    'base/base.h';
		my ($first) = $s->includes($f);
		push @bad, "$f: first include is not $want"
		    if !$first || $first->[2] ne $want;
	}
	return @bad;
}

sub guards {
	my ($s) = @_;
	my (%seen, @bad);
	for my $f (grep { /\.h$/ } $s->files) {
		my ($a, $b) = $s->text($f) =~
		    /^#ifndef (\w+)\n#define (\w+)\n/m;
		push @bad, "$f: no include guard"
		    unless $a && $a eq $b;
		push @bad, "$f: its guard is that of $seen{$a}"
		    if $a && $seen{$a};
		$seen{$a} = $f if $a;
	}
	return @bad;
}

# In the paragraph of a prototype a comment stands above it or behind it: one
# comment may speak for several functions, and for a type that they use.
sub explained {
	my ($s) = @_;
	my @bad;
	for my $f (grep { m,^(?:src|authdaemon|authlib)/.*\.h$, } $s->files) {
		my ($said, $n, $in) = (0, 0, 0);
		for (split /\n/, $s->text($f)) {
			$n++;
			$said = 0 if /^$/ && !$in;
			$said = 1 if $in || m,/\*,;
			my $was = $in;
			$in = m,/\*(?!.*\*/), || $in && !m,\*/,;
			next if $was || $said;
			push @bad, "$f:$n: $1 is not explained"
			    if /^(?!typedef|return)[a-z][\w \t*]*[ \t*](\w+)\(/;
		}
	}
	return @bad;
}

holds('each file begins with its purpose and the licence', \&licence);
finds('a file without', \&licence, {
	'src/base/a.c' => "/* Does.  SPDX-License-Identifier: ISC */\n",
	'src/base/b.c' => "/* Does. */\n",
	'src/base/c.h' => "\n/* x SPDX-License-Identifier: ISC */\n",
	'testsuite/imap/a.t' => "#!/usr/bin/perl\nuse strict;\n",
}, qr,b.c: no licence,, qr,c.h: no purpose,, qr,a.t: no licence,);

holds('each .c includes base.h first', \&first_include);
finds('another first include', \&first_include, {
	'src/base/a.c' => "#include <stdio.h>\n#include \"base/base.h\"\n",
	'src/base/b.c' => "#include \"base/base.h\"\n",
	'compat/c.c' => "#include \"config.h\"\n",
	'authdaemon/d.c' => "int a;\n",
}, qr,base/a.c,, qr,authdaemon/d.c,);

holds('each header has a guard of its own', \&guards);
finds('guards that are wrong', \&guards, {
	'src/base/a.h' => "#ifndef A\n#define A\n#endif\n",
	'src/base/b.h' => "#ifndef A\n#define A\n#endif\n",
	'src/base/c.h' => "#ifndef C\n#define D\n#endif\n",
}, qr,b.h: its guard,, qr,c.h: no include guard,);

holds('each function of a header is explained', \&explained);
finds('functions without a word', \&explained, {
	'src/base/a.h' => "/* Says. */\nint\tf(void);\nint\tg(int a,\n" .
	    "\t    int b);\n\nchar *h(void);\n\n/*\n * Long.\n\n */\n" .
	    "void\ti(int);\n\nstruct a {\n\tint\tb;\n};\n" .
	    "typedef int fn(int);\n\n" .
	    "int\tj(void);\nint\tk(void);\t/* Says. */\n#define A(x) (x)\n",
}, qr,a.h:6: h is,, qr,a.h:19: j is,);
done();
