#!/usr/bin/perl
# authmysqlrc as it is found in the field, each served end to end.
# SPDX-License-Identifier: ISC
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Private qw(:all);
use Test::More;
use Accounts;
use Imap;
use Mails;
use Maria;
use Suite;

need_root();
need('mariadbd');

# TEST_SUITE=courier: the original wants a marker line, so it gets one.
my $which = $ENV{TEST_SUITE} || 'chapar';
my $dir = workdir();
my $mail = "$dir/mail";
mkdir $mail;
chown 5000, 5000, $mail;

my $db = Maria->new;
my $server = <<"EOF";
MYSQL_SERVER		127.0.0.1
MYSQL_PORT		$db->{port}
MYSQL_USERNAME		mail
MYSQL_PASSWORD		mailpw
EOF

sub crypted { return crypt $_[0], '$1$abcdefgh$' }

# ---- the tables ----
$db->sql("create table passwd (id char(128) not null primary key,
    crypt char(128) not null, clear char(128) not null, name char(128),
    uid int unsigned, gid int unsigned, home char(255), maildir char(255),
    defaultdelivery char(255), quota char(255))");
$db->sql("insert into passwd values ('up\@a.test', '" . crypted('secret') .
    "', '', 'Up Stream', 5000, 5000, '/srv/mail/up', '', '', '')");
$db->sql("create table mailbox (username varchar(255) primary key,
    password varchar(255), name varchar(255), maildir varchar(255),
    quota bigint, local_part varchar(255), domain varchar(255),
    active tinyint)");
