#!/usr/bin/perl
# Sessions that go on at another server: the dialogue with back ends of all
# kinds, what the client and the log are told, and the relay.
# SPDX-License-Identifier: ISC
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Digest::MD5 qw(md5_hex);
use IO::Select;
use MIME::Base64;
use Private qw(:all);
use Sys::Hostname;
use Test::More;
use Backend;
use Login;

my $ip = 'ip=[::ffff:192.0.2.7], port=[4711]';
my $dir = workdir();

# ---- back ends --------------------------------------------------------------

# One line of the front, noted.
sub hear {
	my ($c, $note) = @_;
	my $line = <$c>;
	POSIX::_exit(0) unless defined $line;
	$line =~ s/\r\n\z/~/;
	$note->($line);
	return $line;
}

# A LOGIN with its literals, each asked for.
sub hear_login {
	my ($c, $note) = @_;
	my $line = hear($c, $note);
	my ($tag) = $line =~ /^(\S+)/;
	while ($line =~ /\{(\d+)\}~\z/) {
		my $n = $1;
		print $c "* OK something else\r\n+ OK\r\n";
		read $c, my ($text), $n;
		$note->($text);
		$line = hear($c, $note);
	}
	return $tag;
}

# Accepts; then answers each command by its name.
sub good {
	my ($c, $note) = @_;
	print $c "* OK hello\r\n";
	my $tag = hear_login($c, $note);
	print $c "* CAPABILITY IMAP4rev1\r\n$tag OK done\r\n* 1 RECENT\r\n";
	while (1) {
		my $line = hear($c, $note);
		my ($t, $what) = $line =~ /^(\S+) ([A-Z]+)/;
		print $c "* BYE\r\n$t OK LOGOUT\r\n" and POSIX::_exit(0)
		    if $what eq 'LOGOUT';
		print $c "$t OK $what\r\n";
	}
}

my $unused = '127.0.0.1:' . free_port();
my %b;
$b{good} = backend(\&good);
$b{no} = backend(sub {
	my ($c, $note) = @_;
	print $c "* OK hello\r\n";
	my $tag = hear_login($c, $note);
	print $c "$tag NO go away\r\n";
	hear($c, $note);
});
$b{bye} = backend(sub { my $c = $_[0]; print $c "* BYE full\r\n" });
$b{closes} = backend(sub { hear(@_) if print { $_[0] } "* OK hello\r\n" });
$b{silent} = backend(sub { sleep 120 });
$b{'long'} = backend(sub {
	my ($c, $note) = @_;
	print $c '* OK ' . 'x' x 100_000 . "\r\n";
	my $tag = hear_login($c, $note);
	print $c '* OK ' . "$tag NO " x 30_000 . "\r\n" for 1 .. 3;
	print $c "$tag OK [CAPABILITY " . 'y' x 100_000 . "] fine\r\nmore\r\n";
	hear(@_);
});
$b{endless} = backend(sub {
	my $c = $_[0];
	print $c "* OK hello\r\n";
	hear(@_);
	my $lines = "* OK still here\r\n" x 100;
	1 while print $c $lines;
});
$b{binary} = backend(sub {
	my ($c, $note) = @_;
	print $c "* OK\0 \xff\xfe\r\n";
	hear(@_);
});
$b{smap} = backend(sub {
	my ($c, $note) = @_;
	print $c "* OK hello\r\n";
	hear(@_);
	print $c "* something\r\n+OK SMAP1 LOGIN Ok.\n";
	hear(@_) and print $c "+OK again\n" while 1;
});
# Sends back what it gets, and sends much by itself.
$b{big} = backend(sub {
	my ($c, $note) = @_;
	print $c "* OK hello\r\n";
	my $tag = hear_login($c, $note);
	my $text = join '', map { chr($_ * 7 & 255) } 1 .. 65536;
	print $c "$tag OK done\r\n" or POSIX::_exit(0);
	my $got = 0;
	my $sum = Digest::MD5->new;
	my $pid = fork;
	if (!$pid) {
		print $c $text for 1 .. 160;
		POSIX::_exit(0);
	}
	while (my $n = read $c, my ($buf), 65536) {
		$sum->add($buf);
		$got += $n;
		select undef, undef, undef, 0.01 if $got < 1 << 20;
	}
	waitpid $pid, 0;
	$note->("$got " . $sum->hexdigest);
});

