#!/usr/bin/perl
# SMAP1: folders of others, "public".  SPDX-License-Identifier: ISC
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Smap;
use Scene;

my $home = Dialogue::home();
my %env = Scene::make($home, $home);
my $d = Smap->new(home => $home, env => { %env, AUTHENTICATED => 'vmail',
    IMAP_ACL => 1 });
$d->talk(<<'END');
C: LIST public
S: * LIST "bob" "bob" DIRECTORY
S: * LIST "empty" "empty" DIRECTORY
S: * LIST "grp A" "grp A" DIRECTORY
S: * LIST "nofile" "nofile" DIRECTORY
S: +OK LIST completed
C: LIST public bob
S: * LIST "Look" "Look" FOLDER
S: * LIST "Pub" "Pub" FOLDER DIRECTORY
S: * LIST "deep" "deep" DIRECTORY
S: +OK LIST completed
C: LIST public nobody
S: +OK LIST completed
C: STATUS FULL public bob Pub
S: * STATUS EXISTS=2 UNSEEN=1
S: +OK Folder status retrieved
C: ACL public bob Pub
S: * ACL "lr"
S: +OK ACLs retrieved
C: GETACL public bob Pub
S: -ERR Access denied: ACL "a" is required
C: OPEN public bob Pub
S: * EXISTS 2
S: +OK Folder opened
C: STORE 1 FLAGS=SEEN
S: -ERR Cannot update folder status: Permission denied
C: CLOSE
S: +OK Folder closed
C: OPEN public bob Secret
S: -ERR Cannot open the folder: No such file or directory
C: OPEN public nobody x
S: -ERR Cannot open the folder: No such file or directory
C: OPEN public
S: -ERR Invalid folder: No such file or directory
C: STATUS FULL public
S: -ERR Cannot read folder status: No such file or directory
C: CREATE public bob Pub new
S: -ERR Access denied: ACL "c" is required
C: CREATE public bob Pub Sub new
S: +OK Folder created
C: DELETE public bob Pub Sub new
S: +OK Folder deleted
C: OPEN Public bob Pub
S: -ERR Invalid folder: Invalid argument
END
$d->done;
plan_done();
