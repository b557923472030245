#!/usr/bin/perl
# The same commands leave the same bytes on disk, whether Courier or Chapar
# carried them out; and both work on one folder at the same time.
# SPDX-License-Identifier: ISC
#
# Compared are names (times, process and inode numbers made alike), modes and
# contents of all files, but for the access lists. TEST_SUITE=courier compares
# Courier with itself: it proves the test.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Private qw(need_root workdir run lib at_end wait_for);
use Dialogue;
use Picture qw(picture);
use File::Path qw(make_path);

need_root();
my $root = workdir() . '/root';
run('sh', lib('courier-root.sh'), 'copy', $root)
    or die "no Courier to compare with: $Private::out";
at_end(sub { run('sh', lib('courier-root.sh'), 'done', $root) });
my $mine = $ENV{TEST_SUITE} || 'chapar';
umask 022;
# The mailbox's user need not reach the build folder.
my $imapd = "$root/chapar-imapd";
run('cp', ($ENV{top_builddir} || '.') . '/src/prog/imapd', $imapd)
    or die $Private::out;

my %env = (AUTHENTICATED => 'a', HOSTNAME => 'host.example',
    IMAP_USELOCKS => 1, IMAP_UMASK => '022');
my $count = 0;

# A tree that both can reach: [path here, path in Courier's root].
sub tree {
	my $name = 'srv/mail/t' . ++$count;
	make_path(map { "$root/$name/Maildir/$_" } qw(cur new tmp));
	return $name;
}

sub own { system('chown', '-R', '5000:5000', "$root/$_[0]") == 0 or die }

sub start {
	my ($who, $tree, %more) = @_;
	own($tree);
	my %e = (%env, %more);
	my @env = map { "$_=$e{$_}" } sort keys %e;
	my @command = $who eq 'courier' ?
	    ('chroot', '--userspec=5000:5000', $root, '/usr/bin/env', '-i',
	    @env, "HOME=/$tree", '/usr/bin/imapd', "/$tree/Maildir") :
	    ('chroot', '--userspec=5000:5000', '--skip-chdir', '/',
	    '/usr/bin/env', '-i', @env, "HOME=$root/$tree", $imapd,
	    "$root/$tree/Maildir");
	my $d = Dialogue->new(home => "$root/$tree", program => \@command);
	$d->{who} = $who;
	my $hello = $d->line;
	die "$who: " . ($hello || 'nothing') . "\n" . $d->log_text
	    unless defined $hello && $hello =~ /^\* PREAUTH/;
	return $d;
}

# A command; [APPEND ..., \TEXT] has a literal. All that was answered.
sub cmd {
	my ($d, $command, $literal) = @_;
	my $tag = 'x' . ++$count;
	return $d->answer("$tag $command") unless $literal;
	my $text = $$literal =~ s/\n/\r\n/gr;
	$d->send("$tag $command {" . length($text) . "}\r\n");
	my $line = $d->line;
	return $line unless defined $line && $line =~ /^\+/;
	$d->send($text . "\r\n");
	my $all = '';
	while (defined($line = $d->raw)) {
		$all .= $line;
		last if $line =~ /^\Q$tag\E /;
	}
	return $all;
}

sub bye {
	my ($d) = @_;
	cmd($d, 'LOGOUT');
	close $d->{to};
	waitpid $d->{pid}, 0;
}

# ---- what is on disk

# Courier makes the folder of keywords even where it has nothing to put there.
my $skip = qr,/courierimap(?:keywords\z|acl|hieracl),;

# [name, preparation, settings, commands...]; both sides get all of it.
sub msg { return "Subject: $_[0]\n\ntext\n" }

sub waiting {
	my ($m) = @_;
	spew("$m/new/1700000001.M1P1.h,S=15", msg('a'));
	spew("$m/new/1700000000.M2P1.h", msg('b'));
	spew("$m/cur/100.c:2,FSa", msg('c'));
	spew("$m/cur/200.d:2,T:2,S", msg('d'));
	spew("$m/cur/plain", msg('e'));
	spew("$m/cur/300.f:1,x", msg('f'));
	spew("$m/new/foo:2,FS", msg('g'));
	spew("$m/new/.hidden", 'h');
}

# STORE of a keyword alone leaves the name as it is; Courier would write the
# flags anew and drop what it does not know.
sub usual {
	my ($m) = @_;
	spew("$m/cur/$_", msg('u')) for '100.a:2,S', '200.b:2,', '300.c:2,FR',
	    '400.d:2,';
	spew("$m/new/500.e", msg('new'));
}

