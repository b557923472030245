#!/usr/bin/perl
# imaplogin: LOGIN and AUTHENTICATE, what authdaemond is asked, what imapd is
# given, and what is logged.  SPDX-License-Identifier: ISC
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

sub fresh { my $l = Login->new(@_); $l->line; return $l }

# Each way in, by what it says; all but the last wait for a continuation.
my @in = (
	['atoms', "t1 LOGIN joe right\r\n"],
	['quoted', "t1 LOGIN \"joe\" \"right\"\r\n"],
	['literals', "t1 LOGIN {3}\r\n", 'joe {5}' . "\r\n", "right\r\n"],
	['LITERAL+', "t1 LOGIN {3+}\r\njoe {5+}\r\nright\r\n"],
	['lower case, tab', "t1 login\tjoe right\n"],
	['PLAIN', "t1 AUTHENTICATE PLAIN\r\n", b64("\0joe\0right") . "\r\n"],
	['PLAIN with an authorization', "t1 authenticate plain\r\n",
	    b64("who\0joe\0right") . "\r\n"],
	['PLAIN at once', 't1 AUTHENTICATE PLAIN ' . b64("\0joe\0right")
	    . "\r\n"],
	['a quoted mechanism', 't1 AUTHENTICATE "plain" '
	    . b64("\0joe\0right") . "\r\n"],
	['SASL LOGIN', "t1 AUTHENTICATE LOGIN\r\n", b64('joe') . "\r\n",
	    b64('right') . "\r\n"],
	['SASL LOGIN at once', 't1 AUTHENTICATE LOGIN ' . b64('joe') . "\r\n",
	    b64('right') . "\r\n"],
);
for (@in) {
	my ($name, @say) = @$_;
	my $l = fresh();
	while (@say > 1) {
		$l->send(shift @say);
		my $more = $l->line;
		like $more, qr/^\+ /, "$name: continuation";
	}
	$l->send($say[0]);
	is $l->line, 't1 OK LOGIN Ok.', "$name: in";
	like Login::asked(), qr/\nimap\nlogin\njoe\nright\n/,
	    "$name: authdaemond is asked";
	is $l->log, "DEBUG: Connection, $ip\n", "$name: no other log line";
}

