#!/usr/bin/perl
# The benchmark runs, with counts so small that its times mean nothing, prints a
# line for each row, and leaves nothing behind.
# SPDX-License-Identifier: ISC
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib", $FindBin::Bin;
use POSIX ();
use Private qw(:all);
use Test::More;
use Suite;
use Usage;

need_root();
need('mariadbd', 'openssl');
plan(skip_all => 'IO::Socket::SSL is not installed')
    if !eval { require IO::Socket::SSL };
plan(skip_all => 'couriertls is not built')
    unless -x "$ENV{top_builddir}/src/prog/couriertls";
plan(skip_all => 'a sanitizer takes the memory') if Suite::sanitized();

my %tiny = (BENCH_N => 12, BENCH_ROUNDS => 1, BENCH_TIMES => 2,
    BENCH_LOGINS => 2, BENCH_IDLE => 2, BENCH_RETR => 5, BENCH_LOOKUPS => 8);
my $number = qr/\d+(?:\.\d)?/;
my $time = qr/$number \($number\)/;
my $ratio = qr/\d+\.\d\d(?: \(\d+\.\d\d\))?/;

# What is printed; its temporary folder is in ours.
sub bench {
	my (%env) = @_;
	my $dir = workdir() . '/tmp';
	mkdir $dir;
	ok run('env', (map { "$_=$env{$_}" } keys %env), "TMPDIR=$dir", 'sh',
	    "$FindBin::Bin/bench.sh"), 'the benchmark runs'
	    or diag $Private::out;
	is_deeply [glob "$dir/*"], [], 'no file is left';
	unlike slurp('/proc/mounts'), qr/ \Q$dir\E/, 'no mount is left';
	ok wait_for(30, sub { !grep { (readlink("/proc/$_/root") || '') =~
	    /^\Q$dir\E/ } map { m,(\d+)$, } glob '/proc/[0-9]*' }),
	    'no process is left';
	unlike $Private::out, qr/^# .*:.* line \d|is left/m, 'no row failed';
	return $Private::out;
}

sub rows {
	my ($module) = @_;
	local @ENV{keys %tiny} = values %tiny;
	no strict 'refs';
	require "$module.pm";
	return @{ "${module}::rows" };
}

my @rows = map { rows($_) } qw(SessionRows MailboxRows);
my $said = bench(%tiny, BENCH_WHAT => 'imap');
cmp_ok scalar @rows, '>', 15, 'there are rows';
for my $row (@rows) {
	my ($name, undef, $unit) = @$row;
	my $one = $unit ? qr/-?\d+(?:\.\d)? $unit/ : $time;
	my $all = $unit ? qr/$ratio|-?\S+/ : $ratio;
	like $said, qr/^\Q$name\E(?: +$one){3}(?: +$all){2}$/m, $name;
}
like $said, qr/^ +courier +dovecot +chapar +chapar\S+ +chapar.dovecot$/m,
    'servers';
like $said, qr/^# chapar: sessions resumed: [12] of 2$/m, 'notes';
like $said, qr/^# chapar: sessions of TLS 1.2 resumed: 2 of 2$/m,
    'notes, TLS 1.2';

$said = bench(%tiny, BENCH_PEERS => 'courier',
    BENCH_ONLY => 'pop3,COPY,mysql login x8', USAGE_PROC => 1);
is_deeply [$said =~ /^(pop3 \w+|\w+ 1|mysql \w+)/mg], ['pop3 login',
    'pop3 session', 'COPY 1', 'mysql login'], 'rows and servers are chosen';
like $said, qr/^ +courier$/m, 'no ratio of what was not measured';
like $said, qr/ by \/proc\)/, 'without control groups';
like $said, qr/^mysql login x8 +$time +$time +[\d.]+ +(?:[\d.]+|-)$/m, 'look-ups';

# A server that has waited for a child that did all the work.
sub server {
	my ($u, $root) = @_;
	return start({ code => sub {
		spew("$u->{dir}/cgroup.procs", $$) if $u->{dir};
		chroot $root or return;
		chdir '/';
		my $child = fork // return;
		if (!$child) {
			# (the question itself is the system's time)
			do { 1 for 1 .. 10_000 } while (times)[0] < 0.3;
			POSIX::_exit(0);
		}
		waitpid $child, 0;
		spew('done', '');
		sleep 60;
	} });
}

for my $proc ('', 1) {
	local $ENV{USAGE_PROC} = $proc;
	my $u = Usage->new('t');
	my $root = workdir() . "/server$proc";
	mkdir $root;
	$u->root($root);
	my $pid = server($u, $root);
	wait_for(60, sub { -e "$root/done" });
	my $how = $u->how;
	cmp_ok $u->cpu, '>=', 0.28, "$how: what a child used";
	cmp_ok $u->cpu, '<', 2, "$how: and nobody else";
	is_deeply [$u->pids], [$pid], "$how: its processes";
	cmp_ok $u->pss, '>', 100, "$how: its memory";
	Private::stop($pid);
}
done_testing();
