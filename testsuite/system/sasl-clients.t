#!/usr/bin/perl
# Programs that talk to authdaemond's socket by themselves: each lets the right
# password in, and neither a wrong one nor anybody while the database is away.
# SPDX-License-Identifier: ISC
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use IO::Socket::INET;
use MIME::Base64 qw(encode_base64);
use Private qw(:all);
use Test::More;
use Accounts;
use Authd;
use Exim;
use Maria;
use Postfix;

need_root();
need('mariadbd', 'postfix', 'unshare');
plan skip_all => 'authmysql is not built'
    unless -f "$ENV{top_builddir}/authdaemon/libauthmysql.so";
my $exim = Exim->new;

my $db = Maria->new;
Accounts::table($db, 'one@a.test');
my $a = Authd->new(idle => 1);
spew($a->conf('authmysqlrc'), Accounts::authmysqlrc($db));
$a->share('authmysqlrc');
my $rc = "authmodulelist=\"authmysql\"\ndaemons=2\n";
$a->rc($rc);
$a->start;
my $socket = $a->var('socket');

# ---- the clients: true if they let him in ----

# Postfix with Cyrus SASL: a line end more than it counts, and one read.
my $sasl = "pwcheck_method: authdaemond\nauthdaemond_path: $socket\n"
    . "mech_list: PLAIN LOGIN\n";
my $mta = Postfix->new(db => $db, base => workdir(), uid => 5000,
    query => Accounts::QUERY, domains => 'a.test', sasl => $sasl,
    main => <<'EOF');
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = cyrus
smtpd_sasl_path = smtpd
smtpd_error_sleep_time = 0
EOF

sub smtp {
	my ($s, $text) = @_;
	print $s $text;
	my $line;
	do {
		$line = <$s>;
	} while defined $line && $line =~ /^\d+-/;
	return defined $line ? $line : '';
}

sub postfix {
	my ($user, $password) = @_;
	my $s = IO::Socket::INET->new(PeerAddr => "127.0.0.1:$mta->{port}",
	    Timeout => 30) or die "SMTP: $!";
	smtp($s, '');
	smtp($s, "EHLO client.example.test\r\n");
	my $said = smtp($s, 'AUTH PLAIN ' . encode_base64(
	    "\0$user\0$password", '') . "\r\n");
	like $said, qr/^(?:235|535|454) /, 'Postfix has a verdict';
	return $said =~ /^235/;
}

# Debian's example, and the answer of the FAQ: 76 bytes whatever there is.
sub exim_debian {
	my ($user, $password) = @_;
	my $data = "exim\\nlogin\\n$user\\n$password\\n";
	return $exim->expand("\${extract{ADDRESS}{\${readsocket{$socket}"
	    . "{AUTH \${strlen:$data}\\n$data}}}{yes}{no}}") eq 'yes';
}

sub exim_faq {
	my ($user, $password) = @_;
	return $exim->expand("\${if eq{\${readsocket{$socket}{AUTH 76\\n"
	    . "\${length_76:exim\\nlogin\\n$user\\n$password\\n" . '\n' x 76
	    . "}}}}{FAIL\\n}{no}{yes}}") eq 'yes';
}

sub auth { return 'AUTH ' . length($_[0]) . "\n$_[0]" }

# Those that send no last line end, with and without the end of the stream.
sub radicale {
	my ($user, $password) = @_;
	my $s = $a->connect;
	syswrite $s, auth("radicale\nlogin\n$user\n$password");
	sysread $s, my $text, 1024;
	return $text =~ /GID/;
}

sub fennel {
	my ($user, $password) = @_;
	my $s = $a->connect;
	syswrite $s, auth("fennel\nlogin\n$user\n$password");
	shutdown $s, 1;
	return Authd::read_all($s, 30) !~ /FAIL/;
}

# A fork of it, whose length is not decimal.
sub fennel_hex {
	my ($user, $password) = @_;
	my $data = "fennel\nlogin\n$user\n$password";
	return $a->ask(sprintf("AUTH %x\n%s", length $data, $data), 30)
	    !~ /FAIL/;
}

sub authtest {
	my ($user, $password) = @_;
	return $a->tool('authtest', $user, $password);
}

my %clients = (
	'Postfix' => \&postfix,
	'Exim, Debian' => \&exim_debian,
	'Exim, FAQ' => \&exim_faq,
	'no line end' => \&radicale,
	'no line end, half closed' => \&fennel,
	'libcourierauth' => \&authtest,
);
my $long = 'x' x 90;
for my $name (sort keys %clients) {
	my $ask = $clients{$name};
	ok $ask->('one@a.test', 'pw-one'), "$name: in";
	ok !$ask->('one@a.test', 'wrong'), "$name: a wrong password";
	ok !$ask->('two@a.test', 'pw-one'), "$name: nobody";
	ok !$ask->("$long\@a.test", 'pw-one'), "$name: a long name";
}
ok !fennel_hex('one@a.test', 'pw-one'), 'a length that is none';

$db->stop;
for my $name (sort keys %clients) {
	ok !$clients{$name}->('one@a.test', 'pw-one'),
	    "$name: nobody without the database";
}
$a->tool('authtest', 'one@a.test', 'pw-one');
like $Private::out, qr/Input\/output error/,
    'libcourierauth hears that it may pass';
is $a->ask("PRE . smtp one\@a.test\n"), '', 'PRE too: no mail bounces';
is $a->ask("TCPREMOTEIP=::1\n" . auth("imap\nlogin\none\@a.test\npw-one\n")),
    '', 'silence for who sends metadata';

# Silence is a yes to some: why it is not the default.
sub again {
	my ($how) = @_;
	$a->stop;
	$a->rc("${rc}AUTHDAEMON_TEMPFAIL=$how\n");
	$a->start;
}

my $login = auth("imap\nlogin\none\@a.test\nx\n");
again('close');
is $a->ask($login), '', 'close: silence';
ok exim_faq('one@a.test', 'x'), 'which is a yes to some';
again('fail');
is $a->ask("PRE . smtp one\@a.test\n"), "FAIL\n", 'fail: for PRE';
is $a->ask("X=1\n$login"), "FAIL\n", 'fail: for all AUTH';
is $a->ask("ENUMERATE\n"), "# authmysql\n\n", 'fail: no list says it';
again('maybe');
like $a->log,
    qr/^ERR: AUTHDAEMON_TEMPFAIL: "maybe" is not auto, close or fail/m,
    'a word that is none';
is $a->ask($login), "FAIL\n", 'is auto';

# The database is back: no restart.
$db->start;
for my $name (sort keys %clients) {
	ok wait_for(60, sub { $clients{$name}->('one@a.test', 'pw-one') }),
	    "$name: in again";
}
done_testing;
