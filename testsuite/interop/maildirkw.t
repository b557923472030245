#!/usr/bin/perl
# maildirkw: what Courier's and ours do to a folder, each reading what the other
# wrote.  SPDX-License-Identifier: ISC
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
    or die "courier-root.sh: $Private::out";
at_end(sub { run('sh', lib('courier-root.sh'), 'done', $root) });
umask 022;
chmod 0755, $dir;
my $m = "$root/srv/mail/q/Maildir";
system 'mkdir', '-p', map { "$m/$_" } qw(cur new tmp);
system 'chown', '-R', '5000:5000', "$root/srv/mail/q";
run('cp', "$ENV{top_builddir}/src/prog/maildirkw", "$root/usr/bin/chapar-kw")
    or die $Private::out;
plan(skip_all => 'this build needs more than the root has')
    unless run('chroot', $root, 'sh', '-c', 'chapar-kw; test $? = 1');

my %program = (courier => 'maildirkw', chapar => 'chapar-kw');

# Lines in order, their words too; then the status.
sub kw {
	my ($who, @arg) = @_;
	run('chroot', '--userspec=5000:5000', $root, 'sh', '-c',
	    "cd /srv/mail/q; $program{$who} @arg; echo status \$?");
	return join '', sort map { join(' ', sort split) . "\n" }
	    split /\n/, $Private::out =~ s/^$program{$who}: invalid.*\n//mgr;
}

# The same state, asked of both.
sub state {
	my ($name) = @_;
	my $theirs = kw('courier', '-L', 'Maildir');
	is(kw('chapar', '-L', 'Maildir'), $theirs, $name);
	return $theirs;
}

my @steps = (['Maildir', '100.a:2,S', 'red', 'green'],
    ['-a', 'Maildir', '100.a', 'blue', 'RED'], ['Maildir', '200.b', 'x'],
    ['-r', 'Maildir', '100.a:2,', 'Green', 'none'],
    ['-l', '-a', 'Maildir', '300.c', '\$Label1'],
    ['-al', 'Maildir', '300.c', 'y'], ['Maildir', '200.b'],
    ['-c', '-a', 'Maildir', '400.d', 'X'], ['-l', '-L', 'Maildir'],
    ['-r', '-l', 'Maildir', '400.d', 'x'], ['Maildir', '500.e', 'last'],
    ['-l', '-L', 'Maildir']);
for my $first (qw(courier chapar)) {
	run('rm', '-rf', "$m/courierimapkeywords");
	my $who = $first;
	for (@steps) {
		like(kw($who, @$_), qr/^0 status$/m, "$who: @$_");
		state("after it");
		$who = $who eq 'courier' ? 'chapar' : 'courier';
	}
	ok(!-e "$m/tmp/courier.lock", 'no lock is left');
}

# Calls that are wrong.
for ([], ['Maildir'], ['-L'], ['-x', 'Maildir', 'a'], ['-L', 'none'],
    ['-a', 'Maildir', '100.a', '+x', '-y']) {
	is(kw('chapar', @$_), kw('courier', @$_), "called: @$_");
}
like(kw('chapar', 'none', '100.a', 'x'), qr/^1 status$/m, 'no such folder');
my $before = state('as before');
like(kw('chapar', 'Maildir', '100.a', "'a b'"), qr/^1 status$/m,
    'not a keyword');
is(kw('courier', '-L', 'Maildir'), $before, 'is not stored');
like(kw('chapar', 'Maildir', $_, 'x'), qr/^1 status$/m, "not a message: $_")
    for '../a', '.hidden', ':2,S';

# What was given before the message came is the message's.
kw('chapar', 'Maildir', '600.f', 'early');
spew("$m/new/600.f", "Subject: x\n\ny\n");
system 'chown', '5000:5000', "$m/new/600.f";
run('chroot', '--userspec=5000:5000', $root, 'sh', '-c', 'cd /srv/mail/q; ' .
    "printf 'a SELECT INBOX\\r\\nb FETCH 1 FLAGS\\r\\n' | " .
    'AUTHENTICATED=vmail IMAP_KEYWORDS=1 /usr/bin/imapd Maildir');
like($Private::out, qr/FLAGS \([^)]*early\)/, 'Courier sees it');
done_testing();
