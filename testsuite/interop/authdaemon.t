#!/usr/bin/perl
# The same requests to Courier's authdaemond and to ours, the same files under
# both: replies byte for byte, but for a list of differences that are meant.
# Then the tools, and each other's databases.  SPDX-License-Identifier: ISC
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Private qw(:all);
use Test::More;
use AuthPair;
use Maria;

need('mariadbd');

my @both = my ($ours, $theirs) = pair();
my $md5 = md5('secret');
my $hello = md5('hello');

# ---- the userdb ----
my $opts = 'disableimap=1,sharedgroup=g1';
put('userdb', <<"EOF" . "long\thome=/" . 'h' x 9000 . "|uid=5|gid=2|systempw=$md5\n", 0600);
min	home=/h|uid=1|gid=2|systempw=$md5|imappw=$hello
test\@example.com	home=/home/v/test|uid=1001|gid=1002|mail=/home/v/test/Maildir2|quota=1000S|gecos=Test User, Room 5|options=$opts|systempw=$md5|hmac-md5pw=cd3ba7deaad6e5ca23448ba42e379747a9e0f7f1fbc00c8a81bbaac395731b56
a b	home=/ab|uid=1|gid=2|flag|mail
zero	home=/h|uid=0|gid=0|systempw=$md5
nohome	uid=1|gid=2
emptyhome	home=|uid=1|gid=2
baduid	home=/h|uid=1x|gid=2
neg	home=/h|uid=-1|gid=2
big	home=/h|uid=4294967296|gid=2
keyonly
1001=	test\@example.com
own	home=/h|uid=1|gid=2|_=x|options=
emptypw	home=/h|uid=1|gid=2|systempw=
comma	home=/h|uid=1|gid=2|gecos=,x|quota=|mail=
hash#x	home=/h|uid=5|gid=2
EOF
for my $s (@both) {
	$s->rc("authmodulelist=\"authuserdb nosuch\"\ndaemons=1\n"
	    . "AUTHDAEMON_TEMPFAIL=close\nDEFAULTOPTIONS=\"disableimap=0,disablepop3=1,group=a,group=b,"
	    . "flag\"\n");
	ok $s->tool('makeuserdb'), 'makeuserdb' or diag $Private::out;
	$s->start;
}
my $min = login('min', 'hello');
same(map { ("PRE . imap $_\n", "PRE . pop3 $_\n", "PRE . courier $_\n") }
    'min', 'test@example.com', 'a b', 'nohome', 'emptyhome', 'keyonly',
    '1001=', 'own', 'emptypw', 'comma', 'hash#x', 'nobody', 'MIN', ' min',
    "\tmin", 'min@', '=', '1001', "min\t", "min\r", "min\0x", "\xff\xfe", '');
same("PRE authuserdb imap min\n", "PRE authpam imap min\n",
    "PRE   .  imap   min\n", "PRE\t.\timap\tmin\n", "PRE . imap\n", "PRE .\n",
    "PRE\n", "FOO\n", "pre . imap min\n", "\n", "\n\nPRE . imap min\n",
    "PRE . imap min\nPRE . imap min\n", " PRE . imap min\n",
    "PRE\0 . imap min\n", "PRE . imap " . 'x' x 8179 . "\n", 'x' x 8190 . "\n");
same(map { "$_\nPRE . imap min\n" } 'X=y', '=z', '=', 'A B=C', 'A=B C',
    "TCPREMOTEIP=1\nTCPREMOTEIP=2", 'PRE=1', ' X=1', "X=1\0", "\0X=1",
    'X=' . 'y' x 8188, "X=\xff");
