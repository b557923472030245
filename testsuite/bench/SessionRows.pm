# Rows of the benchmark: logins, POP3, and what a session that idles costs.
# SPDX-License-Identifier: ISC
#
# How to add a row: as in MailboxRows.pm. One that has a third word, a unit,
# returns its value instead of measuring time.
package SessionRows;
use strict;
use warnings;
use IO::Socket::INET;
use IO::Socket::SSL;
use Private qw(:all !start);
use Imap;

my $logins = $ENV{BENCH_LOGINS} || 100;
my $idle = $ENV{BENCH_IDLE} || 50;
my $messages = $ENV{BENCH_RETR} || 500;

our @rows = (
	["login x$logins" => \&logins],
	["login+SELECT x$logins" => \&selects],
	["login over TLS x$logins" => \&tls],
	["login over TLS, resumed x$logins" => \&resumed],
	["login over TLS 1.2, resumed x$logins" => \&resumed_12],
	["pop3 login x$logins" => \&pop3_logins],
	["pop3 session, RETR x$messages" => \&pop3_session],
	['idle memory per connection' => \&idle, 'kB'],
	['idle memory, TLS' => \&idle_tls, 'kB'],
);

sub user { return ("$_[0]\@a.test", "pw-$_[0]") }

sub context {
	return IO::Socket::SSL::SSL_Context->new(
	    SSL_verify_mode => SSL_VERIFY_NONE, @_) || die "$SSL_ERROR\n";
}

sub imap {
	my ($s, $user, $tls) = @_;
	my $c = Imap->new(tls => $tls,
	    port => $tls ? $s->{ports}{'imapd-ssl'} : $s->{port});
	$c->login(user($user));
	return $c;
}

sub logins {
	my ($s, $measure) = @_;
	$measure->(sub { imap($s, 'empty')->bye for 1 .. $logins });
}

sub selects {
	my ($s, $measure) = @_;
	$measure->(sub {
		for (1 .. $logins) {
			my $c = imap($s, 'empty');
			$c->ok('SELECT INBOX');
			$c->bye;
		}
	});
}

sub tls {
	my ($s, $measure) = @_;
	my $tls = context();
	$measure->(sub { imap($s, 'empty', $tls)->bye for 1 .. $logins });
}

# A server need not: how many were is told.
sub resumed {
	my ($s, $measure, $version) = @_;
	my $tls = context(SSL_session_cache_size => 4,
	    SSL_session_key => 'server', $version ?
	    (SSL_version => $version) : ());
	my $count = 0;
	imap($s, 'empty', $tls)->bye;
	$measure->(sub {
		for (1 .. $logins) {
			my $c = imap($s, 'empty', $tls);
			$count++ if $c->{s}->get_session_reused;
			$c->bye;
		}
	});
	my $what = $version ? 'of TLS 1.2 ' : '';
	$s->{notes}{"sessions ${what}resumed: $count of $logins"} = 1;
}

sub resumed_12 { resumed(@_[0, 1], 'TLSv1_2') }

# A command of POP3; several lines are read to the dot.
sub ask {
	my ($c, $command, $several) = @_;
	print $c "$command\r\n" if defined $command;
	my $line = <$c> // '';
	die "$command: $line\n" unless $line =~ /^\+OK/;
	return if !$several;
	while ($line ne ".\r\n") {
		defined($line = <$c>) or die "$command: no end\n";
	}
}

sub pop3 {
	my ($s, $user, @commands) = @_;
	my $c = IO::Socket::INET->new(PeerAddr =>
	    "127.0.0.1:$s->{ports}{pop3d}") or die "pop3d: $!\n";
	ask($c);
	my ($name, $password) = user($user);
	ask($c, @$_) for ["USER $name"], ["PASS $password"], @commands,
	    ['QUIT'];
}

sub pop3_logins {
	my ($s, $measure) = @_;
	$measure->(sub { pop3($s, 'empty') for 1 .. $logins });
}

# The second one: others may have been here before the first.
sub pop3_session {
	my ($s, $measure) = @_;
	my @all = (['STAT'], ['UIDL', 1]);
	pop3($s, 'big', @all);
	$measure->(sub { pop3($s, 'big', @all,
	    map { ["RETR $_", 1] } 1 .. $messages) });
}

# What they use once it does not change any more.
sub settled {
	my ($s) = @_;
	my $last = -1;
	wait_for(5, sub {
		select undef, undef, undef, 0.2;
		my $now = $s->{usage}->pss;
		return 1 if $now == $last;
		$last = $now;
		return;
	});
	return $s->{usage}->pss;
}

sub idle {
	my ($s, undef, $tls) = @_;
	my $before = settled($s);
	my @open;
	for (1 .. $idle) {
		push @open, my $c = imap($s, 'mid', $tls);
		$c->ok('SELECT INBOX');
		$c->raw("idle IDLE\r\n");
		$c->line =~ /^\+/ or die "no IDLE\n";
	}
	my $each = (settled($s) - $before) / $idle;
	for (@open) {
		$_->raw("DONE\r\n");
		$_->line;
		$_->bye;
	}
	return $each;
}

sub idle_tls { idle(@_[0, 1], context()) }

1;
