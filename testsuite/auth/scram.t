#!/usr/bin/perl
# SCRAM on authdaemond's socket: stored and clear secrets, of all modules alike;
# strangers learn nothing.  SPDX-License-Identifier: ISC
use strict;
use warnings;
use Digest::MD5 qw(md5_base64);
use FindBin;
use lib "$FindBin::Bin/../lib";
use MIME::Base64 qw(decode_base64 encode_base64);
use Private qw(:all);
use Test::More;
use Authd;
use Maria;
use Scram;

my $salt = 'sixteen bytes...';
my $list = 'authuserdb authpipe';
my $d = Authd->new(idle => 1);

sub b64 { return encode_base64($_[0], '') }

sub rc {
	my ($modules, $more) = @_;
	$d->rc("authmodulelist=\"$modules\"\ndaemons=3\n" . ($more // ''));
}

my %form = (
	s256 => Scram::stored(Scram::keys('sha256', 'pencil', $salt, 4096)),
	s1 => Scram::stored(Scram::keys('sha1', 'pencil', $salt, 5000)),
	md5 => '{MD5}' . md5_base64('pencil') . '==',
	broken => '{SCRAM-SHA-256}4096,QQ==,QQ==,QQ==',
);
$form{ldap} = $form{s256} =~
    s/^\{(.*)\}(.*),(.*),(.*),(.*)/$1\$$2:$3\$$4:$5/r;
ok $d->tool(\"pencil\n", 'userdbpw', '-scram-sha-256'), 'userdbpw';
($form{made}) = $Private::out =~ /^(\{SCRAM-SHA-256\}4096,\S+)\n\z/;
ok $form{made}, 'makes a stored form';
ok $d->tool(\"pencil\n", 'userdbpw', '-scram-sha-1'), 'of SHA-1';
like $Private::out, qr/^\{SCRAM-SHA-1\}4096,\S{24},\S{28},\S{28}\n\z/, 'too';
ok $d->tool(\"pencil\n", 'authpasswd', 'scram-sha-256'), 'authpasswd';
like $Private::out, qr/^\{SCRAM-SHA-256\}4096,\S{24},\S{44},\S{44}\n\z/,
    'can do it';
spew($d->conf('userdb'), join('', map { "$_\thome=/h|uid=1|gid=2|systempw="
    . "$form{$_}\n" } sort keys %form), 0600);
$d->tool('makeuserdb') or die $Private::out;
spew($d->conf('authProg'), <<'EOF', 0755);
#!/usr/bin/perl
$| = 1;
while (<STDIN>) {
	read STDIN, $_, $1 if /^AUTH (\d+)/;
	exit 1 if /^PRE .* dead$/;
	print /^PRE .* (pipe\S*)$/ ? "UID=7\nGID=8\nHOME=/p\nADDRESS=$1\n"
	    . "PASSWD2=pencil\n.\n" : "FAIL\n";
}
EOF
rc($list);
$d->start;

sub request {
	my ($type, @data) = @_;
	my $data = join "\n", 'imap', $type, @data, '';
	return $d->ask("X=y\nAUTH " . length($data) . "\n$data");
}

# Salt and iterations for a user.
sub first {
	my ($user, $name) = @_;
	my $got = request("scram-$name", $user);
	my ($s, $i) = $got =~ m{\ASCRAM=s=([A-Za-z0-9+/]+=*),i=(\d+)\n\.\n\z}
	    or return $got;
	return (decode_base64($s), $i);
}

my $message = 'n=user,r=fyko+d2lbbFgONRv9qkxdawL,r=fyko+d2lbbFgONRv9qkxdawLx,'
    . 's=QSXCR+Q6sek8bf92,i=4096,c=biws,r=fyko+d2lbbFgONRv9qkxdawLx';

# The requests of a whole login; returns the second reply and the signature.
sub final {
	my ($user, $password, %o) = @_;
	my $name = $o{name} || 'sha-256';
	my ($s, $i) = first($user, $name);
	return $s unless $i;
	my $k = Scram::keys($name eq 'sha-1' ? 'sha1' : 'sha256', $password,
	    $s, $i);
	my ($proof, $sig) = Scram::proof($k, $message);
	my @data = ($user, b64($message), $proof);
	$o{change}->(\@data) if $o{change};
	return request("scram-$name", @data), $sig;
}

sub yes {
	my ($user, $password, %o) = @_;
	my ($reply, $sig) = final(@_);
	like $reply, qr/^ADDRESS=\Q$user\E\n(?:.*\n)*SCRAM=v=\Q$sig\E\n\.\n\z/m,
	    "$user may log in" . ($o{name} ? " by $o{name}" : '');
	unlike $reply, qr/PASSWD|pencil|\Q$form{s256}\E/,
	    'no secret is in the reply';
}

sub refused {
	my ($what, @final) = @_;
	my ($reply) = final(@final);
	is $reply, "FAIL\n", $what;
}

# ---- who may -----------------------------------------------------------------
yes('s256', 'pencil');
yes('ldap', 'pencil');
yes('made', 'pencil');
yes('s1', 'pencil', name => 'sha-1');
yes('pipe', 'pencil', name => $_) for 'sha-1', 'sha-256';
is_deeply [first('s256', 'sha-256')], [$salt, 4096], 'the stored salt';
is_deeply [first('s1', 'sha-1')], [$salt, 5000], 'and the stored iterations';
refused('wrong password, stored', 's256', 'pencils');
refused('wrong password, clear', 'pipe', 'pencils');
refused('a secret of another digest', 's256', 'pencil', name => 'sha-1');
refused('a secret of another kind', 'md5', 'pencil');
refused('a secret that is broken', 'broken', 'pencil');
refused('nobody', 'nobody', 'pencil');
refused('nobody with an empty password', 'nobody', '');
is request('scram-sha-512', 's256'), "FAIL\n", 'another mechanism';
is request('scram-', 's256'), "FAIL\n", 'none';

# ---- the old ways ------------------------------------------------------------
like $d->login('s256', 'pencil'), qr/^ADDRESS=s256$/m, 'LOGIN';
like $d->login('ldap', 'pencil'), qr/^ADDRESS=ldap$/m, 'in the other form';
is $d->login('s256', $_), "FAIL\n", 'LOGIN with a wrong password'
    for 'pencils', $form{s256};
is $d->ask("PASSWD imap\tmade\tpencil\tpen\n"), "OK\n", 'a new password';
like slurp($d->conf('userdb')),
    qr/^made\t.*systempw=\{SCRAM-SHA-256\}4096,(?!\Q$form{made}\E)/m,
    'is stored as the old one was';
yes('made', 'pen');
refused('the old one', 'made', 'pencil');

# ---- every bit counts --------------------------------------------------------
my %part = (user => 0, message => 1, proof => 2);
for my $part (sort keys %part) {
	my $i = $part{$part};
	my ($bad, $tried) = (0, 0);
	my ($s, $n) = first('pipe', 'sha-256');
	my ($proof) = Scram::proof(Scram::keys('sha256', 'pencil', $s, $n),
	    $message);
	my @good = ('pipe', $message, decode_base64($proof));
	for (my $bit = 0; $bit < 8 * length $good[$i]; $bit += 5) {
		my @data = @good;
		vec($data[$i], $bit, 1) ^= 1;
		$_ = b64($_) for @data[1, 2];
		next if $data[0] =~ /[\n\0]/;
		$tried++;
		$bad++ if request('scram-sha-256', @data) ne "FAIL\n";
	}
	ok $tried > 3, "$tried bits of $part";
	is $bad, 0, 'none was accepted';
}
for my $change (
	['no proof', sub { pop @{ $_[0] } }],
	['an empty proof', sub { $_[0][2] = '' }],
	['a short proof', sub { $_[0][2] = b64('x' x 31) }],
	['a long proof', sub { $_[0][2] = b64(decode_base64($_[0][2]) . 'x') }],
	['a proof that is no base64', sub { $_[0][2] .= '!' }],
	['a message that is no base64', sub { $_[0][1] .= '!' }],
	['an empty message', sub { $_[0][1] = '' }],
	['no user', sub { $_[0][0] = '' }],
	['a user in front', sub { unshift @{ $_[0] }, 'pipe' }],
) {
	refused($change->[0], 'pipe', 'pencil', change => $change->[1]);
}
is request('scram-sha-256'), "FAIL\n", 'nothing at all';
is request('scram-sha-256', ''), "FAIL\n", 'an empty user';
is $d->ask("AUTH 22\nimap\nscram-sha-256\npi"), "FAIL\n", 'too short';

# ---- strangers ---------------------------------------------------------------
my @nobody = first('nobody', 'sha-256');
is length $nobody[0], 16, 'somebody unknown has a salt';
is $nobody[1], 4096, 'and iterations';
my %seen;
$seen{join ' ', first('nobody', 'sha-256')}++ for 1 .. 20;
is keys %seen, 1, 'the same of all workers';
ok $d->hup(qr/restarting/), 'reload';
is_deeply [first('nobody', 'sha-256')], \@nobody, 'and behind it';
%seen = map { (first($_, 'sha-256'))[0] => 1 } 'a' .. 'h', 'pipe', 'md5';
is keys %seen, 10, 'each has one of his own';
isnt +(first('nobody', 'sha-1'))[0], $nobody[0], 'with each digest';
my @wrong = final('s256', 'x');
is_deeply [final('nobody', 'x')], [$wrong[0], (final('nobody', 'x'))[1]],
    'the replies are the same';

# The time a refusal takes, in ms: of interleaved rounds what a quarter of them
# does not exceed, which is not what else the machine does.
my %who = (nobody => [], s256 => [], pipe => [], md5 => []);
my %proof;
for my $user (keys %who) {
	my ($s, $n) = first($user, 'sha-256');
	($proof{$user}) = Scram::proof(Scram::keys('sha256', 'x', $s, $n),
	    $message);
}
for (1 .. 60) {
	for my $user (sort keys %who) {
		my $t = now();
		request('scram-sha-256', $user, b64($message), $proof{$user});
		push @{ $who{$user} }, 1000 * (now() - $t);
	}
}
my %took = map { $_ => (sort { $a <=> $b } @{ $who{$_} })[15] } keys %who;
my ($low, $high) = (sort { $a <=> $b } values %took)[0, -1];
note join ', ', map { sprintf '%s %.2f ms', $_, $took{$_} } sort keys %who;
ok $high < 2 * $low, 'refusals take the same time';

# ---- trouble, settings -------------------------------------------------------
is request('scram-sha-256', 'dead'), '', 'a module in trouble: no answer';
yes('s256', 'pencil');
unlike $d->log, qr/pencil|\Q$salt\E/, 'no secret in the log';
$d->stop;
rc($list, "DEBUG_LOGIN=1\nCHAPAR_SCRAM_ITERATIONS=5000\n");
$d->start;
yes('pipe', 'pencil');
refused('wrong, with debug lines', 's256', 'pencils');
like $d->log, qr/scram validation failed/, 'they are there';
my $stored = (split /,/, $form{s256})[2];
unlike $d->log, qr/pencil|\Q$stored\E/, 'without the secret';
is +(first($_, 'sha-256'))[1], 5000, 'other iterations' for 'pipe', 'nobody';
isnt +(first('nobody', 'sha-256'))[0], $nobody[0], 'a new life, a new salt';
$d->stop;

# ---- a database ----------------------------------------------------------------
SKIP: {
	skip 'authmysql is not built', 1
	    unless -f "$ENV{top_builddir}/authdaemon/libauthmysql.so";
	skip 'no mariadbd', 1 unless grep { -x } '/usr/sbin/mariadbd',
	    '/usr/libexec/mariadbd';
	my $db = Maria->new;
	$db->sql("use mail; create table t (id varchar(50), crypt varchar(200),
	    clear varchar(50)); insert into t values ('clear', '', 'pencil'),
	    ('stored', '$form{s256}', ''), ('both', '$form{md5}', 'pencil'),
	    ('none', '', ''), ('\xc3\xa9', '', 'pencil')");
	spew($d->conf('authmysqlrc'), <<"EOF");
MYSQL_SERVER 127.0.0.1
MYSQL_PORT $db->{port}
MYSQL_USERNAME mail
MYSQL_PASSWORD mailpw
MYSQL_DATABASE mail
MYSQL_CHARACTER_SET utf8mb4
MYSQL_USER_TABLE t
MYSQL_LOGIN_FIELD id
MYSQL_CRYPT_PWFIELD crypt
MYSQL_CLEAR_PWFIELD clear
MYSQL_UID_FIELD 1
MYSQL_GID_FIELD 2
MYSQL_HOME_FIELD '/h'
EOF
	rc('authmysql authuserdb');
	$d->start;
	yes($_, 'pencil') for 'clear', 'stored', 'both', "\xc3\xa9", 's256';
	refused("wrong password of $_", $_, 'pencils') for 'clear', 'stored', 'both';
	refused('no password at all', 'none', '');
	like $d->login('stored', 'pencil'), qr/^ADDRESS=stored$/m, 'LOGIN';
	$db->stop;
	is request('scram-sha-256', 'clear'), '', 'no database: no answer';
}

done_testing();
