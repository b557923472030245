#!/usr/bin/perl
# The process that reads from the client has no rights, and the one that has
# rights never reads from the client.  SPDX-License-Identifier: ISC
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Private qw(:all);
use Test::More;
use Login;
use Strace;
use Suite;

-d '/proc/self/task' or plan skip_all => 'no /proc';
my $dir = workdir();
my $root = $> == 0;
my $who = 'ip=[::ffff:192.0.2.7], port=[4711]';
my $nobody = getpwnam 'nobody';

sub status {
	my ($pid) = @_;
	return map { /^(\w+):\s*(.*)/ ? ($1 => $2) : () }
	    split /\n/, slurp("/proc/$pid/status");
}

# Descriptors and what they are.
sub fds {
	my ($pid) = @_;
	my %fd;
	for (glob "/proc/$pid/fd/*") {
		my ($n) = /(\d+)$/;
		$fd{$n} = readlink $_ if $n < 1000;
	}
	return %fd;
}

# ---- what the child is ------------------------------------------------------

for my $prog ('imaplogin', 'pop3login') {
	my $l = Login->new(prog => $prog);
	$l->line;
	my $child = $l->child;
	ok $child, "$prog: two processes" or next;
	my %s = status($child);
	is $s{NoNewPrivs}, 1, "$prog: exec gives it no rights";
	is $s{Seccomp}, 2, "$prog: few system calls" unless Suite::sanitized();
	like slurp("/proc/$child/limits"), qr/^Max processes +0 +0 /m,
	    "$prog: no process";
	like slurp("/proc/$child/limits"), qr/^Max core file size +0 +0 /m,
	    "$prog: no core";
	my %fd = fds($child);
	is join(' ', grep { $fd{$_} !~ /^pipe:/ } sort keys %fd), '0 1 2 3',
	    "$prog: the client, the log, the wall; and a pipe of its own";
	SKIP: {
		skip 'not root', 6 unless $root;
		is $s{Uid}, join("\t", ($nobody) x 4), "$prog: user";
		is $s{Groups} =~ s/ +$//r, (getpwnam 'nobody')[3],
		    "$prog: no group but one";
		is $s{"Cap$_"}, '0' x 16, "$prog: no capability ($_)"
		    for 'Eff', 'Prm';
		my $where = readlink "/proc/$child/root";
		isnt $where, '/', "$prog: root folder";
		my @in = grep { !m,/\.\.?$, } glob "/proc/$child/root/{.*,*}";
		is "@in", '', "$prog: empty";
	}
	# The other one waits for it, and goes when it has gone.
	kill 'KILL', $child;
	is $l->rest, '', "$prog: it dies";
	is $l->ended, 256, "$prog: and all is over";
	like $l->log, qr/^ERR: \w+: the process that reads has died, \Q$who\E$/m,
	    "$prog: logged";
}
SKIP: {
	my $l = Login->new;
	$l->line;
	my $child = $l->child;
	kill 'KILL', $l->{pid};
	is $l->rest, '', 'without its monitor it ends';
}

# ---- who reads --------------------------------------------------------------

# A trace of all processes of a connection: which of them, as which user, has
# read from descriptor 0 (or a copy of it). The mailbox server is another
# program: from its exec on nothing counts.
sub trace {
	my ($name, $prog, $talk) = @_;
	my $file = "$dir/trace.$name";
	spew("$dir/traced", "#!/bin/sh\nexec strace -f -qq -s 40 -o $file -e "
	    . 'trace=read,readv,recvfrom,recvmsg,pread64,splice,sendfile,'
	    . 'clone,fork,vfork,execve,setuid,setresuid,dup,dup2,dup3,fcntl '
	    . "$ENV{top_builddir}/src/prog/$prog \"\$\@\"\n", 0755);
	local $ENV{top_builddir} = "$dir/tracetop";
	system 'mkdir', '-p', "$dir/tracetop/src/prog";
	rename "$dir/traced", "$dir/tracetop/src/prog/$prog";
	my $l = $talk->();
	close $l->{s};
	wait_for(60, sub { waitpid($l->{pid}, 1) != 0 });
	return slurp($file);
}

