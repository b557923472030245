#!/usr/bin/perl
# couriertcpd: what it finds out about a peer: names, ident, DNS lists,
# proxies; and where standard error goes.  SPDX-License-Identifier: ISC
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use IO::Socket::INET;
use Private qw(:all);
use Test::More;
use Tcpd;

my $dir = workdir();

sub var {
	my ($text, $name) = @_;
	return $text =~ /^\Q$name\E=(.*)$/m ? $1 : 'unset';
}

# Names and lists come from the C library: a hosts file of our own is mounted
# over the system's, for this listener alone.
sub private_hosts {
	spew("$dir/hosts", <<'END');
127.0.0.1	localhost
127.0.21.1	one.test
127.0.21.2	two.test
127.0.99.9	liar.test
127.0.0.4	1.21.0.127.bl.test
127.0.0.5	2.21.0.127.wl.test
127.0.0.4	2.21.0.127.bl.test
END
	spew("$dir/nsswitch", "hosts: files\n");
	spew("$dir/mount", <<"END", 0755);
#!/bin/sh
mount --make-rprivate / &&
mount --bind $dir/hosts /etc/hosts &&
mount --bind $dir/nsswitch /etc/nsswitch.conf &&
exec "\$@"
END
	return ['unshare', '-m', "$dir/mount"];
}

SKIP: {
	skip 'needs root and unshare: a private hosts file', 10
	    unless $> == 0 && -e '/etc/nsswitch.conf' &&
	    run(@{ private_hosts() }, 'true');
	my $t = Tcpd->new({ wrap => private_hosts(),
	    env => { TCPREMOTEHOST => 'old' } }, '-dns', '-allow=wl.test,WL',
	    '-block=bl.test,BL,see @', '-block=bl.test=List');
	my $text = greeting($t->dial('127.0.21.1', '127.0.21.2'));
	is var($text, 'TCPREMOTEHOST'), 'one.test', 'TCPREMOTEHOST';
	is var($text, 'TCPLOCALHOST'), 'two.test', 'TCPLOCALHOST';
	is var($text, 'BL'), 'see ::ffff:127.0.21.1', '-block';
	is var($text, 'BL_IP'), '127.0.0.4', 'its address';
	is var($text, 'BL_ZONE'), 'bl.test', 'its zone';
	is var($text, 'BLOCK'), 'Blacklisted by List', 'the usual text';
	is var($text, 'WL'), 'unset', 'not allowed';
	$text = greeting($t->dial('127.0.21.2'));
	is var($text, 'WL') . var($text, 'ALLOW_0'), 'WL', '-allow';
	$text = greeting($t->dial('127.0.21.3'));
	is var($text, 'TCPREMOTEHOST'), 'unset', 'no name: not the inherited one';
	is var($text, 'BLOCK') . var($text, 'BL'), 'unsetunset',
	    'on no list';
	$t->stop;
}

# The ident protocol; the port is fixed, so this needs root.
my $ident = IO::Socket::INET->new(Listen => 5, LocalAddr => '127.0.22.1',
    LocalPort => 113, ReuseAddr => 1);
SKIP: {
	skip 'cannot listen on port 113', 5 unless $ident;
	my $pid = start({ code => sub {
		for my $answer ('USERID : UNIX : joe', 'ERROR : NO-USER') {
			my $c = $ident->accept or return;
			my $line = <$c>;
			spew("$dir/asked", $line);
			$line =~ s/\r?\n//;
			print $c "$line : $answer\r\n";
		}
	} });
	close $ident;
	my $t = Tcpd->new;
	is var(greeting($t->dial('127.0.22.1')), 'TCPREMOTEINFO') .
	    slurp("$dir/asked"), 'unset', 'who does not want it is not asked';
	$t->stop;
	$t = Tcpd->new('-identlookup');
	my $s = $t->dial('127.0.22.1');
	my $text = greeting($s);
	is var($text, 'TCPREMOTEINFO'), 'joe', 'TCPREMOTEINFO';
	is slurp("$dir/asked"), $s->sockport . ",$t->{port}\r\n",
	    'the question';
	is var(greeting($t->dial('127.0.22.1')), 'TCPREMOTEINFO'), 'unset',
	    'an error';
	is var(greeting($t->dial('127.0.22.2')), 'TCPREMOTEINFO'), 'unset',
	    'nobody answers';
	$t->stop;
}
my $t = Tcpd->new({ env => { TCPREMOTEINFO => 'old' } }, '-identlookup');
is var(greeting($t->dial('127.0.22.3')), 'TCPREMOTEINFO'), 'unset',
    'an inherited TCPREMOTEINFO is not believed';
