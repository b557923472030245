# What `strace -f -o FILE` has written.  SPDX-License-Identifier: ISC
#
#   for (Strace::calls(slurp($file))) { my ($pid, $call) = @$_; ... }
#
# Whole calls, each where it has returned: strace cuts those in two during which
# another process says something. A fork comes before all that its child does;
# the parent may well learn of it later. Strace::forked($call) is the child.
package Strace;
use strict;
use warnings;

sub forked {
	my ($call) = @_;
	return $call =~ /^(?:clone3?|v?fork)\(.*= (\d+)$/ ? $1 : undef;
}

sub calls {
	my ($text) = @_;
	my (@calls, %begun, %first);
	for (split /\n/, $text) {
		my ($pid, $call) = /^(\d+) +(.*)/ or next;
		my $at = @calls;
		$first{$pid} //= $at;
		if ($call =~ s/ *<unfinished \.\.\.>$//) {
			$begun{$pid} = $call;
			next;
		}
		$call =~ s/^<\.\.\. \w+ resumed> *//
		    and $call = (delete $begun{$pid} // '') . $call;
		my $child = forked($call);
		$at = $first{$child} - 0.5
		    if defined $child && defined $first{$child};
		push @calls, [$at, $pid, $call];
	}
	return map { [@$_[1, 2]] } sort { $a->[0] <=> $b->[0] } @calls;
}

1;
