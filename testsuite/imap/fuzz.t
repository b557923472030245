#!/usr/bin/perl
# imapd on hostile input, see lib/Fuzz.pm: nor may it give one UID twice.
# SPDX-License-Identifier: ISC
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Fuzz;

my @set = split / /,
    '1 1:* * 1:3 2,1 4294967295 0 5:1 1: 1,,2 *:1 $ 1:2:3 99999999999';
my @box = ('INBOX', 'INBOX.a', 'INBOX.a.b', '"INBOX.c d"', 'INBOX.Trash',
    "{7+}\r\nINBOX.a", '"&AOk-"', 'INBOX..x', 'INBOX.', '.', '""', '*', '%',
    'shared.x', '#shared.a.b', 'INBOX.' . 'x' x 300, '"a\\"b"',
    'INBOX.a/../b', 'NIL');
my @flag = ('\Seen', '(\Deleted)', '\Flagged', '\Recent', 'kw1', '$Label1',
    '(\Seen kw)', '()', '\*', 'bad(', 'a' x 200);
my @item = qw(FLAGS UID INTERNALDATE RFC822.SIZE ENVELOPE BODY BODYSTRUCTURE
    RFC822 RFC822.HEADER RFC822.TEXT BODY[] BODY.PEEK[] BODY[1] BODY[1.1]
    BODY[1.MIME] BODY[2.HEADER] BODY[TEXT]<0.10> BODY[1.2.3.4.5.6.TEXT] ALL
    FAST FULL BODY[4294967295] BODY[0] BODY[1]<4294967295.4294967295>
    BODY[1]<0.0>);
push @item, 'BODY.PEEK[HEADER.FIELDS (FROM TO)]',
    'BODY[HEADER.FIELDS.NOT (X)]<3.5>';
my @key = ('ALL', 'NEW', 'OLD', 'RECENT', 'SEEN', 'UNSEEN', 'BCC x',
    'BEFORE 1-Jan-2020', 'BODY hi', 'FROM a', 'HEADER Subject x',
    'HEADER "" ""', 'KEYWORD k', 'UNKEYWORD z', 'LARGER 10', 'NOT ALL',
    'ON 2-Feb-2021', 'OR ALL SEEN', 'SENTSINCE 1-Jan-2020', 'SMALLER 99999',
    "SUBJECT \"gr\xfc\"", 'TEXT x', 'UID 1:*', '(ALL (NOT SEEN))', '1:3', '*',
    "CHARSET UTF-8 TEXT {3+}\r\n\xc3\xbcx", 'CHARSET bogus ALL',
    "CHARSET ISO-2022-JP TEXT \"\e\$B\"", 'NOT NOT NOT ALL');
my %command = (
	FETCH => sub { pick(@set) . ' (' .
	    join(' ', map { pick(@item) } 0 .. dice(3)) . ')' },
	STORE => sub { join ' ', pick(@set), pick(qw(FLAGS +FLAGS -FLAGS.SILENT
	    FLAGS.SILENT +X)), pick(@flag) },
	SEARCH => sub { join ' ', map { pick(@key) } 0 .. dice(3) },
	SORT => sub { join ' ', '(' . join(' ', map { pick(qw(REVERSE ARRIVAL
	    CC DATE FROM SIZE SUBJECT TO)) } 0 .. dice(3)) . ')',
	    pick('UTF-8', 'us-ascii', 'bogus'), pick(@key) },
	THREAD => sub { join ' ', pick(qw(REFERENCES ORDEREDSUBJECT)),
	    pick('UTF-8', 'bogus'), pick(@key) },
	APPEND => \&append,
	IDLE => sub { "\r\nDONE" },
	ENABLE => sub { 'X UTF8=ACCEPT' },
	ID => sub { pick('NIL', '("a" "b")', '("a")', '(("a"))') },
	STATUS => sub { pick(@box) . ' (MESSAGES UNSEEN UIDNEXT RECENT)' },
);
$command{$_} = sub { pick(@set) . ' ' . pick(@box) } for qw(COPY MOVE);
$command{$_} = sub { pick(@box) }
    for qw(SELECT EXAMINE CREATE DELETE SUBSCRIBE UNSUBSCRIBE);
$command{$_} = sub { pick(@box) . ' ' . pick(@box) } for qw(RENAME LSUB);
$command{$_} = sub { '' } for qw(CHECK CLOSE UNSELECT NOOP CAPABILITY NAMESPACE
    LOGIN DONE);
my @who = ('bob', '-bob', 'owner', '-owner', 'anyone', 'user=x', '""', '"a b"',
    "{3+}\r\na\nb", '=', '-', "\xc3\xbc", 'group=administrators', 'NIL');
my @right = ('lr', '+w', '-l', '""', 'aceilrstwx', 'al', '+', 'd', 'kQ9', '(l)',
    "{2+}\r\n\xff\x01", 'x' x 300);
my $boxes = sub { pick(pick(@box), '(' . join(' ', pick(@box), pick(@box)) .
    ')') };
