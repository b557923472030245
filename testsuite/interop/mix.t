#!/usr/bin/perl
# Each program of the chain in the place of Courier's own, the others being
# Courier's.  SPDX-License-Identifier: ISC
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Private qw(:all);
use IO::Socket::INET;
use MIME::Base64;
use Test::More;
use Accounts;
use Imap;
use Mails;
use Maria;
use Suite;

need_root();
need('mariadbd');

my $dir = workdir();
my $mail = "$dir/mail";
mkdir $mail;
chown 5000, 5000, $mail;
my $maildir = "$mail/one/Maildir";
mkdir "$mail/one";
chown 5000, 5000, "$mail/one";
Accounts::maildir($maildir);
Accounts::deliver($maildir, Mails::make($_)) for 1 .. 12;

my $db = Maria->new;
Accounts::table($db, 'one@a.test');

# What is Chapar's; everything else is Courier's.
my @mixtures = (
	[], ['authdaemond'], ['authtools'], ['imaplogin'], ['couriertcpd'],
	['imapd'], ['imaplogin', 'imapd'], ['couriertcpd', 'authdaemond'],
	['couriertcpd', 'imaplogin', 'imapd', 'authtools'],
	['authdaemond', 'authtools', 'couriertcpd', 'imaplogin'],
	['authdaemond', 'authtools', 'couriertcpd', 'imapd'],
	['authdaemond', 'authtools', 'imaplogin', 'imapd'],
);
@mixtures = ([]) if ($ENV{TEST_SUITE} || '') eq 'courier';

my ($bodies, $flags);

# The same dialogue with every mixture.
sub dialogue {
	my ($s) = @_;
	my $c = Imap->new(port => $s->{port});
	like $c->{greeting}, qr/^\* OK \[CAPABILITY IMAP4rev1 /, 'greeting';
	my ($no) = $c->cmd('LOGIN one@a.test wrong');
	like $no, qr/^NO Login failed\./, 'a wrong password';
	my $ok = eval { $c->login('one@a.test', 'pw-one'); 1 };
	ok $ok, 'login' or do { diag $@, $s->log; return };
	my @said = $c->ok('SELECT INBOX');
	ok scalar(grep { $_ eq '* 12 EXISTS' } @said), '12 messages';
	$bodies ||= $c->bodies;
	$flags ||= $c->flags;
	is_deeply $c->bodies, $bodies, 'their texts and UIDs';
	is_deeply $c->flags, $flags, 'their flags';
	my ($uid) = (sort { $a <=> $b } keys %$flags)[3];
	my $was = $flags->{$uid} =~ /Flagged/;
	$c->ok("UID STORE $uid " . ($was ? '-' : '+') . 'FLAGS (\Flagged)');
	$flags = $c->flags;
	my ($end, @bye) = $c->bye;
	like "@bye $end", qr/\* BYE .*OK LOGOUT completed/, 'logout';
}

my $snapshot = 'none';

# SMAP1, with a snapshot that the mixture before has made.
sub smap {
	my ($s) = @_;
	my $c = IO::Socket::INET->new(PeerAddr => "127.0.0.1:$s->{port}",
	    Timeout => 20) or return fail("connect: $!");
	my $ask = sub {
		my ($text, $last) = (shift, qr/^(?:\+OK|-ERR|>|\* OK) /);
		my $said = '';
		print $c "$text\n" if defined $text;
		while (defined(my $line = <$c>)) {
			$line =~ s/\r?\n\z//;
			$said .= "$line\n";
			last if $line =~ $last;
		}
		return $said;
	};
	like $ask->(), qr/^\* OK \[CAPABILITY [^]]* SMAP1 KEYWORDS /, 'SMAP1';
	is $ask->('\SMAP1 AUTHENTICATE PLAIN'), "> \n", 'asks';
	is $ask->(encode_base64("\0one\@a.test\0pw-one", '')),
	    "+OK SMAP1 LOGIN Ok.\n", 'login';
	my $said = $ask->("SOPEN $snapshot INBOX");
	my $first = $snapshot eq 'none';
	like $said, $first ? qr/^\* EXISTS 12\n\+OK Folder opened\n\z/ :
	    qr/^\* SNAPSHOTEXISTS "\Q$snapshot\E"\n\* FETCH 4 FLAGS=\S* (?x:
	    )"KEYWORDS="\n\+OK Folder updated\n\z/, 'what changed since';
	like $said = $ask->('NOOP'), qr/^\* SNAPSHOT "(.*)"\n\+OK /,
	    'another snapshot';
	($snapshot) = $said =~ /"(.*)"/;
	like $ask->('FETCH 1 FLAGS UID'), qr/^\* FETCH 1 FLAGS=\S* "UID=.*"\n/,
	    'a message';
	is $ask->('LOGOUT'), "* BYE Courier-SMAP server shutting down\n" .
	    "+OK LOGOUT completed\n", 'logout';
}

for my $m (@mixtures) {
	my $name = @$m ? join(' + ', @$m) . ' of Chapar' : 'Courier alone';
	subtest $name => sub {
		my $s = Suite->new(mail => $mail,
		    programs => @$m ? { map { $_ => 'chapar' } @$m } :
		    'courier', authdaemonrc => { DEFAULTOPTIONS => '' },
		    imapd => { IMAP_CAPABILITY => 'IMAP4rev1 UIDPLUS IDLE',
		    SMAP_CAPABILITY => 'SMAP1' },
		    files => { authmysqlrc => Accounts::authmysqlrc($db) });
		my $up = eval { $s->start; 1 };
		ok $up, 'starts' or do { diag $@; return };
		ok $s->inside('authtest', 'one@a.test', 'pw-one'),
		    'authtest accepts' or diag $Private::out;
		like $Private::out, qr,Home Directory: /srv/mail/one\n,,
		    'and tells the account';
		ok !$s->inside('authtest', 'one@a.test', 'wrong'),
		    'authtest refuses';
		dialogue($s);
		smap($s);
		$s->inside('authenumerate');
		like $Private::out, qr,^one\@a\.test\t5000\t5000\t/srv/mail/one,m,
		    'authenumerate';
		$s->destroy;
	};
}
done_testing();
