#!/usr/bin/perl
# Real POP3 clients on the whole chain: curl, fetchmail, getmail, mpop, Python's
# poplib. None downloads anything twice when Courier's pop3d takes the place of
# ours, or ours that of Courier's.  SPDX-License-Identifier: ISC
#
# TEST_SUITE=courier runs the same with the original alone, and without messages
# that it wraps in others.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Private qw(:all);
use Test::More;
use Accounts;
use Mails;
use Maria;
use Suite;

need_root();
need(qw(mariadbd curl fetchmail getmail mpop python3));

use constant COUNT => 30;

my $user = 'one@a.test';
my $dir = workdir();
chmod 0755, $dir;
my $mail = "$dir/mail";
system 'mkdir', '-p', "$mail/one";
chown 5000, 5000, $mail, "$mail/one";
my $maildir = "$mail/one/Maildir";
Accounts::maildir($maildir);
my $db = Maria->new;
Accounts::table($db, $user);

my $which = $ENV{TEST_SUITE} || 'chapar';
my @sent;
my $made = 0;

sub deliver {
	my ($more) = @_;
	while ($more > 0) {
		my $text = Mails::make($made++);
		next if $which eq 'courier' && $text =~ /[\x80-\xff]/;
		$text .= "\n" unless $text =~ /\n\z/;
		push @sent, $text;
		Accounts::deliver($maildir, $text);
		$more--;
	}
}

my $s;

sub serve {
	my ($which) = @_;
	$s->destroy if $s;
	$s = Suite->new(mail => $mail, programs => $which,
	    authdaemonrc => { DEFAULTOPTIONS => '' },
	    more => ['pop3d'], pop3d => { POP3_LOG_DELETIONS => 1 },
	    files => { authmysqlrc => Accounts::authmysqlrc($db) });
	$s->start;
}

# ---- clients ------------------------------------------------------------------

# What a client has put into a maildir or an mbox, without the fields that it
# adds at the top.
sub plain {
	my ($text) = @_;
	$text =~ s/\r\n/\n/g;
	$text =~ s/\A(?:(?:Return-Path|Delivered-To|Received|X-[\w-]+):.*\n(?:[ \t].*\n)*)+//;
	return $text;
}

sub stored {
	my ($path) = @_;
	return sort map { plain(slurp("$path/$_")) }
	    grep { m,^(?:cur|new)/, } files_of($path);
}

# getmail writes messages in its own manner: what they are called is the same.
sub known_by { return map { /^Message-ID: *(.*)/mi ? $1 : 'none' } @_ }

sub folder {
	my ($name) = @_;
	my $path = "$dir/$name";
	system 'mkdir', '-p', map { "$path/$_" } qw(cur new tmp) if !-d $path;
	return $path;
}

sub curl {
	my ($what, @more) = @_;
	run('curl', '-sS', '--max-time', '120', '-u', "$user:pw-one", @more,
	    "pop3://127.0.0.1:$s->{ports}{pop3d}/$what");
	(my $said = $Private::out) =~ s/\r\n/\n/g;
	return $said;
}

my %fetch = (
	fetchmail => sub {
		my $to = folder('fetchmail');
		spew("$dir/mda", "#!/bin/sh\ncat >'$to/tmp/'\$\$ &&\n" .
		    "mv '$to/tmp/'\$\$ '$to/new/'`date +%N`.\$\$\n", 0755);
		spew("$dir/fetchmailrc", "set no syslog\n" .
		    "poll 127.0.0.1 port $s->{ports}{pop3d} protocol pop3 uidl\n" .
		    "user '$user' password 'pw-one' keep fetchall no rewrite\n" .
		    "sslproto ''\n" .
		    "mda '$dir/mda'\n", 0600)
		    if !-e "$dir/fetchmailrc";
		(my $rc = slurp("$dir/fetchmailrc")) =~
		    s/port \d+/port $s->{ports}{pop3d}/;
		$rc =~ s/ fetchall//;
		spew("$dir/fetchmailrc", $rc, 0600);
		local $ENV{FETCHMAILHOME} = $dir;
		# 1: there was nothing.
		run('fetchmail', '-v', '-f', "$dir/fetchmailrc", '--idfile',
		    "$dir/fetchids", '--pidfile', "$dir/fetchmail.pid") ||
		    $? >> 8 == 1 or diag $Private::out;
		return $to;
	},
	getmail => sub {
		my $to = folder('getmail');
		mkdir "$dir/getmaildir";
		spew("$dir/getmaildir/rc", "[retriever]\n" .
		    "type = SimplePOP3Retriever\nserver = 127.0.0.1\n" .
		    "port = $s->{ports}{pop3d}\nusername = $user\n" .
		    "password = pw-one\ntimeout = 30\n[destination]\n" .
		    "type = Maildir\npath = $to/\n[options]\n" .
		    "read_all = false\ndelete = false\n" .
		    "delivered_to = false\nreceived = false\n");
		# It remembers messages by server and port.
		my ($old) = glob "$dir/getmaildir/oldmail-*";
		(my $new = $old || '') =~ s/127\.0\.0\.1-\d+/127.0.0.1-$s->{ports}{pop3d}/;
		rename $old, $new if $old && $old ne $new;
		# It never delivers as root.
		system 'chown', '-R', 'nobody', $to, "$dir/getmaildir";
		run('chroot', '--userspec=nobody', '/', 'getmail',
		    '--getmaildir', "$dir/getmaildir", '--rcfile', 'rc')
		    or diag $Private::out;
		return $to;
	},
	mpop => sub {
		my $to = folder('mpop');
		spew("$dir/mpoprc", "account a\nhost 127.0.0.1\n" .
		    "port $s->{ports}{pop3d}\ntls off\nauth user\nuser $user\n" .
		    "password pw-one\nkeep on\nreceived_header off\n" .
		    "uidls_file $dir/mpopids\ndelivery maildir $to\n", 0600);
		run('mpop', '-C', "$dir/mpoprc", 'a') or diag $Private::out;
		return $to;
	},
);

