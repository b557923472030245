#!/usr/bin/perl
# mkimapdcert, mkpop3dcert, mkdhparams: what they make, and what they leave
# alone.  SPDX-License-Identifier: ISC
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Private qw(:all);
use Test::More;

need('openssl');

my $build = $ENV{top_builddir} or die "top_builddir is not set\n";
my $dir = workdir() . '/etc';
mkdir $dir;

# The built script with a folder of ours for both of its paths, and whoever runs
# the test for the mail user.
sub script {
	my ($name) = @_;
	my $text = slurp("$build/sysconf/$name");
	my ($conf, $certs) = map { slurp("$build/Makefile") =~ /^$_ = (.*)$/m }
	    qw(imapconfdir certsdir);
	my $prefix = slurp("$build/Makefile") =~ /^prefix = (.*)$/m && $1;
	s/\$\{prefix\}/$prefix/g for $conf, $certs;
	$text =~ s/\Q$_\E(?=\/)/$dir/g for $conf, $certs;
	my $me = getpwuid $>;
	$text =~ s/^(test "`id -u`" != 0 \|\| chown )\S+/$1$me/mg;
	spew(workdir() . "/$name", $text, 0755);
	return workdir() . "/$name";
}

my ($imap, $pop) = map { script($_) } qw(mkimapdcert mkpop3dcert);

sub text {
	my ($file) = @_;
	run('openssl', 'x509', '-noout', '-text', '-nameopt', 'RFC2253', '-in',
	    $file) or return $Private::out;
	return $Private::out;
}

ok !run($imap), 'no template: fails';
like $Private::out, qr/imapd\.cnf: there is no such file/, 'and says so';
spew("$dir/$_.cnf", slurp(top() . "/sysconf/$_.cnf")) for qw(imapd pop3d);
for my $c ([$imap, 'imapd', 'IMAP'], [$pop, 'pop3d', 'POP3']) {
	my ($script, $name, $proto) = @$c;
	ok run($script), $name or diag $Private::out;
	my $pem = "$dir/$name.pem";
	is sprintf('%o', (stat $pem)[2] & 07777), '600', 'for its owner only';
	like slurp($pem), qr/\A-----BEGIN\ PRIVATE\ KEY.*END\ PRIVATE\ KEY-----
	    \n.*-----BEGIN\ CERTIFICATE.*END\ CERTIFICATE-----\n\z/sx,
	    'key, certificate';
	my $text = text($pem);
	like $text, qr/Subject: .*CN=localhost,OU=Automatically-generated $proto TLS key,/,
	    'its subject';
	like $text, qr/Public-Key: \(3072 bit\)/, 'size';
	like $text, qr/DNS:localhost/, 'name';
	my $before = slurp($pem);
	ok !run($script), 'again: fails';
	is $Private::out, "$dir/$name.pem already exists.\n", 'and says why';
	is slurp($pem), $before, 'and leaves it alone';
}
# A template of certtool's, as Debian's packages have it.
spew("$dir/imapd.cnf", <<'END');
organization = "Courier Mail Server"
unit = "A unit"
locality = "New York"
state = "NY"
country = US
cn = "mail.example.com"
serial = 001
expiration_days = 10
email = "postmaster@example.com"
END
$ENV{BITS} = 2048;
ok run($imap, "$dir/other"), "certtool's template" or diag $Private::out;
my $text = text("$dir/other.pem");
like $text, qr/Subject: .*emailAddress=.*CN=mail\.example\.com,OU=A unit,O=Courier Mail Server,L=New York,ST=NY,C=US/,
    'subject';
like $text, qr/Public-Key: \(2048 bit\)/, 'BITS';
run('openssl', 'x509', '-checkend', 9 * 86400, '-in', "$dir/other.pem");
like $Private::out, qr/will not expire/, 'it lasts';
run('openssl', 'x509', '-checkend', 11 * 86400, '-in', "$dir/other.pem");
like $Private::out, qr/will expire/, 'as long as the template says';
$ENV{BITS} = 'high';
ok run($imap, "$dir/third"), "BITS=high" or diag $Private::out;
like text("$dir/third.pem"), qr/Public-Key: \(3072 bit\)/, 'is 3072';
spew("$dir/imapd.cnf", "nonsense\n");
ok !run($imap, "$dir/fourth"), 'nonsense: fails';
is join(' ', glob "$dir/fourth*"), '', 'and leaves nothing';

my $dh = script('mkdhparams');
$ENV{TLS_DHPARAMS} = "$dir/dh.pem";
$ENV{DH_BITS} = 512;
ok run($dh), 'mkdhparams' or diag $Private::out;
like slurp("$dir/dh.pem"), qr/BEGIN DH PARAMETERS/, 'a group';
is sprintf('%o', (stat "$dir/dh.pem")[2] & 07777), '600', 'mode';
my $group = slurp("$dir/dh.pem");
ok run($dh), 'again';
is slurp("$dir/dh.pem"), $group, 'nothing happens';
utime time - 26 * 86400, time - 26 * 86400, "$dir/dh.pem";
ok run($dh), 'when it is old';
isnt slurp("$dir/dh.pem"), $group, 'there is a new one';
delete @ENV{qw(TLS_DHPARAMS)};
ok run($dh) && -s "$dir/dhparams.pem", 'the usual place';
done_testing();
