#!/usr/bin/perl
# The log of one day, through the tools that read it: fail2ban, logwatch,
# logcheck. The same day on Courier and on Chapar must give them the same; names
# that are made to forge a line must not.  SPDX-License-Identifier: ISC
#
# Each row of the day has a client address of its own, so that its lines can be
# told from the others.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use IO::Socket::INET;
use MIME::Base64;
use POSIX ();
use Private qw(:all);
use Suite;
use Socket;
use Test::More;

need_root();
need('cc', 'fail2ban-regex', 'logwatch');

use constant PERIP => 3;	# connections of an address

my $mail = workdir() . '/mail';
my %options = (one => '', two => '', locked => '', homeless => '',
    three => '', sleepy => '',
    off => '|options=disableimap=1,disablepop3=1');

sub mailboxes {
	system 'rm', '-rf', glob "$mail/*";
	mkdir $mail;
	chmod 0755, $mail;
	for my $u (grep { $_ ne 'homeless' } keys %options) {
		mkdir "$mail/$u";
		mkdir "$mail/$u/Maildir$_" for '', '/tmp', '/new', '/cur';
		# (No session gives it another name: Courier's others, at
		# work at the same time, would not find it now and then.)
		spew("$mail/$u/Maildir/cur/1500000000.M1P1.h:2,S",
		    "Subject: x\n\ny\n");
		system 'chown', '-R', '5000:5000', "$mail/$u";
	}
	chmod 01755, "$mail/locked";
}

my $one = 'one@a.test';

# ---- the day ----------------------------------------------------------------

# A client: lines go out with CRLF; what comes back up to a line that matches.
sub client {
	my ($port, $from) = @_;
	my $s = IO::Socket::INET->new(PeerAddr => "127.0.0.1:$port",
	    LocalAddr => $from, Timeout => 60) or return;
	return $s;
}

# The same in TLS; more options of the client may be given.
sub tls_client {
	my ($port, $from, @more) = @_;
	socketpair my $ours, my $theirs, AF_UNIX, SOCK_STREAM, 0 or die $!;
	my $pid = fork;
	if (!$pid) {
		open STDIN, '<&', $theirs;
		open STDOUT, '>&', $theirs;
		open STDERR, '>', '/dev/null';
		close $ours;
		exec 'openssl', 's_client', '-quiet', '-no_ign_eof',
		    '-bind', $from, '-connect', "127.0.0.1:$port", @more or POSIX::_exit(1);
	}
	$ours->autoflush(1);
	return $ours;
}

sub says {
	my ($s, $line, $until) = @_;
	print $s "$line\r\n" if defined $line;
	my $all = '';
	while (defined(my $l = readline $s)) {
		$all .= $l;
		last if $l =~ $until;
	}
	return $all;
}

# IMAP lines, each answered by one that begins with its tag, or with +; undef:
# waits for the BYE.
sub imap {
	my (@lines) = @_;
	return ['imapd', sub {
		my ($port, $from) = @_;
		my $s = client($port, $from) or return;
		says($s, undef, qr/^\* (?:OK|BYE)/);
		says($s, $_, qr/^(?:[a-z] |\+ |\* BYE)/) for @lines;
		close $s;
	}];
}

sub imaps {
	my (@lines) = @_;
	return ['imapd-ssl', sub {
		my ($port, $from) = @_;
		my $s = tls_client($port, $from);
		says($s, undef, qr/^\* (?:OK|BYE)/);
		says($s, $_, qr/^(?:[a-z] |\+ |\* BYE)/) for @lines;
		close $s;
		wait;
	}];
}

# POP3 lines; what has more than one line as its answer is LIST, RETR and TOP.
# undef: waits for the end. (openssl takes lines that begin with Q or R for its
# own.)
sub pop3_lines {
	my ($s, @lines) = @_;
	for (map { defined $_ ? s/^(\w+)/\L$1/r : $_ } @lines) {
		my $a = says($s, $_, qr/^(?:\+|-ERR)/);
		says($s, undef, qr/^\.\r?$/) if defined $_ &&
		    /^(?:list|retr|top)\b/ && $a =~ /^\+OK/;
	}
	close $s;
}

