#!/usr/bin/perl
# couriertls as other programs run it: descriptors for the clear side, for the
# status and for what was agreed upon (STARTTLS); as a client; its errors.
# SPDX-License-Identifier: ISC
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Fcntl;
use IO::Socket::INET;
use POSIX ();
use Private qw(:all);
use Socket;
use Test::More;
use Tcpd ();
use Tls;

need('openssl');
plan(skip_all => 'couriertls is not built') unless -x couriertls();

my $ca = cert('ca.test', ca => 1);
(my $cabase = $ca) =~ s/\.pem$//;
my $pem = cert('mail.example.com', by => $ca);
my $mine = cert('alice', by => $ca, san => '',
    subj => '/CN=alice/emailAddress=alice@example.com');

# ---- as imaplogin runs it for STARTTLS --------------------------------------

# A listener that does what imaplogin does, in Perl: what couriertls wrote, and
# the first line from the clear side, come back in a file.
my $told = workdir() . '/told';
my $starter = workdir() . '/starter';
spew($starter, <<'END', 0755);
#!/usr/bin/perl
use strict; use warnings; use Socket; use Fcntl;
my ($prog, $told) = @ARGV;
socketpair my $ours, my $theirs, AF_UNIX, SOCK_STREAM, 0 or die;
pipe my $sr, my $sw; pipe my $xr, my $xw;
fcntl $_, F_SETFD, 0 for $theirs, $sw, $xw;
my $pid = fork;
if (!$pid) {
	close $_ for $ours, $sr, $xr;
	exec $prog, '-statusfd=' . fileno $sw, '-printx509=' . fileno $xw,
	    '-localfd=' . fileno $theirs, '-tcpd', '-server';
}
close $_ for $theirs, $sw, $xw;
local $/;
my ($status, $x509) = (scalar <$sr>, scalar <$xr>);
waitpid $pid, 0;
my $exit = $?;
my $line = '';
if ($x509) {
	local $/ = "\n";
	$line = <$ours>;
	syswrite $ours, "you said $line";
	$line = <$ours> // 'end';
}
open my $f, '>', "$told.new"; print $f "exit $exit\nstatus $status\n$x509";
close $f; rename "$told.new", $told;
END

sub starttls {
	my ($env, @client) = @_;
	unlink $told;
	my $t = Tcpd->new({ env => { TLS_VERIFYPEER => 'NONE',
	    TLS_CERTFILE => $pem, %$env }, prog => [$^X, $starter,
	    couriertls(), $told] });
	my $said = '';
	if (@client && !ref $client[0]) {
		my $c = Tls->connect($t, @client);
		$c->send("hello\n");
		$said = $c->line || '';
	} else {
		hears($t, ${ $client[0] });
	}
	wait_for(30, sub { -e $told });
	my $log = $t->log;
	$t->stop;
	return (slurp($told), $said, $log);
}

my ($text, $said, $log) = starttls({}, '-tls1_3');
is $said, 'you said hello', 'bytes go both ways';
like $text, qr/\Aexit 0\nstatus \nVersion: TLS1\.3\nBits: 256\nCipher: ECDHE_ECDSA_AES_256_GCM_SHA384\nExporter: [0-9a-f]{64}\n\z/,
    'what was agreed upon';
($text) = starttls({}, '-tls1_2');
like $text, qr/^Version: TLS1\.2\nBits: 256\nCipher: ECDHE_ECDSA_AES_256_GCM_SHA384\nExporter: \w+$/m,
    'TLS 1.2';
($text) = starttls({}, '-tls1_2', '-no_etm', '-cipher', 'ECDHE-ECDSA-AES128-SHA');
like $text, qr/^Bits: 128\nCipher: ECDHE_ECDSA_AES_128_CBC_SHA$/m, 'fewer bits';
($text) = starttls({ TLS_VERIFYPEER => 'R', TLS_TRUSTCERTS =>
    "$cabase.crt" }, '-cert', $mine, '-key', $mine);
like $text, qr/status \nSubject:\n   cn=alice\n   emailaddress=alice\@example\.com\n\nNot-Before: 2020-01-01 00:00:00\nNot-After: 2040-01-01 00:00:00\nVersion: /,
    "a client's certificate";
($text) = starttls({ TCPREMOTEIP => '192.0.2.9' }, \"a NOOP\r\n");
like $text, qr/^exit 256\nstatus ip=\[\S+\], An unexpected TLS packet was received\.\n\n\z/m,
    'a failure: its text, and no other' or diag $text;
