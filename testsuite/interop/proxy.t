#!/usr/bin/perl
# A farm: two fronts (ours, Courier's) and three servers (one is Courier's), each
# a machine of its own, with a replicated database; the steps of doc/scaling.md.
# SPDX-License-Identifier: ISC
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Net;
use IO::Socket::INET;
use Private qw(:all);
use Test::More;
use Accounts;
use Imap;
use Mails;
use Maria;
use Suite;

need_root();
need('mariadbd');
diag 'no network namespaces here: addresses of the loopback network'
    if Net::kind() ne 'namespaces';

my $dir = workdir();
my %number = (front => 10, courier_front => 11, one => 21, courier => 22,
    two => 23);
my %address = map { $_ => Net::host($number{$_}) } keys %number;
my $dead = Net::host(99);

# ---- the database, and its replica ------------------------------------------

Net::within(1);
my $primary = Maria->new(name => 'primary', address => Net::host(1),
    primary => 1);
my $replica = Maria->new(name => 'replica', address => Net::host(1),
    replica => 1);

# Who lives where.
my %lives = ('ann@a.test' => 'one', 'bob@a.test' => 'courier',
    'cid@a.test' => 'two', 'dan@a.test' => 'one', 'eve@a.test' => 'front');
Accounts::table($primary, sort keys %lives);
$primary->sql('alter table users add mailhost varchar(64)');
$primary->sql("update users set mailhost = '$address{$lives{$_}}' "
    . "where email = '$_'") for keys %lives;
$primary->sql("update users set mailhost = '$dead,$address{one}' "
    . "where email = 'dan\@a.test'");
$primary->sql("update users set clear = 'p\"w\\\\ x' "
    . "where email = 'cid\@a.test'");
$replica->follow($primary);
my %password = map { $_ => 'pw-' . substr $_, 0, 3 } keys %lives;
$password{'cid@a.test'} = 'p"w\\ x';

sub authmysqlrc {
	my (@servers) = @_;
	my $text = Accounts::authmysqlrc($primary);
	my $list = join ',', map { "$_->{address}:$_->{port}" } @servers;
	$list = $servers[0]{address} if @servers == 1;
	$text =~ s/^(MYSQL_SERVER\s+).*/$1$list/m;
	$text =~ s/^(MYSQL_PORT\s+).*/$1$servers[0]{port}/m;
	return "$text\nMYSQL_AUXOPTIONS_FIELD\tCONCAT('mailhost=',mailhost)\n";
}

# ---- the servers ------------------------------------------------------------

my %server;

sub mailbox { return "$dir/mail.$_[0]/" . substr $_[1], 0, 3 }

for my $name (sort keys %number) {
	my $theirs = $name =~ /courier/;
	mkdir "$dir/mail.$name";
	chmod 0755, "$dir/mail.$name";
	my $front = $name =~ /front/;
	$server{$name} = Suite->new(programs => $theirs ? 'courier' : 'chapar',
	    mail => "$dir/mail.$name", address => $address{$name},
	    port => 143, more => ['pop3d'], ports => { pop3d => 110 }, within => [Net::within($number{$name})],
	    imapd => { MAXPERIP => 60, IMAP_ENHANCEDIDLE => 0,
	    IMAP_CAPABILITY => 'IMAP4rev1 UIDPLUS IDLE',
	    $front ? (IMAP_PROXY => 1, PROXY_HOSTNAME => $address{$name},
	    CHAPAR_PROXY_TLS => 'no') : () },
	    pop3d => { $front ? (POP3_PROXY => 1, PROXY_HOSTNAME =>
	    $address{$name}, CHAPAR_PROXY_TLS => 'no') : () },
	    # Courier has one server in its file: the one that stays.
	    files => { authmysqlrc => authmysqlrc($theirs ? $replica :
	    ($primary, $replica)) });
	$server{$name}->set('imapd-ssl', IMAPDSTARTTLS => 'NO');
	$server{$name}->start;
}
for my $user (keys %lives) {
	my $home = mailbox($lives{$user}, $user);
	mkdir $home;
	chown 5000, 5000, $home;
	Accounts::maildir("$home/Maildir");
	Accounts::deliver("$home/Maildir", "Subject: of $user\n\nbody $_\n")
	    for 1 .. 3;
}

# What a server's log has, or gets in a moment.
sub logs {
	my ($name, $re, $what) = @_;
	ok wait_for(30, sub { $server{$name}->log =~ $re }), $what
	    or diag "$name: $re\n", $server{$name}->log;
}