$t->stop;

# Behind a proxy.
$t = Tcpd->new('-haproxy=60', '-maxperip=1', '-refuse=* BYE ');
# 12.2 #21: the one who is silent holds up nobody.
my $silent = $t->dial;
my $s = $t->dial;
print $s "PROXY TCP4 192.0.2.1 192.0.2.2 1000 143\r\n";
my $text = greeting($s);
is var($text, 'TCPREMOTEIP'), '::ffff:192.0.2.1', 'the client behind a proxy';
is var($text, 'TCPREMOTEPORT'), 1000, 'its port';
is var($text, 'TCPLOCALIP'), '::ffff:192.0.2.2', 'where it went';
is var($text, 'TCPLOCALPORT'), 143, 'and the port there';
is var($text, 'TCPREMOTEINFO'), "proxy via ::ffff:127.0.0.1, port $t->{port}",
    'TCPREMOTEINFO';
my $twice = $t->dial;
print $twice "PROXY TCP4 192.0.2.1 192.0.2.2 1001 143\r\n";
is rest($twice), "* BYE Maximum number of connections from your address "
    . "reached.\r\n", 'limits count the client, not the proxy';
my $v2 = $t->dial;
print $v2 "\r\n\r\n\0\r\nQUIT\n", pack('CCnC4C4nn', 0x21, 0x11, 12, 192, 0, 2,
    9, 192, 0, 2, 2, 1002, 143), "said after\n";
is var(greeting($v2), 'TCPREMOTEIP'), '::ffff:192.0.2.9', 'version 2';
my $slow = $t->dial;
print $slow 'PROXY TCP6 2001:db8::1 ';
$slow->flush;
select undef, undef, undef, 0.3;
print $slow "2001:db8::2 1 143\r\n";
is var(greeting($slow), 'TCPREMOTEIP'), '2001:db8::1', 'in two pieces';
my $other = $t->dial;
print $other "PROXY UDP4 192.0.2.1 192.0.2.2 1000 143\r\n";
is rest($other), '', 'a protocol that is not known: closed';
ok $t->logs(qr/^haproxy: unknown protocol: UDP4$/m), 'and logged';
my $bad = $t->dial;
print $bad "a LOGIN x y\r\n";
is rest($bad), '', 'no header: closed';
ok $t->logs(qr/^haproxy: missing PROXY statement$/m), 'and logged';
close $silent;
$t->stop;
$t = Tcpd->new('-haproxy=1');
is rest($t->dial), '', 'silence: closed after its time';
ok $t->logs(qr/^haproxy: timeout$/m), 'and logged';
$t->stop;
$t = Tcpd->new('-haproxy=2/port=1');
like greeting($t->dial), qr/^done$/m, 'another port needs no header';
$t->stop;

# Where standard error goes.
$t = Tcpd->new("-stderr=$dir/err");
greeting($t->dial);
ok wait_for(30, sub { slurp("$dir/err") =~ /^error of \d+$/m }),
    '-stderr=FILE';
$t->stop;
$t = Tcpd->new('-stderr=socket');
like greeting($t->dial), qr/^error of \d+$/m, '-stderr=socket';
$t->stop;
spew("$dir/logprog", <<"END", 0755);
#!/bin/sh
echo "\$# \$1" >>$dir/logged
exec cat >>$dir/logged
END
for (['prog'], ['other', '-stderrloggername=other']) {
	my ($name, @more) = @$_;
	unlink "$dir/logged";
	$t = Tcpd->new("-stderrlogger=$dir/logprog", @more);
	greeting($t->dial) for 1 .. 2;
	ok wait_for(30, sub { slurp("$dir/logged") =~
	    /^1 $name\n(error of \d+\n){2}\z/ }),
	    "-stderrlogger: one logger, told '$name'"
	    or diag slurp("$dir/logged");
	$t->stop;
}
done_testing();