%Login::options = (
	(map { $_ => "x=1,mailhost=$b{$_}{host},y=2" } keys %b),
	dead => "mailhost=$unused",
	dead_good => "mailhost=$unused,$b{good}{host},flag",
	twice => "mailhost=$unused,y=1,mailhost=$b{good}{host}",
	no_good => "mailhost=$b{no}{host},$b{good}{host}",
	closes_good => "mailhost=$b{closes}{host},$b{bye}{host},$b{binary}{host},"
	    . $b{good}{host},
	no_dead => "mailhost=$b{no}{host},$unused",
	bad_name => 'mailhost=no-such-host.invalid',
	bracket => 'mailhost=[::ffff:127.0.0.1]:' .
	    ($b{good}{host} =~ /(\d+)$/)[0],
	dead_me => "mailhost=$unused,mailhost=front",
	me => 'mailhost=front', me2 => 'mailhost=' . hostname(),
	none => 'mailhosts=x', empty => 'a=1,mailhost=,b',
);
my %odd = (quotes => 'a"b\\c d', eight => "p\xc3\xa4\xff", long => 'x' x 2000,
    brace => '{5}', utf8name => 'right');
for (keys %odd) {
	$Login::options{$_} = "mailhost=$b{good}{host}" unless $_ eq 'long';
	$Login::password{$_} = $odd{$_} unless $_ eq 'long';
}
$Login::options{longpw} = "mailhost=$b{good}{host}";
$Login::password{longpw} = 'x' x 2000;
$Login::address{utf8name} = "\xc3\xa4\"\@a.test";

# ---- a front ----------------------------------------------------------------

sub front {
	my ($user, %env) = @_;
	my $pw = delete $env{password} // $Login::password{$user} // 'right';
	my $after = delete $env{after} // '';
	my $l = Login->new(IMAP_PROXY => 1, PROXY_HOSTNAME => 'front', %env);
	$l->line;
	$l->send("t1 LOGIN $user {" . length($pw) . "+}\r\n$pw\r\n$after")
	    unless $env{quiet};
	return $l;
}

sub log_is {
	my ($l, $want, $name) = @_;
	my $log = $l->log;
	$log =~ s/^DEBUG: Connection.*\n//;
	$log =~ s/(?<=failed: )(?:Name or service not known|.*resolution)/X/g;
	is $log, $want, $name;
}

sub in_line {
	my ($user) = @_;
	return "INFO: LOGIN, user=$user\@canonical.test, $ip, protocol=IMAP\n";
}

sub refused {
	my ($kind, $user) = @_;
	return "INFO: LOGIN $kind, user=$user, $ip\n";
}

# The way in, with commands in the same packet, and the way out.
my $l = front('good', after => "t2 NOOP\r\nt3 CHECK\r\n");
is $l->lines(4), "t1 OK connected to proxy server.\n* 1 RECENT\n"
    . "t2 OK NOOP\nt3 OK CHECK", 'nothing that either side sent early is lost';
is $l->cmd('t4 LOGOUT'), "* BYE\nt4 OK LOGOUT", 'commands are relayed';
is $l->line, undef, 'the end, too';
is $l->ended, 0, 'and so ends the process';
log_is($l, in_line('good'), 'one line in the log');
is notes($b{good}), "t1 LOGIN \"good\@canonical.test\" \"right\"~\nt2 NOOP~\n"
    . "t3 CHECK~\nt4 LOGOUT~\n", 'what the back end was told';
