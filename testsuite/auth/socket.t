#!/usr/bin/perl
# The socket: the protocol to the letter, hostile bytes, many clients, workers
# that die, and the end.  SPDX-License-Identifier: ISC
use strict;
use warnings;
use Digest::MD5 qw(md5_base64);
use FindBin;
use IO::Socket::UNIX;
use lib "$FindBin::Bin/../lib";
use Private qw(:all);
use Test::More;
use Authd;

my $md5 = '{MD5}' . md5_base64('secret') . '==';
my $opts = 'disableimap=1,sharedgroup=g1';
my $a = Authd->new(idle => 1);
spew($a->conf('userdb'), "min\thome=/h|uid=1|gid=2|systempw=$md5\n"
    . "test\@example.com\thome=/home/v/test|uid=1001|gid=1002|"
    . "mail=/home/v/test/Maildir2|quota=1000S|gecos=Test User, Room 5|"
    . "options=$opts|systempw=$md5\n"
    . "a b\thome=/ab|uid=1|gid=2\n", 0600);
$a->tool('makeuserdb') or die $Private::out;
$a->rc(<<'EOF');
authmodulelist="authuserdb nosuch authpwd"
daemons=3
DEFAULTOPTIONS="disableimap=0,disablepop3=1,group=a,group=b,flag"
EOF
$a->start;

my $min = "UID=1\nGID=2\nHOME=/h\nADDRESS=min\nPASSWD=$md5\n"
    . "OPTIONS=disableimap=0,disablepop3=1,group=a,group=b,flag\n.\n";
(my $min_login = $min) =~ s/(?=OPTIONS)/PASSWD2=secret\n/;

sub auth { return 'AUTH ' . length($_[0]) . "\n$_[0]" }

