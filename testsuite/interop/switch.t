#!/usr/bin/perl
# One mailbox served by Courier, then Chapar, then Courier again: clients must
# not see the difference.  SPDX-License-Identifier: ISC
#
# UIDVALIDITY, UIDs, flags, keywords and subscriptions are equal after every
# change of server, mail that came in each period included.
# TEST_SUITE=courier puts the original in the middle: it proves the test.
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

my $middle = $ENV{TEST_SUITE} || 'chapar';
my $dir = workdir();
my $mail = "$dir/mail";
mkdir $mail;
chown 5000, 5000, $mail;
mkdir "$mail/one";
chown 5000, 5000, "$mail/one";
my $maildir = "$mail/one/Maildir";
Accounts::maildir($maildir);

my $db = Maria->new;
Accounts::table($db, 'one@a.test');
my %common = (mail => $mail, port => free_port(),
    imapd => { IMAP_KEYWORDS => 1 },
    files => { authmysqlrc => Accounts::authmysqlrc($db) });
my %server = (
	courier => Suite->new(%common, programs => 'courier'),
	chapar => Suite->new(%common, programs => $middle),
);
# The very same files.
for my $name (qw(imapd imapd-ssl authdaemonrc authmysqlrc)) {
	my ($from, $to) = map { $server{$_}->etc($name) } qw(courier chapar);
	unlink $to;
	system 'cp', '-a', $from, $to;
}

my @folders = ('INBOX', 'INBOX.Sent', 'INBOX.lists', 'INBOX.lists.deep',
    'INBOX.&AOQ-rger');

sub client {
	my $c = Imap->new(port => $common{port});
	$c->login('one@a.test', 'pw-one');
	return $c;
}

# What a client could remember of the mailbox, as text.
sub picture {
	my $c = client();
	my %p;
	for my $f (@folders) {
		my @said = $c->ok("EXAMINE $f");
		my ($validity) = map { /UIDVALIDITY (\d+)/ ? $1 : () } @said;
		# Courier says UIDNEXT in STATUS only, not with EXAMINE.
		my ($next) = map { /UIDNEXT (\d+)/ ? $1 : () }
		    $c->ok("STATUS $f (UIDNEXT)");
		$p{$f} = { validity => $validity, uidnext => $next,
		    flags => $c->flags, sums => sums($c->bodies) };
	}
	$p{list} = [sort map { /^\* LIST \(.*?\) (.*)/ ? $1 : () }
	    $c->ok('LIST "" *')];
	$p{lsub} = [sort map { /^\* LSUB \(.*?\) (.*)/ ? $1 : () }
	    $c->ok('LSUB "" *')];
	$c->bye;
	return \%p;
}

sub sums {
	my ($body) = @_;
	require Digest::MD5;
	return { map { $_ => Digest::MD5::md5_hex($body->{$_}) } keys %$body };
}

# The directory of a folder, whichever way its name is written.
sub path {
	my ($f) = @_;
	$f =~ s/^INBOX//;
	return $maildir if $f eq '';
	return (grep { -d } "$maildir/$f",
	    "$maildir/" . $f =~ s/&AOQ-/\xc3\xa4/r)[0];
}

my $serial = 0;

# What users and delivery agents do while one server is up.
sub period {
	my ($c, $name) = @_;
	my @path = map { path($_) } @folders;
	for my $i (0 .. $#folders) {
		Accounts::deliver($path[$i], Mails::make(++$serial))
		    for 1 .. 4;
		$c->ok("SELECT $folders[$i]");
		my $text = Mails::make(1000 + ++$serial) =~ s/\n/\r\n/gr;
		$c->ok("APPEND $folders[$i] (\\Seen \$Label$i) " .
		    '"01-Feb-2025 10:11:12 +0100" ', \$text);
		$c->ok('NOOP');
		my ($max) = sort { $b <=> $a } keys %{ $c->flags };
		$c->ok("UID STORE $max +FLAGS (\\Flagged $name)");
		$c->ok('UID STORE ' . ($max - 1) . ' +FLAGS (\Answered work)');
		$c->ok('UID STORE ' . ($max - 2) . ' FLAGS (\Deleted)');
		$c->ok('EXPUNGE') if $i != 2;
	}
	$c->ok('SELECT INBOX');
	my ($any) = sort { $a <=> $b } keys %{ $c->flags };
	$c->ok("UID COPY $any INBOX.Sent");
}

sub serve { $server{ $_[0] }->start }
sub halt { $server{ $_[0] }->stop }

serve('courier');
my $c = client();
$c->ok("CREATE $_") for @folders[1 .. $#folders];
$c->ok("SUBSCRIBE $_") for @folders[0, 1, 3];
period($c, 'first');
$c->bye;
my $was = picture();
halt('courier');
cmp_ok scalar(keys %{ $was->{INBOX}{flags} }), '>=', 4, 'there is mail';
ok scalar(grep { /work/ } values %{ $was->{'INBOX.lists'}{flags} }),
    'and keywords';

my $n = 0;
for my $name (qw(chapar courier chapar courier)) {
	$n++;
	serve($name);
	my $is = picture();
	is_deeply $is, $was, "$n: $name shows what the other left"
	    or diag $server{$name}->log;
	# New mail before a client looks and after.
	Accounts::deliver("$maildir/.Sent", Mails::make(++$serial));
	$c = client();
	period($c, "period$n");
	$c->ok($n % 2 ? 'UNSUBSCRIBE INBOX.lists.deep' :
	    'SUBSCRIBE INBOX.lists');
	if ($n == 1) {
		$c->ok('CREATE INBOX.made.there');
		push @folders, 'INBOX.made.there';
		$c->ok('SUBSCRIBE INBOX.made.there');
	}
	if ($n == 2) {
		$c->ok('RENAME INBOX.made.there INBOX.made.here');
		$folders[-1] = 'INBOX.made.here';
	}
	$c->bye;
	$was = picture();
	my $again = picture();
	is_deeply $again, $was, "$n: $name is at one with itself";
	halt($name);
}

# The side files are those of Courier and nothing it would stumble over.
for my $f (files_of($maildir)) {
	my ($base) = $f =~ m,([^/]*)$,;
	next if $f =~ m,(^|/)(cur|new|tmp|courierimap[a-z]+)/,;
	fail "$f: a file that Courier would not write"
	    unless $base =~ /^(courierimap|maildir(?:size|folder)|chapar\.)/;
}
like slurp("$maildir/courierimapuiddb"), qr/^1 \d+ \d+\n(?:\d+ .*\n)*\z/,
    'courierimapuiddb has its form';
done_testing();
