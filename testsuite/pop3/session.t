#!/usr/bin/perl
# POP3: one session (RFC 1939, 2449, 3206, 6856).  SPDX-License-Identifier: ISC
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Pop3;
use Dialogue;

my @mail = ("Subject: one\n\nfirst\n.dot\nlast\n", "Subject: two\n\nb\n",
    "Subject: caf\303\251\n\n\303\251\n");
my $d = Pop3->new(mail => \@mail, env => { AUTHENTICATED => 'ann',
    TCPREMOTEIP => '10.1.2.3', TCPREMOTEPORT => 77 });
is($d->{greeting}, '+OK logged in.', 'the answer to PASS');
$d->talk(<<'END');
C: STAT
S: +OK 3 76
C: list
S: +OK POP3 clients that break here, they violate STD53.
S: 1 35
S: 2 19
S: 3 22
S: .
C: LIST 2
S: +OK 2 19
C: UIDL 2
S: +OK 2 UID2-<<\d{10}>>
C: RETR 1
S: +OK 35 octets follow.
S: Subject: one
S: 
S: first
S: ..dot
S: last
S: .
C: TOP 1 1
S: +OK headers follow.
S: Subject: one
S: 
S: first
S: .
C: TOP 1 0
S: +OK headers follow.
S: Subject: one
S: 
S: .
C: TOP 1
S: -ERR Invalid command.
C: DELE 2
S: +OK Deleted.
C: DELE 2
S: -ERR Invalid message number.
C: RETR 2
S: -ERR Invalid message number.
C: LIST 9
S: -ERR Invalid message number.
C: STAT
S: +OK 2 57
C: LIST
S: +OK <<.*>>
S: 1 35
S: 3 22
S: .
C: UIDL
S: +OK
S: 1 UID1-<<\d+>>
S: 3 UID3-<<\d+>>
S: .
C: RSET
S: +OK Resurrected.
C: STAT
S: +OK 3 76
C: NOOP
S: +OK Yup.
C: APOP a b
S: -ERR Invalid command.
C: CAPA
S: +OK Here's what I can do:
S: TOP
S: USER
S: LOGIN-DELAY 10
S: PIPELINING
S: UIDL
S: UTF8 USER
S: LANG
S: EXPIRE NEVER
S: RESP-CODES
S: AUTH-RESP-CODE
S: IMPLEMENTATION Courier Mail Server
S: .
END
# The mechanisms are those that pop3login has announced.
for (['PLAIN', undef, 'SASL PLAIN'], ['PLAIN', 'PLAIN EXTERNAL',
    'SASL PLAIN EXTERNAL'], ['PLAIN', '', ''], [undef, undef, '']) {
	my ($auth, $sasl, $want) = @$_;
	my $one = Pop3->new(env => { defined $auth ? (POP3AUTH => $auth) : (),
	    defined $sasl ? (CHAPAR_SASL => $sasl) : () });
	my ($line) = $one->ask('CAPA') =~ /^(SASL.*)/m;
	is($line // '', $want, 'CAPA: ' . join ' ', map { $_ // '(unset)' }
	    $auth, $sasl);
	$one->ask('QUIT');
	$one->done;
}
# Without UTF8, too, a message is sent as it is.
like($d->ask('RETR 3'), qr/^\+OK 22 octets.*\nSubject: caf\303\251\n\n\303\251\n\.\n\z/,
    'nothing takes the place of a message');
like($d->ask('UTF8'), qr/^\+OK/, 'UTF8');
like($d->ask('RETR 3'), qr/^Subject: caf\303\251$/m, 'the same after UTF8');
is(join(' ', sort map { m{:2,(.*)} } glob "$d->{maildir}/cur/*"), ' S S',
    'RETR marks as seen, TOP does not');
$d->send("DELE 1\r\nDELE 3\r\nQUIT\r\n");
is(join('', map { $d->line . "\n" } 1 .. 3),
    "+OK Deleted.\n+OK Deleted.\n+OK Bye-bye.\n", 'pipelined');
$d->done;
my @left = glob "$d->{maildir}/cur/*";
is(scalar @left, 1, 'QUIT deletes');
like($d->log_text, qr/^INFO: LOGIN, user=ann, ip=\[10\.1\.2\.3\], port=\[77\]$/m,
    'LOGIN');
# 12.2 #24
like($d->log_text, qr/^INFO: LOGOUT, user=ann, ip=\[10\.1\.2\.3\], port=\[77\], top=34, retr=68, rcvd=\d+, sent=\d+, time=\d+$/m,
    'LOGOUT');

# ---- languages

$d = Pop3->new;
$d->talk(<<'END');
C: LANG
S: +OK Language listing follows:
S: en English
S: i-default Default language
END
while (defined(my $line = $d->line)) {
	last if $line eq '.';
	like($line, qr/^[a-z]{2} \S/, 'another language');
}
$d->talk(<<'END');
C: LANG en
S: +OK en King's English
C: LANG EN-us
S: +OK en King's English
C: LANG *
S: +OK en King's English
C: LANG i-default
S: +OK i-default King's English
C: LANG mul
S: -ERR Language not available.
C: LANG english
S: -ERR Language not available.
END

# ---- settings

my $said = Pop3->new(env => { POP3AUTH => 'PLAIN LOGIN' })->ask('CAPA');
like($said, qr/^SASL PLAIN LOGIN\nTOP$/m, 'POP3AUTH');
unlike_line($said, 'STLS', 'no STLS after login');
$said = Pop3->new(env => { POP3AUTH => 'LOGIN', POP3AUTH_TLS => 'PLAIN' })
    ->ask('CAPA');
