#!/usr/bin/perl
# doc/conformance.md: RFC 4314 (access lists), and what RFC 4315 says of them.
# SPDX-License-Identifier: ISC
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Dialogue;

my $admin = 'administrators aceilrstwx';

sub acl {
	my ($dir, @list) = @_;
	spew("$dir/list", join '', map { "$_\n" } @list);
	rename "$dir/list", "$dir/courierimapacl" or die "$dir: $!\n";
}

my $d = Dialogue->new(mail => ["Subject: x\n\nx\n"],
    folders => [qw(a a.b own)], env => { IMAP_ACL => 1,
    AUTHENTICATED => 'joe' });
$d->line;

# ---- 2: identifiers and rights

$d->gives('d is e, t and x', 'SETACL INBOX.a bob d', qr/\AOK/);
$d->gives('and is shown with them', 'GETACL INBOX.a', qr/"bob" "detx"$/m);
$d->gives('one of them goes', 'SETACL INBOX.a bob -tx', qr/\AOK/);
$d->gives('d is shown with any of them', 'GETACL INBOX.a',
    qr/"bob" "de"$/m);
$d->gives('d and one of them are no error', 'SETACL INBOX.a bob dt',
    qr/\AOK/);
$d->gives('the effect is that of d', 'GETACL INBOX.a', qr/"bob" "detx"$/m);
$d->gives('c is k', 'SETACL INBOX.a bob c', qr/\AOK/);
$d->gives('and is shown with it', 'GETACL INBOX.a', qr/"bob" "ck"$/m);
$d->gives('k is c', 'SETACL INBOX.a bob k', qr/\AOK/);
$d->gives('c is shown with it', 'GETACL INBOX.a', qr/"bob" "ck"$/m);
$d->gives('and goes with it', 'SETACL INBOX.a bob -k', qr/\AOK/);
$d->gives('nothing is left', 'GETACL INBOX.a', not => qr/bob/);
$d->gives('a negative right', 'SETACL INBOX.a -joe s', qr/\AOK/);
$d->gives('is taken off what another entry grants', 'MYRIGHTS INBOX.a',
    qr/"acdeiklrtwx"$/m);
$d->gives('DELETEACL', 'DELETEACL INBOX.a joe', qr/\AOK/);
$d->gives('is not for the negative entry', 'GETACL INBOX.a',
    qr/"-joe" "s"$/m);
$d->gives('which has its own', 'DELETEACL INBOX.a -joe', qr/\AOK/);
$d->gives('MYRIGHTS shows c and d', 'MYRIGHTS INBOX.a',
    qr/^\* MYRIGHTS "INBOX.a" "acdeiklrstwx"$/m);

# ---- 3: the commands

for my $id ('""', "{1+}\r\n\xff", "{3+}\r\na\tb", "{1+}\r\n\x7f") {
	for my $c ("SETACL INBOX.a $id l", "DELETEACL INBOX.a $id",
	    "LISTRIGHTS INBOX.a $id") {
		my ($word) = $c =~ /^(\w+)/;
		(my $shown = $id) =~ s/[^ -~]+/./g;
		$d->gives("an identifier that is none is BAD: $word $shown",
		    $c, qr/\ABAD Invalid ACL identifier\.$/m,
		    not => qr/^\* /m);
	}
}
$d->gives('an unrecognised right is BAD', 'SETACL INBOX.a bob lq', qr/\ABAD/);
$d->gives('so is one that is added', 'SETACL INBOX.a bob +lq', qr/\ABAD/);
$d->gives('an uppercase right is BAD', 'SETACL INBOX.a bob L', qr/\ABAD/);
$d->gives('nothing was granted', 'GETACL INBOX.a', not => qr/bob/);
$d->gives('digits are rights of the site', 'SETACL INBOX.a bob l09', qr/\AOK/);
$d->gives('they are kept', 'GETACL INBOX.a', qr/"bob" "09l"$/m);
$d->gives('no right at all removes the entry', 'SETACL INBOX.a bob ""',
    qr/\AOK/);