same($min, auth("imap\nlogin\nmin\nhello"), login('min', 'secret'),
    auth("pop3\nlogin\nmin\nsecret\n"), auth("pop3\nlogin\nmin\nsecret\nx\n"),
    auth("imap\nlogin\n\n\nmin\n\nhello\n"), auth("\nlogin\nmin\nhello\n"),
    auth("imap\n\nmin\nhello\n"), auth("imap\nLOGIN\nmin\nhello\n"),
    login('min', ''), login('', 'x'), auth("imap\nlogin\n"),
    auth("imap\nlogin"), auth('imap'), auth(''), "AUTH 1\n\n",
    "AUTH 2\n\n\n", auth("imap\nplain\nmin\nhello\n"),
    auth("imap\nlogin\nmin\0x\nhello\n"), login('min', "hello\0x"),
    auth("im\0ap\nlogin\nmin\nhello\n"), login('emptypw', ''),
    login('emptypw', 'x'), login('a b', 'x'), login("min\r", "hello\r"),
    auth("imap x\nlogin\nmin\nhello\n"), "X=1\n$min");
same(map { $_ . "\nimap\nlogin\nmin\nhello\n" } 'AUTH 21junk', 'AUTH 021',
    'AUTH  21', 'AUTH 21 ', 'AUTH 21.5', "AUTH\t21", 'AUTH -1', 'AUTH xyz',
    'AUTH', 'AUTH ', 'AUTH 99999999999999999999');
same("AUTH 8191\nimap\nlogin\nmin\n" . 'x' x 8176);
my $cram = 'dGVzdEBleGFtcGxlLmNvbSA5YWRiM2Q1Mzc4YzMxY2Y2ZGJjNzVjY2JkNjdiMjY1MA==';
my $challenge = 'PGFiY0Bob3N0Pg==';
same(map { auth("imap\ncram-$_\n") } "MD5\n$challenge\n$cram",
    "md5\n$challenge\n$cram!", "md5\n$challenge\n$cram!!",
    "md5\n$challenge\n" . substr($cram, 0, -2), "md5\n$challenge\n",
    "md5\n$challenge\nx", "md5\n$challenge\r\n$cram\r", "md5\n$challenge\n $cram",
    "sha1\n$challenge\n$cram", "sha512\n$challenge\n$cram", "\n$challenge\n$cram",
    "md5\n!!!!\nx", 'md5');
same("PASSWD imap\tmin\twrong\tnew\n", "PASSWD imap\tmin\twrong\n",
    "PASSWD imap\tmin\n", "PASSWD\n", "PASSWD \n", "PASSWD \t\t\t\n",
    "PASSWD imap\tmin\thel\x01lo\tnew\n", "PASSWD imap\tnobody\tx\tnew\n",
    "PASSWD imap\tmin\t\tnew\n", "PASSWD imap\tmin\twrong\tnew\tx\n",
    "PASSWD imap\ta/b\twrong\tnew\n", "PASSWD imap\tmin=\twrong\tnew\n",
    "PASSWD imap\tmin\t\xff\tnew\n", "PASSWD\timap\tmin\thello\tnew\n",
    "X=1\nPASSWD imap\tmin\twrong\tnew\n", "PASSWD imap min hello new\n");
same("ENUMERATEx\n", "enumerate\n");

for my $name ('zero', 'baduid', 'neg', 'big') {
	differs('ids must be plain numbers, not 0', "PRE . imap $name\n",
	    "FAIL\n", qr/^ADDRESS=$name$/m);
}
differs('no client can read so long a reply', "PRE . imap long\n", '',
    qr/^HOME=.{9000}/m);
differs('metadata lines are limited', ('X=' . 'y' x 4000 . "\n") x 20
    . "PRE . imap min\n", '', qr/^ADDRESS=min$/m);
differs('a length is digits', "AUTH +21\nimap\nlogin\nmin\nhello\n", '',
    qr/^ADDRESS=min$/m);
differs('a length does not wrap', "AUTH 4294967317\nimap\nlogin\nmin\nhello\n",
    '', qr/^ADDRESS=min$/m);
