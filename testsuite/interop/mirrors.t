#!/usr/bin/perl
# Views of linked maildirs (`shared.`): Courier and Chapar leave the same files,
# and one goes on where the other stopped.
# SPDX-License-Identifier: ISC
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Private qw(need_root workdir run lib at_end);
use Dialogue;
use Scene;
use File::Find;

need_root();
my $root = workdir() . '/root';
run('sh', lib('courier-root.sh'), 'copy', $root)
    or die "no Courier to compare with: $Private::out";
at_end(sub { run('sh', lib('courier-root.sh'), 'done', $root) });
umask 022;
my $imapd = "$root/chapar-imapd";
run('cp', ($ENV{top_builddir} || '.') . '/src/prog/imapd', $imapd)
    or die $Private::out;

my $count = 0;

# A world of its own in the root.
sub world {
	my $home = "$root/srv/mail/m" . ++$count;
	run('mkdir', '-p', map { "$home/Maildir/$_" } qw(cur new tmp));
	Scene::make($home, "/srv/mail/m$count");
	return $home;
}

# What nobody but its owner may write.
sub close_folder {
	my ($home) = @_;
	run('chown', '-R', '5001:5001', "$home/pub/.Weekly");
	run('chmod', '-R', 'go-w', "$home/pub/.Weekly");
}

my $closed = 0;

sub session {
	my ($who, $home) = @_;
	run('chown', '-R', '5000:5000', $home);
	close_folder($home) if $closed;
	(my $inside = $home) =~ s/^\Q$root\E//;
	my $program = $who eq 'courier' ? '/usr/bin/imapd' : '/chapar-imapd';
	my $d = Dialogue->new(home => $home, env => { AUTHENTICATED => 'vmail',
	    HOSTNAME => 'host.example', IMAP_USELOCKS => 1,
	    IMAP_EXTENSIONS => 'none', CHAPAR_IMAPCONFDIR => '/nonexistent',
	    IMAP_SHAREDINDEXFILE => "$inside/index", IMAP_FSYNC => 0 },
	    program => ['/usr/sbin/chroot', '--userspec=5000:5000', $root,
	    'sh', '-c', "cd $inside && exec $program Maildir"]);
	$d->line;
	return $d;
}

sub commands {
	my ($who, $home, @commands) = @_;
	my $d = session($who, $home);
	my @answers = map { $d->answer("a $_") } @commands;
	$d->done;
	return @answers;
}

# Names, modes, links and contents, with what is made anew each time made
# alike; access lists and UIDs of the real folders are other tests'.
sub picture {
	my ($home) = @_;
	my @list;
	find({ no_chdir => 1, wanted => sub {
		my $name = substr $_, length $home;
		return if $name =~ m,/courierimapacl$|/courierimaphieracl,;
		return if $name =~ m,^/pub/.*/courierimap,;
		my @st = lstat;
		my $text = -l _ ? '-> ' . readlink : -d _ ? '' : slurp($_);
		$text =~ s/\A1 \d+ /1 V / if $name =~ /uiddb$/;
		push @list, sprintf '%s %o %s', $name, $st[2], $text;
	} }, map { "$home/$_" } 'Maildir/shared-folders', 'pub');
	my $all = join "\n", sort @list;
	$all =~ s,/srv/mail/m\d+,HOME,g;
	return $all;
}

# ---- the same files ---------------------------------------------------------

