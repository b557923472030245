#!/usr/bin/perl
# maildirsize: kept, and obeyed.  SPDX-License-Identifier: ISC
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Dialogue;

my ($home, $m, $d);

sub fresh {
	my ($size, %env) = @_;
	$home = Dialogue::home('A', 'Trash');
	$m = "$home/Maildir";
	spew("$m/maildirsize", $size) if defined $size;
	$d = Dialogue->new(home => $home, env => \%env);
	$d->talk("S: * PREAUTH Ready.\n");
}

sub entry { return sprintf "%12s %12s\n", @_ }

sub size { return slurp("$m/maildirsize") }

sub append {
	my ($folder, $flags) = @_;
	my $text = "Subject: x\r\n\r\nbody\r\n";
	$d->send("p APPEND $folder ($flags) {" . length($text) . "}\r\n");
	my $line = $d->line;
	return $line unless $line =~ /^\+/;
	$d->send("$text\r\n");
	do { $line = $d->line } until !defined $line || $line =~ /^p /;
	return defined $line ? $line : 'nothing';
}
my $each = 17;		# stored, with bare LF

fresh("10000S,100C\n" . entry(0, 0));
like(append('INBOX', ''), qr/^p OK/, 'APPEND');
my $want = "10000S,100C\n" . entry(0, 0) . entry($each, 1);
is(size(), $want, 'one line more');
append('INBOX', '\Deleted');
append('INBOX.Trash', '');
is(size(), $want, '\Deleted and the trash do not count');
$d->answer('a SELECT INBOX');
$d->answer('b COPY 1:2 INBOX.A');
is(size(), $want .= entry($each, 1), 'COPY: one line');
$d->answer('c STORE 1 +FLAGS (\Deleted)');
is(size(), $want .= entry(-$each, -1), 'deleted');
$d->answer('d STORE 1 -FLAGS (\Deleted)');
is(size(), $want .= entry($each, 1), 'and not');
$d->answer('e STORE 1:2 +FLAGS (\Deleted)');
$want .= entry(-$each, -1);
$d->answer('f EXPUNGE');
is(size(), $want, 'EXPUNGE: was told already');
$d->answer('g SELECT INBOX.A');
$d->answer('h MOVE 1 INBOX.Trash');
is(size(), $want .= entry(-$each, -1), 'MOVE to the trash');
append('INBOX.A', '');
$d->answer('i SELECT INBOX');
$d->answer('j DELETE INBOX.A');
is(size(), "10000S,100C\n" . entry(0, 0), 'DELETE counts anew');
$d->done;

# Refused; what the file says is doubted if it has more than one line.
fresh("1000S,2C\n" . entry(900, 1) . entry(90, 1));
like(append('INBOX', ''), qr/^p OK/, 'the sum was wrong');
is(size(), "1000S,2C\n" . entry(0, 0) . entry($each, 1), 'made anew');
append('INBOX', '');
is(append('INBOX', ''), 'p NO [ALERT] You exceeded your mail quota.',
    'refused');
is(size(), "1000S,2C\n" . entry(2 * $each, 2), 'and made anew for it');
$d->answer('a SELECT INBOX');
like($d->answer('b COPY 1 INBOX.A'),
    qr/^b NO \[ALERT\] You exceeded your mail quota\.\r$/m, 'COPY refused');
like($d->answer('c COPY 1 INBOX.Trash'), qr/^c OK/m, 'but not to the trash');
$d->answer('d STORE 2 +FLAGS (\Deleted)');
like(append('INBOX', ''), qr/^p OK/, 'room again');
like($d->answer('e STORE 2 -FLAGS (\Deleted)'),
    qr/^e NO \[ALERT\] You exceeded your mail quota\.\r$/m,
    'no room for what was deleted');
is(scalar(() = glob "$m/tmp/*"), 0, 'nothing left behind');
$d->done;

# One line, fresh: believed even if wrong.
fresh("100S\n" . entry(99, 1));
is(append('INBOX', ''), 'p NO [ALERT] You exceeded your mail quota.',
    'believed');