unlink $b{good}{notes};

# Names and passwords (the log: 12.2 #17).
for (['quotes', '"a\\"b\\\\c d"~'], ['brace', '"{5}"~'],
    ['eight', "{4}~\np\xc3\xa4\xff\n~"],
    ['longpw', "{2000}~\n" . 'x' x 2000 . "\n~"]) {
	my ($user, $want) = @$_;
	my $l = front($user, DEBUG_LOGIN => 1);
	is $l->line, 't1 OK connected to proxy server.', "password, $user: in";
	is notes($b{good}), "t1 LOGIN \"$user\@canonical.test\" $want\n",
	    'sent so that nothing in it counts';
	unlink $b{good}{notes};
	my $pw = $Login::password{$user};
	$pw =~ s/[^ -~]/./g;
	unlike $l->log, qr/\Q$pw\E/, 'and it does not stand in the log';
}
$l = front('utf8name');
is $l->line, 't1 OK connected to proxy server.', 'an address of 8 bits: in';
is notes($b{good}), "t1 LOGIN {10}~\n\xc3\xa4\"\@a.test\n \"right\"~\n",
    'is a literal';
unlink $b{good}{notes};
$l = front('good', quiet => 1);
$l->send('x AUTHENTICATE PLAIN ' . encode_base64("\0good\0right", '')
    . "\r\nx2 NOOP\r\n");
is $l->lines(3), "x OK connected to proxy server.\n* 1 RECENT\nx2 OK NOOP",
    'AUTHENTICATE';
unlink $b{good}{notes};

# The trace.
$l = front('good', DEBUG_LOGIN => 1);
$l->line;
my $h = $b{good}{host};
log_is($l, <<"TRACE" . in_line('good'), 'DEBUG_LOGIN');
DEBUG: LOGIN: ip=[::ffff:192.0.2.7], command=LOGIN
DEBUG: LOGIN: ip=[::ffff:192.0.2.7], username=good
DEBUG: Proxy connected to $h
DEBUG: Received: * OK hello
DEBUG: $h: * OK hello
DEBUG: Sending: t1 LOGIN "good\@canonical.test" "***"..
DEBUG: Received: * CAPABILITY IMAP4rev1
DEBUG: $h: * CAPABILITY IMAP4rev1
DEBUG: Received: t1 OK done
DEBUG: $h: t1 OK done
TRACE

# A foreign back end tells its own capabilities.
unlink $b{good}{notes};
$l = front('good', IMAP_PROXY_FOREIGN => 1);
is $l->lines(2), "* 1 RECENT\nt1 OK CAPABILITY", 'IMAP_PROXY_FOREIGN';
like notes($b{good}), qr/\nt1 CAPABILITY~\n\z/, 'asks for them';

# Other forms of a host; a list.
for my $user (qw(bracket dead_good twice no_good closes_good long)) {
	my $l = front($user);
	is $l->line, 't1 OK connected to proxy server.', "$user: in";
	my $log = $l->log;
	my $in = in_line($user);
	like $log, qr/\Q$in\E\z/, 'logged';
	unlike $log, qr/LOGIN FAILED/, 'as a success';
	like $log, qr/^WARN: Proxy connection to 127\.0\.0\.1 failed: (?x:
	    )Connection\ refused\nWARN:\ Connection\ to\ proxyhost\ (?x:
	    )\Q$unused\E\ failed\.\n/m, 'and the dead one is named'
	    if $user eq 'dead_good';
	like $log, qr/^WARN: Login to \Q$b{no}{host}\E failed\n/m,
	    'and who refuses' if $user eq 'no_good';
	if ($user eq 'closes_good') {
		like $log, qr/^WARN: Did not receive greeting from (?x:
		    )\Q$b{$_}{host}\E\n/m, "no greeting: $_"
		    for 'bye';
		like $log, qr/\Q$b{closes}{host}\E: Connection (?x:
		    )closed by remote host\n/m, 'closed midway';
	}
}

