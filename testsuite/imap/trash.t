#!/usr/bin/perl
# The trash: emptied in time, and filled by EXPUNGE.
# SPDX-License-Identifier: ISC
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Dialogue;

sub names {
	my ($dir) = @_;
	opendir(my $d, $dir) or return '';
	return join ' ', sort grep { !/^\./ } readdir $d;
}

sub login {
	my (%arg) = @_;
	my $d = Dialogue->new(%arg);
	$d->talk("S: * PREAUTH Ready.\n");
	return $d;
}

# ---- EXPUNGE moves

my $home = Dialogue::home('A', 'Trash');
my $m = "$home/Maildir";
spew("$m/cur/$_", "Subject: x\n\ny\n") for '100.a.h:2,ST', '200.b.h:2,DFT',
    '300.c.h:2,T', '400.d.h:2,T';
spew("$m/.Trash/cur/200.b.h:2,F", "another\n");
mkdir "$m/courierimapkeywords";
spew("$m/courierimapkeywords/300.c.h", "\$Label1\n");
my %env = (IMAP_MOVE_EXPUNGE_TO_TRASH => 1, IMAP_LOG_DELETIONS => 1);
my $d = login(home => $home, env => \%env);
like($d->answer('a CAPABILITY'), qr/ XMAGICTRASH\b/, 'announced');
$d->answer('b SELECT INBOX');
like($d->answer('c COPY 4 INBOX.A'), qr/^c OK/m, 'COPY');
like($d->answer('d EXPUNGE'), qr/^(\* 1 EXPUNGE\r\n){4}/m, 'EXPUNGE');
is(names("$m/cur"), '', 'all have gone');
my @in = sort { ($a =~ /_trash/) <=> ($b =~ /_trash/) || $a cmp $b } split / /, names("$m/.Trash/cur");
is("@in[0 .. 2]", '100.a.h:2,S 200.b.h:2,F 300.c.h:2,', 'own names');
is(scalar @in, 4, 'the copied one is not there, no other was replaced');
like($in[3], qr/_trash.*:2,F$/, 'a new name if it is taken');
is(slurp("$m/.Trash/cur/200.b.h:2,F"), "another\n", 'it stayed');
$d->answer('e SELECT INBOX.Trash');
like($d->answer('f FETCH 1:* (FLAGS)'),
    qr/FLAGS \((?:\\\w+ )*\$Label1\)/, 'keywords came along');
$d->answer('g STORE 1 +FLAGS.SILENT (\Deleted)');
$d->answer('h EXPUNGE');
is(scalar(split / /, names("$m/.Trash/cur")), 3, 'in the trash it removes');
$d->done;
my $who = 'user=\S*, ip=\[127\.0\.0\.1\], port=\[0\]';
like($d->log_text, qr{^INFO: EXPUNGED, $who, old_name=\./cur/100\.a\.h:2,ST, new_name=\.Trash/cur/100\.a\.h:2,S: only new_name will be left\nINFO: EXPUNGED, $who, old_name=\./cur/100\.a\.h:2,ST\n}m,
    'two lines for a move');
like($d->log_text, qr{^INFO: EXPUNGED, $who, old_name=\./cur/400\.d\.h:2,T\n}m,
    'one for a removal');
like($d->log_text, qr{old_name=\./\.Trash/cur/100\.a\.h:2,ST\n}, 'of a folder');

# The trash is made when it is needed; what cannot be moved stays.
$home = Dialogue::home();
$m = "$home/Maildir";
spew("$m/cur/100.a.h:2,T", "x\n");
$d = login(home => $home,
    env => { %env, IMAP_TRASHFOLDERNAME => 'Deleted Items' });
$d->answer('a SELECT INBOX');
$d->answer('b CLOSE');
$d->done;
is(names("$m/.Deleted Items/cur"), '100.a.h:2,', 'made by CLOSE');
ok(-f "$m/.Deleted Items/maildirfolder", 'as a folder');
spew("$m/cur/200.a.h:2,T", "x\n");
spew("$m/.Trash", "not a folder\n");
$d = login(home => $home, env => \%env);
$d->answer('a SELECT INBOX');
like($d->answer('b EXPUNGE'), qr/^b NO/m, 'no trash, no EXPUNGE');
is(names("$m/cur"), '200.a.h:2,T', 'the message is there');
$d->done;
ok($d->log_text !~ /EXPUNGED/, 'nothing was removed');

# ---- emptied in time: the files' ctime cannot be set, but the clock can

my $preload = "$home/clock.so";
my $cc = system("echo '#include <time.h>
#include <sys/time.h>
#include <sys/syscall.h>
#include <unistd.h>
#define AHEAD (5 * 86400)
time_t time(time_t *t) { time_t n; struct timespec s;
 syscall(SYS_clock_gettime, 0, &s); n = s.tv_sec + AHEAD;
 if (t) *t = n; return n; }
int gettimeofday(struct timeval *v, void *z) { struct timespec s;
 syscall(SYS_clock_gettime, 0, &s); v->tv_sec = s.tv_sec + AHEAD;
 v->tv_usec = s.tv_nsec / 1000; (void)z; return 0; }
int clock_gettime(clockid_t c, struct timespec *s) {
 int r = syscall(SYS_clock_gettime, c, s);
 if (c == 0) s->tv_sec += AHEAD; return r; }
' | cc -shared -fPIC -x c -o '$preload' - 2>/dev/null");
if ($cc != 0) {
	print "# no shifted clock here\n";
	plan_done();
}

sub purged {
	my ($value, $name, $want) = @_;
	my $h = Dialogue::home('Trash', 'Sent', 'A');
	my $dir = "$h/Maildir";
	for my $f (qw(Trash Sent A)) {
		spew("$dir/.$f/cur/1.$f:2,S", "x\n");
		spew("$dir/.$f/new/2.$f", "x\n");
	}
	spew("$dir/maildirsize", "1000S\n");
	my $s = Dialogue->new(home => $h, env => { LD_PRELOAD => $preload,
	    IMAP_EMPTYTRASH => $value, ASAN_OPTIONS =>
	    'verify_asan_link_order=0:' . ($ENV{ASAN_OPTIONS} || '') });
	my $greeting = $s->line;
	$s->answer('a NOOP') unless $greeting =~ /BYE/;
	my $left = join ' ', grep {
		names("$dir/.$_/cur") ne '' || names("$dir/.$_/new") ne '' }
	    qw(A Sent Trash);
	is($left, $want, "IMAP_EMPTYTRASH=$value: $name");
	# One entry for a folder; the trash does not count.
	is(slurp("$dir/maildirsize"), "1000S\n" . join('', map {
	    $want =~ /$_/ ? '' : sprintf "%12s %12s\n", -4, -2 } qw(Sent A)),
	    'its quota');
	close $s->{to};
	waitpid $s->{pid}, 0;
}

purged('Trash:4', 'older than 4 days', 'A Sent');
purged('Trash:6', 'not older than 6', 'A Sent Trash');
purged('4', 'a number is for the trash', 'A Sent');
purged('', 'a day', 'A Sent');
purged('x', 'a day', 'A Sent');
purged('Sent:4,Trash:6', 'each its own', 'A Trash');
purged('Sent:4,', 'only Sent', 'A Trash');
purged('Trash:0', 'a day', 'A Sent');
purged('A,B:1', 'items without a colon are nothing', 'A Sent Trash');
plan_done();
