#!/usr/bin/perl
# Many clients at once: nobody is refused, whatever the database does; more
# workers come and go; reloads and deaths in the middle.
# SPDX-License-Identifier: ISC
use strict;
use warnings;
use Digest::MD5 qw(md5_base64);
use Errno ();
use FindBin;
use IO::Poll qw(POLLIN POLLHUP);
use IO::Socket::INET;
use IO::Socket::UNIX;
use Socket qw(SOCK_STREAM pack_sockaddr_un AF_UNIX);
use lib "$FindBin::Bin/../lib";
use Private qw(:all);
use Test::More;
use Authd;

use constant CLIENTS => 500;

chomp(my $files = `sh -c 'ulimit -n'`);
plan skip_all => "only $files descriptors"
    if $files =~ /^\d+$/ && $files < CLIENTS + 100;

my $md5 = '{MD5}' . md5_base64('secret') . '==';
my $a = Authd->new(idle => 1);
spew($a->conf('userdb'), "min\thome=/h|uid=1|gid=2|systempw=$md5\n", 0600);
$a->tool('makeuserdb') or die $Private::out;

# All of them connect as Cyrus SASL does: a full queue is a refusal. Returns
# replies, and how long the last one took; undef for one that was refused.
sub crowd {
	my ($n, $request, $during) = @_;
	my $start = now();
	my $poll = IO::Poll->new;
	my (%of, @reply);
	for my $i (0 .. $n - 1) {
		socket my $s, AF_UNIX, SOCK_STREAM, 0 or die "socket: $!";
		IO::Handle::blocking($s, 0);
		next unless connect $s, pack_sockaddr_un($a->var('socket'));
		next unless defined syswrite $s, $request;
		$reply[$i] = '';
		$of{$s} = [$s, $i];
		$poll->mask($s => POLLIN | POLLHUP);
	}
	$during->() if $during;
	while (%of && now() < $start + 60) {
		$poll->poll(1);
		for my $s ($poll->handles(POLLIN | POLLHUP)) {
			my $i = $of{$s}[1];
			my $got = sysread $s, $reply[$i], 8192,
			    length $reply[$i];
			next if $got || (!defined $got && $!{EAGAIN});
			$reply[$i] = "error $!" unless defined $got;
			$poll->remove($s);
			delete $of{$s};
		}
	}
	$#reply = $n - 1;
	$reply[$_->[1]] = 'no answer' for values %of;
	return (now() - $start, @reply);
}