# Here.
for my $user (qw(me me2 none dead_me)) {
	my $l = front($user, DEBUG_LOGIN => 1);
	is $l->line, 't1 OK LOGIN Ok.', "$user: a local login";
	like $l->log, $user eq 'none' ?
	    qr/^WARN: proxy enabled, but no proxy host defined for (?x:
	    )none\@canonical\.test$/m :
	    qr/^DEBUG: Proxy host \S+ is me, normal login\.$/m, 'logged';
}

# SMAP1.
$l = Login->new(IMAP_PROXY => 1, SMAP_CAPABILITY => 'SMAP1');
$l->line;
$l->send("\\SMAP1 LOGIN smap right\nNOOP\n");
is $l->lines(2), "+OK connected to proxy server.\n+OK again", 'SMAP1';
is notes($b{smap}), "\\SMAP1 LOGIN \"smap\@canonical.test\" \"right\"~\n"
    . "NOOP\n\n", 'what the back end was told';
like $l->log, qr/user=smap\@canonical\.test, .*protocol=SMAP1$/m, 'logged';

# Nowhere. All at once, as each refusal takes its time.
my %refusal = (
	(map { $_ => [$_, 'ERROR', '* BYE Temporary problem, please try again '
	    . 'later'] } qw(dead bye closes binary bad_name endless silent)),
	(map { $_ => [$_, 'FAILED', 't1 NO Login failed.'] } qw(no no_dead empty)),
	cram => ['good', 'FAILED', 'c NO Login failed.'],
);
my %front = map { $_ => front($refusal{$_}[0], quiet => $_ eq 'cram') }
    keys %refusal;
my ($c) = $front{cram}->cmd('c AUTHENTICATE CRAM-MD5') =~ /^\+ (\S+)$/;
$front{cram}->send(encode_base64('good ' . Login::hmac_md5_hex(
    decode_base64($c), 'right'), '') . "\r\n");
# While one of them waits: who speaks to the server has no more open than the
# way up, the way across, and the connection.
sub below {
	my ($pid) = @_;
	return map { ($_, below($_)) } split ' ',
	    slurp("/proc/$pid/task/$pid/children");
}
SKIP: {
	skip 'not root, or no list of children', 1
	    if $> != 0 || !-e "/proc/$$/task/$$/children";
	my @open;
	ok wait_for(30, sub {
		@open = map { my $p = $_;
		    slurp("/proc/$p/status") =~ /^Uid:\s+[1-9]/m ?
		    [grep { $_ > 2 } map { m,(\d+)$, } glob "/proc/$p/fd/*"]
		    : () } below($front{silent}{pid});
		@open == 3 && !grep { @$_ > 3 } @open;
	}), 'three unprivileged processes, little open in each'
	    or diag explain \@open;
}

for my $user (sort keys %refusal) {
	my ($name, $kind, $answer) = @{ $refusal{$user} };
	is $front{$user}->line(50), $answer, "$user: $kind";
	like $front{$user}->log, $user eq 'cram' ?
	    qr/^INFO: LOGIN FAILED, method=CRAM-MD5, /m :
	    qr/^INFO: LOGIN $kind, user=$name, \Q$ip\E$/m, 'logged';
	is $front{$user}->cmd('t2 NOOP'), 't2 OK NOOP completed', 'goes on'
	    if $kind eq 'FAILED';
}
like $front{cram}->log, qr/^WARN: proxy enabled, but no password for (?x:
    )good\@canonical\.test$/m, 'a password that nobody knows';
like $front{empty}->log, qr/^WARN: proxy enabled, but no proxy host defined (?x:
    )for empty\@canonical\.test$/m, 'an empty host';
like $front{silent}->log, qr/^WARN: Timeout\/error connecting to /m,
    'a silent back end';
