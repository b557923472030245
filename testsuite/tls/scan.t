#!/usr/bin/perl
# What scanners find in the default settings: nothing of medium severity or
# worse.  SPDX-License-Identifier: ISC
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Private qw(:all);
use Test::More;
use Tls;

need('openssl');
plan(skip_all => 'couriertls is not built') unless -x couriertls();

sub found { my ($p) = @_; return grep { -x "$_/$p" } split /:/, $ENV{PATH} }

my $ca = cert('ca.test', ca => 1);
my $pem = cert('localhost', by => $ca, key => 'rsa:2048', chain => 1);
my $t = tls_server({ TLS_CERTFILE => $pem, TLS_DHPARAMS => '/nonexistent',
    TLS_CACHEFILE => workdir() . '/cache' });

SKIP: {
	skip 'no sslscan', 5 unless found('sslscan');
	run('sslscan', '--no-colour', "127.0.0.1:$t->{port}");
	my $out = $Private::out;
	like $out, qr/^TLSv1\.$_\s+enabled/m, "1.$_" for 2, 3;
	unlike $out, qr/^(?:SSLv[23]|TLSv1\.[01])\s+enabled/m, 'no older one';
	my @weak = grep { !/\b(?:EC)?DHE-|\bTLS_(?:AES|CHACHA20)/ }
	    $out =~ /^(?:Preferred|Accepted)\s+TLS\S+\s+\d+ bits\s+(\S+)/mg;
	is "@weak", '', 'forward secrecy';
	unlike $out, qr/^TLS\S+ vulnerable|^Insecure|Compression enabled/m,
	    'and sound';
}

# Its findings about what a self-made authority lacks (revocation, a public
# chain, CAA in the DNS) say nothing about the server.
SKIP: {
	skip 'no testssl', 2 unless found('testssl');
	local $Private::run_limit = 900;
	my $csv = workdir() . '/scan/csv';
	mkdir workdir() . '/scan';
	chmod 0777, workdir() . '/scan';
	# (Not as root: it moves $ERRFILE away, which is /dev/null.)
	my @nobody = $> ? () : ('setpriv', '--reuid=65534', '--regid=65534',
	    '--clear-groups', 'env', 'HOME=/', 'TMPDIR=/tmp');
	skip 'no setpriv', 2 if @nobody && !found('setpriv');
	run(@nobody, 'testssl', '--quiet', '--warnings', 'batch', '--color', '0',
	    '--severity', 'MEDIUM', '--csvfile', $csv, '-p', '-P', '-f', '-U',
	    '-s', '--ip', '127.0.0.1', '-n', 'none', "localhost:$t->{port}");
	my $head = slurp($csv);
	like $head, qr/^"id"/, 'testssl ran' or diag $Private::out;
	my @bad = grep { /"(?:MEDIUM|HIGH|CRITICAL)"/ } split /\n/, $head;
	is join("\n", @bad), '', 'no finding of medium severity or worse';
}
$t->stop;
done_testing();
