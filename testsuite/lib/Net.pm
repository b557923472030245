# Machines: network namespaces that are joined by a bridge, each with its own
# address. Where the system allows none (some containers), addresses of the
# loopback network take their place.  SPDX-License-Identifier: ISC
#
#   use Net;                      first of all: the test starts again, alone in
#                                 a network of its own
#   Net::kind()                   'namespaces' or 'loopback'
#   Net::host(N)                  the address of machine N; 1 is the test's
#   Net::within(N)                words before a command that runs on it
package Net;
use strict;
use warnings;
use Private qw(:all);

my ($kind, %node);

# Everything that the machines will need is tried.
use constant TRY => 'ip link set lo up && ip link add b0 type bridge &&
    ip link add v0 type veth peer name v1 && ip link set v0 master b0 &&
    unshare -n true';

BEGIN {
	# (No output of its own: what comes first on it is the test's.)
	if (!$ENV{CHAPAR_TEST_NET}) {
		my $can = $> == 0 && system("unshare -n sh -c '" . TRY .
		    "' >/dev/null 2>&1") == 0;
		$ENV{CHAPAR_TEST_NET} = $can ? 'namespaces' : 'loopback';
		exec 'unshare', '-n', $^X, $0, @ARGV if $can;
	}
	$kind = $ENV{CHAPAR_TEST_NET};
}

sub kind { return $kind }

sub host {
	my ($n) = @_;
	return "10.77.0.$n" if $kind eq 'namespaces';
	return sprintf '127.%d.%d.%d', 1 + $$ / 250 % 250, 1 + $$ % 250, $n;
}

sub ip {
	my @words = split / /, $_[0];
	run(@{ $_[1] || [] }, 'ip', @words) or die "ip @words: $Private::out";
}

# This machine, once. (A bridge without an address of its own takes the lowest
# of its ports': with each new machine the others might lose this one.)
sub begin {
	return if $node{1};
	ip('link set lo up');
	ip('link add br0 address 02:00:00:00:00:01 type bridge');
	ip('addr add ' . host(1) . '/24 dev br0');
	ip('link set br0 up');
	$node{1} = [];
}

# Another one lives as long as a process in it.
sub within {
	my ($n) = @_;
	return if $kind ne 'namespaces';
	begin();
	return @{ $node{$n} } if $node{$n};
	my $ours = readlink '/proc/self/ns/net';
	my $pid = start({}, 'unshare', '-n', 'sleep', 100_000);
	wait_for(30, sub { (readlink("/proc/$pid/ns/net") // $ours) ne $ours })
	    or die "machine $n does not start\n";
	$node{$n} = ['nsenter', '-t', $pid, '-n'];
	ip("link add v$n type veth peer name eth0 netns $pid");
	ip("link set v$n master br0 up");
	ip('link set lo up', $node{$n});
	ip('addr add ' . host($n) . '/24 dev eth0', $node{$n});
	ip('link set eth0 up', $node{$n});
	return @{ $node{$n} };
}

1;
