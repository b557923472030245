#!/usr/bin/perl
# deliverquota: delivered or refused, counted, warned; told apart by its exit
# status.  SPDX-License-Identifier: ISC
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Dialogue;
use IPC::Open3;

my $program = ($ENV{top_builddir} || '.') . '/src/prog/deliverquota';
my ($home, $m);
my $text = "Subject: x\n\nhello\n";
my $each = length $text;

sub fresh {
	my ($size) = @_;
	$home = Dialogue::home('Trash', 'Sent');
	$m = "$home/Maildir";
	spew("$m/maildirsize", $size) if defined $size;
	spew("$home/text", $text);
	spew("$home/warn", "Subject: full\n\nsoon\n");
}

sub entry { return sprintf "%12s %12s\n", @_ }
sub size { return slurp("$m/maildirsize") }

# "status output"; the words are the shell's.
sub deliver {
	my ($words, $in) = @_;
	my $said = qx(cd '$home' && { $program $words 2>&1; } @{[$in || '<text']});
	return ($? >> 8) . " $said";
}

sub new { return map { slurp($_) } glob "$m/$_[0]new/*" }

fresh();
is(deliver('Maildir'), '0 ', 'without a quota');
is(join('|', new('')), $text, 'as it is');
ok(!-e "$m/maildirsize", 'no quota comes of it');
is(join(' ', glob "$m/tmp/*"), '', 'nothing is left in tmp');
is(deliver('Maildir 1000S,9C'), '0 ', 'with a quota');
is(size(), "1000S,9C\n" . entry($each, 1) . entry($each, 1), 'counted');

# Far over, then barely.
is(deliver('Maildir 40S'), "77 Mail quota exceeded.\n", 'over');
is(scalar qx(cd '$home' && cat text | $program Maildir; echo \$?),
    "Mail quota exceeded.\n75\n", 'over, from a pipe');
is(deliver('Maildir 54S'), '0 ', 'as much as there is');
is(scalar(new('')), 3, 'three are there');
is(deliver('Maildir/.Sent'), "77 Mail quota exceeded.\n", 'nor to a folder');
is(deliver('Maildir/.Trash'), '0 ', 'but to the trash');
is(size(), "54S\n" . entry(3 * $each, 3), 'which does not count');

# The setting of imapd.
$ENV{IMAP_QUOTA_COUNTS_TRASH} = 1;
is(deliver('Maildir/.Trash'), "77 Mail quota exceeded.\n", 'unless it does');
is(deliver('Maildir/.Trash 1000S'), '0 ', 'with room');
is(size(), "1000S\n" . entry(4 * $each, 4) . entry($each, 1), 'all counts');
delete $ENV{IMAP_QUOTA_COUNTS_TRASH};

# ---- warnings

fresh("100S\n" . entry(0, 0));
is(deliver('-w 50 -W warn Maildir'), '0 ', '18 percent');
ok(!-e "$m/quotawarn", 'no warning yet');
deliver('-w 50 -W warn Maildir') for 1 .. 2;
my ($warned) = grep { /^Date: / } new('');
like($warned || '', qr/^Date: \w{3}, \d\d? \w{3} \d{4} \d\d:\d\d:\d\d [-+]\d{4}\nMessage-Id: <\d+\.overquota\@\S+>\nSubject: full\n\nsoon\n\z/,
    '54 percent: warned at once');
is(-s "$m/quotawarn", 1, 'noted');
is(size(), "100S\n" . entry(0, 0) . entry($each, 1) x 3 .
    entry(length $warned, 1), 'the warning counts');
is(deliver('-w 50 -W warn Maildir'), "77 Mail quota exceeded.\n", 'over');
is(scalar(grep { /^Date: / } new('')), 1, 'not warned again');
my $then = time - 25 * 3600;
utime $then, $then, "$m/quotawarn";
is(deliver('-w 50 -W warn Maildir/.Sent'), "77 Mail quota exceeded.\n",
    'a day later');
is(scalar(grep { /^Date: / } new('')), 2, 'warned of a refusal, in INBOX');
utime $then, $then, "$m/quotawarn";
deliver('-w 100 -W nothing Maildir/.Trash');
is((stat "$m/quotawarn")[9], $then, 'no text, no warning');

# ---- trouble

is(deliver(''), "73 Usage: $program [-c] [-w percent] maildir\n", 'usage');
is(deliver("-w $_ Maildir"), "73 Usage: $program [-c] [-w percent] maildir\n",
    "-w $_") for '101', 'x', '-2';
like(deliver('none'), qr/^75 none: No such file or directory\n\z/, 'none');
is(deliver('-c a/b 100S'), '0 ', 'made');
is(slurp("$home/a/b/maildirsize"), "100S\n" . entry(0, 0) . entry($each, 1),
    'with its quota');
like(deliver('-c text/x'), qr/^75 text\/x: /, 'cannot be made');
like(deliver('Maildir', '<.'), qr/^74 Maildir: /, 'cannot be read');
is(join(' ', glob "$m/tmp/*"), '', 'nothing is left in tmp');
my $before = size();
spew("$home/large", 'x' x 100_000);
like(scalar qx(cd '$home' && rm -f Maildir/maildirsize && ulimit -f 8 &&
    { $program Maildir 2>&1; } <large; echo \$?), qr/^Maildir: .*\n7[45]\n\z/,
    'a limit on files');
is(join(' ', glob "$m/new/*large*"), '', 'nothing was delivered');
plan_done();
