#!/usr/bin/perl
# The way in, beside Courier's: the same dialogues before and up to the login,
# what the client reads and what is logged; what imapd is given; what the start
# scripts leave.  SPDX-License-Identifier: ISC
#
# Where the two may differ a row says what ours must be, and why; it must still
# differ from Courier's, or the row is out of date.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Digest::MD5 qw(md5 md5_hex);
use IO::Select;
use IO::Socket::INET;
use MIME::Base64;
use Private qw(:all);
use Test::More;
use Suite;

need_root();

my $mail = workdir() . '/mail';
my %options = (one => '', sticky => '', bare => '', homeless => '',
    off => '|options=disableimap=1', clear => '|options=disableinsecureimap=1',
    foreign => '');
mkdir $mail;
chmod 0755, $mail;
for my $u (grep { $_ ne 'homeless' } keys %options) {
	mkdir "$mail/$u";
	next if $u eq 'bare';
	mkdir "$mail/$u/Maildir$_" for '', '/tmp', '/new', '/cur';
	system 'chown', '-R', '5000:5000', "$mail/$u";
}
chmod 01755, "$mail/sticky";
chmod 0777, map { "$mail/foreign/Maildir$_" } '', '/tmp', '/new', '/cur';
chown 5001, 5001, "$mail/foreign/Maildir";

my %settings = (IMAP_CAPABILITY => 'IMAP4rev1 UIDPLUS CHILDREN NAMESPACE IDLE',
    IMAP_CAPABILITY_TLS => '$IMAP_CAPABILITY AUTH=PLAIN', IMAP_ACL => 0,
    IMAP_EXTENSIONS => 'none', IMAP_ENHANCEDIDLE => 0, MAXDAEMONS => 200,
    MAXPERIP => 200, IMAP_UMASK => '027', SITE => 'two  words',
    AUTHSERVICE143 => 'imap');

sub server {
	my ($which, %more) = @_;
	my $s = Suite->new(mail => $mail, programs => $which,
	    imapd => { %settings, %more },
	    authdaemonrc => { authmodulelist => 'authuserdb', daemons => 5 });
	$s->set('imapd-ssl', IMAPDSTARTTLS => 'NO');
	chomp(my $crypt = `openssl passwd -1 -salt abcdefgh secret`);
	my $text = join '', map { "$_\@a.test\tuid=5000|gid=5000|"
	    . "home=/srv/mail/$_|systempw=$crypt$options{$_}\n" }
	    sort keys %options;
	spew($s->etc('userdb'), $text, 0600);
	$s->inside('makeuserdb') or die "makeuserdb: $Private::out";
	return $s->start;
}

my %server = map { $_ => server($_) } 'courier', ($ENV{TEST_SUITE} || '')
    eq 'courier' ? () : 'chapar';
$server{chapar} ||= server('courier');

# ---- dialogues --------------------------------------------------------------

my $err = 'NO Error in IMAP command received by server.';
my $one = 'one@a.test';
my $in = encode_base64("\0$one\0secret", '');
my $user = encode_base64($one, '');
my $password = encode_base64('secret', '');

