#!/usr/bin/perl
# What TLS_* settings let in: versions, ciphers, groups, names of protocols,
# stapled responses; and what is logged of clients that get nowhere.
# SPDX-License-Identifier: ISC
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Private qw(:all);
use Socket;
use Tcpd;
use Test::More;
use Tls;

need('openssl');
plan(skip_all => 'couriertls is not built') unless -x couriertls();

my $pem = cert('mail.example.com');
my @all = qw(1 1_1 1_2 1_3);
my @old = ('-cipher', 'ALL:@SECLEVEL=0');

# The versions that a client of each kind gets.
sub versions {
	my ($t) = @_;
	return join ' ', grep {
		s_client($t, "-tls$_", $_ eq '1_3' ? () : @old) =~
		    /^New, TLSv[\d.]+, Cipher is [A-Z]/m;
	} @all;
}

# ---- versions (12.2 #19) ----------------------------------------------------

my ($new, $mid, $any) = ('1_2 1_3', '1_1 1_2 1_3', '1 1_1 1_2 1_3');
for my $c (
    [{}, $new],
    [{ TLS_PROTOCOL => '', TLS_PRIORITY => 'NORMAL' }, $new],
    [{ TLS_PROTOCOL => 'TLSv1' }, $any],
    [{ TLS_PROTOCOL => 'SSL23' }, $any],
    [{ TLS_PROTOCOL => 'TLSv1.1++' }, $mid],
    [{ TLS_PROTOCOL => 'TLSv1.2++' }, $new],
    [{ TLS_PROTOCOL => 'TLSv1.3' }, '1_3'],
    [{ TLS_PRIORITY => 'NORMAL:-VERS-TLS1.0:+VERS-TLS1.3' }, $new],
    [{ TLS_PRIORITY => 'NORMAL:+VERS-TLS1.0' }, '1 1_2 1_3'],
    [{ TLS_PRIORITY => 'NORMAL:-VERS-TLS1.3' }, '1_2'],
    [{ TLS_PRIORITY => 'NONE:+AES-128-CBC' }, ''],
) {
	my ($env, $want) = @$c;
	my $t = tls_server({ TLS_CERTFILE => $pem, %$env });
	is versions($t), $want, join ' ', map { "$_=$env->{$_}" } sort keys %$env;
	ok $t->logs(qr/TLS_PRIORITY leaves no version/), 'said'
	    if $want eq '';
	$t->stop;
}

# ---- ciphers and groups -----------------------------------------------------

sub cipher {
	my ($t, @options) = @_;
	return s_client($t, @options) =~ /Cipher is (\S+)/ ? $1 : '';
}

my $rsa = cert('rsa.example.com', key => 'rsa:2048');
my $t = tls_server({ TLS_CERTFILE => $rsa, TLS_DHPARAMS => '/nonexistent' });
is cipher($t, '-tls1_2'), 'ECDHE-RSA-AES256-GCM-SHA384', 'the default of 1.2';
is cipher($t, '-tls1_3'), 'TLS_AES_256_GCM_SHA384', 'and of 1.3';
is cipher($t, '-tls1_2', '-cipher', 'AES128-SHA'), '(NONE)',
    'nothing without forward secrecy';
ok $t->logs(qr/, No supported cipher suites have been found\.$/m), 'logged';
is cipher($t, '-tls1_2', '-cipher', $_), '(NONE)', "no $_" for
    'aNULL:@SECLEVEL=0', 'eNULL:@SECLEVEL=0', 'CAMELLIA';
my $out = s_client($t, '-tls1_2', '-cipher', 'DHE-RSA-AES128-GCM-SHA256');
like $out, qr/^Server Temp Key: DH, (\d+) bits/m, 'a group is built in';
cmp_ok $out =~ /Temp Key: DH, (\d+)/ && $1, '>=', 2048, 'a large one';
$t->stop;

# Group of our own: in a file, and beside the certificate (tried: 2048 bits take
# a while to make; this is ffdhe3072 of RFC 7919, by its name).
my $group = workdir() . '/dh.pem';
run(qw(openssl genpkey -genparam -algorithm DH -pkeyopt group:ffdhe3072 -out),
    $group) or die $Private::out;
my $both = workdir() . '/both.pem';
spew($both, slurp($group) . slurp($rsa), 0600);
for my $env ({ TLS_CERTFILE => $rsa, TLS_DHPARAMS => $group },
    { TLS_CERTFILE => $both, TLS_DHPARAMS => '/nonexistent' }) {
	$t = tls_server($env);
	like s_client($t, '-tls1_2', '-cipher', 'DHE-RSA-AES128-GCM-SHA256'),
	    qr/^Server Temp Key: DH, 3072 bits/m, 'a group from ' .
	    ($env->{TLS_CERTFILE} eq $both ? 'TLS_CERTFILE' : 'TLS_DHPARAMS');
	$t->stop;
}

$t = tls_server({ TLS_CERTFILE => $rsa, TLS_CIPHER_LIST => 'AES128-SHA' });
is cipher($t, '-tls1_2'), 'AES128-SHA', 'TLS_CIPHER_LIST';
$t->stop;
$t = tls_server({ TLS_CERTFILE => $rsa, TLS_CIPHER_LIST => 'nonsense' });
is cipher($t, '-tls1_2'), 'ECDHE-RSA-AES256-GCM-SHA384', 'one of nonsense';
ok $t->logs(qr/TLS_CIPHER_LIST: no cipher in nonsense/), 'is told';
$t->stop;

# ---- ALPN -------------------------------------------------------------------

