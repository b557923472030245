#!/usr/bin/perl
# Two servers and one mailbox on NFS: what one delivers or changes the other
# tells of, UIDs are the same on both, and a lock of one holds up the other. A
# kernel in user mode has the NFS.  SPDX-License-Identifier: ISC
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Time::HiRes qw(time sleep);

# The user; for how many seconds a machine believes what it knows of a folder.
use constant { SERVER => 5000, ATTRIBUTES => 3 };

exit(($ENV{NFS_INSIDE} ? \&inside : \&outside)->());

# ---- outside: the kernel is started; its tests are ours

sub outside {
	require Private;
	Private->import(qw(:all));
	require Test::More;
	Private::need_root();
	Private::need(qw(mkfs.ext4 ip nsenter unshare setpriv));
	my $root = Private::run('sh', Private::lib('nfs-root.sh')) ?
	    $Private::out : '';
	chomp $root;
	my $uml = "$root/usr/bin/linux.uml";
	Test::More::plan(skip_all => "no user-mode kernel: $Private::out")
	    unless -x $uml && Private::run($uml, '--version');
	my $disk = Private::workdir() . '/disk';
	Private::run('sh', '-c', 'truncate -s 200M "$1" &&
	    mkfs.ext4 -q "$1"', 'sh', $disk) or die $Private::out;
	my $init = Private::workdir() . '/init';
	Private::spew($init, Private::slurp(Private::lib('nfs-guest.sh')),
	    0755);
	no warnings 'once';
	local $Private::run_limit = 1500;
	Private::run($uml, 'mem=512M', "ubda=$disk", 'rootfstype=hostfs',
	    'rootflags=/', 'ro', 'quiet', "init=$init", 'con=null',
	    'con0=fd:0,fd:1', "TMPDIR=" . Private::workdir(),
	    "NFS_ROOT=$root", 'NFS_OPTIONS=vers=4.2,lookupcache=positive,'
	    . 'actimeo=' . ATTRIBUTES, "NFS_JOB=$FindBin::Bin/$FindBin::Script",
	    map { "$_=$ENV{$_}" } qw(top_srcdir top_builddir));
	my $said = $Private::out =~ s/\r//gr;
	Test::More::plan(skip_all => 'NFS cannot be mounted here either: ' .
	    ($said =~ /\n(.*)\n*\z/ ? $1 : ''))
	    unless $said =~ /^NFS: 2 mounts$/m;
	print map { "$_\n" } $said =~ /^((?:not )?ok .*|#.*|1\.\..*)$/mg;
	die $said unless $said =~ /^1\.\.\d+$/m;
	return $said =~ /^not ok/m ? 1 : 0;
}

# ---- inside: two machines, a and b

my ($serial, $tags) = (0, 0);

sub maildir { return "/mnt/$_[0]/ann/Maildir" }

sub deliver {
	my ($machine) = @_;
	my $dir = maildir($machine);
	my $name = int(time) . '.M' . ++$serial . "P$$.$machine";
	open my $f, '>', "$dir/tmp/$name" or die "$dir: $!\n";
	print $f "Subject: $serial\n\nbody $serial\n";
	close $f;
	chown SERVER, SERVER, "$dir/tmp/$name";
	rename "$dir/tmp/$name", "$dir/new/$name" or die "$name: $!\n";
}

# A session on that machine.
sub session {
	my ($machine) = @_;
	my $d = Dialogue->new(home => "/mnt/$machine/ann", program => [
	    'unshare', '-u', 'sh', '-c', 'hostname "$0"; exec "$@"', $machine,
	    'setpriv', '--reuid=' . SERVER, '--regid=' . SERVER,
	    '--clear-groups', "$ENV{top_builddir}/src/prog/imapd"],
	    env => { IMAP_IDLE_TIMEOUT => 2 });
	$d->line;
	ask($d, 'SELECT INBOX');
	return $d;
}

sub begin {
	my ($d, $command) = @_;
	$d->send('t' . ++$tags . " $command\r\n");
	return $tags;
}

# The answer up to a line that matches.
sub until_line {
	my ($d, $re, $seconds) = @_;
	my $text = '';
	while (defined(my $line = $d->line($seconds || 120))) {
		$text .= "$line\n";
		last if $line =~ $re;
	}
	return $text;
}

sub ask {
	my ($d, $command) = @_;
	my $tag = begin($d, $command);
	return until_line($d, qr/^t$tag /);
}

# "UID=text ..."
sub messages {
	my ($d) = @_;
	return join ' ', ask($d, 'UID FETCH 1:* (BODY.PEEK[TEXT])') =~
	    /UID (\d+) BODY.*\nbody (\d+)/g;
}

sub inside {
	require Dialogue;
	Dialogue->import;
	mkdir '/mnt/disk/ann';
	mkdir maildir('disk') . $_ for '', qw(/tmp /new /cur);
	system 'chown', '-R', SERVER . ':' . SERVER, '/mnt/disk/ann';
	deliver('a') for 1, 2;
	my ($a1, $b1) = map { session($_) } 'a', 'b';
	is(messages($a1), '1 1 2 2', 'a: what was delivered there');
	is(messages($b1), '1 1 2 2', 'b: the same UIDs');
	idle($a1, $b1);
	lock_waits($b1);
	turns($a1, $b1);
	at_once($a1, $b1);
	is(join('', map { grep { /^(?:ERR|CRIT)/ } split /^/, $_->log_text }
	    $a1, $b1), '', 'no error is logged');
	plan_done();
}

sub idle {
	my ($x, $y) = @_;
	my $tag = begin($y, 'IDLE');
	until_line($y, qr/^\+/);
	my $start = time;
	deliver('a');
	like(until_line($y, qr/EXISTS/), qr/^\* 3 EXISTS/m,
	    'b: IDLE tells what is delivered on a');
	printf "# after %.1f s\n", time - $start;
	$start = time;
	ask($x, 'STORE 1 +FLAGS (\Flagged)');
	like(until_line($y, qr/FETCH/), qr/^\* 1 FETCH .*\\Flagged/m,
	    'b: and flags');
	printf "# after %.1f s\n", time - $start;
	$y->send("DONE\r\n");
	until_line($y, qr/^t$tag /);
}

# Who holds it need not live here.
sub lock_waits {
	my ($d) = @_;
	my $lock = maildir('a') . '/tmp/courier.lock';
	spew($lock, '1:a');
	deliver('a');
	sleep ATTRIBUTES + 1;
	my $tag = begin($d, 'NOOP');
	is(until_line($d, qr/^t$tag /, 3), '', 'b: waits for the lock of a');
	unlink $lock;
	like(until_line($d, qr/^t$tag /), qr/^\* 4 EXISTS.*^t$tag OK/ms,
	    'b: and goes on');
}

# Both give UIDs, one after the other.
sub turns {
	my ($x, $y) = @_;
	for my $i (1 .. 4) {
		my ($d, $machine) = @{ [[$x, 'a'], [$y, 'b']]->[$i % 2] };
		deliver($machine);
		sleep ATTRIBUTES + 1;
		ask($d, 'NOOP');
	}
	sleep ATTRIBUTES + 1;
	ask($_, 'NOOP') for $x, $y;
	my $all = join ' ', map { "$_ $_" } 1 .. 8;
	is(messages($x), $all, 'a: UIDs that both gave');
	is(messages($y), $all, 'b: UIDs that both gave');
}

# Both give UIDs at the same moment: a file that the other replaces between open
# and fstat is stale, not bad.
sub at_once {
	my @d = @_;
	my $said = '';
	for (1 .. 40) {
		deliver($_) for 'a', 'b';
		my @tag = map { begin($_, 'NOOP') } @d;
		$said .= until_line($d[$_], qr/^t$tag[$_] /) for 0, 1;
		last if $said =~ /^\* BYE/m;
	}
	is(join('', $said =~ /^(\* BYE.*)/m), '', 'at once: nobody is put out');
	sleep ATTRIBUTES + 1;
	ask($_, 'NOOP') for @d;
	is(messages($d[1]), messages($d[0]), 'at once: the same UIDs on both');
}
