#!/usr/bin/perl
# OUTBOX: storing is sending.  SPDX-License-Identifier: ISC
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Dialogue;

my $home = Dialogue::home('Outbox');
my $m = "$home/Maildir";
spew("$home/sendmail", <<"END");
#!/bin/sh
test ! -e '$home/fail' || { echo no way; echo at all; exit 75; }
{ echo "\$*"; cat; } >>'$home/sent'
END
chmod 0755, "$home/sendmail";
my %env = (OUTBOX => '.Outbox', SENDMAIL => "$home/sendmail",
    HEADERFROM => 'X-IMAP-Sender', AUTHENTICATED => 'alice',
    AUTHADDR => 'alice@a.example');
my $text = "To: b\@b.example\r\n\r\nhello\r\n";
my $n = length $text;

sub start {
	my $d = Dialogue->new(home => $home, env => { %env, @_ });
	$d->talk("S: * PREAUTH Ready.\n");
	return $d;
}

sub sent {
	my $was = slurp("$home/sent");
	unlink "$home/sent";
	return $was;
}

sub append {
	my ($d) = @_;
	$d->send("p APPEND INBOX.Outbox {$n}\r\n");
	$d->line;
	$d->send("$text\r\n");
	return $d->line;
}

my $plain = $text =~ s/\r//gr;
my $d = start();
like($d->answer('a CAPABILITY'), qr/ XCOURIEROUTBOX=INBOX\.Outbox\b/,
    'announced');
like(append($d), qr/^p OK \[APPENDUID \d+ 1\]/, 'APPEND');
is(sent(), "-oi -t -f alice\@a.example\n" .
    "X-IMAP-Sender: alice\@a.example\n$plain", 'sent');
my ($file) = glob "$m/.Outbox/cur/*";
is(slurp($file), $plain, 'stored without the line');
$d->answer('b SELECT INBOX.Outbox');
like($d->answer('c COPY 1 INBOX.Outbox'), qr/^c OK/m, 'COPY of one');
like(sent(), qr/^X-IMAP-Sender: .*\nTo: /m, 'sent');
like($d->answer('d COPY 1:2 INBOX.Outbox'),
    qr/^d NO \[ALERT\] Only one message may be sent at a time\.\r$/m,
    'not of two');
is(sent(), '', 'not sent');
spew("$home/fail", '');
is(append($d), 'p NO [ALERT] Unable to send E-mail message.', 'refused');
like($d->answer('e COPY 1 INBOX.Outbox'), qr/^e NO \[ALERT\] COPY failed/m,
    'COPY refused');
is(scalar(() = glob "$m/.Outbox/cur/*"), 2, 'nothing was stored');
is(scalar(() = glob "$m/.Outbox/tmp/*"), 0, 'nothing was left');
$d->done;
like($d->log_text,
    qr{^ERR: error sending a message, user=alice: no way/at all/$}m, 'log');
unlink "$home/fail";

$d = start(OUTBOX_MULTIPLE_SEND => 1, HEADERFROM => '', AUTHADDR => '');
$d->answer('a SELECT INBOX.Outbox');
like($d->answer('b COPY 1:2 INBOX.Outbox'), qr/^b OK/m, 'two if allowed');
is(sent(), "-oi -t -f alice\n$plain" x 2, 'no header, the login name');
$d->answer('c CREATE INBOX.other');
like($d->answer('d COPY 1 INBOX.other'), qr/^d OK/m, 'another folder');
is(sent(), '', 'is not sent');
$d->done;

$d = start(SENDMAIL => "$home/nothing");
is(append($d), 'p NO [ALERT] Unable to send E-mail message.', 'no program');
$d->done;
plan_done();
