#!/usr/bin/perl
# Each program of the chain in the place of Courier's own, the others being
# Courier's.  SPDX-License-Identifier: ISC
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Private qw(:all);
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

for my $m (@mixtures) {
	my $name = @$m ? join(' + ', @$m) . ' of Chapar' : 'Courier alone';
	subtest $name => sub {
		my $s = Suite->new(mail => $mail,
		    programs => @$m ? { map { $_ => 'chapar' } @$m } :
		    'courier', authdaemonrc => { DEFAULTOPTIONS => '' },
		    imapd => { IMAP_CAPABILITY => 'IMAP4rev1 UIDPLUS IDLE' },
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
		$s->inside('authenumerate');
		like $Private::out, qr,^one\@a\.test\t5000\t5000\t/srv/mail/one,m,
		    'authenumerate';
		$s->destroy;
	};
}
done_testing();
