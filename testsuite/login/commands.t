#!/usr/bin/perl
# imaplogin before a login: greeting, capabilities, commands, limits, ends.
# SPDX-License-Identifier: ISC
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Private qw(:all);
use Test::More;
use Login;

my $who = 'ip=\[::ffff:192\.0\.2\.7\], port=\[4711\]';

# The time limit takes its minute (12.2 #8): it begins first and is looked at
# last.
my $idle = Login->new(IMAP_CAPABILITY => 'IMAP4rev1');
my $idle_since = now();
$idle->line;

# One that sends a byte now and then has no more time.
my $drip = Login->new;
$drip->line;
start({ code => sub {
	for (1 .. 150) {
		syswrite $drip->{s}, 'x' or last;
		select undef, undef, undef, 0.5;
	}
	close $drip->{s};
} });

my $l = Login->new(IMAP_CAPABILITY =>
    'IMAP4rev1 UIDPLUS X-NEVER THREAD=NEVER IDLE', IMAP_EXTENSIONS => 'none');
is $l->line, '* OK [CAPABILITY IMAP4rev1 UIDPLUS IDLE ENABLE UTF8=ACCEPT] Chapar ready '
    . '(Courier-compatible).', 'greeting: words that we lack are left out';
ok wait_for(30, sub { $l->log eq
    "DEBUG: Connection, ip=[::ffff:192.0.2.7], port=[4711]\n" }),
    'and the log line';
is $l->cmd('a CAPABILITY'), "* CAPABILITY IMAP4rev1 UIDPLUS IDLE ENABLE UTF8=ACCEPT\n"
    . 'a OK CAPABILITY completed', 'CAPABILITY';
is $l->cmd('b nOOp'), 'b OK NOOP completed', 'NOOP';
is $l->cmd('c NOOP x'), 'c NO Error in IMAP command received by server.',
    'NOOP with an argument';
is $l->cmd('d ID ("name" "x" "os" NIL)'),
    "* ID (\"name\" \"Chapar\" \"vendor\" \"The Chapar project\")\n"
    . 'd OK ID completed', 'ID before login';
like $l->log, qr/^INFO: ID, $who, name=x, os=\(nil\)$/m, 'is logged';
is $l->cmd('e ID NIL'), "* ID (\"name\" \"Chapar\" \"vendor\" \"The Chapar "
    . "project\")\ne OK ID completed", 'ID NIL';
is $l->cmd("f $_"), 'f NO Error in IMAP command received by server.', $_
    for 'ID', 'ID ("name")', 'SELECT INBOX', 'ENABLE X', 'STARTTLS',
    'NOSUCH';
is $l->send("\r\n")->line, '* NO Error in IMAP command received by server.',
    'an empty line';
is $l->send("\"q\" NOOP\r\n")->line,
    '* NO Error in IMAP command received by server.', 'a quoted tag';
is $l->cmd('g LOGOUT'), "* BYE Courier-IMAP server shutting down\n"
    . 'g OK LOGOUT completed', 'LOGOUT';
is $l->rest, '', 'and the end';
is $l->ended, 0, 'status 0';
like $l->log, qr/^INFO: LOGOUT, $who, rcvd=\d+, sent=\d+$/m, 'its log line';

# What is announced.
sub capa {
	my (%env) = @_;
	my $c = Login->new(%env);
	return $c->line =~ /^\* OK \[CAPABILITY ([^]]*)\]/ ? $1 : 'none';
}

is capa(IMAP_CAPABILITY => '', IMAP_EXTENSIONS => 'none'),
    'IMAP4rev1 ENABLE UTF8=ACCEPT', 'an empty IMAP_CAPABILITY';
is capa(IMAP_CAPABILITY => 'IMAP4rev1 idle UIDPLUS', IMAP_EXTENSIONS =>
    'UNSELECT MOVE NEVER'),
    'IMAP4rev1 idle UIDPLUS ENABLE UTF8=ACCEPT UNSELECT MOVE',
    'a list of extensions';
my $all = capa(IMAP_CAPABILITY => 'UIDPLUS IMAP4rev1');
like $all, qr/^UIDPLUS IMAP4rev1 /, 'the order is the settings\'';
like $all, qr/ $_\b/, "all extensions: $_"
    for qw(CHILDREN NAMESPACE ID IDLE UNSELECT MOVE SASL-IR);
like $all, qr/ LITERAL\+( |$)/, 'all extensions: LITERAL+';
my %seen;
ok !(grep { $seen{$_}++ } split / /, $all), 'no word twice';
is capa(IMAP_CAPABILITY => 'IMAP4rev1', IMAP_CAPABILITY_TLS =>
    'IMAP4rev1 AUTH=PLAIN', IMAP_EXTENSIONS => 'none', IMAP_TLS => 1),
    'IMAP4rev1 AUTH=PLAIN ENABLE UTF8=ACCEPT', 'under TLS another list';
is capa(IMAP_CAPABILITY => 'IMAP4rev1', IMAP_ID_FIELDS => '',
    IMAP_EXTENSIONS => 'none'), 'IMAP4rev1 ID ENABLE UTF8=ACCEPT', 'IMAP_ID_FIELDS';
