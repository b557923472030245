#!/usr/bin/perl
# The outbox with Postfix: what is stored there is sent by its sendmail, and
# arrives.  SPDX-License-Identifier: ISC
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Private qw(need_root need workdir wait_for);
use Dialogue;
use Accounts;
use Maria;
use Postfix;

need_root();
need(qw(mariadbd postfix sendmail));

my $dir = workdir();
my $mail = "$dir/mail";
mkdir $mail;
chown 5000, 5000, $mail;
my $db = Maria->new;
Accounts::table($db, 'one@a.test', 'two@a.test', 'three@a.test');
my $mta = Postfix->new(db => $db, base => $mail, uid => 5000,
    query => Accounts::QUERY, domains => 'a.test');

# The system's sendmail, told of this Postfix.
my $home = Dialogue::home('Outbox', 'A');
my $m = "$home/Maildir";
my ($sendmail) = grep { -x } qw(/usr/sbin/sendmail /usr/lib/sendmail);
spew("$home/sendmail", "#!/bin/sh\nexec $sendmail -C '$dir/postfix/etc' \"\$@\"\n");
chmod 0755, "$home/sendmail";

my %env = (OUTBOX => '.Outbox', SENDMAIL => "$home/sendmail",
    HEADERFROM => 'X-IMAP-Sender', AUTHENTICATED => 'one@a.test');

sub start {
	my $d = Dialogue->new(home => $home, env => { %env, @_ });
	$d->talk("S: * PREAUTH Ready.\n");
	return $d;
}

sub append {
	my ($d, $text) = @_;
	my $n = length $text;
	$d->send("p APPEND INBOX.Outbox (\\Seen) {$n}\r\n");
	$d->line;
	$d->send("$text\r\n");
	return $d->line(60);
}

# Messages of a mailbox with this in them, as soon as there are so many.
sub arrived {
	my ($name, $word, $n) = @_;
	my @found;
	wait_for(60, sub {
		@found = grep { /\Q$word\E/ } map { slurp($_) }
		    glob("$mail/$name/Maildir/new/*");
		return @found >= $n;
	});
	return @found;
}

my $text = "From: One <one\@a.test>\r\nTo: two\@a.test\r\n" .
    "Bcc: three\@a.test\r\nSubject: first\r\n\r\nhello\r\n.\r\nthere\r\n";
my $d = start();
like(append($d, $text), qr/^p OK \[APPENDUID \d+ 1\]/, 'APPEND');
my ($got) = arrived('two', 'Subject: first', 1);
like($got || '', qr/^Return-Path: <one\@a\.test>$/m, 'the sender');
like($got || '', qr/^X-IMAP-Sender: one\@a\.test$/m, 'its header field');
like($got || '', qr/\n\nhello\n\.\nthere\n\z/, 'all of the message');
ok(($got || '') !~ /^Bcc:/m, 'but for Bcc');
is(scalar(arrived('three', 'Subject: first', 1)), 1, 'who was sent it');
my ($copy) = glob "$m/.Outbox/cur/*:2,S";
is(slurp($copy || ''), $text =~ s/\r//gr, 'the copy is as it came');

# COPY sends, too; with AUTHADDR it is another sender.
$d->answer('a SELECT INBOX.Outbox');
like($d->answer('b COPY 1 INBOX.Outbox'), qr/^b OK \[COPYUID/m, 'COPY');
is(scalar(arrived('two', 'Subject: first', 2)), 2, 'came again');
$d->done;
$d = start(AUTHADDR => 'alias@a.test', HEADERFROM => '',
    OUTBOX_MULTIPLE_SEND => 1);
$d->answer('a SELECT INBOX.Outbox');
like($d->answer('b COPY 1:2 INBOX.Outbox'), qr/^b OK \[COPYUID/m,
    'COPY of two');
my @all = arrived('two', 'Return-Path: <alias@a.test>', 2);
is(scalar @all, 2, 'both came, from another sender');
is(scalar(grep { /X-IMAP-Sender/ } @all), 0, 'without the field');

# What sendmail does not take is not stored.
my @before = glob "$m/.Outbox/cur/*";
is(append($d, "Subject: to nobody\r\n\r\nx\r\n"),
    'p NO [ALERT] Unable to send E-mail message.', 'no recipient');
$d->done;
like($d->log_text, qr/^ERR: error sending a message, user=one\@a\.test: \S/m,
    'sendmail says why');
is(scalar(() = glob "$m/.Outbox/cur/*"), scalar @before, 'nothing is stored');
is(join(' ', glob "$m/.Outbox/tmp/*"), '', 'nothing is left');
$mta->stop;
$d = start();
like(append($d, $text =~ s/first/later/r), qr/^p OK/,
    'a queue takes it while Postfix is down');
$d->done;
plan_done();
