#!/usr/bin/perl
# The userdb from its text to a login, and the programs around it.
# SPDX-License-Identifier: ISC
use strict;
use warnings;
use Digest::MD5 qw(md5_base64);
use Digest::SHA;
use FindBin;
use MIME::Base64 qw(encode_base64);
use lib "$FindBin::Bin/../lib";
use Private qw(:all);
use POSIX ();
use Test::More;
use Authd;

my $md5 = '{MD5}' . md5_base64('secret') . '==';
my $a = Authd->new(rc => <<'EOF');
authmodulelist="authuserdb"
daemons=2
EOF

sub out { return $Private::out }

sub text { return slurp($a->conf('userdb')) }

sub is_out {
	my ($want, $name) = @_;
	is out(), $want, $name;
}

# ---- no userdb at all ----
ok !$a->tool('makeuserdb'), 'makeuserdb without a text';
is_out $a->conf('userdb') . ": not found.\n", 'says so';
like $a->login('min', 'secret'), qr/^FAIL$/, 'nobody is known';

# ---- userdb ----
ok $a->tool('userdb', 'min', 'set', 'home=/home/v/min', 'uid=1001',
    'gid=1002', "systempw=$md5"), 'userdb makes a record';
is text(), "min\thome=/home/v/min|uid=1001|gid=1002|systempw=$md5\n",
    'the text';
is sprintf('%o', (stat $a->conf('userdb'))[2] & 07777), '600', 'its mode';
ok $a->tool(\"1000S\n", 'userdb', 'min', 'set', 'quota', 'mail=Maildir2'),
    'a value from standard input';
like text(), qr/\|quota=1000S\|mail=Maildir2\n/, 'is there';
ok $a->tool('userdb', 'min', 'set', 'quota=5S'), 'a new value';
is text(), "min\thome=/home/v/min|uid=1001|gid=1002|systempw=$md5"
    . "|mail=Maildir2|quota=5S\n", 'the others keep their order';
ok $a->tool('userdb', 'min', 'unset', 'quota', 'nosuch'), 'unset';
unlike text(), qr/quota/, 'quota is gone';
ok $a->tool('userdb', $_, 'unset', 'a'), 'unset of nobody' for 'nobody';
ok $a->tool('userdb', 'nobody', 'del'), 'del of nobody';
unlike text(), qr/nobody/, 'makes no record';
for my $bad ('a=b|c', "a=b\nc", '=x') {
	my $was = text();
	ok !$a->tool('userdb', 'min', 'set', $bad), 'a bad field or value';
	is_out "Invalid field or value.\n", 'is told';
	is text(), $was, 'and nothing changed';
}
ok !$a->tool('userdb', 'min', 'bogus', 'x'), 'a bad verb';
like out(), qr/^Usage: .*\] ?name set field=value field=value\.\.\.$/m, 'usage';
ok $a->tool('userdb', 'two', 'set', 'home=/home/v/two', 'uid=1003',
    'gid=1003', 'options=disableimap=1,group=g'), 'a second one';
ok $a->tool('userdb', '-show'), '-show';
is_out "min\ntwo\n", 'names';
ok $a->tool('userdb', '-show', 'two'), '-show NAME';
is_out "home=/home/v/two\nuid=1003\ngid=1003\noptions=disableimap=1,group=g\n",
    'fields';
ok $a->tool('userdb', '-show', 'nobody'), '-show of nobody';
is_out '', 'prints nothing';
ok $a->tool('userdb', '-f', $a->conf('other'), 'x', 'set', 'uid=7'), '-f';
is slurp($a->conf('other')), "x\tuid=7\n", 'another file';

# ---- makeuserdb ----
chmod 0640, $a->conf('userdb');
ok !$a->tool('makeuserdb'), 'a text that others can read';
is_out $a->conf('userdb') . ": MAY NOT HAVE GROUP OR WORLD PERMISSIONS!!\n",
    'is refused';
