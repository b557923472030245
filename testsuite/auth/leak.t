#!/usr/bin/perl
# A worker's memory does not grow: 100,000 requests of all kinds, most of them
# logins, with reloads of the database between.  SPDX-License-Identifier: ISC
use strict;
use warnings;
use Digest::MD5 qw(md5_base64);
use FindBin;
use lib "$FindBin::Bin/../lib";
use Private qw(:all);
use Test::More;
use Authd;

plan skip_all => 'needs /proc' unless -r '/proc/self/status';

use constant REQUESTS => 100000;
use constant GROWTH_KB => 300;

my $md5 = '{MD5}' . md5_base64('secret') . '==';
my $a = Authd->new(idle => 1);
spew($a->conf('userdb'), "min\thome=/h|uid=1|gid=2|mail=M|quota=1S|options=a=1|"
    . "gecos=M|systempw=$md5|hmac-md5pw=cd3ba7deaad6e5ca23448ba42e379747a9e0f7f1"
    . "fbc00c8a81bbaac395731b56\n", 0600);
$a->tool('makeuserdb') or die $Private::out;
$a->rc("authmodulelist=\"authuserdb\"\ndaemons=1\n"
    . "DEFAULTOPTIONS=\"b=2,c=3\"\n");
$a->start;

sub auth { return 'AUTH ' . length($_[0]) . "\n$_[0]" }

# Two of three are logins.
my @requests = (
	"PRE . imap min\n", "PRE . imap nobody\n", "PRE . imap\n", "FOO\n",
	"TCPREMOTEIP=::1\nPRE . imap min\n", "ENUMERATE\n",
	auth("imap\nlogin\nmin\nwrong\n"), auth("imap\nlogin\nmin\n\n"),
	auth("imap\nplain\nmin\nx\n"), auth("imap\ncram-md5\nPDFAaD4=\n"
	    . "bWluIDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAw\n"),
	auth("imap\ncram-md5\n!!!!\nx\n"), "AUTH 9000\n",
	auth("imap\nscram-sha-256\nmin\n"),
	auth("imap\nscram-sha-256\nmin\nbj11\n" . 'A' x 43 . "=\n"),
	"PASSWD imap\tmin\twrong\tnew\n", "PASSWD imap\tmin\n",
	"X=" . 'y' x 8000 . "\nPRE . imap min\n", 'z' x 9000 . "\n",
);
my $login = auth("imap\nlogin\nmin\nsecret\n");

sub memory {
	my ($worker) = $a->workers;
	my ($kb) = slurp("/proc/$worker/status") =~ /^VmRSS:\s+(\d+)/m;
	return $kb;
}

my $wrong = 0;

sub some {
	my ($n) = @_;
	for my $i (1 .. $n) {
		my $s = $a->connect;
		my $kind = $i % 3 ? $login : $requests[$i / 3 % @requests];
		syswrite $s, $kind;
		my ($reply, $got) = ('');
		1 while $got = sysread $s, $reply, 4096, length $reply;
		$wrong++ if $i % 3 && $reply !~ /^PASSWD2=secret$/m;
	}
}

$a->settled(1);
my ($worker) = $a->workers;
some(REQUESTS / 10);
my $before = memory();
for (1 .. 9) {
	some(REQUESTS / 10);
	$a->tool('makeuserdb') or die $Private::out;
}
my $after = memory();
is $wrong, 0, 'all logins succeed';
is_deeply [$a->workers], [$worker], 'the same worker';
cmp_ok $after - $before, '<', GROWTH_KB, "memory: $before kB, then $after kB";
done_testing;
