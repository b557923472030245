#!/usr/bin/perl
# Which certificate a client gets, and whose own is accepted: names and
# addresses, keys in files of their own, files that change, TLS_VERIFYPEER, and
# what the program learns of it.  SPDX-License-Identifier: ISC
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Private qw(:all);
use Test::More;
use Tls;

need('openssl');
plan(skip_all => 'couriertls is not built') unless -x couriertls();

my $dir = workdir() . '/conf';
mkdir $dir;

sub subject {
	my ($t, @options) = @_;
	return s_client($t, @options) =~ /^subject=.*CN = (\S+)/m ? $1 : '';
}

sub named { my ($t, $name) = @_; return subject($t, '-servername', $name) }

sub put {
	my ($name, $pem, $to) = @_;
	spew("$to.new", slurp($pem), 0600);
	rename "$to.new", $to or die "$to: $!";
}

# ---- names and addresses ----------------------------------------------------

my %pem = map { $_ => cert($_) } qw(default.test example.com a.example.com
    com address.test);
put('default.test', $pem{'default.test'}, "$dir/c");
put($_, $pem{$_}, "$dir/c.$_") for qw(example.com a.example.com);
put('address.test', $pem{'address.test'}, "$dir/c.127.0.0.2");
my $t = tls_server({ TLS_CERTFILE => "$dir/c", -bind => '0.0.0.0' });
is subject($t, '-noservername'), 'default.test', 'no name';
is named($t, 'example.com'), 'example.com', 'a name';
# 12.2 #23
is named($t, 'EXAMPLE.Com'), 'example.com', 'in capitals';
is named($t, 'a.example.com'), 'a.example.com', 'a longer one';
is named($t, 'b.example.com'), 'example.com', 'labels are left out';
is named($t, 'x.b.a.example.com'), 'a.example.com', 'as few as need be';
is named($t, 'other.test'), 'default.test', 'a name without a file';
is named($t, 'com'), 'default.test', 'another';
is named($t, "../conf/c.example.com"), 'default.test', 'a path';
is named($t, 'b/example.com'), 'example.com', 'a slash is a dot';
is named($t, 'a' x 250), 'default.test', 'a long one';
for my $name ('', '.', 'a..com') {
	like subject($t, '-servername', $name), qr/^(?:default\.test)?$/,
	    "odd: '$name'";
}
$t->stop;
$t = tls_server({ TLS_CERTFILE => "$dir/c", -bind => '127.0.0.2' });
my $at = "127.0.0.2:$t->{port}";
run('openssl', 's_client', '-connect', $at, '-noservername');
like $Private::out, qr/^subject=.*address\.test/m, 'by address';
run('openssl', 's_client', '-connect', $at, '-servername', 'example.com');
like $Private::out, qr/^subject=.*example\.com/m, 'a name comes first';
$t->stop;

# ---- names that are not ASCII -----------------------------------------------------

# Beside Courier's, which ends such a handshake if the name is not in ASCII.
my %idn = ('' => '0', '.xn--bcher-kva.test' => 1, ".b\xc3\xbccher2.test" => 2,
    ".sub.b\xc3\xbccher.test" => 8,
    ".m\xc3\xbcnchen.test" => 3, '.xn--mnchen-3ya.test' => 4,
    ".\xc3\xa9.test" => 5, ".\xe9.test" => 6, ".c\xc3\xb4t\xc3\xa9" => 7);
for (keys %idn) {
	spew("$dir/idn$_", slurp(cert("idn$idn{$_}", key => 'rsa:2048')), 0644);
}
my @asked = (['xn--bcher-kva.test', 1], ['b.xn--bcher-kva.test', 1],
    ['sub.xn--bcher-kva.test', 1], ['sub.xn--bcher2-3ya.test', 2], ['a.xn--mnchen-3ya.test', 4],
    ['xn--9ca.test', 5], ['xn--ct-8jaf', 0], ['xn--ct-cja6b', 7],
    ['xn--999999999.test', 0], ['xn--.test', 0],
    map { [$_, 0, 1] } "b\xc3\xbccher.test", "\xc3\xa9.test", "\xe9.test",
    "\xff\xfe", "xn--\xc3\xa9.test", "a\xcc\x88.test");
