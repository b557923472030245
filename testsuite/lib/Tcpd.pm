# couriertcpd under test: starting it, connecting from any loopback address.
# SPDX-License-Identifier: ISC
#
#   my $t = Tcpd->new('-maxperip=3', ...);    port and program are added
#   my $s = $t->dial('127.0.0.2');            from this address
#   greeting($s)                              what the program said
#   $t->log  $t->stop
#
# The program tells its variables, says "done", and ends with its client.
package Tcpd;
use strict;
use warnings;
use Exporter 'import';
use IO::Socket::INET;
use IO::Select;
use Private qw(:all);

our @EXPORT = qw(greeting rest program);

sub program {
	my $prog = workdir() . '/prog';
	spew($prog, <<'END', 0755) unless -e $prog;
#!/bin/sh
env | LC_ALL=C sort | grep -v '^_=' | grep -v '^SHLVL='
echo "args $*"
echo "error of $$" >&2
echo done
exec cat >/dev/null
END
	return $prog;
}

# Options: env (hash), wrap (words in front), prog (list), bind (address).
sub new {
	my ($class, @args) = @_;
	my %o = ref $args[0] ? %{ shift @args } : ();
	my $self = bless { %o }, $class;
	# A port that is free now may be a client's a moment later.
	for (1 .. 5) {
		$self->launch(@args);
		return $self if wait_for(60, sub { $self->listens ||
		    $self->log =~ /^bind: /m }) && $self->log !~ /^bind: /m;
		$self->stop;
	}
	die $self->log;
}

sub launch {
	my ($self, @args) = @_;
	$self->{port} = free_port();
	my $build = $ENV{top_builddir} or die "top_builddir is not set\n";
	$self->{logfile} = workdir() . "/log.$self->{port}";
	$self->{pid} = start({ log => $self->{logfile},
	    env => $self->{env} || {} }, @{ $self->{wrap} || [] },
	    "$build/src/prog/couriertcpd",
	    '-address=' . ($self->{bind} || '0.0.0.0'),
	    (grep { /^-dns/ } @args) ? () : '-nodnslookup',
	    (grep { !/^-dns$/ } @args), $self->{port},
	    @{ $self->{prog} || [program()] });
}

# Whether it listens, without connecting: that would be counted.
sub listens {
	my ($self) = @_;
	my $hex = sprintf ':%04X', $self->{port};
	return 1 if (slurp('/proc/net/tcp') . slurp('/proc/net/tcp6')) =~
	    /^\s*\d+: \S+$hex \S+ 0A /m;
	return !-e '/proc/net/tcp' && $self->{slept}++ > 20;
}

sub dial {
	my ($self, $from, $to) = @_;
	return IO::Socket::INET->new(PeerPort => $self->{port},
	    PeerAddr => $to || '127.0.0.1', Timeout => 10,
	    $from ? (LocalAddr => $from) : ()) || die "connect: $!";
}

# Up to "done" or the end, or for 30 s.
sub greeting {
	my ($s, $seconds) = @_;
	return reads($s, $seconds, qr/^done\n\z/m);
}

# All that comes until the other side closes.
sub rest { return reads($_[0], $_[1], undef) }

sub reads {
	my ($s, $seconds, $end) = @_;
	my $text = '';
	my $until = now() + ($seconds || 30);
	my $sel = IO::Select->new($s);
	while (!defined $end || $text !~ $end) {
		my $left = $until - now();
		return "$text(timeout)" if $left <= 0;
		next unless $sel->can_read($left);
		my $n = sysread $s, $text, 65536, length $text;
		last unless $n;
	}
	return $text;
}

sub log { return slurp($_[0]{logfile}) }

# True once the log matches.
sub logs {
	my ($self, $re, $seconds) = @_;
	return wait_for($seconds || 30, sub { $self->log =~ $re });
}

sub stop {
	my ($self) = @_;
	my $pid = $self->{pid};
	# (strace lets no signal end it before those that it follows have ended)
	kill 'TERM', split ' ', slurp("/proc/$pid/task/$pid/children")
	    if ($self->{wrap}[0] // '') eq 'strace';
	Private::stop($pid);
	die $self->log if $self->log =~ /AddressSanitizer|runtime error:/;
}

1;