$command{$_} = sub { pick(@box) } for qw(GETACL MYRIGHTS);
$command{$_} = sub { pick(@box) . ' ' . pick(@who) }
    for qw(DELETEACL LISTRIGHTS);
$command{SETACL} = sub { join ' ', pick(@box), pick(@who), pick(@right) };
$command{ACL} = sub { join ' ', pick(qw(STORE SET DELETE GET)), $boxes->(),
    map { pick(@who), pick(@right) } 0 .. dice(3) };
$command{LIST} = sub { join ' ', pick('', '(ACL)', '(ACL MYRIGHTS x)', '(()',
    '(POSTADDRESS)'), pick(@box), pick(@box) };
$command{EXPUNGE} = sub { pick('', pick(@set)) };
my @command = sort keys %command;

my @message = (
	sub { "Subject: hi\r\n\r\nbody\r\n" },
	sub { noise(2000) },
	sub { my $b = pick('x', '"a b"', '=_1', '');
	    (my $bare = $b) =~ s/"//g;
	    "Content-Type: multipart/mixed; boundary=$b\r\n\r\n" .
	    join "", map {; "--$bare" . pick("\r\n", "\n", "--\r\n") .
	    pick("Content-Type: message/rfc822\r\n\r\n", "\r\nhi\r\n",
	    "Content-Transfer-Encoding: base64\r\n\r\naGVsbG8=\r\n",
	    "Content-Type: multipart/x; boundary=$b\r\n\r\n") }
	    1 .. dice(60) },
	sub { 'From: ' . pick('a@b', '"x" <a@b>, g:c@d,e;', '<@r,@s:a@b>',
	    '((((', '"', '=?utf-8?q?=C3=BC?= <x@y>', 'a' x 5000) .
	    "\nDate: " . pick('Mon, 1 Jan 2024 00:00:00 +0000', 'xx') .
	    "\nContent-Type: text/plain; n*0=\"a\"; n*1*=%41; charset=" .
	    pick(qw(utf-8 iso-2022-jp gb18030 bogus utf-7)) .
	    "\nContent-Transfer-Encoding: " . pick(qw(quoted-printable base64
	    8bit x-uuencode)) . "\n\n" . pick("=C3=\n=ZZ=", '####',
	    noise(300)) },
	sub { 'Message-ID: <' . dice(9) . "\@x>\nSubject: " .
	    join('', map { pick('Re:', '[x]', '(fwd)', '[fwd:', ']', ' a') }
	    0 .. dice(9)) . "\nReferences: " .
	    join('', map { pick('<' . dice(9) . '@x>', '<', '"', ' ') }
	    0 .. dice(20)) . "\n\n" },
	sub { "Content-Type: message/rfc822\r\n\r\n" x dice(300) . 'x' },
	sub { 'X: ' . 'y' x dice(100000) . "\r\n\r\n" },
	sub { "\n" x dice(100) },
);

sub append {
	my $text = pick(@message)->();
	my $n = length($text) + pick(0, 0, 0, 0, 1);
	return pick(@box) . ' ' . pick('', '(\Seen kw) ', '(\Seen) "x" ',
	    '"01-Jan-2020 00:00:00 +0000" ') . "{$n+}\r\n$text";
}

sub spoil { return mutate($_[0], '(' x 200, "(){}\"\\*%[]<>\0\x7f\xff \r\n") }

sub input {
	my $text = 's SELECT ' . pick('INBOX', 'INBOX.a') . "\r\n";
	for my $i (1 .. 1 + dice(25)) {
		my $name = pick(@command);
		my $args = $command{$name}->();
		$text .= spoil("$i " . pick('', '', 'UID ') . $name .
		    ($args eq '' ? '' : " $args") . "\r\n");
	}
	return "${text}z LOGOUT\r\n";
}

sub damage {
	for my $name ('courierimapuiddb', '.a/courierimapuiddb', 'maildirsize',
	    'courierimapsubscribed', 'courierimapkeywords/:list') {
		my ($dir) = "$Fuzz::maildir/$name" =~ m,(.*)/,;
		next if !-d $dir || dice(2);
		my $old = slurp("$Fuzz::maildir/$name") || "1 1 1\n";
		spew("$Fuzz::maildir/$name", pick(spoil($old), noise(200)));
	}
}

sub double_uids {
	my (%seen, @double);
	for (split /\n/, slurp("$Fuzz::maildir/courierimapuiddb")) {
		my ($uid, $name) = /^(\d+) ([^ ]+)$/ or next;
		push @double, $uid if $seen{$uid}++;
	}
	return @double;
}

fuzz({
	mailbox => sub { mailbox(\@message) },
	again => sub { damage() unless dice(3) },
	input => \&input,
	wrong => sub { my @uids = double_uids();
	    @uids ? "doubled UIDs: @uids" : '' },
	refused => qr/^\S+ (?:BAD|NO) /m,
	ended => qr/^z OK|^\* BYE/m,
});
done_testing();
