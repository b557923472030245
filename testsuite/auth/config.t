#!/usr/bin/perl
# Errors in settings are named with file, line and variable; a reload that
# fails keeps the settings from before.  SPDX-License-Identifier: ISC
use strict;
use warnings;
use Digest::MD5 qw(md5_base64);
use FindBin;
use POSIX ();
use lib "$FindBin::Bin/../lib";
use Private qw(:all);
use Test::More;
use Authd;
use Maria;

my $md5 = '{MD5}' . md5_base64('secret') . '==';
my $a = Authd->new(idle => 1);
my $rc = $a->conf('authdaemonrc');
spew($a->conf('userdb'), "min\thome=/h|uid=1|gid=2|systempw=$md5\n", 0600);
$a->tool('makeuserdb') or die $Private::out;

sub fails_to_start {
	my ($text) = @_;
	$a->rc($text) if defined $text;
	my $log = $a->conf('start');
	unlink $log;
	my $pid = Private::start({ log => $log, env => $a->{env} },
	    "$a->{build}/authdaemon/authdaemond");
	wait_for(30, sub { waitpid($pid, POSIX::WNOHANG()) != 0 })
	    or return ('runs', slurp($log));
	return ($? >> 8, slurp($log));
}

# ---- authdaemonrc ----
my ($status, $said) = fails_to_start();
is $status, 1, 'no authdaemonrc';
like $said, qr/^ERR: stat\(\Q$rc\E\) failed$/m, 'is named';
($status, $said) = fails_to_start("# x\ndaemons=2\n\nauthmodulelist \"x\"\n");
is $status, 1, 'a line without =';
like $said, qr/^ERR: Bad line in \Q$rc\E: authmodulelist "x"$/m, 'is quoted';
like $said, qr/^ERR: \Q$rc\E: line 4: "authmodulelist": expected NAME=value$/m,
    'file, line, variable';

# Forms that are good.
$a->rc(<<"EOF");
\t# a comment
authmodulelist="authpwd"
authmodulelist=  "authuserdb" junk # the last one counts
 daemons=7
export daemons=9
daemons=3x
LOGGEROPTS='-name=x'
EOF
$a->start;
like $a->log, qr/^INFO: modules="authuserdb", daemons=3$/m, 'forms of values';
like $a->login('min', 'secret'), qr/^ADDRESS=min$/m, 'login';
ok $a->settled(3), 'as many workers';
my @old = $a->workers;

# A reload with an error.
$a->rc("authmodulelist=\"authpwd\"\ndaemons=1\nrubbish\n");
ok $a->hup(qr/the settings from before stay in use/), 'reload with an error';
like $a->log, qr/^ERR: \Q$rc\E: line 3: "rubbish": expected NAME=value$/m,
    'file, line, variable';
like $a->login('min', 'secret'), qr/^ADDRESS=min$/m, 'the old modules';
is_deeply [$a->workers], \@old, 'the same workers';
$a->rc("authmodulelist=\"authpwd\"\n\ndaemons=many\n");
ok $a->hup(qr/the settings from before stay in use/), 'a number that is none';
like $a->log, qr/^ERR: \Q$rc\E: line 3: daemons: "many" is no number$/m,
    'file, line, variable';
like $a->login('min', 'secret'), qr/^ADDRESS=min$/m, 'the old modules';
unlink $rc;
ok $a->hup(qr/the settings from before stay in use/), 'no file';
like $a->login('min', 'secret'), qr/^ADDRESS=min$/m, 'the old modules';
kill 'KILL', @old;
ok wait_for(30, sub {
	my %old = map { $_ => 1 } @old;
	3 == grep { !$old{$_} } $a->workers;
}), 'workers that are started later';
like $a->login('min', 'secret'), qr/^ADDRESS=min$/m, 'have them, too';
$a->rc("authmodulelist=\"authpwd\"\ndaemons=1\n");
ok $a->hup(qr/Installation complete: authpwd/), 'a good one';
is $a->login('min', 'secret'), "FAIL\n", 'counts';
ok $a->settled(1), 'and the number';
$a->rc("authmodulelist=\"authuserdb\"\nDEBUG_LOGIN=1\n");
ok $a->hup(qr/Installation complete: authuserdb/), 'no number';
like $a->log, qr/^ERR: Configuration error - missing 'daemons' setting, using 1$/m,
    'is one';
