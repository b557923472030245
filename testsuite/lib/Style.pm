# Rules of the house as tests: reads the C sources, compares, reports.
# SPDX-License-Identifier: ISC
#
#   use Style;
#   holds('what holds', \&checker);        over the whole tree: nothing found
#   finds('what is found', \&checker, { 'src/base/x.c' => TEXT }, qr/.../, ...);
#                         over a small tree that breaks the rule: each pattern
#                         matches one finding, and nothing else is found
#   done();
# A checker gets a Style object and returns one line for each finding.
package Style;
use strict;
use warnings;
use Exporter 'import';
use File::Basename qw(dirname);
use File::Path qw(make_path);
use File::Temp qw(tempdir);
use Test::More;

our @EXPORT = qw(holds finds done slurp source_tree make_value);

my @places = qw(compat/*.[ch] src/*/*.[ch] src/*/*.def authdaemon/*.[ch]
    authlib/*.[ch] testsuite/unit/*.[ch] testsuite/compat/*.[ch]);

sub source_tree {
	return $ENV{top_srcdir} if $ENV{top_srcdir};
	return dirname(__FILE__) . '/../..';
}

sub build_tree { return $ENV{top_builddir} || source_tree() }

sub slurp {
	my ($name) = @_;
	open my $fh, '<', $name or return '';
	local $/;
	my $text = <$fh>;
	return defined $text ? $text : '';
}

# A variable of the Makefile that configure wrote.
sub make_value {
	my ($name) = @_;
	my ($v) = slurp(build_tree() . '/Makefile') =~ /^\Q$name\E *= *(.*)$/m;
	return defined $v ? $v : '';
}

sub new {
	my ($class, $top) = @_;
	return bless { top => $top, tokens => {}, cpp => {} }, $class;
}

sub top { return $_[0]{top} }

# Paths from the top, sorted; without patterns all sources.
sub files {
	my ($self, @patterns) = @_;
	my $n = length($self->{top}) + 1;
	return sort map { substr $_, $n } grep { -f }
	    map { glob "$self->{top}/$_" } @patterns ? @patterns : @places;
}

sub text { return slurp("$_[0]{top}/$_[1]") }

# The included files of a source: [line, 'own' or 'system', name].
sub includes {
	my ($self, $file) = @_;
	my (@found, $n);
	for (split /\n/, $self->text($file)) {
		$n++;
		push @found, [$n, $1 eq '"' ? 'own' : 'system', $2]
		    if /^[ \t]*#[ \t]*include[ \t]*(["<])([^">]+)[">]/;
	}
	return @found;
}

# C in pieces: [kind, text, line]; kinds: comment line-comment string char
# name number punct directive.
sub tokenize {
	my ($text) = @_;
	my @found;
	my $line = 1;
	while ($text =~ m{\G(?:
	    (?<space>[ \t\r\f\n]+|\\\n)
	    |(?<comment>/\*.*?\*/)
	    |(?<lcomment>//[^\n]*)
	    |(?<string>"(?:[^"\\\n]|\\.)*")
	    |(?<char>'(?:[^'\\\n]|\\.)*')
	    |(?<name>[A-Za-z_]\w*)
	    |(?<number>\.?[0-9](?:[eEpP][-+]|[\w.])*)
	    |(?<punct>.))}gsx) {
		my ($kind) = keys %+;
		my $t = $+{$kind};
		push @found, [$kind, $t, $line] if $kind ne 'space';
		$line += $t =~ tr/\n//;
	}
	return @found;
}

sub tokens {
	my ($self, $file) = @_;
	$self->{tokens}{$file} ||= [tokenize($self->text($file))];
	return @{ $self->{tokens}{$file} };
}

# The same after the preprocessor, only what stands in our own files, and of
# each header once: [kind, text, line, file].
sub expanded {
	my ($self, $file) = @_;
	my $top = $self->{top};
	my $cc = make_value('CC') || 'cc';
	my $flags = join ' ', map { make_value($_) } qw(MYSQL_CFLAGS
	    PGSQL_CFLAGS CPPFLAGS);
	my $build = build_tree();
	my $inc = "-I'$build' -I'$top' -I'$top/src' -I'$top/compat'";
	my $out = `$cc -E $inc $flags '$top/$file' 2>&1`;
	die "$cc -E $file: $out\n" if $?;
	my ($from, $n, @found) = ('', 0);
	for (split /\n/, $out) {
		if (/^#(?:line)? (\d+) "([^"]*)"/) {
			($n, $from) = ($1 - 1, $2);
			next;
		}
		$n++;
		next unless index($from, "$top/") == 0 && /\S/;
		my $short = substr($from, length($top) + 1);
		next if $short =~ /\.h$/ &&
		    ($self->{cpp}{$short} ||= $file) ne $file;
		push @found, map { [$_->[0], $_->[1], $n, $short] }
		    tokenize($_);
	}
	return @found;
}

sub holds {
	my ($name, $checker) = @_;
	my @found = $checker->(Style->new(source_tree()));
	ok(!@found, $name) or diag(join "\n", @found);
}

sub finds {
	my ($name, $checker, $tree, @want) = @_;
	my $dir = tempdir('chapar-style.XXXXXX', TMPDIR => 1, CLEANUP => 1);
	for my $f (keys %$tree) {
		make_path(dirname("$dir/$f"));
		open my $fh, '>', "$dir/$f" or die "$f: $!";
		print $fh $tree->{$f};
		close $fh or die "$f: $!";
	}
	my @found = $checker->(Style->new($dir));
	my @rest = @found;
	my @missing;
	for my $re (@want) {
		my ($i) = grep { $rest[$_] =~ $re } 0 .. $#rest;
		defined $i ? splice(@rest, $i, 1) : push @missing, $re;
	}
	ok(!@missing && !@rest, "finds $name")
	    or diag("found:\n", map({ "  $_\n" } @found), "missing:\n",
	    map { "  $_\n" } @missing);
}

sub done { done_testing() }

1;
