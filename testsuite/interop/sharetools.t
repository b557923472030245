#!/usr/bin/perl
# maildirmake, sharedindexsplit and sharedindexinstall beside Debian's: the same
# output, exit status and files, but for what is listed with its reason.
# SPDX-License-Identifier: ISC
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Private qw(:all);
use Test::More;
use File::Find;

need_root();
umask 022;
my $dir = workdir();
my $root = "$dir/root";
run('sh', lib('courier-root.sh'), 'copy', $root)
    or die "courier-root.sh: $Private::out";
at_end(sub { run('sh', lib('courier-root.sh'), 'done', $root) });
my $build = $ENV{top_builddir};

# Each has a folder of its own with the same path inside its root.
my %home = (theirs => "$root/srv/t", ours => "$dir/srv/t");
run('mkdir', '-p', values %home);
my %conf = (theirs => "$root/etc/courier", ours => "$dir/conf");
mkdir $conf{ours};
spew("$conf{$_}/maildirshared", "glob  /tmp  more\n") for keys %conf;
$ENV{CHAPAR_IMAPCONFDIR} = $conf{ours};
$ENV{LC_ALL} = 'C.UTF-8';

my %ours = (maildirmake => "$build/src/prog/maildirmake",
    sharedindexsplit => "$build/src/prog/sharedindexsplit");
my %theirs = (maildirmake => '/usr/bin/maildirmake.courier',
    sharedindexsplit => '/usr/sbin/sharedindexsplit',
    sharedindexinstall => '/usr/sbin/sharedindexinstall');

# Output, errors and exit status as one text.
sub result {
	my ($who, $input, $program, @args) = @_;
	my @argv = $who eq 'ours' ? ($ours{$program}, @args) : ('chroot',
	    $root, 'sh', '-c', 'cd /srv/t && exec "$@"', 'sh',
	    $theirs{$program}, @args);
	spew("$dir/in", $input);
	my $pid = fork;
	die "fork: $!\n" unless defined $pid;
	if (!$pid) {
		open STDIN, '<', "$dir/in";
		open STDOUT, '>', "$dir/out";
		open STDERR, '>', "$dir/err";
		chdir $home{$who} or die "$home{$who}: $!\n";
		exec @argv or die "$argv[0]: $!\n";
	}
	waitpid $pid, 0;
	my $text = join '', map { my $f = $_; map { "$f: $_\n" }
	    split /\n/, slurp("$dir/$f") } qw(out err);
	$text =~ s/\Q$conf{$who}\E/ETC/g;
	$text =~ s,/etc/courier,ETC,g;
	$text =~ s/Usage: \S+/Usage: PROGRAM/;
	$text =~ s/^out: \*\*\* WARNING - Encode not found.*\n//m;
	$text =~ s/^err: ls: .*\n//m;
	return $text . 'status ' . ($? >> 8) . "\n";
}

# Names, modes and contents.
sub files {
	my ($who) = @_;
	my @list;
	find({ no_chdir => 1, wanted => sub {
		my @st = lstat;
		my $text = -f _ ? slurp($_) : '';
		push @list, sprintf "%s %o %s", substr($_, length $home{$who}),
		    $st[2], join '|', split /\n/, $text;
	} }, $home{$who});
	return join "\n", sort @list;
}

sub fresh { run('sh', '-c', "rm -rf $home{$_}/*") for keys %home }

# One command on both sides; with a reason ours is another text.
sub both {
	my ($args, $reason, $want) = @_;
	my ($theirs, $ours) = map { result($_, '', 'maildirmake', @$args) }
	    qw(theirs ours);
	my $name = "maildirmake @$args";
	if ($reason) {
		isnt $ours, $theirs, "$name differs: $reason";
		return is $ours, $want, "$name: and so";
	}
	return is $ours, $theirs, $name;
}

# ---- making -----------------------------------------------------------------

