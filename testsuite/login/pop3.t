#!/usr/bin/perl
# pop3login: USER, PASS, AUTH and the others, what authdaemond is asked, what
# pop3d is given, what is logged.  SPDX-License-Identifier: ISC
use strict;
use warnings;
use FindBin;
use IO::Select;
use lib "$FindBin::Bin/../lib";
use MIME::Base64;
use Private qw(:all);
use Test::More;
use Login;

my $ip = 'ip=[::ffff:192.0.2.7], port=[4711]';
my $uid = $> || 65534;

sub b64 { return encode_base64($_[0], '') }

sub fresh {
	my $l = Login->new(prog => 'pop3login', TCPLOCALPORT => 110, @_);
	$l->line;
	return $l;
}

sub say1 { my ($l, $text) = @_; return $l->send("$text\r\n")->line }

# What the program in pop3d's place tells.
sub served {
	my ($l) = @_;
	my ($text, $line) = ('');
	while (defined($line = $l->line)) {
		last if $line =~ /END$/;
		$text .= "$line\n";
	}
	return ($text, $line // '');
}

# The time limit takes its minute: it begins first and is looked at last.
my $idle = Login->new(prog => 'pop3login');
my $idle_since = now();
$idle->line;
my $drip = fresh();
start({ code => sub {
	for (1 .. 150) {
		syswrite $drip->{s}, 'x' or last;
		select undef, undef, undef, 0.5;
	}
} });

# ---- without a login --------------------------------------------------------

my $l = Login->new(prog => 'pop3login');
is $l->line, '+OK Chapar ready (Courier-compatible).', 'greeting';
ok wait_for(30, sub { $l->log eq "DEBUG: Connection, $ip\n" }), 'logged';
is(Login->new(prog => 'pop3login', POP3_GREETING => 'Hello there.')->line,
    '+OK Hello there.', 'POP3_GREETING');

sub capa {
	my ($l) = @_;
	my @all = ($l->send("capa x\r\n")->line);
	push @all, $l->line while defined $all[-1] && $all[-1] ne '.';
	return @all;
}

my @capa = capa($l);
is $capa[0], "+OK Here's what I can do:", 'CAPA';
is join('|', @capa[1 .. 7]), 'TOP|USER|LOGIN-DELAY 10|PIPELINING|UIDL|' .
    'UTF8 USER|LANG', 'its lines';
is $capa[-2], 'IMPLEMENTATION Courier Mail Server', 'the last';
@capa = capa(fresh(POP3AUTH => 'PLAIN LOGIN'));
is $capa[1], 'SASL PLAIN LOGIN', 'POP3AUTH';
my @tls = (POP3AUTH => 'CRAM-MD5', POP3AUTH_TLS => 'PLAIN');
is +(capa(fresh(@tls)))[1], 'SASL CRAM-MD5', 'POP3AUTH_TLS in the clear';
is +(capa(fresh(@tls, POP3_TLS => 1)))[1], 'SASL PLAIN', 'under TLS';

# What is announced is what there is on this connection, and pop3d hears of it.
my @scram = (POP3AUTH => 'PLAIN SCRAM-SHA-256 GSSAPI EXTERNAL '
    . 'SCRAM-SHA-1-PLUS', POP3_TLS => 1, TLS_CONNECTED_PROTOCOL => 'x');
my @bind = (CHAPAR_TLS_EXPORTER => '0a' x 32);
my @cert = (TLS_EXTERNAL => 'cn', TLS_SUBJECT_CN => 'joe');
my $all = 'PLAIN SCRAM-SHA-256 EXTERNAL SCRAM-SHA-1-PLUS SCRAM-SHA-256-PLUS';
for (['nothing known of TLS', 'PLAIN SCRAM-SHA-256', @scram],
    ['a certificate and a binding', $all, @scram, @bind, @cert],
    ['a binding', $all =~ s/EXTERNAL //r, @scram, @bind],
    ['a certificate', $all =~ s/ SCRAM-\S*-PLUS//gr, @scram, @cert],
    ['both are forged', 'PLAIN SCRAM-SHA-256', @scram, @bind, @cert,
	POP3_TLS => 0],
    ['EXTERNAL alone', 'EXTERNAL', @scram, @cert, POP3AUTH => ''],
    ['-PLUS of nothing', '', @scram, @bind, POP3AUTH => ''],
    ['nothing at all', '']) {
	my ($name, $list, @env) = @$_;
	my $l = fresh(@env, CHAPAR_SASL => 'forged');
	is join('|', grep { /^SASL/ } capa($l)), $list eq '' ? '' :
	    "SASL $list", "SASL: $name";
	if ($list !~ /SHA-256-PLUS/) {
		my $one = fresh(@env);
		$one->send('AUTH SCRAM-SHA-256-PLUS '
		    . b64('p=tls-exporter,,n=joe,r=abc') . "\r\n");
		ok wait_for(30, sub { $one->log =~
		    /LOGIN FAILED, method=SCRAM-SHA-256-PLUS/ }),
		    "$name: no -PLUS";
	}
	say1($l, 'USER joe');
	$l->send("PASS right\r\n");
	like +(served($l))[0], qr/^CHAPAR_SASL=\Q$list\E$/m,
	    "$name: handed over";
}

my $invalid = '-ERR Invalid command.';
is say1($l, $_), $invalid, length $_ ? $_ : 'an empty line'
    for '', 'NOOP', 'STAT', 'APOP joe 00', 'USER', 'AUTH', 'NOSUCH', "\0USER";
is say1($l, $_), '-ERR USER/PASS required.', $_ for 'PASS right', 'PASS';
is say1($l, 'STLS'), '-ERR TLS support not available.', 'STLS';
is say1($l, 'utf8 x'), '+OK UTF8 enabled', 'UTF8';
is $l->send("LANG\r\n")->lines(4), "+OK Language listing follows:\n" .
    "en English\ni-default Default language\n.", 'LANG';
is say1($l, 'LANG *'), "+OK en King's English", 'LANG *';
is say1($l, 'LANG EN'), "+OK en King's English", 'LANG EN';
is say1($l, 'LANG i-default'), "+OK i-default King's English", 'i-default';
is say1($l, 'LANG xx'), '-ERR Language not available.', 'LANG xx';
is say1($l, '  USER joe'), '+OK Password required.', 'blanks in front';
is say1($l, 'PASS'), '-ERR USER/PASS required.', 'no password';
is $l->send("USER joe\nQUIT now\n")->lines(2), "+OK Password required.\n" .
    '+OK Better luck next time.', 'two lines at once, bare LF; QUIT';
is $l->rest, '', 'the end';
is $l->ended, 0, 'status 0';
is $l->log =~ s/^DEBUG: Connection.*\n//r, "INFO: LOGOUT, $ip\n" .
    "DEBUG: Disconnected, $ip\n", 'logged';

# Long lines are cut.
$l = fresh();
is $l->send('USER ' . 'x' x 9000 . "\r\nNOOP\r\n")->lines(2),
    "+OK Password required.\n$invalid", 'a long line';
is $l->send('x' x 200000 . "\r\nUSER joe\r\n")->lines(2),
    "$invalid\n+OK Password required.", 'a longer one';
$l = fresh();
$l->send('USER joe');
shutdown $l->{s}, 1;
is $l->ended, 0, 'the client closes within a line';
is $l->log =~ s/^DEBUG: Connection.*\n//r, "DEBUG: Disconnected, $ip\n",
    'logged';
$l = fresh(POP3_TLS => 1);
$l->send('half a line');
select undef, undef, undef, 0.2;
kill 'TERM', $l->{pid};
is $l->line, '-ERR POP3 server shut down by signal.', 'TERM: told';
is $l->ended, 0, 'and ended at once';
like $l->log, qr/^NOTICE: Disconnected during shutdown by signal, \Q$ip\E, time=\d+, stls=1$/m,
    'logged';

# How it is called.
$l = Login->new(prog => 'pop3login', args => ['one']);
is $l->rest, '-ERR pop3login requires exactly two arguments.', 'arguments';
isnt $l->ended, 0, 'status';
# 12.2 #5
$l = Login->new(prog => 'pop3login', TCPREMOTEIP => undef,
    TCPREMOTEPORT => undef, TCPLOCALPORT => undef);
$l->line;
is say1($l, 'USER joe'), '+OK Password required.', 'without couriertcpd';
$l->send("PASS right\r\n");
my ($text, $fds) = served($l);
like $text, qr/^AUTHENTICATED=joe\@canonical\.test$/m, 'a login';
unlike $text, qr/^TCP/m, 'nothing is made up for pop3d';
like $l->log, qr/^DEBUG: Connection, ip=\[127\.0\.0\.1\], port=\[N\/A\]$/m,
    'only for the log';

# ---- logins -----------------------------------------------------------------

my @in = (
	['USER and PASS', "USER joe\r\n", "PASS right\r\n"],
	['lower case, bare LF', "user joe\n", "pass right\n"],
	['a name with a blank', "USER jo e\r\n", "PASS right\r\n"],
	['PLAIN', "AUTH PLAIN\r\n", b64("\0joe\0right") . "\r\n"],
	['PLAIN at once', 'AUTH plain ' . b64("\0joe\0right") . "\r\n"],
	['SASL LOGIN', "AUTH LOGIN\r\n", b64('joe') . "\r\n",
	    b64('right') . "\r\n"],
	['after another USER', "USER bob\r\n", "USER joe\r\n",
	    "PASS right\r\n"],
);
Login::asked();
for (@in) {
	my ($name, @say) = @$_;
	$l = fresh();
	while (@say > 1) {
		$l->send(shift @say);
		like $l->line, qr/^\+/, "$name: goes on";
	}
	$l->send($say[0]);
	my ($text) = served($l);
	like $text, qr/^uid=$uid gid=\d+ groups=\S+ cwd=\S+\/home args=\.\/M$/m,
	    "$name: in";
	my $user = $name =~ /blank/ ? 'jo e' : 'joe';
	like Login::asked(), qr/\npop3\nlogin\n$user\nright\n/,
	    "$name: authdaemond is asked";
	is $l->log, "DEBUG: Connection, $ip\n", "$name: no other log line";
}
for my $m (['MD5', \&Login::hmac_md5_hex],
    ['SHA256', \&Digest::SHA::hmac_sha256_hex]) {
	my ($name, $hmac) = @$m;
	$l = fresh();
	my ($c) = say1($l, "AUTH CRAM-$name") =~ /^\+ (\S+)$/;
	$c = decode_base64($c // '');
	$l->send(b64('joe ' . $hmac->($c, 'right')) . "\r\n");
	like +(served($l))[0], qr/^AUTHENTICATED=joe\@/m, "CRAM-$name";
}
$l = fresh(AUTHSERVICE110 => 'special', DEFDOMAIN => '@d.test');
say1($l, 'USER joe');
$l->send("PASS  r \x{e4}: t \r\n");
wait_for(30, sub { slurp(workdir() . '/asked') =~ /special/ });
like Login::asked(), qr/\nspecial\nlogin\njoe\@d\.test\nr \xe4: t \n/,
    'AUTHSERVICE110, DEFDOMAIN; a password is the rest of the line';

# What pop3d is given.
$l = fresh(SITE => 'kept', CHAPAR_INPUT => 'forged', UTF8 => 'forged');
$l->send("UTF8\r\nUSER joe\r\nPASS right\r\nSTAT\r\nLIST\r\n");
($text, $fds) = served($l);
is join('|', (split /\n/, $text)[0, 1]),
    '+OK UTF8 enabled|+OK Password required.', 'all in one packet';
like $text, qr/^\Q$_\E$/m, $_ for 'AUTHENTICATED=joe@canonical.test',
    'OPTIONS=x=1', 'UTF8=1', 'SITE=kept', 'TCPREMOTEPORT=4711';
# 12.2 #9
is decode_base64($text =~ /^CHAPAR_INPUT=(.*)$/m ? $1 : ''),
    "STAT\r\nLIST\r\n", 'what was read beyond the login';
SKIP: {
	skip 'no /proc', 1 unless -d '/proc/self/fd';
	# 12.2 #6
	unlike $fds, qr/\b[3-9]\b/, 'no descriptor is left to it';
}
is $l->send("later\r\n")->line, 'later', 'and the connection';

# ---- refusals: all wait at the same time ------------------------------------

my @out = (
	['a wrong password', 'user=joe', "USER joe\r\nPASS wrong",
	    '[AUTH] Login'],
	# 12.2 #2
	['a name that forges log lines', 'user=x. ip..192.0.2.9.',
	    "USER x, ip=[192.0.2.9]\r\nPASS y", '[AUTH] Login'],
	['PLAIN, wrong', 'method=PLAIN', 'AUTH plain ' . b64("\0joe\0wrong"),
	    '[AUTH] Authentication'],
	['a mechanism that is not there', 'method=X-NO.ONE',
	    'AUTH x-no=one', 'Authentication'],
);
# Those that were no attempt are told at once.
my @aborted = (['cancelled', 'PLAIN', 'AUTH PLAIN', '*'],
    ['bad base64', 'PLAIN', 'AUTH PLAIN', 'a=b'],
    ['an empty answer', 'PLAIN', 'AUTH PLAIN', ''],
    ['LOGIN cancelled', 'LOGIN', 'AUTH LOGIN', '*'],
    ['PLAIN, empty', 'PLAIN', 'AUTH PLAIN ='],
    ['no base64 at all', 'PLAIN', 'AUTH PLAIN !!!!'],
    ['a long answer', 'PLAIN', 'AUTH PLAIN', 'A' x 100000]);
$_->[4] = fresh() for @out;
unshift @$_, fresh() for @aborted;
my $ghost = fresh();
my $began = now();
$_->[4]->send("$_->[2]\r\n") for @out;
$ghost->send("AUTH NONE\r\n");
for (@out) {
	my ($name, $log, $say, $what, $c) = @$_;
	is $c->line, '+OK Password required.', "$name: USER"
	    if $say =~ /^USER/;
	ok wait_for(30, sub { $c->log =~
	    /^INFO: LOGIN FAILED, \Q$log\E, \Q$ip\E$/m }),
	    "$name: logged at once" or diag $c->log;
}
for (@aborted) {
	my ($l, $name, $mech, @say) = @$_;
	my $last = pop @say;
	like say1($l, $_), qr/^\+ /, "$name: asked" for @say;
	is say1($l, $last), '-ERR Authentication aborted.', "$name: aborted";
	like $l->log, qr/^INFO: LOGIN FAILED, method=$mech, \Q$ip\E$/m,
	    "$name: logged";
	is say1($l, 'USER joe'), '+OK Password required.', "$name: goes on";
}
is_deeply [IO::Select->new(map { $_->[4]{s} } @out)->can_read(0)], [],
    'before any refusal is answered';
kill 'TERM', $ghost->{pid};
is $ghost->line, '-ERR POP3 server shut down by signal.',
    'a signal ends the delay';
for (@out) {
	my ($name, $log, $say, $what, $c) = @$_;
	is $c->line, "-ERR $what failed.", "$name: refused";
}
my $took = now() - $began;
ok $took >= 4.9 && $took < 9.9, 'after five seconds' or diag $took;
$out[0][4]->send("PASS right\r\n");
like +(served($out[0][4]))[0], qr/^AUTHENTICATED=joe/m,
    'the name stays; the session goes on';

# ---- trouble ----------------------------------------------------------------

my $sorry = '-ERR [SYS/TEMP] Temporary problem, please try again later';
my %trouble = (
	'authdaemond closes' => [{}, 'down', 'Input/output error'],
	'authdaemond is away' => [{ CHAPAR_AUTHSOCKET => '/nonexistent/s' },
	    'joe', 'No such file or directory'],
	'no home folder' => [{}, 'nohome', 'No such file or directory'],
	'no pop3d' => [{ args => ['/nonexistent', 'M'] }, 'joe',
	    'No such file or directory'],
);
for my $name (sort keys %trouble) {
	my ($env, $user, $why) = @{ $trouble{$name} };
	$l = fresh(%$env);
	say1($l, "USER $user");
	is say1($l, 'PASS right'), $sorry, "$name: told";
	is $l->rest, '', "$name: closed";
	is $l->ended, 256, "$name: status 1";
	like $l->log, qr/^INFO: LOGIN ERROR, user=$user, \Q$ip\E\nERR: authentication error: \Q$why\E$/m,
	    "$name: logged" or diag $l->log;
	unlike $l->log, qr/LOGIN FAILED/, "$name: nobody is banned";
}

# DEBUG_LOGIN.
$l = fresh(DEBUG_LOGIN => 2);
$l->send("user %s%n, [x]\r\nPASS a,b\r\n");
wait_for(30, sub { $l->log =~ /password=/ });
is join('', $l->log =~ /^DEBUG: LOGIN: ip=\[::ffff:192\.0\.2\.7\], (.*\n)/mg),
    "command=USER\nusername=%s%n. .x.\ncommand=PASS\npassword=a.b\n",
    'DEBUG_LOGIN=2';

# 12.2 #8
is $idle->line(70), '-ERR Disconnected for inactivity.', 'the time limit';
is $idle->rest, '', 'closed';
$took = $idle->logged_at - $idle_since;
ok $took > 58 && $took < 75, 'of a minute' or diag $took;
like $idle->log, qr/^INFO: TIMEOUT, \Q$ip\E, time=(59|6\d|7[0-5])$/m,
    'logged';
is $drip->line(30), '-ERR Disconnected for inactivity.',
    'for one that sends a byte now and then, too';
done_testing();
