#!/usr/bin/perl
# authmysql over TLS to a real MariaDB, a server that does not answer at all,
# and rows in the column order of old releases.
# SPDX-License-Identifier: ISC
use strict;
use warnings;
use FindBin;
use IO::Socket::INET;
use lib "$FindBin::Bin/../lib";
use Private qw(:all);
use Test::More;
use Authd;
use Maria;

need_root();
need('mariadbd', 'openssl');
plan skip_all => 'authmysql is not built'
    unless -f "$ENV{top_builddir}/authdaemon/libauthmysql.so";

my $dir = workdir();

sub openssl { run('openssl', @_) or die $Private::out }

for my $ca ('ca', 'other') {
	openssl('req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', 2,
	    '-subj', "/CN=$ca", '-keyout', "$dir/$ca.key", '-out',
	    "$dir/$ca.pem");
}
openssl('req', '-newkey', 'rsa:2048', '-nodes', '-subj', '/CN=db',
    '-keyout', "$dir/db.key", '-out', "$dir/db.csr");
openssl('x509', '-req', '-in', "$dir/db.csr", '-CA', "$dir/ca.pem", '-CAkey',
    "$dir/ca.key", '-CAcreateserial', '-days', 2, '-out', "$dir/db.pem");
chmod 0644, "$dir/db.key";

my $db = Maria->new;
$db->sql("create table t (id varchar(64), pw varchar(64), uid int, gid int,
    home varchar(64)); insert into t values ('min', 'secret', 1, 2, '/h')");
my $a = Authd->new(rc => "authmodulelist=\"authmysql\"\ndaemons=1\n",
    idle => 1);
my $server = "MYSQL_SERVER 127.0.0.1\nMYSQL_PORT $db->{port}\n";
my $rest = "MYSQL_OPT 0\nMYSQL_USERNAME mail\nMYSQL_PASSWORD mailpw\n"
    . "MYSQL_DATABASE mail\nMYSQL_USER_TABLE t\nMYSQL_CLEAR_PWFIELD pw\n";
my $cipher = "MYSQL_QUOTA_FIELD (select variable_value from "
    . "information_schema.session_status where variable_name='Ssl_cipher')\n";

# The reply to PRE under these settings, and what was logged.
sub served {
	my ($text) = @_;
	spew($a->conf('authmysqlrc'), $text);
	my $before = length $a->log;
	$a->start;
	my $reply = $a->ask("PRE . imap min\n", 60);
	$a->stop;
	return ($reply, substr $a->log, $before);
}

my $tls = qr/^QUOTA=\S*AES\S*$/m;
my ($reply, $log) = served("$server$rest${cipher}MYSQL_SSL_CACERT $dir/ca.pem\n");
is $reply, '', 'a server without TLS: no connection in clear';	# 10.2 #17
like $log, qr/^ERR: .*TLS/m, 'says why';

$db->stop;
$db->start("--ssl-cert=$dir/db.pem", "--ssl-key=$dir/db.key",
    "--ssl-ca=$dir/ca.pem");
($reply) = served("$server$rest$cipher");
like $reply, qr/^ADDRESS=min$/m, 'no TLS asked for';
unlike $reply, $tls, 'none used';
($reply) = served("$server$rest${cipher}MYSQL_SSL_CACERT $dir/ca.pem\n");
like $reply, $tls, 'TLS';
($reply, $log) = served("$server$rest${cipher}MYSQL_SSL_CACERT $dir/ca.pem\n"
    . "MYSQL_SSL_CIPHERS ECDHE-RSA-AES128-GCM-SHA256\n");
like $reply, $tls, 'MYSQL_SSL_CIPHERS';
like $log, qr/^WARN: .*: line 11: MYSQL_SSL_CIPHERS is read as MYSQL_SSL_CIPHER,/m,
    'is another name';
for my $ca ('other', 'nosuch') {
	($reply, $log) = served("$server$rest${cipher}"
	    . "MYSQL_SSL_CACERT $dir/$ca.pem\n");
	is $reply, '', "authority $ca: no connection";
	like $log, qr/^ERR: failed to connect .*TLS/m, 'says why';
}

# Names that only documents have (10.2 #35), with one notice each.
($reply, $log) = served("$server${rest}MYSQL_DEFAULT_DOMAIN x.org\n");
is $reply, "FAIL\n", 'MYSQL_DEFAULT_DOMAIN counts';
is scalar(() = $log =~ /^WARN: .*MYSQL_DEFAULT_DOMAIN is read as DEFAULT_DOMAIN,/mg),
    1, 'told once';
