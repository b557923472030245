#!/usr/bin/perl
# Each replacement in compat/ is known to configure, the makefile and the
# header, and somebody calls it.
# SPDX-License-Identifier: ISC
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Style;

sub strangers {
	my ($s) = @_;
	my %called;
	for my $f ($s->files(qw(src/*/*.c authdaemon/*.c authlib/*.c
	    testsuite/unit/*.c))) {
		$called{ $_->[1] } = 1
		    for grep { $_->[0] eq 'name' } $s->tokens($f);
	}
	my $asked = join ' ', $s->text('configure.ac') =~
	    /^AC_CHECK_FUNCS\(\[(.*?)\]/msg;
	my $header = $s->text('compat/compat.h');
	my $made = $s->text('Makefile.in');
	my @bad;
	for my $f ($s->files('compat/*.c')) {
		my ($name) = $f =~ m,/(\w+)\.c$,;
		my $have = 'HAVE_' . uc $name;
		push @bad, "$f: nobody calls $name" unless $called{$name};
		push @bad, "$f: configure does not ask for $name"
		    unless $asked =~ /\b$name\b/;
		push @bad, "$f: compat.h does not declare $name"
		    unless $header =~ /^#ifndef $have\n.*?\b$name\(/ms &&
		    $header =~ /^#undef $have$/m &&
		    $header =~ /^#define $name\s+chapar_$name$/m;
		push @bad, "$f: Makefile.in does not build it"
		    unless $made =~ m,^\tcompat/$name\.o\b,m;
		push @bad, "$f: without $have"
		    unless $s->text($f) =~ /^#ifndef $have$/m;
	}
	return @bad;
}

holds('every replacement is known and used', \&strangers);
finds('strangers', \&strangers, {
	'compat/known.c' => "#ifndef HAVE_KNOWN\n#endif\n",
	'compat/idle.c' => "#ifndef HAVE_IDLE\n#endif\n",
	'compat/lost.c' => "int lost(void) { return 0; }\n",
	'compat/compat.h' => "#undef HAVE_KNOWN\n#undef HAVE_IDLE\n" .
	    "#define known\tchapar_known\n#define idle\tchapar_idle\n" .
	    "#ifndef HAVE_IDLE\nint idle(void);\n#endif\n" .
	    "#ifndef HAVE_KNOWN\nint\tknown(void);\n#endif\n",
	'configure.ac' => "AC_CHECK_FUNCS([idle \\\n    known])\n",
	'Makefile.in' => "OBJS_compat = \\\n\tcompat/idle.o \\\n" .
	    "\tcompat/known.o\n",
	'src/base/a.c' => "int a = known() + lost();/* idle() */\n",
}, qr/idle.c: nobody calls idle/, qr/lost.c: configure/,
    qr/lost.c: compat.h/, qr/lost.c: Makefile.in/,
    qr/lost.c: without HAVE_LOST/);
done();
