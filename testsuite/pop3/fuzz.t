#!/usr/bin/perl
# pop3d on hostile input, see lib/Fuzz.pm: nor may it give a unique-id twice.
# SPDX-License-Identifier: ISC
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Fuzz;

my @number = ('1', '2', '8', '9', '0', '-1', '+1', '01', '4294967297',
    '99999999999999999999', 'x', '1x', '', "1\t2", "\xff");
my %command = (
	(map { my $c = $_; $c => sub { pick('', pick(@number)) } }
	    qw(LIST UIDL)),
	(map { my $c = $_; $c => sub { pick(@number) } } qw(RETR DELE)),
	TOP => sub { pick(@number) . ' ' . pick(@number) },
	LANG => sub { pick('', '*', 'en', 'de', 'en-US', '*-x', 'x' x 300) },
	(map { my $c = $_; $c => sub { pick('', '', 'x', noise(40)) } }
	    qw(STAT NOOP RSET CAPA UTF8 LAST USER PASS AUTH STLS APOP)),
);
my @message = (
	sub { "Subject: a\n\nb\n" },
	sub { ".\n..\n.\r\n\r\n.\n" . '.' x dice(9) },
	sub { "X: \xc3\xa9\r\n\r\n\xff\0" },
	sub { noise(3000) },
	sub { "\r" x dice(20) . "\n" x dice(20) },
	sub { '' },
	sub { "X: " . 'y' x dice(200000) },
);

sub spoil { return mutate($_[0], 'x' x 9000, "\0\x7f\xff \t\r\n.") }

sub input {
	my $text = '';
	for (1 .. 1 + dice(25)) {
		my $name = pick(sort keys %command);
		my $args = $command{$name}->();
		$text .= spoil($name . ($args eq '' ? '' : " $args") . "\r\n");
	}
	return $text . pick('', '', "QUIT\r\n");
}

my @line = ("/3 9 1700000000\n", "/2 9 5\n", "/1 9\n", "/4 1 1\n", "/3 x\n",
    map { my $n = $_; map { 1700000000 + $n . ".M${n}P1.h$_" }
    ' 5 1:5:0' . "\n", ":2, 77 2:5:1\n", ":2,S 1 3:1700000000\n",
    "  1:2:3\n", ":2, 9 0:0:0\n" } 1 .. 8);

sub damage {
	my $file = "$Fuzz::maildir/courierpop3dsizelist";
	my $old = slurp($file);
	spew($file, pick(spoil($old), noise(300),
	    spoil(join '', map { pick(@line) } 0 .. dice(12))));
}

# What our own lists give twice.
sub double_ids {
	my (%seen, @double);
	my $text = slurp("$Fuzz::maildir/courierpop3dsizelist");
	for (split /\n/, $text) {
		my ($id) = / ([1-9]\d*:\d+):\d+$/ or next;
		push @double, $id if $seen{$id}++;
	}
	return @double;
}

my $damaged;
fuzz({
	program => 'pop3d',
	mailbox => sub { $damaged = 0; mailbox(\@message) },
	again => sub { damage(), $damaged = 1 unless dice(3) },
	input => \&input,
	wrong => sub { my @ids = $damaged ? () : double_ids();
	    @ids ? "doubled: @ids" : '' },
	refused => qr/^-ERR Invalid /m,
	ended => qr/^INFO: (?:LOGOUT|DISCONNECTED), /m,
});
done_testing();