($reply, $log) = served("$server${rest}MYSQL_DEFAULTDELIVERY concat(id,'/M')\n"
    =~ s/^MYSQL_HOME.*\n//mr);
is scalar(() = $log =~ /^WARN: .*MYSQL_DEFAULTDELIVERY is read as MYSQL_DEFAULTDELIVERY_FIELD,/mg),
    1, 'MYSQL_DEFAULTDELIVERY too';
($reply) = served("$server${rest}MYSQL_DEFAULT_DOMAIN x.org\nDEFAULT_DOMAIN\n");
like $reply, qr/^ADDRESS=min$/m, 'but not beside the right name';

# Columns as they were before Courier 0.47.
($reply, $log) = served("$server${rest}MYSQL_SELECT_CLAUSE SELECT id, '', "
    . "uid, gid, pw, home FROM t WHERE id='\$(local_part)'\n");
is $reply, '', 'the old order of columns';
like $log, qr/^ERR: .*old releases \(username, cryptpw, uid, gid, clearpw, .*they are now: username, cryptpw, clearpw, uid/m,
    'is told from others';
$db->sql('create table cols (id varchar(9), c varchar(9), uid int, gid int,
    pw varchar(9), home varchar(9)); insert into cols values ("min", "x", 1, 2,
    "p", "/h")');
($reply, $log) = served("$server${rest}MYSQL_SELECT_CLAUSE SELECT * FROM cols "
    . "WHERE id='\$(local_part)'\n");
is $reply, '', 'SELECT *';
like $log, qr/^ERR: .*username, cryptpw, uid, gid, clearpw, .*they are now: username, cryptpw, clearpw, uid/m,
    'both orders are told';

# A clause that quotes with ", and a server without backslash escapes.
$db->sql("set global sql_mode = 'NO_BACKSLASH_ESCAPES'");
spew($a->conf('authmysqlrc'), "$server${rest}MYSQL_SELECT_CLAUSE SELECT id, "
    . "'', pw, uid, gid, home FROM t WHERE id=\"\$(local_part)\"\n");
$a->start;
like $a->login('min', 'secret'), qr/^ADDRESS=min$/m, 'double quotes';
is $a->ask("PRE . imap x\" or \"1\"=\"1\n"), "FAIL\n", 'no way in';
is $a->ask("PRE . imap x\\\" or 1=1 -- \n"), "FAIL\n", 'no way in';
$a->stop;
$db->sql('set global sql_mode = default');
$a->start;
is $a->ask("PRE . imap x\" or \"1\"=\"1\n"), "FAIL\n", 'with escapes too';
like $a->login('min', 'secret'), qr/^ADDRESS=min$/m, 'and a login';
$a->stop;

# One that accepts connections and says nothing costs its time limit once, not
# for each request.
{
	my $silent = IO::Socket::INET->new(Listen => 50,
	    LocalAddr => '127.0.0.1') or die;
	spew($a->conf('authmysqlrc'), "MYSQL_SERVER 127.0.0.1\nMYSQL_PORT "
	    . $silent->sockport . "\n$rest");
	$a->start;
	my @at = now();
	is $a->ask("PRE . imap min\n", 60), '', 'a server that is silent';
	push @at, now();
	$a->ask("PRE . imap min\n", 60) for 1 .. 10;
	push @at, now();
	cmp_ok $at[2] - $at[1], '<', 3 * ($at[1] - $at[0]),
	    'the next ten do not each wait for it';
	like $a->log, qr/^ERR: authmysql: no server answered a moment ago$/m, 'told';
	$a->stop;

	# Beside one that works it costs its time limit at most once.
	spew($a->conf('authmysqlrc'), "MYSQL_SERVER 127.0.0.1:"
	    . $silent->sockport . ",127.0.0.1:$db->{port}\nMYSQL_PORT 0\n$rest");
	$a->start;
	like $a->login('min', 'secret'), qr/^ADDRESS=min$/m, 'the second server';
	$a->stop;
}

# When all of a list failed, those that failed first are tried again too.
{
	my $port = free_port();
	spew($a->conf('authmysqlrc'), "MYSQL_SERVER 127.0.0.1:$db->{port} "
	    . "127.0.0.1:$port\nMYSQL_PORT 0\n$rest");
	$db->stop;
	$a->start;
	is $a->ask("PRE . imap min\n"), '', 'all are away';
	$db->start;
	ok wait_for(60, sub { $a->login('min', 'secret') =~ /^ADDRESS=min$/m }),
	    'the first one is back';
	$a->stop;
}
done_testing;
