# The two servers of a dialogue, Courier's and ours: what they answer, and
# whether that is as doc/differences.md says.  SPDX-License-Identifier: ISC
#
#   my $root = courier_root();      a copy of Courier's, removed at the end
#   A server is a hash: from, to, pid; normal, a function of (text, server) that
#   takes away what is no difference; crlf, true if its lines end so.
#   answer($s, $last)               lines up to one that matches, or to the end
#   finish($s)                      what else comes, and how it has ended
#   compare($name, \%step, $theirs, $ours)      true, or tells; the step is one
#                                   of Script.pm's
#   used()                          entries of the list that compare() needed
#   play_all($pattern, \&play, @argv)           calls play(name, dialogue) for
#                                   those in the files, or in one, or for one
package Sides;
use strict;
use warnings;
use Exporter 'import';
use IO::Select;
use Differences qw(known differ);
use Private qw(:all);
use Script qw(load);
use Test::More;

use constant ANSWER_LIMIT => $ENV{DIALOGUE_SECONDS} || 30;	# seconds

our @EXPORT = qw(courier_root answer finish shown compare used play_all);

sub courier_root {
	my $root = workdir() . '/root';
	run('sh', lib('courier-root.sh'), 'copy', $root)
	    or die "courier-root.sh: $Private::out";
	at_end(sub { run('sh', lib('courier-root.sh'), 'done', $root) });
	return $root;
}

sub answer {
	my ($s, $last) = @_;
	return '' if $last eq '';
	my $until = now() + ANSWER_LIMIT;
	my $text = '';
	for (;;) {
		while ($s->{buf} =~ s/\A([^\n]*)\n//) {
			my $line = $1;
			$line =~ s/\r\z// or $line .= ' (bare LF)'
			    if $s->{crlf};
			$text .= "$line\n";
			return $s->{normal}->($text, $s) if $line =~ $last;
		}
		my $left = $until - now();
		return $s->{normal}->($text, $s) . "(no answer)\n"
		    if $left <= 0;
		next unless IO::Select->new($s->{from})->can_read($left);
		sysread $s->{from}, $s->{buf}, 65536, length $s->{buf}
		    or return $s->{normal}->($text . $s->{buf}, $s) .
		    "(end)\n";
	}
}

sub finish {
	my ($s) = @_;
	close $s->{to};
	my $rest = answer($s, qr/\A(?!)/);
	waitpid $s->{pid}, 0;
	return $rest . 'status ' . ($? >> 8) . ' signal ' . ($? & 127) . "\n";
}

my %used;

sub used { return keys %used }

sub shown { return $_[1] =~ s,^,$_[0] ,mgr }

sub compare {
	my ($name, $step, $theirs, $ours) = @_;
	my ($lt, $lo) = $theirs eq $ours ? ('', '') : differ($theirs, $ours);
	my $wt = $step->{theirs} // '';
	my $wo = $step->{ours} // '';
	my @ids = defined $step->{reason} ? known($step->{reason}) : ();
	@used{@ids} = ();
	my $right = $lt eq $wt && $lo eq $wo && ($lt ne '' || $lo ne '' ?
	    @ids : !defined $step->{reason});
	print '# ', $name, ': ', $step->{shown}, "\n",
	    shown('#', "D: ?\n" . shown('<', $lt) . shown('>', $lo))
	    if $ENV{DIALOGUE_SHOW} && !$right;
	return 1 if $right;
	diag "$name: $step->{shown}\n", shown('<', $lt), shown('>', $lo),
	    "listed (", $step->{reason} // 'not', "):\n", shown('<', $wt),
	    shown('>', $wo);
	return 0;
}

sub play_all {
	my ($pattern, $play, $only, $one) = @_;
	my @files = $only ? $only : glob $pattern;
	ok @files > 0, 'there are dialogues';
	for my $file (@files) {
		my ($base) = $file =~ m,([^/]+)\.txt$,;
		for my $d (load($file, {})) {
			next if $one && $d->{name} ne $one;
			$play->("$base: $d->{name}", $d);
		}
	}
}

1;
