#!/usr/bin/perl
# quickstart.sh on this source: starts, starts again, goes on after the source
# was updated, keeps what came meanwhile, stops and leaves nothing running.
# SPDX-License-Identifier: ISC
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Private qw(:all !start);
use Build;
use Imap;
use Test::More;

plan(skip_all => 'no curl') unless run('curl', '--version');

# A copy, so that it can be updated; what it makes lies beside it.
my $src = unpacked('quick');
my $dir = workdir() . '/made';
my $port = free_port();
chmod 0755, workdir();		# root serves the mail as somebody else
$ENV{QUICKSTART_DIR} = $dir;
$ENV{QUICKSTART_PORT} = $port;
$ENV{QUICKSTART_SSLPORT} = free_port();
$ENV{QUICKSTART_POP3PORT} = free_port();
delete @ENV{qw(MAKEFLAGS MFLAGS MAKELEVEL)};

# When it began; '' if it has ended, though it may still be known to the system,
# until somebody asks how.
sub born {
	return kill(0, $_[0]) ? 'once' : '' if !-e "/proc/$$/stat";
	my ($state, @f) = split ' ', slurp("/proc/$_[0]/stat") =~ s/.*\)//sr;
	return !defined $state || $state =~ /[ZX]/ ? '' : $f[18];
}

# How many of these run: another process may have got the number.
sub alive { return scalar grep { born($_->[0]) eq $_->[1] } @_ }

sub quickstart { return run('sh', "$src/quickstart.sh", @_) }

# The daemons' numbers, from their files, and when they began.
sub pids {
	return map { slurp($_) =~ /(\d+)/ ? [$1, born($1) || 'no'] : () } grep { -f }
	    glob("$dir/inst/var/run/*.pid $dir/inst/var/spool/authdaemon/pid");
}

at_end(sub { quickstart('stop') });
ok(quickstart(), 'starts') or diag($Private::out, slurp("$dir/build.log"));
like($Private::out, qr/^quickstart: curl says: .*\(MESSAGES 3\)/m, 'three mails');
like($Private::out, qr/^quickstart: curl read the first message back/m,
    'the first one came back');
like($Private::out, qr/^quickstart: curl says the same in TLS/m, 'TLS, too');
like($Private::out, qr/^quickstart: curl counts by POP3, with STLS: 3 messages/m,
    'and POP3');
my ($user, $password) = $Private::out =~
    /^\s+account\s+(\S+)\s+password (\S+)$/m;
my $c = Imap->new(port => $port);
$c->login($user, $password);
$c->ok('SELECT INBOX');
$c->ok('STORE 1 +FLAGS (\Flagged)');
$c->ok('LOGOUT');
my @first = pids();
is(alive(@first), 4, 'four daemons');

ok(quickstart(), 'starts again') or diag($Private::out);
like($Private::out, qr/\(MESSAGES 3\)/, 'no mail is delivered twice');
is(alive(@first), 0, 'the first ones have ended');
$c = Imap->new(port => $port);
$c->login($user, $password);
$c->ok('SELECT INBOX');
like(join('', $c->cmd('FETCH 1 FLAGS')), qr/\\Flagged/, 'flags are kept');
$c->ok('LOGOUT');

# An update: the Makefile is to be made again.
wait_for(30, sub { time > (stat "$dir/build/Makefile")[9] });
spew("$src/Makefile.in", slurp("$src/Makefile.in") . "\n# updated\n");
ok(quickstart(), 'starts after an update') or diag($Private::out);
ok(slurp("$dir/build/Makefile") =~ /^# updated$/m, 'configured anew');

my @last = pids();
ok(quickstart('stop'), 'stops');
is(alive(@last), 0, 'nothing is left running');
ok(!run('curl', '-s', '--max-time', 5, '-u', "$user:$password",
    "imap://127.0.0.1:$port/"), 'nobody answers');
ok(quickstart('stop'), 'to stop again is no error');
done_testing();