my @cases = (
    ['SELECT', \&waiting, {}, 'SELECT INBOX'],
    ['EXAMINE', \&waiting, {}, 'EXAMINE INBOX', 'NOOP'],
    ['STATUS', \&waiting, {}, 'STATUS INBOX (MESSAGES RECENT UNSEEN UIDNEXT)'],
    ['no keywords', \&waiting, { IMAP_KEYWORDS => 0 }, 'SELECT INBOX',
	'STORE 1 +FLAGS (\Seen)'],
    ['STORE', \&waiting, {}, 'SELECT INBOX',
	'STORE 1:* +FLAGS (\Answered \Draft)', 'STORE 2 -FLAGS (\Draft)',
	'STORE 3 FLAGS (\Flagged \Deleted \Seen)', 'FETCH 4 BODY[]', 'NOOP'],
    ['EXPUNGE', \&waiting, {}, 'SELECT INBOX',
	'STORE 2:3 +FLAGS.SILENT (\Deleted)', 'EXPUNGE', 'NOOP'],
    ['CLOSE', \&waiting, {}, 'SELECT INBOX', 'STORE 1 +FLAGS (\Deleted)',
	'CLOSE'],
    ['APPEND', \&waiting, {},
	['APPEND INBOX (\Seen \Flagged) "01-Feb-2025 10:11:12 +0100"',
	    msg('new')],
	['APPEND INBOX', "no line end"], ['APPEND INBOX ()', "\n"],
	['APPEND INBOX (\Draft)', "a\rb\n"]],
    ['APPEND, selected', \&waiting, {}, 'SELECT INBOX',
	['APPEND INBOX (\Deleted)', msg('new')], 'NOOP',
	['APPEND INBOX', msg('more')], 'CREATE INBOX.A',
	['APPEND INBOX.A (\Seen)', msg('more')]],
    ['COPY', \&waiting, {}, 'CREATE INBOX.A', 'SELECT INBOX',
	'STORE 1 +FLAGS (\Answered)', 'COPY 1:3 INBOX.A', 'COPY 2 INBOX'],
    ['folders', undef, {}, 'CREATE INBOX.A', 'CREATE INBOX.A.B',
	'CREATE INBOX.&AOk-', 'CREATE "INBOX.x y&-z"', 'CREATE INBOX.dir.',
	'CREATE INBOX.A', 'DELETE INBOX.A', 'RENAME INBOX.A.B INBOX.C',
	'CREATE INBOX.tree.one', 'CREATE INBOX.tree.two.three',
	['APPEND INBOX.tree.one (\Seen)', msg('x')],
	'RENAME INBOX.tree INBOX.wood', 'DELETE "INBOX.x y&-z"',
	'RENAME INBOX.&AOk- INBOX.wood.&AOk-'],
    ['subscriptions', undef, {}, 'SUBSCRIBE INBOX.A', 'SUBSCRIBE INBOX',
	'SUBSCRIBE INBOX.&AOk-', 'SUBSCRIBE INBOX.B',
	'SUBSCRIBE INBOX.dir.', 'UNSUBSCRIBE INBOX.A', 'SUBSCRIBE INBOX..x',
	'SUBSCRIBE INBOX.a'],
    ['no subscriptions', undef, {}, 'UNSUBSCRIBE INBOX.A'],
);
for my $mode (1, 2) {
	push @cases,
	    ["keywords, mode $mode", \&usual, { IMAP_KEYWORDS => $mode },
		'SELECT INBOX', 'STORE 1 +FLAGS ($Label1 Junk)',
		'STORE 2 +FLAGS (junk \Seen)', 'STORE 3 FLAGS (NonJunk)',
		'NOOP'],
	    ["merging, mode $mode", \&usual, { IMAP_KEYWORDS => $mode },
		'SELECT INBOX', 'STORE 1:3 +FLAGS ($Label1 Junk)', 'NOOP',
		'STORE 2 -FLAGS (JUNK)', 'STORE 1 FLAGS ()', 'NOOP'],
	    ["none left, mode $mode", \&usual, { IMAP_KEYWORDS => $mode },
		'SELECT INBOX', 'STORE 1 +FLAGS (a b)', 'NOOP',
		'STORE 1 FLAGS ()', 'NOOP'],
	    ["word no longer used, mode $mode", \&usual,
		{ IMAP_KEYWORDS => $mode }, 'SELECT INBOX',
		'STORE 1 +FLAGS (a)', 'STORE 2 +FLAGS (b)', 'NOOP',
		'STORE 1 -FLAGS (a)', 'NOOP', 'STORE 3 +FLAGS (c)', 'NOOP'],
	    ["copied and appended, mode $mode", \&usual,
		{ IMAP_KEYWORDS => $mode }, 'CREATE INBOX.A', 'SELECT INBOX',
		'STORE 1:2 +FLAGS (a)', 'COPY 1:2 INBOX.A',
		['APPEND INBOX.A ($Label \Seen)', msg('n')],
		['APPEND INBOX (Word)', msg('n')], 'NOOP'],
	    ["with its message gone, mode $mode", \&usual,
		{ IMAP_KEYWORDS => $mode }, 'SELECT INBOX',
		'STORE 1:2 +FLAGS (a)', 'NOOP', 'STORE 1 +FLAGS (\Deleted)',
		'EXPUNGE', 'NOOP'];
}

