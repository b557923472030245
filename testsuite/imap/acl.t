#!/usr/bin/perl
# Access lists: RFC 4314 with RIGHTS=texk, what each command asks for, what is
# said of hidden mailboxes.  SPDX-License-Identifier: ISC
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Dialogue;

my $default = "owner aceilrstwx\nadministrators aceilrstwx\n";

sub acl {
	my ($d, $folder, @list) = @_;
	my $dir = $folder eq '' ? $d->{maildir} : "$d->{maildir}/.$folder";
	spew("$dir/list", join '', map { "$_\n" } @list);
	rename "$dir/list", "$dir/courierimapacl" or die "$dir: $!\n";
}

sub capability {
	my (%env) = @_;
	my $d = Dialogue->new(env => { IMAP_CAPABILITY => 'IMAP4rev1', %env });
	$d->talk("S: * PREAUTH Ready.\n");
	my ($line) = $d->answer('a CAPABILITY') =~ /^\* CAPABILITY (.*)\r$/m;
	$d->talk("C: z LOGOUT\nS: * BYE Courier-IMAP server shutting down\n" .
	    "S: z OK LOGOUT completed\n");
	$d->done(0);
	return join ' ', grep { /ACL|RIGHTS/ } split / /, $line;
}

is(capability(IMAP_ACL => 1), 'ACL ACL2=UNION RIGHTS=texk', 'announced');
is(capability(IMAP_ACL => 0), '', 'not without IMAP_ACL');
is(capability(IMAP_ACL => 1, IMAP_EXTENSIONS => 'none'), 'ACL ACL2=UNION',
    'what Courier says');
is(capability(IMAP_ACL => 1, IMAP_EXTENSIONS => 'MOVE'), 'ACL ACL2=UNION',
    'without the word');
is(capability(IMAP_CAPABILITY => 'IMAP4rev1 ACL', IMAP_EXTENSIONS => 'none'),
    'ACL', 'by name');

# ---- RFC 4314 ---------------------------------------------------------------

my $d = Dialogue->new(folders => [qw(a a.b)], env => { IMAP_ACL => 1,
    AUTHENTICATED => 'joe', IMAPLOGINTAG => 'x', TCPREMOTEIP => '::1',
    TCPREMOTEPORT => '1' });
