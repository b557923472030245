#!/usr/bin/perl
# authmysql against a real MariaDB: the shapes of authmysqlrc that sites have,
# hostile user names, a server that goes away and comes back.
# SPDX-License-Identifier: ISC
use strict;
use warnings;
use File::Temp qw(tempdir);
use FindBin;
use POSIX ();
use Test::More;
use lib "$FindBin::Bin/../lib";
use Private qw(free_port wait_for);

my $build = $ENV{top_builddir} or die "top_builddir is not set\n";
plan skip_all => 'authmysql is not built'
    unless -f "$build/authdaemon/libauthmysql.so";
my ($server) = grep { -x } '/usr/sbin/mariadbd', '/usr/sbin/mysqld';
plan skip_all => 'no MariaDB server here' unless $server;

my $dir = tempdir(CLEANUP => 1);
my ($db_pid, $auth_pid);
my @user = $> == 0 ? ('--user=root') : ();

END {
	my $st = $?;
	for my $pid (grep { $_ } $auth_pid, $db_pid) {
		kill 'TERM', $pid;
		waitpid $pid, 0;
	}
	$? = $st;
}

sub write_file {
	my ($name, $text) = @_;
	open my $fh, '>', $name or die "$name: $!";
	print $fh $text;
	close $fh;
}

sub background {
	my ($log, @cmd) = @_;
	my $pid = fork();
	die "fork: $!" unless defined $pid;
	return $pid if $pid;
	$SIG{$_} = 'DEFAULT' for qw(TERM PIPE);
	open STDOUT, '>>', $log;
	open STDERR, '>>', $log;
	exec @cmd or POSIX::_exit(1);
}

my $port = free_port();
my $sock = "$dir/s";

sub start_db {
	$db_pid = background("$dir/db.log", $server, '--no-defaults', @user,
	    "--datadir=$dir/data", "--socket=$sock", "--port=$port",
	    '--bind-address=127.0.0.1', "--pid-file=$dir/db.pid",
	    '--innodb-buffer-pool-size=16M');
	wait_for(60, sub { system("mariadb --no-defaults -S $sock -u root -e "
	    . "'select 1' >/dev/null 2>&1") == 0 })
	    or die "MariaDB does not start, see $dir/db.log";
}

sub sql {
	my ($text) = @_;
	open my $fh, '|-', "mariadb --no-defaults -S $sock -u root"
	    or die "mariadb: $!";
	print $fh $text;
	close $fh or die "SQL failed";
}

system("mariadb-install-db --no-defaults @user --datadir=$dir/data "
    . "--auth-root-authentication-method=normal --skip-test-db "
    . ">$dir/install.log 2>&1") == 0 or die 'mariadb-install-db failed';
start_db();
sql(<<'SQL');
create database mail;
use mail;
create table passwd(id varchar(128) primary key, crypt varchar(128), clear
  varchar(64), name varchar(64), uid int, gid int, home varchar(128), maildir
  varchar(128), quota varchar(64), options varchar(128));
insert into passwd values('joe@x.org','{MD5}Xr4ilOzQ4PCOq3aQ0qbuaQ==','secret',
  'Joe',1001,1002,'/home/joe','joe/Maildir','1000S','disableimap=0');
insert into passwd values("o'neil@x.org",'','it''s','O Neil',1001,1002,'/home/o',
  '','','');
create table mailbox(username varchar(128) primary key, password varchar(128),
  maildir varchar(128), quota bigint, active int);
insert into mailbox values('ann@y.org','{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ=',
  'y.org/ann/',2048,1);
create table vpopmail(pw_name varchar(64), pw_domain varchar(64), pw_passwd
  varchar(64), pw_dir varchar(128));
insert into vpopmail values('tom','z.org','abNANd1rDfiNc','/vp/z.org/tom');
create user mail@'127.0.0.1' identified by 'mailpw';
create user mail@localhost identified by 'mailpw';
grant all on mail.* to mail@'127.0.0.1';
grant all on mail.* to mail@localhost;
SQL

mkdir "$dir/$_" for qw(conf var);
write_file("$dir/conf/authdaemonrc",
    "authmodulelist=\"authmysql\"\ndaemons=2\n");
