#!/usr/bin/perl
# couriertcpd and imaplogin under load: many at once, floods before the login,
# clients that go in the middle.  Nothing is left behind.
# SPDX-License-Identifier: ISC
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use IO::Select;
use Private qw(:all);
use Test::More;
use Login;
use Tcpd;

use constant { MANY => 200, PROCESSES => 5, RSS_MAX => 16384 };

plan skip_all => 'needs /proc' unless -r '/proc/self/status';
my $build = $ENV{top_builddir} or die "top_builddir is not set\n";
my $dir = workdir();
my $t = Tcpd->new({ prog => ["$build/src/prog/imaplogin", "$dir/imapd",
    'Maildir'], env => { CHAPAR_AUTHSOCKET => Login::auth() } },
    '-maxprocs=1050', '-maxperip=1050', '-refuse=* BYE ');

# The listener's children, as pid => state.
sub children {
	my %child;
	for my $stat (map { slurp($_) } glob '/proc/[0-9]*/stat') {
		my ($pid, $state, $parent) = $stat =~
		    /^(\d+) \(.*\) (\S) (\d+) /s or next;
		$child{$pid} = $state if $parent == $t->{pid};
	}
	return %child;
}

sub descriptors { return scalar(() = glob "/proc/$t->{pid}/fd/*") }

# (When somebody is served it has opened all that it will.)
{
	my $s = $t->dial;
	readline $s;
}
ok wait_for(60, sub { !children() }), 'it serves';
my $before = descriptors();

# A thousand at once: MANY connections from each process, which needs as many
# descriptors. Each says when all its connections have been greeted.
my @holders = map {
	my $file = "$dir/held.$_";
	start({ code => sub {
		my @c = map { $t->dial } 1 .. MANY;
		my $n = grep { (readline($_) // '') =~ /^\* OK/ } @c;
		spew("$file.tmp", $n);
		rename "$file.tmp", $file;
		wait_for(120, sub { -e "$dir/go" });
	} })
} 1 .. PROCESSES;
ok wait_for(120, sub { PROCESSES == grep { -e "$dir/held.$_" }
    1 .. PROCESSES }), 'a thousand connections at once';
is join(' ', map { slurp("$dir/held.$_") } 1 .. PROCESSES),
    join(' ', (MANY) x PROCESSES), 'all greeted';
my %child = children();
is scalar(keys %child), MANY * PROCESSES, 'a process for each';
is descriptors(), $before, 'and no descriptor in the listener';
my ($one) = keys %child;
my ($rss) = slurp("/proc/$one/status") =~ /^VmRSS:\s+(\d+)/m;
cmp_ok $rss // 0, '<', RSS_MAX, 'memory of one that waits';
spew("$dir/go", '');
ok wait_for(60, sub { !children() }), 'all gone when the clients have, none '
    . 'left as a zombie';

# Fifty logins at once, each from a client of its own.
my @c = map { $t->dial } 1 .. 50;
print $_ "a LOGIN joe right\r\n" for @c;
is scalar(grep { readline($_); (readline($_) // '') =~ /^a OK LOGIN Ok/ } @c),
    50, 'fifty logins at once';
@c = ();
ok wait_for(60, sub { !children() }), 'and gone';

# Too much of everything, before the login. What is read until the tagged
# answer, or the end.
my $mb = 1 << 20;
my %flood = (
	'one line' => 'a LOGIN ' . 'x' x $mb . "\r\n",
	'parentheses' => 'a LOGIN ' . '(' x $mb . "\r\n",
	'parentheses for ID' => 'a ID ' . '(' x $mb . "\r\n",
	'braces' => 'a LOGIN ' . '{' x $mb . "\r\n",
	'quotes' => 'a LOGIN "' . '\\"' x $mb . "\r\n",
	'empty literals' => 'a LOGIN ' . "{0+}\r\n " x 200000 . "\r\n",
	'literals' => 'a ID (' . ("{8000+}\r\n" . 'y' x 8000 . ' ') x 200 .
	    ")\r\n",
	'pairs for ID' => 'a ID (' . '"x" "y" ' x 100000 . ")\r\n",
	'NUL bytes' => "\0" x $mb . "\r\n",
	'base64' => 'a AUTHENTICATE PLAIN ' . 'A' x $mb . "\r\n",
	'a long tag' => 'a' x $mb . " NOOP\r\n",
	'a long name' => 'a ' . 'N' x $mb . "\r\n",
);
for my $what (sort keys %flood) {
	my $s = $t->dial;
	readline $s;
	my ($pid) = keys %{ { children() } };
	$s->blocking(0);
	my ($off, $got, $sel) = (0, '', IO::Select->new($s));
	my $until = now() + 60;
	while ($off < length $flood{$what} && now() < $until) {
		next unless $sel->can_write(1);
		my $n = syswrite $s, $flood{$what}, 65536, $off;
		last unless defined $n;
		$off += $n;
		sysread $s, $got, 65536, length $got if $sel->can_read(0);
	}
	while ($got !~ /^\S+ NO .*\n/m && now() < $until) {
		next unless $sel->can_read(1);
		sysread $s, $got, 65536, length $got or last;
	}
	like $got, qr/^[a*] NO Error in IMAP command received by server\.\r$|^a NO Login failed\.\r$/m,
	    "a megabyte of $what";
	my ($peak) = slurp("/proc/$pid/status") =~ /^VmHWM:\s+(\d+)/m;
	cmp_ok $peak // RSS_MAX, '<', RSS_MAX, 'takes no memory';
	syswrite $s, "z NOOP\r\n";
	my $left = '';
	while ($left !~ /^z /m && $sel->can_read(20)) {
		sysread $s, $left, 65536, length $left or last;
	}
	like $left, qr/^z OK NOOP completed\r$/m, 'and the session goes on';
	close $s;
	wait_for(60, sub { !children() });
}

# The last words reach one that has sent more than was read.
{
	my $s = $t->dial;
	readline $s;
	syswrite $s, "\r\n" x 20000;
	like rest($s), qr/^\* BYE \[ALERT\] Fatal error: TOO MANY CONSECUTIVE PROTOCOL VIOLATIONS: \r\n\z/m,
	    'ten errors of thousands: told';
}

# Clients that go in the middle of something.
for my $half ("a LOG", "a LOGIN joe", "a LOGIN {5}\r\nab", 'a LOGIN "jo',
    "a AUTHENTICATE PLAIN\r\n", "a AUTHENTICATE PLAIN\r\nAGpv",
    "a AUTHENTICATE LOGIN\r\nam9l\r\n", "a AUTHENTICATE CRAM-MD5\r\n",
    "a LOGIN joe wrong\r\n") {
	my $s = $t->dial;
	readline $s;
	syswrite $s, $half;
	close $s;
}
ok wait_for(60, sub { !children() }), 'clients that go: none stays';
is descriptors(), $before, 'no descriptor is lost';
ok kill(0, $t->{pid}), 'and the listener is there';
$t->stop;
done_testing();
