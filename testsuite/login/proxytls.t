#!/usr/bin/perl
# The proxy speaks TLS with back ends (12.2 #17): CHAPAR_PROXY_TLS,
# CHAPAR_PROXY_VERIFY.
# SPDX-License-Identifier: ISC
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Fcntl;
use IO::Handle;
use Private qw(:all);
use Socket;
use Test::More;
use Backend;
use Login;

need('openssl');
my $dir = workdir();
my $built = "$ENV{top_builddir}/src/prog/couriertls";
plan skip_all => 'built without TLS' unless -x $built;

# The program is started by nobody, who may not see a build folder.
my $tls = "$dir/couriertls";
system('cp', $built, $tls) == 0 or die "cp: $!";
chmod 0755, $tls;

# A certificate for localhost, by an authority of our own.
for (["req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=Authority "
    . "-keyout $dir/ca.key -out $dir/ca.pem"],
    ["req -newkey rsa:2048 -nodes -subj /CN=localhost -keyout $dir/s.key "
    . "-out $dir/s.csr"],
    ["x509 -req -in $dir/s.csr -CA $dir/ca.pem -CAkey $dir/ca.key "
    . "-set_serial 2 -days 30 -extfile $dir/ext -out $dir/s.crt"]) {
	spew("$dir/ext", "subjectAltName=DNS:localhost\n");
	run('openssl', split / /, $_->[0]) or die $Private::out;
}
spew("$dir/server.pem", slurp("$dir/s.crt") . slurp("$dir/s.key"), 0600);
spew("$dir/other.pem", slurp("$dir/ca.pem") =~ s/.*//sr);
run('openssl', split / /, "req -x509 -newkey rsa:2048 -nodes -days 30 -subj "
    . "/CN=Other -keyout $dir/o.key -out $dir/other.pem")
    or die $Private::out;

# The back end's side of TLS: the other end of a pair of sockets.
sub wrap {
	my ($c, $program) = @_;
	socketpair my $plain, my $inner, AF_UNIX, SOCK_STREAM, 0 or die $!;
	if (!fork) {
		fcntl $_, F_SETFD, 0 for $c, $inner;
		close $plain;
		%ENV = (TLS_CERTFILE => "$dir/server.pem", TLS_VERIFYPEER =>
		    'NONE', PATH => $ENV{PATH});
		$SIG{CHLD} = 'DEFAULT';
		exec $program, '-server', '-remotefd=' . fileno $c,
		    '-localfd=' . fileno $inner or POSIX::_exit(127);
	}
	close $c;
	close $inner;
	$plain->autoflush(1);
	return $plain;
}

# Kinds: offers, in the greeting or when asked; plain; at once; broken;
# early: clear text behind the answer to STARTTLS.
sub speak {
	my ($kind, $c, $note) = @_;
	my $in = $kind eq 'at once' ? 'TLS' : 'clear';
	$c = wrap($c, $tls) if $kind eq 'at once';
	print $c $kind eq 'greeting' ? "* OK [CAPABILITY IMAP4rev1 STARTTLS] x"
	    : '* OK x', "\r\n";
	while (my $line = <$c>) {
		$line =~ s/\r?\n//;
		$note->("$in: $line");
		my ($tag, $what) = split / /, $line;
		print $c '* CAPABILITY IMAP4rev1', $kind eq 'plain' ? '' :
		    ' STARTTLS', "\r\n" if $what eq 'CAPABILITY';
		# Clear text that comes too early is not believed.
		print $c "$tag OK $what\r\n", $kind eq 'early' &&
		    $what eq 'STARTTLS' ? "x OK early\r\n" : '';
		if ($what eq 'STARTTLS') {
			$c = wrap($c, $kind eq 'broken' ? '/bin/false' : $tls);
			$in = 'TLS';
		}
	}
}

my %b;
for my $kind ('greeting', 'asked', 'plain', 'at once', 'broken', 'early') {
	$b{$kind} = backend(sub { speak($kind, @_) });
}
%Login::options = (map { (s/ /_/r, "mailhost=localhost:$b{$_}{port}",
    s/ /_/r . '_ip', "mailhost=127.0.0.1:$b{$_}{port}") } keys %b);

# Kind, CHAPAR_PROXY_TLS, verify ('', right, wrong), what the back end heard of
# the login, and a line of the log.
my $no = 'refused';
for (['greeting', undef, '', 'TLS'], ['asked', 'may', '', 'TLS'],
    ['plain', 'may', '', 'clear'], ['greeting', 'no', '', 'clear'],
    ['greeting', 'STARTTLS', '', 'TLS'],
    ['plain', 'starttls', '', $no, qr/^WARN: No TLS with localhost:/m],
    ['plain', 'sometimes', '', $no, qr/^WARN: No TLS with localhost:/m],
    ['early', 'starttls', '', 'TLS'],
    ['at once', 'tls', '', 'TLS'],
    ['plain', 'tls', '', $no, qr/^WARN: TLS with localhost:\d+ failed/m],
    ['broken', 'may', '', 'clear', qr/^WARN: TLS with localhost:\d+ failed/m],
    ['broken', 'starttls', '', $no, qr/^WARN: TLS with localhost:\d+ failed/m],
    ['greeting', 'starttls', 'ca.pem', 'TLS'],
    ['at once', 'tls', 'ca.pem', 'TLS'],
    ['greeting', 'starttls', 'other.pem', $no,
	qr/^WARN: TLS with localhost:\d+ failed: .*\w/m],
    ['at once', 'tls', 'other.pem', $no, qr/^WARN: TLS with \S+ failed/m],
    ['greeting_ip', 'starttls', 'ca.pem', $no,
	qr/^WARN: TLS with 127\.0\.0\.1:\d+ failed: .*\w/m],
    ['greeting', undef, '-', 'clear']) {
	my ($kind, $mode, $verify, $want, $log) = @$_;
	my $name = $mode // 'default';
	my $b = $b{$kind =~ s/_ip//r};
	unlink $b->{notes};
	my $l = Login->new(IMAP_PROXY => 1,
	    $verify eq '-' ? () : (COURIERTLS => $tls),
	    TLS_CERTFILE => "$dir/server.pem", TLS_VERIFYPEER => 'REQUIREPEER',
	    defined $mode ? (CHAPAR_PROXY_TLS => $mode) : (),
	    $verify =~ /pem/ ? (CHAPAR_PROXY_VERIFY => 1,
	    TLS_TRUSTCERTS => "$dir/$verify") : ());
	$l->line;
	my $user = $kind =~ s/ /_/r;
	$l->send("t1 LOGIN $user right\r\nt2 NOOP\r\n");
	$name = "$kind, CHAPAR_PROXY_TLS=$name, verify=$verify";
	if ($want eq $no) {
		is $l->line, '* BYE Temporary problem, please try again later',
		    "$name: nobody there";
		unlike notes($b), qr/LOGIN/, 'no password was sent';
	} else {
		is $l->lines(2), "t1 OK connected to proxy server.\n"
		    . 't2 OK NOOP', "$name: in" or diag $l->log;
		is notes($b) =~ s/^\w+: p .*\n//mgr, "$want: t1 LOGIN "
		    . "\"$user\@canonical.test\" \"right\"\n$want: t2 NOOP\n",
		    "in $want";
	}
	like $l->log, $log, 'and said why' if $log;
	close $l->{s};
	isnt $l->ended, 'still there', 'ends';
}
ok wait_for(60, sub { !grep { (readlink("$_/exe") // '') eq $tls }
    glob '/proc/[0-9]*' }), 'no TLS program stays';
done_testing;