$ENV{CHAPAR_AUTHCONFDIR} = "$dir/conf";
$ENV{CHAPAR_AUTHVARDIR} = "$dir/var";
$ENV{CHAPAR_AUTHMODULEDIR} = "$build/authdaemon";
$ENV{CHAPAR_AUTHSOCKET} = "$dir/var/socket";

my $common = "MYSQL_SERVER\t127.0.0.1\nMYSQL_PORT\t$port\nMYSQL_OPT 0\n"
    . "MYSQL_USERNAME mail\nMYSQL_PASSWORD mailpw\nMYSQL_DATABASE mail\n";

sub restart {
	my ($rc) = @_;
	if ($auth_pid) {
		kill 'TERM', $auth_pid;
		waitpid $auth_pid, 0;
	}
	unlink "$dir/var/socket";
	write_file("$dir/conf/authmysqlrc", $rc);
	$auth_pid = background("$dir/auth.log",
	    "$build/authdaemon/authdaemond");
	wait_for(30, sub { -S "$dir/var/socket" })
	    or die "authdaemond does not start, see $dir/auth.log";
}

sub authtest {
	my $text = '';
	local $_;
	open my $fh, '-|', 'sh', '-c', 'exec "$0" "$@" 2>&1',
	    "$build/authdaemon/authtest", '-s', 'imap', @_ or die;
	$text .= $_ while <$fh>;
	close $fh;
	return $text;
}

sub enumerate {
	my $text = '';
	open my $fh, '-|', "$build/authdaemon/authenumerate", '-o' or die;
	$text .= $_ while <$fh>;
	return close($fh) ? $text : "failed: $text";
}

sub slurp {
	open my $fh, '<', $_[0] or return '';
	local $/;
	return scalar <$fh>;
}

sub sql_out {
	my ($text) = @_;
	open my $fh, '-|', 'mariadb', '--no-defaults', '-N', '-B', '-S', $sock,
	    '-u', 'root', '-e', $text or die;
	local $/;
	return scalar <$fh>;
}

sub accepted {
	my ($what, $user, $password, @like) = @_;
	my $text = authtest($user, $password);
	like $text, qr/^Authentication succeeded/, "$what: accepted";
	like $text, $_, "$what: $_" for @like;
	like authtest($user, "x$password"), qr/^Authentication FAILED: Operation not permitted/,
	    "$what: a wrong password is refused";
}

# 1. The upstream sample.
restart($common . <<'RC');
MYSQL_USER_TABLE	passwd
MYSQL_CRYPT_PWFIELD	crypt
MYSQL_UID_FIELD		uid
MYSQL_GID_FIELD		gid
MYSQL_LOGIN_FIELD	id
MYSQL_HOME_FIELD	home
MYSQL_NAME_FIELD	name
MYSQL_MAILDIR_FIELD	maildir
MYSQL_QUOTA_FIELD	quota
RC
accepted('sample', 'joe@x.org', 'secret', qr/uid 1001, gid 1002/,
    qr{Home Directory: /home/joe$}m, qr{Maildir: joe/Maildir$}m,
    qr/Quota: 1000S$/m);
like authtest('nobody@x.org', 'secret'), qr/^Authentication FAILED: Operation not permitted/,
    'unknown user';
for my $evil ("' or '1'='1", "joe\@x.org' -- ", "\\' or 1=1 -- ",
    '$(local_part)', "joe\@x.org\\") {
	like authtest($evil, 'secret'), qr/^Authentication FAILED: Operation not permitted/,
	    "no way in as $evil";
}

# 2. PostfixAdmin: literal fields, concat for the quota.
restart($common . <<'RC');
MYSQL_USER_TABLE mailbox
MYSQL_CRYPT_PWFIELD password
MYSQL_UID_FIELD 5000
MYSQL_GID_FIELD 5001
MYSQL_LOGIN_FIELD username
MYSQL_HOME_FIELD '/var/vmail'
MYSQL_MAILDIR_FIELD concat('/var/vmail/',maildir)
MYSQL_QUOTA_FIELD concat(quota,'S')
MYSQL_WHERE_CLAUSE active='1'
DEFAULT_DOMAIN y.org
RC
accepted('PostfixAdmin', 'ann', 'secret', qr/uid 5000, gid 5001/,
    qr{Maildir: /var/vmail/y\.org/ann/$}m, qr/Quota: 2048S$/m);