sub client {
	my ($front, $user) = @_;
	my $c = Imap->new(host => $address{$front}, port => 143);
	$c->{said} = ($c->cmd("LOGIN $user ", \$password{$user}))[0];
	return $c;
}

# What a user finds and leaves.
sub use_it {
	my ($front, $user, $count) = @_;
	my $c = client($front, $user);
	my $local = $lives{$user} eq $front;
	my $name = "$user by $front";
	is $c->{said}, $local ? 'OK LOGIN Ok.' : 'OK connected to proxy server.',
	    "$name: in" or diag $server{$front}->log, $server{$lives{$user}}->log;
	my @said = $c->ok('SELECT INBOX');
	ok((grep { $_ eq "* $count EXISTS" } @said), "$count messages")
	    or diag "@said";
	my $bodies = $c->bodies;
	is scalar(grep { /\r\nbody|^added/ } values %$bodies), $count,
	    'the right ones';
	my $text = "added by $front\r\n" . 'x' x 200_000 . "\r\n";
	like +($c->cmd('APPEND INBOX ', \$text))[0], qr/^OK/, 'APPEND';
	my $folder = mailbox($lives{$user}, $user) . '/Maildir';
	is scalar(() = glob "$folder/{cur,new}/*"), $count + 1,
	    "it is on $lives{$user}";
	my ($end, @bye) = $c->bye;
	like "@bye $end", qr/\* BYE .*OK LOGOUT/, 'LOGOUT';
}

use_it('front', $_, 3) for sort keys %lives;
# (The other front's name is not eve's, and to it a list of hosts is one.)
use_it('courier_front', $_, 4) for 'ann@a.test', 'bob@a.test', 'cid@a.test';

# The same by POP3, with the list in the same packet as the password.
sub pop3 {
	my ($front, $user) = @_;
	my $s = IO::Socket::INET->new(PeerAddr => "$address{$front}:110",
	    Timeout => 20) or return "connect: $!";
	local $SIG{ALRM} = sub { die "no answer\n" };
	alarm 40;
	my $said = eval {
		scalar <$s>;
		print $s "USER $user\r\n";
		scalar <$s>;
		print $s "PASS $password{$user}\r\n",
		    $front eq 'front' ? "STAT\r\n" : '';
		my $in = <$s>;
		print $s "STAT\r\n" if $front ne 'front';
		my $stat = <$s>;
		print $s "QUIT\r\n";
		join '', $in, $stat =~ s/ \d+\r/\r/r, scalar <$s>;
	} // $@;
	alarm 0;
	return $said =~ s/\r//gr;
}

like pop3('front', $_), qr/^\+OK Connected to proxy server\.\n\+OK [45]\n\+OK /,
    "POP3: $_ by front" for 'ann@a.test', 'bob@a.test', 'cid@a.test';
like pop3('courier_front', $_),
    qr/^\+OK Connected to proxy server\.\n\+OK 5\n\+OK /,
    "POP3: $_ by courier_front" for 'ann@a.test', 'cid@a.test';
like pop3('front', 'eve@a.test'), qr/^\+OK logged in\.\n\+OK 4\n/,
    'POP3: eve on the spot';
logs('front', qr/pop3d: LOGIN, user=ann\@a\.test, ip=\[\S+\], port=\[\d+\], protocol=$/m,
    'and the log has it');

# Who came, by the log of each.
for (['front', 'ann@a.test', Net::host(1)],
    ['one', 'ann@a.test', $address{front}],
    ['courier', 'bob@a.test', $address{front}],
    ['one', 'ann@a.test', $address{courier_front}]) {
	my ($name, $user, $ip) = @$_;
	$ip = Net::kind() eq 'namespaces' ? "::ffff:$ip" : '::ffff:127\.[.\d]+';
	logs($name, qr/imapd: LOGIN, user=\Q$user\E, ip=\[$ip\], port=\[\d+\], protocol=IMAP$/m,
	    "$name logs $user of $ip");
}

# ---- the primary dies -------------------------------------------------------

$primary->stop;
use_it('front', $_, 5) for 'ann@a.test', 'bob@a.test';
use_it('courier_front', 'cid@a.test', 5);
like client('front', 'ann@a.test')->ok('STATUS INBOX (MESSAGES)'),
    qr/1/, 'and again';
my $c = Imap->new(host => $address{front}, port => 143);
like +($c->cmd('LOGIN ann@a.test wrong'))[0], qr/^NO Login failed/,
    'a wrong password is one';
