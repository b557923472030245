# doc/differences.md, the list of what we do otherwise than Courier, and the
# comparing of texts line by line.  SPDX-License-Identifier: ISC
#
#   known($reason)     its entries' ids, or none if it names one that is not
#                      listed: "#id #id any words", or an entry's last column
#   unused(@ids)       the ids of the list that are not among these
#   faults()           what is wrong with the list itself
#   differ($a, $b)     the lines of each that are not in the other
package Differences;
use strict;
use warnings;
use Exporter 'import';
use Private qw(slurp top);

our @EXPORT_OK = qw(known unused faults differ);

my %verdict = map { $_ => 1 } qw(fix improve keep new);
my (%entry, %by_reason, @faults);

# The rows of all tables: id, Courier, here, verdict, why.
sub entries {
	return \%entry if %entry;
	for (split /\n/, slurp(top() . '/doc/differences.md')) {
		next unless /^\| *`/;
		my ($id, @cell) = map { s/\A\s+|\s+\z//gr }
		    split / (?<!\\)\| /x, substr $_, 1;
		$id =~ s/\A`#([a-z0-9-]+)`\z/$1/ or push @faults, "id: $id";
		push @faults, "$id: " . @cell . ' cells' if @cell != 4;
		push @faults, "$id: twice" if $entry{$id};
		push @faults, "$id: empty cell" if grep { $_ eq '' } @cell;
		push @faults, "$id: verdict '$cell[2]'"
		    unless $verdict{ $cell[2] };
		$entry{$id} = 1;
		$by_reason{ $cell[3] } = $id;
	}
	return \%entry;
}

sub faults {
	push @faults, 'no entries' unless %{ entries() };
	return @faults;
}

sub known {
	my ($reason) = @_;
	my $list = entries();
	return $by_reason{$reason} if $by_reason{$reason};
	my @ids = $reason =~ /\A((?:#[a-z0-9-]+[\s,;:]*)+)/ ?
	    $1 =~ /#([a-z0-9-]+)/g : ();
	return grep({ !$list->{$_} } @ids) ? () : @ids;
}

sub unused {
	my %used = map { $_ => 1 } @_;
	return sort grep { !$used{$_} } keys %{ entries() };
}

# In order; what both have is their longest common rest.
sub differ {
	my @a = split /\n/, $_[0];
	my @b = split /\n/, $_[1];
	my @len = map { [(0) x (@b + 1)] } 0 .. @a;
	for my $i (reverse 0 .. $#a) {
		for my $j (reverse 0 .. $#b) {
			my ($x, $y) = ($len[$i + 1][$j], $len[$i][$j + 1]);
			$len[$i][$j] = $a[$i] eq $b[$j] ?
			    1 + $len[$i + 1][$j + 1] : $x > $y ? $x : $y;
		}
	}
	my ($i, $j, $only_a, $only_b) = (0, 0, '', '');
	while ($i < @a || $j < @b) {
		if ($i < @a && $j < @b && $a[$i] eq $b[$j]) {
			$i++;
			$j++;
		} elsif ($j < @b && ($i == @a ||
		    $len[$i][$j + 1] >= $len[$i + 1][$j])) {
			$only_b .= "$b[$j++]\n";
		} else {
			$only_a .= "$a[$i++]\n";
		}
	}
	return ($only_a, $only_b);
}

1;
