#!/usr/bin/perl
# The main job of a mail server: Postfix delivers, accounts in MariaDB, and
# mbsync, neomutt and curl read and write by IMAP.
# SPDX-License-Identifier: ISC
#
# TEST_SUITE=courier runs the same with the original: it proves the test.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Private qw(:all);
use Test::More;
use Accounts;
use Imap;
use Mails;
use Maria;
use Postfix;
use Suite;

need_root();
need(qw(mariadbd postfix mbsync neomutt curl script));

use constant COUNT => $ENV{TEST_COUNT} || 200;
use constant LOOKS => 300;	# seconds between two looks of IDLE at a mailbox

my $which = $ENV{TEST_SUITE} || 'chapar';
my $user = 'one@a.test';
my $dir = workdir();
my $mail = "$dir/mail";
mkdir $mail;
chown 5000, 5000, $mail;

my $db = Maria->new;
Accounts::table($db, $user, 'two@a.test');
my $mta = Postfix->new(db => $db, base => $mail, uid => 5000,
    query => Accounts::QUERY, domains => 'a.test');
$mta->send($user, Mails::make($_)) for 1 .. COUNT;
$mta->hang_up;
ok $mta->wait_idle(120), 'Postfix has delivered everything';

my $maildir = "$mail/one/Maildir";

# Contents of the messages of a maildir, sorted.
sub contents {
	my ($path) = @_;
	return [sort map { slurp("$path/$_") }
	    grep { m,^(?:cur|new)/, } files_of($path)];
}

my $delivered = contents($maildir);
is scalar @$delivered, COUNT, COUNT . ' messages in the mailbox';

my $suite = Suite->new(mail => $mail, programs => $which,
    imapd => { IMAP_ENHANCEDIDLE => 1, IMAP_IDLE_TIMEOUT => LOOKS },
    files => { authmysqlrc => Accounts::authmysqlrc($db) })->start;

# ---- mbsync ----
my $local = "$dir/local";
mkdir $local;
spew("$dir/mbsyncrc", <<"EOF", 0600);
IMAPAccount a
Host 127.0.0.1
Port $suite->{port}
User $user
Pass pw-one
SSLType None
AuthMechs LOGIN

IMAPStore far
Account a

MaildirStore near
Path $local/
Inbox $local/INBOX
SubFolders Verbatim

Channel c
Far :far:
Near :near:
Patterns *
Create Both
Expunge Both
SyncState *
CopyArrivalDate yes
EOF

sub mbsync { return run('mbsync', '-c', "$dir/mbsyncrc", 'c') }

