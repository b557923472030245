#!/usr/bin/perl
# A large folder: what stays in memory, and what SELECT asks of the kernel.
# SPDX-License-Identifier: ISC
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Dialogue;
use File::Path qw(make_path remove_tree);
use File::Temp qw(tempdir);
use Time::HiRes qw(time);

my $MESSAGES = 200_000;
my $BYTES_EACH = 64;		# resident, of one message
my $GROWTH = 1.25;		# opened again and again
my $ULIMITD = 131072;		# KiB: IMAP_ULIMITD as delivered, for 5 times as many
my $CALLS = 4000;		# of the kernel, for a SELECT of all of them

sub resident {
	my ($d) = @_;
	my ($kb) = slurp("/proc/$d->{pid}/status") =~ /^VmRSS:\s+(\d+)/m;
	return 1024 * $kb;
}

if (!-r "/proc/$$/status") {
	print "1..0 # skip no /proc here\n";
	exit 0;
}

# Names as servers make them, of two hosts; links to one file, being faster.
my $home = tempdir(-d '/dev/shm' ? (DIR => '/dev/shm') : (), CLEANUP => 1);
my $dir = "$home/Maildir";
make_path("$dir/cur", "$dir/new", "$dir/tmp");
open(my $db, '>', "$dir/courierimapuiddb") or die;
print $db "1 795382596 ", $MESSAGES + 1, "\n";
my ($file, $links) = ('', 0);
for my $i (1 .. $MESSAGES) {
	my $id = sprintf('%d.M%dP%dV000000000000FE00I%016X_%d.%s,S=%d',
	    1700000000 + $i * 7, $i * 7919 % 1000000, 100 + $i * 31 % 30000,
	    0x13E000 + $i, $i % 3, $i % 2 ? 'mail.host.example' : 'mx2',
	    500 + $i * 37 % 90000);
	my $path = "$dir/cur/$id:2," . ($i % 3 ? 'S' : '');
	# A file system has a limit of links to one file.
	if (++$links > 30000 || !link $file, $path) {
		spew($path, "Subject: x\n\ny\n");
		$file = $path;
		$links = 1;
	}
	print $db "$i $id\n";
}
close($db) or die;

sub start {
	my ($folder_home, @before) = @_;
	my $d = Dialogue->new(home => $folder_home, @before);
	$d->talk("S: * PREAUTH Ready.\n");
	return $d;
}

my $d = start($home);
my $before = resident($d);
my $t = time;
my $said = $d->answer('a SELECT INBOX');
my $seconds = time - $t;
like($said, qr/^\* $MESSAGES EXISTS\r\n/m, 'all messages are there');
my $each = (resident($d) - $before) / $MESSAGES;
ok($each <= $BYTES_EACH, sprintf('%.1f bytes per message resident', $each));
ok($each > 24, 'and it is not nothing: the records alone have 24');
print "# SELECT took ", sprintf('%.0f', 1000 * $seconds), " ms\n";
my $first = resident($d);
$d->answer("b$_ SELECT INBOX") for 1 .. 4;
my $again = resident($d) / $first;
ok($again <= $GROWTH, sprintf('opened five times: %.2f as much', $again));
like($d->answer('c UID FETCH 777 (FLAGS)'),
    qr/^\* 777 FETCH \(UID 777 FLAGS \(.*\)\)/m, 'it is in order');
like($d->answer("d STORE $MESSAGES +FLAGS (\\Flagged \$Label1)"),
    qr/^d OK/m, 'STORE');
like($d->answer('e UID SEARCH KEYWORD $Label1'),
    qr/^\* SEARCH $MESSAGES\r$/m, 'keyword');
$d->done;

# With the names forgotten: all are sorted, numbered and written.
unlink "$dir/courierimapuiddb";
$d = start($home);
like($d->answer('a SELECT INBOX'), qr/UIDNEXT @{[$MESSAGES + 1]}\]/,
    'numbered anew');
ok((resident($d) - $before) / $MESSAGES <= $BYTES_EACH,
    'no more memory than before');
$d->done;

# The kernel is asked for names, not for each file.
if (system('strace -V >/dev/null 2>&1') == 0) {
	my $trace = "$home/trace";
	open(my $in, '>', "$home/in") or die;
	print $in "a SELECT INBOX\r\n";
	close $in;
	my $imapd = ($ENV{top_builddir} || '.') . '/src/prog/imapd';
	local %ENV = (%ENV, AUTHENTICATED => 'a', IMAP_ULIMITD => $ULIMITD);
	system("cd '$home' && strace -f -o trace '$imapd' <in >out 2>log");
	my $calls = () = slurp($trace) =~ /^\d+ +\w+\(/mg;
	like(slurp("$home/out"), qr/^\* $MESSAGES EXISTS/m, 'traced');
	ok($calls > 20 && $calls <= $CALLS, "$calls system calls");
} else {
	print "# no strace here\n";
}
remove_tree($home);
plan_done();