ok !-e $a->conf('userdb.dat'), 'nothing was made';
chmod 0600, $a->conf('userdb');
ok $a->tool('makeuserdb'), 'makeuserdb';
is_out '', 'says nothing';
is sprintf('%o', (stat $a->conf('userdb.dat'))[2] & 07777), '644', 'modes';
is sprintf('%o', (stat $a->conf('userdbshadow.dat'))[2] & 07777), '600', 'modes';
SKIP: {
	eval { require GDBM_File; 1 } or skip 'no GDBM_File', 3;
	tie my %db, 'GDBM_File', $a->conf('userdb.dat'),
	    &GDBM_File::GDBM_READER, 0 or skip 'not a GDBM file', 3;
	is $db{min}, 'home=/home/v/min|uid=1001|gid=1002|mail=Maildir2|_=',
	    'the record without its password';
	untie %db;
	tie %db, 'GDBM_File', $a->conf('userdbshadow.dat'),
	    &GDBM_File::GDBM_READER, 0 or die;
	is $db{min}, "systempw=$md5", 'its password';
	ok !exists $db{two}, 'no record without a password';
	untie %db;
}
my @was = map { slurp($a->conf($_)) } qw(userdb.dat userdbshadow.dat);
spew($a->conf('userdb'), text() . "two\tuid=9|systempw=x\n");
ok !$a->tool('makeuserdb'), 'a name that is there twice';
is_out "Cannot store record for two - duplicate or out of disk space.\n",
    'is told';
is_deeply [map { slurp($a->conf($_)) } qw(userdb.dat userdbshadow.dat)],
    \@was, 'both databases stay';		# 10.2 #23
ok !-e $a->conf($_), "no $_" for qw(userdb.tmp userdbshadow.tmp);
my $good = text();
$good =~ s/two\tuid=9.*\n//;
spew($a->conf('userdb'), $good);

# ---- logins ----
like $a->ask("PRE . imap min\n"), qr{^UID=1001\nGID=1002\nHOME=/home/v/min\n
    ADDRESS=min\nMAILDIR=Maildir2\nPASSWD=\Q$md5\E\n\.\n\z}x, 'PRE';
like $a->login('min', 'secret'), qr/^PASSWD2=secret\n\.\n\z/m, 'login';
is $a->login('min', 'Secret'), "FAIL\n", 'a wrong password';
is $a->login('two', ''), "FAIL\n", 'no password stored, none given';
is $a->login('min', ''), "FAIL\n", 'no password given';
ok $a->tool('authtest', 'min', 'secret'), 'authtest';
is_out <<"EOF", 'prints the account';
Authentication succeeded.

     Authenticated: min  (uid 1001, gid 1002)
    Home Directory: /home/v/min
           Maildir: Maildir2
             Quota: (none)
Encrypted Password: $md5
Cleartext Password: secret
           Options: (none)
EOF
ok !$a->tool('authtest', 'min', 'wrong'), 'authtest, wrong password';
is_out "Authentication FAILED: Operation not permitted\n", 'says so';
ok !$a->tool('authtest', "a\nb", 'c'), 'authtest, control byte';
is_out "Authentication FAILED: Invalid argument\n", 'says so';
ok !$a->tool('authtest'), 'authtest alone';
is_out "Usage: authtest [-s service] userid [ password [ newpassword ] ]\n",
    'usage';

# Another service's own password.
ok $a->tool('userdb', 'min', 'set', 'pop3pw={MD5}' . md5_base64('pop') . '=='),
    'pop3pw';
ok $a->tool('makeuserdb'), 'makeuserdb';
like $a->login('min', 'pop', 'pop3'), qr/^ADDRESS=min$/m, 'pop3';
is $a->login('min', 'secret', 'pop3'), "FAIL\n", 'no falling back';
like $a->login('min', 'secret', 'imap'), qr/^ADDRESS=min$/m, 'imap';

# ---- CRAM ----
my %digest = (md5 => sub { require Digest::HMAC_MD5;
	Digest::HMAC_MD5::hmac_md5_hex(@_) },
    sha1 => \&Digest::SHA::hmac_sha1_hex,
    sha256 => \&Digest::SHA::hmac_sha256_hex);
$digest{md5} = \&hmac_md5 unless eval { require Digest::HMAC_MD5; 1 };

sub hmac_md5 {
	my ($data, $key) = @_;
	$key = Digest::MD5::md5($key) if length $key > 64;
	$key .= "\0" x (64 - length $key);
	return Digest::MD5::md5_hex(($key ^ ("\x5c" x 64)),
	    Digest::MD5::md5(($key ^ ("\x36" x 64)), $data));
}

sub cram {
	my ($hash, $user, $password, $service) = @_;
	my $challenge = '<12.34@host>';
	my $data = ($service || 'imap') . "\ncram-$hash\n"
	    . encode_base64($challenge, '') . "\n" . encode_base64(
	    "$user " . $digest{$hash}->($challenge, $password), '') . "\n";
	return $a->ask('AUTH ' . length($data) . "\n$data");
}

