#!/usr/bin/perl
# couriertcpd: the access database (daemons.md 2.5).
# SPDX-License-Identifier: ISC
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Private qw(:all);
use Test::More;
use Tcpd;

my $dir = workdir();
my $build = $ENV{top_builddir};

sub database {
	my ($text) = @_;
	spew("$dir/text", "$text.\n");
	system("$build/src/prog/makedatprog - $dir/tmp $dir/dat <$dir/text")
	    == 0 or die 'makedatprog';
}

sub foo {
	my ($text) = @_;
	return $text =~ /^FOO=(.*)$/m ? "[$1]" : 'unset' if $text =~ /^done$/m;
	return $text;
}

database(<<"END");
127.0.1\tdeny
127.0.1.7\tallow,FOO="a,b"
127.0.3\tFOO=noallow
127.0.8\tallow,FOO
127.0.9\tallow,MAXCPERIP=1,TCPREMOTEIP=forged
*\tallow,FOO=star
END
my $t = Tcpd->new("-access=$dir/dat", '-denymsg=go away', '-maxperip=3',
    '-refuse=* BYE ');
is rest($t->dial('127.0.1.1')), "go away\n", 'deny, and its message';
ok $t->logs(qr/^INFO: connection refused by the access file, ip=\[::ffff:127\.0\.1\.1\]$/m),
    'with a log line';
is foo(greeting($t->dial('127.0.1.7'))), '[a,b]', 'a quoted comma';
is foo(greeting($t->dial('127.0.3.1'))), '[noallow]', 'without allow';
is foo(greeting($t->dial('127.0.8.1'))), '[]', 'set, but empty';
is foo(greeting($t->dial('127.0.7.1'))), '[star]', 'the last resort';
my $nine = $t->dial('127.0.9.1');
like greeting($nine), qr/^TCPREMOTEIP=::ffff:127\.0\.9\.1$/m,
    'the peer is not what an entry says';
is rest($t->dial('127.0.9.1')), "* BYE Maximum number of connections from "
    . "your address reached.\r\n", 'MAXCPERIP of the entry';

# HUP: from the next connection on. (In this test a server has served somebody
# before it gets one: while it starts it may not be prepared.)
database("*\tFOO=new\n127.0.2\tdeny\n");
is foo(greeting($t->dial('127.0.7.1'))), '[star]', 'a new file alone does '
    . 'nothing';
kill 'HUP', $t->{pid};
is foo(greeting($t->dial('127.0.7.1'))), '[new]', 'HUP reads it';
is foo(greeting($t->dial('127.0.8.1'))), '[new]',
    'nothing of an earlier connection is left';
$t->stop;

$t = Tcpd->new("-access=$dir/dat", '-refuse=* BYE ');
is rest($t->dial('127.0.2.1')), "* BYE Access denied.\r\n",
    'without -denymsg the reason';
$t->stop;

# The local end, with the port and without.
$t = Tcpd->new("-access=$dir/dat2", '-accesslocal', '-denymsg=go away',
    '-refuse=* BYE ');
ok $t->logs(qr/^ALERT: .*dat2: .*no access rules are in force$/m),
    'a missing database is told';
like greeting($t->dial('127.0.5.1', '127.0.4.1')), qr/^done$/m, 'no rules';
database("127.0.4.1.$t->{port}\tdeny\n127.0.4.2\tallow,FOO=local,BAR=l\n"
    . "127.0.5.1\tallow,FOO=remote\n*.$t->{port}\tFOO=any\n");
rename "$dir/dat", "$dir/dat2";
kill 'HUP', $t->{pid};
is rest($t->dial('127.0.5.1', '127.0.4.1')), "* BYE Access denied.\r\n",
    'a denied local end: not -denymsg';
