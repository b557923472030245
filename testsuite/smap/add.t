#!/usr/bin/perl
# SMAP1: ADD.  SPDX-License-Identifier: ISC
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Smap;

my $home = Dialogue::home('dst', 'Outbox');
my $m = "$home/Maildir";
spew("$home/sendmail", <<"END");
#!/bin/sh
test ! -e '$home/fail' || exit 75
{ for a; do printf '<%s>' "\$a"; done; echo; cat; } >>'$home/sent'
END
chmod 0755, "$home/sendmail";
my $d = Smap->new(home => $home, env => { SENDMAIL => "$home/sendmail",
    HEADERFROM => 'X-IMAP-Sender', AUTHENTICATED => 'alice', OUTBOX => '.Outbox', TZ => 'UTC' });

sub sent {
	my $was = slurp("$home/sent");
	unlink "$home/sent";
	return $was;
}

# The file that the last ADD made.
sub stored {
	my ($folder) = @_;
	my @files = map { [stat $_, $_] } glob "$m/$folder/cur/*";
	my ($last) = map { $_->[-1] } sort { $b->[-1] cmp $a->[-1] } @files;
	return slurp($last // 'none');
}

$d->talk(<<'END');
C: ADD
S: +OK So far, so good...
C: ADD OTHER "INTERNALDATE2=x"
S: +OK So far, so good...
C: ADD {.10}
S: -ERR There is no folder and no recipient.
C: ADD FOLDER foo
S: -ERR Invalid folder: Invalid argument
C: ADD FOLDER INBOX none
S: +OK Will add to this folder
C: ADD {.10}
S: -ERR No such file or directory
C: ADD FLAGS=SEEN,MARKED
S: +OK FLAGS set
C: ADD KEYWORDS=k1,k2
S: +OK KEYWORDS set
C: ADD "INTERNALDATE=Mon, 02 Jan 2023 10:00:01 +0000"
S: +OK INTERNALDATE set
C: ADD INTERNALDATE=x
S: -ERR Cannot add: Invalid argument
C: ADD FOLDER INBOX
S: +OK Will add to this folder
C: ADD {.100}
S: > Go ahead
C- Subject: x\n\n..body\r\n...\n.x\n..\r\nend\r\n.\r\n
S: * ADD <<"UID=\d+\.M\d+P\d+V\w+\.\S+,S=29">>
S: +OK Message saved
END
is(stored(''), "Subject: x\n\n.body\n..\nx\n.\nend\n",
    'one leading dot is removed');
$d->talk(<<'END');
C: OPEN INBOX
S: * EXISTS 1
S: +OK Folder opened
C: FETCH 1 FLAGS KEYWORDS INTERNALDATE
S: * FETCH 1 FLAGS=MARKED,SEEN "KEYWORDS=k1,k2" "INTERNALDATE=Mon, 02 Jan 2023 10:00:01 +0000"
S: +OK Message retrieved.
C: ADD {.1}
S: -ERR There is no folder and no recipient.
C: ADD FLAGS=DRAFT FOLDER INBOX "" {10/25}
S: > Go ahead
C- Subject: y11\n\nhello worl7\nd\n.\nend\n
S: * ADD <<"UID=.*,S=29">>
S: +OK Message saved
C: NOOP
S: * EXISTS 2
S: +OK Folder updated
C: FETCH 2 FLAGS KEYWORDS
S: * FETCH 2 FLAGS=DRAFT "KEYWORDS="
S: +OK Message retrieved.
END
is(stored(''), "Subject: y\nhello world\n.\nend\n", 'chunks');
$d->talk(<<'END');
C: ADD FOLDER INBOX
S: +OK Will add to this folder
C: RSET
S: +OK Reset
C: ADD {.1}
S: -ERR There is no folder and no recipient.
C: ADD FOLDER INBOX dst
S: +OK Will add to this folder
C: ADD {0/0}
S: > Go ahead
C- end\n
S: * ADD <<"UID=.*,S=1">>
S: +OK Message saved
C: ADD FOLDER INBOX dst "" {4/4}
S: > Go ahead
C- abcdnot a number\nNOOP\n
S: * ADD <<"UID=.*,S=5">>
S: +OK Message saved
S: +OK Folder updated
C: ADD FOLDER INBOX dst "" {.}
S: +OK Will add to this folder
C: ADD {1/} {x} {1}
S: +OK So far, so good...
C- ADD {.5}\n.\n
S: > Go ahead
S: * ADD <<"UID=.*">>
S: +OK Message saved
C: ADD FOLDER INBOX KEYWORDS=x
S: +OK Will add to this folder
C: ADD {.5}
S: -ERR No such file or directory
C: ADD "KEYWORDS=a b" FOLDER INBOX "" {.1}
S: > Go ahead
C- x\n.\n
S: -ERR Cannot add message: Invalid argument
END
is($d->ask('STATUS FULL INBOX'),
    "* STATUS EXISTS=2 UNSEEN=1\n+OK Folder status retrieved\n",
    'nothing was left');

# Lines that are cut anywhere.
my $text = join '', map { "$_\n" } 'Subject: z', '', ('.') x 3, '..', '.a',
    'x' x 20000, ".\r.", 'end';
(my $stuffed = $text) =~ s/^\./../mg;
$d->ask('ADD FOLDER INBOX dst "" {.9}');
for (split //, substr $stuffed, 0, 60) {
	$d->send($_);
	select undef, undef, undef, 0.002;
}
$d->send(substr($stuffed, 60) . ".\n");
like($d->line, qr/^\* ADD /, 'byte by byte');
is($d->line, '+OK Message saved', 'saved');
(my $want = $text) =~ s/\r//g;
ok(stored('.dst') eq $want, 'as it was');

# Sending.
$d->talk(<<'END');
C: ADD MAILFROM=a@b.test
S: +OK MAIL FROM set
C: ADD RCPTTO=c@d.test RCPTTO=e@f.test
S: +OK RCPT TO set
C: ADD NOTIFY=NEVER
S: +OK NOTIFY set
C: ADD RCPTTO=-oQ/tmp
S: -ERR Cannot add: Invalid argument
C: ADD RCPTTO=
S: -ERR Cannot add: Invalid argument
C: ADD MAILFROM=-x
S: -ERR Cannot add: Invalid argument
C: ADD {.1}
S: > Go ahead
C- Subject: s\n\nbody\n.\n
S: +OK Message saved
END
is(sent(), '<-oi><-f><a@b.test><-N><NEVER><c@d.test><e@f.test>' .
    "\nX-IMAP-Sender: alice\nSubject: s\n\nbody\n", 'sent only');
$d->talk(<<'END');
C: ADD RCPTTO=c@d.test MAILFROM= FOLDER INBOX Outbox
S: +OK Will add to this folder
C: ADD {.1}
S: > Go ahead
C- Subject: t\n\nbody\n.\n
S: * ADD <<"UID=.*">>
S: +OK Message saved
END
is(sent(), "<-oi><-f><><c\@d.test>\nX-IMAP-Sender: alice\nSubject: t\n\n" .
    "body\n", 'sent once, and stored in the outbox');
is(stored('.Outbox'), "Subject: t\n\nbody\n", 'stored');
$d->talk(<<'END');
C: ADD FOLDER INBOX Outbox
S: +OK Will add to this folder
C: ADD {.1}
S: > Go ahead
C- To: x\n\nbody\n.\n
S: * ADD <<"UID=.*">>
S: +OK Message saved
END
is(sent(), "<-oi><-t><-f><alice>\nX-IMAP-Sender: alice\nTo: x\n\nbody\n",
    'the outbox by itself');
spew("$home/fail", '');
$d->talk(<<'END');
C: ADD RCPTTO=c@d.test FOLDER INBOX dst
S: +OK Will add to this folder
C: ADD {.1}
S: > Go ahead
C- Subject: t\n\nbody\n.\n
S: -ERR Message send FAILED.
C: STATUS FULL INBOX dst
S: * STATUS EXISTS=4 UNSEEN=4
S: +OK Folder status retrieved
END
my $many = 'ADD' . ' RCPTTO=a@b.test' x 999;
is($d->ask($many), "+OK RCPT TO set\n", '999 recipients');
is($d->ask('ADD RCPTTO=x RCPTTO=y'), "-ERR Cannot add: File name too long\n",
    'no more than 1000');
$d->ask('ADD FLAGS=SEEN FOLDER INBOX ' . 'x' x 200) for 1 .. 6000;
is($d->ask('ADD {.1}'), "-ERR No such file or directory\n",
    'too much is forgotten');
my @tmp = glob "$m/tmp/* $m/.dst/tmp/* $m/.Outbox/tmp/*";
is("@tmp", '', 'nothing is left in tmp');
$d->done;

# The client goes amid a message.
$d = Smap->new(home => $home);
$d->ask('ADD FOLDER INBOX');
$d->ask('ADD {.1}');
$d->send("Subject: lost\n\n");
$d->done;
like($d->log_text, qr/^INFO: DISCONNECTED/m, 'gone');
@tmp = glob "$m/tmp/*";
is("@tmp", '', 'nothing is left');

# Quota.
spew("$m/maildirsize", "100S\n0 0\n");
$d = Smap->new(home => $home, env => { MAILDIRQUOTA => '100S' });
$d->talk(<<'END');
C: ADD FOLDER INBOX
S: +OK Will add to this folder
C- ADD {.1}\nSubject: u\n\n0123456789012345678901234567890123456789\n0123456789012345678901234567890123456789012345678901234567890\n.\n
S: > Go ahead
S: -ERR Cannot add message: Disk quota exceeded
C: NOOP
S: +OK Folder updated
END
$d->done;
plan_done();
