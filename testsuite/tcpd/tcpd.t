#!/usr/bin/perl
# couriertcpd and courierlogger: ports, environment, limits, access, start and
# stop.  SPDX-License-Identifier: ISC
use strict;
use warnings;
use File::Temp qw(tempdir);
use FindBin;
use IO::Socket::INET;
use POSIX ();
use Test::More;
use lib "$FindBin::Bin/../lib";
use Private qw(free_port slurp wait_for);

my $build = $ENV{top_builddir} or die "top_builddir is not set\n";
my $tcpd = "$build/src/prog/couriertcpd";
my $logger = "$build/src/prog/courierlogger";
my $dir = tempdir(CLEANUP => 1);
my @pids;

END { my $st = $?; kill 'TERM', @pids if @pids; $? = $st }

sub write_file {
	my ($name, $text, $mode) = @_;
	open my $fh, '>', $name or die "$name: $!";
	print $fh $text;
	close $fh;
	chmod $mode, $name if $mode;
}

sub start_tcpd {
	my ($log, @args) = @_;
	my $pid = fork();
	die "fork: $!" unless defined $pid;
	if ($pid == 0) {
		$SIG{$_} = 'DEFAULT' for qw(TERM PIPE);
		open STDERR, '>>', $log or POSIX::_exit(1);
		exec @args or POSIX::_exit(1);
	}
	push @pids, $pid;
	return $pid;
}

sub dial {
	my ($port) = @_;
	return wait_for(30, sub { IO::Socket::INET->new(Timeout => 5,
	    PeerAddr => "127.0.0.1:$port") }) || die "nobody listens on $port";
}

# The program tells its environment and then waits for its client to go.
write_file("$dir/prog", "#!/bin/sh\nenv | grep ^TCP | LC_ALL=C sort\n"
    . "echo \"args \$*\"\necho done\ncat >/dev/null\n", 0755);

my $port = free_port();
my $pid = start_tcpd("$dir/log", $tcpd, '-address=127.0.0.1',
    '-nodnslookup', '-noidentlookup', '-maxprocs=4', '-maxperip=3',
    '-refuse=* BYE ', $port, "$dir/prog", 'one', 'two words');

sub greeting {
	my ($s) = @_;
	my $text = '';
	while (my $line = <$s>) {
		$text .= $line;
		last if $line eq "done\n";
	}
	return $text;
}

my $a = dial($port);
my $text = greeting($a);
like $text, qr/^TCPREMOTEIP=::ffff:127\.0\.0\.1$/m, 'TCPREMOTEIP is mapped';
like $text, qr/^TCPLOCALPORT=$port$/m, 'TCPLOCALPORT';
is $text =~ /^TCPREMOTEPORT=(\d+)$/m ? $1 : 0, $a->sockport, 'TCPREMOTEPORT';
unlike $text, qr/TCPREMOTEHOST/, 'no names with -nodnslookup';
like $text, qr/^args one two words$/m, 'arguments';

my $b = dial($port);
greeting($b);
my $c = dial($port);
greeting($c);
my $d = dial($port);
is scalar <$d>, "* BYE Maximum number of connections from your address "
    . "reached.\r\n", 'the fourth from one address is told why';
is scalar <$d>, undef, 'and closed';
like slurp("$dir/log"), qr/^ALERT: Maximum connection limit reached for ::ffff:127\.0\.0\.1$/m,
    'and logged';
close $a;
my $again = '';
wait_for(30, sub {
	my $e = dial($port);
	$again = <$e> // '';
	return $again !~ /^\* BYE/;
});
like $again, qr/^TCP/, 'a place is free again after one has gone';
kill 'TERM', $pid;
is waitpid($pid, 0), $pid, 'TERM ends it';
@pids = ();

# Errors at the start.
sub complaint { my $t = `@_ 2>&1`; return ($? >> 8) . " $t" }
is complaint($tcpd, '-nosuch', '1', 'a'), "1 $tcpd: Invalid option: -nosuch\n",
    'unknown option';
is complaint($tcpd, '1'), "1 Usage: $tcpd [options] port prog arg1 arg2...\n",
    'usage';
is complaint($tcpd, '99999', '/bin/cat'), "1 Invalid port: 99999\n",
    'bad port';
is complaint($tcpd, 'x.y.143', '/bin/cat'), "1 Invalid IP address: x.y\n",
    'bad address';
is complaint($tcpd, '-maxprocs=0', '-address=127.0.0.1', free_port(),
    '/bin/cat'), "1 Invalid -maxprocsarg option.\n", 'bad number';

# As a daemon under courierlogger.
$port = free_port();
is system($logger, "-pid=$dir/pid", '-start', '-name=chapartest', $tcpd,
    '-address=127.0.0.1', '-nodnslookup', $port, "$dir/prog"), 0, 'start';
like slurp("$dir/pid"), qr/^\d+\n\z/, 'the pid file';
my $first = slurp("$dir/pid");
is system($logger, "-pid=$dir/pid", '-start', '-name=chapartest', $tcpd,
    $port, "$dir/prog"), 0, 'a second start is no error';
is slurp("$dir/pid"), $first, 'and changes nothing';
like greeting(dial($port)), qr/^TCPLOCALPORT=$port$/m, 'it serves';
is system($logger, "-pid=$dir/pid", '-status'), 0, 'status: it runs';
is system($logger, "-pid=$dir/pid", '-stop'), 0, 'stop';
is system($logger, "-pid=$dir/pid", '-status') >> 8, 1, 'status: a file only';
is system($logger, "-pid=$dir/none", '-status') >> 8, 3, 'status: nothing';
# It ends when it has let go of the lock, and may be a zombie for a while where
# process 1 collects them late.
(my $number = $first) =~ s/\s//g;
ok wait_for(30, sub { `ps -o stat= -p $number` =~ /^(?:Z.*)?$/ }),
    'the logger has gone';
ok !IO::Socket::INET->new(PeerAddr => "127.0.0.1:$port"),
    'and so has the listener';
is system($logger, "-pid=$dir/pid", '-stop'), 0, 'a second stop is no error';
is complaint($logger, '-stop'), "1 -pid argument required\n", '-stop alone';
is complaint($logger, '-start', '-name=x', '/bin/true'),
    "1 -pid argument required\n", '-start without -pid';
is complaint($logger, '-name=x', '/bin/echo', 'lost'), '0 ',
    'standard output of the program is nobody\'s';
write_file("$dir/no-folder", '');
is complaint($logger, "-pid=$dir/no-folder/pid", '-stop'),
    "1 $dir/no-folder/pid.lock: Not a directory\n",
    'a lock that cannot be looked at: stop fails';
is complaint($logger, "-pid=$dir/no-folder/pid", '-restart'),
    "1 $dir/no-folder/pid.lock: Not a directory\n", 'and so does restart';
is complaint($logger, '-nosuch'), "1 Unknown option '-nosuch'\n",
    'unknown option';
is complaint($logger, '-facility=x', '-name=y'),
    "1 Unknown facility name 'x'\n", 'unknown facility';
is complaint($logger, '-name=x', '-pid=/nonexistent/pid', '/bin/true'),
    "1 /nonexistent/pid.lock: No such file or directory\n"
    . "ll_daemon_start: Resource temporarily unavailable\n",
    'no place for the pid file';
done_testing;
