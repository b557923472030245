#!/usr/bin/perl
# The two processes of couriertls: bytes arrive as they were sent, whoever is
# slow or goes away; the jail; what the program inherits.
# SPDX-License-Identifier: ISC
use strict;
use warnings;
use Digest::MD5 qw(md5_hex);
use FindBin;
use lib "$FindBin::Bin/../lib";
use IO::Select;
use POSIX ();
use Private qw(:all);
use Socket;
use Test::More;
use Tls;

need('openssl');
plan(skip_all => 'couriertls is not built') unless -x couriertls();

my $pem = cert('mail.example.com');
my %env = (TLS_CERTFILE => $pem);

# A program in Perl.
sub perl_program {
	my ($name, $text) = @_;
	my $file = workdir() . "/$name";
	spew($file, "#!$^X\nuse strict; \$| = 1; binmode \$_ for *STDIN, "
	    . "*STDOUT;\n$text", 0755);
	return $file;
}

# Bytes that are no pattern but can be made again.
sub noise {
	my ($n, $seed) = @_;
	my $block = join '', map { pack 'N', ($seed * 2654435761 + $_ *
	    40503 * $_) % 4294967296 } 1 .. 4096;
	return substr $block x (int($n / length $block) + 1), 0, $n;
}

# ---- much data, in pieces of all sizes, both ways at once -------------------

my $echo = perl_program('echo', <<'END');
my $buf;
while (my $n = sysread STDIN, $buf, 1 + int rand 40000) {
	for (my $at = 0; $at < $n; ) {
		my $w = syswrite STDOUT, $buf, 1 + int rand 30000, $at
		    or exit 1;
		$at += $w;
	}
}
END

# Sends while it takes, in random pieces; returns what came.
sub exchange {
	my ($c, $bytes, $pause) = @_;
	my ($sent, $got) = (0, '');
	my ($in, $out) = @$c{qw(in s)};
	$in->blocking(0);
	my $until = now() + 120;
	while (length $got < length $bytes && now() < $until) {
		my ($r, $w) = IO::Select->select(IO::Select->new($out),
		    $sent < length $bytes ? IO::Select->new($in) : undef,
		    undef, 5);
		if (@{ $w || [] }) {
			my $n = syswrite $in, $bytes, 1 + int rand 50000,
			    $sent;
			$sent += $n if $n;
		}
		if (@{ $r || [] }) {
			select undef, undef, undef, 0.001 if $pause;
			sysread $out, $got, 1 + int rand 50000, length $got
			    or last;
		}
	}
	return $got;
}

my $t = tls_server({ %env }, $echo);
for my $v (qw(1_2 1_3)) {
	for my $size (1, 16384, 16385, 8_000_000) {
		my $bytes = noise($size, $size);
		my $c = Tls->connect($t, "-tls$v");
		ok exchange($c, $bytes, 0) eq $bytes, "$v: $size bytes";
	}
}
my @many = map { Tls->connect($t) } 1 .. 5;
my $ok = 0;
for my $i (0 .. $#many) {
	my $bytes = noise(300_000, $i);
	$ok += exchange($many[$i], $bytes, 0) eq $bytes;
}
is $ok, 5, 'side by side';
undef @many;
$t->stop;

# ---- who does not take its bytes stops the other side -----------------------

# How much a program can write before it is stopped.
my $count = workdir() . '/count';
my $writer = perl_program('writer', <<"END");
my \$n = 0;
for (1 .. 2000) {
	\$n += syswrite STDOUT, 'x' x 10000;
	open my \$f, '>', '$count.new'; print \$f \$n; close \$f;
	rename '$count.new', '$count';
}
END
$t = tls_server({ %env }, $writer);
my $c = Tls->connect($t);
my $relay = relay_of($t);
my $last = '';
wait_for(60, sub {
	my $now = join ' ', slurp($count), cpu($relay);
	my $same = $now =~ /^[1-9]/ && $now eq $last;
	$last = $now;
	select undef, undef, undef, 0.5;
	return $same;
});
cmp_ok slurp($count), '<', 20_000_000, 'a client that does not read stops it';
my $before = cpu($relay);
select undef, undef, undef, 1;
cmp_ok cpu($relay) - $before, '<=', 2, 'and nobody turns in circles meanwhile';
my ($all, $buf) = (0);
while (my $n = sysread $c->{s}, $buf, 65536) {
	$all += $n;
}
is $all, 20_000_000, 'then all comes';
undef $c;
$t->stop;