both([@$_]) for [], ['-x'], ['--foo', 'M'], ['-h'], ['--', 'M'], ['-S'],
    ['-f'], ['-s'], ['-q'], ['--add'], ['--del', 'x'], ['--checkutf8'],
    ['M'], ['M'], ['a', 'b'], ['-S', 'N'], ['nodir/M'], ['-f', '.x', 'M'],
    ['-f', 'X', 'M'], ['-f', 'X', 'M'], ['-fY', 'M'], ['-f', 'a.b', 'M'],
    ['-f', 'a/b', 'M'], ['-f', '', 'M'], ['-f', 'X', 'none'],
    ['-s', 'read', 'M'], ['-s', 'read', '-f', 'R', 'M'],
    ['-s', 'write', '-f', 'W', 'M'], ['-s', 'r,g', '-f', 'RG', 'M'],
    ['-s', 'w,group', '-f', 'WG', 'M'], ['-swrite,group', '-fWG2', 'M'],
    ['-s', 'x', '-f', 'Q', 'M'], ['-s', 'write,read', '-f', 'Q3', 'M'],
    ['-S', '-f', 'SF', 'M'], ['-F', 'a.b/c~d:e', 'M'], ['-F', 'née', 'M'],
    ['-F', 'a b', 'M'];
is files('ours'), files('theirs'), 'the same files and modes';

# ---- links ------------------------------------------------------------------

both([@$_]) for ['--add', 'x', 'M'], ['--add', 'x=/tmp', 'M'],
    ['--add', 'x=/tmp', 'M'], ['--add', 'x=rel', 'M'],
    ['--add', 'a.b=/tmp', 'M'], ['--add', 'y=/nonexist', 'M'],
    ['--add', 'z=/tmp/', 'M'], ['--add', 'glob=/tmp', 'M'],
    ['--add', 'q=/tmp', 'none'], ['--add', 'q=/tmp'], ['--add=q=/tmp', 'M'],
    ['--add', 'k=/tmp', 'M'], ['--del', 'x', 'M'], ['--del', 'nope', 'M'],
    ['--del', 'z=1', 'M'], ['--del', 'z', 'none'], ['--del', 'a.b', 'M'];
is slurp("$home{ours}/M/shared-maildirs"),
    slurp("$home{theirs}/M/shared-maildirs"), 'shared-maildirs';
is files('ours'), files('theirs'), 'and its mode';
both(['--add', 'a b=/tmp', 'M'], 'no reader would find that name',
    "err: a b: invalid name\nstatus 1\n");
both(['--add', '=/tmp', 'M'], 'nor this one',
    "err: : invalid name\nstatus 1\n");

# ---- quota ------------------------------------------------------------------

fresh();
both([@$_]) for ['-q', '1000S', 'M'], ['-q', '500C,100S', 'M'],
    ['-q', '100', 'M'], ['-q', '', 'M'], ['-q', '10S', 'NM'],
    ['-q', '5S', 'nodir/M'];
spew("$home{$_}/M/cur/1.a:2,S", 'x' x 10) for keys %home;
both(['-q', '20S', 'M']);
is files('ours'), files('theirs'), 'the same sizes';
both(['-q', 'junk', 'M'], 'is told, as a number without a letter is',
    "err: WARN: quota string 'junk' not parseable\nstatus 0\n");
both(['-q', '10S', '-f', 'F', 'M']);
ok -e "$home{ours}/M/.F/maildirfolder" && !-e "$home{ours}/M/.F/maildirsize",
    'a folder has no quota of its own';

# ---- names in UTF-8 ---------------------------------------------------------

sub make_names {
	fresh();
	for my $who (keys %home) {
		result($who, '', 'maildirmake', 'M');
		result($who, '', 'maildirmake', '-f', $_, 'M') for @_;
	}
}

# Courier goes by the order of the directory.
sub in_order { return join "\n", sort split /\n/, $_[0] }

sub names {
	my ($option) = @_;
	my ($theirs, $ours) = map { in_order(result($_, '', 'maildirmake',
	    $option, 'M')) } qw(theirs ours);
	is $ours, $theirs, $option;
}