my $theirs = workdir() . '/theirs';
my $root = run('sh', lib('courier-root.sh'), 'get') ? $Private::out : '';
chomp $root;
# (it runs in a root of its own, the listener does not)
spew($theirs, <<"EOF", 0755);
#!/bin/sh
LD_LIBRARY_PATH=$root/usr/lib/x86_64-linux-gnu:$root/usr/lib/courier
export LD_LIBRARY_PATH
exec $root/usr/bin/couriertls "\$@"
EOF
for my $tls (couriertls(), -x "$root/usr/bin/couriertls" ? $theirs : ()) {
	my $ours = $tls ne $theirs;
	$t = Tcpd->new({ bind => '127.0.0.1', env => { PATH => $ENV{PATH},
	    IMAP_TLS => 1, TLS_CERTFILE => "$dir/idn", TLS_VERIFYPEER => 'NONE' },
	    prog => [$tls, '-server', '-tcpd', '/bin/cat'] });
	for (@asked) {
		my ($name, $want, $raw) = @$_;
		is named($t, $name), !$raw || $ours ? "idn$want" : '',
		    ($ours ? '' : "Courier's: ") . 'asked for '
		    . $name =~ s/([^ -~])/sprintf '\\%03o', ord $1/ger;
	}
	$t->stop;
}

# ---- keys apart, chains, files that change ----------------------------------

my $ca = cert('ca.test', ca => 1);
(my $cabase = $ca) =~ s/\.pem$//;
my $middle = cert('middle.test', ca => 1, by => $ca);
(my $mbase = $middle) =~ s/\.pem$//;
my $leaf = cert('localhost', by => $middle);
(my $lbase = $leaf) =~ s/\.pem$//;
my %text = map { $_ => slurp("$lbase.$_") } qw(key crt);
my $chain = slurp("$mbase.crt");
my $file = "$dir/chain";
$t = tls_server({ TLS_CERTFILE => $file, TLS_PRIVATE_KEYFILE => "$dir/key" });
my @verify = ('-CAfile', "$cabase.crt", '-verify_return_error',
    '-verify_hostname', 'localhost');