for my $case (
	['subscribing', 'SUBSCRIBE shared.notices.Weekly'],
	['and no more', 'SUBSCRIBE shared.notices.Weekly',
	    'UNSUBSCRIBE shared.notices.Weekly'],
	['asking', 'STATUS shared.notices.Weekly (MESSAGES)',
	    'STATUS shared.notices.Weekly.Old (MESSAGES)'],
	['reading', 'SELECT shared.notices.Weekly', 'FETCH 1:3 BODY.PEEK[]',
	    'STORE 2 FLAGS (\Flagged \Answered)'],
	['expunging', 'SELECT shared.notices.Weekly',
	    'STORE 1,3 +FLAGS.SILENT (\Deleted)', 'EXPUNGE'],
	['deleting', 'SELECT shared.notices.Weekly', 'SELECT INBOX',
	    'DELETE shared.notices.Weekly'],
) {
	my ($name, @commands) = @$case;
	for my $c (0, 1) {
		$closed = $c;
		next if $closed && $name eq 'expunging';
		my %p;
		for my $who (qw(courier chapar)) {
			my $home = world();
			commands($who, $home, @commands);
			$p{$who} = picture($home);
			# Courier makes it, though nothing has keywords.
			$p{$who} =~ s,^\S*/courierimapkeywords \S* \n?,,mg;
		}
		is($p{chapar}, $p{courier}, $name . ($closed ?
		    ', not writable' : ''));
	}
}

# ---- in turn ----------------------------------------------------------------

$closed = 0;
my $select = 'SELECT shared.notices.Weekly';
my $fetch = 'FETCH 1:* (UID FLAGS)';
for my $first (qw(courier chapar)) {
	my $second = $first eq 'courier' ? 'chapar' : 'courier';
	my $home = world();
	my ($v1, undef, $before) = commands($first, $home, $select,
	    'STORE 2 FLAGS (\Seen)', $fetch);
	my ($v2, $after) = commands($second, $home, $select, $fetch);
	$before =~ s/ ?\\Recent//g;
	s/FLAGS \(\K([^)]*)/join ' ', sort split ' ', $1/ge for $before, $after;
	is($after, $before, "$second sees what $first left");
	is($v2 =~ /UIDVALIDITY (\d+)/ && $1, $v1 =~ /UIDVALIDITY (\d+)/ && $1,
	    'with the same UIDVALIDITY');
	# Others change it; the second one follows, and the first again.
	Scene::meddle($home, 'deliver', 'pub/.Weekly', 'new');
	Scene::meddle($home, 'remove', 'pub/.Weekly');
	my (undef, $x) = commands($second, $home, $select, $fetch);
	my (undef, $y) = commands($first, $home, $select, $fetch);
	s/ ?\\Recent//g for $x, $y;
	s/FLAGS \(\K([^)]*)/join ' ', sort split ' ', $1/ge for $x, $y;
	is($y, $x, "$first again sees the same");
	ok($x =~ /UID 4/ && $x !~ /UID 1 /, 'and what changed', $x);
	# What one appends the other has.
	my ($a) = commands('chapar', $home,
	    "APPEND shared.notices.Weekly (\\Flagged) {4+}\r\nmail");
	my ($uid) = $a =~ /APPENDUID \d+ (\d+)/;
	my (undef, $z) = commands('courier', $home, $select, $fetch);
	ok($uid && $z =~ /UID $uid FLAGS \(\\Flagged\)/,
	    'the UID of APPEND is that of the view', $a, $z);
}

# ---- what may not be written ------------------------------------------------

$closed = 1;
my $home = world();
my @a = commands('chapar', $home, $select, 'STORE 1 +FLAGS (\Seen)',
    'STORE 1 +FLAGS (\Deleted)', 'EXPUNGE', 'COPY 1 shared.notices.Weekly',
    'APPEND shared.notices.Weekly {1}');
ok($a[0] =~ /\* 2 EXISTS.*MYRIGHTS "lrsw"/s, 'read, and flags of one\'s own',
    @a);
ok($a[1] =~ /\\Seen/ && $a[1] =~ /^a OK/m, 'stored');
ok($a[2] !~ /\\Deleted/, 'not this one', $a[2]);
like($a[3], qr/^a NO .*"e"/m, 'nothing is expunged');
like($a[$_], qr/^a NO .*"i"/m, 'nor added') for 4, 5;
plan_done();
