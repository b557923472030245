#!/usr/bin/perl
# One maildir served by Courier's pop3d and ours by turns: no message's unique-id
# ever changes, nor does the list of one that the other has written.
# SPDX-License-Identifier: ISC
#
#   SWITCH_ROUNDS=N SWITCH_SEED=N
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Private qw(:all);
use Test::More;
use IPC::Open3;

need_root();

my $rounds = $ENV{SWITCH_ROUNDS} || 40;
my $seed = $ENV{SWITCH_SEED} || time ^ $$;
note "SWITCH_SEED=$seed";
srand $seed;

my $dir = workdir();
chmod 0755, $dir;
my $root = "$dir/root";
run('sh', lib('courier-root.sh'), 'copy', $root)
    or die "courier-root.sh: $Private::out";
at_end(sub { run('sh', lib('courier-root.sh'), 'done', $root) });
# A build folder need not be open to others.
my $ours = "$dir/pop3d";
run('cp', "$ENV{top_builddir}/src/prog/pop3d", $ours) or die;

my ($m, $list);

# All that a session says to these commands.
sub serve {
	my ($which, @commands) = @_;
	(my $in = $m) =~ s/^\Q$root\E//;
	my @argv = ('/usr/sbin/chroot', '--userspec=5000:5000',
	    $which eq 'courier' ? ($root, '/bin/sh', '-c', "cd $in/.. && exec " .
	    '/usr/lib/courier/courier/courierpop3d Maildir') :
	    ('/', '/bin/sh', '-c', "cd $m/.. && exec $ours Maildir"));
	system 'chown', '-hR', '5000:5000', $m;
	local $ENV{UTF8} = 1;
	open my $log, '>', "$dir/log" or die "log: $!\n";
	my $pid = open3(my $to, my $from, '>&' . fileno($log), @argv);
	print $to map { "$_\r\n" } @commands;
	close $to;
	my $said = join '', <$from>;
	waitpid $pid, 0;
	$said =~ s/\r//g;
	return $said;
}

# Subject of each message => its unique-id.
sub ids {
	my ($which) = @_;
	my %uidl = serve($which, 'UIDL') =~ /^(\d+) (\S+)$/mg;
	my $tops = serve($which, map { "TOP $_ 0" } sort { $a <=> $b } keys %uidl);
	my @subject = $tops =~ /^Subject: (.*)$/mg;
	my %id;
	@id{@subject} = @uidl{sort { $a <=> $b } keys %uidl};
	return \%id;
}

my $serial = 0;

sub deliver {
	my ($sub, $name) = @_;
	$serial++;
	spew("$m/$sub/$name", "Subject: m$serial\nX: " .
	    ('', "\303\251", 'y' x 200)[rand 3] . "\n\nx\n" x (1 + rand 5));
}

# Names of all kinds; each with its flags, or Courier would lose it.
sub any_name {
	my ($i) = @_;
	my $t = 1600000000 + int rand 100000000;
	return ("$t.M${i}P1V0000I00.h,S=31", "$t.P${i}Q0M5.host", "$t.${i}_0.h",
	    "$t.H${i}P1.h,S=5,W=9", "msg.$i", "a b $i", "-$i.x", "+$i.y",
	    "\303\251$i", "000$i.z", "  $i.b", "'$i\"+~", "$i%x*", "$i\t.t",
	    "99999999999999999999.$i")[rand 15];
}

sub begin {
	my ($name) = @_;
	system 'rm', '-rf', "$root/srv/mail/s";
	$m = "$root/srv/mail/s/Maildir";
	$list = "$m/courierpop3dsizelist";
	system 'mkdir', '-p', map { "$m/$_" } qw(cur new tmp);
	chmod 0755, "$root/srv/mail/s";
	chown 5000, 5000, "$root/srv/mail/s";
}

sub same {
	my ($told, $now) = @_;
	return map { "$_: $told->{$_}, now $now->{$_}" } grep {
	    exists $now->{$_} && $told->{$_} ne $now->{$_} } sort keys %$told;
}

