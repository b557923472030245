# Other builds of the source: other compilers, flags, layouts.
# SPDX-License-Identifier: ISC
#
#   my $b = Build->new(name => 'clang', configure => [...], make => 'bmake',
#       source => FOLDER);           configures in a folder of its own
#   $b->make('all', 'unit-tests')    true if it went well; output: $b->{out}
#   $b->clean                        true if no compiler or linker complained
#   $b->units(@prefix)               runs the unit tests; what failed
#   $b->suite(FILE...)               runs these tests with this build; failures
# Each step is one line of TAP when called through the functions:
#   builds(\%arg, @targets)          a Build, or undef and a failed test
#   units_pass($b, @prefix), suite_passes($b, @patterns)
package Build;
use strict;
use warnings;
use Exporter 'import';
use JSON::PP;
use POSIX ();
use Private qw(:all !start);
use Test::More;

our @EXPORT = qw(builds units_pass suite_passes compiler_works unpacked);

# A make that runs us shall not speak to those that we run.
delete @ENV{qw(MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES GNUMAKEFLAGS CC CFLAGS
    CPPFLAGS LDFLAGS)};

use constant TIME_LIMIT => 900;	# seconds for one file of the suite
use constant JOBS => 3;		# test files at a time: most of them wait

sub new {
	my ($class, %arg) = @_;
	my $self = bless { make => 'make', source => top(), %arg }, $class;
	$self->{dir} ||= workdir() . "/$self->{name}";
	mkdir $self->{dir};
	return $self;
}

# One command in the build folder; output of all of them is kept.
sub command {
	my ($self, @argv) = @_;
	my $dir = $self->{dir};
	local $Private::run_limit = TIME_LIMIT;
	my $ok = run('sh', '-c', 'cd "$1" && shift && exec "$@"', 'sh', $dir,
	    @argv);
	$self->{out} = $Private::out;
	$self->{all} .= $Private::out;
	return $ok;
}

sub configure {
	my ($self) = @_;
	return $self->command("$self->{source}/configure",
	    @{ $self->{configure} || [] });
}

sub make {
	my ($self, @targets) = @_;
	return $self->command($self->{make}, '-j2', @targets);
}

# What sounds like a complaint, outside of commands and of configure.
sub complaints {
	my ($self) = @_;
	return grep { /\b(?:warning|error|undefined reference)\b/i &&
	    !/^\S*(?:cc|gcc|clang|tcc)\b.* -c |^checking / }
	    split /\n/, $self->{built} || '';
}

# The end of the output, without the commands.
sub trouble {
	my ($self) = @_;
	my @lines = grep { !/ -c -o / } split /\n/, $self->{out};
	splice @lines, 0, -40 if @lines > 40;
	return join "\n", @lines;
}

sub unit_programs {
	my ($self) = @_;
	return grep { -x && !/\.[^\/]*$/ } sort
	    glob "$self->{dir}/testsuite/unit/test_*";
}

sub units {
	my ($self, @prefix) = @_;
	my @bad;
	for my $t ($self->unit_programs) {
		next if run(@prefix, $t) &&
		    $Private::out =~ /^1\.\.(?:[1-9]\d*|0 # SKIP .*)$/m;
		push @bad, $t, grep { !/^ok / } split /\n/, $Private::out;
	}
	return @bad;
}

sub suite {
	my ($self, @files) = @_;
	local $ENV{top_builddir} = $self->{dir};
	local $ENV{top_srcdir} = top();
	local $Private::run_limit = TIME_LIMIT;
	return () if run('sh', top() . '/testsuite/run.sh', @files);
	return split /\n/, $Private::out;
}

# ---- as tests ---------------------------------------------------------------

sub builds {
	my ($arg, @targets) = @_;
	my $b = Build->new(%$arg);
	if (!$b->configure) {
		fail("$b->{name}: configure");
		diag($b->{out});
		return;
	}
	my $ok = $b->make(@targets);
	$b->{built} = $b->{out};
	ok($ok, "$b->{name}: @targets")
	    or diag($b->trouble), return;
	my @bad = $b->complaints;
	is(join("\n", @bad), '', "$b->{name}: no warning");
	return $b;
}

sub units_pass {
	my ($b, @prefix) = @_;
	my $n = $b->unit_programs;
	cmp_ok($n, '>', 20, "$b->{name}: $n unit tests are there");
	my @bad = $b->units(@prefix);
	ok(!@bad, "$b->{name}: unit tests") or diag(join "\n", @bad);
}

# Runs every JOBS-th file from one on; a line of JSON tells what failed in it.
sub worker {
	my ($b, $first, @files) = @_;
	open(my $results, '-|') // die "fork: $!\n" or do {
		$| = 1;
		for (my $i = $first; $i < @files; $i += JOBS) {
			print encode_json([$b->suite($files[$i])]), "\n";
		}
		POSIX::_exit(0);
	};
	return $results;
}

# Names, or patterns of them, from the top. Each file has the time of a command
# for itself.
sub suite_passes {
	my ($b, @patterns) = @_;
	my @files = map { glob top() . "/$_" } @patterns;
	my @worker = map { worker($b, $_, @files) } 0 .. JOBS - 1;
	for my $i (0 .. $#files) {
		my $line = readline $worker[$i % JOBS];
		my @bad = defined $line ? @{ decode_json($line) } : 'no result';
		my $name = substr $files[$i], length(top()) + 1;
		ok(!@bad, "$b->{name}: $name") or diag(join "\n", @bad);
	}
}

# Compiles, links and runs a small program.
sub compiler_works {
	my (@cc) = @_;
	my $dir = workdir();
	spew("$dir/try.c", "#include <stdio.h>\n" .
	    "int main(void) { return puts(\"\") == EOF; }\n");
	return run(@cc, '-o', "$dir/try", "$dir/try.c") && run("$dir/try");
}

# The source as its archive has it, in a new folder of this name.
sub unpacked {
	my ($name) = @_;
	my $dir = workdir() . "/$name";
	run('sh', '-c', 'mkdir "$1" && cd "$1" && sh "$2"/dist.sh "$2" src &&
	    gzip -dc src.tar.gz | tar xf -', 'sh', $dir, top())
	    or die "dist.sh: $Private::out";
	return "$dir/src";
}

1;