$d->gives('it has gone', 'GETACL INBOX.a', not => qr/bob/);
for my $id ('bob', '"Jim B"', '-anyone', 'joe', '"j\"q"') {
	(my $quoted = $id) =~ s/^"?(.*?)"?$/"$1"/;
	my $text = $d->gives("LISTRIGHTS has the identifier as it came: $id",
	    "LISTRIGHTS INBOX.a $id",
	    qr/^\* LISTRIGHTS "INBOX.a" \Q$quoted\E "/m);
	my ($rights) = $text =~ /^(?:\* .*\n)?.*"(\w*"(?: \w)*)$/m;
	my %n;
	$n{$_}++ for ($rights || '') =~ /\w/g;
	# Nobody can take a and l from the owner.
	is(join('', sort keys %n), $id eq '-anyone' ? 'cdeikprstwx' :
	    'acdeiklprstwx', 'all rights, c and d too');
	is(join('', grep { $n{$_} > 1 } keys %n), '', 'no right twice');
}
$d->gives('words in any case', 'getacl inbox.a', qr/^\* ACL "inbox\.a" /m);
$d->gives('so too', 'sEtAcL InBoX.a bob lr', qr/\AOK/);
$d->gives('an identifier is in one case', 'SETACL INBOX.a Bob s', qr/\AOK/);
$d->gives('both are there', 'GETACL INBOX.a', qr/"bob" "lr" "Bob" "s"$/m);

# ---- 4: mailboxes

$d->gives('SETACL and MYRIGHTS in order',
    "SETACL INBOX.own owner alr\r\nm MYRIGHTS INBOX.own", qr/\AOK/);
is($d->line, '* MYRIGHTS "INBOX.own" "alr"', 'as the list is then');
like($d->line, qr/^m OK/, 'MYRIGHTS');
$d->gives('CREATE below', 'CREATE INBOX.a.new', qr/\AOK/);
$d->gives('a new mailbox has the list of its parent', 'GETACL INBOX.a.new',
    qr/"bob" "lr" "Bob" "s"$/m);
$d->gives('RENAME', 'RENAME INBOX.a INBOX.moved', qr/\AOK/);
$d->gives('RENAME keeps the list', 'GETACL INBOX.moved',
    qr/"bob" "lr" "Bob" "s"$/m);
$d->gives('and those below', 'GETACL INBOX.moved.new',
    qr/"bob" "lr" "Bob" "s"$/m);
$d->gives('DELETE', 'DELETE INBOX.moved.new', qr/\AOK/);
ok(!-e "$d->{maildir}/.moved.new", 'the mailbox has gone');
$d->gives('another list above', 'DELETEACL INBOX.moved Bob', qr/\AOK/);
$d->gives('CREATE again', 'CREATE INBOX.moved.new', qr/\AOK/);
$d->gives('DELETE deleted the list', 'GETACL INBOX.moved.new',
    qr/"bob" "lr"$/m);

acl("$d->{maildir}/.own", 'owner alr', $admin);
$d->gives('the nearest that exists is asked for k', 'CREATE INBOX.own.x.y',
    qr/\ANO Access denied for CREATE/);
acl("$d->{maildir}/.own", 'owner alrc', $admin);
$d->gives('it has it', 'CREATE INBOX.own.x.y', qr/\AOK/);

# ---- 4: messages

acl("$d->{maildir}/.own", 'owner alr', $admin);
$d->gives('nothing but reading: READ-ONLY', 'SELECT INBOX.own',
    qr/^OK \[READ-ONLY\]/m, qr/^\* OK \[PERMANENTFLAGS \(\)\]/m);
for my $right (qw(i e s t w)) {
	acl("$d->{maildir}/.own", "owner alr$right", $admin);
	$d->gives("right $right: READ-WRITE", 'SELECT INBOX.own',
	    qr/^OK \[READ-WRITE\]/m);
}
acl("$d->{maildir}/.own", 'owner alrit', $admin);
$d->gives('EXPUNGE without e', 'EXPUNGE', qr/^NO/m);
acl("$d->{maildir}/.own", 'owner alrite', $admin);
$d->gives('EXPUNGE with e', 'EXPUNGE', qr/^OK/m);

