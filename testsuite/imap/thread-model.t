#!/usr/bin/perl
# THREAD=REFERENCES beside a model that does the steps of RFC 5256 3 one after
# the other, on mailboxes made by chance.
# SPDX-License-Identifier: ISC
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Dialogue;

my $BOXES = $ENV{THREAD_BOXES} || 60;
my $seed = $ENV{THREAD_SEED} || 5256;

# Not Perl's own: the same numbers everywhere.
sub chance {
	my ($n) = @_;
	$seed = ($seed * 1103515245 + 12345) % 2147483648;
	return int($seed / 65536) % $n;
}

# ---- the model: a node is { seq, date, subject, reply, parent, kids } ---------

sub is_below {
	my ($a, $b) = @_;
	for (; $a; $a = $a->{parent}) {
		return 1 if $a == $b;
	}
	return 0;
}

sub unlink_node {
	my ($n) = @_;
	my $p = $n->{parent} or return;
	$p->{kids} = [grep { $_ != $n } @{ $p->{kids} }];
	$n->{parent} = undef;
}

sub link_nodes {
	my ($p, $n) = @_;
	return if is_below($p, $n);
	$n->{parent} = $p;
	push @{ $p->{kids} }, $n;
}

sub first { return $_[0]{seq} ? $_[0] : $_[0]{kids}[0] }

sub by_date {
	return sort { my ($x, $y) = (first($a), first($b));
	    $x->{date} <=> $y->{date} || $x->{seq} <=> $y->{seq} } @_;
}

sub pruned {
	my ($top, @nodes) = @_;
	my @out;
	for my $n (@nodes) {
		$n->{kids} = [pruned(0, @{ $n->{kids} })];
		if ($n->{seq}) {
			push @out, $n;
		} elsif (@{ $n->{kids} } && (!$top || @{ $n->{kids} } == 1)) {
			push @out, @{ $n->{kids} };
		} elsif (@{ $n->{kids} }) {
			push @out, $n;
		}
	}
	return @out;
}

sub sorted {
	my ($n) = @_;
	sorted($_) for @{ $n->{kids} };
	$n->{kids} = [by_date(@{ $n->{kids} })];
}

sub text {
	my ($n) = @_;
	my @k = @{ $n->{kids} };
	my $s = $n->{seq} || '';
	return $s if !@k;
	$s .= ' ' if $s;
	return $s . (@k == 1 ? text($k[0]) :
	    join '', map { '(' . text($_) . ')' } @k);
}

sub model {
	my @mail = @_;
	my (%id, @all, %table);
	my $node = sub {
		push @all, my $n = { kids => [], @_ };
		return $n;
	};
	for my $m (@mail) {				# 1
		my $n = defined $m->{id} ? $id{$m->{id}} ||= $node->() : $node->();
		$n = $node->() if $n->{seq};
		$n->{$_} = $m->{$_} for qw(seq date subject reply);
		my $last;
		for my $ref (@{ $m->{refs} }) {
			my $r = $id{$ref} ||= $node->();
			link_nodes($last, $r) if $last && !$r->{parent};
			$last = $r;
		}
		unlink_node($n);
		link_nodes($last, $n) if $last;
	}
	my @root = pruned(1, grep { !$_->{parent} } @all);	# 2, 3
	$_->{seq} or $_->{kids} = [by_date(@{ $_->{kids} })] for @root;
	@root = by_date(@root);				# 4
	for my $n (@root) {				# 5
		my $s = first($n)->{subject};
		next if $s eq '';
		my $t = $table{$s};
		$table{$s} = $n if !$t || ($t->{seq} && (!$n->{seq} ||
		    ($t->{reply} && !$n->{reply})));
	}
	my %gone;
	for my $n (@root) {
		my $s = first($n)->{subject};
		my $t = $table{$s};
		next if $s eq '' || $t == $n;
		$gone{$n} = 1;
		if (!$t->{seq}) {
			push @{ $t->{kids} }, $n->{seq} ? $n : @{ $n->{kids} };
		} elsif ($n->{reply} && !$t->{reply}) {
			push @{ $t->{kids} }, $n;
		} else {
			$gone{$t} = 1;
			push @root, $table{$s} = { kids => [$t, $n] };
		}
	}
	@root = grep { !$gone{$_} } @root;
	sorted($_) for @root;				# 6
	return join '', map { '(' . text($_) . ')' } by_date(@root);
}

# ---- mailboxes ---------------------------------------------------------------

my @subjects = ('', 'a', 'b', 'c');
my $home = Dialogue::home(map { "b$_" } 1 .. $BOXES);
my @want;
for my $box (1 .. $BOXES) {
	my ($count, $ids) = (2 + chance(30), 2 + chance(40));
	my @mail;
	for my $seq (1 .. $count) {
		my %m = (seq => $seq, date => 10 + chance(40),
		    subject => $subjects[chance(4)], reply => chance(2),
		    refs => [map { chance($ids) } 1 .. chance(4)]);
		$m{id} = chance($ids) if chance(8);
		push @mail, \%m;
		Dialogue::deliver("$home/Maildir/.b$box", 'Subject: ' .
		    ($m{reply} ? 'Re: ' : '') . "$m{subject}\n" .
		    (defined $m{id} ? "Message-ID: <$m{id}\@x>\n" : '') .
		    (@{ $m{refs} } ? 'References: ' . join("\n ", map {
		    "<$_\@x>" } @{ $m{refs} }) . "\n" : '') .
		    "Date: 1 Jan 2020 10:$m{date} +0000\n\n", '');
	}
	push @want, '* THREAD ' . model(@mail);
}
my $d = Dialogue->new(home => $home);
$d->line;
for my $box (1 .. $BOXES) {
	$d->answer("s SELECT INBOX.b$box");
	my ($got) = $d->answer('q THREAD REFERENCES UTF-8 ALL') =~ /(.*)\r\n/;
	is($got, $want[$box - 1], "mailbox $box");
}
$d->done;
plan_done();