sub pop3 {
	my (@lines) = @_;
	return ['pop3d', sub {
		my ($port, $from) = @_;
		my $s = client($port, $from) or return;
		says($s, undef, qr/^(?:\+OK|-ERR)/);
		pop3_lines($s, @lines);
	}];
}

sub pop3s {
	my (@lines) = @_;
	return ['pop3d-ssl', sub {
		my ($port, $from) = @_;
		my $s = tls_client($port, $from);
		says($s, undef, qr/^(?:\+OK|-ERR)/);
		pop3_lines($s, @lines);
		wait;
	}];
}

sub stls {
	my (@lines) = @_;
	return ['pop3d', sub {
		my ($port, $from) = @_;
		my $s = tls_client($port, $from, '-starttls', 'pop3');
		pop3_lines($s, @lines);
		wait;
	}];
}

# STARTTLS: there is no greeting behind it.
sub starttls {
	my (@lines) = @_;
	return ['imapd', sub {
		my ($port, $from) = @_;
		my $s = tls_client($port, $from, '-starttls', 'imap');
		says($s, $_, qr/^(?:[a-z] |\+ |\* BYE)/) for @lines;
		close $s;
		wait;
	}];
}

# What is no TLS, or not enough of it.
sub no_tls {
	my ($bytes) = @_;
	return ['imapd-ssl', sub {
		my ($port, $from) = @_;
		my $s = client($port, $from) or return;
		print $s $bytes;
		sysread $s, my $answer, 100 if $bytes ne '';
		close $s;
	}];
}

sub bad { return imap("a LOGIN $_[0] wrong", 'b LOGOUT') }

my @hostile = ('"x, ip=[192.0.2.9]"', '"x], ip=[192.0.2.9"',
    "{22}\r\nx\nLOGIN FAILED, user=y", '"user=a, method=b, ip=[192.0.2.9]"',
    '"' . 'long' x 200 . ', ip=[192.0.2.9]"', '"%s%n%x%s%s%n"');

my @hostile_pop3 = ('x, ip=[192.0.2.9]', 'x], ip=[192.0.2.9', "x\ty\0z",
    '%s%n%x%s%s%n');

