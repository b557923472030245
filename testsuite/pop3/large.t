#!/usr/bin/perl
# POP3: 100,000 messages with little memory, and none is opened that the list
# knows.  SPDX-License-Identifier: ISC
#
#   LARGE_MESSAGES=N
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Pop3;
use Dialogue;
use Time::HiRes qw(time);

my $n = $ENV{LARGE_MESSAGES} || 100000;
my $home = Dialogue::home();
my $m = "$home/Maildir";
my $name = '%d.M%06dP4711V000000000000FE00I00000000%08X.mail.example,S=31:2,S';
my $length = length sprintf $name, 1600000000, 0, 0;
my $text = "Subject: x\n\nsome text, short.\n";
spew("$m/first", $text);
for my $i (1 .. $n) {
	link "$m/first", "$m/cur/" . sprintf($name, 1600000000 + $i, $i, $i)
	    and next;
	# A file may have so many names, no more.
	unlink "$m/first";
	spew("$m/first", $text);
	redo;
}
unlink "$m/first";

sub memory {
	my ($d) = @_;
	return slurp("/proc/$d->{pid}/status") =~ /^VmHWM:\s+(\d+) kB/m ? $1 : 0;
}

my $small = Pop3->new;
my $base = memory($small);
$small->quit;

my $begin = time;
my $d = Pop3->new(home => $home);
print '# the first login: ', time - $begin, " s\n";
is($d->ask('STAT'), "+OK $n " . 33 * $n . "\n", "$n messages");
my $first = $d->ask('UIDL');
is(scalar(() = $first =~ /^\d+ UID/mg), $n, 'UIDL');
is($d->quit, "+OK Bye-bye.\n", 'QUIT');

# From now on a file that is opened would have another size.
for my $f (glob "$m/cur/*") {
	last if !-s $f;
	truncate $f, 0;
}
$begin = time;
$d = Pop3->new(home => $home);
print '# the next: ', time - $begin, " s\n";
is($d->ask('STAT'), "+OK $n " . 33 * $n . "\n", 'no message was opened');
ok($d->ask('UIDL') eq $first, 'the same unique-ids');
SKIP: {
	my $now = memory($d);
	last unless $base;
	# While it logs in it has the old list, too, and what it sorts.
	my $each = ($now - $base) * 1024 / $n;
	print "# at most $each bytes for each message, its name has $length\n";
	ok($each < 2 * (64 + $length) + 64, 'memory at the most');
	my $rss = slurp("/proc/$d->{pid}/status") =~ /^VmRSS:\s+(\d+) kB/m;
	$rss = $1;
	$each = ($rss - $base) * 1024 / $n;
	print "# then $each bytes\n";
	ok($each < 64 + $length + 16, 'memory of the session');
}
$begin = time;
is($d->ask('LIST 1'), "+OK 1 33\n", 'LIST');
$d->send(join '', map { "DELE $_\r\n" } 1 .. 1000);
$d->line for 1 .. 1000;
is($d->quit, "+OK Bye-bye.\n", 'QUIT');
is(scalar(() = glob "$m/cur/*"), $n - 1000, 'a thousand are gone');
plan_done();
