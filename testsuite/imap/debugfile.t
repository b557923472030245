#!/usr/bin/perl
# IMAPDEBUGFILE, in Courier's form.  SPDX-License-Identifier: ISC
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Dialogue;

my $home = Dialogue::home();
my $file = "$home/Maildir/imaplog.dat";
spew($file, "old\n");
my $d = Dialogue->new(home => $home,
    env => { IMAPDEBUGFILE => 'imaplog.dat' });
$d->talk("S: * PREAUTH Ready.\n");
$d->answer('b EXAMINE "IN\\\\BOX\\""');
$d->answer('c SELECT INBOX');
$d->answer('f FETCH 1:2,3 (UID BODY.PEEK[HEADER.FIELDS (FROM To)]<0.10> ' .
    'BODY[1.2])');
$d->answer('g FETCH 7 FLAGS');
$d->send("s SEARCH SUBJECT {3}\r\n");
$d->line;
$d->send("a)b OR NIL 12\r\n");
$d->line;
$d->answer('l LOGOUT');
close $d->{to};
waitpid $d->{pid}, 0;

my $text = slurp($file);
like($text, qr/\Aold\nWRITE: \* PREAUTH Ready\.\r\nREAD: ATOM: b\n/,
    'is appended to');
is(join('', $text =~ /^READ: .*\n/gm), join('', map { "READ: $_\n" }
    'ATOM: b', 'ATOM: EXAMINE', 'QUOTED_STRING: IN\\BOX"', 'EOL',
    'ATOM: c', 'ATOM: SELECT', 'ATOM: INBOX', 'EOL',
    'ATOM: f', 'ATOM: FETCH', 'ATOM: 1:2,3', 'LPAREN', 'ATOM: UID',
    'ATOM: BODY.PEEK', 'LBRACKET', 'ATOM: HEADER.FIELDS', 'LPAREN',
    'ATOM: FROM', 'ATOM: To', 'RPAREN', 'RBRACKET', 'ATOM: <0.10>',
    'ATOM: BODY', 'LBRACKET', 'ATOM: 1.2', 'RBRACKET', 'RPAREN', 'EOL',
    'ATOM: g', 'ATOM: FETCH', 'NUMBER: 7', 'ATOM: FLAGS', 'EOL',
    'ATOM: s', 'ATOM: SEARCH', 'ATOM: SUBJECT', '{3}',
    'ATOM: OR', 'NIL', 'NUMBER: 12', 'EOL',
    'ATOM: l', 'ATOM: LOGOUT', 'EOL'), 'each token');
like($text, qr/^WRITE: \* FLAGS .*\r\n\* OK \[PERMANENT.*\r$/m, 'answers');
ok($text !~ /a\)b/, 'no octets of literals');

unlink $file;
$d = Dialogue->new(home => $home, env => { IMAPDEBUGFILE => 'imaplog.dat' });
$d->talk("S: * PREAUTH Ready.\n");
$d->done;
ok(!-e $file, 'only if it is there');
plan_done();
