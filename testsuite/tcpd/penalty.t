#!/usr/bin/perl
# couriertcpd -penalty with imaplogin (12.2 #10): whoever guesses passwords
# waits, however many connections he has, and nobody else does.
# SPDX-License-Identifier: ISC
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use IO::Select;
use Private qw(:all);
use Test::More;
use Login;
use Tcpd;

my $build = $ENV{top_builddir} or die "top_builddir is not set\n";
my $dir = workdir();
my $busy = "* BYE Too many failed logins from your address, please try again "
    . "later.\r\n";

sub listener {
	return Tcpd->new({ prog => ["$build/src/prog/imaplogin", "$dir/imapd",
	    'Maildir'], env => { CHAPAR_AUTHSOCKET => Login::auth() } },
	    '-maxprocs=40', '-maxperip=10', '-refuse=* BYE ', @_);
}

# Seconds that a login from this address takes; undef if it fails.
sub login {
	my ($t, $from) = @_;
	my $began = now();
	my $s = $t->dial($from);
	readline $s;
	print $s "a LOGIN joe right\r\n";
	return (readline($s) // '') =~ /^a OK/ ? now() - $began : undef;
}

# Seconds until each of some connections, which try at once, is refused.
sub refusals {
	my ($t, $from, $n) = @_;
	my @s = map { $t->dial($from) } 1 .. $n;
	readline $_ for @s;
	my $began = now();
	print $_ "a LOGIN joe wrong\r\n" for @s;
	my $sel = IO::Select->new(@s);
	my @took;
	while ($sel->count && now() - $began < 60) {
		for my $s ($sel->can_read(1)) {
			push @took, now() - $began
			    if (readline($s) // '') =~ /^a NO Login failed\./;
			$sel->remove($s);
		}
	}
	return @took;
}

# How much longer one takes than where there is no penalty, at the same time: so
# it does not matter what else the machine does.
sub longer {
	my ($t, $none, $from) = @_;
	my @s = map { $_->dial($from) } $none, $t;
	readline $_ for @s;
	print $_ "a LOGIN joe wrong\r\n" for @s;
	readline $s[0];
	my $began = now();
	return (readline($s[1]) // '') =~ /^a NO Login failed\./ ?
	    now() - $began : 99;
}

sub attempts { return scalar(() = Login::asked() =~ /^AUTH /mg) }

# Six parallel guessers who do not wait for an answer, for half a minute.
sub guess {
	my ($t, $from, $seconds) = @_;
	my @pids = map { start({ code => sub {
		my $until = now() + $seconds;
		while (now() < $until) {
			my $s = eval { $t->dial($from) } or next;
			my $hello = readline($s) // '';
			if ($hello =~ /^\* OK/) {
				print $s "a LOGIN joe wrong\r\n";
				select undef, undef, undef, 0.3;
			} else {
				spew("$dir/told", $hello);
				select undef, undef, undef, 0.1;
			}
		}
	} }) } 1 .. 6;
	return @pids;
}

my $t = listener('-penalty=8');
my $none = listener();
attempts();
my @guessers = guess($t, '127.0.3.1', 28);
my ($slowest, $count) = (0, 0);
my $until = now() + 25;
while (now() < $until) {
	my $took = login($t, '127.0.3.2') // 99;
	$slowest = $took if $took > $slowest;
	$count++;
	select undef, undef, undef, 0.5;
}
waitpid $_, 0 for @guessers;
my $tried = attempts() - $count;
cmp_ok $tried, '>=', 10, "attempts of six guessers in half a minute: $tried";
cmp_ok $tried, '<=', 22, 'not more, from whichever connection';
# (The least that anybody is delayed is five seconds.)
cmp_ok $slowest, '<', 4.9, 'another address logs in at once meanwhile';
is slurp("$dir/told"), $busy, 'an attempt too many is told why';
ok $t->logs(qr/^WARN: Too many failed logins, refused ip=\[::ffff:127\.0\.3\.1\]$/m),
    'and logged';

# The delay: nothing is added to the first ones, then it grows. One at a time
# and several at once count the same.
cmp_ok longer($t, $none, '127.0.3.5'), '<', 1.9,
    'the first refusal has the usual delay';
my ($last) = reverse refusals($t, '127.0.3.5', 6);
cmp_ok $last, '>=', 11, 'the seventh has more';
# (When those six have gone: so many may not be there at the maximum.)
my $took;
wait_for(30, sub { defined($took = login($t, '127.0.3.5')) });
ok defined $took && $took < 4.9, 'the right password is not delayed';

# As Courier, without the option.
my @six = refusals($none, '127.0.3.1', 8);
is scalar(grep { $_ > 4.8 && $_ < 12 } @six), 8,
    'without -penalty five seconds for everybody';

# An office: logins that succeed make up for those that fail.
attempts();
refusals($t, '127.0.3.6', 6);
ok wait_for(30, sub { login($t, '127.0.3.6') }), 'a login succeeds';
cmp_ok longer($t, $none, '127.0.3.6'), '<', 3,
    'after a login the next refusal comes sooner';

# What the program that serves the user has of it: nothing.
sub served {
	my ($t) = @_;
	my $s = $t->dial('127.0.3.7');
	readline $s;
	print $s "a LOGIN joe right\r\n";
	return reads_all($s);
}

my ($told, $usual) = map { served($_) } $t, $none;
unlike $told, qr/CHAPAR_PENALTY/, 'imapd has no such variable';
is $told =~ /^(.*) END$/m ? $1 : '', $usual =~ /^(.*) END$/m ? $1 : 'none',
    'and no descriptor';

# Until it has told its descriptors.
sub reads_all {
	my ($s) = @_;
	my $text = '';
	while (defined(my $line = readline $s)) {
		$text .= $line;
		last if $line =~ /END$/;
	}
	return $text;
}

ok !run("$build/src/prog/couriertcpd", '-penalty=51', '-address=127.0.0.1',
    free_port(), '/bin/cat'), '-penalty=51';
is $Private::out, "Invalid -penalty option.\n", 'says so';
$t->stop;
$none->stop;
done_testing();