# The challenges.
my $l = fresh();
is $l->cmd('a AUTHENTICATE PLAIN'), '+ ', 'PLAIN asks for nothing';
$l = fresh();
is $l->cmd('a AUTHENTICATE LOGIN'), '+ VXNlcm5hbWU6', 'Username:';
is $l->send(b64('joe') . "\r\n")->line, '+ UGFzc3dvcmQ6', 'Password:';
for my $m (['MD5', \&Login::hmac_md5_hex],
    ['SHA1', \&Digest::SHA::hmac_sha1_hex],
    ['SHA256', \&Digest::SHA::hmac_sha256_hex]) {
	my ($name, $hmac) = @$m;
	$l = fresh();
	my ($c) = $l->cmd("a AUTHENTICATE CRAM-$name") =~ /^\+ (\S+)$/;
	$c = decode_base64($c // '');
	like $c, qr/^<[0-9A-F]{32}@[^@]+>$/, "CRAM-$name: challenge";
	is $l->send(b64('joe ' . $hmac->($c, 'right')) . "\r\n")->line,
	    'a OK LOGIN Ok.', "CRAM-$name: in";
}
Login::asked();

# Names and passwords with odd bytes.
$l = fresh();
$l->send(qq(a LOGIN "jo\\"e" "[a]\\\\b \xc3\xa4"\r\n));
wait_for(30, sub { slurp(workdir() . '/asked') =~ /b \xc3/ });
my $asked = Login::asked();
like $asked, qr/\njo"e\n\[a\]\\b \xc3\xa4\n/, 'quoted bytes reach authdaemond';
like $asked, qr/^TCPREMOTEIP=::ffff:192\.0\.2\.7\nAUTH \d+\nimap\nlogin\n/m,
    'with the address' or diag $asked;

# Service and domain.
$l = fresh(AUTHSERVICE143 => 'special', DEFDOMAIN => '@d.test');
$l->cmd('a LOGIN joe [r)ig(ht]');
like Login::asked(), qr/\nspecial\nlogin\njoe\@d\.test\n\[r\)ig\(ht\]\n/,
    'AUTHSERVICE143, DEFDOMAIN, brackets of all kinds in a password';
$l = fresh(DEFDOMAIN => '@d.test');
$l->cmd('a LOGIN a@b.test right');
like Login::asked(), qr/\nimap\nlogin\na\@b\.test\n/, 'a name with a domain';

# What imapd is given.
$l = fresh(SITE => 'kept', CHAPAR_INPUT => 'forged');
$l->send("t7 LOGIN joe right\r\nb SELECT INBOX\r\nc NOOP\r\n");
my ($env, $line) = ('', '');
$env .= "$line\n" while defined($line = $l->line) && $line !~ /END$/;
like $env, qr/^t7 OK LOGIN Ok\.$/m, 'the tag';
like $env, qr/^uid=$uid gid=\d+ groups=\S+ cwd=\S+\/home args=\.\/M$/m,
    'the user, its home, its maildir';
like $env, qr/^\Q$_\E$/m, $_ for 'AUTHENTICATED=joe@canonical.test',
    'OPTIONS=x=1', 'PROTOCOL=IMAP', 'SITE=kept', 'TCPREMOTEPORT=4711';
# 12.2 #9
is decode_base64($env =~ /^CHAPAR_INPUT=(.*)$/m ? $1 : ''),
    "b SELECT INBOX\r\nc NOOP\r\n", 'what was read beyond the login';
SKIP: {
	skip 'no /proc', 1 unless -d '/proc/self/fd';
	# 12.2 #6
	# The shell itself may hold its script open, above 9.
	unlike $line // '', qr/\b[3-9]\b/, 'no descriptor is left to it';
}
$l->send("later\r\n");
is $l->line, 'later', 'and the connection';
$l = fresh(CHAPAR_INPUT => 'forged');
$l->send("t7 LOGIN joe right\r\n");
$env = '';
$env .= "$line\n" while defined($line = $l->line) && $line !~ /END$/;
unlike $env, qr/CHAPAR_INPUT/, 'nothing beyond: no variable';

# SMAP1: a wish by the tag, if it is offered.
my %smap = (SMAP_CAPABILITY => 'SMAP1');
for (@in) {
	my ($name, @say) = @$_;
	$say[0] =~ s/^t1/\\SMAP1/;
	my $l = fresh(%smap);
	while (@say > 1) {
		$l->send(shift @say);
		like $l->line, $name =~ /literal/ ? qr/^\+ / : qr/^> /,
		    "SMAP1, $name: continuation";
	}
	$l->send($say[0]);
	is $l->line, '\SMAP1 OK LOGIN Ok.', "SMAP1, $name: imapd has the tag";
	($env, $line) = ('', '');
	$env .= "$line\n" while defined($line = $l->line) && $line !~ /END$/;
	like $env, qr/^PROTOCOL=SMAP1$/m, "SMAP1, $name: and the protocol";
}
Login::asked();
$l = Login->new(%smap);
like $l->line, qr/ SMAP1 KEYWORDS /, 'it is announced';
is $l->cmd('\SMAP1 NOOP'), '+OK NOOP completed', 'NOOP';
is $l->cmd('a NOOP'), '+OK NOOP completed', 'and so it stays';
is $l->cmd('FOO'), '-ERR Error in IMAP command received by server.', 'an error';
like $l->send("a CAPABILITY\r\n")->line, qr/^\* CAPABILITY .* SMAP1 KEYWORDS /,
    'the list';
is $l->line, '+OK CAPABILITY completed', 'its end';
like $l->send("a LOGOUT\r\n")->line, qr/^\* BYE /, 'the end';
is $l->line, '+OK LOGOUT completed', 'and its answer';
$l = Login->new(%smap, IMAP_KEYWORDS => 0);
like $l->line, qr/ SMAP1 (?!KEYWORDS)/, 'without keywords';
$l = Login->new;
unlike $l->line, qr/SMAP1/, 'not offered: not announced';
is $l->cmd('\SMAP1 NOOP'),
    '\SMAP1 NO Error in IMAP command received by server.', 'nor is it a tag';
$l = fresh(%smap);
is $l->cmd('\smap1 NOOP'),
    '\smap1 NO Error in IMAP command received by server.', 'nor is this one';
is $l->send("\\ NOOP\r\n")->line, '* NO Error in IMAP command received by server.',
    'a backslash alone is no tag';
my @tls = (%smap, IMAP_TLS_REQUIRED => 1);
$l = fresh(@tls);
is $l->cmd('\SMAP1 LOGIN joe right'), '-ERR STARTTLS required', 'in the clear';

# Refusals: all wait at the same time.
my @out = (
	['a wrong password', 'user=joe', 'a LOGIN joe wrong'],
	['a wrong password, SMAP1', 'user=joe', '\SMAP1 LOGIN joe wrong',
	    fresh(%smap)],
	# 12.2 #2
	['a name that forges log lines', 'user=x. ip..192.0.2.9.',
	    'a LOGIN "x, ip=[192.0.2.9]" y'],
	# 12.2 #1
	['a long name', 'user=' . 'x' x 256, 'a LOGIN ' . 'x' x 500 . ' y'],
	['8-bit bytes', 'user=j..e', "a LOGIN {4+}\r\nj\xc3\xa4e y"],
	['PLAIN, wrong', 'method=PLAIN', 'a AUTHENTICATE plain '
	    . b64("\0joe\0wrong")],
	['PLAIN, empty', 'method=PLAIN', 'a AUTHENTICATE PLAIN ='],
	['PLAIN, no password', 'method=PLAIN', 'a AUTHENTICATE PLAIN '
	    . b64("\0joe")],
	['no base64', 'method=PLAIN', 'a AUTHENTICATE PLAIN !!!!'],
	['a mechanism that is not there', 'method=X-NO.ONE',
	    'a AUTHENTICATE x-no=one'],
	['a long mechanism', 'method=' . 'X' x 31, 'a AUTHENTICATE '
	    . 'x' x 60],
	['no mechanism', 'method=', 'a AUTHENTICATE'],
	['EXTERNAL', 'method=EXTERNAL', 'a AUTHENTICATE EXTERNAL ='],
	['CRAM with an initial response', 'method=CRAM-MD5',
	    'a AUTHENTICATE CRAM-MD5 ' . b64('joe 00')],
);
my @asks = (
	['cancelled', 'method=PLAIN', 'a AUTHENTICATE PLAIN', '*'],
	['bad base64', 'method=PLAIN', 'a AUTHENTICATE PLAIN', 'a=b'],
	['an empty line', 'method=PLAIN', 'a AUTHENTICATE PLAIN', ''],
	['LOGIN cancelled', 'method=LOGIN', 'a AUTHENTICATE LOGIN', '*'],
	['CRAM, wrong', 'method=CRAM-MD5', 'a AUTHENTICATE CRAM-MD5',
	    b64('joe ' . '0' x 32)],
	['CRAM, nonsense', 'method=CRAM-SHA1', 'a AUTHENTICATE CRAM-SHA1',
	    b64('joe')],
	['a long line', 'method=PLAIN', 'a AUTHENTICATE PLAIN', 'A' x 20000],
);
for (@asks) {
	my ($name, $log, $cmd, $answer) = @$_;
	$l = fresh();
	like $l->cmd($cmd), qr/^\+ /, "$name: asked";
	push @out, [$name, $log, $answer, $l];
}
my $ghost = fresh();
$_->[3] ||= fresh() for @out;
my $began = now();
$_->[3]->send("$_->[2]\r\n") for @out;
$ghost->send("a LOGIN joe wrong\r\n");
for (@out) {
	my ($name, $log, $say, $c) = @$_;
	ok wait_for(30, sub { $c->log =~
	    /^INFO: LOGIN FAILED, \Q$log\E, \Q$ip\E$/m }),
	    "$name: logged at once" or diag $c->log;
}
is_deeply [IO::Select->new(map { $_->[3]{s} } @out)->can_read(0)], [],
    'before anything is answered';
kill 'TERM', $ghost->{pid};
is $ghost->line, '* BYE Courier-IMAP server shut down by signal.',
    'a signal ends the delay';
for (@out) {
	my ($name, $log, $say, $c) = @$_;
	is $c->line, $say =~ /^\\/ ? '-ERR Login failed.' :
	    'a NO Login failed.', "$name: refused";
}
my $took = now() - $began;
ok $took >= 4.9 && $took < 9.9, 'after five seconds' or diag $took;
is $out[0][3]->cmd('b LOGIN joe right'), 'b OK LOGIN Ok.',
    'the session goes on';
is $out[-1][3]->cmd('c NOOP'), 'c OK NOOP completed', 'here too';

# DEBUG_LOGIN: what comes before the login, cleaned as in all lines.
for my $level (0 .. 2) {
	$l = fresh(DEBUG_LOGIN => $level);
	$l->cmd('a noop');
	$l->cmd('b LOGIN %s%n, [right]');
	$l->cmd('c LOGIN joe right');
	my $ip = '[::ffff:192.0.2.7]';
	my @want = ("command=NOOP", "command=LOGIN", 'username=%s%n,',
	    'password=[right]', "command=LOGIN", 'username=joe',
	    'password=right');
	@want = grep { !/^password/ || $level > 1 } @want;
	tr/,[]/.../ for @want;
	is join('', $l->log =~ /^(DEBUG: LOGIN: .*\n)/mg), join('', map {
	    "DEBUG: LOGIN: ip=$ip, $_\n" } $level ? @want : ()), "DEBUG_LOGIN=$level";
}

# Commands that are not well-formed are answered without a delay.
$began = now();
$l = fresh();
is $l->cmd("a $_"), 'a NO Error in IMAP command received by server.', $_
    for 'LOGIN', 'LOGIN joe', 'LOGIN joe right x', 'LOGIN NIL right',
    'LOGIN (joe right) x', "LOGIN {3+}\r\nj\0e right",
    'AUTHENTICATE PLAIN x y';
ok now() - $began < 4.9, 'at once';

# authdaemond is in trouble.
my $bye = '* BYE Temporary problem, please try again later';
my %trouble = (
	'it closes without a word' => [{}, 'down', 'Input/output error'],
	'it is not there' => [{ CHAPAR_AUTHSOCKET => '/nonexistent/socket' },
	    'joe', 'No such file or directory'],
	'it says nothing' => [{ TIMEOUT_READ => 2 }, 'slow',
	    'Connection timed out'],
	'the home folder is missing' => [{}, 'nohome',
	    'No such file or directory'],
);
for my $name (sort keys %trouble) {
	my ($env, $user, $why) = @{ $trouble{$name} };
	$l = fresh(%$env);
	is $l->cmd("a LOGIN $user right"), $bye, "$name: told";
	is $l->rest, '', "$name: closed";
	is $l->ended, 256, "$name: status 1";
	like $l->log, qr/^INFO: LOGIN ERROR, user=$user, \Q$ip\E$/m,
	    "$name: logged, not as a failed login";
	unlike $l->log, qr/LOGIN FAILED/, "$name: so nobody is banned";
	like $l->log, qr/^ERR: authentication error: \Q$why\E$/m,
	    "$name: with the cause" or diag $l->log;
}
# A signal while authdaemond is slow.
Login::asked();
$l = fresh();
$l->send("a LOGIN slow right\r\n");
wait_for(30, sub { slurp(workdir() . '/asked') =~ /slow/ });
$began = now();
kill 'TERM', $l->{pid};
is $l->line, '* BYE Courier-IMAP server shut down by signal.',
    'a signal while authdaemond is slow: told';
is $l->ended, 0, 'and ended';
ok now() - $began < 15, 'at once';

$l = fresh(CHAPAR_AUTHSOCKET => '/nonexistent/socket');
is $l->cmd('a AUTHENTICATE PLAIN ' . b64("\0joe\0right")), $bye,
    'AUTHENTICATE too';
like $l->log, qr/^ERR: authdaemon: s_connect\(\) failed: No such file or directory$/m,
    'the daemon\'s socket is named';
done_testing();
