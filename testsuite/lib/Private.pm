# Everything a system test starts is private: a folder of its own, free
# loopback ports, processes that end with the test.
# SPDX-License-Identifier: ISC
#
#   use Private qw(:all);
#   my $dir = workdir();            removed at the end (kept if KEEP is set)
#   my $port = free_port();
#   my $pid = start(\%opt, @argv);  background process, killed at the end
#   run(@argv)                      true if it ended with 0; output in $Private::out
#                                   (killed after $Private::run_limit seconds)
#   at_end(sub { ... });            last registered runs first
package Private;
use strict;
use warnings;
use Errno ();
use Exporter 'import';
use File::Temp ();
use IO::Socket::INET;
use IO::Socket::UNIX;
use POSIX ();
use Test::More ();

our @EXPORT_OK = qw(workdir free_port start run at_end wait_port wait_for
    slurp spew spew_whole need_root need top lib files_of now copy_tree);
our %EXPORT_TAGS = (all => \@EXPORT_OK);
our $out = '';
our $run_limit = 300;

# A test that is told to end says where it was, and cleans up.
$SIG{TERM} = sub { require Carp; Carp::cluck('stopped'); exit 1 };
$SIG{PIPE} = 'IGNORE';

my ($dir, @ends, %pids, $owner);

sub workdir {
	return $dir if $dir;
	$owner = $$;
	$dir = File::Temp::tempdir('chapar-t.XXXXXX', TMPDIR => 1);
	chmod 0755, $dir;
	return $dir;
}

# The source tree.
sub top {
	return $ENV{top_srcdir} if $ENV{top_srcdir};
	(my $d = __FILE__) =~ s,/?[^/]*$,,;
	return POSIX::getcwd() . "/$d/../.." if $d !~ m,^/,;
	return "$d/../..";
}

sub lib { return top() . '/testsuite/lib/' . $_[0] }

# Out of the range from which the system takes those of clients (as Linux has
# it), and this test's alone until it ends: who holds the UDP port of the number
# may use the other one.
use constant { PORT_FIRST => 10000, PORTS => 20000 };
my @held;

sub free_port {
	for (1 .. 1000) {
		my @at = (LocalAddr => '127.0.0.1',
		    LocalPort => PORT_FIRST + int rand PORTS);
		my $hold = IO::Socket::INET->new(Proto => 'udp', @at) or next;
		my $s = IO::Socket::INET->new(Listen => 1, ReuseAddr => 1, @at)
		    or next;
		push @held, $hold;
		return $s->sockport;
	}
	die "no free port\n";
}

# Options: log (file for both outputs), dir, env (hash, added), in (file).
sub start {
	my ($opt, @argv) = @_;
	workdir();
	my $pid = fork();
	die "fork: $!" unless defined $pid;
	if ($pid == 0) {
		$SIG{$_} = 'DEFAULT' for qw(TERM PIPE);
		my $log = $opt->{log} || '/dev/null';
		my $in = $opt->{in} || '/dev/null';
		open STDIN, '<', $in or POSIX::_exit(126);
		open STDOUT, '>>', $log or POSIX::_exit(126);
		open STDERR, '>&', \*STDOUT;
		chdir $opt->{dir} if $opt->{dir};
		$ENV{$_} = $opt->{env}{$_} for keys %{ $opt->{env} || {} };
		if ($opt->{code}) {
			$opt->{code}->();
			POSIX::_exit(0);
		}
		exec { $argv[0] } @argv or POSIX::_exit(127);
	}
	$pids{$pid} = $argv[0] || 'code';
	return $pid;
}

sub run {
	my (@argv) = @_;
	my $log = workdir() . "/run.$$.out";
	unlink $log;
	my $pid = start({ log => $log }, @argv);
	my $late;
	local $SIG{ALRM} = sub { $late = kill 'KILL', $pid };
	alarm $run_limit;
	1 while waitpid($pid, 0) < 0 && $!{EINTR};
	my $status = $?;
	alarm 0;
	delete $pids{$pid};
	$out = slurp($log);
	$out .= "$argv[0]: killed after $run_limit s\n" if $late;
	return $status == 0;
}

