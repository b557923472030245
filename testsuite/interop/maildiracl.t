#!/usr/bin/perl
# maildiracl beside Debian's: output, exit status and what is on disk.
# SPDX-License-Identifier: ISC
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Private qw(:all);
use Test::More;

need_root();
my $dir = workdir();
my $root = "$dir/root";
run('sh', lib('courier-root.sh'), 'copy', $root)
    or die "no Courier to compare with: $Private::out";
at_end(sub { run('sh', lib('courier-root.sh'), 'done', $root) });
my $ours = ($ENV{top_builddir} || '.') . '/src/prog/maildiracl';
run('cp', $ours, "$root/usr/bin/chapar-maildiracl") or die $Private::out;
delete @ENV{qw(LANG LC_ALL LANGUAGE)};
umask 022;

my %tool = (courier => '/usr/bin/maildiracl',
    chapar => "$root/usr/bin/chapar-maildiracl");

# A maildir with the folders A, A.B, C; .v.w without .v. [path here, for it]
sub tree {
	my ($who) = @_;
	my $at = "/srv/mail/$who";
	system 'rm', '-rf', "$root$at";
	for my $f ('', qw(/.A /.A.B /.C /.v.w)) {
		system('mkdir', '-p', map { "$root$at$f/$_" } qw(cur new tmp));
		spew("$root$at$f/maildirfolder", '') if $f;
	}
	return ("$root$at", $who eq 'courier' ? $at : "$root$at");
}

# What it says and leaves: [standard output, error, status].
sub act {
	my ($who, $maildir, @arg) = @_;
	my @in = $who eq 'courier' ? ('chroot', $root) : ();
	my ($out, $err) = map { "$dir/$_" } qw(out err);
	my $pid = fork;
	if (!$pid) {
		open STDOUT, '>', $out or die;
		open STDERR, '>', $err or die;
		exec @in, $tool{$who}, @arg or die;
	}
	waitpid $pid, 0;
	my $status = $?;
	my @text = map { slurp($_) } $out, $err;
	s/\Q$maildir\E/MAILDIR/g for @text;
	s/\Q$tool{$who}\E/PROGRAM/g for @text;
	return join "\n", @text, $status;
}

sub lists {
	my ($at) = @_;
	my $text = '';
	for my $f (sort glob("$at/courierimapacl $at/.*/courierimapacl " .
	    "$at/courierimaphieracl/*")) {
		$text .= substr($f, length $at) . "\n" . slurp($f) if -f $f;
	}
	return $text;
}

sub same {
	my ($name, $prepare, @commands) = @_;
	my %got;
	for my $who (qw(courier chapar)) {
		my ($here, $there) = tree($who);
		$prepare->($here) if $prepare;
		$got{$who} = '';
		for my $c (@commands) {
			my @arg = map { s/^MAILDIR/$there/r } @$c;
			$got{$who} .= "\$ @$c\n" . act($who, $there, @arg);
		}
		$got{$who} .= "\n" . lists($here);
	}
	is $got{chapar}, $got{courier}, $name;
}

my @m = 'MAILDIR';
same('no arguments', undef, [], ['-x'], ['-list'], ['-list', @m], [@m],
    ['-reset'], ['--help'], ['-listx', @m, 'INBOX'],
    ['-set', @m, 'INBOX.A'], ['-set', @m, 'INBOX.A', 'x'],
    ['-delete', @m, 'INBOX.A'], ['-compute', @m, 'INBOX.A']);
same('names', undef, map { ['-list', @m, $_] } 'INBOX', 'INBOX.A', 'INBOX.',
    'inbox', 'foo', 'INBOXfoo', 'INBOX..A', 'INBOX.a/b');
same('no maildir', undef, ['-list', '/nonexist', 'INBOX'],
    ['-list', '/nonexist', 'INBOX.A'],
    ['-set', '/nonexist', 'INBOX', 'user=a', 'l'],
    ['-compute', '/nonexist', 'INBOX', 'owner'], ['-reset', '/nonexist']);
same('-set', undef, (map { ['-set', @m, 'INBOX.A', @$_] }
    ['user=bob', 'lr'], ['user=bob', '+i'], ['user=bob', '-l'],
    ['user=z', ''], ['user=q', '+'], ['user=d', 'd'], ['user=k', 'kQ9'],
    ['bob', 'l'], ['-user=eve', 'r'], ['--', 'l'], ['a', 'b', 'c']),
    ['-list', @m, 'INBOX.A'], ['-list', @m, 'INBOX.A.B']);
