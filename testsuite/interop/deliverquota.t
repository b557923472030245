#!/usr/bin/perl
# deliverquota of Courier and ours: the same calls, the same answers, and the
# same bytes on disk, but for what is named here.  SPDX-License-Identifier: ISC
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Private qw(:all);
use Test::More;
use File::Find;

need_root();
my $dir = workdir();
my $root = "$dir/root";
run('sh', lib('courier-root.sh'), 'copy', $root)
    or die "courier-root.sh: $Private::out";
at_end(sub { run('sh', lib('courier-root.sh'), 'done', $root) });
umask 022;
chmod 0755, $dir;
my $top = "$root/srv/mail/q";
my %program = (courier => 'deliverquota.courier', chapar => 'deliverquota');
# Where the user of the mailbox can reach it; what it needs is in the root.
run('cp', "$ENV{top_builddir}/src/prog/deliverquota", "$root/usr/bin/")
    or die $Private::out;
plan(skip_all => 'this build needs more than the root has')
    unless run('chroot', $root, 'sh', '-c', 'deliverquota; test $? = 73');

my $text = "Subject: x\n\nhello\n";
my $long = "Subject: y\n\n" . "line of text\n" x 20;

sub entry { return sprintf "%12s %12s\n", @_ }

sub fresh {
	system 'rm', '-rf', $top;
	for my $f ('', '/.Sent', '/.Trash', '/.plain') {
		system 'mkdir', '-p', map { "$top/Maildir$f/$_" } qw(cur new tmp);
		spew("$top/Maildir$f/maildirfolder", '')
		    if $f ne '' && $f ne '/.plain';
	}
	spew("$top/Maildir/cur/100.a.h,S=30:2,S", 'x' x 30);
	spew("$top/Maildir/cur/200.b.h:2,T", 'x' x 40);
	spew("$top/Maildir/.Sent/cur/300.c.h:2,S", 'x' x 50);
	spew("$top/warn", "From: Us\nSubject: full\n\nsoon\n");
	spew("$top/text", $text);
	spew("$top/long", $long);
	spew("$top/empty", '');
}

# Names of new files, and the time of a warning, made alike.
sub alike {
	my ($s) = @_;
	$s =~ s/\b\d{10}\.M\d+P\d+V[0-9A-F]{16}I[0-9A-F]{16}/NEW/g;
	$s =~ s/^Date: \w{3}, \d+ \w{3} \d{4} [\d:]{8} [-+]\d{4}$/DATE/m;
	$s =~ s/^Message-Id: <\d+\.overquota@([^>]+)>$/ID $1/m;
	return $s;
}

sub picture {
	my @all;
	find({ no_chdir => 1, wanted => sub {
		my $name = alike(substr $_, length $top);
		return push @all, sprintf '%s %o', $name, (stat)[2] & 07777
		    if -d;
		push @all, sprintf '%s %o [%s]', $name, (stat)[2] & 07777,
		    $name =~ /quotawarn$/ ? -s $_ : alike(slurp($_));
	} }, $top);
	return join "\n", sort @all;
}

# Calls: [input, arguments...]; an input that begins with | is a pipe, and one
# that begins with @ is something else to do.
sub calls {
	my ($who, @calls) = @_;
	my $said = '';
	for (@calls) {
		my ($in, @arg) = @$_;
		if ($in =~ s/^@//) {
			system "cd '$top' && $in";
			next;
		}
		system 'chown', '-R', '5000:5000', $top;
		my $pipe = $in =~ s/^\|// ? "cat $in |" : '';
		my $from = $pipe ? '' : "<$in";
		my $words = join ' ', map { "'$_'" } @arg;
		run('timeout', '20', 'chroot', '--userspec=5000:5000', $root,
		    'sh', '-c', "cd /srv/mail/q && $pipe $program{$who} " .
		    "$words $from; echo status \$?");
		(my $out = $Private::out) =~ s/$program{$who}/PROGRAM/;
		$said .= $out;
	}
	return $said;
}