sub at_end { push @ends, $_[0] }

sub now { require Time::HiRes; return Time::HiRes::time() }

# True as soon as the function is true; false if it was not after the time.
sub wait_for {
	my ($seconds, $code) = @_;
	my $until = now() + $seconds;
	for (;;) {
		my $late = now() > $until;
		my $r = $code->();
		return $r if $r;
		return if $late;
		select undef, undef, undef, 0.05;
	}
}

sub wait_port {
	my ($port, $seconds, $host) = @_;
	$host ||= '127.0.0.1';
	return wait_for($seconds || 60, sub {
		IO::Socket::INET->new(PeerAddr => "$host:$port",
		    Timeout => 2)
	});
}

sub slurp {
	my ($name) = @_;
	open my $fh, '<', $name or return '';
	binmode $fh;
	local $/;
	my $text = <$fh>;
	return defined $text ? $text : '';
}

sub spew {
	my ($name, $text, $mode) = @_;
	open my $fh, '>', $name or die "$name: $!";
	binmode $fh;
	print $fh $text;
	close $fh or die "$name: $!";
	chmod $mode, $name if defined $mode;
}

# The same below another name first: who reads it meanwhile reads all of it.
sub spew_whole {
	my ($name, @what) = @_;
	spew("$name.new", @what);
	rename "$name.new", $name or die "$name: $!";
}

# Regular files below a folder, as paths relative to it.
sub files_of {
	my ($top) = @_;
	my @found;
	require File::Find;
	File::Find::find({ no_chdir => 1, wanted => sub {
		push @found, substr($_, length($top) + 1) if -f $_ && !-l $_;
	} }, $top) if -d $top;
	@found = sort @found;	# (a count in scalar context)
	return @found;
}

sub copy_tree {
	my ($from, $to) = @_;
	return system('cp', '-a', $from, $to) == 0;
}

sub need_root {
	return if $> == 0;
	Test::More::plan(skip_all => 'needs root: mailbox users, chroot');
}

# Skips the whole test if a program is missing.
sub need {
	for my $prog (@_) {
		next if grep { -x "$_/$prog" } split(/:/, $ENV{PATH}),
		    '/usr/sbin', '/sbin';
		Test::More::plan(skip_all => "$prog is not installed");
	}
}

# Puts what the processes said where a failed test can be understood.
sub END {
	my $status = $?;
	return unless defined $owner && $owner == $$;
	local $?;
	for my $code (reverse @ends) {
		eval { $code->(); 1 } or warn $@;
	}
	stop(keys %pids);
	system 'rm', '-rf', '--one-file-system', $dir
	    if $dir && !$ENV{KEEP};
	Test::More::diag("kept $dir") if $ENV{KEEP};
	$? = $status;
}

# Of those that were waited for already another process may have the number.
sub stop {
	my (@which) = @_;
	delete @pids{@which};
	my @there = grep { waitpid($_, POSIX::WNOHANG()) == 0 } @which;
	kill 'TERM', @there;
	for my $pid (@there) {
		wait_for(30, sub { waitpid($pid, POSIX::WNOHANG()) != 0 })
		    or kill('KILL', $pid) && waitpid($pid, 0);
	}
}

# One that is still there, at once.
sub kill_child {
	my ($pid) = @_;
	return if waitpid($pid, POSIX::WNOHANG()) != 0;
	kill 'KILL', $pid;
	waitpid $pid, 0;
}

# One TERM for the process that a pid file names.
sub stop_pid_file {
	my ($file) = @_;
	my ($pid) = slurp($file) =~ /(\d+)/ or return;
	kill 'TERM', $pid;
	wait_for(30, sub { !kill 0, $pid }) or kill 'KILL', $pid;
}

1;
