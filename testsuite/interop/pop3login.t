#!/usr/bin/perl
# POP3 before login beside Courier's: the same dialogues, the same log; and each
# program of the chain in the place of Courier's.  SPDX-License-Identifier: ISC
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use IO::Select;
use IO::Socket::INET;
use MIME::Base64;
use Private qw(:all);
use Test::More;
use Suite;

need_root();

my $mail = workdir() . '/mail';
mkdir $mail;
chmod 0755, $mail;
mkdir "$mail/one";
mkdir "$mail/one/Maildir$_" for '', '/tmp', '/new', '/cur';
spew("$mail/one/Maildir/new/1.one.host", "Subject: one\n\ntext\n");
system 'chown', '-R', '5000:5000', "$mail/one";

sub server {
	my ($which) = @_;
	my $s = Suite->new(mail => $mail, programs => $which,
	    more => ['pop3d'], pop3d => { POP3AUTH => 'PLAIN LOGIN',
	    MAXPERIP => 50, MAXDAEMONS => 60 },
	    authdaemonrc => { authmodulelist => 'authuserdb', daemons => 2 });
	$s->set('pop3d-ssl', POP3_STARTTLS => 'NO') if -f $s->etc('pop3d-ssl');
	chomp(my $crypt = `openssl passwd -1 -salt abcdefgh secret`);
	spew($s->etc('userdb'), "one\@a.test\tuid=5000|gid=5000|" .
	    "home=/srv/mail/one|systempw=$crypt\n", 0600);
	$s->inside('makeuserdb') or die "makeuserdb: $Private::out";
	return $s->start;
}

sub dial {
	my ($s) = @_;
	my $c = IO::Socket::INET->new(PeerAddr =>
	    "127.0.0.1:$s->{ports}{pop3d}", Timeout => 20) or die "dial: $!";
	$c->autoflush(1);
	return $c;
}

# What comes until nothing has come for a moment, or the end; of an answer of
# which it is known, up to where it ends.
sub hear {
	my ($c, $end) = @_;
	my $text = '';
	my $wait = 30;
	while (IO::Select->new($c)->can_read($wait)) {
		sysread $c, $text, 65536, length $text or last;
		$wait = $end && $text !~ $end ? 30 : 0.1;
	}
	return $text =~ s/\r\n/\n/gr;
}

use constant { LIST => qr/^\.\r\n/m, ALL => qr/(?!)/ };

my $b64 = encode_base64("\0one\@a.test\0secret", '');
# Name => lines to send; where ours differ, how, and why that is so.
my @dialogues = (
	['words', ['NOOP', 'STAT', 'APOP x 0', '', 'USER', 'AUTH', 'PASS x',
	    'PASS', 'STLS', 'utf8 x', 'uSeR one', 'QUIT now']],
	['a cut line', ['USER ' . 'x' x 9000, 'NOOP']],
	['AUTH, cancelled', ['AUTH PLAIN', '*', 'NOOP']],
	['AUTH, no base64', ['AUTH PLAIN', '!!!', 'NOOP']],
	['AUTH LOGIN, no base64', ['AUTH LOGIN', 'b25l', '=a=', 'NOOP']],
	['AUTH, an empty response', ['AUTH PLAIN =', 'NOOP']],
	['AUTH, nothing', ['AUTH PLAIN', '', 'NOOP']],
	['PLAIN', ["AUTH plain $b64", 'STAT', 'QUIT']],
	['PLAIN, asked', ['AUTH PLAIN', $b64, 'STAT', 'QUIT']],
	['LOGIN', ['AUTH LOGIN', encode_base64('one@a.test', ''),
	    encode_base64('secret', ''), 'STAT', 'QUIT']],
	['USER', ['USER one@a.test', 'PASS secret', 'UTF8', 'QUIT']],
	['USER, wrong', ['USER x, y', 'PASS wrong', 'USER one@a.test',
	    'PASS secret', 'QUIT']],
	['no such mechanism', ['AUTH x-none', 'QUIT']],
);
my %ours = (
	greeting => [qr/^\+OK Hello there\.$/,
	    '+OK Chapar ready (Courier-compatible).', 'DECISIONS 8'],
	LANG => [qr/^-ERR Invalid command\.$/,
	    "+OK en King's English", 'Courier since 5.1.3'],
);

