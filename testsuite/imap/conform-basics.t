#!/usr/bin/perl
# doc/conformance.md: RFC 3501, sections 2 to 6.2, 7 and 9.
# SPDX-License-Identifier: ISC
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Dialogue;

my $top = "$FindBin::Bin/../..";
my @mail = map "From: a\@b.example\nSubject: m$_\n\nbody $_\n", 1 .. 4;
my $d = Dialogue->new(mail => \@mail, folders => ['b']);
$d->line;
my $m = $d->{maildir};

# ---- 2.2, 5.5, 6.1

$d->gives("an extra argument is BAD: $_", $_, qr/\ABAD /)
    for 'NOOP x', 'SELECT INBOX x', 'LOGOUT x', 'CREATE INBOX.x y',
    'STATUS INBOX.b () c';
$d->gives("a missing argument is BAD: $_", $_, qr/\ABAD /)
    for 'SELECT', 'CREATE', 'STATUS INBOX', 'RENAME INBOX.b', 'ID';
$d->gives('an unknown command is BAD', 'XFOO', qr/\ABAD /);
$d->gives('a command in the wrong state is BAD', 'FETCH 1 FLAGS',
    qr/\ABAD /);
$d->gives('a second LOGIN is BAD', 'LOGIN a b', qr/\ABAD /);
$d->gives('CAPABILITY: one line, with IMAP4rev1', 'CAPABILITY',
    qr/\A\* CAPABILITY .*\bIMAP4rev1\b.*\nOK [^\n]*\n\z/);
my %registered = map { $_ => 1 } qw(IMAP4rev1 ENABLE UTF8=ACCEPT UIDPLUS
    CHILDREN NAMESPACE IDLE ID UNSELECT LITERAL+ LITERAL- SASL-IR MOVE QUOTA
    QUOTASET QUOTA=RES-STORAGE QUOTA=RES-MESSAGE ACL SORT SORT=DISPLAY ESORT
    THREAD=ORDEREDSUBJECT THREAD=REFERENCES I18NLEVEL=1 AUTH=PLAIN);
my ($words) = $d->answer('c CAPABILITY') =~ /^\* CAPABILITY (.*)\r$/m;
is(join(' ', grep { !$registered{$_} && !/^X|^RIGHTS=/ }
    split / /, $words), '', 'capabilities are registered, or begin with X');
$d->send("p1 SELECT INBOX\r\np2 STORE 1 +FLAGS (\\Deleted)\r\n" .
    "p3 EXPUNGE\r\np4 FETCH 1 UID\r\np5 NOOP\r\n");
my @order;
while (defined(my $line = $d->line)) {
	push @order, $1 if $line =~ /^(p\d|\* 1 (?:EXPUNGE|FETCH \(UID 2\)))/;
	last if $line =~ /^p5/;
}
is("@order", 'p1 p2 * 1 EXPUNGE p3 * 1 FETCH (UID 2) p4 p5',
    'pipelined commands are executed in order');

# ---- 2.3.1.1: unique identifiers

sub selected {
	my ($d, $box) = @_;
	my $text = $d->answer('s SELECT ' . ($box || 'INBOX'));
	my %v = (text => $text);
	$v{lc $1} = $2
	    while $text =~ /\[(UIDVALIDITY|UIDNEXT|UNSEEN) (\d+)\]/g;
	$v{lc $2} = $1 while $text =~ /^\* (\d+) (EXISTS|RECENT)/mg;
	return \%v;
}

sub append {
	my ($d, $box, $what) = @_;
	my $text = "Subject: $what\r\n\r\n$what\r\n";
	return $d->answer("a APPEND $box {" . length($text) . "+}\r\n$text");
}

my $one = selected($d);
is($one->{uidnext}, 5, 'UIDNEXT above all');
$d->gives('UIDNEXT stays without new messages', 'STATUS INBOX (UIDNEXT)',
    qr/UIDNEXT 5\)/);
like(append($d, 'INBOX', 'five'), qr/APPENDUID \d+ 5\]/,
    'a new message has the UID that was foretold');
$d->answer('x UID STORE 5 +FLAGS.SILENT (\Deleted)');
$d->answer('x EXPUNGE');
is(selected($d)->{uidnext}, 6, 'UIDNEXT moves also if the message has gone');
like(append($d, 'INBOX', 'six'), qr/APPENDUID \d+ 6\]/,
    'a UID is never used again');
my $before = $d->answer('u FETCH 1:* UID');
my $again = $d->other;
my $two = selected($again);
is($two->{uidvalidity}, $one->{uidvalidity}, 'UIDVALIDITY stays');
is($again->answer('u FETCH 1:* UID'), $before,
    'UIDs are the same in the next session');
my @uids = $before =~ /UID (\d+)/g;
is("@uids", join(' ', sort { $a <=> $b } @uids),
    'numbers are in the order of ascending UIDs');
$again->done;
my $made = (stat "$m/courierimapuiddb")[9];
select undef, undef, undef, 0.05 while time <= $made;	# it counts seconds
unlink "$m/courierimapuiddb";
$again = $d->other;
ok(selected($again)->{uidvalidity} > $one->{uidvalidity},
    'lost UIDs: a greater UIDVALIDITY');