sub alpn {
	my ($t, $list) = @_;
	my $out = s_client($t, $list ? ('-alpn', $list) : ());
	return $1 if $out =~ /^ALPN protocol: (.*)$/m;
	return $out =~ /^No ALPN negotiated$/m ? 'none' : 'refused'
	    if $out =~ /Cipher is [A-Z]/;
	return 'refused';
}

$t = tls_server({ TLS_CERTFILE => $pem, TLS_ALPN => 'imap' });
is alpn($t), 'none', 'a client without ALPN';
is alpn($t, 'h2,imap'), 'imap', 'one that knows imap';
is alpn($t, 'h2'), 'refused', 'one that does not';
ok $t->logs(qr/, No common application protocol could be negotiated\.$/m),
    'logged';
$t->stop;
$t = tls_server({ TLS_CERTFILE => $pem,
    TLS_ALPN => 'imap, pop3 @optional @server' });
is alpn($t, 'h2'), 'none', '@optional';
is alpn($t, 'pop3,imap'), 'imap', '@server';
$t->stop;
$t = tls_server({ TLS_CERTFILE => $pem });
is alpn($t, 'h2'), 'none', 'not set';
$t->stop;

# ---- OCSP -------------------------------------------------------------------

my $ca = cert('ca', ca => 1);
my $stapled = cert('stapled.example.com', by => $ca);
(my $base = $stapled) =~ s/\.pem$//;
(my $cabase = $ca) =~ s/\.pem$//;
my ($number) = (run('openssl', 'x509', '-noout', '-serial', '-in',
    "$base.crt"), $Private::out =~ /serial=(\w+)/)[-1];
spew("$base.index", "V\t400101000000Z\t\t$number\tunknown\t/CN=x\n");
run('openssl', 'ocsp', '-index', "$base.index", '-CA', "$cabase.crt",
    '-rsigner', "$cabase.crt", '-rkey', "$cabase.key", '-issuer',
    "$cabase.crt", '-cert', "$base.crt", '-ndays', 5, '-respout',
    "$stapled.ocsp") or die $Private::out;
$t = tls_server({ TLS_CERTFILE => $stapled });
like s_client($t, '-status', "-tls$_"), qr/OCSP Response Status: successful/,
    "a response is stapled, $_" for qw(1_2 1_3);
unlink "$stapled.ocsp";
like s_client($t, '-status'), qr/OCSP response: no response sent/,
    'and none without the file';
$t->stop;

# ---- clients that get nowhere -----------------------------------------------

$t = tls_server({ TLS_CERTFILE => $pem });
hears($t, "a1 CAPABILITY\r\n");
ok $t->logs(qr/^ip=\[(?:::ffff:)?127\.0\.0\.1\], An unexpected TLS packet was received\.$/m),
    'clear text' or diag $t->log;
my $s = $t->dial;
close $s;
ok $t->logs(qr/^DEBUG: ip=\[\S+\], Unexpected SSL connection shutdown\.$/m),
    'just closed' or diag $t->log;
# (One that is gone before couriertcpd looks is not even begun with.)
ok wait_for(60, sub {
	my $s = $t->dial;
	syswrite $s, "\x16\x03\x01\x00\xf0";
	select undef, undef, undef, 0.3;
	setsockopt $s, SOL_SOCKET, SO_LINGER, pack 'ii', 1, 0;
	close $s;
	return $t->logs(
	    qr/^ip=\[\S+\], couriertls: accept: Connection reset by peer$/m, 1);
}), 'reset' or diag $t->log;
s_client($t, '-verify_return_error', '-CAfile', "$cabase.crt");
ok $t->logs(qr/^ip=\[\S+\], A TLS fatal alert has been received: unknown CA$/m),
    'an alert' or diag $t->log;
s_client($t, '-tls1_1', @old);
ok $t->logs(qr/, A packet with illegal or unsupported version was received\.$/m),
    'an old version' or diag $t->log;
$t->stop;
# 12.2 #7
$t = tls_server({ TLS_CERTFILE => $pem, TLS_HANDSHAKE_TIMEOUT => 2 });
for my $bytes ('', "\x16\x03\x01\x00\xf0\x01") {
	my $start = now();
	is hears($t, $bytes), '', 'silence' . ($bytes && ' in the middle');
	cmp_ok now() - $start, '>=', 1.8, 'is borne';
	cmp_ok now() - $start, '<', 20, 'but not for ever';
}
ok $t->logs(qr/^ip=\[\S+\], couriertls: accept: Connection timed out$/m),
    'logged' or diag $t->log;
# The limit is one of the handshake alone.
my $c = Tls->connect($t);
$c->until(qr/^done$/);
select undef, undef, undef, 2.5;
ok !$t->logs(qr/timed out.*timed out.*timed out/s, 0.1), 'not of the session';
undef $c;
$t->stop;

# ---- other clients ----------------------------------------------------------

SKIP: {
	skip 'no gnutls-cli', 2 unless grep { -x "$_/gnutls-cli" }
	    split /:/, $ENV{PATH};
	$t = tls_server({ TLS_CERTFILE => $pem });
	for my $v (qw(1.2 1.3)) {
		run('gnutls-cli', '--insecure', '-p', $t->{port},
		    "--priority=NORMAL:-VERS-ALL:+VERS-TLS$v", '127.0.0.1');
		like $Private::out, qr/^TLS_CONNECTED_PROTOCOL=TLS$v,/m,
		    "GnuTLS $v";
	}
	$t->stop;
}
done_testing();