for my $hash (qw(md5 sha1 sha256)) {
	is cram($hash, 'min', 'secret'), "FAIL\n", "no $hash secret yet";
	ok $a->tool(\"secret\n", 'userdbpw', "-hmac-$hash"), "userdbpw $hash";
	chomp(my $state = out());
	ok $a->tool('userdb', 'min', 'set', "hmac-${hash}pw=$state"), 'set';
	ok $a->tool('makeuserdb'), 'makeuserdb';
	like cram($hash, 'min', 'secret'), qr/^ADDRESS=min\n.*\.\n\z/ms,
	    "cram-$hash";
	is cram($hash, 'min', 'wrong'), "FAIL\n", "cram-$hash, wrong";
	is cram($hash, 'two', ''), "FAIL\n", "cram-$hash, no secret";
}
ok $a->tool(\"special\n", 'userdbpw', '-hmac-sha1'), 'userdbpw';
chomp(my $special = out());
ok $a->tool('userdb', 'min', 'set', "pop3-hmac-sha1pw=$special"), 'set';
ok $a->tool('makeuserdb'), 'makeuserdb';
like cram('sha1', 'min', 'special', 'pop3'), qr/^ADDRESS=min$/m,
    'the service\'s own secret';
is cram('sha1', 'min', 'secret', 'pop3'), "FAIL\n", 'counts alone';

# ---- change of a password ----
ok !$a->tool('authtest', 'min', 'wrong', 'new'), 'wrong old password';
is_out "Authentication FAILED: Operation not permitted\n", 'says so';
ok !$a->tool('authtest', 'min', 'secret', ''), 'an empty one';
ok $a->tool('authtest', '-s', 'imap', 'min', 'secret', 'n=e|w\'s'),
    'password changed' or diag $a->log;
is_out "Password change succeeded.\n", 'says so';
like $a->login('min', 'n=e|w\'s'), qr/^ADDRESS=min$/m, 'the new one';
is $a->login('min', 'secret'), "FAIL\n", 'the old one';
like text(), qr/systempw=\{MD5\}[^|]+\|/, 'stored as the old one was';	# 10.2 #7
like cram($_, 'min', 'n=e|w\'s'), qr/^ADDRESS=min$/m, "cram-$_, new"
    for qw(md5 sha1 sha256);
like $a->login('min', 'pop', 'pop3'), qr/^ADDRESS=min$/m,
    'the other service keeps its password';
like cram('sha1', 'min', 'special', 'pop3'), qr/^ADDRESS=min$/m,
    'and its secret';
is sprintf('%o', (stat $a->conf('userdb'))[2] & 07777), '600', 'mode';
is $a->ask("PASSWD imap\tnobody\tx\ty\n"), "FAIL\n", 'nobody';
is $a->ask("PASSWD imap\tmin\tn=e|w's\tsecret\n"), "OK\n", 'and back';

# ---- a folder of texts ----
rename $a->conf('userdb'), $a->conf('u');
mkdir $a->conf('userdb'), 0700;
mkdir $a->conf('userdb/d'), 0700;
rename $a->conf('u'), $a->conf('userdb/default');
spew($a->conf('userdb/d/more'),
    "deep\thome=/h|uid=1|gid=1|systempw=$md5\n1=\tdeep\nkeyonly\n", 0600);
spew($a->conf('userdb/.hidden'), "hidden\thome=/h|uid=1|gid=1\n", 0600);
spew($a->conf('userdb/default~'), "backup\thome=/h|uid=1|gid=1\n", 0600);
unlink $a->conf('userdb.dat');
is $a->login('min', 'secret'), "FAIL\n", 'a folder without a database';
ok $a->tool('makeuserdb'), 'makeuserdb of a folder' or diag out();
like $a->login('deep', 'secret'), qr/^ADDRESS=deep$/m, 'from below';
is $a->ask("PRE . imap $_\n"), "FAIL\n", "$_ is not read"
    for qw(hidden backup keyonly 1=);
SKIP: {
	eval { require GDBM_File; 1 } or skip 'no GDBM_File', 3;
	tie my %db, 'GDBM_File', $a->conf('userdb.dat'),
	    &GDBM_File::GDBM_READER, 0 or skip 'not a GDBM file', 3;
	is $db{deep}, 'home=/h|uid=1|gid=1|_=d/more/', 'location';
	is $db{'1='}, 'deep', 'the record that finds a name';	# 10.2 #11
	is $db{keyonly}, '1', 'a key alone';
	untie %db;
}
ok $a->tool('authtest', 'deep', 'secret', 'new'), 'change below';
like slurp($a->conf('userdb/d/more')), qr/^deep\thome=\/h\|uid=1\|gid=1\|systempw=\{MD5\}/,
    'in its file';