my $text = greeting($t->dial('127.0.5.2', '127.0.4.2'));
is foo($text), '[local]', 'variables of the local end';
$text = greeting($t->dial('127.0.5.1', '127.0.4.2'));
is foo($text), '[remote]', 'the remote end is the later one';
like $text, qr/^BAR=l$/m, 'beside those of the local end';
is foo(greeting($t->dial('127.0.5.2', '127.0.4.9'))), '[any]', '*.PORT';
$t->stop;

# A damaged database (12.2 #11): at a restart the rules stay, at the start
# nobody comes in.
database("127.0.2\tdeny\n");
$t = Tcpd->new("-access=$dir/dat", '-refuse=* BYE ');
is rest($t->dial('127.0.2.1')), "* BYE Access denied.\r\n", 'a sound one';
spew("$dir/dat.new", "no database\n");
rename "$dir/dat.new", "$dir/dat";
kill 'HUP', $t->{pid};
is rest($t->dial('127.0.2.1')), "* BYE Access denied.\r\n",
    'damaged: the rules of before';
ok $t->logs(qr/^ALERT: \Q$dir\E\/dat: .*: the rules of before stay in force$/m),
    'told';
like greeting($t->dial('127.0.3.1')), qr/^done$/m, 'others are served';
$t->stop;
$t = Tcpd->new("-access=$dir/dat", '-refuse=* BYE ');
is rest($t->dial('127.0.3.1')), "* BYE Temporary problem, please try again "
    . "later\r\n", 'damaged at the start: refused';
ok $t->logs(qr/^ALERT: \Q$dir\E\/dat: .*: everybody is refused$/m), 'told';
database("127.0.2\tdeny\n");
kill 'HUP', $t->{pid};
like greeting($t->dial('127.0.3.1')), qr/^done$/m, 'mended: served again';
is rest($t->dial('127.0.2.1')), "* BYE Access denied.\r\n", 'by the rules';
$t->stop;

# A folder of rules that nobody has made a database of: the same; but there are
# no rules in an empty one.
mkdir "$dir/rules";
for my $n (0, 1) {
	$t = Tcpd->new("-access=$dir/rules.dat", '-refuse=* BYE ');
	$n ? is(rest($t->dial), "* BYE Temporary problem, please try again "
	    . "later\r\n", 'a folder of rules, no database')
	    : like(greeting($t->dial), qr/^done$/m, 'an empty folder');
	$t->stop;
	spew("$dir/rules/default", "127.0.2\tdeny\n");
}
ok run("$build/src/prog/couriertcpd", "-access=$dir/dat", '-checkaccess'),
    '-checkaccess: sound';
ok !run("$build/src/prog/couriertcpd", "-access=$dir/prog", '-checkaccess'),
    'not sound';

$t = Tcpd->new('-accesslocal');
ok $t->logs(qr/^-accesslocal requires -access$/m), '-accesslocal alone';
like greeting($t->dial), qr/^done$/m, 'goes on';
$t->stop;

# -drop looks at all its names (12.2 #26).
database("127.0.6.1\tONE=x\n127.0.6.2\tTWO=x\n127.0.6.3\tONE\n"
    . "127.0.6.4\tBLOCK=x\n");
$t = Tcpd->new("-access=$dir/dat", '-drop=ONE,TWO', '-denymsg=dropped');
is rest($t->dial('127.0.6.1')), "dropped\n", '-drop, first name';
ok $t->logs(qr/^WARN: dropped blocked connection from ::ffff:127\.0\.6\.1$/m),
    'logged';
is rest($t->dial('127.0.6.2')), "dropped\n", '-drop, second name';
like greeting($t->dial('127.0.6.3')), qr/^done$/m, 'an empty one does not';
like greeting($t->dial('127.0.6.4')), qr/^done$/m, 'nor another';
$t->stop;
$t = Tcpd->new("-access=$dir/dat", '-drop', '-refuse=* BYE ');
is rest($t->dial('127.0.6.4')), "* BYE Access denied.\r\n",
    '-drop alone means BLOCK';
done_testing();
