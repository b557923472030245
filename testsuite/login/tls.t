#!/usr/bin/perl
# STARTTLS and STLS: what is announced, what is refused, what couriertls (ours
# and Courier's) is given and what is made of its words.
# SPDX-License-Identifier: ISC
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use MIME::Base64;
use Private qw(:all);
use Test::More;
use Login;

eval { require IO::Socket::SSL; 1 }
    or plan skip_all => 'no IO::Socket::SSL';
my $dir = workdir();
my %env = Login::tls_env(IMAP_EXTENSIONS => 'none');
-x $env{COURIERTLS} or plan skip_all => 'built without TLS';

sub imap { my $l = Login->new(%env, @_); $l->line; return $l }
sub pop3 { my $l = Login->new(prog => 'pop3login', %env, @_); $l->line;
    return $l }
sub say1 { my ($l, $text) = @_; return $l->send("$text\r\n")->line }

# A program in the place of couriertls.
sub fake {
	my ($body) = @_;
	my $path = "$dir/fake" . int(rand 1e9);
	spew($path, "#!/bin/sh\n$body\n", 0755);
	return $path;
}

# ---- IMAP -------------------------------------------------------------------

my $l = Login->new(%env);
like $l->line, qr/ STARTTLS ENABLE /, 'STARTTLS is announced';
$l->send("a STARTTLS now\r\n");
is $l->line, 'a OK Begin SSL/TLS negotiation now.', 'and begins';
ok $l->tls, 'a handshake';
is $l->cmd('b CAPABILITY'), "* CAPABILITY IMAP4rev1 ENABLE UTF8=ACCEPT\n" .
    'b OK CAPABILITY completed', 'no STARTTLS under TLS';
is $l->cmd('c STARTTLS'), 'c NO Error in IMAP command received by server.',
    'nor a second one';
$l->send("d LOGIN joe right\r\ne NOOP\r\n");
my ($text, $line) = ('');
$text .= "$line\n" while defined($line = $l->line) && $line !~ /END$/;
like $text, qr/^d OK LOGIN Ok\.$/m, 'a login';
like $text, qr/^\Q$_\E$/m, "imapd: $_"
    for 'IMAP_TLS=1', 'IMAP_STARTTLS=NO', 'IMAP_TLS_REQUIRED=0';
like $text, qr/^TLS_CONNECTED_PROTOCOL=TLS\S+,\d+bits,\S+$/m,
    'what the session is';
unlike $text, qr/^TLS_SUBJECT_/m, 'no certificate';
is decode_base64($text =~ /^CHAPAR_INPUT=(.*)$/m ? $1 : ''), "e NOOP\r\n",
    'what was read beyond the login, decrypted';
unlike $line, qr/\b[3-9]\b/, 'imapd has no other descriptor';
$l->send("later\r\n");
is $l->line, 'later', 'and speaks through TLS';

# The end of a connection under TLS tells so.
$l = imap();
$l->send("a STARTTLS\r\n")->line;
$l->tls;
$l->cmd('b NOOP');
close $l->{s};
ok wait_for(30, sub { $l->log =~ /^DEBUG: Disconnected, .*, starttls=1$/m }),
    'the client closes';

# Commands in clear text behind STARTTLS are nobody's (12.2 #3).
for my $p (['imap', \&imap, "a STARTTLS\r\nb LOGOUT\r\n", 'c NOOP',
    'c OK NOOP completed'], ['pop3', \&pop3, "STLS\r\nQUIT\r\n", 'NOOP',
    '-ERR Invalid command.']) {
	my ($name, $new, $text, $cmd, $want) = @$p;
	$l = $new->();
	$l->send($text);
	like $l->line, qr/Begin SSL/, "$name: injected";
	ok $l->tls, "$name: a handshake";
	is say1($l, $cmd), $want, "$name: what was injected is gone";
}
# Also what comes before couriertls has begun to read: it is no handshake, and
# there is no way back to clear text (12.2 #22).
$l = imap();
$l->send("a STARTTLS\r\n");
$l->line;
$l->send("b NOOP\r\n");
$text = $l->rest;
unlike $text, qr/b OK/, 'clear text instead of a handshake';
like $text, qr/a NO STARTTLS failed: \S.*\z/, 'is told, and the end';
ok wait_for(30, sub { $l->log =~ /^DEBUG: Disconnected/m }), 'logged';
is $l->log =~ s/^DEBUG: .*\n//mgr,
    "ip=[::ffff:192.0.2.7], An unexpected TLS packet was received.\n",
    'with the reason';
