#!/usr/bin/perl
# SMAP1: STORE, EXPUNGE, COPY, MOVE.  SPDX-License-Identifier: ISC
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Smap;

my $home = Dialogue::home('dst', 'Trash');
my $m = "$home/Maildir";
my $d = Smap->new(home => $home, mail => [map { "Subject: $_\n\nx\n" } 1 .. 6],
    env => { IMAP_MOVE_EXPUNGE_TO_TRASH => 1, IMAP_LOG_DELETIONS => 1 });
$d->talk(<<'END');
C: OPEN INBOX
S: * EXISTS 6
S: +OK Folder opened
C: STORE 1-2 FLAGS=SEEN,MARKED
S: * FETCH 1 FLAGS=MARKED,SEEN
S: * FETCH 2 FLAGS=MARKED,SEEN
S: +OK Folder status updated
C: STORE 1 KEYWORDS=k1,k2 -FLAGS=SEEN +FLAGS=DRAFT,REPLIED
S: * FETCH 1 "KEYWORDS=k1,k2"
S: * FETCH 1 FLAGS=MARKED
S: * FETCH 1 FLAGS=DRAFT,MARKED,REPLIED
S: +OK Folder status updated
C: STORE 1 FLAGS=seen
S: * FETCH 1 FLAGS=SEEN
S: +OK Folder status updated
C: FETCH 1 KEYWORDS
S: * FETCH 1 "KEYWORDS=k1,k2"
S: +OK Message retrieved.
C: STORE 1 +KEYWORDS=k3 -KEYWORDS=k1
S: * FETCH 1 "KEYWORDS=k1,k2,k3"
S: * FETCH 1 "KEYWORDS=k2,k3"
S: +OK Folder status updated
C: STORE 1 KEYWORDS=
S: * FETCH 1 "KEYWORDS="
S: +OK Folder status updated
C: FETCH 1 FLAGS KEYWORDS
S: * FETCH 1 FLAGS=SEEN "KEYWORDS="
S: +OK Message retrieved.
C: STORE 1 "KEYWORDS=a b"
S: -ERR Cannot update folder status: Invalid argument
C: STORE 1 FLAGS=NONE OTHER=x
S: * FETCH 1 FLAGS=
S: +OK Folder status updated
C: STORE 9 FLAGS=SEEN
S: +OK Folder status updated
C: STORE FLAGS=SEEN
S: -ERR Syntax error.
C: STORE 1 "INTERNALDATE=Mon, 02 Jan 2023 10:00:01 +0000"
S: +OK Folder status updated
C: FETCH 1 INTERNALDATE
S: * FETCH 1 "INTERNALDATE=Mon, 02 Jan 2023 10:00:01 +0000"
S: +OK Message retrieved.
C: STORE 1 INTERNALDATE=yesterday
S: -ERR Cannot update folder status: Invalid argument
C: COPY 1-2 "" INBOX dst
S: * COPY 1 <<"NEWUID=\d+\.M\d+P\d+V\w+\.\S+,S=\d+">>
S: * COPY 2 <<"NEWUID=\d+\.M\d+P\d+V\w+\.\S+,S=\d+">>
S: +OK Messages copied.
C: COPY 9 "" INBOX dst
S: +OK Messages copied.
C: COPY 1 INBOX dst
S: -ERR Syntax error.
C: COPY 1 ""
S: -ERR Cannot copy messages: Invalid argument
C: COPY 1 "" INBOX none
S: -ERR Cannot copy messages: No such file or directory
C: MOVE 2 4 "" INBOX dst
S: * COPY 2 <<"NEWUID=.*">>
S: * COPY 4 <<"NEWUID=.*">>
S: * EXPUNGE 2 4
S: +OK Messages copied.
C: STATUS FULL INBOX dst
S: * STATUS EXISTS=4 UNSEEN=2
S: +OK Folder status retrieved
C: MOVE 1 "" INBOX
S: * COPY 1 <<"NEWUID=.*">>
S: * EXPUNGE 1
S: * EXISTS 4
S: +OK Messages copied.
C: STORE 1 FLAGS=DELETED
S: * FETCH 1 FLAGS=DELETED
S: +OK Folder status updated
C: EXPUNGE
S: * EXPUNGE 1
S: +OK Folder updated
C: EXPUNGE
S: +OK Folder updated
C: EXPUNGE 1-2
S: * EXPUNGE 1-2
S: +OK Folder updated
C: EXPUNGE 2 1
S: -ERR Syntax error.
C: EXPUNGE x
S: -ERR Syntax error.
C: EXPUNGE 9
S: +OK Folder updated
END
# What COPY names is what the folder has.
my ($uid) = $d->ask('COPY 1 "" INBOX dst') =~ /NEWUID=([^"]+)"/;
$d->ask('OPEN INBOX dst');
like($d->ask('FETCH 1-9 UID'), qr/^\* FETCH 5 "UID=\Q$uid\E"$/m, 'NEWUID');
ok(-e "$m/.dst/cur/$uid:2,", 'the file');
my @trash = glob "$m/.Trash/cur/*";
is(scalar @trash, 3, 'expunged messages go to the trash');
my $log = $d->log_text;
my @lines = $log =~ /^INFO: EXPUNGED,.*new_name=/mg;
is(scalar @lines, 3, 'and are logged');
$d->done;

# A message that went behind our back.
$home = Dialogue::home('dst');
$m = "$home/Maildir";
Dialogue::deliver($m, "Subject: $_\n\nx\n", '') for 1 .. 3;
$d = Smap->new(home => $home);
$d->ask('OPEN INBOX');
my @files = sort glob "$m/cur/*";
unlink $files[1];
$d->talk(<<'END');
C: STORE 1-3 +FLAGS=SEEN
S: * FETCH 1 FLAGS=SEEN
S: * FETCH 3 FLAGS=SEEN
S: +OK Folder status updated
C: COPY 1-3 "" INBOX dst
S: * COPY 1 <<.*>>
S: * COPY 3 <<.*>>
S: +OK Messages copied.
C: FETCH 2 CONTENTS=ALL
S: -ERR Cannot retrieve message: The message was expunged
C: FETCH 1-3 FLAGS
S: * FETCH 1 FLAGS=SEEN
S: * FETCH 2 FLAGS=
S: * FETCH 3 FLAGS=SEEN
S: +OK Message retrieved.
C: NOOP
S: * EXPUNGE 2
S: +OK Folder updated
END
$d->done;

# Keywords are off.
$d = Smap->new(home => $home, env => { IMAP_KEYWORDS => 0 });
$d->ask('OPEN INBOX');
is($d->ask('STORE 1 KEYWORDS=a'),
    "-ERR Cannot update folder status: Invalid argument\n", 'no keywords');
is($d->ask('FETCH 1 KEYWORDS FLAGS'),
    "* FETCH 1 FLAGS=SEEN\n+OK Message retrieved.\n", 'nor shown');
$d->done;
plan_done();