$d->talk(<<'END');
S: x OK LOGIN Ok.
C: a1 MYRIGHTS INBOX.a
S: * MYRIGHTS "INBOX.a" "acdeiklrstwx"
S: a1 OK MYRIGHTS completed.
C: a2 SETACL INBOX.a bob lrt
S: a2 OK ACLs updated.
C: a3 SETACL INBOX.a carol +lk9
S: a3 OK ACLs updated.
C: a4 GETACL INBOX.a
S: * ACL "INBOX.a" "owner" "acdeiklrstwx" "administrators" "acdeiklrstwx" "bob" "dlrt" "carol" "9ckl"
S: a4 OK GETACL completed.
C: a5 SETACL INBOX.a bob lq
S: a5 BAD The q right is not supported.
C: a6 SETACL INBOX.a bob lR
S: a6 BAD Uppercase rights are not allowed.
C: a7 SETACL INBOX.a bob +"
S: a7 BAD Error in IMAP command received by server.
C: a8 SETACL INBOX.a "" l
S: a8 BAD Invalid ACL identifier.
C: a9 DELETEACL INBOX.a ""
S: a9 BAD Invalid ACL identifier.
C: b1 GETACL INBOX.a
S: * ACL "INBOX.a" "owner" "acdeiklrstwx" "administrators" "acdeiklrstwx" "bob" "dlrt" "carol" "9ckl"
S: b1 OK GETACL completed.
C: b2 LISTRIGHTS INBOX.a bob
S: * LISTRIGHTS "INBOX.a" "bob" "" a c d e i k l p r s t w x
S: b2 OK LISTRIGHTS completed.
C: b3 LISTRIGHTS INBOX.a joe
S: * LISTRIGHTS "INBOX.a" "joe" "al" c d e i k p r s t w x
S: b3 OK LISTRIGHTS completed.
C: b4 LIST (ACL MYRIGHTS) "" INBOX.a
S: * LIST (\HasChildren) "." "INBOX.a" (("ACL" (("owner" "acdilrsw")("administrators" "acdilrsw")("user=bob" "lrt")("user=carol" "9cl")))("MYRIGHTS" "acdilrsw"))
S: b4 OK LIST completed
C: b5 SETACL INBOX.a bob +d
S: b5 OK ACLs updated.
C: b6 DELETEACL INBOX.a carol
S: b6 OK ACLs updated.
C- b7 SETACL INBOX.a {5+}\r\nj\xc3\xb6\"x l\r\n
S: b7 OK ACLs updated.
C: b8 GETACL INBOX.a
S: * ACL "INBOX.a" "owner" "acdeiklrstwx" "administrators" "acdeiklrstwx" "bob" "delrtx" {5}
S: j<<..>>"x "l"
S: b8 OK GETACL completed.
C- b9 SETACL INBOX.a {1+}\r\n\xff l\r\n
S: b9 BAD Invalid ACL identifier.
C- c1 SETACL INBOX.a {3+}\r\na\nb l\r\n
S: c1 BAD Invalid ACL identifier.
C: c2 ACL GET INBOX.a
S: c2 NO ACL FAILED: Invalid argument
C: c3 ACL STORE INBOX.a user=x
S: c3 NO ACL FAILED: Invalid argument
C: c4 ACL STORE (INBOX.a (x)) user=x l
S: c4 NO ACL FAILED: Invalid argument
C: c5 ACL STORE "INBOX.a&" user=x l
S: * ACLFAILED "INBOX.a&" Invalid argument
S: c5 OK ACL STORE completed.
C: c6 NOOP
S: c6 OK NOOP completed
END
is(slurp("$d->{maildir}/.a/courierimapacl"), $default .
    "user=bob elrtx\nuser=j\xc3\xb6\"x l\n", 'the file');

# A list that the disk does not take.
unlink "$d->{maildir}/.a.b/courierimapacl";
mkdir "$d->{maildir}/.a.b/courierimapacl" or die;
$d->talk(<<'END');
C: d1 GETACL INBOX.a.b
S: d1 NO [UNAVAILABLE] Temporary problem, please try again later.
C: d2 SELECT INBOX.a.b
S: d2 NO Unable to open this mailbox.
C: d3 SETACL INBOX.a.b bob l
S: d3 NO [UNAVAILABLE] Temporary problem, please try again later.
C: d4 LIST "" INBOX.a*
S: * LIST (\HasNoChildren) "." "INBOX.a"
S: d4 OK LIST completed
C: d5 CREATE INBOX.a.b.c
S: d5 NO [UNAVAILABLE] Temporary problem, please try again later.
END
rmdir "$d->{maildir}/.a.b/courierimapacl";
$d->talk(<<'END');
C: d6 SELECT INBOX.a.b
S: * FLAGS (\Draft \Answered \Flagged \Deleted \Seen \Recent)
S: * OK [PERMANENTFLAGS (\* \Draft \Answered \Flagged \Deleted \Seen)] Limited
S: * 0 EXISTS
S: * 0 RECENT
S: * OK [UIDVALIDITY <<\d+>>] Ok
S: * OK [UIDNEXT 1] Ok
S: * OK [MYRIGHTS "acdilrsw"] ACL
S: d6 OK [READ-WRITE] Ok
C: z LOGOUT
S: * BYE Courier-IMAP server shutting down
S: z OK LOGOUT completed
END
$d->done(0);

# ---- the same answer for "no right" and "no such mailbox" -------------------

# Each command with a mailbox, for one that is not there and one that the user
# may not look up: as if the names were the same.
my @commands = ('SELECT %', 'EXAMINE %', 'STATUS % (MESSAGES)', 'DELETE %',
    'RENAME % INBOX.new', 'GETACL %', 'SETACL % bob l', 'DELETEACL % bob',
    'LISTRIGHTS % bob', 'MYRIGHTS %', 'ACL STORE % user=bob l',
    'ACL SET % owner al', 'ACL DELETE % owner', 'LIST "" %', 'LIST "" %*',
    'LIST (ACL MYRIGHTS) "" %', 'SUBSCRIBE %', 'UNSUBSCRIBE %',
    'APPEND % {1}', 'COPY 1 %', 'MOVE 1 %', 'CREATE %.sub',
    'RENAME INBOX.own %.sub');