my $old = "\@touch -d '-20 minutes' Maildir/maildirsize";
my @w = ('-w', '50', '-W', '/srv/mail/q/warn');
my @cases = (
    ['no quota', ['text', 'Maildir'], ['|text', 'Maildir'],
	['empty', 'Maildir'], ['|empty', 'Maildir']],
    ['usage', ['text'], ['text', '-c'], ['text', '-w'], ['text', '-w', '5'],
	['text', '-w', '101', 'Maildir'], ['text', '-W', 'x'],
	['text', '-w', '-2', 'Maildir']],
    ['a word that is no option', ['text', '-x', 'Maildir']],
    ['never warn', ['text', '-w', '-1', 'Maildir']],
    ['no maildir', ['text', 'nothing'], ['text', 'text']],
    ['no tmp', ['@rmdir Maildir/tmp'], ['text', 'Maildir']],
    ['a new quota', ['text', 'Maildir', '1000S,10C'], ['text', 'Maildir']],
    ['another quota', ['text', 'Maildir', '1000S'],
	['text', 'Maildir', '7C,2000S'], ['|text', 'Maildir', '900S']],
    ['no quota in words', ['text', 'Maildir', 'NOQUOTA'],
	['text', 'Maildir', '5000'], ['text', 'Maildir', '']],
    ['over', ['text', 'Maildir', '90S'], ['long', 'Maildir'],
	['|text', 'Maildir']],
    ['over, counted', ['text', 'Maildir', '3C'], ['text', 'Maildir', '3C']],
    ['a folder', ['text', 'Maildir/.Sent', '1000S'],
	['|text', 'Maildir/.Sent'], ['text', 'Maildir/.Sent/']],
    ['a folder without the mark', ['text', 'Maildir/.plain', '1000S']],
    ['the trash', ['text', 'Maildir', '100S'], ['long', 'Maildir/.Trash'],
	['|long', 'Maildir/.Trash'], ['long', 'Maildir/.Trash', '10S']],
    ['create', ['text', '-c', 'a/b/c'], ['text', '-c', 'a'],
	['@rmdir Maildir/tmp'], ['text', '-c', 'Maildir']],
    ['a wrong sum', ["\@printf '1000S\\n" . entry(990, 1) . entry(9, 1) .
	"' >Maildir/maildirsize"], ['text', 'Maildir']],
    ['a wrong sum, one line', ["\@printf '1000S\\n" . entry(999, 1) .
	"' >Maildir/maildirsize"], ['text', 'Maildir']],
    ['a wrong sum, one line, old', ["\@printf '1000S\\n" . entry(999, 1) .
	"' >Maildir/maildirsize"], [$old], ['text', 'Maildir']],
    ['a negative sum', ["\@printf '1000S\\n" . entry(-9, -1) .
	"' >Maildir/maildirsize"], ['text', 'Maildir']],
    ['a long file', ["\@{ echo 90000S; yes '" . (entry(1, 1) =~ s/\n//r) .
	"' 2>/dev/null | head -250; } >Maildir/maildirsize"], ['text', 'Maildir']],
    ['files of nonsense', ["\@echo hello >Maildir/maildirsize"],
	['text', 'Maildir'], ["\@: >Maildir/maildirsize"],
	['text', 'Maildir'], ["\@printf 9000S >Maildir/maildirsize"],
	['text', 'Maildir']],
    ['no text to warn with', ['text', '-w', '1', '-W', 'none', 'Maildir',
	'1000S']],
    ['far from full', ['text', @w, 'Maildir', '10000S']],
    ['warned on refusal', ['long', @w, 'Maildir', '200S'],
	['long', @w, 'Maildir', '200S']],
    ['warned on refusal from a pipe', ['|long', @w, 'Maildir', '200S']],
);

for my $case (@cases) {
	my ($name, @calls) = @$case;
	my (%said, %left);
	for my $who (qw(courier chapar)) {
		fresh();
		$said{$who} = calls($who, @calls);
		$left{$who} = picture();
	}
	is($said{chapar}, $said{courier}, "$name: the same is said");
	is($left{chapar}, $left{courier}, "$name: the same is left");
}

# Better than Courier: the message itself counts for the warning; nothing hangs
# when the maildir of a message with a quota is made; a full disk is told apart.
fresh();
like(calls('chapar', ['text', @w, 'Maildir', '190S']), qr/^status 0$/,
    'delivered');
like(picture(), qr{/Maildir/new/NEW_warn\.\w+,S=\d+ 644 \[DATE\nID \S+\nFrom: Us\n}m,
    'warned as soon as it is half full');
fresh();
like(calls('chapar', ['text', '-c', 'text/x']), qr/^text\/x: .+\nstatus 75$/,
    'cannot be made below a file');
is(calls('chapar', ['text', '-c', 'made', '1000S']), "status 0\n",
    'made with a quota');
is(slurp("$top/made/maildirsize"), "1000S\n" . entry(0, 0) .
    entry(length $text, 1), 'which is kept');
done_testing();
