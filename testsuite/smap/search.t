#!/usr/bin/perl
# SMAP1: SEARCH.  SPDX-License-Identifier: ISC
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Smap;

my $home = Dialogue::home();
my $m = "$home/Maildir";
my $day = 86400;
my $n = 0;
for my $flags ('S', 'FR', 'T', 'DS', '') {
	$n++;
	Dialogue::deliver($m, "From: from$n\@a.test\nTo: to$n\nCc: cc$n\n" .
	    "Bcc: bcc$n\nSubject: =?utf-8?q?gr=C3=BC$n?=\nX-Y: y$n\n" .
	    "Date: Mon, $n Jan 2024 23:00:00 -0900\n\n" .
	    'x' x (100 * $n) . "\nbody$n\n", $flags,
	    1704110400 + $day * $n);
}
my $d = Smap->new(home => $home, env => { TZ => 'UTC' });
$d->ask('OPEN INBOX');
is($d->ask('STORE 2 KEYWORDS=kw'),
    "* FETCH 2 \"KEYWORDS=kw\"\n+OK Folder status updated\n", 'a keyword');
my @good = (
	['ALL SEEN', '1 4'], ['ALL NOT SEEN', '2-3 5'], ['ALL REPLIED', '2'],
	['ALL DELETED', '3'], ['ALL DRAFT', '4'], ['MARKED NOT SEEN', '2'],
	['UNMARKED NOT SEEN', '3 5'], ['1-3 NOT SEEN', '2-3'],
	['1 3-9 NOT SEEN', '3 5'], ['ALL KEYWORD kw', '2'],
	['ALL NOT KEYWORD kw', '1 3-5'], ['ALL FROM from3', '3'],
	['ALL TO to4', '4'], ['ALL CC cc5', '5'], ['ALL BCC bcc1', '1'],
	["ALL SUBJECT gr\xc3\xbc2", '2'], ["ALL SUBJECT \"GR\xc3\x9c2\"", '2'],
	['ALL HEADER X-Y y4', '4'], ['ALL HEADER X-Z ""', ''],
	['ALL HEADER X-Y ""', '1-5'], ['ALL BODY body2', '2'],
	['ALL BODY y2', '2'], ['ALL TEXT from3', '3'], ['ALL BODY from3', ''],
	['ALL BEFORE 4-Jan-2024', '1-2'], ['ALL ON 4-Jan-2024', '3'],
	['ALL SINCE 4-Jan-2024', '3-5'], ['ALL SENTBEFORE 3-Jan-2024', '1-2'],
	['ALL SENTON 3-Jan-2024', '3'], ['ALL SENTSINCE 3-Jan-2024', '3-5'],
	['ALL SMALLER 400', '1-2'], ['ALL LARGER 400', '3-5'],
	['all not seen', '2-3 5'],
);
for (@good) {
	my ($what, $found) = @$_;
	is($d->ask("SEARCH $what"), ($found eq '' ? '' : "* SEARCH $found\n") .
	    "+OK Search completed.\n", $what);
}
for ('', 'SEEN', 'ALL', 'ALL FOO', 'ALL NOT', 'ALL NOT NOT SEEN', 'FOO SEEN',
    'ALL FROM', 'ALL HEADER X', 'ALL BEFORE x', 'ALL LARGER x',
    'ALL SEEN DELETED', '3 1 SEEN', 'ALL OR SEEN DELETED', 'ALL 1 SEEN') {
	is($d->ask("SEARCH $_"), "-ERR SEARCH failed: Invalid argument\n",
	    "refused: $_");
}
$d->done;

# Long answers come in lines of 101 ranges.
$home = Dialogue::home();
$m = "$home/Maildir";
Dialogue::deliver($m, "Subject: $_\n\nx\n", $_ % 2 ? 'S' : '') for 1 .. 300;
$d = Smap->new(home => $home);
$d->ask('OPEN INBOX');
my $want = '* SEARCH ' . join(' ', map { 2 * $_ } 1 .. 101) . "\n* SEARCH " .
    join(' ', map { 2 * $_ } 102 .. 150) . "\n+OK Search completed.\n";
is($d->ask('SEARCH ALL NOT SEEN'), $want, 'many ranges');
unlink glob "$m/cur/*:2,";
$want = '* EXPUNGE ' . join(' ', map { 2 * $_ } 1 .. 101) . "\n* EXPUNGE " .
    join(' ', map { 2 * $_ - 101 } 102 .. 150) . "\n+OK Folder updated\n";
is($d->ask('NOOP'), $want, 'the same of what is gone');
$d->done;
plan_done();
