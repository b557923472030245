#!/usr/bin/perl
# doc/conformance.md: RFC 3501, sections 5.1 and 6.3; RFC 2683, names.
# SPDX-License-Identifier: ISC
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Dialogue;

my $text = "From: a\@b.example\nSubject: x\n\n\xe9 body\n";
my $d = Dialogue->new(mail => [$text], folders => ['b', "n\xc3\xa9", 'n&y']);
$d->line;
my $m = $d->{maildir};

# ---- 5.1: names

$d->gives('LIST says nothing in 8 bits', 'LIST "" "*"',
    qr/"INBOX\.n&AOk-"/, not => qr/[\x80-\xff]/);
$d->gives('an ampersand is written &-', 'LIST "" "INBOX.n*"',
    qr/"INBOX\.n&-y"/);
$d->gives('INBOX in any case', 'STATUS iNbOx (MESSAGES)', qr/MESSAGES 1/);
$d->gives('one separator everywhere', 'LIST "" "*"',
    not => qr/^\* LIST \([^)]*\) (?!"\.")/m);
$d->gives("not UTF-7: $_", "CREATE $_", qr/\A(?:BAD|NO) /)
    for 'INBOX.&bad', 'INBOX.&AOk', 'INBOX.x&AGE-', 'INBOX.&AOk-&AOk-',
    'INBOX.&2AA-';
$d->gives('another case of base64 is another name', 'STATUS INBOX.n&aok- ()',
    qr/\ANO /);
$d->gives('special characters', 'CREATE "INBOX.a \"q\" \\\\ % *"', qr/\AOK/);
$d->gives('and so they are listed', 'LIST "" "INBOX.a*"',
    qr/^\* LIST \(.*\) "\." "INBOX\.a \\"q\\" \\\\ % \*"$/m);
$d->gives('every listed name can be a reference', 'LIST "INBOX.b." "%"',
    qr/\AOK/);
my @names = $d->answer('l LIST "" "*"') =~ /^\* LIST .* ("[^\r]*")\r$/mg;
my @bad = grep { $d->answer("l STATUS $_ ()") !~ /^l OK/m } @names;
is("@bad", '', 'every listed name can be used');

# ---- 6.3.1, 6.3.2