my $old = time - 16 * 60;
utime $old, $old, "$m/maildirsize";
like(append('INBOX', ''), qr/^p OK/, 'not after 15 minutes');
$d->done;

# The account's own.
fresh(undef, MAILDIRQUOTA => '30S');
like(append('INBOX', ''), qr/^p OK/, 'MAILDIRQUOTA');
is(size(), "30S\n" . entry(0, 0) . entry($each, 1), 'made the file');
is(append('INBOX', ''), 'p NO [ALERT] You exceeded your mail quota.', 'holds');
$d->done;
fresh("5C\n" . entry(0, 0), MAILDIRQUOTA => '500S,7C');
append('INBOX', '');
is(size(), "500S,7C\n" . entry(0, 0) . entry($each, 1), 'stands above');
$d->done;
fresh(undef, MAILDIRQUOTA => 'NOQUOTA');
like(append('INBOX', ''), qr/^p OK/, 'no quota');
ok(!-e "$m/maildirsize", 'no file');
$d->done;

# ---- told to the client

fresh("10000S,100C\n" . entry(1025, 3));
$d->talk(<<'END');
C: a GETQUOTAROOT INBOX
S: * QUOTAROOT "INBOX" "ROOT"
S: * QUOTA "ROOT" (STORAGE 2 10 MESSAGE 3 100)
S: a OK GETQUOTAROOT Ok.
C: b GETQUOTA "ROOT"
S: * QUOTA "ROOT" (STORAGE 2 10 MESSAGE 3 100)
S: b OK GETQUOTA Ok.
C: c GETQUOTAROOT inbox.nowhere
S: * QUOTAROOT "inbox.nowhere" "ROOT"
S: * QUOTA "ROOT" (STORAGE 2 10 MESSAGE 3 100)
S: c OK GETQUOTAROOT Ok.
C: d GETQUOTAROOT shared.x
S: * QUOTAROOT "shared.x" "SHARED"
S: * QUOTA "SHARED" ()
S: d OK GETQUOTAROOT Ok.
C: e GETQUOTAROOT #shared.x.y
S: * QUOTAROOT "#shared.x.y" "PUBLIC"
S: * QUOTA "PUBLIC" ()
S: e OK GETQUOTAROOT Ok.
C: f GETQUOTA "a\"b"
S: * QUOTA "a\"b" ()
S: f OK GETQUOTA Ok.
C: g GETQUOTA
S: g BAD Error in IMAP command received by server.
C: h GETQUOTA ROOT x
S: h BAD Error in IMAP command received by server.
C: i GETQUOTAROOT
S: i BAD Invalid command
C: j GETQUOTAROOT elsewhere
S: j NO Invalid mailbox name.
C: k SETQUOTA ROOT (STORAGE 1)
S: k NO SETQUOTA No permission.
END
append('INBOX', '');
append('INBOX', '\Deleted');
like($d->answer('l GETQUOTA ROOT'), qr/STORAGE 2 10 MESSAGE 4 100\)\r$/m,
    'after an APPEND');
like($d->answer('m STATUS INBOX (MESSAGES DELETED DELETED-STORAGE)'),
    qr/\(MESSAGES 2 DELETED 1 DELETED-STORAGE $each\)/, 'what EXPUNGE frees');
$d->answer('n SELECT INBOX');
like($d->answer('o STATUS INBOX (DELETED DELETED-STORAGE)'),
    qr/\(DELETED 1 DELETED-STORAGE $each\)/, 'the same when selected');
$d->done;
for ([undef, '()'], ["hello\n", '()'], ["5C\n" . entry(-4, -5), '(MESSAGE 0 5)'],
    ["1S\n" . entry(1025, 5), '(STORAGE 2 1)'],
    ["18446744073709551615S\n", '(STORAGE 0 18014398509481984)'],
    ["18446744073709551615C\n", '(MESSAGE 0 9223372036854775807)']) {
	my ($text, $want) = @$_;
	fresh($text);
	like($d->answer('a GETQUOTA ROOT'), qr/^\* QUOTA "ROOT" \Q$want\E\r$/m,
	    "QUOTA $want");
	$d->done;
}

