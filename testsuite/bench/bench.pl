#!/usr/bin/perl
# The same IMAP work on several servers in turn: wall time and the CPU time of
# the server's processes, medians of the rounds, ratios to the first server.
# SPDX-License-Identifier: ISC
#
# Each server is a root of its own (Suite.pm) with its own copy of one mailbox
# and the same accounts in one MariaDB.
#
# How to add a row: a function of (server, measure), put into @rows with its
# name; what it does inside $measure->(sub { ... }) is what counts.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Private qw(:all);
use Accounts;
use Imap;
use Mails;
use Maria;
use POSIX ();
use Suite;

my $n = $ENV{BENCH_N} || 10000;
my $rounds = $ENV{BENCH_ROUNDS} || 3;
my @names = qw(courier chapar);
my @rows = (
	['login+SELECT+LOGOUT x100' => \&logins],
	['SELECT, never seen' => \&select_first],
	['SELECT x20, unchanged' => \&select_warm],
	['SELECT x20, one new mail' => \&select_new],
	['FETCH 1:* (FLAGS) x10' => \&flags],
	['FETCH 1:* ENVELOPE' => \&envelopes],
	['FETCH 1:* BODYSTRUCTURE' => \&structures],
	['FETCH 1:1000 BODY.PEEK[]' => \&download],
	['SEARCH HEADER' => \&search_header],
	['SEARCH BODY' => \&search_body],
	['STORE 1:1000 +FLAGS' => \&store],
	['APPEND x200' => \&append],
	['COPY 1:1000' => \&copy],
);
my $only = $ENV{BENCH_ONLY};
@rows = grep { my $name = $_->[0]; grep { index($name, $_) >= 0 }
    split /,/, $only } @rows if $only;

sub login {
	my ($s, $user) = @_;
	my $c = Imap->new(port => $s->{port});
	$c->login("$user\@a.test", "pw-$user");
	return $c;
}

sub opened {
	my ($s) = @_;
	my $c = login($s, 'big');
	$c->ok('SELECT INBOX');
	return $c;
}

sub one_command {
	my ($s, $measure, $command, $times) = @_;
	my $c = opened($s);
	$measure->(sub { $c->ok($command) for 1 .. $times || 1 });
	$c->bye;
}

sub logins {
	my ($s, $measure) = @_;
	$measure->(sub {
		for (1 .. 100) {
			my $c = login($s, 'empty');
			$c->ok('SELECT INBOX');
			$c->bye;
		}
	});
}

sub select_first {
	my ($s, $measure) = @_;
	unlink glob "$s->{mail}/big/Maildir/{courierimap,chapar.}*";
	my $c = login($s, 'big');
	$measure->(sub { $c->ok('SELECT INBOX') });
	$c->bye;
}

sub select_many {
	my ($s, $measure, $before) = @_;
	for (1 .. 20) {
		$before->();
		my $c = login($s, 'big');
		$measure->(sub { $c->ok('SELECT INBOX') });
		$c->bye;
	}
}

sub select_warm { select_many(@_, sub { }) }

sub select_new {
	my ($s, $measure) = @_;
	select_many($s, $measure, sub {
		Accounts::deliver("$s->{mail}/big/Maildir", Mails::make(1))
	});
}

sub flags { one_command(@_, 'FETCH 1:* (FLAGS)', 10) }
sub envelopes {
	one_command(@_, 'FETCH 1:* (UID FLAGS INTERNALDATE RFC822.SIZE ENVELOPE)')
}
sub structures { one_command(@_, 'FETCH 1:* (BODYSTRUCTURE)') }
sub download { one_command(@_, 'FETCH 1:1000 (BODY.PEEK[])') }
sub search_header { one_command(@_, 'SEARCH SUBJECT invoice') }
sub search_body { one_command(@_, 'SEARCH BODY zebra') }

sub store {
	my ($s, $measure) = @_;
	my $c = opened($s);
	$measure->(sub { $c->ok("STORE 1:1000 $_ (\\Flagged)") for
	    '+FLAGS.SILENT', '-FLAGS.SILENT' });
	$c->bye;
}