# Each has all that was sent, once.
sub all_have {
	my ($name) = @_;
	for my $client (sort keys %fetch) {
		my @got = stored($fetch{$client}->());
		my @want = map { plain($_) } @sent;
		is(scalar @got, scalar @sent, "$name: $client: " . @sent);
		@got = known_by(@got), @want = known_by(@want)
		    if $client eq 'getmail';
		ok(join("\0", sort @got) eq join("\0", sort @want),
		    "$name: $client: their texts");
	}
	my $list = curl('', '-X', 'UIDL');
	is(scalar(() = $list =~ /^\d+ UID/mg), scalar @sent,
	    "$name: curl: UIDL");
	my $n = int(@sent / 2);
	my ($size) = curl('') =~ /^$n (\d+)$/m;
	my $text = curl($n);
	ok(scalar(grep { $_ eq $text } @sent), "$name: curl: a message");
	is($size, length($text) + ($text =~ tr/\n//), "$name: and its size");
	return $list;
}

deliver(COUNT);
serve($which);
my $list = all_have('at first');
serve('courier');
is(all_have('with Courier'), $list, 'the same unique-ids');
deliver(3);
$list = all_have('more mail, with Courier');
serve($which);
is(all_have('and back'), $list, 'the same unique-ids');

# ---- poplib -------------------------------------------------------------------

spew("$dir/pop.py", <<'EOF');
import poplib, sys
port, count = int(sys.argv[1]), int(sys.argv[2])
p = poplib.POP3('127.0.0.1', port, 30)
p.capa()
p.user('one@a.test')
p.pass_('pw-one')
assert 'UIDL' in p.capa(), 'capa'
assert p.stat()[0] == count, p.stat()
resp, lines, octets = p.list()
assert len(lines) == count
sizes = dict(map(int, l.split()) for l in lines)
assert sum(sizes.values()) == p.stat()[1]
assert len(set(l.split()[1] for l in p.uidl()[1])) == count
for n in sizes:
    resp, text, octets = p.retr(n)
    assert sum(len(l) + 2 for l in text) == sizes[n], (n, sizes[n])
    head = p.top(n, 0)[1]
    assert text[:len(head)] == head
    assert head[-1] == b'' and b'' not in head[:-1]
for n in range(1, 6):
    p.dele(n)
try:
    p.retr(1)
    assert False
except poplib.error_proto as e:
    assert 'Invalid message number' in str(e)
assert p.stat()[0] == count - 5
p.rset()
assert p.stat()[0] == count
p.noop()
assert b'enabled' in p.utf8()
p.dele(1)
p.dele(count)
assert p.quit().startswith(b'+OK')
q = poplib.POP3('127.0.0.1', port, 30)
q.user('one@a.test')
try:
    q.pass_('wrong')
    assert False
except poplib.error_proto as e:
    assert 'Login failed' in str(e)
q.quit()
print('fine')
EOF
run('python3', "$dir/pop.py", $s->{ports}{pop3d}, scalar @sent);
is($Private::out, "fine\n", 'poplib');
is(scalar(() = glob "$maildir/cur/*"), @sent - 2, 'two are deleted');
like($s->log, qr/pop3d: LOGIN, user=one\@a\.test, ip=\[(?:::ffff:)?127\.0\.0\.1\], port=\[\d+\]$/m,
    'log: LOGIN');
ok(wait_for(30, sub { 2 <= (() = $s->log =~ /DELETED, /g) &&
    $s->log =~ /.*DELETED, .*LOGOUT, /s }), 'log: of the last one, too');
like($s->log, qr/LOGOUT, user=one\@a\.test, ip=\[(?:::ffff:)?127\.0\.0\.1\], port=\[\d+\], top=\d+, retr=\d+, rcvd=\d+, sent=\d+, time=\d+$/m,
    'log: LOGOUT');
is(scalar(() = $s->log =~ /DELETED, user=one\@a\.test, .* filename=cur\//g), 2,
    'log: DELETED');

# ---- a client that keeps nothing there

(my $rc = slurp("$dir/fetchmailrc")) =~ s/ keep/ nokeep fetchall/;
spew("$dir/fetchmailrc", $rc, 0600);
{
	local $ENV{FETCHMAILHOME} = $dir;
	run('fetchmail', '-f', "$dir/fetchmailrc", '--idfile',
	    "$dir/fetchids", '--pidfile', "$dir/fetchmail.pid");
}
is(scalar(() = glob "$maildir/cur/*"), 0, 'fetchmail has emptied it');
$s->destroy;
done_testing();