($text) = starttls({ TLS_CERTFILE => '/nonexistent' }, '-tls1_3');
like $text, qr/status ip=\[\S+\], No supported cipher suites have been found\.\n\n\z/m,
    'no certificate';
($text, $said, $log) = starttls({ TLS_HANDSHAKE_TIMEOUT => 1 }, \'');
like $text, qr/status ip=\S+ couriertls: accept: Connection timed out\n\n\z/m,
    'silence';
is $log, '', 'the log has nothing of what the status has';

# Somebody who kills the jailed process is no success (12.2 #16).
my $t = Tcpd->new({ env => { TLS_VERIFYPEER => 'NONE', TLS_CERTFILE => $pem },
    prog => [$^X, $starter, couriertls(), $told] });
SKIP: {
	skip 'no /proc', 1 unless -d '/proc/self';
	unlink $told;
	my $s = $t->dial;
	my $victim;
	wait_for(30, sub {
		# The jailed one waits for our client, and is no child of the
		# starter's.
		for my $dir (glob '/proc/[0-9]*') {
			next unless slurp("$dir/cmdline") =~ /^\Q${\couriertls()}\E\0-statusfd/;
			next unless slurp("$dir/environ") =~ /\bTCPREMOTEPORT=${\$s->sockport}\0/;
			my ($ppid) = slurp("$dir/status") =~ /^PPid:\s*(\d+)/m;
			next if slurp("/proc/$ppid/cmdline") =~ /\Q$told\E/;
			next if slurp("/proc/$ppid/cmdline") =~ /-statusfd/;
			$victim = $1 if $dir =~ /(\d+)$/;
		}
		return $victim;
	});
	kill 'KILL', $victim if $victim;
	wait_for(30, sub { -e $told });
	like slurp($told), qr/exit 256\nstatus ip=\S+ couriertls: the TLS process has ended\n\n\z/,
	    'a process that was killed is a failure';
}
$t->stop;

# ---- as a client ------------------------------------------------------------

my $upper = workdir() . '/upper';
spew($upper, "#!$^X\n\$| = 1; print uc while <STDIN>;\n", 0755);
my %client = (PATH => $ENV{PATH});

# Runs it as a client of a port; what it says on both outputs. Its input ends
# when it has ended, or has said that: if it is not told, what it was sent.
sub client {
	my ($port, $env, $in, @args) = @_;
	my $that = ref $args[0] ? shift @args : qr/\Q${\uc $in}\E\z/;
	my $said = workdir() . '/said';
	unlink $said;
	local @ENV{keys %$env} = values %$env;
	my $pid = open my $to, '|-', 'sh', '-c', 'exec "$@" >"$0" 2>&1', $said,
	    couriertls(), '-host=127.0.0.1', "-port=$port", @args;
	syswrite $to, $in;
	wait_for(30, sub { waitpid($pid, POSIX::WNOHANG()) != 0 ||
	    slurp($said) =~ $that });
	close $to;
	return slurp($said);
}

$t = tls_server({ TLS_CERTFILE => $pem }, $upper);
my $none = { TLS_VERIFYPEER => 'NONE' };
is client($t->{port}, $none, "one\ntwo\n"), "ONE\nTWO\n", 'a client';
my %trust = (TLS_TRUSTCERTS => "$cabase.crt");
is client($t->{port}, \%trust, "x\n", '-verify=mail.example.com'), "X\n",
    '-verify';
is client($t->{port}, \%trust, "x\n", '-domain=mail.example.com'), "X\n",
    '-domain';
like client($t->{port}, \%trust, "x\n", '-verify=other.example.com'),
    qr/^Certificate owner mismatch/, 'another name';
is client($t->{port}, {}, "x\n", '-verify=mail.example.com'),
    "TLS_TRUSTCERTS not set\n", 'without authorities';
like client($t->{port}, {}, "x\n"),
    qr/^Peer's certificate not signed by a trusted authority$/m,
    'it verifies unless told not to';
is client($t->{port}, \%trust, "x\n"), "X\n", 'which can be good';
like client($t->{port}, \%trust, '', qr/Not-After/, '-printx509=1'),
    qr/^Subject:\n   o=Test\n   cn=mail\.example\.com\n\nSubject-Alt-Name-DNS: mail\.example\.com\nNot-Before: 2020/m,
    '-printx509';
