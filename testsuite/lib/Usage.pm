# What the processes of one server use: processor time and memory.
# SPDX-License-Identifier: ISC
#
#   my $u = Usage->new($name);
#   $u->root($dir)          where the server's root folder is
#   $u->words               put in front of a command: it and all that it
#                           starts are counted
#   $u->cpu                 seconds so far, ended processes among them
#   $u->pss                 kB in use now (proportional set size)
#   $u->pids                its processes
#   $u->how                 how the time is counted
# A control group (cpu of version 2, cpuacct of version 1) counts all, and in
# nanoseconds. Where none can be made /proc is summed up over the processes
# whose root is that or below, and the children they have waited for.
package Usage;
use strict;
use warnings;
use POSIX ();
use Private qw(:all !start);

# Folder of all groups, the file with the time, its form, units per second.
my @kinds = (
	['/sys/fs/cgroup/cpuacct', 'cpuacct.usage', qr/^(\d+)/, 1e9],
	['/sys/fs/cgroup', 'cpuacct.usage', qr/^(\d+)/, 1e9],
	['/sys/fs/cgroup', 'cpu.stat', qr/^usage_usec (\d+)/m, 1e6],
);
my $tick = POSIX::sysconf(POSIX::_SC_CLK_TCK());

sub new {
	my ($class, $name) = @_;
	my $self = bless {}, $class;
	for my $kind ($ENV{USAGE_PROC} ? () : @kinds) {
		my ($top, $file, $form, $units) = @$kind;
		my $dir = "$top/chapar-$$-$name";
		mkdir $dir or next;
		if (-w "$dir/cgroup.procs" && slurp("$dir/$file") =~ $form) {
			@$self{qw(dir file form units)} = ($dir, "$dir/$file",
			    $form, $units);
			at_end(sub { $self->remove });
			last;
		}
		rmdir $dir;
	}
	return $self;
}

sub root { $_[0]{root} = $_[1] }

sub how { return $_[0]{dir} ? 'control groups' : '/proc' }

sub words {
	my ($self) = @_;
	return unless $self->{dir};
	return ('sh', '-c', 'echo $$ >"$0/cgroup.procs"; exec "$@"',
	    $self->{dir});
}

sub pids {
	my ($self) = @_;
	return split ' ', slurp("$self->{dir}/cgroup.procs") if $self->{dir};
	return grep { index((readlink("/proc/$_/root") || '') . '/',
	    "$self->{root}/") == 0 } map { m,(\d+)$, } glob '/proc/[0-9]*';
}

sub cpu {
	my ($self) = @_;
	if ($self->{dir}) {
		slurp($self->{file}) =~ $self->{form};
		return $1 / $self->{units};
	}
	my $sum = 0;
	for ($self->pids) {
		my @f = split / /, slurp("/proc/$_/stat") =~ s/.*\) //sr;
		$sum += $_ for grep { defined } @f[11 .. 14];
	}
	return $sum / $tick;
}

sub pss {
	my ($self) = @_;
	my $sum = 0;
	for ($self->pids) {
		$sum += $1 if slurp("/proc/$_/smaps_rollup") =~
		    /^Pss:\s+(\d+)/m;
	}
	return $sum;
}

# A group is removed when nobody is in it.
sub remove {
	my ($self) = @_;
	kill 'KILL', $self->pids if !wait_for(30, sub { !$self->pids });
	wait_for(30, sub { rmdir $self->{dir} || !-d $self->{dir} })
	    or warn "$self->{dir} is left\n";
}

1;