like($said, qr/^SASL LOGIN$/m, 'POP3AUTH_TLS is for TLS');
$said = Pop3->new(env => { POP3AUTH => 'LOGIN', POP3AUTH_TLS => 'PLAIN',
    POP3_TLS => 1 })->ask('CAPA');
like($said, qr/^SASL PLAIN$/m, 'POP3AUTH_TLS');
$said = Pop3->new(env => { POP3AUTH => 'LOGIN', POP3AUTH_TLS => '',
    POP3_TLS => 1 })->ask('CAPA');
like($said, qr/^SASL LOGIN$/m, 'an empty one does not count');

sub unlike_line {
	my ($text, $word, $name) = @_;
	ok($text !~ /^$word\b/m, $name, split /\n/, $text);
}

# What a session with these variables logs when it deletes its message.
sub logged {
	my $d = Pop3->new(mail => [$mail[0]], env => { @_ });
	$d->ask('DELE 1');
	$d->quit;
	return $d->log_text;
}
like(logged(POP3_LOG_DELETIONS => 1, AUTHENTICATED => 'ann'),
    qr/^INFO: DELETED, user=ann, ip=\[127\.0\.0\.1\], port=\[0\], filename=cur\/\d+\.\S+:2,$/m,
    'POP3_LOG_DELETIONS');
ok(logged(POP3_LOG_DELETIONS => 0) !~ /DELETED/, '0: none are logged');
ok(logged() !~ /DELETED/, 'nor by default');
like(logged(POP3_TLS => 1), qr/^INFO: LOGOUT, user=nobody, .*, time=\d+, stls=1$/m,
    'POP3_TLS');
like(logged(AUTHADDR => 'a@b', AUTHENTICATED => 'c'), qr/LOGOUT, user=a\@b,/,
    'AUTHADDR');
$d = Pop3->new(home => Dialogue::home('A'), env => { MAILDIR => 'Maildir/.A' });
Dialogue::deliver("$d->{maildir}/.A", $mail[1]);
$d->quit;
$d = Pop3->new(home => $d->{home}, env => { MAILDIR => 'Maildir/.A' });
is($d->ask('STAT'), "+OK 1 19\n", 'MAILDIR');
$d = Pop3->new(home => $d->{home}, args => ['Maildir']);
is($d->ask('STAT'), "+OK 0 0\n", 'the argument counts');

# ---- what the login program has read

$d = Pop3->new(mail => \@mail, env => {
    CHAPAR_INPUT => 'U1RBVA0KTk9PUA0KTElT' });	# STAT, NOOP, LIS
is($d->line, '+OK 3 76', 'input behind PASS');
is($d->line, '+OK Yup.', 'all of it');
is($d->ask('T 1'), "+OK 1 35\n", 'up to the last byte');

# ---- refusals

sub refused {
	my ($env, $status, $want, $name, $change) = @_;
	my $home = Dialogue::home();
	$change->("$home/Maildir") if $change;
	my $d = Pop3->new(home => $home, env => $env);
	like($d->{greeting}, $want, $name);
	$d->done($status);
	return $d->log_text;
}
refused({ OPTIONS => 'disablepop3' }, 1,
    qr/^-ERR \[SYS\/PERM\] POP3 access disabled for this account\.$/,
    'disablepop3');
refused({ OPTIONS => 'disableinsecurepop3=1' }, 1,
    qr/^-ERR \[SYS\/PERM\] POP3 access disabled via insecure connection\.$/,
    'disableinsecurepop3');
like(refused({}, 0,
    qr/^-ERR \[SYS\/PERM\] Maildir invalid \(no 'cur' directory\)$/, 'no cur',
    sub { rmdir "$_[0]/cur" }),
    qr/^scancur opendir\("cur"\): No such file or directory$/m, 'and the log');
like(refused({}, 0, qr/^-ERR \[SYS\/TEMP\] Your account is temporarily unavailable \(\+t bit set on home directory\)\.$/,
    '+t', sub { chmod 01755, "$_[0]/.." }),
    qr/^INFO: LOCKED, user=nobody, ip=\[127\.0\.0\.1\], port=\[0\]$/m,
    'LOCKED');
like(refused({ MAILDIR => 'none' }, 1,
    qr/^-ERR \[SYS\/PERM\] chdir none failed$/, 'no maildir'),
    qr/^chdir none: No such file or directory$/m, 'and the log');

# A list that cannot be read for a reason that may pass: no new unique-ids.
my $home = Dialogue::home();
mkdir "$home/Maildir/courierpop3dsizelist";
Dialogue::deliver("$home/Maildir", $mail[0]);
$d = Pop3->new(home => $home);
like($d->{greeting}, qr/^-ERR \[SYS\/TEMP\] Temporary problem/,
    'an unreadable list');
$d->done(1);

# ---- deletion that fails

SKIP: {
	$d = Pop3->new(mail => [@mail]);
	my ($first) = glob "$d->{maildir}/cur/*";
	$d->ask("DELE $_") for 1 .. 3;
	unlink $first;
	mkdir $first;
	is($d->quit, "-ERR Some messages could not be deleted.\n",
	    'QUIT tells what failed');
	is(scalar(() = glob "$d->{maildir}/cur/*"), 1, 'and deletes the rest');
}
plan_done();
