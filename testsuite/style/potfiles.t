#!/usr/bin/perl
# Translations: the list of files, the template and the languages are complete.
# SPDX-License-Identifier: ISC
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use File::Temp qw(tempdir);
use Test::More;
use Style;

# Files that mark messages, against the list.
sub listed {
	my ($s) = @_;
	my %list = map { $_ => 1 } grep { /^[^#]/ } split /\n/,
	    $s->text('po/POTFILES.in');
	my @bad;
	for my $f (grep { m,^(?:src|authdaemon)/.*\.c$, } $s->files) {
		my @t = grep { $_->[0] !~ /comment/ } $s->tokens($f);
		my $marks = grep {
			$t[$_][1] =~ /^(?:_|N_|ngettext)$/ &&
			$t[$_ + 1][1] eq '('
		} 0 .. $#t - 1;
		push @bad, "$f: not in POTFILES.in" if $marks && !$list{$f};
		push @bad, "$f: in POTFILES.in without need"
		    if !$marks && $list{$f};
		delete $list{$f};
	}
	push @bad, map { "$_: in POTFILES.in, but not there" }
	    sort keys %list;
	return @bad;
}

# Only literals are marked, or names of variables: nothing that is put together
# while the program runs.
sub literals {
	my ($s) = @_;
	my @bad;
	for my $f (grep { m,^(?:src|authdaemon)/.*\.c$, } $s->files) {
		my @t = grep { $_->[0] !~ /comment/ } $s->tokens($f);
		for my $i (0 .. $#t - 3) {
			next unless $t[$i][1] =~ /^N?_$/ &&
			    $t[$i + 1][1] eq '(';
			my $j = $i + 2;
			$j++ while $j < $#t && $t[$j][0] eq 'string';
			next if $j > $i + 2 && $t[$j][1] eq ')';
			next if $j == $i + 2 && $t[$i][1] eq '_' &&
			    $t[$j][0] eq 'name';
			push @bad, "$f:$t[$i][2]: not a literal";
		}
	}
	return @bad;
}

# po/LINGUAS, the files, and the Makefile.
sub languages {
	my ($s) = @_;
	my @lingua = grep { /^[^#]/ } split /\s+/, $s->text('po/LINGUAS');
	my @po = map { m,([^/]+)\.po$, } $s->files('po/*.po');
	my $make = $s->text('Makefile.in');
	my ($m) = $make =~ /^LINGUAS = *(.*)$/m;
	my ($mo) = $make =~ /^MO_FILES = *(.*)$/m;
	my @bad;
	push @bad, "LINGUAS: @lingua; files: @po" if "@lingua" ne "@po";
	push @bad, "LINGUAS: @lingua; Makefile.in: $m" if "@lingua" ne $m;
	push @bad, "MO_FILES: $mo"
	    if $mo ne join ' ', map { "po/$_.mo" } @lingua;
	return @bad;
}

# What update.sh would write.
sub template {
	my ($s) = @_;
	my $top = $s->top;
	my $dir = tempdir(CLEANUP => 1);
	mkdir "$dir/po";
	symlink "$top/$_", "$dir/$_" for qw(src authdaemon);
	system 'cp', "$top/po/POTFILES.in", "$dir/po";
	system "cd '$dir/po' && >LINGUAS && sh '" . source_tree() .
	    "/po/update.sh'";
	my %now = map { $_ => 1 } messages(slurp("$dir/po/chapar.pot"));
	my %was = map { $_ => 1 } messages($s->text('po/chapar.pot'));
	return (map({ "missing: $_" } grep { !$was{$_} } sort keys %now),
	    map { "left over: $_" } grep { !$now{$_} } sort keys %was);
}

sub messages {
	my ($text) = @_;
	$text =~ s/"\n"//g;
	return $text =~ /^msgid "(.+)"$/gm;
}

sub complete {
	my ($s) = @_;
	my $top = $s->top;
	my @bad;
	my %want = map { $_ => 1 } messages($s->text('po/chapar.pot'));
	for my $f ($s->files('po/*.po')) {
		my $out = `msgfmt -c --statistics -o /dev/null '$top/$f' 2>&1`;
		push @bad, "$f: $out" if $? || $out =~ /fuzzy|untranslated/;
		my %have = map { $_ => 1 } messages($s->text($f));
		push @bad, map { "$f: missing: $_" } grep { !$have{$_} }
		    sort keys %want;
	}
	return @bad;
}

holds('po/POTFILES.in lists the files with messages', \&listed);
finds('a file that is not in the list', \&listed, {
	'po/POTFILES.in' => "# list\nsrc/prog/b.c\nsrc/prog/c.c\nsrc/no.c\n",
	'src/prog/a.c' => "puts(_(\"x\"));\n",
	'src/prog/b.c' => "char *b = N_(\"x\");\n",
	'src/prog/c.c' => "/* _(\"x\") */ f_(\"x\");\n",
}, qr,a.c: not in,, qr,c.c: in POT.* without,, qr,src/no.c: .*not there,);
holds('only literals are marked', \&literals);
finds('marks around what is no literal', \&literals, {
	'src/prog/a.c' => "_(\"a\" \"b\"); N_(\"c\"); _(text); _(t(x));\n" .
	    "_(\"a\" PRI \"b\");\nN_(text);\n",
}, qr,a.c:2,, qr,a.c:3,);
holds('LINGUAS, po/*.po and Makefile.in agree', \&languages);
finds('a language that is forgotten', \&languages, {
	'po/LINGUAS' => "de\n", 'po/de.po' => '', 'po/fr.po' => '',
	'Makefile.in' => "LINGUAS = de eo\nMO_FILES = po/eo.mo\n",
}, qr/files: de fr/, qr/Makefile.in: de eo/, qr/MO_FILES/);

SKIP: {
	skip 'no GNU gettext', 4
	    if system('msgfmt --version >/dev/null 2>&1') != 0 ||
	    system('xgettext --version >/dev/null 2>&1') != 0;
	holds('po/chapar.pot is up to date (else: make po-update)',
	    \&template);
	finds('messages that the template lacks', \&template, {
		'po/POTFILES.in' => "src/a.c\n",
		'src/a.c' => "f(_(\"one\"), N_(\"two\"));\n",
		'authdaemon/b.c' => '',
		'po/chapar.pot' => "msgid \"two\"\nmsgstr \"\"\n\n" .
		    "msgid \"three\"\nmsgstr \"\"\n",
	}, qr/missing: one/, qr/left over: three/);
	holds('every language is complete', \&complete);
	my $head = "msgid \"\"\nmsgstr \"Content-Type: text/plain; " .
	    "charset=UTF-8\\n\"\n\n";
	finds('messages that a language lacks', \&complete, {
		'po/chapar.pot' => "msgid \"one\"\nmsgstr \"\"\n\n" .
		    "msgid \"two\"\nmsgstr \"\"\n",
		'po/xx.po' => "${head}msgid \"one\"\nmsgstr \"\"\n",
		'po/yy.po' => "${head}msgid \"one\"\nmsgstr \"1\"\n\n" .
		    "#, fuzzy\nmsgid \"two\"\nmsgstr \"2\"\n",
		'po/zz.po' => "${head}msgid \"one\"\nmsgstr \"1\"\n\n" .
		    "msgid \"two\"\nmsgstr \"2\"\n",
	}, qr/xx.po: .*untranslated/s, qr/xx.po: missing: two/,
	    qr/yy.po: .*fuzzy/s);
}
done();