$l = imap(TLS_HANDSHAKE_TIMEOUT => 1);
$l->send("a STARTTLS\r\n");
$l->line;
$text = 'couriertls: accept: Connection timed out';
like $l->rest, qr/a NO STARTTLS failed: .*\Q$text\E\z/, 'silence';
like $l->log, qr/^ip=\[::ffff:192\.0\.2\.7\], \Q$text\E$/m, 'its reason';
$l = pop3();
$l->send("STLS\r\n");
$l->line;
$l->send("NOOP\r\n");
like $l->rest, qr/-ERR STARTTLS failed: \S.*\z/, 'POP3, too';

# Required.
$l = Login->new(%env, IMAP_TLS_REQUIRED => 1);
like $l->line, qr/ STARTTLS LOGINDISABLED ENABLE /, 'required: LOGINDISABLED';
is $l->cmd('a LOGIN joe right'), 'a NO STARTTLS required', 'no login';
is $l->cmd('a AUTHENTICATE PLAIN'), 'a NO STARTTLS required',
    'no AUTHENTICATE';
$l->send("b STARTTLS\r\n")->line;
ok $l->tls, 'a handshake';
unlike $l->cmd('c CAPABILITY'), qr/LOGINDISABLED/, 'and then';
is $l->cmd('d LOGIN joe right'), 'd OK LOGIN Ok.', 'a login';
# 12.2 #12
for (['IMAP_STARTTLS=NO', IMAP_STARTTLS => 'NO'],
    ['no couriertls', COURIERTLS => '/nonexistent']) {
	my ($name, @set) = @$_;
	$l = Login->new(%env, IMAP_TLS_REQUIRED => 1, @set);
	my $hello = $l->line;
	unlike $hello, qr/ STARTTLS/, "$name: not announced";
	like $hello, qr/ LOGINDISABLED/, "$name: no login all the same";
	is $l->cmd('a LOGIN joe right'), 'a NO STARTTLS required', $name;
	is $l->cmd('b STARTTLS'),
	    'b NO Error in IMAP command received by server.', "$name: refused";
}

# ---- programs in its place --------------------------------------------------

# 12.2 #16