for my $all (0, 1) {
	$d = Dialogue->new(mail => ["Subject: x\n\nx\n"],
	    folders => [qw(top top.hidden top.hidden.too own)],
	    env => { IMAP_ACL => 1, IMAP_EXTENSIONS => $all ? 'all' : 'MOVE' });
	# Nobody may do anything, not even know of it, but right a is an
	# owner's in any case; so here l alone is missing.
	acl($d, 'top', '-owner c', $default =~ /(.*)/g);
	acl($d, $_, '-owner ceilprstwx', $default =~ /(.*)/g)
	    for 'top.hidden', 'top.hidden.too';
	$d->talk("S: * PREAUTH Ready.\n");
	$d->answer('s SELECT INBOX');
	for my $c (@commands) {
		next if $c =~ /ACL|RIGHTS/;	# an owner has right a
		my @said;
		for my $name ('INBOX.top.hidden', 'INBOX.top.absent') {
			(my $cmd = $c) =~ s/%/$name/;
			$d->answer('s SELECT INBOX');
			my $got = $d->answer("x $cmd");
			$got =~ s/\Q$name\E/NAME/g;
			push @said, $got;
		}
		is($said[0], $said[1], "$all: $c");
	}
	$d->answer('u UNSUBSCRIBE INBOX.top.hidden');
	$d->answer('u UNSUBSCRIBE INBOX.top.absent');
	$d->talk(<<'END');
C: l LIST "" INBOX.top*
S: * LIST (\HasNoChildren) "." "INBOX.top"
S: l OK LIST completed
C: z LOGOUT
S: * BYE Courier-IMAP server shutting down
S: z OK LOGOUT completed
END
	$d->done(0);
}

# Nothing was written for the names that were only asked for.
ok(!-e "$d->{maildir}/courierimaphieracl", 'no list for what is not there');

# ---- what a look leaves -----------------------------------------------------

$d = Dialogue->new(env => { IMAP_ACL => 1 });
$d->talk("S: * PREAUTH Ready.\n");
$d->answer("c$_ CREATE INBOX.$_") for qw(p p.q p.s other);
my $has = sub {
	return join ' ', grep { -e "$d->{maildir}/.$_/courierimapacl" } @_;
};
unlink map { "$d->{maildir}/.$_/courierimapacl" } qw(p p.q p.s other);
$d->answer('l LIST "" INBOX.p');
is($has->(qw(p p.q p.s other)), 'p p.q p.s', 'LIST: what is asked for');

# A right that ACL gives is none to what was below before.
unlink "$d->{maildir}/.p.q/courierimapacl";
$d->answer('a ACL STORE INBOX.p user=bob lr');
is(slurp("$d->{maildir}/.p.q/courierimapacl"), $default, 'ACL STORE, below');
is(slurp("$d->{maildir}/.p/courierimapacl"), "${default}user=bob lr\n",
    'ACL STORE');

# UIDs stay the same for one who may only read.
acl($d, 'other', 'owner alr', 'administrators aceilrstwx');
my $index = "$d->{maildir}/.other/courierimapuiddb";
unlink $index;
$d->answer('e EXAMINE INBOX.other');
ok(!-e $index, 'EXAMINE: no index');
like($d->answer('s SELECT INBOX.other'), qr/^s OK \[READ-ONLY\]/m, 'SELECT');
ok(-e $index, 'SELECT with right r: the index');
$d->answer('z LOGOUT');
$d->done(0);

# ---- each right, and the command that asks for it ---------------------------