like $a->login('deep', 'new'), qr/^ADDRESS=deep$/m, 'counts';
ok $a->tool('userdb', 'd/more/deep', 'set', 'gecos=Deep'), 'userdb d/more/deep';
ok $a->tool('userdb', '-show', 'd/more/deep'), '-show';
like out(), qr/^gecos=Deep$/m, 'its field';
ok $a->tool('userdb', '-show', 'd/more'), '-show of a file';
like out(), qr/^deep$/m, 'its names';
ok !$a->tool('userdb', 'deep', 'set', 'a=b'), 'no file named';
like out(), qr/: not a file\.$/, 'says so';
spew($a->conf('userdb/x.dpkg-old'), "old\tuid=1\n", 0600);
ok !$a->tool('makeuserdb'), 'what a package manager left';
like out(), qr/x\.dpkg-old: left by a package manager/, 'is told';
unlink $a->conf('userdb/x.dpkg-old');

# ---- lists ----
ok $a->tool('authenumerate'), 'authenumerate' or diag $a->log;
is join('', sort split /^/m, out()), "deep\t1\t1\t/h\t\n"
    . "min\t1001\t1002\t/home/v/min\tMaildir2\n"
    . "two\t1003\t1003\t/home/v/two\t\n", 'all accounts';
ok $a->tool('authenumerate', '-o'), 'authenumerate -o';
like out(), qr/^two\t1003\t1003\t\/home\/v\/two\t\tdisableimap=1,group=g$/m,
    'options';
ok $a->tool('userdb', 'default/two', 'set', 'options=disableshared=1'), 'set';
ok $a->tool('makeuserdb'), 'makeuserdb';
ok $a->tool('authenumerate', '-s'), 'authenumerate -s';
unlike out(), qr/^two/m, 'leaves out who shares nothing';
ok !$a->tool('authenumerate', '-x'), 'a bad option';
is_out "Usage: authenumerate [-s] [-o]\n", 'usage';
like $a->ask("ENUMERATE\n"), qr/^# authuserdb\n\n(?:[^\n]*\n){3}\.\n\z/,
    'ENUMERATE on the wire';

# ---- a database that cannot be read is no "no" ----
spew($a->conf('userdb.dat'), "garbage\n" x 1000);
is $a->ask("PRE . imap min\n"), '', 'garbage: temporary';
like $a->log, qr/^ERR: userdb: failed to open .*userdb\.dat/m, 'logged';
is $a->ask("ENUMERATE\n"), "# authuserdb\n\n", 'a list that does not end';
ok !$a->tool('authenumerate'), 'authenumerate fails';
ok $a->tool('makeuserdb'), 'made anew';
ok !-e $a->conf('userdb.tmp'), 'no leftovers';
like $a->login('deep', 'new'), qr/^ADDRESS=deep$/m, 'all is well';
spew($a->conf('userdbshadow.dat'), "garbage\n" x 1000);
is $a->ask("PRE . imap min\n"), '', 'secrets too';
ok $a->tool('makeuserdb'), 'made anew';

# uid 0
ok $a->tool('userdb', 'default/root', 'set', 'home=/', 'uid=0', 'gid=0',
    "systempw=$md5"), 'uid 0';
ok $a->tool('makeuserdb'), 'makeuserdb';
is $a->login('root', 'secret'), "FAIL\n", 'nobody becomes root';	# 10.2 #30
like $a->log, qr/^ERR: userdb: root is refused: '0' is no value for uid$/m,
    'logged';

# The tools of both makers exclude each other: flock, as Perl has it.
spew($a->conf('other'), "x\tuid=7\n", 0600);
for my $lock ('.lock.other', 'other.lock') {
	require Fcntl;
	open my $fh, '+>>', $a->conf($lock) or die;
	flock $fh, Fcntl::LOCK_EX() or die;
	my @prog = $lock eq 'other.lock' ? ("makeuserdb", '-f',
	    $a->conf('other')) : ('userdb', '-f', $a->conf('other'), 'x',
	    'set', 'uid=8');
	$prog[0] = "$a->{build}/authdaemon/$prog[0]";
	my $pid = Private::start({ env => $a->{env} }, @prog);
	ok !wait_for(1, sub { waitpid($pid, POSIX::WNOHANG()) != 0 }),
	    "$lock: waits";
	close $fh;
	ok wait_for(60, sub { waitpid($pid, POSIX::WNOHANG()) != 0 }),
	    "$lock: goes on";
	is $?, 0, 'and is content';
}
is slurp($a->conf('other')), "x\tuid=8\n", 'changed';