# A list of unequal elements says more than two dumps of everything.
sub same {
	my ($got, $want, $what) = @_;
	my @bad = grep { ($got->[$_] // '') ne ($want->[$_] // '') }
	    0 .. ($#$got > $#$want ? $#$got : $#$want);
	ok !@bad, $what or diag scalar(@bad) . ' differ, the first: ',
	    substr($got->[$bad[0]] // '(none)', 0, 300), ' -- wanted: ',
	    substr($want->[$bad[0]] // '(none)', 0, 300);
}

# mbsync marks what it copies with a header line of its own.
sub without_tuid { return [sort map { s/^X-TUID: .*\n//mr } @{ $_[0] }] }

ok mbsync(), 'mbsync pulls' or do {
	diag $Private::out, $suite->log;
	die "no IMAP\n" if $ENV{TEST_SUITE};
};
same without_tuid(contents("$local/INBOX")), $delivered, 'byte for byte';

my @near = grep { m,^(?:cur|new)/, } files_of("$local/INBOX");
my %want_flag;
for my $i (0 .. 29) {
	my $old = $near[$i * 5] or last;
	my $flags = (qw(S F RS FRS DS))[$i % 5];
	my ($name) = $old =~ m,/([^:]*),;
	rename "$local/INBOX/$old", "$local/INBOX/cur/$name:2,$flags";
	my ($id) = slurp("$local/INBOX/cur/$name:2,$flags") =~
	    /^Message-ID: <(.*)>/mi;
	$want_flag{$id} = $flags;
}
my @pushed = map { Mails::make($_) } 301 .. 310;
for my $i (0 .. $#pushed) {
	spew("$local/INBOX/cur/" . (time - 5) . ".${i}_push.here:2,S",
	    $pushed[$i]);
}
# mbsync's Expunge would remove the messages with T; none is marked so.
ok mbsync(), 'mbsync pushes flags and messages' or diag $Private::out;
same without_tuid(contents($maildir)), [sort @$delivered, @pushed],
    'the pushed messages arrived byte for byte, nothing else changed';
my %have_flag;
for (grep { m,^(?:cur|new)/, } files_of($maildir)) {
	my ($id) = slurp("$maildir/$_") =~ /^Message-ID: <(.*)>/mi;
	$have_flag{$id} = /:2,(.*)/ ? $1 : '';
}
is_deeply { map { $_ => $have_flag{$_} } keys %want_flag }, \%want_flag,
    'flags in the names of the message files';

# File names and contents of both sides.
sub picture {
	return join "\n", map { my $d = $_; map { "$d/$_" } files_of($d) }
	    $maildir, $local;
}
ok mbsync(), 'mbsync again';
my $before = picture();
my $state = slurp("$local/INBOX/.mbsyncstate");
ok mbsync(), 'and once more';
is picture(), $before, 'the second run changed nothing';
is slurp("$local/INBOX/.mbsyncstate"), $state, 'not even its own state';

# ---- an IMAP client of our own ----
my $c = Imap->new(port => $suite->{port});
$c->login($user, 'pw-one');
$c->ok('SELECT INBOX');
my $bodies = $c->bodies;
my $now = contents($maildir);
same [sort map { s/\r\n/\n/gr } values %$bodies], $now,
    'BODY.PEEK[] of all messages';
my ($size_bad) = grep {
	my ($uid) = /UID (\d+)/;
	my ($size) = /RFC822\.SIZE (\d+)/;
	!$uid || !defined $bodies->{$uid} || $size != length $bodies->{$uid}
} grep { /FETCH/ } $c->ok('UID FETCH 1:* (RFC822.SIZE)');
is $size_bad, undef, 'RFC822.SIZE is what is sent';

# ---- curl ----
my (@curl, @uids);
@uids = sort { $a <=> $b } keys %$bodies;
for (my $i = 0; $i < @uids; $i += 20) {
	my $n = 0;
	my @part = grep { defined } @uids[$i .. $i + 19];
	my @argv = ('curl', '-s', '--max-time', 60, '-u', "$user:pw-one");
	push @argv, '-o', "$dir/curl.$_",
	    "imap://127.0.0.1:$suite->{port}/INBOX;UID=$_" for @part;
	run(@argv) or diag $Private::out;
	push @curl, map { slurp("$dir/curl.$_") } @part;
}
same [sort @curl], [sort values %$bodies], 'curl reads the same';

# ---- neomutt ----
spew("$dir/neomuttrc", <<"EOF");
set imap_user="$user"
set imap_pass="pw-one"
set imap_authenticators="login"
set ssl_starttls=no
set ssl_force_tls=no
set header_cache=""
set folder="$dir"
set record=""
set mbox_type=Maildir
set confirmappend=no
set confirmcreate=no
set delete=no
set quit=yes
set copy=no
set move=no
set wait_key=no
set mail_check=3600
set sort=mailbox-order
set imap_peek=yes
set mark_old=no
set spool_file="imap://127.0.0.1:$suite->{port}/INBOX"
EOF
spew("$dir/mutt.sh", <<"EOF");
cd $dir
export HOME=$dir TERM=xterm LC_ALL=C.UTF-8
exec timeout --foreground -k 10 120 neomutt -n -F $dir/neomuttrc -e 'push "<tag-pattern>~A<enter><tag-prefix><copy-message><kill-line>$dir/mutt<enter><exit>"'
EOF
# The shell that script starts may stay before its command: a time limit that
# makes a process group of its own would take the terminal from neomutt.
local $ENV{SHELL} = '/bin/sh';
run('script', '-q', '-e', '-c', "sh $dir/mutt.sh", '/dev/null')
    or diag $Private::out;
# It adds header lines of its own to what it writes.
same [sort map { s/^(?:Content-Length|Lines|Status): .*\n//mgr }
    @{ contents("$dir/mutt") }], $now, 'neomutt copies the same';

# ---- IDLE ----
my $idle = Imap->new(port => $suite->{port});
$idle->login($user, 'pw-one');
$idle->ok('SELECT INBOX');
$idle->raw("i IDLE\r\n");
like $idle->line, qr/^\+ /, 'IDLE';
my @took;
for my $try (1 .. 3) {
	my $text = Mails::make(400 + $try);
	$mta->send($user, $text);
	my $start = now();
	my $exists;
	while (defined(my $line = $idle->line(60))) {
		$exists = $line, last if $line =~ /^\* \d+ EXISTS/;
	}
	push @took, now() - $start;
	my $total = @$now + $try;
	is $exists, "* $total EXISTS", "message $try announced during IDLE";
	cmp_ok $took[-1], '<', LOOKS / 10, sprintf 'not by a look (%.2f s)',
	    $took[-1];
}
my ($best) = sort { $a <=> $b } @took;
cmp_ok $best, '<', 2, 'within 2 s, where the machine does nothing else';
$idle->raw("DONE\r\n");
my $end;
while (defined($end = $idle->line(60))) { last if $end =~ /^i / }
like $end, qr/^i OK/, 'IDLE ends';
$idle->bye;
$c->bye;

# ---- the other account sees nothing of this ----
my $two = Imap->new(port => $suite->{port});
my ($refused) = $two->cmd('LOGIN two@a.test pw-one');
like $refused, qr/^NO/, 'a wrong password is refused';
$mta->send('two@a.test', Mails::make(500));
wait_for(60, sub { files_of("$mail/two/Maildir/new") });
$two->login('two@a.test', 'pw-two');
ok scalar(grep { /^\* 1 EXISTS/ } $two->ok('SELECT INBOX')),
    'the other account has its own mail';
$two->bye;

# ---- a database that goes away ----
$db->stop;
my $away = Imap->new(port => $suite->{port});
($refused) = $away->cmd("LOGIN $user pw-one");
unlike $refused, qr/^OK/, 'no login without the database';
$db->start;
my $back;
wait_for(90, sub {
	$back = Imap->new(port => $suite->{port});
	return 1 if ($back->cmd("LOGIN $user pw-one"))[0] =~ /^OK/;
	$back->bye;
	select undef, undef, undef, 0.5;
	return;
});
ok scalar(grep { /EXISTS/ } $back->ok('SELECT INBOX')),
    'after its restart logins work again';
$back->bye;

$mta->stop;
$suite->stop;
# The change monitor of the original has a life of its own.
$suite->kill_inside('gam_server') if $which eq 'courier';
ok wait_for(30, sub { !$suite->pids_inside }), 'stop leaves no process';
done_testing();