$db->sql("insert into mailbox values ('pa\@a.test', '" . crypted("it's") .
    "', 'Post Admin', 'a.test/pa/', 51200000, 'pa', 'a.test', 1),
    ('off\@a.test', '" . crypted('x') .
    "', '', 'a.test/off/', 0, 'off', 'a.test', 0)");
$db->sql("create table users (login varchar(128) primary key,
    pw varchar(128), opts varchar(255), home varchar(255))");
$db->sql("insert into users values ('aux\@a.test', 'aux pass',
    'disableimap=0,group=staff,wbnodsn=1', '/srv/mail/aux'),
    ('noimap\@a.test', 'aux pass', 'disableimap=1', '/srv/mail/aux')");
$db->sql("create table dom (d_id int primary key, d_name varchar(128))");
$db->sql("create table acc (a_id int primary key, a_dom int,
    a_name varchar(64), a_pw varchar(128))");
$db->sql("insert into dom values (1, 'a.test'), (2, 'b.test')");
$db->sql("insert into acc values (1, 1, 'sel', 'one'), (2, 2, 'sel', 'two')");
$db->sql("create table vpopmail (pw_name char(32), pw_domain char(96),
    pw_passwd char(40), pw_uid int, pw_gid int, pw_gecos char(48),
    pw_dir char(160), pw_shell char(20), pw_clear_passwd char(16),
    primary key (pw_name, pw_domain))");
$db->sql("insert into vpopmail values ('vp', 'a.test', '" .
    crypted('vpass') . "', 0, 0, 'V Pop', '/srv/mail/vp', 'NOQUOTA',
    'vpass')");

# Each: settings; in: user, password, maildir; out: pairs that are refused;
# shut: pairs that may not use IMAP.
my @shapes = (
{ name => 'upstream sample',
  text => $server . <<'EOF',
# the socket is not used
#MYSQL_SOCKET		/var/run/mysqld/mysqld.sock
MYSQL_OPT		0
MYSQL_DATABASE		mail
#MYSQL_CHARACTER_SET       utf8
MYSQL_USER_TABLE	passwd
MYSQL_CRYPT_PWFIELD	crypt
# MYSQL_CLEAR_PWFIELD	clear
# MYSQL_DEFAULT_DOMAIN		example.com
MYSQL_UID_FIELD		uid
MYSQL_GID_FIELD		gid
MYSQL_LOGIN_FIELD	id
MYSQL_HOME_FIELD	home
MYSQL_NAME_FIELD	name
# MYSQL_MAILDIR_FIELD	maildir
# MYSQL_WHERE_CLAUSE	server='mailhost.example.com'
EOF
  in => [['up@a.test', 'secret', 'up/Maildir']],
  out => [['up@a.test', 'Secret'], ["up\@a.test' or '1'='1", 'secret']] },
{ name => 'PostfixAdmin',
  text => $server . <<'EOF',
MYSQL_DATABASE mail
MYSQL_USER_TABLE mailbox
MYSQL_CRYPT_PWFIELD password
MYSQL_UID_FIELD '5000'
MYSQL_GID_FIELD '5000'
MYSQL_LOGIN_FIELD username
MYSQL_HOME_FIELD '/srv/mail'
MYSQL_NAME_FIELD name
MYSQL_MAILDIR_FIELD maildir
MYSQL_QUOTA_FIELD concat(quota,'S')
MYSQL_WHERE_CLAUSE active='1'
EOF
  in => [['pa@a.test', "it's", 'a.test/pa']],
  quota => ['pa@a.test', '51200000S'],
  out => [['off@a.test', 'x']] },
{ name => 'MYSQL_AUXOPTIONS_FIELD, no final newline',
  text => $server . "MYSQL_DATABASE\tmail\nMYSQL_USER_TABLE\tusers\n" .
    "MYSQL_CLEAR_PWFIELD\tpw\nMYSQL_UID_FIELD\t5000\n" .
    "MYSQL_GID_FIELD\t5000\nMYSQL_LOGIN_FIELD\tlogin\n" .
    "MYSQL_HOME_FIELD\thome\nMYSQL_AUXOPTIONS_FIELD\topts",
  in => [['aux@a.test', 'aux pass', 'aux/Maildir']],
  options => ['aux@a.test', 'disableimap=0,group=staff,wbnodsn=1'],
  shut => [['noimap@a.test', 'aux pass']],
  out => [['aux@a.test', 'aux']] },
{ name => 'MYSQL_SELECT_CLAUSE over several lines',
  text => $server . <<'EOF',
MYSQL_DATABASE		mail
MYSQL_SELECT_CLAUSE	SELECT CONCAT(a.a_name, '@', d.d_name), \
			'', a.a_pw, \
			5000, 5000, \
			CONCAT('/srv/mail/', d.d_name, '/', a.a_name), \
			'', '', '', '' \
			FROM acc a JOIN dom d ON a.a_dom = d.d_id \
			WHERE a.a_name = '$(local_part)' \
			AND d.d_name = '$(domain)'
EOF
  in => [['sel@a.test', 'one', 'a.test/sel/Maildir'],
      ['sel@b.test', 'two', 'b.test/sel/Maildir']],
  out => [['sel@a.test', 'two'], ['sel', 'one']] },
{ name => 'vpopmail with aliases',
  text => $server . <<'EOF',
MYSQL_DATABASE		mail
MYSQL_USER_TABLE	vpopmail
MYSQL_CRYPT_PWFIELD	pw_passwd AS crypt
MYSQL_CLEAR_PWFIELD	pw_clear_passwd AS clear
MYSQL_UID_FIELD		5000 AS uid
MYSQL_GID_FIELD		5000 AS gid
MYSQL_LOGIN_FIELD	concat(pw_name, '@', pw_domain)
MYSQL_HOME_FIELD	pw_dir AS home
MYSQL_NAME_FIELD	pw_gecos AS name
EOF
  in => [['vp@a.test', 'vpass', 'vp/Maildir']],
  out => [['vp@a.test', 'wrong']] },
);

my $suite = Suite->new(mail => $mail, programs => $which,
    imapd => { IMAP_CAPABILITY => 'IMAP4rev1 UIDPLUS IDLE' },
    files => { authmysqlrc => '' });

my $n = 0;
for my $shape (@shapes) {
	subtest $shape->{name} => sub { serve($shape) };
}
$suite->stop;
done_testing();

sub mailbox {
	my ($path) = @_;
	my $at = $mail;
	for my $part (split m,/,, $path) {
		$at .= "/$part";
		-d $at or mkdir $at;
		chown 5000, 5000, $at;
	}
	Accounts::maildir($at);
	return $at;
}

sub serve {
	my ($shape) = @_;
	my $text = $shape->{text};
	unlike $text, qr/MARKER/, 'no marker line';
	$text .= "\n##NAME: MARKER:0\n" if $which eq 'courier';
	spew($suite->etc('authmysqlrc'), $text, 0660);
	$suite->start;
	for my $in (@{ $shape->{in} }) {
		my ($user, $pass, $path) = @$in;
		my $text = Mails::make(++$n);
		Accounts::deliver(mailbox($path), $text);
		my $c = Imap->new(port => $suite->{port});
		my $ok = eval { $c->login($user, $pass); 1 };
		ok $ok, "login of $user" or do { diag $@, $suite->log; next };
		$c->ok('SELECT INBOX');
		my @found = map { s/\r\n/\n/gr } values %{ $c->bodies };
		is_deeply \@found, [$text], 'his mail';
		$c->bye;
	}
	for my $out (@{ $shape->{out} }) {
		my $c = Imap->new(port => $suite->{port});
		my ($said) = $c->cmd('LOGIN ', \$out->[0], ' ', \$out->[1]);
		unlike $said, qr/^OK/, "no login of $out->[0] $out->[1]";
		$c->bye;
	}
	for my $shut (@{ $shape->{shut} || [] }) {
		my $c = Imap->new(port => $suite->{port});
		my ($said) = $c->cmd('LOGIN ', \$shut->[0], ' ', \$shut->[1]);
		like $said, qr/^OK LOGIN/, "password of $shut->[0]";
		is $c->line(20), '* BYE IMAP access disabled for this account.',
		    'but no access';
		is $c->line(20), undef, 'and the end';
		is +($c->cmd('SELECT INBOX'))[0], '', 'nothing more';
		$c->bye;
	}
	for my $what (qw(quota options)) {
		my $want = $shape->{$what} or next;
		$suite->inside('authtest', $want->[0]);
		like $Private::out, qr/^\s*\Q$what\E: \Q$want->[1]\E$/mi,
		    $what;
	}
	$suite->stop;
}