like $a->login('min', 'secret'), qr/^ADDRESS=min$/m, 'and it serves';
like $a->log, qr/^Authenticated: /m, 'DEBUG_LOGIN is read again';
for my $n (0, -1, 100000) {			# 10.2 #22
	$a->rc("authmodulelist=\"authuserdb\"\ndaemons=$n\n");
	$a->hup($n < 0 ? qr/stay in use/ : qr/Installation complete/);
	like $a->login('min', 'secret'), qr/^ADDRESS=min$/m, "daemons=$n";
	cmp_ok scalar($a->workers), '<=', 400, 'not too many';
}
$a->rc("daemons=1\n");
ok $a->hup(qr/no usable module in authmodulelist/), 'no modules';
ok wait_for(30, sub { $a->ask("PRE . imap min\n") eq '' }),
    'nobody can say no';
$a->stop;

# ---- authmysqlrc ----
SKIP: {
	skip 'authmysql is not built', 1
	    unless -f "$a->{build}/authdaemon/libauthmysql.so";
	skip 'no MariaDB here', 1 unless $> == 0 && -x '/usr/sbin/mariadbd';
	mysql();
}

sub mysql {
	my $db = Maria->new;
	$db->sql("create table t (id varchar(64), pw varchar(64), uid int,
	    gid int, home varchar(64));
	    insert into t values ('min', 'secret', 1, 2, '/h')");
	my $file = $a->conf('authmysqlrc');
	my $good = "MYSQL_SERVER 127.0.0.1\nMYSQL_PORT $db->{port}\n"
	    . "MYSQL_OPT 0\nMYSQL_USERNAME mail\nMYSQL_PASSWORD mailpw\n"
	    . "MYSQL_DATABASE mail\nMYSQL_USER_TABLE t\n"
	    . "MYSQL_CLEAR_PWFIELD pw\n";
	my $size = 1000;
	# Each change has a size of its own: time has seconds only.
	my $put = sub {
		spew_whole($file, $_[0] . '#' x ($size++ - length $_[0]) . "\n")
	};
	my %bad = (
		'port' => [$good =~ s/PORT \d+/PORT abc/r,
		    qr/line 2: MYSQL_PORT: "abc" is no number/],
		'opt' => [$good =~ s/OPT 0/OPT -/r,
		    qr/line 3: MYSQL_OPT: "-" is no number/],
		'server' => [$good =~ s/MYSQL_SERVER.*\n//r,
		    qr/MYSQL_SERVER nor MYSQL_SOCKET set in \Q$file\E/],
		'user' => [$good =~ s/MYSQL_USERNAME.*\n//r,
		    qr/MYSQL_USERNAME not set in \Q$file\E/],
		'database' => [$good =~ s/MYSQL_DATABASE.*\n//r,
		    qr/MYSQL_DATABASE not set in \Q$file\E/],
		'table' => [$good =~ s/MYSQL_USER_TABLE.*\n//r,
		    qr/MYSQL_USER_TABLE not set in \Q$file\E/],
		'password field' => [$good =~ s/MYSQL_CLEAR.*\n//r,
		    qr/MYSQL_CRYPT_PWFIELD and MYSQL_CLEAR_PWFIELD not set in \Q$file\E/],
		'cut off' => [substr($good, 0, 40), qr/not set in \Q$file\E/],
		'empty' => ['', qr/set in \Q$file\E/],
	);
	$a->rc("authmodulelist=\"authmysql\"\ndaemons=1\n");
	for my $what (sort keys %bad) {
		$put->($bad{$what}[0]);
		$a->start;
		is $a->ask("PRE . imap min\n"), '', "$what: temporary failure";
		like $a->log, qr/^ERR: .*$bad{$what}[1]/m, 'file and variable';
		$put->($good);				# 10.2 #10
		like $a->login('min', 'secret'), qr/^ADDRESS=min$/m,
		    'a good file counts at once';
		$a->stop;
	}
	$put->($good);
	$a->start;
	like $a->login('min', 'secret'), qr/^ADDRESS=min$/m, 'a good one';
	for my $what (sort keys %bad) {
		my $before = length $a->log;
		$put->($bad{$what}[0]);
		like $a->login('min', 'secret'), qr/^ADDRESS=min$/m,
		    "$what: settings from before";
		my $new = substr $a->log, $before;
		like $new, qr/^ERR: .*$bad{$what}[1]/m, 'file and variable';
		like $new, qr/^ERR: authmysql: the settings from before stay/m,
		    'says so';
		# The parent says so, too.
		wait_for(30, sub {
			2 == (() = substr($a->log, $before) =~ /stay in use/g)
		});
		$before = length $a->log;
		$a->login('min', 'secret');
		is substr($a->log, $before), '', 'once by each';
	}
	unlink $file;
	like $a->login('min', 'secret'), qr/^ADDRESS=min$/m, 'no file';
	$put->($good =~ s/CLEAR_PWFIELD pw/CLEAR_PWFIELD concat('n',pw)/r);
	like $a->login('min', 'nsecret'), qr/^ADDRESS=min$/m, 'a new one counts';
	$put->($good . "MYSQL_WHERE_CLAUSE\n");
	like $a->login('min', 'secret'), qr/^ADDRESS=min$/m,
	    'a keyword alone';				# 10.2 #34
	# (The parent says so, too, and nothing that comes later.)
	ok wait_for(30, sub { 2 == (() = $a->log =~
	    /^WARN: \Q$file\E: line 9: MYSQL_WHERE_CLAUSE has no value/mg) }),
	    'file, line, variable';
	my $before = length $a->log;
	$put->($good . "MYSQL_UID_FIELD nosuch\n");
	is $a->ask("PRE . imap min\n"), '', 'SQL that the server refuses';
	like substr($a->log, $before),
	    qr/\AERR: authmysql: Unknown column 'nosuch' in '.*'\n\z/,
	    'the cause on one line';
	for my $row (['uid', "0", "invalid value for uid: '0'"],
	    ['gid', "null", "invalid value for gid: '<null>'"],
	    ['home', "''", "required value for 'home' \\(column 6\\) is missing"]) {
		$before = length $a->log;
		$put->($good . 'MYSQL_' . uc($row->[0]) . "_FIELD $row->[1]\n");
		is $a->ask("PRE . imap min\n"), '', "$row->[0]: temporary";
		like substr($a->log, $before), qr/\AERR: authmysql: $row->[2]\n\z/,
		    'the cause on one line';
	}
	$db->stop;
	$put->($good);
	$before = length $a->log;
	is $a->ask("PRE . imap min\n"), '', 'the server is away: temporary';
	like substr($a->log, $before),
	    qr/\AERR: failed to connect to mysql server \(server=127\.0\.0\.1, userid=mail\): .*\n\z/,
	    'the cause on one line';
	is $a->login('min', 'secret'), "FAIL\n", 'no silence without metadata';
	is $a->ask("ENUMERATE\n"), "# authmysql\n\n", 'a list that does not end';
	$before = length $a->log;			# 10.2 #29
	is $a->ask("PASSWD imap\tmin\tsecret\tx\n"), "FAIL\n", 'no change';
	like substr($a->log, $before), qr/^ERR: authmysql: no server answered|^ERR: failed to connect/m,
	    'which is trouble: logged';
}
done_testing;