# [rights that the owner has besides a, command, its tagged answer]
my @asks = (
    ['l', 'SELECT INBOX.f', 'NO Access denied for SELECT/EXAMINE on INBOX.f (ACL "r" required)'],
    ['r', 'SELECT INBOX.f', 'OK [READ-ONLY] Ok'],
    ['ri', 'SELECT INBOX.f', 'OK [READ-WRITE] Ok'],
    ['ri', 'EXAMINE INBOX.f', 'OK [READ-ONLY] Ok'],
    ['l', 'STATUS INBOX.f (MESSAGES)', 'NO Access denied for STATUS on INBOX.f (ACL "r" required)'],
    ['r', 'STATUS INBOX.f (MESSAGES)', 'OK STATUS Completed.'],
    ['lr', 'APPEND INBOX.f {1}', 'NO Access denied for APPEND on INBOX.f (ACL "i" required)'],
    ['lr', 'COPY 1 INBOX.f', 'NO Access denied for COPY on INBOX.f (ACL "i" required)'],
    ['i', 'COPY 1 INBOX.f', 'OK COPY completed.'],
    ['ri', 'COPY 1 INBOX.f', qr/OK \[COPYUID \d+ 1 1\] COPY completed\./],
    ['lr', 'MOVE 1 INBOX.f', 'NO Access denied for MOVE on INBOX.f (ACL "i" required)'],
    ['lr', 'CREATE INBOX.f.new', 'NO Access denied for CREATE on INBOX.f (ACL "c" required)'],
    ['c', 'CREATE INBOX.f.new', 'OK "INBOX.f.new" created.'],
    ['lr', 'DELETE INBOX.f', 'NO Access denied for DELETE on INBOX.f (ACL "x" required)'],
    ['lx', 'DELETE INBOX.f', 'OK Folder deleted.'],
    ['lr', 'RENAME INBOX.f INBOX.g', 'NO Access denied for RENAME on INBOX.f (ACL "x" required)'],
    ['lr', 'RENAME INBOX.own INBOX.f.g', 'NO Access denied for RENAME on INBOX.f (ACL "c" required)'],
    ['lx', 'RENAME INBOX.f INBOX.g', 'OK Folder renamed.'],
    ['l', 'SETACL INBOX.f bob l', 'OK ACLs updated.'],
    ['', 'MYRIGHTS INBOX.f', 'OK MYRIGHTS completed.'],
);
for (@asks) {
	my ($rights, $command, $want) = @$_;
	$d = Dialogue->new(mail => ["Subject: x\n\nx\n"],
	    folders => [qw(f own)], env => { IMAP_ACL => 1 });
	acl($d, 'f', $rights =~ /l/ ? () : '-none x', "owner l$rights",
	    $rights =~ /l/ ? () : '-owner l', 'administrators aceilrstwx')
	    if $command !~ /SETACL/;
	$d->talk("S: * PREAUTH Ready.\n");
	$d->answer('s SELECT INBOX');
	my ($tagged) = $d->answer("x $command") =~ /^x (.*)\r$/m;
	ref $want ? like($tagged, $want, "$rights: $command") :
	    is($tagged, $want, "$rights: $command");
	$d->answer('z LOGOUT');
	close $d->{to};
	waitpid $d->{pid}, 0;
}

# ---- flags, by right --------------------------------------------------------