is(Login->new(IMAP_GREETING => 'Hello.', IMAP_EXTENSIONS => 'none')->line,
    '* OK [CAPABILITY IMAP4rev1 ENABLE UTF8=ACCEPT] Hello.', 'IMAP_GREETING');

# A site that requires TLS gets no password in clear text.
$l = Login->new(IMAP_TLS_REQUIRED => 1, IMAP_EXTENSIONS => 'none');
like $l->line, qr/\[CAPABILITY IMAP4rev1 LOGINDISABLED ENABLE UTF8=ACCEPT\]/,
    'LOGINDISABLED';
is $l->cmd('a LOGIN joe right'), 'a NO STARTTLS required', 'LOGIN';
is $l->cmd('b AUTHENTICATE PLAIN'), 'b NO STARTTLS required', 'AUTHENTICATE';
$l = Login->new(IMAP_TLS_REQUIRED => 1, IMAP_TLS => 1);
unlike $l->line, qr/LOGINDISABLED/, 'not under TLS';

# Ten violations in a row.
$l = Login->new;
$l->line;
$l->cmd('a BAD') for 1 .. 9;
$l->cmd('a NOOP');
is $l->cmd('a BAD'), 'a NO Error in IMAP command received by server.',
    'a good command begins the count again';
$l->cmd('a BAD') for 1 .. 8;
like $l->cmd('a BAD'), qr/^\* BYE \[ALERT\] Fatal error: TOO MANY CONSECUTIVE PROTOCOL VIOLATIONS: $/m,
    'the tenth';
like $l->log, qr/^ERR: \(null\): TOO MANY CONSECUTIVE PROTOCOL VIOLATIONS$/m,
    'logged';

# Too much of something.
my $no = 'NO Error in IMAP command received by server.';
my $long = "* NO [ALERT] IMAP command too long.\n";
$l = Login->new;
$l->line;
# 12.2 #13
is $l->cmd('a LOGIN "' . 'x' x 9000 . '" y'), $long . "a $no",
    'a long quoted string: said once';
is $l->cmd('a LOGIN ' . 'x' x 70000 . ' y'), $long . "a $no", 'a long atom';
is $l->cmd('a LOGIN {99999}'), $long . "a $no", 'a long literal is not taken';
is $l->cmd('a LOGIN {4294967295}'), $long . "a $no", 'nor this';
like $l->cmd('a LOGIN {99999999999999999999999}'), qr/a \Q$no\E$/, 'nor that';
is $l->cmd('a ID ' . '(' x 200 . ')' x 200), $long . "a $no",
    'nested deeply';
is $l->send('a LOGIN {20000+}' . "\r\n" . 'x' x 20000 . " y\r\nb NOOP\r\n")
    ->lines(3), $long . "a $no\nb OK NOOP completed",
    'a long literal that comes anyway is dropped';
$l = Login->new(IMAP_CAPABILITY => 'IMAP4rev1 LITERAL-',
    IMAP_EXTENSIONS => 'none');
$l->line;
is $l->send("a LOGIN {5000+}\r\n" . 'x' x 5000 . " y\r\nb NOOP\r\n")->lines(3),
    $long . "a $no\nb OK NOOP completed", 'LITERAL-: 4096 at most';
$l = Login->new;
$l->line;
is $l->send("a LOGIN {300000000+}\r\nxxx")->lines(2), $long . "a $no",
    'more than will be dropped';
like $l->rest, qr/^\* BYE \[ALERT\] IMAP command too long\.$/,
    'ends the connection';

# The client goes; a signal comes.
$l = Login->new;
$l->line;
shutdown $l->{s}, 1;
is $l->ended, 0, 'the client closes';
like $l->log, qr/^DEBUG: Disconnected, $who, time=\d+$/m, 'logged';
$l = Login->new(IMAP_TLS => 1);
$l->line;
$l->send('half a line');
select undef, undef, undef, 0.2;
kill 'TERM', $l->{pid};
is $l->line, '* BYE Courier-IMAP server shut down by signal.', 'TERM: told';
is $l->ended, 0, 'and ended at once';
like $l->log, qr/^NOTICE: Disconnected during shutdown by signal, $who, time=\d+, starttls=1$/m,
    'logged';

# How it is called.
$l = Login->new(args => ['only one']);
is $l->rest, '* BYE imaplogin expected exactly two arguments.',
    'wrong arguments';
isnt $l->ended, 0, 'status';
$l = Login->new(TCPREMOTEIP => undef, TCPREMOTEPORT => undef,
    TCPLOCALPORT => undef);
$l->line;
ok wait_for(30, sub { $l->log =~
    /^DEBUG: Connection, ip=\[127\.0\.0\.1\], port=\[N\/A\]$/m }),
    'without couriertcpd';

is $idle->line(70), '* BYE Disconnected for inactivity.', 'the time limit';
is $idle->rest, '', 'closed';
my $took = $idle->logged_at - $idle_since;
ok $took > 58 && $took < 75, 'of a minute' or diag $took;
like $idle->log, qr/^INFO: TIMEOUT, $who, time=(59|6\d|7[0-5])$/m, 'logged';
is $drip->line(30), '* BYE Disconnected for inactivity.',
    'for one that sends a byte now and then, too';
like $drip->log, qr/^INFO: TIMEOUT, $who, time=(59|6\d|7[0-5])$/m, 'logged';
done_testing();
