#!/usr/bin/perl
# Folders of others: `#shared.` and `shared.`.  SPDX-License-Identifier: ISC
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Dialogue;

my $text = "From: a\@b.test\nSubject: s\n\nbody\n";
my $world = Dialogue::home();	# a folder for all of this
my ($bob, $pub, $conf) = map { "$world/$_" } qw(bob pub conf);

sub maildir { system('mkdir', '-p', map { my $d = $_;
    map { "$d/$_" } qw(cur new tmp) } @_) }

# "link>message ..." of a folder.
sub links {
	my ($dir) = @_;
	return join ' ', map { "$_->[0]>$_->[1]" } map { [map { m,([^/]*)$, }
	    $_, readlink($_) || ''] } sort glob("$dir/*");
}

maildir($bob, "$bob/.Pub", "$bob/.Pub.Sub", $pub, "$pub/.News",
    "$pub/.News.Old");
mkdir $conf;
maildir("$bob/.Look", "$bob/.Secret", "$bob/.Deep.Secret");
my %acl = ('' => 'anyone ilrx', '.Pub' => 'anyone ceilrstwx',
    '.Pub.Sub' => 'user=al lrx', '.Look' => 'group=staff lr',
    '.Secret' => 'owner aceilrstwx', '.Deep.Secret' => 'user=a lr');
spew("$bob/$_/courierimapacl", "owner aceilrstwx\n$acl{$_}\n") for keys %acl;
spew("$pub/courierimapacl", "anyone lr\n");
spew("$conf/index", "bob\t500\t500\t$world\tbob\n# c\nbad\n");
my %env = (IMAP_SHAREDINDEXFILE => "$conf/index",
    CHAPAR_IMAPCONFDIR => $conf, IMAP_EXTENSIONS => 'none',
    IMAP_CAPABILITY => 'IMAP4rev1 UIDPLUS NAMESPACE CHILDREN MOVE');

# ---- #shared. ---------------------------------------------------------------

Dialogue::deliver("$bob/.Pub", $text);
spew("$bob/maildirsize", "1000000S\n0 0\n");
my $d = Dialogue->new(env => { %env, AUTHENTICATED => 'al',
    IMAP_MOVE_EXPUNGE_TO_TRASH => 1, IMAP_LOG_DELETIONS => 1 },
    mail => [$text]);
