#!/usr/bin/perl
# Sessions that are taken up in another connection: tickets of TLS 1.2 and 1.3,
# their keys in TLS_CACHEFILE.  SPDX-License-Identifier: ISC
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Private qw(:all);
use Test::More;
use Tls;

need('openssl');
plan(skip_all => 'couriertls is not built') unless -x couriertls();

my $pem = cert('mail.example.com');
my $cache = workdir() . '/cache';
my $sess = workdir() . '/session';
my %base = (TLS_CERTFILE => $pem, TLS_CACHEFILE => $cache);

# Saves a session; the tickets of 1.3 come after the handshake.
sub first {
	my ($t, $v) = @_;
	unlink $sess;
	my $c = Tls->connect($t, "-tls$v", '-sess_out', $sess);
	my $out = $c->until(qr/^done$/);
	$c->end->rest;
	return $out;
}

sub again {
	my ($t, $v) = @_;
	return 'no session' unless -s $sess;
	return s_client($t, "-tls$v", '-sess_in', $sess) =~ /^(New|Reused),/m
	    ? $1 : 'nothing';
}

my $t = tls_server({ %base });
for my $v (qw(1_2 1_3)) {
	first($t, $v);
	is again($t, $v), 'Reused', "$v";
	my $c = Tls->connect($t, "-tls$v", '-sess_in', $sess);
	my $out = $c->until(qr/^done$/);
	like $out, qr/^TLS_CONNECTED_PROTOCOL=TLS1\.[23],256bits,ECDHE_\w+$/m,
	    "$v: the program is told as ever";
	like $out, qr/^CHAPAR_TLS_EXPORTER=[0-9a-f]{64}$/m, "$v: exporter";
}
# A client of 1.3 that uses each ticket once gets another one each time.
first($t, '1_3');
for my $i (1 .. 3) {
	my $c = Tls->connect($t, '-tls1_3', '-sess_in', $sess, '-sess_out',
	    "$sess.next");
	$c->until(qr/^done$/);
	$c->end->rest;
	ok rename("$sess.next", $sess), "1.3: a new ticket with session $i";
	is again($t, '1_3'), 'Reused', 'which is good';
}

# Courier takes up by session ids, which need a store of secrets, and not by
# tickets.
unlink $sess;
like s_client($t, '-tls1_2', '-no_ticket', '-sess_out', $sess),
    qr/^New, .* Cipher is ECDHE/m, 'a client that knows no tickets is served';
is again($t, '1_2'), 'no session', 'and gets no session to come back with';
is -s $cache, 16 + 2 * 88, 'the file is small';
is sprintf('%o', (stat $cache)[2] & 07777), '600', 'and for its owner only';

# Another listener with the same file; one that was stopped.
first($t, '1_3');
$t->stop;
$t = tls_server({ %base });
is again($t, '1_3'), 'Reused', 'after a restart';

# A new certificate does not end sessions; a new file of keys does.
first($t, '1_2');
unlink $cache;
is again($t, '1_2'), 'New', 'the file is gone: a whole handshake';
ok -s $cache, 'and it is made again';
first($t, '1_2');
is again($t, '1_2'), 'Reused', 'after which it is of use';

# What Courier leaves there, and worse.
for my $c (['empty', ''], ["Courier's", pack('Q4', 524288, 1000, 1000, 1000) .
    "\0" x 524256], ['cut', substr(slurp($cache), 0, 100)],
    ['longer', slurp($cache) . 'x'], ['a mark alone', 'chapar.tickets.1']) {
	my ($what, $bytes) = @$c;
	spew($cache, $bytes, 0600);
	first($t, '1_3');
	is again($t, '1_3'), 'Reused', "a file that is $what";
	is -s $cache, 192, 'is made anew';
}
unlike $t->log, qr/cache/, 'without a word';

# In the place of the file stands something else.
unlink $cache;
symlink "$cache.target", $cache;
like first($t, '1_3'), qr/^done$/m, 'a link: there is TLS';
isnt again($t, '1_3'), 'Reused', 'but no ticket';
ok !-e "$cache.target", 'and nothing behind it';
ok $t->logs(qr/, couriertls: \Q$cache\E: /), 'which is told';
unlink $cache;
$t->stop;

# Ages: keys of a minute, and two minutes.
$t = tls_server({ %base, TLS_TIMEOUT => 60 });
first($t, '1_2');
sub age {
	my ($seconds) = @_;
	my $bytes = slurp($cache);
	substr $bytes, 16, 8, pack 'Q>', time - $seconds;
	spew($cache, $bytes, 0600);
}
age(61);
is again($t, '1_2'), 'Reused', 'a key that is too old for new tickets';
unlike slurp($cache), qr/^.{104}\0{8}/s, 'is kept behind the new one';
first($t, '1_2');
age(121);
is again($t, '1_2'), 'New', 'one that is older';
first($t, '1_2');
age(-1000);
is again($t, '1_2'), 'New', 'one from the future';
$t->stop;

# Who has to show a certificate shows it each time.
my $ca = cert('ca.test', ca => 1);
my $mine = cert('me', by => $ca);
(my $cabase = $ca) =~ s/\.pem$//;
$t = tls_server({ %base, TLS_VERIFYPEER => 'PEER',
    TLS_TRUSTCERTS => "$cabase.crt" });
my $open = tls_server({ %base });
for my $v (qw(1_2 1_3)) {
	unlink $sess;
	my $c = Tls->connect($t, "-tls$v", '-cert', $mine, '-key', $mine,
	    '-sess_out', $sess);
	like $c->until(qr/^done$/), qr/^TLS_SUBJECT_CN=me$/m, "$v: shown";
	$c->end->rest;
	isnt again($t, $v), 'Reused', "$v: not taken up";
	first($open, $v);
	isnt again($t, $v), 'Reused',
	    "$v: nor is the session of a listener that asks for none";
}
$_->stop for $t, $open;

# No file.
$t = tls_server({ TLS_CERTFILE => $pem });
for my $v (qw(1_2 1_3)) {
	first($t, $v);
	isnt again($t, $v), 'Reused', "$v without TLS_CACHEFILE";
}
$t->stop;
done_testing();
