#!/usr/bin/perl
# makedat and makedatprog: text to a database.  SPDX-License-Identifier: ISC
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Private qw(:all);
use Test::More;
use Sysconf;
use Tcpd;

my $s = Sysconf->new;
my $dir = workdir();
my ($src, $dat, $tmp) = map { "$dir/$_" } qw(src dat tmp);

sub make { return $s->script('makedat', "-src=$src", "-file=$dat",
    "-tmp=$tmp", @_) }

# What the listener finds: who may come in, and with which variable.
sub ask {
	my ($t, $from) = @_;
	my $text = rest_or_greeting($t->dial($from));
	return $text =~ /^V=(.*)$/m ? $1 : $text =~ /^done$/m ? 'in' : 'out';
}

sub rest_or_greeting { return greeting($_[0]) }

sub found {
	my %want = @_;
	my $t = Tcpd->new("-access=$dat", '-maxperip=100');
	is ask($t, $_), $want{$_}, "$_: $want{$_}" for sort keys %want;
	$t->stop;
}

spew($src, "# comment\n127.0.1\tdeny\n\n\t127.0.2\n127.0.3\tV=three\tx\n"
    . "127.0.4\n127.0.5\t\n127.0.6\tV=last");
ok make(), 'of a file' or diag $Private::out;
ok -f $dat && !-e $tmp, 'in its place';
is((stat $dat)[2] & 0777, 0644, 'mode 644');
found('127.0.1.1' => 'out', '127.0.2.1' => 'in', '127.0.3.1' =>
    "three\tx", '127.0.4.1' => 'in', '127.0.5.1' => 'in',
    '127.0.6.1' => 'last');

# A key twice: the old database stays.
my $old = slurp($dat);
spew($src, "127.0.1\tallow\n127.0.1\tdeny\n");
ok !make(), 'a key twice';
like $Private::out, qr/^Cannot store record for 127\.0\.1 - duplicate or out of disk space\.$/m,
    'is told';
ok slurp($dat) eq $old && !-e $tmp, 'and nothing is changed';
spew("$dir/cut", "127.0.1\tallow\n");
ok !run('sh', '-c', "$s->{dir}/bin/makedatprog - $tmp $dat <$dir/cut"),
    'a text without its last line is not complete';
ok slurp($dat) eq $old, 'and nothing is changed';
unlink $src;
ok !make(), 'no source';
ok slurp($dat) eq $old, 'and nothing is changed';

# A folder.
mkdir $src;
spew("$src/a", "127.0.1\tV=a");
spew("$src/.hidden", "127.0.2\tV=hidden\n");
spew("$src/$_", "127.0.3\tV=$_\n") for 'x~', 'x.dpkg-old', 'x.rpmsave',
    'x.rpmnew', 'dir';
unlink "$src/dir";
mkdir "$src/dir";
spew("$src/dir/x", "127.0.3\tV=deep\n");
symlink "$dir/linked", "$src/link";
spew("$dir/linked", "127.0.4\tV=linked\n");
ok make(), 'of a folder' or diag $Private::out;
found('127.0.1.1' => 'a', '127.0.2.1' => 'hidden', '127.0.3.1' => 'in',
    '127.0.4.1' => 'linked');
system 'rm', '-rf', $src;

# Networks.
spew($src, "127.0.1.0/30\tV=small\n127.0.2.0-127.0.4.1\tV=range\n"
    . "127.8.0.0/15\tV=big\n127.10.0.7/24\tV=host bits\n"
    . "127.0.1.3\tdeny\n");
ok !make('-cidr'), 'a key within a network is there twice';
spew($src, "127.0.1.0/30\tV=small\n127.0.2.0-127.0.4.1\tV=range\n"
    . "127.8.0.0/15\tV=big\n127.10.0.7/24\tV=host bits\n"
    . "2001:db8::/33\tV=six\n");
ok make('-cidr'), 'networks' or diag $Private::out;
found('127.0.1.0' => 'small', '127.0.1.3' => 'small', '127.0.1.4' => 'in',
    '127.0.2.0' => 'range', '127.0.3.200' => 'range', '127.0.4.1' => 'range',
    '127.0.4.2' => 'in', '127.8.1.1' => 'big', '127.9.255.1' => 'big',
    '127.10.0.200' => 'host bits', '127.10.1.1' => 'in');
ok make(), 'without -cidr they are keys as they stand';
found('127.0.1.1' => 'in');
for ('127.0.0.0/33', '127.0.0/8', '127.0.0.9-127.0.0.1', 'x/8',
    '127.0.0.1-::1') {
	spew($src, "$_\tV=x\n");
	ok !make('-cidr'), "$_ is none";
	like $Private::out, qr/^\Q$_\E: not a network$/m, 'told';
}

# -hup, and wrong words.
spew($src, "a\tb\n");
my $pid = start({ code => sub {
	$SIG{HUP} = sub { spew("$dir/hup", ''); exit };
	spew("$dir/ready", '');
	sleep 120;
} });
wait_for(30, sub { -e "$dir/ready" });
spew("$dir/pid", "$pid\n");
ok make("-hup=$dir/pid"), '-hup';
ok wait_for(30, sub { -e "$dir/hup" }), 'signals';
ok make("-hup=$dir/nosuch"), 'no pid file is no error';
for (['-nosuch', "-src=$src"], ["-src=$src"], []) {
	ok !$s->script('makedat', @$_), "makedat @$_";
	like $Private::out, qr/^Usage: .*makedat -src=src -file=file -tmp=tmpfile -hup=hupfile \[-cidr\]$/m,
	    'usage';
}

# makeimapaccess without a file to make it of.
$s->conf('IMAPACCESSFILE=');
ok !$s->script('makeimapaccess'), 'makeimapaccess without IMAPACCESSFILE';
is $Private::out, "ERROR: No IMAPACCESSFILE specified in $s->{etc}/imapd\n",
    'says so';
done_testing();