# All of one server: [what a dialogue said, what was logged].
sub run_all {
	my ($s) = @_;
	my %said;
	for (@dialogues) {
		my ($name, $lines) = @$_;
		my $before = length $s->log;
		my $c = dial($s);
		my $port = $c->sockport;
		hear($c);
		my @all;
		for my $line (@$lines) {
			print $c "$line\r\n";
			push @all, hear($c);
		}
		close $c;
		wait_for(30, sub { substr($s->log, $before) =~
		    /(?:Disconnected,|LOGOUT, user|DISCONNECTED,) ?[^\n]*port=\[$port\]/ });
		my @log = substr($s->log, $before) =~
		    /^.*?pop3d: (.*port=\[$port\].*)$/mg;
		s/port=\[\d+\]/port=[N]/, s/time=\d+/time=N/ for @log;
		$said{$name} = [\@all, \@log];
	}
	my $c = dial($s);
	($said{greeting}) = hear($c) =~ /(.*)/;
	print $c "LANG en\r\n";
	($said{LANG}) = hear($c) =~ /(.*)/;
	print $c "CAPA\r\n";
	$said{CAPA} = [split /\n/, hear($c, LIST)];
	return \%said;
}

my $courier = server('courier');
my $theirs = run_all($courier);
$courier->stop;
undef $courier;
like $theirs->{$_}, $ours{$_}[0], "Courier: $_" for sort keys %ours;

for my $mix (['pop3login'], ['pop3d'], ['pop3login', 'pop3d'],
    'chapar') {
	my $what = ref $mix ? join '+', @$mix : $mix;
	last if ($ENV{TEST_SUITE} || '') eq 'courier';
	my $s = server(ref $mix ? { map { $_ => 'chapar' } @$mix } : $mix);
	my $mine = $what =~ /pop3login|chapar/;
	my $said = run_all($s);
	my $coded = 0;
	for (@dialogues) {
		my $name = $_->[0];
		my ($want, $got) = ($theirs->{$name}, $said->{$name});
		# (response codes are ours)
		s/^-ERR \[AUTH\] /-ERR /mg && $coded++ for @{ $got->[0] };
		is_deeply $got->[0], $want->[0], "$what: $name";
		# A name in a log line forges nothing; the rest of the line of
		# pop3d is pop3d's.
		my @log = map { join "\n", grep { !/LOGOUT, user=|LOGIN, user=/ }
		    @$_ } $got->[1], $want->[1];
		$log[1] =~ s/user=x, y/user=x. y/ if $mine;
		is $log[0], $log[1], "$what: $name: log";
	}
	is $coded, $mine ? 1 : 0, "$what: [AUTH] of a wrong password alone";
	next if !$mine;
	is $said->{$_}, $ours{$_}[1], "$what: $_: $ours{$_}[2]"
	    for sort keys %ours;
	my %has = map { $_ => 1 } @{ $said->{CAPA} };
	is join('|', grep { !$has{$_} } @{ $theirs->{CAPA} }), '',
	    "$what: CAPA has all that Courier's has";
	# Capabilities are the same before and after the login.
	{
		my $c = dial($s);
		hear($c);
		my @capa;
		for ('CAPA', 'USER one@a.test', 'PASS secret', 'CAPA') {
			print $c "$_\r\n";
			push @capa, hear($c, /CAPA/ ? LIST : undef);
		}
		like $capa[0], qr/^SASL PLAIN LOGIN$/m, "$what: CAPA: SASL";
		@capa = map { join '', /^(SASL.*)/mg } @capa
		    if $what eq 'pop3login';
		is $capa[3], $capa[0], "$what: CAPA after login";
	}
	# Commands behind the password, in one packet.
	if ($what =~ /pop3d|chapar/) {
		my $c = dial($s);
		hear($c);
		print $c "USER one\@a.test\r\nPASS secret\r\nSTAT\r\nQUIT\r\n";
		like hear($c, ALL), qr/^\+OK logged in\.\n\+OK 1 \d+\n\+OK /m,
		    "$what: pipelined";
	}
	$s->stop;
}
done_testing();