# ---- by turns, with mail that comes, goes and gets flags

begin();
my (%told, %owner, @bad);
for my $round (1 .. $rounds) {
	deliver(('cur', 'new')[rand 2], any_name("$round$_") . ':2,' .
	    ('', 'S', 'FRT')[rand 3]) for 1 .. 1 + rand 6;
	for my $f (glob "$m/cur/*") {
		next if rand() > 0.1;
		(my $to = $f) =~ s/:2,.*/':2,' . ('F', 'RS', '')[rand 3]/e;
		rename $f, $to unless -e $to;
	}
	my $which = ('courier', 'chapar')[rand 2];
	my $other = $which eq 'courier' ? 'chapar' : 'courier';
	my $now = ids($which);
	push @bad, map { "round $round, $which: $_" } same(\%told, $now);
	for (keys %$now) {
		push @bad, "round $round: $now->{$_} twice"
		    if ($owner{$now->{$_}} ||= $_) ne $_;
	}
	%told = (%told, %$now);
	# What is unchanged is not written; both have one order.
	my $before = slurp($list);
	my $said = serve($other, 'UIDL', 'LIST');
	push @bad, "round $round: $other writes another list"
	    if slurp($list) ne $before;
	push @bad, "round $round: $other says something else"
	    if $said ne serve($which, 'UIDL', 'LIST');
	serve($which, map({ "RETR $_" } 1 .. 3), rand() < 0.3 ?
	    ('DELE 2', 'DELE 1', 'QUIT') : ());
	last if @bad;
}
is("@bad", '', "$rounds turns");
cmp_ok(scalar(keys %told), '>', $rounds, keys(%told) . ' messages');

# ---- lists of all versions: both understand the same, and then each other

my @name = ('1600000001.a:2,', '1600000002.b c:2,S', "16\303\251:2,", 'n"\':2,');
my %line = (
	0 => "%s 40\n", 1 => "%s 40 %d\n", 2 => "%s 40 %d:1500000000\n",
	3 => "%s 40 %d:1500000000:1\n", 4 => "%s 40 %d:1500000000:0:x\n",
);
for my $version (0 .. 4) {
	for my $head ("/$version 9 1700000000\n", "/$version 9\n",
	    "/$version 9 0\n", '') {
		for my $first (0, 1) {	# 0: file names are unique-ids
			my (%said, %text);
			for my $which (qw(courier chapar)) {
				begin();
				$serial = 0;
				deliver('cur', $_) for @name, '1700000000.z:2,';
				my $n = $first;
				no warnings 'redundant';
				spew($list, $head . join '', map {
				    sprintf $line{$version}, $_,
				    $first ? $n++ : 0 } @name);
				my $id = ids($which);
				$text{$which} = slurp($list);
				my $other = $which eq 'courier' ? 'chapar' :
				    'courier';
				my @changed = same($id, ids($other));
				push @bad, "$version $first $which: @changed"
				    if @changed;
				$said{$which} = join ' ', map {
				    "$_=$id->{$_}" } sort keys %$id;
				# A list may have the time as its number.
				s/\b\d{10}\b/abs($& - time) < 999 ? 'NOW' : $&/ge
				    for $said{$which}, $text{$which};
			}
			(my $what = $head) =~ s/\n/,/;
			push @bad, "'$what' $first: $said{courier} | $said{chapar}"
			    if $said{courier} ne $said{chapar};
			push @bad, "'$what' $first: $text{courier} | $text{chapar}"
			    if $text{courier} !~ /\A\/[3]/ ||
			    sizes_aside($text{courier}) ne
			    sizes_aside($text{chapar});
		}
	}
}
is("@bad", '', 'lists of all versions');

# Texts are by chance.
sub sizes_aside {
	my ($text) = @_;
	$text =~ s/ \d+ (\d+:\w+):\d$/ $1/mg;
	return $text;
}
done_testing();