# Name, what the client says (each piece after the answer to the one before);
# a hash: why ours differs, and patterns that all must match.
my @cases = (
	['nothing'],
	['commands', 'a CAPABILITY', 'b NOOP', 'c LOGOUT'],
	['LOGIN', "a LOGIN $one secret", 'b NOOP', 'c LOGOUT'],
	['LOGIN, and the client goes', "a LOGIN $one secret"],
	['a wrong password', "a LOGIN $one wrong", 'b NOOP', 'c LOGOUT'],
	['no such user', 'a LOGIN nobody@a.test x'],
	['PLAIN', 'a AUTHENTICATE PLAIN', $in],
	['PLAIN at once', "a authenticate plain $in"],
	['PLAIN, a quoted word', "a AUTHENTICATE \"PLAIN\" $in"],
	['PLAIN, =', 'a AUTHENTICATE PLAIN ='],
	['PLAIN, wrong', 'a AUTHENTICATE PLAIN '
	    . encode_base64("\0$one\0no", ''), 'b NOOP'],
	['PLAIN, cancelled', 'a AUTHENTICATE PLAIN', '*', 'b NOOP'],
	['PLAIN, an empty line', 'a AUTHENTICATE PLAIN', '', 'b NOOP'],
	['PLAIN, no base64', 'a AUTHENTICATE PLAIN', '!!!!', 'b NOOP'],
	['PLAIN, a NUL in the password', 'a AUTHENTICATE PLAIN',
	    encode_base64("\0$one\0secret\0x", ''), 'b NOOP'],
	['SASL LOGIN', 'a AUTHENTICATE LOGIN', $user, $password],
	['SASL LOGIN at once', "a AUTHENTICATE login $user", $password],
	['SASL LOGIN, cancelled', 'a AUTHENTICATE LOGIN', $user, '*', 'b NOOP'],
	['CRAM, wrong', 'a AUTHENTICATE CRAM-MD5', encode_base64("$one "
	    . '0' x 32, ''), 'b NOOP'],
	['CRAM at once', "a AUTHENTICATE CRAM-MD5 $user", 'b NOOP'],
	['EXTERNAL', 'a AUTHENTICATE EXTERNAL =', 'b NOOP'],
	['\SMAP1, not offered', '\SMAP1 NOOP', '\SMAP1 FOO',
	    "\\SMAP1 LOGIN $one secret", '\SMAP1 NOOP'],
	['ten errors', map { "a$_ FOO" } 1 .. 10],
	['errors', map { "a $_" } 'SELECT INBOX', 'NOOP x', 'CAPABILITY x',
	    'LOGOUT x', 'LOGIN', 'LOGIN x', 'LOGIN x y z', 'STARTTLS x'],
	['an empty line', '', 'b NOOP'],
	['a quoted tag', '"t" NOOP', 'b NOOP'],
	['8 bits in a tag', "t\xe4 NOOP", 'b NOOP'],
	['a tag alone', 'a', 'b NOOP'],
	['odd tags', 'a.b NOOP', 'a]b NOOP', 'a*b NOOP', '1 NOOP'],
	['blanks', "  a   LOGIN\t$one  secret  "],
	['CR as a blank', "a LOGIN $one\rsecret"],
	['quotes', 'a LOGIN "o\"n\\\\e\x" "y"'],
	['an open quote', 'a LOGIN "x', 'b NOOP'],
	['parentheses', 'a LOGIN (one) p(a)s'],
	['parentheses apart', 'a LOGIN ( x )', 'b NOOP'],
	['a backslash', 'a LOGIN \one x\y', 'b NOOP'],
	['wildcards', 'a LOGIN o*n%e x*%y'],
	['8 bits', "a LOGIN j\xc3\xa4 x", 'b NOOP'],
	['8 bits, quoted', "a LOGIN \"j\xc3\xa4\" x"],
	['8 bits that are no UTF-8', "a LOGIN \"j\xe4\" x", 'b NOOP'],
	['literals', 'a LOGIN {10}', "$one {6}", 'secret'],
	['a binary literal', 'a LOGIN ~{10}', "$one {6}", 'secret'],
	['empty literals', 'a LOGIN {0}', ' {0}', '', 'b NOOP'],
	['NIL', 'a LOGIN NIL secret', 'b LOGIN nil NIL', 'c NOOP'],
	['NIL, quoted', 'a LOGIN "NIL" secret'],
	['empty strings', 'a LOGIN "" ""', 'b NOOP'],
	['an empty password', "a LOGIN $one \"\""],
	['percent signs', 'a LOGIN %s%n%x%p y%s'],
	['sticky home', 'a LOGIN sticky@a.test secret'],
	['no maildir', 'a LOGIN bare@a.test secret'],
	['disableimap', 'a LOGIN off@a.test secret'],
	['disableinsecureimap', 'a LOGIN clear@a.test secret'],
	['a foreign maildir', 'a LOGIN foreign@a.test secret'],
	['LITERAL+', "a LOGIN {10+}\r\n$one {6+}\r\nsecret",
	    { why => 'RFC 7888', ours => [qr/^a OK LOGIN Ok\.$/m] }],
	['pipelined', "a LOGIN $one secret\r\nb NOOP",
	    { why => 'nothing is lost', ours => [qr/^b OK NOOP/m] }],
	['ID', 'a ID NIL', { why => 'RFC 2971: any state',
	    ours => [qr/^a OK ID completed$/m] }],
	['a forged address', 'a LOGIN "x, ip=[192.0.2.9]" y', { why =>
	    'nobody else is banned', ours =>
	    [qr/^<22> imapd: LOGIN FAILED, user=x\. ip\.\.192\.0\.2\.9\., ip=\[/m] }],
	['a line end in a name', 'a LOGIN {26}',
	    "x\r\nINFO: LOGIN FAILED, y=z x", { why => 'the same', ours =>
	    [qr/^<22> imapd: LOGIN FAILED, user=x\.\.INFO: LOGIN FAILED\. y\.z, ip=\[/m] }],
	['brackets in a name', 'a LOGIN [one] y', { why => 'the same', ours =>
	    [qr/^<22> imapd: LOGIN FAILED, user=\.one\., ip=\[/m] }],
	['a long name', 'a LOGIN ' . 'u' x 700 . ' y', { why =>
	    'the line stays whole', ours =>
	    [qr/^<22> imapd: LOGIN FAILED, user=u{256}, ip=\[/m] }],
	['a NUL', "a LOGIN \"on\0e\" y", 'b NOOP', { why =>
	    'refused, not cut', ours => [qr/^a \Q$err\E$/m, qr/^b OK/m] }],
	['two words for PLAIN', 'a AUTHENTICATE PLAIN', 'x y', 'b NOOP',
	    { why => 'one answer to one command', ours =>
	    [qr/^\+ \na NO Login failed\.\nb OK/m] }],
	['no mechanism', 'a AUTHENTICATE', 'b NOOP', { why => 'the same',
	    ours => [qr/^a NO Login failed\.\nb OK/m,
	    qr/LOGIN FAILED, method=, ip=/] }],
	['a long quoted string', 'a LOGIN "' . 'x' x 8193 . '" y', 'b NOOP',
	    { why => 'no fault of the server\'s', ours =>
	    [qr/^\* NO \[ALERT\] IMAP command too long\.\na \Q$err\E\nb OK/m] }],
	['a long literal', 'a LOGIN {9000}', 'b NOOP', { why =>
	    'not taken, not waited for', ours =>
	    [qr/^\* NO \[ALERT\] IMAP command too long\.\na \Q$err\E\nb OK/m] }],
	['no home', 'a LOGIN homeless@a.test secret', { why =>
	    'trouble of ours bans nobody', ours => [qr/^\* BYE Temporary /m,
	    qr/^<22> imapd: LOGIN ERROR, user=homeless\@a\.test, /m] }],
);

# Reads until the pattern, the end, or the time; true at the pattern.
sub reads {
	my ($s, $got, $re, $seconds) = @_;
	my $until = now() + $seconds;
	my $from = length $$got;
	while ((my $left = $until - now()) > 0) {
		next unless IO::Select->new($s)->can_read($left);
		sysread $s, $$got, 65536, length $$got or return;
		return 1 if substr($$got, $from) =~ $re;
	}
	return;
}

sub dialogue {
	my ($port, @say) = @_;
	my $s = IO::Socket::INET->new(PeerAddr => "127.0.0.1:$port",
	    Timeout => 10) or return "connect: $!";
	my $got = '';
	reads($s, \$got, qr/\n/, 20);
	for (@say) {
		syswrite $s, "$_\r\n";
		reads($s, \$got, qr/^(?:\+|\S+ (?:OK|NO)\b(?! \[)|\* BYE).*\n/m,
		    10) or last;
	}
	shutdown $s, 1;
	reads($s, \$got, qr/\A\z/, 10);
	return $s->sockport . "\n$got";
}

sub shape {
	my ($text, $log) = @_;
	$text =~ s/^(\d+)\n// or return $text;
	my $port = $1;
	$text =~ s/\r\n/\n/g;
	$text =~ s/\] (?:Courier-IMAP|Chapar) ready.*/] ready/;
	$text =~ s/^\+ \S{40,}$/+ challenge/mg;
	my @lines = grep { /port=\[$port\]/ } split /\n/, $log;
	for (@lines) {
		s/^(<\d+>)\w+ +\d+ [\d:]+ /$1 /;
		s/port=\[\d+\]/port=[P]/;
		s/time=\d+/time=T/;
		s/sent=\d+/sent=N/ unless /user=/;
	}
	return join "\n", $text, @lines;
}

# The log, once nothing more comes.
sub quiet_log {
	my ($s) = @_;
	my $size = -1;
	wait_for(20, sub {
		my $was = $size;
		select undef, undef, undef, 0.5;
		$was == ($size = length $s->log);
	});
	return $s->log;
}

sub says { return grep { !ref } @{ $_[0] }[1 .. $#{ $_[0] }] }

# Courier loses a log line now and then when many come at once: what it says
# alone counts.
sub theirs_again {
	my ($i) = @_;
	my $s = $server{courier};
	my $text = dialogue($s->{port}, says($cases[$i]));
	return shape($text, quiet_log($s));
}

sub all_dialogues {
	my ($which) = @_;
	my $s = $server{$which};
	my $dir = workdir();
	my @pids;
	for my $i (0 .. $#cases) {
		my @say = says($cases[$i]);
		push @pids, start({ code => sub {
			spew("$dir/$which.$i", dialogue($s->{port}, @say));
		} });
		waitpid $pids[-30], 0 if @pids >= 30;
	}
	waitpid $_, 0 for @pids;
	my $log = quiet_log($s);
	return map { shape(slurp("$dir/$which.$_"), $log) } 0 .. $#cases;
}

my %said = map { $_ => [all_dialogues($_)] } 'courier', 'chapar';
for my $i (0 .. $#cases) {
	my ($name, @rest) = @{ $cases[$i] };
	my ($theirs, $ours) = map { $said{$_}[$i] } 'courier', 'chapar';
	my ($other) = grep { ref } @rest;
	if (!$other || ($ENV{TEST_SUITE} || '') eq 'courier') {
		for (1 .. 2) {
			$theirs = theirs_again($i) if $theirs ne $ours;
		}
		is $ours, $theirs, $name;
		next;
	}
	like $ours, $_, "$name: $other->{why}" for @{ $other->{ours} };
	isnt $ours, $theirs, "$name: differs from Courier's";
}

# ---- what imapd is given ----------------------------------------------------

for my $s (values %server) {
	unlink "$s->{root}/usr/bin/imapd";
	spew("$s->{root}/usr/bin/imapd", <<'END', 0755);
#!/bin/sh
printf '%s OK\r\n' "$IMAPLOGINTAG"
echo "ids `id -u` `id -g` `id -G` in `pwd`, args $*"
echo "umask `umask` limit `ulimit -v`"
env | sort
while read -r a b; do
	case $a in Sig*|Cap*|NoNewPrivs*) echo "$a $b" ;; esac
done </proc/self/status
for f in /proc/$$/fd/[3-9]; do readlink $f; done
echo "the end"
END
}

sub given {
	my ($s) = @_;
	my $c = IO::Socket::INET->new(PeerAddr => "127.0.0.1:$s->{port}");
	my $text = '';
	reads($c, \$text, qr/\n/, 20);
	$text = '';
	syswrite $c, "a LOGIN $one secret\r\n";
	reads($c, \$text, qr/^the end\n/m, 20);
	for my $n (values %{ $s->{ports} }, $c->sockport) {
		$text =~ s/\b$n\b/N/g;
	}
	$text =~ s/^(?:SigQ:|_=).*\n//mg;
	return $text;
}

my ($theirs, $ours) = map { given($server{$_}) } 'courier', 'chapar';
# Their daemon's descriptors leak: into the connection of authdaemond, a pipe.
$_ =~ s/^(?:socket|pipe):\[\d+\]\n//mg for $theirs;
$_ =~ s,^/usr/bin/imapd\n,,mg for $theirs, $ours;	# the shell's own script
is $ours, $theirs, 'imapd: user, groups, folder, umask, limit, environment, signals';
like $ours, qr/^ids 5000 5000 5000 in \/srv\/mail\/one, args Maildir$/m,
    'the user from the first instruction';
like $ours, qr/^SITE=two  words$/m, 'a variable of the site\'s';

# ---- scripts ----------------------------------------------------------------

sub scripts {
	my ($s) = @_;
	my $run = "$s->{root}/run/courier/imapd.pid";
	my @all;
	my $note = sub {
		my $what = shift;
		my $ok = $s->inside('imapd', @_);
		my $pid = slurp($run);
		my $alive = $pid =~ /^(\d+)\n\z/ && kill(0, $1) ? 'runs' : '';
		if ($alive) {
			chomp(my $comm = slurp("/proc/$1/comm"));
			$alive .= " as $comm";
		}
		push @all, sprintf '%s: %s, pid file %s %o %s, lock %o %d',
		    $what, $ok ? 'ok' : 'fails', $pid =~ /^\d+\n\z/ ? 'there' :
		    'not there', (stat $run)[2] & 07777, $alive,
		    (stat "$run.lock")[2] & 07777, (stat _)[7];
		return $pid;
	};
	my $first = $note->('start', 'start');
	push @all, 'another start: ' . ($note->('again', 'start') eq $first);
	push @all, 'restart: ' . ($note->('restart', 'restart') eq $first);
	$note->('no verb');
	$note->('another verb', 'condrestart');
	my $c = IO::Socket::INET->new(PeerAddr => "127.0.0.1:$s->{port}");
	my $text = '';
	reads($c, \$text, qr/\n/, 20);
	$note->('stop', 'stop');
	$text = '';
	reads($c, \$text, qr/\A\z/, 10);
	push @all, "the sessions: $text";
	$note->('stop again', 'stop');
	$note->('restart of none', 'restart');
	return join "\n", @all;
}
is scripts($server{chapar}), scripts($server{courier}),
    'start, start again, restart, other words, stop';

# The port is taken: success, and a line in the log.
for my $which (sort keys %server) {
	my $s = $server{$which};
	my $hold = IO::Socket::INET->new(Listen => 5, LocalAddr =>
	    "127.0.0.1:$s->{port}", ReuseAddr => 1) or die "bind: $!";
	ok $s->inside('imapd', 'start'), "$which: start on a port in use";
	ok wait_for(30, sub { $s->log =~
	    /^<22>.* imapd: bind: Address already in use$/m }), 'and the log';
	close $hold;
}
done_testing();
