#!/usr/bin/perl
# SCRAM, EXTERNAL and bearer tokens from the client to authdaemond; messages
# that are wrong in each way.  SPDX-License-Identifier: ISC
use strict;
use warnings;
use Digest::MD5 qw(md5_base64);
use FindBin;
use lib "$FindBin::Bin/../lib";
use MIME::Base64;
use Private qw(:all);
use Test::More;
use Authd;
use CourierAuthd;
use Login;
use Scram;
use Tcpd;

sub b64 { return encode_base64($_[0], '') }

# ---- accounts ----------------------------------------------------------------
my $dir = workdir();
my $uid = $> || 65534;
my $gid = $> ? $) + 0 : 65534;
my $rest = "home=$dir/home|uid=$uid|gid=$gid";
my $salt = 'sixteen bytes...';
my $d = Authd->new(idle => 1, rc => "authmodulelist=\"authuserdb authpipe\"\n"
    . "daemons=2\nDEBUG_LOGIN=1\n");
Login::auth();
my %form = (
	user => Scram::stored(Scram::keys('sha256', 'pencil', $salt, 4096)),
	one => Scram::stored(Scram::keys('sha1', 'pencil', $salt, 4096)),
	md5 => '{MD5}' . md5_base64('pencil') . '==',
);
spew($d->conf('userdb'), join('', map { "$_\t$rest|systempw=$form{$_}\n" }
    sort keys %form), 0600);
$d->tool('makeuserdb') or die $Private::out;
spew($d->conf('authProg'), <<"EOF", 0755);
#!/usr/bin/perl
\$| = 1;
my \$account = "UID=$uid\\nGID=$gid\\nHOME=$dir/home\\nADDRESS=";
while (<STDIN>) {
	if (/^AUTH (\\d+)/) {
		read STDIN, my \$data, \$1;
		my (\$s, \$type, \$user, \$token, \@more) = split /\\n/, \$data, -1;
		open my \$log, '>>', '$dir/tokens';
		print \$log join('|', \$s, \$type, \$user, \$token, \@more), "\\n";
		close \$log;
		exit if \$token eq 'down';
		print \$type eq 'oauthbearer' && \$token eq 'good-token=='
		    && \$user =~ /^(?:bob\\\@a.test)?\$/ ?
		    "\${account}bob\\\@a.test\\n.\\n" : "FAIL\\n";
	} else {
		print /^PRE .* (pi,pe=.*|\\xc3\\xa9|alice\\\@a.test)\$/ ?
		    "\$account\$1\\nPASSWD2=pencil\\n.\\n" : "FAIL\\n";
	}
}
EOF
$d->start;

my $ip = 'ip=[::ffff:192.0.2.7], port=[4711]';
my $exporter = join '', map { sprintf '%02x', $_ } 1 .. 32;
my $plus = 'IMAP4rev1 AUTH=SCRAM-SHA-1 AUTH=SCRAM-SHA-256';
my %tls = (IMAP_TLS => 1, TLS_CONNECTED_PROTOCOL => 'x', CHAPAR_TLS_EXPORTER => $exporter,
    IMAP_CAPABILITY_TLS => $plus);

sub fresh {
	my ($env) = @_;
	my $l = Login->new(CHAPAR_AUTHSOCKET => $d->var('socket'),
	    %{ $env || {} });
	$l->{greeting} = $l->line;
	return $l;
}