my %day = (
	map({ ("reads $_" => imap("a LOGIN $one secret", 'b SELECT INBOX',
	    "c FETCH 1 $_", 'd LOGOUT')) } 'RFC822', 'RFC822.HEADER',
	    'RFC822.TEXT', 'BODY[]', 'BODY[]<3.5>', 'BODY[HEADER]',
	    'BODY[TEXT]', 'BODY[1]'),
	leaves => imap("a LOGIN $one secret", 'b NOOP'),
	bad => bad($one),
	nobody => bad('nobody@a.test'),
	plain => imap('a AUTHENTICATE PLAIN',
	    encode_base64("\0$one\0secret", ''), 'b LOGOUT'),
	'plain bad' => imap('a AUTHENTICATE PLAIN',
	    encode_base64("\0$one\0wrong", ''), 'b LOGOUT'),
	'login bad' => imap('a AUTHENTICATE LOGIN',
	    encode_base64($one, ''), encode_base64('wrong', ''), 'b LOGOUT'),
	'cram bad' => imap('a AUTHENTICATE CRAM-MD5',
	    encode_base64("$one 0123456789abcdef0123456789abcdef", ''),
	    'b LOGOUT'),
	'no such mechanism' => imap('a AUTHENTICATE NOSUCH', 'b LOGOUT'),
	cancelled => imap('a AUTHENTICATE PLAIN', '*', 'b LOGOUT'),
	'before login' => imap('a NOOP', 'b LOGOUT'),
	silent => imap(),
	locked => imap('a LOGIN locked@a.test secret'),
	off => imap('a LOGIN off@a.test secret'),
	id => imap("a LOGIN $one secret",
	    'b ID ("name" "client" "version" NIL)', 'c LOGOUT'),
	expunge => imap('a LOGIN two@a.test secret', 'b SELECT INBOX',
	    'c STORE 1 +FLAGS (\Deleted)', 'd EXPUNGE', 'e LOGOUT'),
	'too many' => ['imapd', sub {
		my ($port, $from) = @_;
		my @s = map { client($port, $from) } 0 .. PERIP;
		says($s[$_], undef, qr/^\* (?:OK|BYE)/) for 0 .. PERIP;
		says($s[$_], 'a LOGOUT', qr/^a /) for 0 .. PERIP - 1;
	}],
	'starttls good' => starttls("a LOGIN $one secret", 'b NOOP', 'c LOGOUT'),
	'starttls leaves' => starttls("a LOGIN $one secret"),
	'starttls bad' => starttls("a LOGIN $one wrong", 'b LOGOUT'),
	'starttls before login' => starttls('a LOGOUT'),
	map({ my ($name, $how) = @$_;
	    ("$name times out" => $how->('a LOGIN sleepy@a.test secret',
		'b SELECT INBOX', 'c FETCH 1 RFC822', undef)) }
	    ['imap', \&imap], ['tls', \&imaps], ['starttls', \&starttls]),
	'tls good' => imaps("a LOGIN $one secret", 'b SELECT INBOX',
	    'c FETCH 1 RFC822', 'd LOGOUT'),
	'tls leaves' => imaps("a LOGIN $one secret"),
	'tls bad' => imaps("a LOGIN $one wrong", 'b LOGOUT'),
	'tls plain bad' => imaps('a AUTHENTICATE PLAIN',
	    encode_base64("\0$one\0wrong", ''), 'b LOGOUT'),
	'tls before login' => imaps('a LOGOUT'),
	'tls silent' => imaps(),
	'tls nothing' => no_tls(''),
	'tls clear text' => no_tls("a LOGIN $one secret\r\n"),
	'tls too many' => ['imapd-ssl', sub {
		my ($port, $from) = @_;
		my @s = map { tls_client($port, $from) } 1 .. PERIP;
		says($_, undef, qr/^\* OK/) for @s;
		my $more = client($port, $from);
		sysread $more, my $answer, 100;
		says($_, 'a LOGOUT', qr/^a /) for @s;
	}],
	map({ my ($name, $how) = @$_;
	    ("$name good" => $how->("USER $one", 'PASS secret', 'STAT', 'LIST',
		'RETR 1', 'TOP 1 0', 'QUIT'),
	    "$name leaves" => $how->("USER $one", 'PASS secret', 'NOOP'),
	    "$name bad" => $how->("USER $one", 'PASS wrong', 'QUIT'),
	    "$name plain" => $how->('AUTH PLAIN ' .
		encode_base64("\0$one\0secret", ''), 'QUIT'),
	    "$name plain bad" => $how->('AUTH PLAIN ' .
		encode_base64("\0$one\0wrong", ''), 'QUIT'),
	    "$name before login" => $how->('QUIT'),
	    "$name times out" => $how->('USER sleepy@a.test', 'PASS secret',
		'RETR 1', 'TOP 1 0', undef)) }
	    ['pop3', \&pop3], ['pop3s', \&pop3s], ['stls', \&stls]),
	'pop3 deletes' => pop3('USER three@a.test', 'PASS secret', 'DELE 1',
	    'QUIT'),
	'pop3 cram bad' => pop3('AUTH CRAM-MD5', encode_base64("$one "
	    . '0123456789abcdef0123456789abcdef', ''), 'QUIT'),
	'pop3 cancelled' => pop3('AUTH PLAIN', '*', 'QUIT'),
	'pop3 silent' => pop3(),
	'pop3 locked' => pop3('USER locked@a.test', 'PASS secret'),
	'pop3 off' => pop3('USER off@a.test', 'PASS secret'),
	'pop3 too many' => ['pop3d', sub {
		my ($port, $from) = @_;
		my @s = map { client($port, $from) } 0 .. PERIP;
		says($s[$_], undef, qr/^(?:\+OK|-ERR)/) for 0 .. PERIP;
		says($s[$_], 'QUIT', qr/^\+OK/) for 0 .. PERIP - 1;
	}],
	map({ ("hostile pop3 $_" => pop3("USER $hostile_pop3[$_]",
	    'PASS wrong', 'QUIT')) } 0 .. $#hostile_pop3),
	map({ ("hostile $_" => bad($hostile[$_])) } 0 .. $#hostile),
);

# Clients that are there when the server stops. (In TLS it is a matter of chance
# what of Courier says the last word.)
my @stays = (
	['imapd', "a LOGIN $one secret"],
	['imapd', 'a NOOP'],
);

my @rows = sort keys %day;
sub address { return "127.0.2.$_[0]" }	# of a row
my %row_of = map { address(1 + $_) => $rows[$_] } 0 .. $#rows;

# For one user the mailbox servers have little patience: what they would wait
# for half an hour, or five minutes, is over at once.
sub short_waits {
	my ($root) = @_;
	mkdir "$root/real";
	spew("$root/real/short.c", <<'EOF');
#include <sys/select.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#define LONG_SECS 250
#define SHORT_SECS 4
static long secs(long n) {
	const char *who = getenv("AUTHENTICATED");
	return n >= LONG_SECS && who && strncmp(who, "sleepy", 6) == 0 ?
	    SHORT_SECS : n; }
int poll(struct pollfd *p, nfds_t n, int ms) {
	struct timespec t;
	t.tv_sec = secs(ms / 1000);
	t.tv_nsec = ms % 1000 * 1000000L;
	return syscall(SYS_ppoll, p, n, ms < 0 ? 0 : &t, 0, 0); }
int select(int n, fd_set *r, fd_set *w, fd_set *x, struct timeval *v) {
	struct timespec t;
	if (v) {
		t.tv_sec = secs(v->tv_sec);
		t.tv_nsec = v->tv_usec * 1000L;
	}
	return syscall(SYS_pselect6, n, r, w, x, v ? &t : 0, 0); }
unsigned alarm(unsigned n) {
	struct itimerval v = { { 0, 0 }, { 0, 0 } };
	v.it_value.tv_sec = secs(n);
	return setitimer(ITIMER_REAL, &v, 0); }
EOF
	run('cc', '-shared', '-fPIC', '-o', "$root/real/short.so",
	    "$root/real/short.c") or die $Private::out;
	for my $file (grep { -x "$root/$_" && !-l "$root/$_" }
	    'usr/bin/imapd', 'usr/lib/courier/courier/courierpop3d') {
		my ($name) = $file =~ m,([^/]+)$,;
		rename "$root/$file", "$root/real/$name" or die "$file: $!\n";
		spew("$root/$file", <<"EOF", 0755);
#!/bin/sh
LD_PRELOAD=/real/short.so exec /real/$name "\$@"
EOF
	}
}

# logcheck's rules that the packages of Courier bring.
my $rules = workdir() . '/rules.d';

sub server {
	my ($which) = @_;
	my $s = Suite->new(mail => $mail, programs => $which,
	    more => [qw(imapd-ssl pop3d pop3d-ssl)],
	    pop3d => { MAXPERIP => PERIP, POP3_LOG_DELETIONS => 1 },
	    imapd => { MAXDAEMONS => 200, MAXPERIP => PERIP, IMAP_ACL => 0,
	    IMAP_ENHANCEDIDLE => 0, IMAP_ID_FIELDS => 0,
	    IMAP_LOG_DELETIONS => 1 },
	    authdaemonrc => { authmodulelist => 'authuserdb', daemons => 5 });
	chomp(my $crypt = `openssl passwd -1 -salt abcdefgh secret`);
	spew($s->etc('userdb'), join('', map { "$_\@a.test\tuid=5000|"
	    . "gid=5000|home=/srv/mail/$_|systempw=$crypt$options{$_}\n" }
	    sort keys %options), 0600);
	$s->inside('makeuserdb') or die "makeuserdb: $Private::out";
	short_waits($s->{root});
	return $s->start;
}

# Runs the day and returns its log as lines of a file.
sub day {
	my ($which) = @_;
	mailboxes();
	my $s = server($which);
	my %port = %{ $s->{ports} };
	# (Courier's logger loses lines that come after a long one.)
	for my $hostile (0, 1) {
		my @pids = map {
			my ($daemon, $run) = @{ $day{$rows[$_]} };
			my $from = address(1 + $_);
			start({ code => sub {
				alarm 300;
				$run->($port{$daemon}, $from);
			} });
		} grep { $hostile == ($rows[$_] =~ /^hostile/) } 0 .. $#rows;
		waitpid $_, 0 for @pids;
		# (What ends now has ended by itself.)
		wait_for(120, sub { !$s->sessions }) or die $s->log;
	}
	my @s = map {
		my ($daemon, $line) = @$_;
		my $c = client($port{$daemon}, '127.0.3.1');
		says($c, undef, qr/^\* OK/);
		says($c, $line, qr/^a /);
		$c;
	} @stays;
	$s->stop;
	run('cp', '-r', "$s->{root}/etc/logcheck/ignore.d.server", $rules)
	    if !-d $rules;
	my @log = map { /^<(\d+)>(\w{3} [ \d]\d [\d:]{8}) (.*)$/ ?
	    [$1 & 7, $2, $3] : () } split /\n/, $s->log;
	$s->destroy;
	return \@log;
}

# The parts of a line that no two runs have in common.
sub plain {
	my ($text) = @_;
	$text =~ s/(?<=old_name=)\S+/F/;
	$text =~ s/(?<=filename=)\S+/F/;
	$text =~ s/\bport=\[\d+\]/port=[N]/g;
	$text =~ s/\b(rcvd|sent|time)=\d+/$1=N/g;
	return $text;
}

sub of_row {
	my ($log, $row) = @_;
	my ($ip) = grep { $row_of{$_} eq $row } keys %row_of;
	return join "\n", sort map { "$_->[0] " . plain($_->[2]) }
	    grep { $_->[2] =~ /::ffff:\Q$ip\E(?:\]|$)/ } @$log;
}

my %log = (courier => day('courier'), chapar => day('chapar'));

# ---- line by line -----------------------------------------------------------

for my $row (grep { !/^hostile/ } @rows) {
	is(of_row($log{chapar}, $row), of_row($log{courier}, $row) ||
	    'something', "$row: the same lines");
}

for my $row (grep { /times out$/ } @rows) {
	like(of_row($log{chapar}, $row), qr/: TIMEOUT, user=sleepy\@a\.test, /,
	    "$row: the line says so");
}

# ---- the readers ------------------------------------------------------------

# As rsyslogd writes them, without the hostile rows if so told.
sub file {
	my ($log, $hostile) = @_;
	my $name = workdir() . '/mail.log';
	spew($name, join '', map { "$_->[1] host $_->[2]\n" } grep {
	    $hostile || !is_hostile($_->[2]) } @$log);
	return $name;
}

sub is_hostile {
	my ($row) = map { $row_of{$_} || '' } $_[0] =~
	    /::ffff:([\d.]+)\]?(?:, port=\[\d+\].*)?$/ ? $1 : ();
	return ($row || '') =~ /^hostile/ || $_[0] =~ /(?:long){20}/;
}

