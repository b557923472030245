#!/usr/bin/perl
# SMAP1: access lists.  SPDX-License-Identifier: ISC
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Smap;

my $home = Dialogue::home('a', 'ro', 'none');
my $m = "$home/Maildir";
spew("$m/.ro/courierimapacl", "owner alr\nadministrators aceilrstwx\n");
spew("$m/.none/courierimapacl", "owner a\nadministrators aceilrstwx\n");
Dialogue::deliver("$m/.ro", "Subject: x\n\nx\n", '');
my $d = Smap->new(home => $home);
$d->talk(<<'END');
C: SETACL INBOX a "" user=bob lrs anyone l
S: * GETACL "owner" "aceilrstwx" "administrators" "aceilrstwx" "user=bob" "lrs" "anyone" "l"
S: +OK Updated ACLs
C: SETACL INBOX a "" user=bob +w anyone -l user=x l user=y l user=z l user=v l
S: * GETACL "owner" "aceilrstwx" "administrators" "aceilrstwx" "user=bob" "lrsw" "user=x" "l" "user=y" "l" "user=z" "l"
S: * GETACL "user=v" "l"
S: +OK Updated ACLs
C: DELETEACL INBOX a "" user=x user=y user=z user=v none
S: * GETACL "owner" "aceilrstwx" "administrators" "aceilrstwx" "user=bob" "lrsw"
S: +OK Updated ACLs
C: SETACL INBOX a "" owner lr
S: * ACLMINIMUM owner al c e i p r s t w x
S: -ERR ACL update failed
C: SETACL INBOX none-such "" user=bob l
S: -ERR ACL update failed: No such file or directory
C: SETACL foo "" user=bob l
S: -ERR Invalid folder: Invalid argument
C: OPEN INBOX ro
S: * EXISTS 1
S: +OK Folder opened
C: FETCH 1 CONTENTS=BODY FLAGS
S: {2/2} FETCH 1 CONTENTS
S: x
S: 
S: * FETCH 1 FLAGS=
S: +OK Message retrieved.
C: ADD FOLDER INBOX ro
S: +OK Will add to this folder
C: ADD {.1}
S: -ERR Access denied: ACL "i" is required
C: COPY 1 "" INBOX ro
S: -ERR Access denied: ACL "i" is required
C: EXPUNGE
S: -ERR Access denied: ACL "e" is required
C: MOVE 1 "" INBOX a
S: -ERR Access denied: ACL "e" is required
C: DELETE INBOX ro sub
S: -ERR Access denied: ACL "x" is required
C: CREATE INBOX ro sub
S: -ERR Access denied: ACL "c" is required
C: SETACL INBOX ro "" owner al
S: * GETACL "owner" "al" "administrators" "aceilrstwx"
S: +OK Updated ACLs
C: FETCH 1 FLAGS
S: -ERR Access denied: ACL "r" is required
END
like($d->ask('OPEN INBOX none'), qr/^-ERR /, 'a folder that may not be seen');
like($d->ask('STATUS FULL INBOX none'), qr/^-ERR /, 'nor counted');
like($d->ask('LIST INBOX'), qr/\A(?!.*none)/s, 'nor listed');
$d->done;
plan_done();