sub good {
	return s_client($t, @verify) =~ /^Verification: OK$/m &&
	    $Private::out =~ /Cipher is [A-Z]/;
}
for my $c (['certificate, chain, key', "$text{crt}$chain$text{key}"],
    ['key, chain, certificate', "$text{key}$chain$text{crt}"],
    ['key in its own file', "$text{crt}$chain", $text{key}],
    ['key in both', "$text{crt}$chain$text{key}", $text{key}]) {
	my ($how, $cert, $key) = @$c;
	spew($file, $cert, 0600);
	spew("$dir/key", $key, 0600) if $key;
	ok good(), $how or diag $Private::out, $t->log;
	unlink "$dir/key";
}
spew($file, "$text{crt}$chain", 0600);
ok !good(), 'no key';
ok $t->logs(qr/^ip=\S+ The certificate's key cannot be read\.$/m), 'logged';
spew("$dir/key", slurp("$cabase.key"), 0600);
ok !good(), "another certificate's key";
ok $t->logs(qr/, The certificate and the key do not match\.$/m), 'logged';
unlink $file;
ok !good(), 'no certificate';
ok $t->logs(qr/, couriertls: \Q$file\E: No such file or directory$/m),
    'the file is logged';
ok $t->logs(qr/, No supported cipher suites have been found\.$/m), 'and the rest';
spew($file, "nonsense\n");
ok !good(), 'nonsense';
ok $t->logs(qr/there is no certificate in it/), 'logged';
# The listener was not told of any of these.
put('x', $leaf, $file);
spew($file, slurp($leaf) . $chain, 0600);
unlink "$dir/key";
ok good(), 'a new certificate counts at once';
# With names.
put('x', "$lbase.crt", "$dir/chain.example.com");
spew("$dir/key.example.com", $text{key}, 0600);
is named($t, 'a.example.com'), 'localhost', 'the key of a name';
$t->stop;

# ---- clients' certificates --------------------------------------------------

my %client = (
	right => cert('alice user', file => 'right', by => $ca, san => '',
	    subj => '/C=US/OU=first/OU=second/CN=alice user' .
	    '/emailAddress=alice@example.com/UID=al'),
	wrong => cert('mallory', file => 'wrong', san => ''),
	expired => cert('expired', by => $ca, end => '20210101000000Z'),
	early => cert('early', by => $ca, start => '20390101000000Z'),
	'by the middle' => cert('chained', by => $middle, chain => 1),
);
my %why = (
	wrong => "Peer's certificate not signed by a trusted authority",
	expired => 'Expired certificate',
	early => 'Certificate not activated',
);

# What the program was told, or "" if it never ran.
sub told {
	my ($t, $who, @options) = @_;
	my @cert = $who ? ('-cert', $client{$who}, '-key', $client{$who}) : ();
	push @cert, '-cert_chain', $client{$who}
	    if $who && $who eq 'by the middle';
	my $c = Tls->connect($t, @cert, @options);
	my $text = $c->until(qr/^done$/);
	return $text =~ /^done$/m ? $text : '';
}

for my $word (qw(NONE PEER REQUIREPEER), '', 'requirepeer') {
	my $t = tls_server({ TLS_CERTFILE => $leaf, TLS_VERIFYPEER => $word,
	    TLS_TRUSTCERTS => "$cabase.crt", TLS_SUBJECT_CN => 'forged',
	    TLS_SUBJECT_O => 'forged', CHAPAR_TLS_EXPORTER => 'forged' });
	my $asks = $word ne 'NONE';
	my $must = $word =~ /^r/i;
	for my $v (qw(1_2 1_3)) {
		my $name = "TLS_VERIFYPEER=$word, $v";
		my $out = told($t, 'right', "-tls$v");
		if ($asks) {
			like $out, qr/^TLS_SUBJECT_$_$/m, "$name: $_" for
			    'CN=alice user', 'C=US', 'OU=second', 'UID=al',
			    'EMAILADDRESS=alice@example.com';
			unlike $out, qr/=forged/, "$name: nothing else";
		} else {
			isnt $out, '', "$name: a client";
			unlike $out, qr/^TLS_SUBJECT_|forged/m,
			    "$name: no subject";
		}
		my $none = told($t, '', "-tls$v");
		$must ? is($none, '', "$name: nobody without one") :
		    unlike($none, qr/^TLS_SUBJECT|^\z/m, "$name: without one");
		next if $word =~ /^(?:|r.*)$/;
		for my $who (sort keys %why) {
			my $out = told($t, $who, "-tls$v");
			$asks ? is($out, '', "$name: $who") :
			    isnt($out, '', "$name: $who");
		}
		isnt told($t, 'by the middle', "-tls$v"), '', "$name: chain"
		    if $asks;
	}
	if ($must) {
		ok $t->logs(qr/, Certificate is required\.$/m), '1.3, logged';
		ok $t->logs(qr/, No certificate was found\.$/m), '1.2';
	} elsif ($word eq 'PEER') {
		ok $t->logs(qr/, \Q$why{$_}\E$/m), "$_: logged"
		    for sort keys %why;
	}
	$t->stop;
}

# A folder of authorities, which are named to clients.
my $folder = workdir() . '/trust';
mkdir $folder;
spew("$folder/a.pem", slurp("$mbase.crt"));
spew("$folder/b.crt", slurp("$cabase.crt"));
spew("$folder/.hidden", slurp(cert('hidden.test', ca => 1)));
$t = tls_server({ TLS_CERTFILE => $leaf, TLS_VERIFYPEER => 'P',
    TLS_TRUSTCERTS => $folder });
like told($t, 'right'), qr/^TLS_SUBJECT_CN=alice user$/m, 'a folder';
my $names = s_client($t);
like $names, qr/Acceptable client certificate CA names\n(?:.*\n)*?.*ca\.test/,
    'its names are told';
unlike $names, qr/hidden\.test/, 'but for hidden files';
$t->stop;
$t = tls_server({ TLS_CERTFILE => $leaf, TLS_VERIFYPEER => 'P',
    TLS_TRUSTCERTS => '/nonexistent' });
is told($t, ''), '', 'no authorities where some should be: no TLS';
ok $t->logs(qr,couriertls: /nonexistent: No such file,), 'logged';
$t->stop;

# What stands in a subject cannot be another line, or two values.
my $evil = cert('evil', by => $ca, san => '',
    subj => "/CN=eve\nTLS_SUBJECT_CN=root/O=good");
$client{evil} = $evil;
$t = tls_server({ TLS_CERTFILE => $leaf, TLS_VERIFYPEER => 'R',
    TLS_TRUSTCERTS => "$cabase.crt" });
my $out = told($t, 'evil');
like $out, qr/^TLS_SUBJECT_O=good$/m, 'the harmless attribute';
unlike $out, qr/TLS_SUBJECT_CN/, 'not the one with a line end';
ok $t->logs(qr/couriertls: certificate: cn is left out$/m), 'logged';
$t->stop;
done_testing();