# Request, reply; what has no reply is a malformed request. AUTH without a line
# before it is never left without one: see the end.
my @dialogues = (
	["PRE . imap min\n", $min],
	["PRE   .   imap    min\n", $min],
	["PRE authuserdb imap min\n", $min],
	["PRE authpam imap min\n", "FAIL\n"],
	["PRE authpwd imap min\n", "FAIL\n"],
	["PRE . imap min \n", "FAIL\n"],
	["PRE . imap min\r\n", "FAIL\n"],
	["PRE . imap min\0x\n", $min],
	["PRE . imap nobody-here\n", "FAIL\n"],
	["PRE . imap test\@example.com\n", "UID=1001\nGID=1002\n"
	    . "HOME=/home/v/test\nADDRESS=test\@example.com\nNAME=Test User\n"
	    . "MAILDIR=/home/v/test/Maildir2\nQUOTA=1000S\nPASSWD=$md5\n"
	    . "OPTIONS=$opts,disablepop3=1,group=a,flag\n.\n"],
	["PRE . imap a b\n", qr/^ADDRESS=a b$/m],
	["PRE . imap \xff\xfe\n", "FAIL\n"],
	["PRE . imap %s%n%x\n", "FAIL\n"],
	["PRE . imap \n", "FAIL\n"],
	[auth("im\0ap\nlogin\nmin\nsecret\n"), "FAIL\n"],
	["PRE . imap\n", ''], ["PRE .\n", ''], ["PRE\n", ''],
	["FOO bar\n", ''], ["pre . imap min\n", ''], ["\n", ''],
	["PRE . imap min\nPRE . imap min\n", $min],
	["TCPREMOTEIP=192.0.2.1\nPRE . imap min\n", $min],
	["X=y\nFOO=\n=z\nPRE . imap min\n", $min],
	["FOO BAR=baz\nPRE . imap min\n", ''],
	["TCPREMOTEIP=" . 'x' x 5000 . "\nPRE . imap min\n", $min],
	["PRE . imap " . 'x' x 8179 . "\n", "FAIL\n"],
	["PRE . imap " . 'x' x 8180 . "\n", ''],
	['x' x 8191 . "\n", ''],
	[auth("imap\nlogin\nmin\nsecret\n"), $min_login],
	[auth("imap\nlogin\nmin\nsecret"), $min_login],
	[auth("imap\nlogin\n\n\nmin\n\nsecret\n"), $min_login],
	[auth("imap\nlogin\nmin\nwrong\n"), "FAIL\n"],
	[auth("imap\nlogin\nmin\n\n"), "FAIL\n"],
	[auth("imap\nlogin\n\nsecret\n"), "FAIL\n"],
	[auth("imap\nlogin\n"), "FAIL\n"],
	[auth("imap\nplain\nmin\nsecret\n"), "FAIL\n"],
	[auth("imap\ncram-sha512\nPA==\nPA==\n"), "FAIL\n"],
	[auth("imap\ncram-md5\n\nx\n"), "FAIL\n"],
	[auth("imap\ncram-md5\n!!!!\n####\n"), "FAIL\n"],
	[auth("ENUMERATE\nlogin\nmin\nx\n"), "FAIL\n"],	# 10.2 #6
	["AUTH 23\nimap\nlogin\nmin\nsecret\n\n\n", $min_login],
	["AUTH 22junk\nimap\nlogin\nmin\nsecret\n", $min_login],
	["AUTH -1\nimap\n", "FAIL\n"], ["AUTH xyz\n", "FAIL\n"],
	["AUTH\n", "FAIL\n"], ["AUTH 0\n", "FAIL\n"],
	["X=1\nAUTH xyz\n", ''], ["AUTHx\n", ''],
	["AUTH 5\nimap\n", "FAIL\n"],
	["AUTH 99999999999999999999\nimap\n", "FAIL\n"],
	["AUTH 8192\n" . "x" x 8192, "FAIL\n"],
	["AUTH 8191\nimap\nlogin\nmin\n" . 'x' x 8176, "FAIL\n"],
	["PASSWD imap\tmin\twrong\tnew\n", "FAIL\n"],
	["PASSWD imap\tmin\tsec\x01ret\tnew\n", "FAIL\n"],
	["PASSWD imap\tmin\tsecret\n", ''],
	["PASSWD imap\tmin\tsecret\t\n", "FAIL\n"],
	["PASSWD imap\tmin\tsecret\tsecret\trest\n", "OK\n"],
	["ENUMERATE\n", qr{^\#\ authuserdb\n\n(?:[^\n]+\n){3}\#\ authpwd\n\n
	    (?:[^\n]+\n)*\.\n\z}x],
	["ENUMERATE x\n", qr/^# authuserdb\n/],
);
for my $d (@dialogues) {
	my ($request, $want) = @$d;
	(my $name = substr $request, 0, 60) =~ s/([^ -~])/sprintf '\x%02x', ord $1/ge;
	my $got = $a->ask($request, 15);
	if (ref $want) {
		like $got, $want, $name;
	} else {
		is $got, $want, $name;
	}
}
like $a->ask("ENUMERATE\n"),
    qr{^test\@example.com\t1001\t1002\t/home/v/test\t/home/v/test/Maildir2\t\Q$opts\E,disablepop3=1,group=a,flag$}m,
    'ENUMERATE: options are merged';

# Piece by piece.
{
	my $s = $a->connect;
	for my $byte (split //, auth("imap\nlogin\nmin\nsecret\n")) {
		syswrite $s, $byte;
		select undef, undef, undef, 0.01;
	}
	is Authd::read_all($s), $min_login, 'one byte at a time';
}

# The last line end may be the end of the stream. What changes something is
# then left: it may have been cut.
sub half {
	my ($request) = @_;
	my $s = $a->connect;
	syswrite $s, $request;
	shutdown $s, 1;
	return Authd::read_all($s, 15);
}
is half('PRE . imap min'), $min, 'PRE without a line end';
is half("AUTH 22\nimap\nlogin\nmin\nsecret"), $min_login,
    'AUTH whose length counts one that does not come';
is half(auth("imap\nlogin\nmin\nsecret")), $min_login, 'AUTH without one';
is half("AUTH 30\nimap\nlogin\nmin\nsecret\n"), "FAIL\n", 'AUTH that is cut';
is half("X=1\nAUTH 30\nimap\nlogin\nmin\nsecret\n"), '', 'with metadata';
like half('ENUMERATE'), qr/^min\t.*^\.\n\z/ms, 'ENUMERATE';
is half("PASSWD imap\tmin\tsecret\tx"), '', 'PASSWD is not done';
is half('PRE . imap'), '', 'half of a PRE';
is $a->ask(auth("imap\nlogin\nmin\nsecret\n")), $min_login, 'nothing changed';

# One that never ends: cut after ten seconds. Some take silence for a yes.
{
	my $s = $a->connect;
	syswrite $s, "AUTH 50\nimap\nlogin\nmin\nsecret\n";
	my $start = now();
	is Authd::read_all($s, 20), "FAIL\n", 'AUTH that never ends is refused';
	cmp_ok now() - $start, '>', 8, 'after 10 seconds';
}

# Random bytes, cut anywhere, never end a worker.
ok $a->settled(3), 'three workers';
my @before = $a->workers;
srand 17;
my $lost = 0;
for (1 .. 300) {
	my $request = $dialogues[rand @dialogues][0];
	next if $request =~ /\tsecret\t\w/;	# it would change it
	substr($request, rand(length $request), 1 + rand 4) =
	    join '', map { chr rand 256 } 1 .. rand 6 for 1 .. 1 + rand 3;
	my $s = $a->connect;
	syswrite $s, $request;
	shutdown $s, 1;
	defined Authd::read_all($s, 15) or $lost++;
}
is $lost, 0, 'hostile requests';
is_deeply [$a->workers], \@before, 'the same workers';
is $a->ask("PRE . imap min\n"), $min, 'still serving';

# Clients that say nothing hold nobody up, and are sent away after 10 s
# (10.2 #28).
{
	my $limit = 1000;
	chomp(my $files = `sh -c 'ulimit -n'`);
	$limit = $files - 100 if $files =~ /^\d+$/ && $files < $limit + 100;
	my @silent = map { $a->connect } 1 .. $limit;
	syswrite $_, 'PR' for @silent[0 .. 99];
	my $start = now();
	my $good = grep { ($a->ask("PRE . imap min\n") // '') eq $min } 1 .. 20;
	is $good, 20, "served beside $limit silent clients";
	cmp_ok now() - $start, '<', 9, 'before they are sent away';
	is Authd::read_all($silent[-1], 40), '', 'the silent one is sent away';
	my $took = now() - $start;
	cmp_ok $took, '<', 19, 'after 10 seconds';
	cmp_ok $took, '>', 8, 'and not before';
}

# Many at the same time.
{
	my @s = map { $a->connect } 1 .. 200;
	my $request = auth("imap\nlogin\nmin\nsecret\n");
	syswrite $_, $request for @s;
	is scalar(grep { (Authd::read_all($_, 20) || '') eq $min_login } @s),
	    200, '200 logins at once';
}

# A client that goes away in the middle, or reads nothing.
for (1 .. 20) {
	my $s = $a->connect;
	syswrite $s, "ENUMERATE\n" if $_ % 2;
	syswrite $s, 'AUTH 100' unless $_ % 2;
	close $s;
}
is $a->ask("PRE . imap min\n"), $min, 'clients that go away';
is_deeply [$a->workers], \@before, 'the same workers';

# Strangers are told no stored password, whatever the folder's mode (10.2 #33).
SKIP: {
	skip 'needs root', 10 unless $> == 0;
	my $as = sub {
		my ($uid, $gid, $request) = @_;
		my $file = workdir() . '/as';
		unlink $file;
		my $pid = Private::start({ log => $file, code => sub {
			$( = $) = "$gid $gid";
			$< = $> = $uid;
			print STDOUT $a->ask($request);
			STDOUT->flush;
		} });
		waitpid $pid, 0;
		return slurp($file);
	};
	my $login = auth("imap\nlogin\nmin\nsecret\n");
	(my $no_hash = $min) =~ s/^PASSWD=.*\n//m;
	(my $no_hash_login = $min_login) =~ s/^PASSWD=.*\n//m;
	chmod 0755, $a->var('');
	is $as->(65534, 65534, "PRE . imap min\n"), $no_hash, 'a stranger: PRE';
	is $as->(65534, 65534, $login), $no_hash_login, 'a stranger: login';
	is $as->(0, 0, "PRE . imap min\n"), $min, 'root';
	my ($uid, $gid) = $a->mail_ids;
	is $as->($uid, 65534, "PRE . imap min\n"), $min, 'the mail user';
	is $as->(65534, $gid, "PRE . imap min\n"), $min, 'one of the mail group';
	my $rc = slurp($a->conf('authdaemonrc'));
	my @old = $a->workers;
	$a->rc($rc . "AUTHDAEMON_TRUST=\"nosuch, $uid, nobody \@mail\"\n");
	ok $a->hup(qr/INFO: Installation complete: authpwd/), 'AUTHDAEMON_TRUST';
	ok wait_for(30, sub { !grep { kill 0, $_ } @old }), 'the old ones go';
	like $a->log, qr/^ERR: AUTHDAEMON_TRUST: there is no nosuch$/m, 'a typo';
	is $as->(65534, 65534, "PRE . imap min\n"), $min, 'a user of the list';
	is $as->(12345, 8, "PRE . imap min\n"), $min, 'one of a group of it';
	is $as->(12345, 12345, "PRE . imap min\n"), $no_hash, 'others';
	$a->rc($rc . "AUTHDAEMON_TRUST=\"\"\n");
	ok $a->settled(3), 'three others';
	@old = $a->workers;
	kill 'HUP', $a->{pid};
	ok wait_for(30, sub { !grep { kill 0, $_ } @old }), 'and back';
}

# A worker that is killed is replaced; the others stay (10.2 #27).
{
	ok $a->settled(3), 'three workers';
	my ($victim, @others) = $a->workers;
	my $s = $a->connect;
	syswrite $s, 'PRE . ';
	kill 'KILL', $victim;
	ok wait_for(30, sub {
		my @now = $a->workers;
		@now == 3 && !grep { $_ == $victim } @now
	}), 'a worker that was killed is replaced';
	my %now = map { $_ => 1 } $a->workers;
	is scalar(grep { $now{$_} } @others), 2, 'the others stay';
	like $a->log, qr/^ERR: worker $victim ended \(signal 9\)/m, 'logged';
	is $a->ask("PRE . imap min\n"), $min, 'and all is well';
	like Authd::read_all($s) // 'none', qr/\A\z/, 'its client sees the end';
	kill 'KILL', $a->workers;
	ok wait_for(30, sub { ($a->ask("PRE . imap min\n", 8) || '') eq $min }),
	    'all of them';
}

# Reload: nobody is turned away while it happens.
{
	my $s = $a->connect;
	syswrite $s, 'PRE . imap ';
	ok $a->settled(3), 'three others';
	my @old = $a->workers;
	kill 'HUP', $a->{pid};
	my $good = 0;
	for (1 .. 50) {
		$good++ if ($a->ask("PRE . imap min\n") // '') eq $min;
		select undef, undef, undef, 0.01;
	}
	is $good, 50, 'served during a reload';
	syswrite $s, "min\n";
	is Authd::read_all($s), $min, 'a request that had begun is answered';
	ok wait_for(30, sub {
		my %now = map { $_ => 1 } $a->workers;
		keys %now == 3 && !grep { $now{$_} } @old
	}), 'other workers now';
}

# The parent is killed: its workers end.
{
	ok $a->settled(3), 'three workers';
	my @w = $a->workers;
	kill 'KILL', $a->{pid};
	waitpid $a->{pid}, 0;
	ok wait_for(30, sub { !grep { kill 0, $_ } @w }),
	    'no workers without their parent';
	$a->start;
	is $a->ask("PRE . imap min\n"), $min, 'started again';
}

# Stop, with a client in the middle of a request.
{
	ok $a->settled(3), 'three workers';
	my @w = $a->workers;
	my $s = $a->connect;
	syswrite $s, 'PRE . ';
	my $start = now();
	my $pid = $a->{pid};
	$a->stop;
	cmp_ok now() - $start, '<', 9.5, 'does not wait for its end';
	ok !(grep { kill 0, $_ } $pid, @w), 'nothing is left';
	ok -S $a->var('socket'), 'the socket file stays';
	ok !IO::Socket::UNIX->new(Peer => $a->var('socket')), 'nobody listens';
	is Authd::read_all($s, 5), '', 'the client sees the end';
}
unlike $a->log, qr/ERR: (?!worker|AUTHDAEMON_TRUST: there is no nosuch)/,
    'no error but those';
done_testing;