# A program of the client's.
my $asks = workdir() . '/asks';
spew($asks, "#!$^X\n\$| = 1; print qq(from \$ENV{TLS_SUBJECT_CN}\\n); " .
    "print STDERR scalar <STDIN>;\n", 0755);
like client($t->{port}, \%trust, '', qr/COM\n/, '-verify=mail.example.com',
    $asks),
    qr/^FROM MAIL\.EXAMPLE\.COM$/m, 'with a program';
$t->stop;
# Its certificate.
$t = tls_server({ TLS_CERTFILE => $pem, TLS_VERIFYPEER => 'R', %trust });
like client($t->{port}, { %$none, TLS_CERTFILE => $mine }, '', qr/^done$/m),
    qr/^TLS_SUBJECT_CN=alice$/m, 'with a certificate';
$t->stop;

# ---- clear words first ------------------------------------------------------

# Serves one connection: each line is sent after one was read (but the first).
sub scripted {
	my ($script) = @_;
	my $listen = IO::Socket::INET->new(Listen => 1, LocalAddr =>
	    '127.0.0.1') or die;
	my $seen = workdir() . '/seen';
	unlink $seen;
	my $pid = start({ code => sub {
		my $c = $listen->accept;
		$c->autoflush(1);
		my @step = @$script;
		print $c shift @step;
		while (@step && defined(my $l = <$c>)) {
			open my $f, '>>', $seen;
			print $f $l;
			close $f;
			print $c shift @step;
		}
		my ($cert, $key) = map { "$cabase.$_" } qw(crt key);
		open STDIN, '<&', $c;
		open STDOUT, '>&', $c;
		$ENV{TLS_CERTFILE} = $pem;
		$ENV{TLS_VERIFYPEER} = 'NONE';
		exec couriertls(), '-server', '-remotefd=0', $upper;
	} });
	return ($listen->sockport, $seen, $pid);
}

for my $c (
    ['imap', ["* OK ready\r\n", "* CAPABILITY X\r\nx OK begin\r\n"],
	"x STARTTLS\r\n"],
    ['pop3', ["+OK ready\r\n", "+OK begin\r\n"], "STLS\r\n"],
    ['smtp', ["220-a\r\n220 b\r\n", "250-c\r\n250 d\r\n", "220 e\r\n"],
	qr/^EHLO \S+\r\nSTARTTLS\r\n\z/],
) {
	my ($proto, $script, $want) = @$c;
	my ($port, $seen, $pid) = scripted($script);
	my $out = client($port, $none, "words\n", "-protocol=$proto");
	(my $shown = join '', @$script) =~ s/\r//g;
	is $out, "${shown}WORDS\n", $proto;
	ref $want ? like(slurp($seen), $want, 'what was said') :
	    is(slurp($seen), $want, 'what was said');
	Private::stop($pid);
}
for my $c (['imap', "* BYE no\r\n"], ['imap', "* OK\r\n", "x NO\r\n"],
    ['imap', "* OK\r\n", "x OK\r\n* OK injected\r\n"],
    ['pop3', "-ERR\r\n"], ['pop3', "+OK\r\n", "-ERR\r\n"],
    ['smtp', "220 x\r\n", "250 x\r\n", "500 no\r\n"],
    ['imap', "* OK " . 'x' x 9000 . "\r\n"]) {
	my ($proto, @script) = @$c;
	my ($port, $seen, $pid) = scripted(\@script);
	my $out = client($port, $none, "words\n", "-protocol=$proto");
	(my $last = substr $script[-1], 0, 30) =~ s/\s+/ /g;
	like $out, qr/^couriertls: $proto: /m, "$proto: no TLS after $last";
	Private::stop($pid);
}

# ---- errors -----------------------------------------------------------------

sub says { run(couriertls(), @_); return $Private::out }
my $me = couriertls();
is says('-x'), "$me: Invalid option: -x\n", 'an unknown option';
is says(), "$me: specify remote location.\n", 'no other side';
is says('-host=127.0.0.1', '-port=1', '-protocol=nntp'),
    "--protocol=nntp - unknown protocol.\n", 'an unknown protocol';
is says('-host=127.0.0.1', '-port=no-such-port'),
    "no-such-port: invalid port.\n", 'an unknown port';
is says('-host=no-such-host.invalid', '-port=1'),
    "no-such-host.invalid: not found.\n", 'an unknown host';
is says('-host=127.0.0.1', '-port=' . free_port()),
    "connect: Connection refused\n", 'nobody listens';
done_testing();