# The mode stays.
chmod 0640, $a->conf('other');
ok $a->tool('userdb', '-f', $a->conf('other'), 'x', 'set', 'uid=9'), 'set';
is sprintf('%o', (stat $a->conf('other'))[2] & 07777), '640', 'mode';
ok $a->tool('userdb', 'x', 'set'), 'no fields: nothing to do';
ok $a->tool('userdb', '-show', '-f', $a->conf('nosuch')), '-show of no file';
is_out '', 'is empty';

# Words that begin with "-" are words.
ok !$a->tool('authtest', 'deep', '-x'), 'authtest: a password with -';
is_out "Authentication FAILED: Operation not permitted\n", 'is one';
ok $a->tool('authtest', '-', 'deep', 'new'), 'authtest -';
ok !$a->tool('authtest', ''), 'authtest of nobody';
is_out "Authentication FAILED: Operation not permitted\n", 'says so';

# The shadow file's password counts if it has one.
spew($a->conf('pw'), "u:abc:1:1::/h:\nx:x:2:1::/h:\n");
spew($a->conf('sh'), "u:zzz:1\n");
ok $a->tool('pw2userdb', '--passwd=' . $a->conf('pw'),
    '--shadow=' . $a->conf('sh')), 'pw2userdb';
is_out "u\tuid=1|gid=1|home=/h|systempw=zzz\n1=\tu\nx\tuid=2|gid=1|home=/h\n"
    . "2=\tx\n", 'its lines';

# Links.
rename $a->conf('userdb'), $a->conf('real');
symlink $a->conf('real'), $a->conf('userdb');
ok !$a->tool('makeuserdb'), 'a symbolic link';
is_out "ERROR: Wrong makeuserdb command.\n       (" . $a->conf('userdb')
    . " is a symbolic link)\n", 'is refused';
ok !$a->tool('userdb', 'default/x', 'set', 'uid=1'), 'by userdb too';
unlink $a->conf('userdb');
rename $a->conf('real'), $a->conf('userdb');

# ---- passwords ----
my %form = ('' => qr/^\$1\$[^\$]{8}\$/, md5 => qr/^\{MD5\}/,
    MD5RAW => qr/^\{MD5RAW\}[0-9a-f]{32}$/, sha => qr/^\{SHA\}/,
    sha1 => qr/^\{SHA\}/, sha256 => qr/^\{SHA256\}/,
    sha512 => qr/^\{SHA512\}/, ssha => qr/^\{SSHA\}/,
    nosuch => qr/^\{SSHA\}/);
for my $method (sort keys %form) {
	ok $a->tool(\"a b\n", 'authpasswd', $method ne '' ? $method : ()),
	    "authpasswd $method";
	like out(), $form{$method}, 'its form';
	chomp(my $stored = out());
	ok $a->tool('userdb', 'default/pw', 'set', 'home=/h', 'uid=9', 'gid=9',
	    "systempw=$stored"), 'stored';
	ok $a->tool('makeuserdb'), 'makeuserdb';
	like $a->login('pw', 'a b'), qr/^ADDRESS=pw$/m, 'and accepted';
}
ok !$a->tool('authpasswd'), 'no line';
ok !$a->tool('userdbpw', '-foo'), 'userdbpw, bad option';
is_out "$a->{build}/authdaemon/userdbpw: invalid argument.\n", 'says so';
# 10.2 #26: no salt comes again.
for my $how ([], ['-md5']) {
	my %salt;
	for (1 .. 50) {
		$a->tool(\"x\n", 'userdbpw', @$how);
		$salt{$1}++ if out() =~ /^\$1\$([^\$]{8})\$[^\$]{22}$/;
	}
	is scalar(keys %salt), 50, "userdbpw @$how: its form, with salts";
}

# ---- pw2userdb ----
spew($a->conf('passwd'), <<'EOF');
root:x:0:0:root:/root:/bin/sh
joe:x:1001:1002:Joe|User,,,:/home/joe:/bin/sh
jim:abNANd1rDfiNc:1001:1002::/home/jim:
+::::::
EOF
spew($a->conf('shadow'), "root:*:1::::::\njoe:\$1\$abc\$x:1::::::\n");
my @files = ('--passwd=' . $a->conf('passwd'),
    '--shadow=' . $a->conf('shadow'));