sub append {
	my ($s, $measure) = @_;
	my $c = login($s, 'empty');
	my $text = Mails::make(2) =~ s/\n/\r\n/gr;
	$c->cmd('CREATE INBOX.app');
	$measure->(sub { $c->ok('APPEND INBOX.app ', \$text) for 1 .. 200 });
	$c->ok('DELETE INBOX.app');
	$c->bye;
}

sub copy {
	my ($s, $measure) = @_;
	my $c = opened($s);
	$c->cmd('CREATE INBOX.copy');
	$measure->(sub { $c->ok('COPY 1:1000 INBOX.copy') });
	$c->ok('DELETE INBOX.copy');
	$c->bye;
}

# Seconds of CPU of all processes whose root is the server's, and of those
# that they have waited for.
my $tick = POSIX::sysconf(POSIX::_SC_CLK_TCK());

sub cpu {
	my ($s) = @_;
	my $sum = 0;
	for ($s->pids_inside) {
		my @f = split / /, slurp("/proc/$_/stat") =~ s/.*\) //sr;
		$sum += $_ for grep { defined } @f[11 .. 14];
	}
	return $sum / $tick;
}

sub median { my @v = sort { $a <=> $b } @_; return $v[$#v / 2] }

# One row on one server: (wall, cpu) in milliseconds.
sub run_row {
	my ($s, $code) = @_;
	my $wall = 0;
	my $before = cpu($s);
	my $inside = 0;
	$code->($s, sub {
		my $cpu = cpu($s);
		my $start = now();
		$_[0]->();
		$wall += now() - $start;
		select undef, undef, undef, 0.05;
		$inside += cpu($s) - $cpu;
	});
	return (1000 * $wall, 1000 * $inside);
}

my $db = Maria->new;
Accounts::table($db, 'big@a.test', 'empty@a.test');
my $source = workdir() . '/source';
Accounts::maildir($source);
for (1 .. $n) {
	my $name = sprintf '%d.M%dP%d.mx', 1700000000 + $_, $_ % 1000000, $$;
	spew("$source/cur/$name:2,S", Mails::make($_));
	chown Accounts::UID, Accounts::UID, "$source/cur/$name:2,S";
}
my %server;
for my $name (@names) {
	my $mail = workdir() . "/mail-$name";
	system 'mkdir', '-p', "$mail/big", "$mail/empty";
	copy_tree($source, "$mail/big/Maildir") or die "cp\n";
	Accounts::maildir("$mail/empty/Maildir");
	system 'chown', '5000:5000', $mail, "$mail/big", "$mail/empty";
	$server{$name} = Suite->new(mail => $mail, programs => $name,
	    imapd => { IMAP_ULIMITD => 1000000 },
	    files => { authmysqlrc => Accounts::authmysqlrc($db) })->start;
}
my %result;
for my $round (1 .. $rounds) {
	for my $row (@rows) {
		for my $name (@names) {
			my @t = run_row($server{$name}, $row->[1]);
			push @{ $result{$row->[0]}{$name}[$_] }, $t[$_]
			    for 0, 1;
		}
	}
}
printf "N=%d rounds=%d: wall ms (server CPU ms), then the ratios %s/%s\n", $n,
    $rounds, reverse @names;
printf "%-26s %20s %20s %7s %7s\n", '', @names, 'wall', 'CPU';
for my $row (@rows) {
	my @m = map { my $r = $result{$row->[0]}{$_};
	    [median(@{ $r->[0] }), median(@{ $r->[1] })] } @names;
	printf "%-26s %20s %20s %7s %7s\n", $row->[0],
	    (map { sprintf '%.1f (%.0f)', @$_ } @m),
	    map { $m[0][$_] > 0 ? sprintf('%.2f', $m[1][$_] / $m[0][$_]) :
	    '-' } 0, 1;
}
$_->stop for values %server;
$db->stop;