$d->talk(<<'END');
S: * PREAUTH Ready.
C: a1 LIST "" *
S: * LIST (\Marked \HasNoChildren) "." "INBOX"
S: a1 OK LIST completed
C: a2 LIST "#shared." *
S: * LIST (\HasChildren) "." "#shared.bob"
S: * LIST (\HasChildren) "." "#shared.bob.Pub"
S: * LIST (\HasNoChildren) "." "#shared.bob.Pub.Sub"
S: a2 OK LIST completed
C: a3 LIST "" "#shared.%.%"
S: * LIST (\HasChildren) "." "#shared.bob.Pub"
S: a3 OK LIST completed
C: a4 LIST "#shared." ""
S: * LIST (\Noselect) "." "#shared."
S: a4 OK LIST completed
C: a5 SELECT INBOX
S: * FLAGS <<.*>>
S: * OK [PERMANENTFLAGS <<.*>>
S: * 1 EXISTS
S: * 1 RECENT
S: * OK [UIDVALIDITY <<\d+>>] Ok
S: * OK [UNSEEN 1] Ok
S: * OK [UIDNEXT 2] Ok
S: * OK [MYRIGHTS <<.*>>
S: a5 OK [READ-WRITE] Ok
C: a6 COPY 1 #shared.bob.Pub
S: a6 OK [COPYUID <<\d+>> 1 1] COPY completed.
C: a7 COPY 1 #shared.bob.nope
S: a7 NO [TRYCREATE] Mailbox does not exist.
C: a8 COPY 1 #shared.nobody
S: a8 NO [TRYCREATE] Mailbox does not exist.
C: a9 CREATE #shared.bob.Pub.Made
S: a9 OK "#shared.bob.Pub.Made" created.
C: b1 RENAME #shared.bob.Pub.Made INBOX.Made
S: b1 NO Cannot move a folder to a different account.
C: b2 RENAME #shared.bob.Pub.Made #shared.bob.Pub.Moved
S: b2 OK Folder renamed.
C: b3 DELETE #shared.bob.Pub.Moved
S: b3 OK Folder deleted.
C: b4 DELETE #shared.bob
S: b4 NO Cannot delete this folder.
C: b5 CREATE #shared.nobody.x
S: b5 NO Access denied for CREATE on #shared.nobody (ACL "c" required)
C: b6 STATUS #shared.bob.Pub (MESSAGES)
S: * STATUS "#shared.bob.Pub" (MESSAGES 2)
S: b6 OK STATUS Completed.
C: b7 SUBSCRIBE #shared.bob.Pub
S: b7 OK Folder subscribed.
C: b8 SUBSCRIBE #shared.bob.gone
S: b8 OK Folder subscribed.
C: b9 LSUB "" *
S: b9 OK LSUB completed
C: c1 LSUB "" #*
S: * LSUB (\HasNoChildren) "." "#shared.bob.Pub"
S: * LSUB (\Noselect \HasChildren) "." "#shared"
S: * LSUB (\Noselect \HasChildren) "." "#shared.bob"
S: c1 OK LSUB completed
C: c2 UNSUBSCRIBE #shared.bob.Pub
S: c2 OK Folder unsubscribed.
C: c3 LSUB "" "#shared.*"
S: c3 OK LSUB completed
END
ok(-e "$bob/.Pub/courierimapuiddb", 'the owner has the UIDs');
like(slurp("$bob/maildirsize"), qr/^1000000S\n +@{[2 * length $text]} +2\n\z/,
    'and the quota');
ok(!-e "$d->{maildir}/maildirsize", 'not the visitor');

# What is expunged there goes to one's own trash.
$d->talk(<<'END');
C: a1 EXAMINE INBOX
S: * FLAGS <<.*>>
S: * OK [PERMANENTFLAGS <<.*>>
S: * 1 EXISTS
S: * 0 RECENT
S: * OK [UIDVALIDITY <<\d+>>] Ok
S: * OK [UNSEEN 1] Ok
S: * OK [UIDNEXT 2] Ok
S: * OK [MYRIGHTS <<.*>>
S: a1 OK [READ-ONLY] Ok
C: a2 SELECT #shared.bob.Pub
S: * FLAGS <<.*>>
S: * OK [PERMANENTFLAGS <<.*>>
S: * 2 EXISTS
S: * 0 RECENT
S: * OK [UIDVALIDITY <<\d+>>] Ok
S: * OK [UNSEEN 1] Ok
S: * OK [UIDNEXT 3] Ok
S: * OK [MYRIGHTS <<.*>>
S: a2 OK [READ-WRITE] Ok
C: a3 STORE 1 +FLAGS.SILENT (\Deleted kw)
S: * FLAGS (kw <<.*>>
S: * OK [PERMANENTFLAGS (kw <<.*>>
S: a3 OK STORE completed.
C: a4 EXPUNGE
S: * 1 EXPUNGE
S: * 1 EXISTS
S: * 0 RECENT
S: * FLAGS <<.*>>
S: * OK [PERMANENTFLAGS <<.*>>
S: a4 OK EXPUNGE completed
END
ok(scalar(() = glob "$d->{maildir}/.Trash/cur/*") == 1, 'in the own trash');
ok(!-e "$bob/.Trash", 'not in that of the owner');
like($d->log_text, qr{^INFO: EXPUNGED, user=al, .*, old_name=\Q$world\E/bob/\.Pub/cur/\S+:2,T, new_name=\.Trash/cur/\S+:2,: only}m,
    'logged with the path');
like($d->log_text, qr{^ERR: \Q$conf\E/index\(3\): syntax error\.$}m,
    'so is a wrong line of the index');
$d->done;

# What may not be known answers as what is not there, in every command.
$d = Dialogue->new(env => { %env, AUTHENTICATED => 'al', IMAP_CAPABILITY =>
    'IMAP4rev1 UIDPLUS NAMESPACE CHILDREN MOVE ACL QUOTA' },
    mail => [$text]);
$d->line;
$d->answer('a SELECT INBOX');
my @hidden = map { "#shared.bob.$_" } qw(Secret Look Deep.Secret none);
for my $command ('SELECT @', 'EXAMINE @', 'STATUS @ (MESSAGES)', 'DELETE @',
    'RENAME @ #shared.bob.Pub.x', 'RENAME @ INBOX.x', 'RENAME INBOX.n @.x',
    'CREATE @.x', 'SUBSCRIBE @', 'UNSUBSCRIBE @', 'LIST "" @',
    'LIST @ *', 'LSUB "" @', 'COPY 1 @', 'UID COPY 1 @', 'MOVE 1 @',
    'APPEND @ {1}', 'GETACL @', 'SETACL @ joe lr', 'DELETEACL @ joe',
    'MYRIGHTS @', 'LISTRIGHTS @ joe') {
	$d->answer('a SELECT INBOX') unless $command =~ /^CREATE|^RENAME/;
	my %answers;
	for my $name (@hidden, '#shared.nobody') {
		(my $c = $command) =~ s/\@/$name/;
		my $answer = $d->answer("a $c");
		$answer =~ s/\Q$name\E/NAME/g;
		push @{ $answers{$answer} }, $name;
	}
	ok(keys %answers == 1, "$command: the same answer for all",
	    map { my $a = $_; map { "$_: $a" } @{ $answers{$a} } }
	    keys %answers);
}
ok(-d "$bob/$_", "$_ is there") for qw(.Secret .Look .Deep.Secret);
$d->answer('a UNSUBSCRIBE #shared.nobody');
$d->talk(<<'END');
C: a1 LIST "" #shared.*
S: * LIST (\HasChildren) "." "#shared.bob"
S: * LIST (\HasChildren) "." "#shared.bob.Pub"
S: * LIST (\HasNoChildren) "." "#shared.bob.Pub.Sub"
S: a1 OK LIST completed
C: a2 SELECT #shared.bob.Deep
S: a2 NO Mailbox does not exist, or must be subscribed to.
C: a3 SELECT #shared.bob.Pub.Sub
S: * FLAGS <<.*>>
S: * OK [PERMANENTFLAGS ()] No permanent flags permitted
S: * 0 EXISTS
S: * 0 RECENT
S: * OK [UIDVALIDITY <<\d+>>] Ok
S: * OK [UIDNEXT 1] Ok
S: * OK [MYRIGHTS "lrx"] ACL
S: a3 OK [READ-ONLY] Ok
C: a4 EXPUNGE
S: a4 NO <<.*>>
C: a5 APPEND #shared.bob.Pub.Sub {1}
S: a5 NO Access denied for APPEND on #shared.bob.Pub.Sub (ACL "i" required)
C: a6 CREATE #shared.bob.Pub.Sub.x
S: a6 NO Access denied for CREATE on #shared.bob.Pub.Sub (ACL "c" required)
END
$d->done;

# Options of the account.
spew("$conf/indexG", "eve\t500\t500\t$world\tpub\n");
for (['disableshared', ''], ['sharedgroup=G', '#shared.eve'],
    ['disableshared=0', '#shared.bob']) {
	my ($options, $name) = @$_;
	my $s = Dialogue->new(env => { %env, AUTHENTICATED => 'al',
	    OPTIONS => "x=1,$options" });
	$s->line;
	my @got = $s->answer('a LIST "" "#shared.%"') =~
	    /"(#shared[^"]*)"/g;
	is("@got", $name, $options);
	$s->done;
}

# ---- shared. ----------------------------------------------------------------

my @names = map { Dialogue::deliver("$pub/.News", $text, $_) } '', 'FS';
s,.*/,, for @names;
spew("$conf/maildirshared", "news\t$pub\nnews2 $pub\n");
$d = Dialogue->new(env => { %env, AUTHENTICATED => 'al' });
my $md = $d->{maildir};
spew("$md/shared-maildirs", "news\t/nowhere\nown\t$pub\n");
$d->talk(<<'END');
S: * PREAUTH Ready.
C: a1 LIST "" shared.%
S: * LIST (\Noselect \HasChildren) "." "shared.news"
S: * LIST (\Noselect \HasChildren) "." "shared.news2"
S: * LIST (\Noselect \HasChildren) "." "shared.own"
S: a1 OK LIST completed
C: a2 LIST "" SHARED.news.*
S: * LIST (\HasChildren) "." "shared.news.News"
S: * LIST (\HasNoChildren) "." "shared.news.News.Old"
S: a2 OK LIST completed
C: a3 LSUB "" *
S: a3 OK LSUB completed
C: a4 SUBSCRIBE shared.news.News
S: a4 OK SUBSCRIBE completed.
C: a5 SUBSCRIBE shared.news.News
S: a5 OK Already subscribed.
C: a6 SUBSCRIBE shared.news.none
S: a6 NO Cannot subscribe to this folder.
C: a7 LSUB "" *
S: * LSUB (\HasNoChildren) "." "shared.news.News"
S: * LSUB (\Noselect \HasChildren) "." "shared"
S: * LSUB (\Noselect \HasChildren) "." "shared.news"
S: a7 OK LSUB completed
C: a8 STATUS shared.news.News (MESSAGES RECENT UNSEEN UIDNEXT)
S: * STATUS "shared.news.News" (MESSAGES 2 RECENT 2 UIDNEXT 3 UNSEEN 2)
S: a8 OK STATUS Completed.
C: a9 SELECT shared.news.News
S: * FLAGS <<.*>>
S: * OK [PERMANENTFLAGS <<.*>>
S: * 2 EXISTS
S: * 2 RECENT
S: * OK [UIDVALIDITY <<\d+>>] Ok
S: * OK [UNSEEN 1] Ok
S: * OK [UIDNEXT 3] Ok
S: * OK [MYRIGHTS "dilrsw"] ACL
S: a9 OK [READ-WRITE] Ok
C: b1 STORE 1 +FLAGS (\Seen)
S: * 1 FETCH (FLAGS (\Seen \Recent))
S: b1 OK STORE completed.
C: b2 APPEND shared.news.News (\Flagged) {4+}
C: mail
S: * 3 EXISTS
S: * 2 RECENT
S: b2 OK [APPENDUID <<\d+>> 3] APPEND Ok.
C: b3 FETCH 3 (FLAGS RFC822.SIZE)
S: * 3 FETCH (FLAGS (\Flagged) RFC822.SIZE 6)
S: b3 OK FETCH completed.
END
my $view = "$md/shared-folders/news/News";
is(readlink("$view/shared"), "$pub/.News", 'the view names its folder');
is(join(' ', map { sprintf '%o', (stat "$view/$_")[2] & 07777 }
    '', '..', '../..', qw(cur new tmp shared-timestamp)),
    '700 700 700 700 700 700 600', 'modes');
is(-s "$view/shared-timestamp", 1, 'one byte');
ok(links("$view/cur") =~ /^\Q$names[0]\ES>\Q$names[0]\E \S+:2,>\Q$names[1]\E \d+\S+:2,F>\d+\S+:2,F$/,
    'flags are one\'s own', links("$view/cur"));
ok(!-e "$pub/.News/courierimapuiddb", 'no UIDs in the folder itself');

# Others rename, add and remove there.
rename "$pub/.News/cur/$names[0]", "$pub/.News/cur/$names[0]R" or die;
Dialogue::deliver("$pub/.News", $text);
unlink "$pub/.News/cur/$names[1]";
$d->talk(<<'END');
C: a1 FETCH 1 RFC822.SIZE
S: * 1 FETCH (RFC822.SIZE <<\d+>>)
S: a1 OK FETCH completed.
C: a2 NOOP
S: * 2 EXPUNGE
S: * 3 EXISTS
S: * 2 RECENT
S: a2 OK NOOP completed
C: a3 FETCH 1:* (UID FLAGS)
S: * 1 FETCH (UID 1 FLAGS (\Seen \Recent))
S: * 2 FETCH (UID 3 FLAGS (\Flagged))
S: * 3 FETCH (UID 4 FLAGS (\Recent))
S: a3 OK FETCH completed.
C: a4 STORE 1 +FLAGS.SILENT (\Deleted)
S: a4 OK STORE completed.
C: a5 EXPUNGE
S: * 1 EXPUNGE
S: * 2 EXISTS
S: * 1 RECENT
S: a5 OK EXPUNGE completed
C: a6 COPY 1 shared.news2.News.Old
S: a6 OK [COPYUID <<\d+>> 3 1] COPY completed.
C: a7 CREATE shared.news.x
S: a7 NO Access denied for CREATE on shared.news.x (ACL "c" required)
C: a8 RENAME shared.news.News INBOX.x
S: a8 NO Invalid mailbox
C: a9 RENAME shared.news.News.Old shared.news.x
S: a9 NO Invalid mailbox
C: b1 DELETE shared.news.News
S: b1 NO Cannot delete currently-open folder.
C: b2 DELETE shared.news2.News.Old
S: b2 OK UNSUBSCRIBEd a shared folder.
C: b3 DELETE shared.news2.News.Old
S: b3 NO Mailbox does not exist, or must be subscribed to.
C: b4 UNSUBSCRIBE shared.news2.News.Old
S: b4 OK Already unsubscribed.
C: b5 SELECT shared.news
S: b5 NO Mailbox does not exist, or must be subscribed to.
C: b6 UNSUBSCRIBE shared.news.News
S: b6 OK UNSUBSCRIBE completed.
END
ok(!-e "$pub/.News/cur/$names[0]R", 'expunged for all');
ok(!-e "$md/shared-folders/news", 'nothing is left of the view');
is(scalar(() = glob "$pub/.News/cur/*"), 2, 'but the messages');

# A kill at any moment: a link twice, one to nowhere, no stamp; a folder that
# cannot be read.
$d->talk(<<'END');
C: a1 SELECT shared.own.News
S: * FLAGS <<.*>>
S: * OK [PERMANENTFLAGS <<.*>>
S: * 2 EXISTS
S: * 2 RECENT
S: * OK [UIDVALIDITY <<(\d+)>>] Ok
S: * OK [UNSEEN 1] Ok
S: * OK [UIDNEXT 3] Ok
S: * OK [MYRIGHTS "dilrsw"] ACL
S: a1 OK [READ-WRITE] Ok
C: a2 STORE 1:2 +FLAGS.SILENT (\Answered)
S: a2 OK STORE completed.
END
$view = "$md/shared-folders/own/News";
my $db = slurp("$view/courierimapuiddb");
unlink "$view/shared-timestamp";
symlink "$pub/.News/cur/nowhere", "$view/new/nowhere:2," or die;
spew("$view/new/1600000900.real", $text);
$d->talk(<<'END');
C: a1 NOOP
S: * 3 EXISTS
S: * 3 RECENT
S: a1 OK NOOP completed
C: a2 FETCH 1:* (UID FLAGS)
S: * 1 FETCH (UID 1 FLAGS (\Answered \Recent))
S: * 2 FETCH (UID 2 FLAGS (\Answered \Recent))
S: * 3 FETCH (UID 3 FLAGS (\Recent))
S: a2 OK FETCH completed.
END
rename "$pub/.News", "$pub/.Newt" or die;
utime 1, 1, "$view/shared-timestamp";
my $before = links("$view/cur");
$d->talk(<<'END');
C: a1 STATUS shared.own.News (MESSAGES)
S: * FLAGS <<.*>>
S: * OK [PERMANENTFLAGS <<.*>>
S: * OK [MYRIGHTS "lrsw"] ACL
S: * STATUS "shared.own.News" (MESSAGES 3)
S: a1 OK STATUS Completed.
C: a2 UNSELECT
S: a2 BAD <<.*>>
C: a3 SELECT shared.own.News
S: a3 NO Mailbox does not exist, or must be subscribed to.
END
is(links("$view/cur"), $before, 'a folder that is away takes nothing along');
rename "$pub/.Newt", "$pub/.News" or die;
$d->talk(<<'END');
C: a1 STATUS shared.own.News (MESSAGES UIDNEXT RECENT)
S: * STATUS "shared.own.News" (MESSAGES 3 RECENT 0 UIDNEXT 4)
S: a1 OK STATUS Completed.
END
$d->done;
plan_done();