my %bad = (
	'ends without a word' => ['exit 0', qr/Failed to initialize/],
	'/bin/false' => ['exit 1', qr/Failed to initialize/],
	'says why' => ['echo "no luck" >&3; exit 1', qr/no luck/],
	'says it and describes a session' => ['echo "no luck" >&3
echo "Version: TLS1.3" >&4', qr/no luck/],
	'cannot be run' => [undef, qr/500 Unable to start couriertls: /],
);
for my $name (sort keys %bad) {
	my ($body, $why) = @{ $bad{$name} };
	my $path = defined $body ? fake($body) : "$dir/odd";
	spew($path, "no program\n", 0755) if !defined $body;
	$l = imap(COURIERTLS => $path);
	$l->send("a STARTTLS\r\n");
	$l->line;
	like $l->rest, qr/\Aa NO STARTTLS failed: .*$why/, "$name: failed";
	like $l->log, qr/^ip=\[::ffff:192\.0\.2\.7\], .*$why/m, "$name: logged";
	is $l->ended, 0, "$name: ended";
}

# What it gets, and what is made of what it tells. One that encrypts nothing:
$l = imap(COURIERTLS => fake('echo "$*" >' . "$dir/args" . '
ls /proc/$$/fd >' . "$dir/fds" . '
printf "Subject:\n   c=IR\n   cn=one\n   CN=two words\n   bad name=x\n" >&4
printf "   =y\n\nNot-Before: 1\nSubject:\n   cn=issuer\n   st=x\n\n" >&4
printf "Version: TLS9\nBits: 7\nCipher: X\nExporter: 00ff\n" >&4
exec 3>&- 4>&- 6<&0
cat <&5 >&6 &
exec cat <&6 >&5'), TLS_SUBJECT_O => 'forged', CHAPAR_TLS_EXPORTER => 'f');
$l->send("a STARTTLS\r\n");
$l->line;
$l->send("c LOGIN joe right\r\n");
$text = '';
$text .= "$line\n" while defined($line = $l->line) && $line !~ /END$/;
is slurp("$dir/args"), "-statusfd=3 -printx509=4 -localfd=5 -tcpd -server\n",
    'arguments';
like join(' ', split /\s+/, slurp("$dir/fds")),
    qr/\A0 1 (?:\d\d+ )*2 3 4 5\z/, 'descriptors';
like $text, qr/^\Q$_\E$/m, $_ for 'TLS_SUBJECT_C=IR',
    'TLS_SUBJECT_CN=two words', 'TLS_CONNECTED_PROTOCOL=TLS9,7bits,X';
unlike $text, qr/forged|issuer|TLS_SUBJECT_ST|bad name|^TLS_SUBJECT_=/m,
    'nothing else';
unlike $text, qr/EXPORTER/, 'the channel binding is for the login alone';

# ---- what nobody but couriertls may say (12.2 #18) --------------------------

my %forged = (TLS_SUBJECT_EMAILADDRESS => 'joe', TLS_EXTERNAL =>
    'emailaddress');
for (['in the clear'], ['with IMAP_TLS alone', IMAP_TLS => 1]) {
	my ($name, @set) = @$_;
	$l = Login->new(%env, %forged, @set);
	unlike $l->line, qr/AUTH=EXTERNAL/, "$name: no EXTERNAL";
	$l->send("a LOGIN joe right\r\n");
	$text = '';
	$text .= "$line\n" while defined($line = $l->line) && $line !~ /END$/;
	unlike $text, qr/TLS_SUBJECT/, "$name: removed";
}
$l = Login->new(%env, %forged, IMAP_TLS => 1,
    TLS_CONNECTED_PROTOCOL => 'TLS1.3,256bits,X');
like $l->line, qr/ AUTH=EXTERNAL /, 'couriertls has said it (imaps)';
$l = Login->new(prog => 'pop3login', %env, %forged, POP3_TLS => 1,
    TLS_CONNECTED_PROTOCOL => 'TLS1.3,256bits,X');
$l->line;
$l->send("CAPA\r\n")->line;
is $l->line, 'SASL EXTERNAL', 'POP3: SASL EXTERNAL alone';

# A certificate of the client's, after STARTTLS.
my %cert = (TLS_VERIFYPEER => 'PEER', TLS_TRUSTCERTS => "$dir/client.crt",
    TLS_EXTERNAL => 'emailaddress');
my @show = (SSL_cert_file => "$dir/client.crt",
    SSL_key_file => "$dir/client.key");
$l = imap(%cert);
$l->send("a STARTTLS\r\n")->line;
ok $l->tls(@show), 'a handshake with a certificate';
like $l->cmd('b CAPABILITY'), qr/ AUTH=EXTERNAL /, 'AUTH=EXTERNAL';
$l->send("a LOGIN joe right\r\n");
$text = '';
$text .= "$line\n" while defined($line = $l->line) && $line !~ /END$/;
like $text, qr/^TLS_SUBJECT_EMAILADDRESS=joe\@d\.test$/m, 'its subject';
like $text, qr/^TLS_SUBJECT_CN=client$/m, 'all of it';
$l = imap(%cert);
$l->send("a STARTTLS\r\n")->line;
ok $l->tls, 'without a certificate';
unlike $l->cmd('b CAPABILITY'), qr/EXTERNAL/, 'no EXTERNAL';

# ---- POP3 -------------------------------------------------------------------

$l = pop3(POP3_TLS_REQUIRED => 1);
$l->send("CAPA\r\n")->line;
is $l->line, 'STLS', 'POP3: CAPA has it';
1 while $l->line ne '.';
is say1($l, 'USER joe'), '-ERR TLS required to log in.', 'required: USER';
is say1($l, 'AUTH PLAIN'), '-ERR TLS required to log in.', 'AUTH';
is say1($l, 'STLS x'), '+OK Begin SSL/TLS negotiation now.', 'STLS';
ok $l->tls, 'a handshake';
is say1($l, 'STLS'), '-ERR TLS support not available.', 'a second one';
is say1($l, 'USER joe'), '+OK Password required.', 'USER';
$l->send("PASS right\r\n");
$text = '';
$text .= "$line\n" while defined($line = $l->line) && $line !~ /END$/;
like $text, qr/^\Q$_\E$/m, "pop3d: $_"
    for 'POP3_TLS=1', 'POP3_STARTTLS=NO', 'POP3_TLS_REQUIRED=0', 'UTF8=0';
for (['POP3_STARTTLS=NO', POP3_STARTTLS => 'NO'],
    ['no couriertls', COURIERTLS => '/nonexistent']) {
	my ($name, @set) = @$_;
	$l = pop3(POP3_TLS_REQUIRED => 1, @set);
	is say1($l, 'STLS'), '-ERR TLS support not available.', $name;
	is say1($l, 'USER joe'), '-ERR TLS required to log in.', "$name: USER";
}
done_testing();