# RFC 9208.
fresh("10000S,100C\n" . entry(0, 0));
$d->line;
$d->gives('QUOTA, and what has limits', 'CAPABILITY',
    qr/ QUOTA QUOTA=RES-STORAGE QUOTA=RES-MESSAGE\b/,
    not => qr/QUOTASET|RES-(?!STORAGE|MESSAGE)/);
$d->gives('words in any case', 'gEtQuOtArOoT inbox',
    qr/^\* QUOTAROOT "inbox" "ROOT"\n\* QUOTA "ROOT" \(STORAGE 0 10 /m);
$d->gives('words of STATUS too', 'status inbox (Deleted deleted-storage)',
    qr/DELETED 0 DELETED-STORAGE 0/);
$d->done;
fresh(entry(0, 0));
$d->line;
$d->gives('no limit, an empty list', 'GETQUOTA "ROOT"',
    qr/^\* QUOTA "ROOT" \(\)$/m);
$d->done;

# RFC 9208 has a code for it, beside Courier's line.
fresh("10S\n" . entry(0, 0));
$d->send("p APPEND INBOX {5}\r\n");
$d->line;
$d->send("hello\r\n");
like($d->line, qr/^p OK/, 'fits');
$d->send("q APPEND INBOX {5}\r\n");
$d->line;
$d->send("hello\r\n");
is($d->line, '* NO [OVERQUOTA] You exceeded your mail quota.', 'OVERQUOTA');
is($d->line, 'q NO [ALERT] You exceeded your mail quota.', 'ALERT');
$d->answer('s SELECT INBOX');
for my $command ('COPY 1 INBOX.A', 'UID COPY 1 INBOX.A') {
	$d->gives("OVERQUOTA: $command", $command,
	    qr/\A\* NO \[OVERQUOTA\] .*\nNO \[ALERT\] /);
}
$d->done;
fresh("10S\n" . entry(10, 1), IMAP_EXTENSIONS => 'none');
$d->send("q APPEND INBOX {5}\r\n");
$d->line;
$d->send("hello\r\n");
is($d->line, 'q NO [ALERT] You exceeded your mail quota.', 'ALERT alone');
$d->done;

# ---- IMAP_QUOTA_COUNTS_TRASH

fresh("10000S,100C\n" . entry(0, 0), IMAP_QUOTA_COUNTS_TRASH => 1);
$want = "10000S,100C\n" . entry(0, 0);
append('INBOX', '\Deleted');
append('INBOX.Trash', '');
is(size(), $want .= entry($each, 1) x 2, 'both count');
$d->answer('a SELECT INBOX');
$d->answer('b STORE 1 -FLAGS (\Deleted)');
$d->answer('c STORE 1 +FLAGS (\Deleted)');
is(size(), $want, 'nothing changes with the flag');
$d->answer('d COPY 1 INBOX.Trash');
is(size(), $want .= entry($each, 1), 'COPY to the trash');
$d->answer('e EXPUNGE');
is(size(), $want .= entry(-$each, -1), 'EXPUNGE takes it off');
$d->answer('f DELETE INBOX.A');
is(size(), "10000S,100C\n" . entry(2 * $each, 2), 'counted anew, too');
$d->done;

# What others may leave there.
for my $odd ('', "hello\n", "9000S", "99999999999999999999999S\n1 1\n",
    "10S10C\n\n\nx y z\n-\n" . entry(1, 1) . '5 1', "\0\0\0", "x" x 6000,
    "5000S,100C\n" . entry(-1, -5)) {
	fresh($odd);
	my $name = length $odd > 30 ? length($odd) . ' bytes' : $odd;
	like(append('INBOX', ''), qr/^p (?:OK|NO \[ALERT\] You)/,
	    "odd file: " . $name =~ s/[\0\n]/./gr);
	$d->done;
}
fresh("100000S\n" . entry(1, 1) x 250);
append('INBOX', '');
is(size(), "100000S\n" . entry(0, 0) . entry($each, 1), 'too long: made anew');
$d->done;
plan_done();