for my $case (['s', '\Seen'], ['t', '\Deleted'],
    ['w', '\Draft \Flagged \Answered kw']) {
	my ($right, $stay) = @$case;
	$d = Dialogue->new(mail => ["Subject: x\n\nx\n"], folders => ['f'],
	    env => { IMAP_ACL => 1, IMAP_KEYWORDS => 1 });
	acl($d, 'f', "owner lri$right", 'administrators aceilrstwx');
	$d->talk("S: * PREAUTH Ready.\n");
	my $all = '\Seen \Deleted \Draft \Flagged \Answered kw';
	$d->answer('a SELECT INBOX');
	$d->answer("b STORE 1 +FLAGS ($all)");
	$d->answer('c COPY 1 INBOX.f');
	$d->send("d APPEND INBOX.f ($all) {7+}\r\na: b\r\n\r\n");
	1 until $d->line =~ /^d /;
	my $shown = $d->answer('e SELECT INBOX.f');
	(my $perm = $stay) =~ s/\\Draft.*/\\* \\Draft \\Answered \\Flagged/;
	like($shown, qr/PERMANENTFLAGS \((?:kw )?\Q$perm\E\)/,
	    "$right: PERMANENTFLAGS");
	for (1, 2) {
		my ($f) = $d->answer("f FETCH $_ FLAGS") =~ /FLAGS \((.*)\)\)/;
		$f =~ s/ ?\\Recent//;
		is($f, $stay, "$right: flags of " .
		    ($_ == 1 ? 'COPY' : 'APPEND'));
	}
	$d->answer("g STORE 1:2 -FLAGS ($all)");
	$d->answer("h STORE 1 FLAGS ($all)");
	$d->answer("i STORE 2 +FLAGS ($all)");
	for (1, 2) {
		my ($f) = $d->answer("j FETCH $_ FLAGS") =~ /FLAGS \((.*)\)\)/;
		$f =~ s/ ?\\Recent//;
		is($f, $stay, "$right: STORE");
	}
	my $got = $d->answer('k FETCH 2 BODY[]');
	$right eq 's' ? like($got, qr/^k OK/m, 's: FETCH') :
	    ok($got !~ /Seen/, "$right: FETCH does not mark it");
	like($d->answer('l EXPUNGE'),
	    qr/^l NO Access denied for EXPUNGE on current mailbox/m,
	    "$right: EXPUNGE");
	like($d->answer('m MOVE 1 INBOX'), qr/^m NO Access denied for MOVE on/m,
	    "$right: MOVE");
	like($d->answer('n CLOSE'), qr/^n OK/m, "$right: CLOSE");
	like($d->answer('o STATUS INBOX.f (MESSAGES)'), qr/MESSAGES 2/,
	    "$right: CLOSE removed nothing");
	$d->answer('z LOGOUT');
	close $d->{to};
	waitpid $d->{pid}, 0;
}

# ---- rights that go and come while it is open -------------------------------

$d = Dialogue->new(folders => ['f'], env => { IMAP_ACL => 1 });
Dialogue::deliver("$d->{maildir}/.f", "Subject: x\n\nx\n", '') for 1, 2;
acl($d, 'f', 'owner lrswte', 'administrators aceilrstwx');
$d->talk("S: * PREAUTH Ready.\n");
$d->answer('a SELECT INBOX.f');
acl($d, 'f', 'owner l', 'administrators aceilrstwx');
Dialogue::deliver("$d->{maildir}/.f", "Subject: new\n\nx\n", undef);
$d->talk(<<'END');
C: b NOOP
S: * FLAGS (\Draft \Answered \Flagged \Deleted \Seen \Recent)
S: * OK [PERMANENTFLAGS ()] No permanent flags permitted
S: * OK [MYRIGHTS "al"] ACL
S: b OK NOOP completed
END
for my $c ('FETCH 1 BODY[]', 'UID FETCH 1 FLAGS', 'SEARCH ALL',
    'STORE 1 +FLAGS (\Seen)', 'COPY 1 INBOX', 'MOVE 1 INBOX', 'EXPUNGE',
    'CHECK') {
	(my $word = $c) =~ s/^UID //;
	$word =~ s/ .*//;
	is($d->answer("c $c"), "c NO Access denied for $word on current " .
	    "mailbox (ACL \"r\" required)\r\n", "without r: $c");
}
acl($d, 'f', 'owner lr', 'administrators aceilrstwx');
$d->talk(<<'END');
C: d FETCH 2 FLAGS
S: * OK [MYRIGHTS "alr"] ACL
S: * 2 FETCH (FLAGS (\Recent))
S: d OK FETCH completed.
C: e NOOP
S: * 3 EXISTS
S: * <<[23]>> RECENT
S: e OK NOOP completed
END
acl($d, 'f', 'owner l', 'administrators aceilrstwx');
$d->talk(<<'END');
C: f CLOSE
S: * OK [MYRIGHTS "al"] ACL
S: f OK mailbox closed.
C: z LOGOUT
S: * BYE Courier-IMAP server shutting down
S: z OK LOGOUT completed
END
$d->done(0);
plan_done();