# TRUE if any process of uid 0 has read from the client before its exec.
sub root_reads {
	my ($text) = @_;
	my (%uid, %done, %is, @bad, $reads);
	for (Strace::calls($text)) {
		my ($pid, $call) = @$_;
		my $child = Strace::forked($call);
		$uid{$pid} //= 0;
		$is{$pid} //= { 0 => 1 };
		if ($child) {
			$uid{$child} = $uid{$pid};
			$is{$child} = { %{ $is{$pid} } };
			$done{$child} = $done{$pid};
		} elsif ($call =~ /^setuid\((\d+)\) += 0/) {
			$uid{$pid} = $1;
		} elsif ($call =~ /^setresuid\(\d+, (\d+),.* = 0/) {
			$uid{$pid} = $1;
		} elsif ($call =~ /^execve\("[^"]*\/(?:imapd|couriertls)"/) {
			$done{$pid} = 1;
		} elsif ($call =~ /^dup\w*\((\d+).*= (\d+)$/) {
			$is{$pid}{$2} = $is{$pid}{$1};
		} elsif ($call =~ /^(?:read|readv|recvfrom|recvmsg|pread64)\((\d+),/
		    && $is{$pid}{$1} && !$done{$pid}) {
			$reads++;
			push @bad, $call if $uid{$pid} == 0;
		}
	}
	return ($reads || 0, @bad);
}

# (Until it has told its descriptors, the program in imapd's place.)
sub until_in {
	my ($l) = @_;
	while (defined(my $line = $l->line)) {
		last if $line =~ /END$/;
	}
	return $l;
}

my %talk = (
	'greeting and LOGOUT' => ['imaplogin', sub {
		my $l = Login->new;
		$l->line;
		$l->cmd('a LOGOUT');
		return $l;
	}],
	'a wrong login, a right one' => ['imaplogin', sub {
		my $l = Login->new;
		$l->line;
		$l->cmd('a LOGIN joe wrong');
		$l->cmd('b AUTHENTICATE PLAIN');
		$l->send("*\r\n")->line;
		$l->send("c LOGIN joe right\r\n");
		return until_in($l);
	}],
	'POP3' => ['pop3login', sub {
		my $l = Login->new(prog => 'pop3login');
		$l->line;
		$l->send("USER joe\r\n")->line;
		$l->send("PASS right\r\n");
		return until_in($l);
	}],
);
if (eval { require IO::Socket::SSL; 1 } &&
    -x "$ENV{top_builddir}/src/prog/couriertls") {
	my %env = Login::tls_env();
	$talk{STARTTLS} = ['imaplogin', sub {
		my $l = Login->new(%env);
		$l->line;
		$l->send("a STARTTLS\r\n")->line;
		$l->tls;
		$l->cmd('b CAPABILITY');
		$l->send("c LOGIN joe right\r\n");
		return until_in($l);
	}];
}
SKIP: {
	skip 'no strace', 1 unless grep { -x "$_/strace" }
	    split /:/, $ENV{PATH};
	skip 'not root', 1 unless $root;
	skip 'strace and sanitizers do not go together', 1
	    if Suite::sanitized();
	for my $name (sort keys %talk) {
		my ($reads, @bad) = root_reads(trace($name =~ /^(\w+)/,
		    @{ $talk{$name} }));
		cmp_ok $reads, '>', 0, "$name: somebody reads: $reads";
		is "@bad", '', "$name: no process of root's does";
	}
	my ($reads, @bad) = root_reads("7 clone() = 8\n8 read(0, \"a\", 9) = 1");
	is scalar(@bad), 1, 'the check finds one that does';
	($reads, @bad) = root_reads(<<'EOF');
7 clone( <unfinished ...>
8 setuid(9 <unfinished ...>
7 <... clone resumed>) = 8
8 <... setuid resumed>) = 0
8 read(0, "a", 9) = 1
EOF
	is_deeply [$reads, @bad], [1], 'and none in calls that are cut in two';
}

# ---- nonsense through the wall ----------------------------------------------

# A child that was taken over could send anything. A debugger's hand in its
# stead: the wall is taken from the monitor's own descriptor table.
SKIP: {
	skip 'no pidfd_getfd', 1 unless $root && $^O eq 'linux' &&
	    eval { require 'syscall.ph'; 1 } || $root;
	my $take = sub {
		my ($pid, $fd) = @_;
		my $p = syscall 434, $pid + 0, 0;	# pidfd_open
		return -1 if $p < 0;
		return syscall 438, $p, $fd + 0, 0;	# pidfd_getfd
	};
	for (['unknown requests', pack('CCnN', 99, 0, 0, 0) x 3, 3],
	    ['entering without a login', pack('CCnN/a', 9, 4, 0,
	    pack('(N/a x)4', 't', '', 'user=x', '')) x 3, 3],
	    ['passwords one after the other', pack('CCnN/a', 0, 2, 0,
	    pack('(N/a x)2', 'joe', 'wrong')) x 4, 3],
	    ['no message at all', "\xff" x 64, 1],
	    ['too much', pack('CCnN', 0, 2, 0, 0x7fffffff), 1],
	    ['a forged tag', pack('CCnN/a', 9, 4, 0, pack('(N/a x)4',
	    "t\r\nx", '', 'user=x', '')) x 3, 3]) {
		my ($name, $bytes, $lines) = @$_;
		my $l = Login->new;
		$l->line;
		my $child = $l->child;
		my $fd = $take->($child, 3);
		skip 'descriptors cannot be taken here', 1 if $fd < 0;
		open my $wall, '>&=', $fd or die $!;
		syswrite $wall, $bytes;
		is $l->rest, '', "$name: the end";
		is $l->ended, 256, "$name: status";
		my @said = $l->log =~ /^(ERR: IMAP: bad request, .*)$/mg;
		is scalar @said, $lines, "$name: logged" or diag $l->log;
		close $wall;
	}
}
done_testing();
