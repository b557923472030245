#!/usr/bin/perl
# SMAP1: folders by their words.  SPDX-License-Identifier: ISC
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Smap;

my $home = Dialogue::home('a', 'a.b', 'x.y', 'Trash');
my $m = "$home/Maildir";
my $d = Smap->new(home => $home, mail => ["Subject: one\n\nx\n"]);
$d->talk(<<'END');
C: LIST
S: * LIST "INBOX" "New Mail" FOLDER
S: * LIST "INBOX" "Folders" DIRECTORY
S: * LIST "public" "Public Folders" DIRECTORY
S: +OK LIST completed
C: LIST INBOX
S: * LIST "Trash" "Trash" FOLDER
S: * LIST "a" "a" FOLDER DIRECTORY
S: * LIST "x" "x" DIRECTORY
S: +OK LIST completed
C: LIST INBOX a
S: * LIST "b" "b" FOLDER
S: +OK LIST completed
C: LIST INBOX a b
S: +OK LIST completed
C: LIST INBOX none
S: +OK LIST completed
C: LIST public
S: +OK LIST completed
C: STATUS FULL INBOX
S: * STATUS EXISTS=1 UNSEEN=1
S: +OK Folder status retrieved
C: STATUS FULL INBOX none
S: -ERR Cannot read folder status: No such file or directory
C: STATUS INBOX
S: -ERR Cannot read folder status: Invalid argument
C: CREATE INBOX new box
S: +OK Folder created
C: CREATE INBOX new box
S: -ERR Cannot create folder: File exists
C: CREATE INBOX
S: -ERR Cannot create folder: Invalid argument
C: CREATE
S: -ERR Cannot create folder: Invalid argument
C: CREATE foo
S: -ERR Cannot create folder: Invalid argument
C: CREATE public
S: -ERR Cannot create folder: No such file or directory
C: CREATE public foo
S: -ERR Access denied: ACL "c" is required
C: CREATE INBOX "a.b/c~:\\" "say ""hi""" "" ignored
S: +OK Folder created
C: LIST INBOX
S: * LIST "Trash" "Trash" FOLDER
S: * LIST "a" "a" FOLDER DIRECTORY
S: * LIST "a.b/c~:\\" "a.b/c~:\\" DIRECTORY
S: * LIST "new" "new" DIRECTORY
S: * LIST "x" "x" DIRECTORY
S: +OK LIST completed
C: LIST INBOX "a.b/c~:\\"
S: * LIST "say ""hi""" "say ""hi""" FOLDER
S: +OK LIST completed
C: CREATE INBOX * %
S: +OK Folder created
C: LIST INBOX *
S: * LIST "%" "%" FOLDER
S: +OK LIST completed
C: MKDIR INBOX dir
S: +OK Folder created
C: MKDIR INBOX
S: -ERR Cannot create folder: Invalid argument
C: RMDIR INBOX dir
S: +OK Folder deleted
C: RMDIR
S: -ERR Cannot create folder: Invalid argument
C: OPEN INBOX a
S: * EXISTS 0
S: +OK Folder opened
C: DELETE INBOX a
S: -ERR Cannot DELETE currently open folder.
C: RENAME INBOX a "" INBOX z
S: -ERR Can't RENAME the currently-open folder
C: CLOSE
S: +OK Folder closed
C: RENAME INBOX a "" INBOX z "é"
S: +OK Folder renamed.
C: LIST INBOX z
S: * LIST "é" "é" FOLDER DIRECTORY
S: +OK LIST completed
C: RENAME INBOX a "" INBOX q
S: -ERR RENAME failed: No such file or directory
C: RENAME INBOX z é "" INBOX x y
S: -ERR RENAME failed: File exists
C: RENAME INBOX z é "" INBOX z é q
S: -ERR RENAME failed: Invalid argument
C: RENAME INBOX "" INBOX q
S: -ERR INBOX rename not implemented.
C: RENAME INBOX x y "" INBOX
S: -ERR Access denied: ACL "c" is required
C: RENAME INBOX Trash "" INBOX q
S: -ERR Reserved folder name - cannot rename.
C: RENAME INBOX x y "" INBOX Trash
S: -ERR Reserved folder name - cannot rename.
C: RENAME INBOX x y INBOX q
S: -ERR Invalid argument
C: DELETE INBOX x y
S: +OK Folder deleted
C: DELETE INBOX x y
S: +OK Folder deleted
C: DELETE INBOX
S: -ERR INBOX may not be deleted
C: DELETE INBOX Trash
S: -ERR Unable to delete folder: Invalid argument
C: DELETE
S: -ERR Unable to delete folder: Invalid argument
C: ACL INBOX
S: * ACL "aceilrstwx"
S: +OK ACLs retrieved
C: ACL foo
S: -ERR Invalid folder: Invalid argument
C: GETACL INBOX z é
S: * GETACL "owner" "aceilrstwx" "administrators" "aceilrstwx"
S: +OK ACLs retrieved
END
ok(-d "$m/.a\\056b\\057c\\176\\072\\134\\134.say \"hi\"/cur",
    'special characters on disk');
ok(-d "$m/.z.\xc3\xa9.b/cur" && !-d "$m/.a", 'renamed with what is below');
ok(!-d "$m/.x.y" && -d "$m/.Trash", 'deleted');
is($d->ask('CREATE INBOX ' . 'x' x 300),
    "-ERR Cannot create folder: File name too long\n", 'a long word');
is($d->ask('CREATE INBOX ' . 'x ' x 2000),
    "-ERR Cannot create folder: File name too long\n", 'many words');
$d->done;
plan_done();