ok $a->tool('pw2userdb', @files), 'pw2userdb';
is_out <<'EOF', 'its lines';
root	uid=0|gid=0|home=/root|shell=/bin/sh|systempw=*|gecos=root
0=	root
joe	uid=1001|gid=1002|home=/home/joe|shell=/bin/sh|systempw=$1$abc$x|gecos=Joe.User,,,
1001=	joe
jim	uid=1001|gid=1002|home=/home/jim|systempw=abNANd1rDfiNc
EOF
spew($a->conf('userdb/default'), out(), 0600);
unlink $a->conf('userdb/d/more');
ok $a->tool('makeuserdb'), 'makeuserdb takes them';
like $a->login('jim', 'secret'), qr/^ADDRESS=jim$/m, 'with their passwords';
ok $a->tool('pw2userdb', $files[0], '--noshadow', '--nouid',
    '--domain=x.org'), 'pw2userdb with options';
like out(), qr/^joe\@x\.org\tuid=1001\|gid=1002\|home=\/home\/joe\|shell=\/bin\/sh\|gecos=/m,
    'domain, no secret';
unlike out(), qr/^\d+=/m, 'no numbers';
ok !$a->tool('pw2userdb', '--bogus'), 'a bad option';
is_out "Unknown option: bogus\nInvalid options.\n", 'says so';

# ---- vchkpw2userdb ----
my $vpop = workdir() . '/vpopmail';
mkdir $_ for $vpop, map { "$vpop/$_" } qw(users domains domains/a.test
    domains/0 domains/0/b.test domains/empty);
spew("$vpop/users/vpasswd", "old:abNANd1rDfiNc:1:0::/v/old:NOQUOTA\n");
spew("$vpop/domains/a.test/vpasswd",
    "ann:abNANd1rDfiNc:1:0:Ann|A:/v/ann:10485760S,1000C:clear\n"
    . "bob:abNANd1rDfiNc:0:10::/v/bob:2000000\n");
spew("$vpop/domains/0/b.test/vpasswd", "cid:abNANd1rDfiNc:1:5::/v/cid:NOQUOTA\n");
symlink 'a.test', "$vpop/domains/default";
chown 700, 701, $vpop if $> == 0;
my ($uid, $gid) = (stat $vpop)[4, 5];
my $ids = "uid=$uid|gid=$gid";
my $crypt = 'systempw=abNANd1rDfiNc';
SKIP: {
	skip 'a user vpopmail is here', 10 if getpwnam 'vpopmail';
	ok $a->tool('vchkpw2userdb', "--vpopmailhome=$vpop"), 'vchkpw2userdb';
	my %text = (a => "$ids|home=/v/ann|quota=10485760S,1000C|$crypt|gecos=Ann.A\n",
	    b => "$ids|home=/v/bob|quota=2000000S|$crypt|"
	    . "options=disablepop3=1,disableimap=1\n",
	    c => "$ids|home=/v/cid|$crypt|"
	    . "options=wbnochangepass=1,disablewebmail=1\n");
	my $a_test = "ann\@a.test\t$text{a}bob\@a.test\t$text{b}";
	is_out "old\t$ids|home=/v/old|$crypt\n${a_test}ann\t$text{a}"
	    . "bob\t$text{b}cid\@b.test\t$text{c}", 'its lines';
	unlink glob $a->conf('userdb/*');
	my $dir = $a->conf('userdb/vpopmail');
	ok $a->tool('vchkpw2userdb', "--vpopmailhome=$vpop", "--todir=$dir"),
	    '--todir';
	is_out '', 'prints nothing';
	is join(' ', files_of($dir)), 'a.test b.test default users', 'its files';
	is slurp("$dir/a.test"), $a_test, 'one of them';
	unlink "$dir/default";
	symlink '/dev/null', "$dir/default";
	ok $a->tool('vchkpw2userdb', "--vpopmailhome=$vpop", "--todir=$dir")
	    && -l "$dir/default", 'a link stays';
	ok $a->tool('makeuserdb'), 'makeuserdb takes them' or diag out();
	like $a->login('ann@a.test', 'secret'),
	    qr/^QUOTA=10485760S,1000C$/m, 'with passwords and quotas'
	    if $> == 0;
	ok !$a->tool('vchkpw2userdb', '--vpopmailhome=/nonexistent'),
	    'no such folder';
}
done_testing();