# Without what differs from run to run, and a line of Courier's start.
sub without_numbers {
	my ($text) = @_;
	$text =~ s/^\w{3} [ \d]\d [\d:]{8} //gm;
	return join "\n", sort grep { !/imapaccess\.dat: No such/ }
	    map { plain($_) } split /\n/, $text;
}

# fail2ban: the lines that count as failures, and whom it would ban.
my $filter = '/etc/fail2ban/filter.d/courier-auth.conf';

sub failures {
	my ($log, $hostile) = @_;
	run('fail2ban-regex', '--print-all-matched', file($log, $hostile),
	    $filter) or return "fail2ban-regex: $Private::out";
	my ($list) = $Private::out =~ /^\|- Matched line\(s\):\n(.*?)^`-/ms;
	return join '', map { "$_\n" } ($list // $Private::out) =~
	    /^\|  (.*)$/mg;
}

sub banned {
	my ($log) = @_;
	run('fail2ban-regex', '-o', '<ip>', file($log, 1), $filter);
	my %ip = map { $_ => 1 } $Private::out =~ /^([\da-f.:]+)$/mg;
	return sort keys %ip;
}

same(without_numbers(failures($log{chapar})),
    without_numbers(failures($log{courier})), 'fail2ban: the same failures');
like(failures($log{chapar}), qr/\[::ffff:$_\]/, "fail2ban: $row_of{$_}")
    for grep { $row_of{$_} =~ /bad$|^no/ } sort keys %row_of;
is(join(' ', grep { !$row_of{$_} } banned($log{chapar})), '',
    'fail2ban: nobody is banned for a name that a client made up');
is(join(' ', grep { !$row_of{$_} } banned($log{courier})), '192.0.2.9',
    '(with Courier somebody is)');
my %banned = map { $_ => 1 } banned($log{chapar});
is(join(' ', map { $row_of{$_} } grep { $row_of{$_} =~ /^hostile/ &&
    !$banned{$_} } sort keys %row_of), '',
    'fail2ban: whoever made it up is');

# logwatch: its two services for these daemons.
sub watched {
	my ($log, $service) = @_;
	my $dir = workdir() . '/logwatch';
	mkdir $dir;
	rename file($log), "$dir/mail.log";
	run('logwatch', '--service', $service, '--detail', '10', '--range',
	    'all', '--logdir', $dir, '--output', 'stdout', '--format', 'text',
	    '--hostname', 'host');
	my ($text) = $Private::out =~ /(-{5,} \S+.* Begin -{5,}.*)/s;
	return defined $text ? $text : $Private::out;
}

# Both texts are the same; only lines that are not are shown.
sub same {
	my ($got, $expected, $name) = @_;
	ok($got eq $expected, $name) and return;
	my %n;
	$n{$_}++ for split /\n/, $got;
	$n{$_}-- for split /\n/, $expected;
	diag map { ($n{$_} > 0 ? '+' : '-') . " $_\n" } grep { $n{$_} }
	    sort keys %n;
}

# The same for a report.
sub stable {
	my ($text) = @_;
	$text =~ s/ *(\bport=\[)\d+/ $1/g;
	$text =~ s/ +/ /g;
	return without_numbers($text);
}

for my $service (qw(courier imapd pop3)) {
	same(stable(watched($log{chapar}, $service)),
	    stable(watched($log{courier}, $service)), "logwatch: $service");
}
like(watched($log{chapar}, 'courier'), qr/\S/, 'logwatch: something');

# logcheck: what its rules for these daemons leave over, those of the Courier
# packages and those of its own.
sub left {
	my ($log) = @_;
	my @re = map { grep { !/^\s*(?:#|$)/ } split /\n/, slurp($_) }
	    glob("$rules/courier-*"), '/etc/logcheck/ignore.d.server/courier';
	my $file = workdir() . '/rules';
	spew($file, join '', map { "$_\n" } @re);
	run('grep', '-Evf', $file, file($log));
	return without_numbers($Private::out);
}

SKIP: {
	skip 'no logcheck-database', 3
	    unless -f '/etc/logcheck/ignore.d.server/courier';
	same(left($log{chapar}), left($log{courier}), 'logcheck: the same is left');
	unlike(left($log{chapar}), qr/imapd: LOGIN, /,
	    'logcheck: logins are no news');
	like(left($log{chapar}), qr/LOGIN FAILED/, 'logcheck: failures are');
}

if ($ENV{SHOW}) {
	diag $_, "\n", map { "@$_\n" } @{ $log{$_} } for keys %log;
	diag watched($log{chapar}, $_) for qw(courier imapd);
	diag left($log{chapar});
}
done_testing();