my $said = $d->gives('SELECT says FLAGS, EXISTS, RECENT and four codes',
    'SELECT INBOX', qr/^\* FLAGS \(/m, qr/^\* 1 EXISTS$/m,
    qr/^\* 1 RECENT$/m, qr/^\* OK \[UNSEEN 1\]/m,
    qr/^\* OK \[PERMANENTFLAGS \(/m, qr/^\* OK \[UIDNEXT 2\]/m,
    qr/^\* OK \[UIDVALIDITY \d+\]/m);
like($said, qr/^OK \[READ-WRITE\]/m, 'READ-WRITE');
$d->answer('x CLOSE');
Dialogue::deliver($m, $text);
$d->gives('EXAMINE says the same, READ-ONLY', 'EXAMINE INBOX',
    qr/^\* FLAGS \(/m, qr/^\* 2 EXISTS$/m, qr/^\* OK \[UIDNEXT 3\]/m,
    qr/^OK \[READ-ONLY\]/m);
$d->gives("EXAMINE changes nothing: $_", $_, not => qr/^\* 1 FETCH .*Seen/m)
    for 'FETCH 1 BODY[]', 'STORE 1 +FLAGS (\Seen)', 'CLOSE';
$d->gives('nor loses \Recent', 'SELECT INBOX', qr/^\* 1 RECENT$/m,
    qr/\[UNSEEN 1\]/);
$d->gives('a failed SELECT leaves none selected', 'SELECT INBOX.none',
    qr/\ANO /);
$d->gives('none is', 'CHECK', qr/\ABAD /);

# ---- 6.3.3 to 6.3.6

$d->gives('a separator at the end is ignored', 'CREATE INBOX.t.', qr/\AOK/);
$d->gives('CREATE makes what is above', 'CREATE INBOX.u.v.w', qr/\AOK/);
$d->gives('it is listed', 'LIST "" "INBOX.u*"', qr/"INBOX\.u"$/m,
    qr/"INBOX\.u\.v"$/m, qr/"INBOX\.u\.v\.w"$/m);
$d->gives('CREATE of INBOX', 'CREATE inbox', qr/\ANO /);
$d->gives('CREATE of what is there', 'CREATE INBOX.b', qr/\ANO /);
my ($v1) = $d->answer('x STATUS INBOX.u.v.w (UIDVALIDITY)') =~
    /UIDVALIDITY (\d+)/;
$d->gives('DELETE', 'DELETE INBOX.u.v.w', qr/\AOK/);
$d->answer('x CREATE INBOX.u.v.w');
my ($v2) = $d->answer('x STATUS INBOX.u.v.w (UIDVALIDITY)') =~
    /UIDVALIDITY (\d+)/;
ok($v2 > $v1, 'created again: another UIDVALIDITY');
$d->answer('x CREATE INBOX.u');
$d->gives('DELETE of a parent', 'DELETE INBOX.u', qr/\AOK/);
$d->gives('leaves what is below', 'LIST "" "INBOX.u*"',
    qr/^\* LIST \(\\Noselect \\HasChildren\) "\." "INBOX\.u"$/m,
    qr/"INBOX\.u\.v\.w"$/m);
$d->gives('DELETE of INBOX', 'DELETE INBOX', qr/\ANO /);
$d->gives('DELETE of what is not there', 'DELETE INBOX.none', qr/\ANO /);
$d->answer("x APPEND INBOX.b {1+}\r\nx");
$d->gives('DELETE of one with messages', 'DELETE INBOX.b', qr/\AOK/);
$d->answer('x CREATE INBOX.b');
$d->gives('STATUS of \Noselect', 'STATUS INBOX.u ()', qr/\ANO /);
my ($v3) = $d->answer('x STATUS INBOX.u.v.w (UIDVALIDITY)') =~
    /UIDVALIDITY (\d+)/;
$d->gives('RENAME, with what is above it', 'RENAME INBOX.u.v INBOX.r.s.t',
    qr/\A(?:OK|NO)/);
$d->gives('what was below went with it', 'LIST "" "INBOX.r*"',
    qr/"INBOX\.r\.s\.t\.w"$/m, qr/"INBOX\.r\.s"$/m);
$d->answer('x CREATE INBOX.u.v.w');
my ($v4) = $d->answer('x STATUS INBOX.u.v.w (UIDVALIDITY)') =~
    /UIDVALIDITY (\d+)/;
ok($v4 != $v3, 'the old name again: another UIDVALIDITY');
$d->gives('RENAME of what is not there', 'RENAME INBOX.none INBOX.z',
    qr/\ANO /);
$d->gives('RENAME to what is there', 'RENAME INBOX.b INBOX.u.v.w',
    qr/\ANO /);
$d->gives('SUBSCRIBE', 'SUBSCRIBE INBOX.u.v.w', qr/\AOK/);
$d->answer('x DELETE INBOX.u.v.w');
$d->gives('a subscription stays when the mailbox goes', 'LSUB "" "INBOX.u*"',
    qr/"INBOX\.u\.v\.w"$/m);
$d->gives('LSUB % shows the level above, \Noselect', 'LSUB "" "INBOX.%"',
    qr/^\* LSUB \(\\Noselect[^)]*\) "\." "INBOX\.u"$/m,
    not => qr/"INBOX\.u\.v/);

# ---- 6.3.8

$d->gives('LIST returns what matches', 'LIST "" "INBOX.%.s"',
    qr/"INBOX\.r\.s"$/m, not => qr/^\* LIST .*(?<!\.s)"$/m);
$d->gives('the reference is a prefix', 'LIST INBOX.r "%"',
    qr/^\* LIST \(.*\) "\." "INBOX\.r\.s"$/m);
$d->gives('with or without its separator', 'LIST INBOX.r. "%"',
    qr/^\* LIST \(.*\) "\." "INBOX\.r\.s"$/m);
$d->gives('an empty name asks for the separator', 'LIST "" ""',
    qr/^\* LIST \(\\Noselect\) "\." ""$/m);
$d->gives('\Noselect is not \Marked', 'LIST "" "*"',
    not => qr/\\Noselect[^)]*\\(?:Unm|M)arked|\\(?:Unm|M)arked[^)]*\\Noselect/);

# ---- 6.3.10

Dialogue::deliver("$m/.b", $text);
$d->gives('STATUS leaves \Recent', 'STATUS INBOX.b (RECENT UNSEEN)',
    qr/RECENT 1 UNSEEN 1/) for 1, 2;
$d->gives('it is there for SELECT', 'SELECT INBOX.b', qr/^\* 1 RECENT$/m);
$d->gives('STATUS does not select', 'STATUS INBOX (MESSAGES)',
    qr/MESSAGES 2/);
$d->gives('the other is still selected', 'FETCH 1 UID', qr/UID 1/);

# ---- 6.3.11

sub append {
	my ($box, $opts, $text) = @_;
	return "APPEND $box $opts" . ($opts eq '' ? '' : ' ') . '{' .
	    length($text) . "+}\r\n$text";
}
my $eight = "Subject: \xc3\xa9\r\nX: \xff\r\n\r\n\xe9\x80\r\n";
$d->gives('APPEND keeps 8 bits, flags and date',
    append('INBOX.b', '(\Seen kw) "01-Feb-2021 03:04:05 +0100"', $eight),
    qr/^OK \[APPENDUID/m, qr/^\* 2 EXISTS$/m);
my $got = $d->answer('x FETCH 2 (FLAGS INTERNALDATE BODY.PEEK[])');
ok(index($got, $eight) > 0, 'all octets are there');
like($got, qr/FLAGS \(\\Seen kw\) INTERNALDATE "01-Feb-2021 02:04:05 \+0000"/,
    'so are its flags and its date');
$d->answer('x ' . append('INBOX.b', '', "x\r\n"));
$d->gives('without: no flags, and the present', 'FETCH 3 (FLAGS INTERNALDATE)',
    qr/FLAGS \(\) INTERNALDATE "\d\d-\w{3}-20(?!2[0-3])\d\d/);
$d->gives('APPEND to what is not there: TRYCREATE',
    append('INBOX.none', '', 'x'), qr/^NO \[TRYCREATE\]/m);
$d->gives('and it is not created', 'STATUS INBOX.none ()', qr/\ANO /);
$d->gives('a failed APPEND leaves nothing', append('INBOX.b', '(\Foo)', 'x'),
    qr/^BAD/m);
my $late = 'APPEND INBOX.b {1+}' . "\r\nx y";
$d->gives('nor does one that goes on too long', $late, qr/^BAD/m);
$d->gives('nothing was added', 'NOOP', not => qr/EXISTS/);
$d->done;
plan_done();
