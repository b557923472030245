# imapd, or pop3d, on hostile input: random commands, messages and damaged side files. It
# must neither crash nor hang.  SPDX-License-Identifier: ISC
#
#   FUZZ_SEED=N FUZZ_COUNT=N perl testsuite/imap/fuzz.t
#
# Each seed is one run, always the same; a failed one is repeated by its number
# with FUZZ_COUNT=1, and KEEP=1 keeps its maildir and its input.
#
#   dice($n)                     0 to $n - 1: the same numbers everywhere
#   pick(@list)                  one of them
#   noise($n)                    up to so many random bytes
#   mutate($text, $long, $odd)   changed in up to three places: by $long, a
#                                character of $odd, or any byte
#   mailbox(\@messages, @dirs)   INBOX of eight files, .a, .Trash; each with
#                                the folders @dirs too
#   fuzz(\%parts)                the seeds, as tests; the parts are below
package Fuzz;
use strict;
use warnings;
use Exporter 'import';
use Private qw(:all);
use Test::More;

our @EXPORT = (qw(dice pick noise mutate mailbox fuzz slurp spew),
    @Test::More::EXPORT);
our $maildir = workdir() . '/Maildir';

my $state = 1;

sub dice {
	$state = ($state * 1103515245 + 12345) % 2147483648;
	return int($state / 65536) % $_[0];
}

sub pick { return $_[dice(scalar @_)] }
sub noise { return join '', map { chr dice(256) } 1 .. dice($_[0]) }

sub mutate {
	my ($text, $long, $odd) = @_;
	for (1 .. (dice(5) ? 0 : 1 + dice(3))) {
		my $at = dice(length($text) + 1);
		my $piece = pick(chr dice(256), '', noise(30), $long,
		    pick(split //, $odd));
		substr $text, $at, $at < length $text ? dice(9) : 0, $piece;
	}
	return $text;
}

sub mailbox {
	my ($messages, @dirs) = @_;
	system 'rm', '-rf', $maildir;
	for my $d ('', '/.a', '/.Trash') {
		system 'mkdir', '-p', map { "$maildir$d/$_" }
		    qw(cur new tmp), @dirs;
	}
	for my $i (1 .. 8) {
		my $suffix = pick('', ':2,S', ':2,', ':2,RST', ',S=5:2,', '!',
		    ':1,x', '"q"');
		spew(sprintf('%s/%s/%d.M%dP1.h%s', $maildir, pick('cur',
		    'new'), 1700000000 + $i, $i, $suffix),
		    pick(@$messages)->());
	}
}

# The reason why the last session is not as it should be, or ''.
sub trouble {
	my ($status, $said) = @_;
	return "status $status" if $status & 127 || ($status >> 8) > 1;
	return $said =~ /runtime error|Sanitizer/ ? 'a report' : '';
}

# program: src/prog/..., or imapd; mailbox: makes it; input: what the client sends; again: before each further
# session on the same mailbox; wrong: what else is wrong then, or ''; refused,
# ended: what most sessions say; seen (or none): what a tenth of them says.
sub fuzz {
	my ($parts) = @_;
	my $server = ($ENV{top_builddir} || die "top_builddir is not set\n")
	    . '/src/prog/' . ($parts->{program} || 'imapd');
	my $seed = $ENV{FUZZ_SEED} || 1;
	my $count = $ENV{FUZZ_COUNT} || 100;
	my $home = workdir();
	local @ENV{qw(HOME IMAP_FSYNC)} = ($home, 0);
	chdir $home or die "$home: $!\n";
	my ($wild, $lost, $seen) = (0, 0, 0);
	for my $n ($seed .. $seed + $count - 1) {
		$state = $n;
		dice(1) for 1 .. 3;
		$parts->{mailbox}->();
		for my $round (1 .. 1 + dice(4)) {
			$parts->{again}->() if $round > 1 && $parts->{again};
			spew("$home/in", $parts->{input}->());
			local $ENV{IMAP_KEYWORDS} = dice(3);
			my $pid = start({ in => "$home/in",
			    log => "$home/out" }, 'timeout', '-k', '1', '60',
			    $server, 'Maildir');
			waitpid $pid, 0;
			my $status = $?;
			my $said = slurp("$home/out");
			unlink "$home/out";
			my $why = trouble($status, $said) ||
			    $parts->{wrong} && $parts->{wrong}->();
			if ($why) {
				fail("seed $n");
				diag "round $round: $why\n",
				    substr($said, -3000);
				last;
			}
			$wild++ if $said =~ $parts->{refused};
			$lost++ unless $said =~ $parts->{ended};
			$seen++ if $parts->{seen} && $said =~ $parts->{seen};
		}
	}
	ok !grep({ !$_->{ok} } Test::More->builder->details), "$count seeds";
	cmp_ok $wild, '>', $count / 2, 'most runs had something to refuse';
	cmp_ok $lost, '<', $count, 'most runs came to their end';
	cmp_ok $seen, '>', $count / 10, "and some said $parts->{seen}"
	    if $parts->{seen};
}

1;