for my $case (@cases) {
	my ($name, $prepare, $env, @commands) = @$case;
	my %got;
	for my $who ('courier', 'chapar') {
		my $tree = tree();
		$prepare->("$root/$tree/Maildir") if $prepare;
		my $d = start($who eq 'courier' ? $who : $mine, $tree,
		    IMAP_KEYWORDS => 1, %$env);
		cmd($d, ref $_ ? ($_->[0], \$_->[1]) : $_) for @commands;
		bye($d);
		$got{$who} = picture("$root/$tree/Maildir", skip => $skip);
	}
	my %in = map { $_ => { map { $_ => 1 } split /\n/, $got{$_} } }
	    keys %got;
	ok($got{chapar} eq $got{courier}, "$name: the same on disk",
	    (map { "Courier: $_" } grep { !$in{chapar}{$_} }
	    sort keys %{$in{courier}}), (map { "Chapar:  $_" }
	    grep { !$in{courier}{$_} } sort keys %{$in{chapar}}));
}

# ---- both on one folder at the same time, each seeing what the other does

my $tree = tree();
usual("$root/$tree/Maildir");
my @d = (start('courier', $tree, IMAP_KEYWORDS => 1),
    start($mine, $tree, IMAP_KEYWORDS => 1));
cmd($_, 'SELECT INBOX') for @d;

# uid => flags and keywords, after a NOOP.
sub seen {
	my ($d) = @_;
	cmd($d, 'NOOP');
	my $said = cmd($d, 'UID FETCH 1:* (FLAGS)');
	my %f;
	while ($said =~ /^\* \d+ FETCH \((.*)\)\r$/mg) {
		my $items = $1;
		my ($uid) = $items =~ /UID (\d+)/;
		my ($flags) = $items =~ /FLAGS \(([^)]*)\)/;
		$f{$uid} = join ' ', sort grep { $_ ne '\Recent' }
		    split / /, $flags;
	}
	return join '; ', map { "$_: $f{$_}" } sort { $a <=> $b } keys %f;
}

for my $round (0 .. 5) {
	my ($one, $two) = @d[$round % 2, 1 - $round % 2];
	my $n = 1 + $round % 4;
	for my $command ("STORE $n +FLAGS (\\Flagged k$round)",
	    "STORE $n +FLAGS (\\Answered both)",
	    ["APPEND INBOX (\\Draft k$round)", msg("round $round")],
	    "STORE $n -FLAGS (both)", "COPY $n INBOX") {
		cmd($one, ref $command ? ($command->[0], \$command->[1]) :
		    $command);
		my ($theirs, $ours) = map { seen($_) } @d;
		is($ours, $theirs, "round $round, $one->{who}: " .
		    (ref $command ? $command->[0] : $command));
	}
	cmd($two, 'STORE 5 +FLAGS.SILENT (\Deleted)');
	cmd($two, 'EXPUNGE');
	is(seen($d[1]), seen($d[0]), "round $round, $two->{who}: EXPUNGE");
}
bye($_) for @d;
my ($next, @uids) = map { /^1 \d+ (\d+)/ ? $1 : /^(\d+)/ }
    split /\n/, slurp("$root/$tree/Maildir/courierimapuiddb");
my %once = map { $_ => 1 } @uids;
ok(keys %once == @uids && !grep({ $_ >= $next } @uids), 'each UID once');
plan_done();