# 3. Account options, and no newline at the end.
restart($common . "MYSQL_USER_TABLE passwd\nMYSQL_CLEAR_PWFIELD clear\n"
    . "MYSQL_AUXOPTIONS_FIELD options");
accepted('options', 'joe@x.org', 'secret', qr/Options: disableimap=0$/m);
accepted('a quote in the name', "o'neil\@x.org", "it's",
    qr{Home Directory: /home/o$}m);

# 4. A clause of the site's own over several lines.
restart($common . <<'RC');
MYSQL_SELECT_CLAUSE SELECT concat(id), crypt, clear, uid, gid, \
 home, maildir, quota, name, options \
 FROM passwd \
 WHERE id = '$(local_part)@$(domain)' AND '$(service)' = 'imap'
RC
accepted('own clause', 'joe@x.org', 'secret', qr{Maildir: joe/Maildir$}m);
like authtest('$(domain)@x.org', 'secret'), qr/^Authentication FAILED: Operation not permitted/,
    'what was put in is not expanded again';

# 5. Like vpopmail, with aliases.
restart($common . <<'RC');
MYSQL_SELECT_CLAUSE SELECT CONCAT(pw_name,'@',pw_domain) AS id, pw_passwd AS crypt, '' AS clear, 89 AS uid, 89 AS gid, pw_dir AS home, '' AS maildir, '' AS quota, '' AS name, '' AS options FROM vpopmail WHERE pw_name='$(local_part)' AND pw_domain='$(domain)'
RC
accepted('vpopmail', 'tom@z.org', 'secret', qr/uid 89, gid 89/,
    qr{Home Directory: /vp/z\.org/tom$}m);

# Bytes that are no text of the connection's character set are a definite no,
# and no way in, whatever the column's set is.
sql("use mail; create table $_ (id varchar(64) character set $_ primary key,
    clear varchar(64), uid int, gid int, home varchar(64));
    insert into $_ values ('joe\@x.org', 'secret', 1, 1, '/h');")
    for qw(latin1 utf8mb4);
my @half = ("\xbf' or 1=1 -- ", "\xbf\\' or 1=1 -- ", "\xff\xfe",
    "\x95\x5c' or 1=1 -- ", "j\xc3\xb6e", "\xf0\x9f\x98\x80", "a\xe4",
    "joe\@x.org\xe5\x5c");
for my $set (qw(utf8mb4 utf8 gbk sjis big5 latin1)) {
	for my $table (qw(latin1 utf8mb4)) {
		restart($common . "MYSQL_USER_TABLE $table\n"
		    . "MYSQL_CLEAR_PWFIELD clear\nMYSQL_CHARACTER_SET $set\n");
		my @bad = grep { authtest($_, 'secret') !~
		    /^Authentication FAILED: Operation not permitted/ } @half;
		is "@bad", '', "$set, column $table: definite no";
		like authtest('joe@x.org', 'secret'),
		    qr/^Authentication succeeded/, "$set, column $table: login";
	}
}
# With plain names the same errors of the server are the site's own.
restart($common . "MYSQL_USER_TABLE latin1 a, utf8mb4 b\n"
    . "MYSQL_CLEAR_PWFIELD a.clear\nMYSQL_LOGIN_FIELD a.id\n"
    . "MYSQL_UID_FIELD a.uid\nMYSQL_GID_FIELD a.gid\nMYSQL_HOME_FIELD a.home\n"
    . "MYSQL_WHERE_CLAUSE a.home collate latin1_bin = b.home collate utf8mb4_bin\n");
like authtest('joe@x.org', 'secret'), qr/^Authentication FAILED: Input/m,
    'a clause that cannot work is a temporary failure';
restart($common . "MYSQL_USER_TABLE latin1\nMYSQL_CLEAR_PWFIELD clear\n"
    . "MYSQL_CHARACTER_SET nosuch\n");
like authtest('joe@x.org', 'secret'), qr/^Authentication succeeded/,
    'a set that nobody knows';
like slurp("$dir/auth.log"),
    qr/^ERR: Cannot set character set to "nosuch", using "utf8mb4"\.$/m, 'is logged';

# A server that takes no backslash.
sql("set global sql_mode = 'NO_BACKSLASH_ESCAPES';");
restart($common . "MYSQL_USER_TABLE passwd\nMYSQL_CLEAR_PWFIELD clear\n");
for my $evil ("' or '1'='1", "\\' or 1=1 -- ", "joe\@x.org\\", '"') {
	like authtest($evil, 'secret'), qr/^Authentication FAILED: Operation not permitted/,
	    "no backslash escapes: no way in as $evil";
}
like authtest("o'neil\@x.org", "it's"), qr/^Authentication succeeded/,
    'no backslash escapes: login';
