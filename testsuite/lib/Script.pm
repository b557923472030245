# The files of testsuite/interop/dialogue; their form is described in
# testsuite/interop/dialogue.t.  SPDX-License-Identifier: ISC
#
#   load($file, \%messages)
#                   a list of { name, env, before, steps, end, disk }: steps
#                   before the first C line are "before", end and disk hold
#                   the differences after the last; a step is { send, shown,
#                   last } or { meddle, shown }, and where a difference is
#                   listed { reason, theirs, ours }; what "message" defines
#                   is added to the hash
#   ending($step)   what ends the answer to it
package Script;
use strict;
use warnings;
use Exporter 'import';
use Private qw(slurp);

our @EXPORT_OK = qw(load ending);

sub load {
	my ($file, $message) = @_;
	my (@all, $d, $step, $text);
	for (split /\n/, slurp($file)) {
		next if /^\s*(#|$)/;
		if (/^== (.*)/) {
			$d = { name => $1, env => {}, before => [], steps => [],
			    disk => { shown => 'on disk' },
			    end => { shown => 'end of the session' } };
			push @all, $d;
		} elsif (/^env (\w+)=(.*)/) {
			$d->{env}{$1} = $2;
		} elsif (/^message (\S+)/) {
			die "$file: another message $1\n" if $message->{$1};
			$text = \$message->{$1};
			$$text = '';
		} elsif (/^\| ?(.*)/) {
			$$text .= unescape("$1\\n");
		} elsif (/^(deliver|flags|remove|write|erase|folder|acl) (\S+) ?(.*)/) {
			push @{ $d->{@{ $d->{steps} } ? 'steps' : 'before'} },
			    { shown => $_, meddle => [$1, unescape($2),
			    $1 eq 'write' ? unescape($3) :
			    $1 eq 'acl' ? $3 : split / /, $3] };
		} elsif (/^scene /) {
			$d->{scene} = 1;
		} elsif (/^shared (.*)/) {
			push @{ $d->{@{ $d->{steps} } ? 'steps' : 'before'} },
			    { shown => $_, meddle => ['shared', '', $1] };
		} elsif (/^sh (.*)/) {
			push @{ $d->{@{ $d->{steps} } ? 'steps' : 'before'} },
			    { shown => $_, meddle => ['sh', $1] };
		} elsif (/^again$/) {
			$step = { again => 1, shown => $_ };
			push @{ $d->{steps} }, $step;
		} elsif (/^shell (.*)/) {
			$step = { shell => $1, shown => $_ };
			push @{ $d->{steps} }, $step;
		} elsif (/^(look|names) (.*)/) {
			$step = { look => [$1, $2], shown => $_ };
			push @{ $d->{steps} }, $step;
		} elsif (/^C(:|-) ?(.*)/) {
			$step = { send => $1 eq ':' ? "$2\r\n" : unescape($2),
			    shown => "C$1 $2" };
			push @{ $d->{steps} }, $step;
		} elsif (/^wait (.*)/) {
			$step->{last} = $1 eq 'none' ? '' : qr/$1/;
		} elsif (/^(D|DISK|END): (.*)/) {
			$step = $d->{lc $1} if $1 ne 'D';
			@$step{qw(reason theirs ours)} = ($2, '', '');
		} elsif (/^([<>]) ?(.*)/) {
			$step->{$1 eq '<' ? 'theirs' : 'ours'} .= "$2\n";
		} else {
			die "$file: cannot read: $_\n";
		}
	}
	return @all;
}

sub unescape {
	my ($s) = @_;
	my %c = (n => "\n", r => "\r", t => "\t", '\\' => '\\');
	$s =~ s/\\(?:x([0-9a-fA-F]{2})|(.))/defined $1 ? chr hex $1
	    : exists $c{$2} ? $c{$2} : die "\\$2?\n"/ges;
	$s =~ s/<(.)\*(\d+)>/$1 x $2/ge;	# <x*8000>
	return $s;
}

# The last tag that was sent, a continuation, or the end of the session.
sub ending {
	my ($step) = @_;
	return $step->{last} if defined $step->{last};
	my @tags = $step->{send} =~ /^\s*(\S+)/mg;
	my $tag = @tags ? quotemeta $tags[-1] : '\*';
	return qr/^(?:$tag (?:OK|NO|BAD)|\+)/;
}

1;