like $front{bad_name}->log, qr/^WARN: getaddrinfo on proxyhost (?x:
    )no-such-host\.invalid failed: /m, 'an unknown host';
%front = ();

# ---- the relay --------------------------------------------------------------

# Both ways at once, each side slow at times.
$l = front('big');
is $l->line, 't1 OK connected to proxy server.', 'much data: in';
my $block = join '', map { chr($_ * 11 & 255) } 1 .. 40_000;
my ($sent, $got) = ('', $l->{buf});
$l->{s}->blocking(0);
my $until = now() + 200;
while (now() < $until) {
	my $both = IO::Select->new($l->{s});
	my ($can_r, $can_w) = IO::Select->select($both,
	    length $sent < 4_000_000 ? $both : undef, undef, 10);
	if (@{ $can_w || [] }) {
		my $at = length($sent) % 40_000;
		my $n = syswrite $l->{s}, $block, 40_000 - $at, $at;
		$sent .= substr $block, $at, $n if $n;
		shutdown $l->{s}, 1 if length $sent >= 4_000_000;
	}
	if (@{ $can_r || [] }) {
		my $n = sysread $l->{s}, $got, 65536, length $got;
		last if defined $n && $n == 0;
		select undef, undef, undef, 0.002 if length $got < 1 << 20;
	}
}
my $text = join '', map { chr($_ * 7 & 255) } 1 .. 65536;
ok $got eq $text x 160, '10 MB to the client'
    or diag length $got;
ok wait_for(60, sub { notes($b{big}) =~ /\n.+\n/ }), 'the back end has ended';
like notes($b{big}), qr/^@{[length $sent]} @{[md5_hex($sent)]}$/m,
    '4 MB to the back end, after the client has ended its side';
is $l->ended, 0, 'the process ends then';

# Who it is (12.2 #17), and what it costs when nothing happens.
SKIP: {
	skip 'no /proc', 6 unless -e "/proc/$$/stat";
	my $l = front('good');
	$l->line;
	my $p = "/proc/$l->{pid}";
	SKIP: {
		skip 'needs root', 2 if $>;
		my ($uids) = slurp("$p/status") =~ /^Uid:\s+(.*)$/m;
		my $nobody = (getpwnam 'nobody')[2];
		is $uids, join("\t", ($nobody) x 4), 'the relay is nobody';
		isnt readlink("$p/root"), '/', 'in a root of its own';
	}
	my @fds = sort { $a <=> $b } map { m,([^/]+)$, } glob "$p/fd/*";
	is "@fds", '0 1 2 3', 'with no more descriptors than it needs';
	my @kids = grep { (slurp($_) =~ /^\d+ \(.*\) \S (\d+)/ ? $1 : 0)
	    == $l->{pid} } glob '/proc/[0-9]*/stat';
	is "@kids", '', 'and no other process';
	my $ticks = sub {
		my @f = split ' ', slurp("$p/stat");
		return $f[13] + $f[14];
	};
	# (It has answered, and may not wait for more yet.)
	my $before;
	wait_for(30, sub {
		$before = $ticks->();
		select undef, undef, undef, 0.1;
		return $ticks->() == $before;
	});
	select undef, undef, undef, 1;
	is $ticks->(), $before, 'it takes no time when nothing happens';
	$l->send("t2 LOGOUT\r\n");
	is $l->rest, "* 1 RECENT\n* BYE\nt2 OK LOGOUT", 'and still works';
}

# The client goes away.
$l = front('good');
$l->line;
close $l->{s};
is $l->ended, 0, 'the client has gone: the process ends';

# A signal ends it while it waits for a back end.
$l = front('silent');
wait_for(30, sub { $l->log =~ /Connection/ });
select undef, undef, undef, 0.5;
kill 'TERM', $l->{pid};
is $l->line, '* BYE Courier-IMAP server shut down by signal.',
    'told to end while it waits';
is $l->ended, 0, 'it ends';

done_testing;