# A program that does not read for a while.
my $deaf = perl_program('deaf', "sleep 2;\n" .
    "my (\$n, \$b) = (0);\n" .
    "while (\$n < 3_000_000 and my \$r = sysread STDIN, \$b, 65536) {\n" .
    "\t\$n += \$r\n}\nprint \"\$n bytes\\n\";\n");
$t = tls_server({ %env }, $deaf);
$c = Tls->connect($t);
my $bytes = noise(3_000_000, 3);
my $pid = fork;
if (!$pid) {
	my $at = 0;
	while ($at < length $bytes) {
		$at += syswrite($c->{in}, $bytes, 65536, $at) || last;
	}
	POSIX::_exit(0);
}
waitpid $pid, 0;
is $c->line(60), '3000000 bytes', 'a program that reads late gets all';
is $c->rest, '', 'and its end is the end';
$t->stop;

# A client that has said all still gets the answer.
SKIP: {
	skip 'no gnutls-cli', 1 unless grep { -x "$_/gnutls-cli" }
	    split /:/, $ENV{PATH};
	my $late = perl_program('late', "my \@all = <STDIN>;\nsleep 1;\n" .
	    "print scalar \@all, ' lines';\n");
	$t = tls_server({ %env }, $late);
	run('sh', '-c', 'printf "1\\n2\\n" | gnutls-cli --insecure -p "$1" ' .
	    '127.0.0.1', 'sh', $t->{port});
	like $Private::out, qr/2 lines/, 'half of the connection is closed';
	$t->stop;
}

# ---- ends -------------------------------------------------------------------

# Descendants of the listener and processes that it lost, by their port.
sub relay_of {
	my ($t) = @_;
	my $found;
	wait_for(30, sub {
		for my $dir (glob '/proc/[0-9]*') {
			my ($pid) = $dir =~ /(\d+)/;
			next unless slurp("$dir/comm") eq "couriertls\n";
			next unless holds_port($pid, $t->{port});
			$found = $pid;
		}
		return $found;
	});
	return $found;
}

sub holds_port {
	my ($pid, $port) = @_;
	my $hex = sprintf ':%04X', $port;
	my %inode;
	for (split /\n/, slurp('/proc/net/tcp') . slurp('/proc/net/tcp6')) {
		my @f = split;
		$inode{$f[9]} = 1 if $f[1] =~ /$hex$/ && $f[3] ne '0A';
	}
	return grep { (readlink($_) || '') =~ /^socket:\[(\d+)\]/ &&
	    $inode{$1} } glob "/proc/$pid/fd/*";
}

# Clock ticks that a process has used.
sub cpu {
	my @f = split ' ', slurp("/proc/$_[0]/stat") =~ s/.*\) //r;
	return $f[11] + $f[12];
}

sub gone { my ($pid) = @_; return wait_for(30, sub { !kill 0, $pid }) }