$primary->start;
ok $replica->reached($primary), 'the primary is back';

# ---- a server dies ----------------------------------------------------------

$server{two}->stop_imap;
$c = client('front', 'cid@a.test');
is $c->{said}, '', 'his server is down: no login';
logs('front',
    qr/Proxy connection to \Q$address{two}\E failed: Connection refused/,
    'whose fault it is');
unlike $server{front}->log, qr/LOGIN FAILED, user=cid/, 'not his';
use_it('front', 'ann@a.test', 6);
$server{two}->start_imap;
use_it('front', 'cid@a.test', 6);

# ---- an account moves -------------------------------------------------------

# The steps of doc/scaling.md.
sub uids { my ($u) = @_; return join ' ', sort { $a <=> $b } keys %{ $u->bodies } }

$c = client('front', 'ann@a.test');
my ($before) = grep { /UIDVALIDITY/ } $c->ok('SELECT INBOX');
$c->ok('STORE 2 +FLAGS (\Flagged Work)');
my $flags = $c->flags;
my $uids = uids($c);
my ($from, $to) = map { mailbox($_, 'ann@a.test') } 'one', 'two';
mkdir $to;
chown 5000, 5000, $to;
run('rsync', '-a', '--delete', "$from/", "$to/") or die $Private::out;
chmod 01755, $_ or die for $from, $to;
my $session = $c;
$c = client('front', 'ann@a.test');
is $c->{said}, '', 'nobody comes in while it moves';
logs('front', qr/: Login to \Q$address{one}\E failed$/m, 'logged');
logs('one', qr/: LOCKED, user=ann\@a\.test, /, 'there, too');
ok run('fuser', '-k', '-TERM', "$from/Maildir"), 'his sessions are ended';
is +($session->cmd('NOOP'))[0], '', 'and have an end';
Accounts::deliver("$from/Maildir", "Subject: late\n\nbody late\n");
run('rsync', '-a', '--delete', "$from/", "$to/") or die $Private::out;
$primary->sql("update users set mailhost = '$address{two}'
    where email = 'ann\@a.test'");
$replica->reached($primary);
chmod 0755, $to;
rename $from, "$from.moved";
$lives{'ann@a.test'} = 'two';
for my $front (qw(front courier_front)) {
	$c = client($front, 'ann@a.test');
	my ($after) = grep { /UIDVALIDITY/ } $c->ok('SELECT INBOX');
	is $after, $before, "$front: the mailbox is the same";
	is uids($c) =~ s/ \d+$//r, $uids, 'with the same UIDs, and a new one';
	my $now = $c->flags;
	is_deeply { map { $_ => $now->{$_} } keys %$flags }, $flags,
	    'the same flags';
}

# ---- the paper ----------------------------------------------------------------

my $paper = slurp(top() . '/doc/scaling.md');
like $paper, qr/^ +\Q$_\E/m, "doc/scaling.md: $_"
    for 'rsync -a --delete ', 'chmod +t ', 'fuser -k -TERM ',
    'update users set mailhost = ', 'chmod -t ',
    "MYSQL_AUXOPTIONS_FIELD  CONCAT('mailhost=',mailhost)",
    'alter table users add mailhost varchar(64)',
    "grant replication slave on *.* to 'replica'\@'%'",
    "change master to master_host=";
my ($curl) = $paper =~ /^ +(curl .*)$/m;
my $bob = 'bob@a.test';
$curl =~ s/-u \S+/-u $bob:$password{$bob}/;
$curl =~ s/front1\.example\.com/$address{front}/;
ok run(split / /, $curl), 'its check finds a server' or diag $Private::out;
$server{courier}->stop_imap;
ok !run(split / /, $curl), 'and one that is away';
$server{courier}->start_imap;

# ---- many at once -----------------------------------------------------------

my @open = map { client('front', $_) } map { "$_\@a.test" }
    ('ann', 'bob', 'cid') x 12;
is scalar(grep { $_->{said} eq 'OK connected to proxy server.' } @open),
    scalar @open, scalar(@open) . ' sessions at once';
is scalar(grep { $_->ok('NOOP'); 1 } @open), scalar @open, 'all are served';
my $nobody = (getpwnam 'nobody')[2];
my @relays = grep { slurp("$_/cmdline") =~ /imaplogin/ &&
    slurp("$_/status") =~ /^Uid:\s+$nobody\s/m } glob '/proc/[0-9]*';
cmp_ok scalar @relays, '>=', scalar @open, 'by nobody';
undef @open;
done_testing;