sub is_all {
	my ($want, $name, $seconds, $took, @reply) = @_;
	my %other;
	ref $want ? ($_ // '') =~ $want : ($_ // 'refused') eq $want
	    or $other{$_ // 'refused'}++ for @reply;
	is join(', ', map { "$other{$_} x $_" } sort keys %other), '', $name;
	cmp_ok $took, '<', $seconds, "in $seconds seconds";
}

sub auth { return 'AUTH ' . length($_[0]) . "\n$_[0]" }

my $yes = qr/\AUID=1\n.*^\.\n\z/ms;

# ---- they are answered ----
$a->rc("authmodulelist=\"authuserdb\"\ndaemons=5\n");
$a->start;
ok $a->settled(5), 'five workers';
is_all($yes, CLIENTS . ' look-ups at once', 20,
    crowd(CLIENTS, "PRE . imap min\n"));
is_all($yes, 'logins', 20,
    crowd(CLIENTS, auth("imap\nlogin\nmin\nsecret\n")));
is_all($yes, 'during a reload', 20, crowd(CLIENTS, "PRE . imap min\n",
    sub { kill 'HUP', $a->{pid} }));
$a->stop;

# One write for a reply: some clients read once. (strace may not be allowed)
SKIP: {
	skip 'no strace', 2 unless run('strace', '-o', '/dev/null', 'true');
	$a->start('strace', '-f', '-s', 200, '-e', 'trace=write,writev,send,sendto,sendmsg',
	    '-o', workdir() . '/trace');
	$a->ask("PRE . imap min\n") for 1 .. 5;
	kill 'TERM', $a->children;
	waitpid $a->{pid}, 0;
	my $text = slurp(workdir() . '/trace');
	is scalar(() = $text =~ /"UID=1\\n/g), 5, 'a reply is written ...';
	is scalar(() = $text =~ /"UID=1\\nGID=2\\n.*\.\\n"/g), 5, '... at once';
}

# ---- the back end is slow: more workers, for a while ----
spew($a->conf('authProg'), <<'EOF', 0755);
#!/usr/bin/perl
$| = 1;
while (<STDIN>) {
	select undef, undef, undef, 0.5;
	print "UID=1\nGID=2\nHOME=/h\nADDRESS=slow\n.\n";
}
EOF
$a->rc("authmodulelist=\"authpipe\"\ndaemons=2\nCHAPAR_MAXDAEMONS=9\n");
$a->start;
my ($took, @reply) = crowd(30, "PRE . imap x\n");
is_all($yes, 'a slow back end', 7, $took, @reply);
like $a->log, qr/^INFO: all 2 workers are busy, starting 2 more$/m, 'logged';
my @many = $a->workers;
cmp_ok scalar(@many), '>', 2, 'more workers';
cmp_ok scalar(@many), '<=', 9, 'not more than CHAPAR_MAXDAEMONS';
ok wait_for(40, sub { $a->workers == 2 }), 'they go when nobody comes';
is_all($yes, 'and come again', 7, crowd(12, "PRE . imap x\n"));
unlike $a->log, qr/^ERR: worker/m, 'none is missed';
$a->stop;

# ---- the database says nothing, or is not there ----
SKIP: {
	skip 'authmysql is not built', 1
	    unless -f "$ENV{top_builddir}/authdaemon/libauthmysql.so";
	my $hole = IO::Socket::INET->new(Listen => 1,
	    LocalAddr => '127.0.0.1') or die "listen: $!";
	my $rc = "MYSQL_SERVER 127.0.0.1\nMYSQL_PORT "
	    . $hole->sockport . "\nMYSQL_OPT 0\nMYSQL_USERNAME mail\n"
	    . "MYSQL_PASSWORD x\nMYSQL_DATABASE mail\n"
	    . "MYSQL_USER_TABLE users\nMYSQL_CLEAR_PWFIELD clear\n";
	spew($a->conf('authmysqlrc'), $rc);
	$a->share('authmysqlrc') if $> == 0;
	$a->rc("authmodulelist=\"authmysql\"\ndaemons=5\n"
	    . "CHAPAR_MAXDAEMONS=8\n");
	$a->start;
	is_all('', 'a database that says nothing', 25,
	    crowd(CLIENTS, "PRE . imap min\n"));
	is_all("FAIL\n", 'once more, as AUTH', 25,
	    crowd(CLIENTS, auth("imap\nlogin\nmin\nsecret\n")));
	my $tries = () = $a->log =~ /^ERR: failed to connect/mg;
	cmp_ok $tries, '<', 30, "$tries attempts for all of them";
	close $hole;
	ok wait_for(60, sub {
		my $before = length $a->log;
		$a->ask("PRE . imap min\n");
		substr($a->log, $before) =~ /Can't connect|refused/i
	}), 'it goes away';
	is_all('', 'one that is not there', 15,
	    crowd(CLIENTS, "PRE . imap min\n"));
	ok wait_for(30, sub { $a->workers >= 5 }), 'the workers are there';
	$a->stop;
	unlike $a->log, qr/^ERR: worker/m, 'all the time';
}

# ---- workers die in the middle: their clients see the end, no more ----
$a->rc("authmodulelist=\"authpipe\"\ndaemons=4\n");
$a->start;
$a->settled(4);
(undef, @reply) = crowd(40, "PRE . imap x\n", sub {
	select undef, undef, undef, 0.3;
	kill 'KILL', ($a->workers)[0, 1];
});
my $lost = grep { defined && $_ eq '' } @reply;
my $good = grep { defined && $_ =~ $yes } @reply;
is $good + $lost, 40, 'two workers are killed: answers, or silence';
cmp_ok $lost, '<=', 2, 'for those whom they served';
ok wait_for(30, sub { $a->ask("PRE . imap x\n", 20) =~ $yes }), 'all is well';
ok wait_for(30, sub { $a->workers >= 4 }), 'four workers';
$a->stop;
done_testing;