$again->done;
like($d->answer('x NOOP'), qr/^\* BYE /m,
    'a session that knows the old UIDs is ended');

# ---- 2.3.2, 2.3.3

$d = Dialogue->new(mail => \@mail, folders => ['b']);
$d->line;
$m = $d->{maildir};
is(selected($d)->{recent}, 4, 'new messages are \Recent');
$again = $d->other;
is(selected($again)->{recent}, 0, 'in the first session only');
$d->gives('\Recent cannot be stored', 'STORE 1 +FLAGS (\Recent)',
    qr/\ABAD /);
$d->gives('INTERNALDATE is the time of delivery', 'FETCH 1 INTERNALDATE',
    qr/"14-Nov-2023 22:13:20 \+0000"/);
$d->answer('x COPY 1 INBOX.b');
$again->answer('x EXAMINE INBOX.b');
$again->gives('a copy has the date of its source', 'FETCH 1 INTERNALDATE',
    qr/"14-Nov-2023 22:13:20 \+0000"/);

# ---- 5.2, 5.3, 7: what is said unasked

selected($again);
Dialogue::deliver($m, $mail[0]);
$d->gives('new messages are told by NOOP', 'NOOP', qr/^\* 5 EXISTS$/m,
    qr/^\* 5 RECENT$/m);
$d->gives('nothing is said of what did not change', 'NOOP', qr/\AOK/);
$again->answer('x STORE 2 +FLAGS.SILENT (\Flagged)');
$d->gives('flags of others are told', 'NOOP',
    qr/^\* 2 FETCH \(FLAGS \(\\Flagged \\Recent\)\)$/m);
$again->answer('x STORE 3 +FLAGS.SILENT (\Deleted)');
$again->answer('x EXPUNGE');
$d->gives("no EXPUNGE during $_", $_, qr/^OK/m, not => qr/EXPUNGE$/m)
    for 'FETCH 1:2 FLAGS', 'STORE 1 +FLAGS (\Seen)', 'SEARCH ALL',
    'UID FETCH 1:* UID', 'UID SEARCH ALL', 'UID STORE 1 +FLAGS (\Seen)';
$d->gives('but then', 'NOOP', qr/^\* 3 EXPUNGE\n\* 4 EXISTS$/m);
$again->answer('x STORE 1 +FLAGS.SILENT (\Answered)');
is(defined $d->line(0.5) ? 'said' : '', '',
    'nothing is said while no command is in progress');
$d->gives('the size is told when APPEND changes it',
    "APPEND INBOX {1+}\r\nx", qr/^\* 5 EXISTS$/m);
$d->gives('EXISTS comes with RECENT', 'CHECK', not => qr/EXISTS/);
$_->done for $d, $again;

# ---- 3.4, 5.4, 6.1.3

$d = Dialogue->new;
$d->line;
$d->talk(<<'END');
C: z LOGOUT
S: * BYE <<.*>>
S: z OK LOGOUT completed
EOF:
END
$d->done;
like(slurp("$top/src/session/client.h"), qr/^#define CLIENT_IDLE_MAX\s+1800\b/m,
    'the inactivity timer is half an hour');

# ---- 4.3, 9

$d = Dialogue->new(mail => \@mail);
$d->line;
$d->gives('words in any case', 'sElEcT iNbOx', qr/^\* 4 EXISTS$/m);
$d->gives('words in any case: FETCH', 'fetch 1 (flags uid)',
    qr/FLAGS .* UID 1\)/);
$d->gives('words in any case: SEARCH', 'search Or sEEn uNseen',
    qr/^\* SEARCH 1 2 3 4$/m);
$d->gives('words in any case: flags', 'STORE 1 +flags (\sEEN)',
    qr/FLAGS \(\\Seen \\Recent\)/);
$d->gives('keywords in any case', 'STORE 1 +FLAGS (KW kw)',
    qr/FLAGS \(\\Seen \\Recent KW\)/);
$d->send("n1 NOOP \0\r\nn2 SEARCH SUBJECT \"\0\"\r\n" .
    "n3 SEARCH SUBJECT {1+}\r\n\0\r\nn4 NOOP\r\n");
my @got;
while (defined(my $line = $d->line)) {
	push @got, $1 if $line =~ /^(n\d \w+)/;
	last if $line =~ /^n4/;
}
is("@got", 'n1 BAD n2 BAD n3 BAD n4 OK', 'NUL is refused');
$d->gives('quoted specials', 'SEARCH SUBJECT "\"\\\\"', qr/^\* SEARCH$/m);
$d->gives('the tag is the client\'s', 'NOOP', qr/\AOK/);
$d->gives('no response code but registered ones and MYRIGHTS',
    'SELECT INBOX', qr/\[UIDVALIDITY/,
    not => qr/\[(?!UIDVALIDITY|UIDNEXT|UNSEEN|PERMANENTFLAGS|READ-|MYRIGHTS)/);
$d->gives('no flag but those of the protocol and keywords', 'FETCH 1 FLAGS',
    not => qr/\\(?!Seen|Recent|Answered|Flagged|Deleted|Draft)/);
$d->done;
plan_done();