same('-set, refused', undef, (map { ['-set', @m, 'INBOX.A', @$_] }
    ['a b', 'l'], ['', 'l'], ['user=x', 'l r'], ["a\001", 'l'],
    ['owner', 'r'], ['owner', ''], ['-owner', 'l'], ['-owner', 'a'],
    ['-anyone', 'a'], ['administrators', 'r'], ['-administrators', 'l']),
    ['-list', @m, 'INBOX.A']);
same('-delete', sub { spew("$_[0]/.A/courierimapacl",
	"owner aceilrstwx\nadministrators aceilrstwx\nuser=x l\n-user=x r\n") },
    (map { ['-delete', @m, 'INBOX.A', $_] } 'user=x', '-user=x', 'nobody',
	'owner', 'administrators'), ['-list', @m, 'INBOX.A']);
same('-compute', sub { spew("$_[0]/.A/courierimapacl", "owner lr\n" .
	"administrators aceilrstwx\nuser=x lw\n-user=x r\nanyone s\n" .
	"-group=g s\ngroup=g i\n") },
    (map { ['-compute', @m, 'INBOX.A', @$_] } ['owner'], ['user=x'],
	['owner', 'user=x'], ['group=g'], ['user=x', 'group=g'], ['nobody'],
	['administrators'], ['group=administrators'], ['-owner']));
my $n;
for my $text ("user=bob lr\n", "user=bob   lr\nuser=bob ix\n\nuser=q\n# c\n",
    'user=bob lr', " user=bob lr\nuser=bob dzQ9\n", '', "user=bob rl\n",
    "group=administrators lr\n-administrators lai\n",
    "-administrators pi9\nadministrators l\nadministrators q\n",
    "administrators lq\n-administrators pi9\n", "user=x\tlr\n") {
	same('file ' . ++$n, sub { spew("$_[0]/.A/courierimapacl", $text) },
	    ['-list', @m, 'INBOX.A'], ['-compute', @m, 'INBOX.A', 'owner'],
	    ['-compute', @m, 'INBOX.A', 'administrators'],
	    ['-compute', @m, 'INBOX.A', 'user=bob']);
}
same('inherited', sub { spew("$_[0]/courierimapacl",
	"owner aceilrstwx\nuser=bob  rl\n") }, ['-list', @m, 'INBOX.A.B'],
    ['-set', @m, 'INBOX.A', 'user=c', 'l'], ['-list', @m, 'INBOX.A.B']);
same('a name without a folder', sub {
	my ($m) = @_;
	mkdir "$m/courierimaphieracl" or die;
	spew("$m/courierimaphieracl/v",
	    "owner aceilrstwx\nadministrators aceilrstwx\nuser=b l\n");
    }, ['-list', @m, 'INBOX.v'], ['-list', @m, 'INBOX.v.w'],
    ['-set', @m, 'INBOX.v', 'user=c', 'l']);
same('-reset', sub {
	my ($m) = @_;
	mkdir "$m/courierimaphieracl" or die;
	for my $f (qw(gone v A A.x C young)) {
		spew("$m/courierimaphieracl/$f", "owner al\n");
		my $t = time - 3700;
		utime $t, $t, "$m/courierimaphieracl/$f" if $f ne 'young';
	}
    }, ['-reset', @m]);

# Where it is ours to be right (maildir.md 13.2, 8 and 9).
my ($here) = tree('chapar');
is act('chapar', $here, '-list', $here, 'INBOX.none'),
    "owner\taceilrstwx\nadministrators\taceilrstwx\n\n\n0",
    'a folder that is not there';
is lists($here), '', 'nothing was written';
is act('chapar', $here, '-set', $here, 'INBOX.none', 'user=a', 'l'),
    "\nMAILDIR: No such file or directory\n\n256", 'nor can it be';
spew("$here/.A/courierimapacl", "anyone lr\r\n-user=eve r \n");
like act('chapar', $here, '-compute', $here, 'INBOX.A', 'user=eve'),
    qr/^l\n/, 'stray blanks take nothing from an entry';
spew("$here/.A/courierimapacl", "user=a l\n" x 20000);
like act('chapar', $here, '-list', $here, 'INBOX.A'),
    qr/^\nMAILDIR: File too large\n\n256/, 'a list without end';
done_testing();