# ---- a client ------------------------------------------------------------------
# Sends as much of a SCRAM login as it can; what comes next is the answer.
# Options: name, user, password, gs2, bare, first, cb, final (code), env.
sub scram {
	my (%o) = @_;
	my $l = $o{l} || fresh($o{env});
	my $name = $o{name} || 'SCRAM-SHA-256';
	my $hash = $name =~ /SHA-1/ ? 'sha1' : 'sha256';
	my $gs2 = $o{gs2} // 'n,,';
	my $user = $o{user} // 'user';
	my $bare = $o{bare} // "n=$user,r=rOprNGfwEbeRWgbNEkqO";
	my $first = b64($o{first} // $gs2 . $bare);
	$l->send($o{late} ? "a AUTHENTICATE $name\r\n" :
	    "a AUTHENTICATE $name $first\r\n");
	if ($o{late}) {
		is $l->line, '+ ', 'asked for the first message';
		$l->send("$first\r\n");
	}
	my $line = $l->line;
	return ($l, $line) unless $line =~ /^\+ (\S+)$/;
	my $server = decode_base64($1);
	my ($nonce, $s, $i) = $server =~
	    m{^r=([^,]+),s=([A-Za-z0-9+/=]+),i=(\d+)$} or return ($l, $server);
	my $k = Scram::keys($hash, $o{password} // 'pencil',
	    decode_base64($s), $i);
	my $without = 'c=' . b64($gs2 . ($o{cb} // '')) . ",r=$nonce";
	my ($proof, $sig) = Scram::proof($k, "$bare,$server,$without");
	my $final = "$without,p=$proof";
	($final, $sig) = ($o{final}->($final, $k, "$bare,$server"), $sig)
	    if $o{final};
	$l->send(b64($final) . "\r\n");
	@$l{qw(server final sig)} = ($server, $final, $sig);
	return ($l);
}

# The way in, up to imapd.
sub in {
	my ($what, %o) = @_;
	my ($l, $early) = scram(%o);
	is $early, undef, "$what: no early end";
	my ($got) = ($l->line(10) // '') =~ /^\+ (\S+)$/;
	is decode_base64($got // ''), 'v=' . ($l->{sig} // ''),
	    "$what: the server's signature";
	is $l->send("\r\n")->line, 'a OK LOGIN Ok.', "$what: in";
	return $l;
}

# What imapd is told.
sub whom {
	my ($l) = @_;
	while (defined(my $line = $l->line)) {
		return $1 if $line =~ /^AUTHENTICATED=(.*)/;
	}
	return;
}

# Refusals take their time: they are begun here and looked at later.
my @pending;

sub later {
	my ($what, $l, $method, $answer) = @_;
	push @pending, [$what, $l, $method, $answer // 'a NO Login failed.'];
}

sub settle {
	for (splice @pending) {
		my ($what, $l, $method, $answer) = @$_;
		is $l->line, $answer, "$what: refused";
		is $l->log =~ s/^DEBUG: Connection.*\n//r,
		    "INFO: LOGIN FAILED, method=$method, $ip\n",
		    "$what: one line in the log";
	}
}

# Wrong name or password: no more is said than that.
sub out {
	my ($what, %o) = @_;
	my ($l, $early) = scram(%o);
	is $early, undef, "$what: no early end";
	later($what, $l, $o{name} || 'SCRAM-SHA-256');
}

# A message that is wrong: the reason comes first.
sub wrong {
	my ($what, $error, %o) = @_;
	my ($l, $said) = scram(%o);
	($said) = map { decode_base64($_) } $l->line =~ /^\+ (\S+)$/
	    unless defined $said;
	is $said, "e=$error", "$what: $error";
	$l->send($o{answer} // "\r\n");
	later($what, $l, $o{name} || 'SCRAM-SHA-256');
}

# ---- SCRAM ---------------------------------------------------------------------
my $l = in('SCRAM-SHA-256');
like $l->{server}, qr/^r=rOprNGfwEbeRWgbNEkqO\S{32},s=\Q${\b64($salt)}\E,i=4096$/,
    '24 random bytes behind the client\'s nonce';
is whom($l), 'user', 'as whom';
is $l->log, "DEBUG: Connection, $ip\n", 'no other log line';
my $other = in('without initial response', late => 1);
isnt $other->{server}, $l->{server}, 'another nonce';
in('SCRAM-SHA-1', name => 'SCRAM-SHA-1', user => 'one');
in('lower case', name => 'scram-sha-256');
in('an authzid that is the same', gs2 => 'n,a=user,');
in('an empty authzid', gs2 => 'n,a=,');
in('a client that would bind', gs2 => 'y,,');
in('extensions', bare => 'n=user,r=abc,x=1,y=2', final => sub {
	my ($f, $k, $m) = @_;
	$f =~ s/,p=.*/,z=3/;
	my ($proof, $sig) = Scram::proof($k, "$m,$f");
	return ("$f,p=$proof", $sig);
});
in('a name that is escaped', user => 'pi=2Cpe=3D');
in('a name that is not ASCII', user => "\xc3\xa9");
in('a name that gets a domain', user => 'alice', env => {
    DEFDOMAIN => '@a.test' });

out('wrong password', password => 'pencils');
out('unknown user', user => 'nobody');
out('a password of another kind', user => 'md5');
out('a password of another digest', name => 'SCRAM-SHA-1');
out('wrong password, SHA-1', name => 'SCRAM-SHA-1', user => 'one',
    password => '');

# An old proof, even with an old nonce from the client.
my ($first) = $l->{final} =~ /(p=.*)/;
out('an old proof', final => sub { $_[0] =~ s/p=.*/$first/r });
wrong('an old message', 'other-error', final => sub { $l->{final} });

# The tagged answer, if it comes in time; a reason before it is taken.
sub answer {
	my ($l, $seconds) = @_;
	my $line = $l->line($seconds);
	return $line unless defined $line && $line =~ /^\+ /;
	$l->send("\r\n");
	return $seconds > 1 ? $l->line($seconds) : undef;
}

# Each bit of the last message.
my @bad;
my $tried = 0;
{
	my ($c) = scram(final => sub { $_[0] });
	my $n = length $c->{final};
	for (my $bit = 3; $bit < 8 * $n; $bit += 61) {
		my ($f) = scram(final => sub {
			my ($text) = @_;
			vec($text, $bit, 1) ^= 1;
			return $text;
		});
		push @bad, [$bit, $f];
	}
	my @line = map { answer($_->[1], 0.3) } @bad;
	for my $i (0 .. $#bad) {
		my $line = $line[$i] // answer($bad[$i][1], 20);
		$tried++ if $line eq 'a NO Login failed.';
		$bad[$i] = "$bad[$i][0]: $line";
	}
}
cmp_ok scalar @bad, '>', 10, 'bits of the last message are turned';
is $tried, @bad, 'none gets in' or diag join "\n", @bad;

for (['no header', 'nothing'], ['only a flag', 'n'], ['no authzid', 'n,'],
    ['no message', 'n,,'], ['another flag', 'x,,n=user,r=abc'],
    ['not for SASL', 'F,n,,n=user,r=abc'], ['no name', 'n,,r=abc'],
    ['no nonce', 'n,,n=user'], ['an empty nonce', 'n,,n=user,r='],
    ['a blank in the nonce', 'n,,n=user,r=a c'],
    ['a high byte in the nonce', "n,,n=user,r=a\xc3\xa9"],
    ['a bad extension', 'n,,n=user,r=abc,x'],
    ['an empty extension', 'n,,n=user,r=abc,x='],
    ['an empty piece', 'n,,n=user,r=abc,'],
    ['a binding without name', 'p=,,n=user,r=abc'],
    ['another order', 'n,,r=abc,n=user'],
    ['a control character', "n,,n=us\001er,r=abc"],
    ['a line end', "n,,n=us\ner,r=abc"],
    ['a bad authzid', 'n,a=us=er,n=user,r=abc'],
    ['no authzid but a letter', 'n,a,n=user,r=abc'],
    ['something before the name', 'n,,x=1,n=user,r=abc'],
) {
	wrong($_->[0], 'invalid-encoding', first => $_->[1]);
}
wrong('something mandatory', 'extensions-not-supported',
    first => 'n,,m=x,n=user,r=abc');
wrong("name \"$_\"", 'invalid-username-encoding',
    first => "n,,n=$_,r=abc") for '', 'us=er', '=2c', '=', 'a=2', 'a=3';
wrong('an authzid', 'other-error', gs2 => 'n,a=root,');
wrong('a binding without -PLUS', 'channel-binding-not-supported',
    gs2 => 'p=tls-exporter,,', env => \%tls);

for (['nothing', sub { '' }], ['no proof', sub { $_[0] =~ s/,p=.*//r }],
    ['no binding', sub { $_[0] =~ s/^c=[^,]*,//r }],
    ['no nonce', sub { $_[0] =~ s/,r=[^,]*//r }],
    ['a bad extension', sub { $_[0] =~ s/,p=/,x,p=/r }],
    ['a control character', sub { $_[0] =~ s/,p=/,x=\001,p=/r }],
    ['something behind the proof', sub { "$_[0],x=1" }],
    ['another order', sub { $_[0] =~ s/^(c=[^,]*),(r=[^,]*)/$2,$1/r }],
) {
	wrong("last message: $_->[0]", 'invalid-encoding', final => $_->[1]);
}
wrong('another header', 'channel-bindings-dont-match',
    final => sub { $_[0] =~ s/c=[^,]*/'c=' . b64('y,,')/er });
wrong('a binding that was not said', 'channel-bindings-dont-match',
    final => sub { $_[0] =~ s/c=[^,]*/'c=' . b64("n,,$exporter")/er });
wrong('a header that is no base64', 'channel-bindings-dont-match',
    final => sub { $_[0] =~ s/c=/c=!/r });
wrong("a nonce $_->[0]", 'other-error', final => $_->[1]) for
    ['that is the client\'s only', sub { $_[0] =~ s/(r=.{20})[^,]*/$1/r }],
    ['that is longer', sub { $_[0] =~ s/(r=[^,]*)/$1x/r }],
    ['that is another', sub { $_[0] =~ s/(r=[^,]*)[^,]/$1!/r }];
out('an extension that the proof does not know', final => sub {
    $_[0] =~ s/,p=/,x=1,p=/r });
out('a proof that is no base64', final => sub { "$_[0]!" });
out('a short proof', final => sub { $_[0] =~ s/p=.*/p=QQ==/r });
out('an empty proof', final => sub { $_[0] =~ s/p=.*/p=/r });
out('a very long nonce', bare => 'n=user,r=' . 'x' x 4000);

# What is no text at all, and who gives up.
for (['*'], ['!!!'], ['QQ'], [b64("n,,n=user\0,r=abc")]) {
	$l = fresh();
	$l->send("a AUTHENTICATE SCRAM-SHA-256\r\n");
	is $l->line, '+ ', 'asks';
	$l->send("$_->[0]\r\n");
	later("\"$_->[0]\"", $l, 'SCRAM-SHA-256');
}
$l = fresh();
$l->send('a AUTHENTICATE SCRAM-SHA-256 ' . b64('n,,n=user,r=abc') . "\r\n");
$l->line;
later('cancelled', $l->send("*\r\n"), 'SCRAM-SHA-256');
($l) = scram();
$l->line;
later('cancelled at the end', $l->send("*\r\n"), 'SCRAM-SHA-256');
($l) = scram();
$l->line;
later('words at the end', $l->send(b64('hello') . "\r\n"), 'SCRAM-SHA-256');
$l = fresh();
$l->send("a AUTHENTICATE SCRAM-SHA-512\r\n");
later('another digest', $l, 'SCRAM-SHA-512');
settle();

# ---- channel binding -------------------------------------------------------------
my $cb = pack 'H*', $exporter;
my @bind = (gs2 => 'p=tls-exporter,,', cb => $cb, env => \%tls);
$l = fresh(\%tls);
like $l->{greeting}, qr/ AUTH=SCRAM-SHA-1 AUTH=SCRAM-SHA-256 .* AUTH=SCRAM-SHA-1-PLUS AUTH=SCRAM-SHA-256-PLUS\]/,
    '-PLUS is announced beside the others';
unlike fresh({ %tls, @$_[0, 1] })->{greeting}, qr/PLUS\b(?<!UIDPLUS)/, "not $_->[2]"
    for [CHAPAR_TLS_EXPORTER => undef, 'without the binding'],
    [CHAPAR_TLS_EXPORTER => 'abc', 'with a binding that is none'],
    [IMAP_EXTENSIONS => 'none', 'without extensions'],
    [IMAP_CAPABILITY_TLS => 'IMAP4rev1 AUTH=PLAIN', 'without SCRAM'];
unlike fresh()->{greeting}, qr/SCRAM|OAUTH|EXTERNAL/,
    'nothing is announced that the administrator does not name';
$l = in('SCRAM-SHA-256-PLUS', name => 'SCRAM-SHA-256-PLUS', @bind);
my $told = '';
while ($told !~ /END$/m && defined(my $line = $l->line)) {
	$told .= "$line\n";
}
like $told, qr/^IMAP_TLS=1$/m, 'imapd knows of TLS';
unlike $told, qr/EXPORTER/, 'but not the binding';
in('SCRAM-SHA-1-PLUS', name => 'SCRAM-SHA-1-PLUS', user => 'one', @bind);
in('no binding wanted', gs2 => 'n,,', env => \%tls);
in('a client that was not told', gs2 => 'y,,', env => { %tls,
    IMAP_EXTENSIONS => 'none' });
out('another channel', name => 'SCRAM-SHA-256-PLUS', @bind, cb => 'x' x 32);
wrong('no channel', 'channel-bindings-dont-match',
    name => 'SCRAM-SHA-256-PLUS', @bind, cb => '');
wrong('-PLUS taken away', 'server-does-support-channel-binding',
    gs2 => 'y,,', env => \%tls);
wrong("-PLUS with $_", 'server-does-support-channel-binding', gs2 => $_,
    name => 'SCRAM-SHA-256-PLUS', env => \%tls) for 'n,,', 'y,,';
wrong("-PLUS with $_", 'unsupported-channel-binding-type',
    gs2 => "p=$_,,", name => 'SCRAM-SHA-256-PLUS', env => \%tls)
    for 'tls-unique', 'tls-server-end-point', 'tls-exporter2';
$l = fresh();
$l->send('a AUTHENTICATE SCRAM-SHA-256-PLUS '
    . b64('p=tls-exporter,,n=user,r=abc') . "\r\n");
later('-PLUS without a channel', $l, 'SCRAM-SHA-256-PLUS');
settle();

# ---- EXTERNAL --------------------------------------------------------------------
my %cert = (IMAP_TLS => 1, TLS_CONNECTED_PROTOCOL => 'x',
    TLS_EXTERNAL => 'emailaddress',
    TLS_SUBJECT_EMAILADDRESS => 'alice@a.test', TLS_SUBJECT_CN => 'root');

sub external {
	my ($env, @say) = @_;
	my $l = fresh($env);
	$l->send('a AUTHENTICATE EXTERNAL' . shift(@say) . "\r\n");
	for (@say) {
		is $l->line, '+ ', 'asked who it is';
		$l->send("$_\r\n");
	}
	return $l;
}

like fresh(\%cert)->{greeting}, qr/ AUTH=EXTERNAL /, 'is announced';
my $alice = b64('alice@a.test');
for (['empty', '', ''], ['named', '', $alice], ['at once', " $alice"],
    ['empty at once', ' =', ''], ['empty, then named', ' =', $alice]) {
	my ($what, @say) = @$_;
	$l = external(\%cert, @say);
	is $l->line, 'a OK LOGIN Ok.', "EXTERNAL, $what: in";
	is whom($l), 'alice@a.test', 'as whom';
}
# 12.2 #4
for (['somebody else', '', b64('bob@a.test')], ['in capitals', '',
    b64('ALICE@a.test')], ['no base64', '', 'alice@a.test'],
    ['two words', '', "$alice $alice"], ['NUL', '', b64("alice\@a.test\0x")],
    ['cancelled', '', '*'], ['no base64 at once', ' !'],
    ['somebody else at once', ' ' . b64('root')],
    ['long', '', 'A' x 20000], ['odd', '', '=']) {
	my ($what, @say) = @$_;
	later("EXTERNAL, $what", external(\%cert, @say), 'EXTERNAL');
}
later('EXTERNAL without ' . $_->[0], external({ %cert, $_->[0] => $_->[1] },
    ''), 'EXTERNAL') for [IMAP_TLS => 0], [TLS_EXTERNAL => undef],
    [TLS_EXTERNAL => ''], [TLS_SUBJECT_EMAILADDRESS => undef],
    [TLS_SUBJECT_EMAILADDRESS => ''];
later('EXTERNAL of nobody', external({ %cert,
    TLS_SUBJECT_EMAILADDRESS => 'nobody' }, '', ''), 'EXTERNAL');
settle();

# ---- tokens ----------------------------------------------------------------------
sub token {
	my ($name, $text, $late) = @_;
	my $l = fresh();
	unlink "$dir/tokens";
	$l->send("a AUTHENTICATE $name" . ($late ? "\r\n" . b64($text) :
	    ' ' . b64($text)) . "\r\n");
	$l->line if $late;
	return $l;
}

my $auth = "auth=Bearer good-token==\1";
for (
	['OAUTHBEARER', "n,a=bob\@a.test,\1host=mx\1port=143\1$auth\1",
	    'bob@a.test|good-token==|mx|143|'],
	['OAUTHBEARER', "n,a=bob\@a.test,\1$auth\1",
	    'bob@a.test|good-token==|||'],
	['OAUTHBEARER', "y,,\1$auth\1", '|good-token==|||'],
	['OAUTHBEARER', "n,,\1auth=bearer   good-token==\1x=y\1\1",
	    '|good-token==|||'],
	['XOAUTH2', "user=bob\@a.test\1$auth\1",
	    'bob@a.test|good-token==|||'],
) {
	my ($name, $text, $asked) = @$_;
	for my $late (0, 1) {
		$l = token($name, $text, $late);
		is $l->line, 'a OK LOGIN Ok.', "$name: in";
		is slurp("$dir/tokens"), "imap|oauthbearer|$asked\n",
		    'what the program is asked';
	}
	is whom($l), 'bob@a.test', 'as whom';
}
my %status = (OAUTHBEARER => ['invalid_token', 'invalid_request'],
    XOAUTH2 => ['400', '400']);
for (
	['OAUTHBEARER', 0, "n,,\1auth=Bearer bad-token\1\1"],
	['OAUTHBEARER', 0, "n,a=eve\@a.test,\1$auth\1"],
	['XOAUTH2', 0, "user=bob\@a.test\1auth=Bearer bad\1\1"],
	['OAUTHBEARER', 1, "\1"], ['OAUTHBEARER', 1, "n,,"],
	['OAUTHBEARER', 1, "n,,\1"], ['OAUTHBEARER', 1, "n,,\1\1"],
	['OAUTHBEARER', 1, "n,,\1$auth"], ['OAUTHBEARER', 1, "n,,\1$auth\1x"],
	['OAUTHBEARER', 1, "p=tls-exporter,,\1$auth\1"],
	['OAUTHBEARER', 1, "$auth\1"], ['OAUTHBEARER', 1, "n,,$auth\1"],
	['OAUTHBEARER', 1, "n,,\1$auth$auth\1"],
	['OAUTHBEARER', 1, "n,,\1auth=Basic good-token==\1\1"],
	['OAUTHBEARER', 1, "n,,\1auth=Bearer good token\1\1"],
	['OAUTHBEARER', 1, "n,,\1auth=Bearer ==\1\1"],
	['OAUTHBEARER', 1, "n,,\1auth=Bearer a\nb\1\1"],
	['OAUTHBEARER', 1, "n,,\1host=a\nb\1$auth\1"],
	['OAUTHBEARER', 1, "n,,\1=x\1$auth\1"],
	['OAUTHBEARER', 1, "n,a=us\1er,\1$auth\1"],
	['XOAUTH2', 1, ''], ['XOAUTH2', 1, "user=bob\1\1"],
	['XOAUTH2', 1, "n,a=bob\@a.test,\1$auth\1"],
	['XOAUTH2', 0, "user=bob\@a.test\1auth=Bearer " . 'x' x 9000 . "\1\1"],
) {
	my ($name, $which, $text) = @$_;
	$l = token($name, $text, $text eq '');
	my ($json) = map { decode_base64($_) } $l->line =~ /^\+ (\S+)$/;
	my $shown = $text =~ s/[^ -~]/./gr;
	is $json, "{\"status\":\"$status{$name}[$which]\",\"schemes\":\"bearer\"}",
	    "$name \"" . substr($shown, 0, 40) . '": what it was';
	later($name, $l->send("AQ==\r\n"), $name);
}
# Whoever leaves at the news was refused all the same.
my $gone = token('OAUTHBEARER', "n,,\1auth=Bearer bad-token\1\1");
$gone->line;
close $gone->{s};
$l = token('OAUTHBEARER', "n,,\1auth=Bearer down\1\1");
is $l->line, '* BYE Temporary problem, please try again later',
    'a program in trouble is no refusal';
settle();
ok wait_for(60, sub { $gone->log =~
    /^INFO: LOGIN FAILED, method=OAUTHBEARER, /m }), 'it is in the log';
unlike $d->log, qr/pencil|good-token|bad-token/, 'no secret is logged';

# ---- clients of others ---------------------------------------------------------
SKIP: {
	skip 'no gsasl', 1 unless run('gsasl', '--version');
	ok run('gsasl', '--mkpasswd', '--mechanism=SCRAM-SHA-256',
	    '--password=pencil', '--quiet'), 'gsasl makes a stored form';
	my ($made) = $Private::out =~ /^(\{SCRAM-SHA-256\}\S+)$/m;
	ok $d->tool('userdb', 'gs', 'set', "home=$dir/home", "uid=$uid",
	    "gid=$gid", 'systempw=' . ($made // '')), 'which is put in';
	$d->tool('makeuserdb') or diag $Private::out;
	like $d->login('gs', 'pencil'), qr/^ADDRESS=gs$/m, 'it is good for LOGIN';
	my $t = Tcpd->new({ bind => '127.0.0.1', env => {
	    CHAPAR_AUTHSOCKET => $d->var('socket'), PATH => $ENV{PATH},
	    IMAP_CAPABILITY => 'IMAP4rev1 AUTH=SCRAM-SHA-256 AUTH=SCRAM-SHA-1' },
	    prog => ["$ENV{top_builddir}/src/prog/imaplogin", "$dir/imapd",
	    'Maildir'] });
	for (['SHA-256', 'user', 'pencil', 1], ['SHA-256', 'gs', 'pencil', 1],
	    ['SHA-1', 'one', 'pencil', 1], ['SHA-256', 'gs', 'pencils', 0],
	    ['SHA-256', 'nobody', 'pencil', 0]) {
		my ($hash, $user, $password, $good) = @$_;
		run('sh', '-c', 'timeout 15 "$@" </dev/null', 'sh', 'gsasl',
		    '--imap', "--connect=127.0.0.1:$t->{port}", '--verbose',
		    '--no-starttls', "--mechanism=SCRAM-$hash", '-a', $user,
		    '-z', '', '-p', $password);
		my $in = $Private::out =~ /OK LOGIN Ok\./ ? 1 : 0;
		is $in, $good, "gsasl: $user, $password" or diag $Private::out;
	}
	$t->stop;
}

# ---- an authdaemond that knows none of this --------------------------------------
SKIP: {
	skip 'needs root', 1 if $>;
	my $old = eval { CourierAuthd->new(rc =>
	    "authmodulelist=\"authuserdb\"\ndaemons=2\n") };
	skip 'no Courier here', 1 unless $old;
	my %env = (CHAPAR_AUTHSOCKET => $old->var('socket'));
	$l = fresh({ %env });
	$l->send('a AUTHENTICATE SCRAM-SHA-256 ' . b64('n,,n=user,r=abc')
	    . "\r\n");
	later('SCRAM with Courier\'s authdaemond', $l, 'SCRAM-SHA-256');
	$l = fresh({ %env });
	$l->send('a AUTHENTICATE OAUTHBEARER ' . b64("n,,\1$auth\1") . "\r\n");
	like decode_base64(substr $l->line, 2), qr/invalid_token/,
	    'OAUTHBEARER with Courier\'s authdaemond';
	later('and then', $l->send("AQ==\r\n"), 'OAUTHBEARER');
	settle();
}

done_testing();