SKIP: {
	skip 'no /proc', 24 unless -d '/proc/self/fd';
	$t = tls_server({ %env, TLS_CACHEFILE => workdir() . '/cache' });
	my $c = Tls->connect($t);
	my $text = $c->until(qr/^done$/);
	my $relay = relay_of($t);
	ok $relay, 'the relay' or diag $t->log;
	my ($prog) = $t->log =~ /error of (\d+)/;
	my @fds = map { m,(\d+)$, } glob "/proc/$prog/fd/*";
	is join(' ', sort { $a <=> $b } @fds), '0 1 2',
	    'the program has three descriptors';
	ok !holds_port($prog, $t->{port}), "which is not the client's";
	my $status = slurp("/proc/$prog/status");
	like $status, qr/^SigIgn:\s*0*$/m, 'it ignores no signal'
	    unless slurp("/proc/$$/status") =~ /^SigIgn:\s*0*[1-9a-f]/m;
	my ($parent) = $status =~ /^PPid:\s*(\d+)/m;
	is $parent, $t->{pid}, 'it is the process that the listener knows';
	isnt +(slurp("/proc/$relay/status") =~ /^PPid:\s*(\d+)/m)[0], $prog,
	    'and has no child that it does not know';
	my $fds = join ' ', map { readlink } glob "/proc/$relay/fd/*";
	unlike $fds, qr/\Q$pem\E|cache/, 'the relay has no file open';
	$status = slurp("/proc/$relay/status");
	SKIP: {
		skip 'not root', 2 if $>;
		like $status, qr/^Uid:\s*(?!0)(\d+)\s+\1\s+\1\s+\1$/m,
		    'the relay is not root';
		isnt readlink("/proc/$relay/root"), '/', 'nor sees files';
	}
	like $status, qr/^Seccomp:\s*2$/m, 'nor may do much'
	    unless sanitized();
	# Idle: no processor time, and half a megabyte or so.
	# (It may have something to do behind the program's first words.)
	my $before;
	wait_for(30, sub {
		$before = cpu($relay);
		select undef, undef, undef, 0.2;
		return cpu($relay) == $before;
	});
	select undef, undef, undef, 1.5;
	is cpu($relay) - $before, 0, 'idle is idle';
	my ($dirty) = slurp("/proc/$relay/smaps_rollup") =~
	    /^Private_Dirty:\s*(\d+)/m;
	cmp_ok $dirty || 0, '<', 2500, 'and small' unless sanitized();
	note "$dirty KiB of its own";
	# Whoever takes it over after the handshake finds no key.
	SKIP: {
		skip 'a sanitizer keeps what was freed', 2 if sanitized();
		is join(' ', in_memory($relay, $pem)), 'nothing',
		    'the key is not in its memory';
		my $known = Tls->connect($t);
		$known->until(qr/^done$/);
		is join(' ', in_memory($known->{pid}, $pem,
		    'mail.example.com')),
		    'marker', '(which is looked through)';
	}
	# A client that just goes.
	kill 'KILL', $c->{pid};
	ok gone($relay), 'the client went: so does the relay';
	ok gone($prog), 'and the program sees its end of input';
	ok $t->logs(qr/^DEBUG: ip=\S+ Unexpected SSL connection shutdown\.$/m),
	    'which the debug log tells';
	# A program that ends.
	$c = Tls->connect($t);
	$c->until(qr/^done$/);
	$relay = relay_of($t);
	($prog) = $t->log =~ /.*error of (\d+)/s;
	kill 'TERM', $prog;
	is $c->rest, '', 'the program went: the client sees the end';
	ok gone($relay), 'and the relay goes';
	unlike slurp($c->{err}), qr/unexpected eof/, 'with a close_notify';
	$t->stop;
}

sub sanitized {
	return slurp("$ENV{top_builddir}/Makefile") =~ /^CFLAGS = .*-fsanitize/m;
}

# What is on its way when the program ends still arrives, though the client has
# sent more than anybody reads.
my $bye = perl_program('bye', "my \$l = <STDIN>;\nprint 'y' x 200_000, " .
    "\"\\nBYE\\n\";\n");
$t = tls_server({ %env }, $bye);
my $whole = 0;
for (1 .. 5) {
	my $c = Tls->connect($t);
	$c->send("a LOGOUT\r\n" . 'b NOOP ' x 2000 . "\r\n");
	$whole += $c->rest eq 'y' x 200_000 . "\nBYE";
}
is $whole, 5, 'the last bytes arrive';
$t->stop;

# A program that is not there.
$t = tls_server({ %env }, '/nonexistent');
s_client($t);
ok $t->logs(qr,ip=\S+ couriertls: /nonexistent: No such file or directory$,m),
    'no program';
$t->stop;

# ---- as root, nobody reads what the client sends (12.2 #7) ------------------

SKIP: {
	skip 'no strace', 2 unless grep { -x "$_/strace" }
	    split /:/, $ENV{PATH};
	skip 'not root', 2 if $>;
	my $trace = workdir() . '/trace';
	my $ok = run('strace', '-o', $trace, 'true');
	skip 'strace may not trace', 2 unless $ok;
	$t = tls_server({ %env, -wrap => ['strace', '-ff', '-o', $trace,
	    '-e', 'trace=read,recvfrom,recvmsg,readv,setuid,setresuid,accept,'
	    . 'accept4,poll,execve', '-y'] });
	my $c = Tls->connect($t);
	like $c->until(qr/^done$/), qr/^done$/m, 'traced';
	$c->end->rest;
	$t->stop;
	my @bad;
	for my $f (glob "$trace.*") {
		my $root = 1;
		for (split /\n/, slurp($f)) {
			$root = 0 if /^setre?s?uid\w*\(\d*[1-9]/;
			push @bad, $_ if $root &&
			    /^(?:read|recv\w+|readv)\(\d+<(?:TCP|socket)/ &&
			    /^\w+\(\d+<TCP/;
		}
	}
	is join("\n", @bad), '', 'no root process reads from it';
}
done_testing();
