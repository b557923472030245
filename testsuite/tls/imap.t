#!/usr/bin/perl
# TLS in front of imaplogin and pop3login: on a port of its own, and by STARTTLS
# and STLS.
# SPDX-License-Identifier: ISC
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Private qw(:all);
use Test::More;
use Login;
use Tcpd ();
use Tls;

need('openssl');
plan(skip_all => 'couriertls is not built') unless -x couriertls();

my $ca = cert('ca.test', ca => 1);
(my $cabase = $ca) =~ s/\.pem$//;
my $pem = cert('localhost', by => $ca);
my $login = "$ENV{top_builddir}/src/prog/imaplogin";
my @prog = ($login, workdir() . '/imapd', 'Maildir');
my %env = (CHAPAR_AUTHSOCKET => Login::auth(), TLS_CERTFILE => $pem,
    TLS_VERIFYPEER => 'NONE', IMAP_CAPABILITY => 'IMAP4rev1 IDLE',
    IMAP_CAPABILITY_TLS => 'IMAP4rev1 IDLE AUTH=PLAIN',
    TLS_CACHEFILE => workdir() . '/cache', COURIERTLS => couriertls());

sub curl {
	my ($url, @options) = @_;
	local $Private::run_limit = 90;
	run('curl', '-sv', '--cacert', "$cabase.crt", '--url', $url, '-u',
	    'joe:right', '-X', 'NOOP', '--connect-to', '::127.0.0.1:',
	    '--max-time', 60, @options);
	return $Private::out;
}

# ---- TLS from the first byte ------------------------------------------------

my $t = Tcpd->new({ env => { %env, IMAP_TLS => 1 }, prog => [couriertls(),
    '-server', '-tcpd', '-user=courier', @prog] });
for my $v (qw(1_2 1_3)) {
	my $c = Tls->connect($t, "-tls$v", '-servername', 'localhost');
	like $c->line, qr/^\* OK \[CAPABILITY IMAP4rev1 IDLE AUTH=PLAIN/,
	    "$v: the greeting";
	$c->send("a LOGIN joe right\r\n");
	my $text = $c->until(qr/END$/);
	like $text, qr/^a OK LOGIN Ok\.$/m, 'a login';
	like $text, qr/^IMAP_TLS=1$/m, 'the mailbox server knows of TLS';
	like $text, qr/^TLS_CONNECTED_PROTOCOL=TLS1\.\d,/m, 'and of which';
	like $text, qr/^0 1 (?:1\d )*2(?: 3)? END$/m,
	    'it has no descriptors but its own' or diag $text;
	$c->send("echo\n");
	is $c->line, 'echo', 'which talks on';
}
SKIP: {
	skip 'no curl', 1 unless grep { -x "$_/curl" } split /:/, $ENV{PATH};
	like curl("imaps://localhost:$t->{port}/"), qr/^< a?\w+ OK LOGIN Ok/mi,
	    'curl';
}
# A client that speaks no TLS is told nothing.
unlike hears($t, "a NOOP\r\n"), qr/OK|BYE/, 'clear text is no IMAP';
$t->stop;

# ---- STARTTLS ---------------------------------------------------------------

$t = Tcpd->new({ env => { %env, IMAP_STARTTLS => 'YES',
    IMAP_TLS_REQUIRED => 1 }, prog => \@prog });
for my $v (qw(1_2 1_3)) {
	my $c = Tls->connect($t, "-tls$v", '-starttls', 'imap', '-CAfile',
	    "$cabase.crt", '-verify_return_error');
	$c->send("a CAPABILITY\r\n");
	like $c->until(qr/^\* CAP/), qr/AUTH=PLAIN/, "$v: STARTTLS";
	unlike $c->until(qr/^a /), qr/STARTTLS/, 'not twice';
	$c->send("b LOGIN joe right\r\n");
	my $text = $c->until(qr/END$/);
	like $text, qr/^b OK LOGIN Ok\.$/m, 'a login';
	like $text, qr/^0 1 (?:1\d )*2(?: 3)? END$/m, 'no descriptors are left';
	$c->send("echo\n");
	is $c->line, 'echo', 'which talks on';
}
SKIP: {
	skip 'no curl', 1 unless grep { -x "$_/curl" } split /:/, $ENV{PATH};
	like curl("imap://localhost:$t->{port}/", '--ssl-reqd'),
	    qr/^< a?\w+ OK LOGIN Ok/mi, 'curl';
}
# Sessions that began on either port are taken up on the other.
my $imaps = Tcpd->new({ env => { %env, IMAP_TLS => 1 }, prog =>
    [couriertls(), '-server', '-tcpd', @prog] });
my $sess = workdir() . '/sess';
my $c = Tls->connect($t, '-starttls', 'imap', '-tls1_3', '-sess_out', $sess);
$c->send("a CAPABILITY\r\n");
$c->until(qr/^a /);
$c->end->rest;
like s_client($imaps, '-tls1_3', '-sess_in', $sess), qr/^Reused,/m,
    'a session goes from port to port';
$imaps->stop;

# Bytes in front of TLS are no commands in it (CVE-2011-0411 and kin).
my $s = $t->dial;
syswrite $s, "a STARTTLS\r\nb NOOP\r\n";
my $text = '';
1 while $text !~ /^a /m && sysread $s, $text, 1000, length $text;
like $text, qr/^a OK [^\n]*\r\n\z/m, 'injected: nothing behind the OK';
close $s;
# A failure ends the connection.
$s = $t->dial;
syswrite $s, "a STARTTLS\r\n";
$text = '';
1 while $text !~ /^a /m && sysread $s, $text, 1000, length $text;
syswrite $s, "b NOOP\r\nc NOOP\r\n";
$text = Tcpd::rest($s);
unlike $text, qr/^[bc] OK/m, 'no commands after it';
unlike $text, qr/timeout/, 'the connection is closed';
like $text, qr/ip=\[\S+\], An unexpected TLS packet was received\./,
    'and the client told why';
$t->stop;

# ---- POP3 -------------------------------------------------------------------

my $pop3login = "$ENV{top_builddir}/src/prog/pop3login";
SKIP: {
	skip 'no pop3login', 5 unless -x $pop3login;
	my @pop3 = ($pop3login, workdir() . '/imapd', 'Maildir');
	my $plain = Tcpd->new({ env => { %env, POP3_STARTTLS => 'YES' },
	    prog => \@pop3 });
	my $tls = Tcpd->new({ env => { %env, POP3_TLS => 1 }, prog =>
	    [couriertls(), '-server', '-tcpd', @pop3] });
	my $c = Tls->connect($tls);
	like $c->line, qr/^\+OK /, 'a port of its own';
	for my $c ($c, Tls->connect($plain, '-starttls', 'pop3')) {
		$c->send("CAPA\r\n");
		my $capa = $c->until(qr/^\.$/);
		like $capa, qr/^USER$/m, 'capabilities';
		unlike $capa, qr/^STLS$/m, 'TLS is not offered in TLS';
	}
	$_->stop for $plain, $tls;
}
done_testing();
