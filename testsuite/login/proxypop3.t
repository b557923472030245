#!/usr/bin/perl
# POP3 sessions that go on at another server.  SPDX-License-Identifier: ISC
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use MIME::Base64;
use Private qw(:all);
use Test::More;
use Backend;
use Login;

my $dir = workdir();
my $ip = 'ip=[::ffff:192.0.2.7], port=[4711]';

# Says its greeting, then for each line of the front what the code gives.
sub pop3 {
	my ($greeting, $code) = @_;
	return backend(sub {
		my ($c, $note) = @_;
		print $c "$greeting\r\n";
		while (defined(my $line = <$c>)) {
			$note->($line =~ s/\r\n\z/~/r);
			my $say = $code->($line =~ s/\r\n\z//r);
			last unless defined $say;
			print $c "$say\r\n";
		}
	});
}

my %b = (
	good => pop3('+OK hello', sub { "+OK $_[0]" =~ s/PASS .*/in/r }),
	nouser => pop3('+OK hello', sub {
		$_[0] =~ /^USER/ ? '-ERR who' : '+OK' }),
	nopass => pop3('+OK hello', sub {
		$_[0] =~ /^PASS/ ? '-ERR no' : '+OK' }),
	locked => pop3('+OK hello', sub {
		$_[0] =~ /^PASS/ ? '-ERR [in-use] locked' : '+OK' }),
	off => pop3('+OK hello', sub {
		$_[0] =~ /^PASS/ ? '-ERR [SYS/PERM] off' : '+OK' }),
	noutf8 => pop3('+OK hello', sub {
		$_[0] =~ /^UTF8/ ? '-ERR what' : '+OK' }),
	busy => pop3('-ERR busy', sub { undef }),
	long => pop3('+OK ' . 'x' x 100_000, sub { '+OK ' . 'y' x 100_000 }),
	closes => pop3('+OK', sub { undef }),
);
my $unused = '127.0.0.1:' . free_port();
%Login::options = ((map { $_ => "mailhost=$b{$_}{host}" } keys %b),
    list => "mailhost=$unused,$b{busy}{host},$b{nopass}{host},$b{good}{host}",
    dead => "mailhost=$unused", me => 'mailhost=front');

Login::auth();

sub front {
	my ($user, @before) = @_;
	my $l = Login->new(prog => 'pop3login', POP3_PROXY => 1,
	    PROXY_HOSTNAME => 'front', DEBUG_LOGIN => 1, TCPLOCALPORT => 110);
	$l->line;
	for (@before, "USER $user") {
		$l->send("$_\r\n");
		$l->line;
	}
	$l->send("PASS right\r\nSTAT\r\n");
	return $l;
}

for my $user (qw(good list)) {
	unlink $b{good}{notes};
	my $l = front($user);
	is $l->lines(2), "+OK Connected to proxy server.\n+OK STAT",
	    "$user: in, nothing is lost";
	is notes($b{good}), "USER $user\@canonical.test~\nPASS right~\n"
	    . "STAT~\n", 'what the back end was told';
	like $l->log, qr/^INFO: LOGIN, user=$user\@canonical\.test, (?x:
	    )\Q$ip\E, protocol=$/m, 'logged';
	unlike $l->log, qr/PASS right/, 'without the password';
	close $l->{s};
	is $l->ended, 0, 'ends with the client';
}
unlink $b{good}{notes};
my $l = front('good', 'UTF8');
is $l->line, '+OK Connected to proxy server.', 'UTF8: in';
like notes($b{good}), qr/\AUTF8~\nUSER /, 'and handed on';
unlink $b{good}{notes};
$l = Login->new(prog => 'pop3login', POP3_PROXY => 1);
$l->line;
$l->send('AUTH PLAIN ' . encode_base64("\0good\0right", '')
    . "\r\nLIST\r\n");
is $l->lines(2), "+OK Connected to proxy server.\n+OK LIST", 'AUTH';
is front('long')->line, '+OK Connected to proxy server.', 'long lines: in';
like front('me')->line, qr/OK LOGIN Ok\.$/, 'this server: a local login';

# Nowhere, all at once.
my %log = (nouser => [FAILED => 'Login userid rejected by'],
    nopass => [FAILED => 'Login password rejected by'],
    locked => [ERROR => 'Login password rejected by'],
    off => [FAILED => 'Login password rejected by'],
    busy => [ERROR => 'Did not receive greeting from'],
    closes => [ERROR => 'Login userid rejected by'],
    dead => [ERROR => 'Connection to proxyhost'],
    noutf8 => [FAILED => 'UTF8 rejected by']);
my %front = map { $_ => front($_, $_ eq 'noutf8' ? 'UTF8' : ()) } keys %log;
for my $user (sort keys %log) {
	my ($kind, $text) = @{ $log{$user} };
	my $host = $b{$user}{host} || $unused;
	like $front{$user}->line, $kind eq 'FAILED' ? qr/^-ERR \[AUTH\] Login failed\.$/
	    : qr/^-ERR \[SYS\/TEMP\] Temporary problem, please try again later$/,
	    "$user: $kind";
	my $log = $front{$user}->log;
	like $log, qr/^WARN: $text \Q$host\E/m, 'why';
	like $log, qr/^INFO: LOGIN $kind, user=$user, \Q$ip\E$/m, 'logged';
}
done_testing;