differs('a service is no verb', auth("ENUMERATE\nlogin\nmin\nx\n"), "FAIL\n",
    qr/\AFAIL\n# authuserdb\n/);
differs('CRAM tells as much as a login', auth("imap\ncram-md5\n$_\n"),
    # 10.2 #13
    qr/^NAME=Test User\nMAILDIR=.*\nQUOTA=1000S$/m,
    qr/\AUID=1001\n(?!(?s:.*)^(?:NAME|QUOTA)=)/m)
    for "$challenge\n$cram", "\n$challenge\n\n$cram";
differs('nobody can log in with an empty password',
    "PASSWD imap\tmin\thello\t\n", "FAIL\n", "OK\n");
{
	my ($x, $y) = map { $_->ask("ENUMERATE\n") } @both;
	$y =~ s/^(?:zero|baduid|neg|big|long)\t.*\n//mg;
	is join('', sort split /^/, $x), join('', sort split /^/, $y),
	    'lists, but for what we refuse';
}
$_->stop for @both;

# ---- each other's databases ----
for my $pair ([$ours, $theirs], [$theirs, $ours]) {
	my ($from, $to) = @$pair;
	put('userdb', "min\thome=/h|uid=1|gid=2|systempw=$md5\n2=\tmin\n", 0600);
	ok $from->tool('makeuserdb'), ref($from) . ' makes';
	for ('userdb.dat', 'userdbshadow.dat') {
		unlink $to->conf($_);
		spew($to->conf($_), slurp($from->conf($_)), 0600);
	}
	$to->start;
	like $to->ask(auth("imap\nlogin\nmin\nsecret\n")),
	    qr/^PASSWD2=secret$/m, ref($to) . ' reads';
	like $to->ask("ENUMERATE\n"), qr{^min\t1\t2\t/h\t}m, 'and lists';
	$to->stop;
}

# ---- tools ----
sub tool_same {
	my (@argv) = @_;
	my @said;
	for my $s (@both) {
		my $ok = $s->tool(@argv) ? 'good' : 'bad';
		(my $conf = $s->conf('')) =~ s,/$,,;
		my $out = $Private::out;
		$out =~ s,\Q$conf\E,/etc/courier,g;
		$out =~ s,\Q$s->{build}\E/(?:authdaemon|sysconf),/usr/sbin,g
		    if $s->{build};
		push @said, "$ok\n$out";
	}
	is $said[0], $said[1], join ' ', map { shown(ref $_ ? "<$$_>" : $_) } @argv;
}
put('userdb', '', 0600);
tool_same('userdb');
tool_same('userdb', 'x', 'bogus');
tool_same('userdb', 'min', 'set', 'home=/h');
tool_same('userdb', 'min', 'set', 'uid=1');
tool_same('userdb', 'x', $_) for 'set', 'unset', 'del';
tool_same(\"secret\n", 'userdb', 'two', 'set', 'systempw');
tool_same('userdb', 'two', 'set', 'a=x|y');
tool_same('userdb', '-show', @$_) for [], ['nobody'], ['two'],
    ['-f', '/nonexistent'], ['-f', '/nonexistent', 'x'];
tool_same('userdb', 'two', 'del');
tool_same('makeuserdb');
tool_same('makeuserdb', '-f', '/nonexistent');
chmod 0640, $_->conf('userdb') for @both;
tool_same('makeuserdb');
tool_same('userdb', 'min', 'set', 'uid=1');
is +(stat $_->conf('userdb'))[2] & 07777, 0640, 'the mode stays' for @both;
for my $s (@both) {
	rename $s->conf('userdb'), $s->conf('u');
	symlink 'u', $s->conf('userdb');
}
tool_same('makeuserdb');
tool_same('userdb', 'x', 'set', 'a=b');
tool_same('userdb', '-show');
unlink $_->conf('userdb') for @both;
put('userdb', "one\thome=/h|uid=1|gid=1|systempw=$md5\n", 0600);
tool_same('makeuserdb');
tool_same(\"secret\n", 'userdbpw', "-hmac-$_") for qw(md5 sha1 sha256);
tool_same(\$_, 'userdbpw', '-hmac-md5') for "\n", 'secret', '';
tool_same('userdbpw', '-x');
tool_same(\"secret\n", 'userdbpw', '-md5', '-hmac-md5');
tool_same(\"secret\n", 'authpasswd', $_)
    for qw(md5 md5raw sha sha256 sha512 MD5);
tool_same(\'', 'authpasswd');
$_->start for @both;
tool_same('authtest', @$_) for ['one'], ['-s', 'imap', 'one'],
    ['-simap', 'one'], ['one', 'secret'], ['one', 'x'], ['nobody'],
    ['one', 'x', 'y'], [], ['-x'], ['-s'], ['-', 'one'],
    ['one', '-s', 'imap'], ["a\tb", 'c'], ['', 'x'], ['one', ''], [''];
tool_same('authenumerate', @$_) for [], ['-s'], ['-o'], ['-x'],
    ['-s', '-o'];
$_->stop for @both;

# ---- authmysql ----
my $db = Maria->new;
$db->sql("create table passwd (id varchar(128) primary key, crypt varchar(128),
    clear varchar(64), name varchar(64), uid varchar(32), gid varchar(32),
    home varchar(128), maildir varchar(128), quota varchar(64),
    options varchar(128), dd varchar(64));
    insert into passwd values
    ('a\@x.org','$md5','','A, x','1','2','/h','Maildir','10S','f=1','./M'),
    ('b\@x.org','','clear','','1','2','/h','','','',''),
    ('both\@x.org','$md5','clear','','1','2','/h','','','',''),
    ('null\@x.org',NULL,NULL,NULL,'1','2','/h',NULL,NULL,NULL,NULL),
    ('zero\@x.org','','c','','0','2','/h','','','',''),
    ('nohome\@x.org','','c','','1','2','','','','',''),
    ('Case\@x.org','','c','','1','2','/h','','','',''),
    ('o''q\@x.org','','c','','1','2','/h','','','',''),
    ('ctl\@x.org','','c','','1','2','/h\nUID=0','','','',''),
    ('nodom','','c','','1','2','/h','','','','')");
my $log = "$db->{dir}/data/queries";
$db->sql("set global general_log_file='$log', global general_log=1");
my $base = "MYSQL_SERVER 127.0.0.1\nMYSQL_PORT $db->{port}\nMYSQL_OPT 0\n"
    . "MYSQL_USERNAME mail\nMYSQL_PASSWORD mailpw\nMYSQL_DATABASE mail\n"
    . "MYSQL_USER_TABLE passwd\nMYSQL_CRYPT_PWFIELD crypt\n"
    . "MYSQL_CLEAR_PWFIELD clear\n##NAME: MARKER:0\n";
my $full = "MYSQL_NAME_FIELD name\nMYSQL_MAILDIR_FIELD maildir\n"
    . "MYSQL_QUOTA_FIELD quota\nMYSQL_AUXOPTIONS_FIELD options\n";

sub with_mysql {
	my ($text, $code) = @_;
	with({ authmysqlrc => $text }, "authmodulelist=\"authmysql\"\n"
	    . "daemons=1\nDEFAULTOPTIONS=\"disableimap=0,flag\"\n", $code);
}

# The same reply from the same query.
sub same_sql {
	for my $r (@_) {
		my (@sql, @got);
		for my $s (@both) {
			my $before = -s $log;
			push @got, $s->ask($r, 40);
			push @sql, join '|', grep { /^(?:SELECT|UPDATE)/ }
			    substr(slurp($log), $before) =~ / Query\t(.*)/g;
		}
		# Ours minds MYSQL_WHERE_CLAUSE in an UPDATE as well.
		$sql[0] =~ s/(UPDATE .*) AND \(1=1\)$/$1/;
		is $got[0], $got[1], shown($r);
		is $sql[0], $sql[1], 'its query';
	}
}

with_mysql($base . $full, sub {
	same_sql(map { ("PRE . imap $_\n", "PRE . courier $_\n") } 'a@x.org',
	    'b@x.org', 'both@x.org', 'null@x.org', 'Case@x.org', 'case@x.org',
	    "o'q\@x.org", 'nodom', 'nobody', 'a@', '@x.org', "a\@x.org\\", 'x"y',
	    'a b', '%', '$(domain)');
	same_sql(login('a@x.org', 'secret'), login('a@x.org', 'wrong'),
	    login('b@x.org', 'clear'), login('b@x.org', 'clea'),
	    login('both@x.org', 'clear'), login('both@x.org', 'secret'),
	    login('null@x.org', 'x'), login("o'q\@x.org", 'c'),
	    "PASSWD imap\ta\@x.org\twrong\tnew\n",
	    "PASSWD imap\ta\@x.org\tsecret\tsecret\n",
	    "PASSWD imap\tboth\@x.org\tclear\tclear\n");
	differs('trouble is no wrong password', login("$_\@x.org", 'c'), '',
	    "FAIL\n") for 'zero', 'nohome';
	differs('no forged attribute', "PRE . imap ctl\@x.org\n",
	    qr/\AUID=1\nGID=2\nHOME=\/h\nADDRESS/, qr/^HOME=\/h\nUID=0\n/m);
	my ($x, $y) = map { $_->ask("ENUMERATE\n") } @both;
	$y =~ s/^ctl\@x\.org\t.*\n.*\n|^zero\@.*\n//mg;
	is $x, $y, 'lists, but for what we refuse';
});
with_mysql("${base}DEFAULT_DOMAIN x.org\n${full}MYSQL_WHERE_CLAUSE uid <> 5\n",
    sub { same_sql("PRE . imap a\n", "PRE . imap nodom\n", "PRE . imap a\@\n") });
with_mysql("${base}MYSQL_DEFAULTDELIVERY_FIELD dd\n",
    sub { same_sql("PRE . courier a\@x.org\n", "PRE . imap a\@x.org\n") });
with_mysql($base . <<'EOF', sub {
DEFAULT_DOMAIN d.org
MYSQL_SELECT_CLAUSE SELECT id, crypt, clear, uid, gid, home, '$(service)', \
  '$(domain)', '$(local_part)', '$(nosuch)$x$' FROM passwd \
  WHERE id='$(local_part)@x.org'
MYSQL_ENUMERATE_CLAUSE SELECT id, uid, gid, home, '$(service)-$(local_part)-$(domain)' FROM passwd WHERE id='a@x.org'
MYSQL_CHPASS_CLAUSE UPDATE passwd SET clear='$(newpass)',crypt='$(newpass_crypt)' WHERE id='$(local_part)@x.org'
EOF
	same_sql("PRE . imap a\n", "PRE . imap a\@\$(service)\n",
	    "PRE . imap a\@b\@c\n", "PRE . imap a\@\n", "PRE . imap o'q\n",
	    "ENUMERATE\n", "PASSWD imap\tboth\tsecret\tsecret\n");
	differs('a service is escaped too', "PRE . i'm a\n",
	    qr/^MAILDIR=i'm$/m, '');
});
for my $bad ("MYSQL_UID_FIELD nosuch\n", "MYSQL_SELECT_CLAUSE SELECT id, "
    . "crypt, clear, uid, gid FROM passwd WHERE id='a\@x.org'\n") {
	with_mysql($base . $bad, sub {
		same("PRE . imap a\@x.org\n");
		differs('trouble is no wrong password',
		    login('a@x.org', 'secret'), '', "FAIL\n");
	});
}
with_mysql($base =~ s/mailpw/wrong/r, sub {
	same("PRE . imap a\n");
	differs('no server is no empty list', "ENUMERATE\n",
	    "# authmysql\n\n", "# authmysql\n\n.\n");
});
done_testing;