make_names('plain', '&AOk-t', '&AOk-t.sub', 'A&-B');
spew("$home{$_}/M/courierimapsubscribed",
    "INBOX.&AOk-t\nINBOX\nINBOX.plain\nINBOX.A&-B\n#shared.&AOk-.x\n")
    for keys %home;
names('--checkutf8');
unlink "$home{theirs}/M/courierimapsubscribed.new";
is files('ours'), files('theirs'), 'a check changes nothing';
names('--convutf8');
is files('ours'), files('theirs'), 'converted';
names('--convutf8');
make_names('bad&x', '&AOk-');
names('--convutf8');
is files('ours'), files('theirs'), 'nothing is changed if one is wrong';
make_names("\303\251", 'x');
both(['--convutf8', 'M'], 'a name in UTF-8 is not encoded again',
    "out: Checking M:\nstatus 0\n");
make_names("\303\251", '&AOk-');
both(['--convutf8', 'M'], 'nor replaced by another',
    "out: Checking M:\nerr: M/.\303\251: File exists\nstatus 1\n");

# ---- indexes ----------------------------------------------------------------

my $accounts = "adam\t500\t501\t/home/adam\n" .
    "alice\t500\t501\t/home/alice\tMd\tsharedgroup=G,x=1\n" .
    "c\t500\t501\t/home/c\nshort\t1\t2\nxyz w\t1\t2\t/h\tmd#com\n# c\n\n" .
    "1\t2\t3\t/h\t/m\to\tmore\nbob\t1\t2\t/h\t\tsharedgroup=";

# Lines in any order, files by name.
sub index_of {
	my ($who) = @_;
	my $text = '';
	for my $f (sort glob "$home{$who}/d/*") {
		$text .= substr($f, length $home{$who}) . "\n" .
		    join '', sort map { "$_\n" } map { s{\t+\z}{}; $_ }
		    split /\n/, slurp($f);
	}
	return $text;
}

for my $letters ([], [0], [1], [2], [3], ['x'], [-1]) {
	fresh();
	run('mkdir', "$home{ours}/d", "$home{theirs}/d");
	my ($theirs, $ours) = map { result($_, $accounts, 'sharedindexsplit',
	    'd', @$letters) } qw(theirs ours);
	is $ours, $theirs, "sharedindexsplit d @$letters";
	is index_of('ours'), index_of('theirs'), 'the same index';
}
for my $args ([], ['d', 1, 2], ['none']) {
	my ($theirs, $ours) = map { result($_, '', 'sharedindexsplit', @$args) }
	    qw(theirs ours);
	is $ours, $theirs, "sharedindexsplit @$args";
}

# The script with a path that the test may use.
(my $script = slurp(top() . '/sysconf/sharedindexinstall.in')) =~
    s/\@imapconfdir\@/$conf{ours}/g;
spew("$dir/sharedindexinstall", $script, 0755);
$ours{sharedindexinstall} = "$dir/sharedindexinstall";

sub installed {
	my @r = map { my $who = $_; my $r = result($who, '',
	    'sharedindexinstall'); $r . join ' ', map { substr $_, length
	    $conf{$who} } sort glob "$conf{$who}/shared{,.tmp}/{*,.[a-z]*}" }
	    qw(theirs ours);
	is $r[1], $r[0], "sharedindexinstall: $_[0]";
}

installed('no new one');
run('mkdir', '-p', map { ("$_/shared", "$_/shared.tmp") } values %conf);
installed('it is empty');
for (values %conf) {
	spew("$_/shared/index", 'old');
	spew("$_/shared/indexold", 'old');
	spew("$_/shared/.keep", '');
	spew("$_/shared.tmp/index", 'new');
	spew("$_/shared.tmp/indexa", 'new');
	spew("$_/shared.tmp/.keep", '');
}
installed('it replaces the old one');
is slurp("$conf{ours}/shared/index"), 'new', 'whole';
run('rm', '-rf', map { "$_/shared" } values %conf);
spew("$_/shared.tmp/index", 'new') for values %conf;
installed('nowhere to put it');
done_testing();
