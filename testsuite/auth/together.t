#!/usr/bin/perl
# Clients that queue: authmysql asks for several of them at a time, and each
# gets what it gets alone.
# SPDX-License-Identifier: ISC
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Test::More;
use Private qw(:all !start);
use Accounts;
use Authd;
use Maria;

my $build = $ENV{top_builddir} or die "top_builddir is not set\n";
plan skip_all => 'authmysql is not built'
    unless -f "$build/authdaemon/libauthmysql.so";
need('mariadbd');
need_root();

my $db = Maria->new;
Accounts::table($db, map { "$_\@a.test" } 'one', 1 .. 30);
$db->sql("insert into users select replace(email, '\@a', '\@deliver'), clear,
    crypt, uid, gid, home, 'other', quota, name from users");
$db->sql("insert into users values ('o''neil\@a.test', 'it''s', '', 5000, 5000,
    '/srv/mail/o', '', '', 'O'), ('bad\@a.test', 'pw', '', 0, 0, '/', '', '',
    'no uid')");
my $a = Authd->new(idle => 1);
my $rc = Accounts::authmysqlrc($db);

sub restart {
	my ($more) = @_;
	$a->stop;
	spew($a->conf('authmysqlrc'), $more . $rc, 0640);
	$a->share('authmysqlrc');
	$a->rc("authmodulelist=\"authmysql\"\ndaemons=1\nDEBUG_LOGIN=1\n");
	$a->start;
	$a->ask("PRE . imap one\@a.test\n");
}

sub pre { return "PRE . " . ($_[1] || 'imap') . " $_[0]\n" }
sub login {
	my $data = "imap\nlogin\n$_[0]\n$_[1]\n";
	return 'AUTH ' . length($data) . "\n$data";
}

# All of them are there before the worker looks.
sub crowd {
	my (@requests) = @_;
	my ($worker) = $a->workers;
	kill 'STOP', $worker;
	my @s = map { $a->connect } @requests;
	syswrite $s[$_], $requests[$_] for 0 .. $#s;
	kill 'CONT', $worker;
	return map { Authd::read_all($_) } @s;
}

my $before;
sub queries {
	my @lines = substr($a->log, $before) =~ /SQL query: (.*)/g;
	return @lines;
}

sub together {
	my ($what, @requests) = @_;
	my @alone = map { $a->ask($_) } @requests;
	$before = length $a->log;
	my @found = crowd(@requests);
	is_deeply \@found, \@alone, "$what: each gets what it gets alone";
	return queries();
}

restart('');
my @plain = map { pre("$_\@a.test") } 1 .. 30;
my @q = together('known users', @plain);
cmp_ok scalar @q, '<', @plain, scalar(@q) . ' statements for '
    . scalar @plain;
ok((grep { /UNION ALL/ } @q), 'some of them for several');

@q = together('all sorts', @plain[0 .. 9], pre('none@a.test'),
    pre("o'neil\@a.test"), pre('ONE@a.test'), pre('one@a.test') x 2,
    pre('one@deliver.test', 'courier'), pre("x' or '1'='1"), pre('x\\'),
    login('2@a.test', 'pw-2'), login('3@a.test', 'wrong'),
    login("o'neil\@a.test", "it's"), login('2@a.test', 'pw-2'),
    login('bad@a.test', 'pw'), pre('bad@a.test'), @plain[10 .. 19]);
ok((grep { /UNION ALL/ } @q), 'some of them together');

@q = together('an id that is no text', @plain[0 .. 9], pre("\xff\@a.test"),
    @plain[10 .. 19]);

@q = together('accounts that change', @plain);
$db->sql("update users set home = '/moved' where email = '7\@a.test'");
is((grep { m,^HOME=/moved$,m } crowd(@plain)), 1, 'and is seen at once');

restart("MYSQL_SELECT_CLAUSE SELECT email, '', clear, uid, gid, home, '', '', "
    . "'', '' FROM users WHERE email = '\$(local_part)\@\$(domain)'\n");
@q = together("a query of the site's own", @plain);
is scalar(@q), scalar(@plain), 'is run for each';
is((grep { /UNION/ } @q), 0, 'as it is');

# What stands alone, but not behind UNION ALL.
restart("MYSQL_WHERE_CLAUSE 1=1) ORDER BY (email\n");
@q = together('a clause that cannot be joined', @plain);
is((grep { /UNION ALL/ } @q), 1, 'is tried once');

restart('');
$db->stop;
is((grep { $_ ne '' } crowd(@plain[0 .. 19])), 0,
    'without a server nobody is refused');
$db->start;
ok wait_for(60, sub { ($a->ask($plain[0]) || '') =~ /^ADDRESS/m }),
    'it comes back';
together('after that', @plain);

$a->stop;
$db->stop;
done_testing;