sql("set global sql_mode = default;");

# Passwords are changed, in the columns that there are; quotes in all values.
restart($common . "MYSQL_USER_TABLE passwd\nMYSQL_CLEAR_PWFIELD clear\n"
    . "MYSQL_CRYPT_PWFIELD crypt\n");
like authtest('joe@x.org', 'wrong', 'new'), qr/^Authentication FAILED: Operation not permitted/,
    'change: wrong old password';
like authtest('joe@x.org', 'secret', q{n'e"w\\}), qr/^Password change succeeded\.$/,
    'change';
like authtest('joe@x.org', q{n'e"w\\}), qr/Encrypted Password: \{MD5\}/,
    'change: the scheme stays';
like authtest('joe@x.org', 'secret'), qr/^Authentication FAILED: Op/,
    'change: the old one is gone';
like authtest("o'neil\@x.org", "it's", 'secret'), qr/^Password change succeeded\.$/,
    'change: of a name with a quote';
is sql_out("select count(*) from mail.passwd where clear in ('secret', 'n''e\"w\\\\')"),
    "2\n", 'change: clear column, no other row';
like authtest('joe@x.org', q{n'e"w\\}, 'secret'), qr/^Password change succeeded/,
    'change: and back';
restart($common . <<'RC');
MYSQL_SELECT_CLAUSE SELECT id, crypt, clear, uid, gid, home FROM passwd WHERE id='$(local_part)@$(domain)'
MYSQL_CHPASS_CLAUSE UPDATE passwd SET clear='$(newpass)', crypt='$(newpass_crypt)' WHERE id='$(local_part)@$(domain)'
MYSQL_ENUMERATE_CLAUSE SELECT id, uid, gid, home, '$(service)', concat('$(local_part)', '$(domain)') FROM passwd
DEFAULT_DOMAIN x.org
RC
like authtest('joe', 'secret', '$(domain)'), qr/^Password change succeeded/,
    'own clause: change';
like authtest('joe', '$(domain)'), qr/^Authentication succeeded/,
    'own clause: nothing is expanded twice';
like authtest("o'neil", 'secret', "it's"), qr/^Password change succeeded/,
    'own clause: a quote';
is enumerate(), "joe\@x.org\t1001\t1002\t/home/joe\tenumerate\t*x.org\n"
    . "o'neil\@x.org\t1001\t1002\t/home/o\tenumerate\t*x.org\n",
    'own clause: list';
restart($common . "MYSQL_USER_TABLE passwd\nMYSQL_CLEAR_PWFIELD clear\n"
    . "MYSQL_WHERE_CLAUSE maildir <> ''\nMYSQL_MAILDIR_FIELD maildir\n");
is enumerate(), "joe\@x.org\t1001\t1002\t/home/joe\tjoe/Maildir\t\n", 'list';
like authtest("o'neil\@x.org", "it's", 'new'), qr/^Authentication FAILED: Op/,
    'no change beyond the where clause';		# 10.2 #16

# A list of servers, the first one dead.
my $dead = free_port();
(my $list = $common) =~ s/127\.0\.0\.1/127.0.0.1:$dead, 127.0.0.1:$port/;
sql("update mail.passwd set crypt='{MD5}Xr4ilOzQ4PCOq3aQ0qbuaQ==';");
restart($list . "MYSQL_USER_TABLE passwd\nMYSQL_CRYPT_PWFIELD crypt\n");
accepted('second server', 'joe@x.org', 'secret');

# The server goes away: temporary. It comes back: no restart needed.
kill 'TERM', $db_pid;
waitpid $db_pid, 0;
like authtest('joe@x.org', 'secret'), qr/^Authentication FAILED: Input/m,
    'a server that is away is a temporary failure';
is enumerate(), 'failed: ', 'and no list';
start_db();
my $text = '';
wait_for(30, sub {
	$text = authtest('joe@x.org', 'secret');
	return $text =~ /^Authentication succeeded/;
});
like $text, qr/^Authentication succeeded/, 'and all is well when it is back';
done_testing;