acl("$d->{maildir}/.own", 'owner alris', $admin);
$d->gives('COPY and APPEND do not fail for a flag',
    "APPEND INBOX.own (\\Seen \\Deleted \\Draft) {5+}\r\na\n\nb\n", qr/^OK/m);
$d->gives('they leave it out', 'FETCH 1 FLAGS',
    qr/^\* 1 FETCH \(FLAGS \(\\Seen(?: \\Recent)?\)\)$/m);
$d->gives('STORE is OK if one flag may be changed',
    'STORE 1 FLAGS (\Deleted \Draft)', qr/^OK/m);
$d->gives('the others stay', 'FETCH 1 FLAGS',
    qr/^\* 1 FETCH \(FLAGS \((?:\\Recent)?\)\)$/m);
acl("$d->{maildir}/.own", 'owner alri', $admin);
$d->gives('FETCH without s', 'FETCH 1 BODY[]', qr/^OK/m,
    not => qr/FETCH .*\\Seen/);
$d->gives('sets no \Seen', 'FETCH 1 FLAGS', not => qr/\\Seen/);

# ---- 6: mailboxes of others; RFC 4315 3

my $world = Dialogue::home(qw(hid own));
my $bob = "$world/Maildir";
spew("$world/index", "bob\t500\t500\t$world\tMaildir\n");
acl($bob, 'owner aceilrstwx', $admin, 'anyone lr');
acl("$bob/.hid", 'owner aceilrstwx', $admin);
$d->done;
$d = Dialogue->new(mail => ["Subject: x\n\nx\n"], env => { IMAP_ACL => 1,
    AUTHENTICATED => 'joe', IMAP_SHAREDINDEXFILE => "$world/index" });
$d->line;
for my $c ('GETACL %', 'SETACL % joe l', 'DELETEACL % joe',
    'LISTRIGHTS % joe', 'MYRIGHTS %') {
	my @said;
	for my $name ('#shared.bob.hid', '#shared.bob.none') {
		(my $command = $c) =~ s/%/$name/;
		push @said, $d->gives("hidden or absent: $command", $command,
		    qr/\ANO Mailbox does not exist/, not => qr/^\* /m);
	}
	is($said[0], $said[1], "ACL commands tell nothing: $c");
}
$d->gives("$_: OK without right l", "$_ #shared.bob.hid", qr/\AOK/)
    for 'LIST ""', 'LSUB ""', 'UNSUBSCRIBE';
for my $right (split //, 'lricx') {
	acl("$bob/.own", 'owner aceilrstwx', $admin, "user=joe $right");
	$d->gives("MYRIGHTS with $right", 'MYRIGHTS #shared.bob.own',
	    qr/^\* MYRIGHTS .*$right/m, qr/^OK/m);
}
for my $right (split //, 'stwe') {
	acl("$bob/.own", 'owner aceilrstwx', $admin, "user=joe $right");
	$d->gives("MYRIGHTS with $right alone: no such mailbox",
	    'MYRIGHTS #shared.bob.own', qr/\ANO Mailbox does not exist/);
}
acl("$bob/.own", 'owner aceilrstwx', $admin, 'user=joe li');
$d->answer('s SELECT INBOX');
$d->gives('COPY without r: no COPYUID', 'COPY 1 #shared.bob.own',
    qr/\AOK COPY completed\.$/m);
$d->gives('APPEND without r: no APPENDUID',
    "APPEND #shared.bob.own {5+}\r\na\n\nb\n", qr/^OK APPEND Ok\.$/m);
$d->gives('MOVE without r: no COPYUID', 'MOVE 1 #shared.bob.own',
    qr/^OK MOVE completed\.$/m, not => qr/COPYUID/);
is(scalar(() = glob "$bob/.own/cur/* $bob/.own/new/*"), 3, 'all three arrived');
acl("$bob/.own", 'owner aceilrstwx', $admin, 'user=joe ri');
$d->gives('APPEND with r: APPENDUID',
    "APPEND #shared.bob.own {5+}\r\na\n\nb\n", qr/^OK \[APPENDUID \d+ 4\]/m);
$d->done;
plan_done();
