#!/usr/bin/perl
# couriertls in the place of Courier's and the other way round: on 993, and run
# by imaplogin for STARTTLS; clients' certificates through both.
# SPDX-License-Identifier: ISC
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Private qw(:all);
use Test::More;
use Suite;
use Tls;

need_root();
need('openssl');
plan(skip_all => 'couriertls is not built') unless -x couriertls();

my $mail = workdir() . '/mail';
mkdir $mail;
chmod 0755, $mail;
mkdir "$mail/one";
mkdir "$mail/one/Maildir$_" for '', '/tmp', '/new', '/cur';
system 'chown', '-R', '5000:5000', "$mail/one";

my $ca = cert('ca.test', ca => 1);
(my $cabase = $ca) =~ s/\.pem$//;
my $mine = cert('one', by => $ca, san => '',
    subj => '/CN=one/emailAddress=one@a.test');
my $wrong = cert('two', san => '',
    subj => '/CN=one/emailAddress=one@a.test');

sub server {
	my ($which) = @_;
	my %tls = (TLS_VERIFYPEER => 'PEER', TLS_TRUSTCERTS =>
	    '/etc/courier/ca.pem', TLS_EXTERNAL => 'emailaddress');
	my $s = Suite->new(mail => $mail, programs => $which,
	    more => ['imapd-ssl'], 'imapd-ssl' => \%tls, imapd => {
	    IMAP_CAPABILITY_TLS => 'IMAP4rev1 IDLE AUTH=PLAIN' },
	    authdaemonrc => { authmodulelist => 'authuserdb', daemons => 2 });
	spew($s->etc('ca.pem'), slurp("$cabase.crt"), 0644);
	chomp(my $crypt = `openssl passwd -1 -salt abcdefgh secret`);
	spew($s->etc('userdb'), "one\@a.test\tuid=5000|gid=5000|" .
	    "home=/srv/mail/one|systempw=$crypt\n", 0600);
	$s->inside('makeuserdb') or die "makeuserdb: $Private::out";
	# A folder of rules without a database is refused by our couriertcpd.
	# (The name is an alternative of packages that were only unpacked.)
	my $makedat = "$s->{root}/usr/bin/makedat";
	symlink 'makedat.courier', $makedat unless -e $makedat;
	spew($s->etc('imapaccess/default'), "127\tallow\n");
	$s->inside('makeimapaccess');
	return $s->start;
}

# A login and a folder, by a client of that version.
sub works {
	my ($name, $port, @options) = @_;
	my $c = Tls->connect($port, @options);
	$c->send("a CAPABILITY\r\n");
	like $c->until(qr/^a /), qr/^\* CAPABILITY .*AUTH=PLAIN/m,
	    "$name: capabilities of TLS";
	$c->send("b LOGIN one\@a.test secret\r\n");
	like $c->until(qr/^b /), qr/^b OK/m, "$name: login" or return;
	$c->send("c SELECT INBOX\r\n");
	like $c->until(qr/^c /), qr/^\* 0 EXISTS/m, "$name: select";
	$c->send("d LOGOUT\r\n");
	like $c->rest, qr/^\* BYE .*^d OK/ms, "$name: logout";
}

for my $mix ([], ['couriertls'], ['imaplogin'], ['couriertcpd'],
    ['couriertls', 'imaplogin', 'imapd'], 'chapar') {
	my $what = ref $mix ? join('+', @$mix) || 'courier' : $mix;
	next if ($ENV{TEST_SUITE} || '') eq 'courier' && $what ne 'courier';
	my $s = server(!ref $mix ? $mix : @$mix ?
	    { map { $_ => 'chapar' } @$mix } : 'courier');
	my $ssl = $s->{ports}{'imapd-ssl'};
	for my $v (qw(1_2 1_3)) {
		works("$what, $v", $ssl, "-tls$v");
		works("$what, $v, STARTTLS", $s->{port}, "-tls$v",
		    '-starttls', 'imap');
	}
	works("$what, with a certificate", $ssl, '-cert', $mine, '-key',
	    $mine);
	works("$what, STARTTLS with a certificate", $s->{port}, '-starttls',
	    'imap', '-cert', $mine, '-key', $mine);
	my $c = Tls->connect($ssl, '-tls1_2', '-cert', $wrong, '-key', $wrong);
	$c->send("a CAPABILITY\r\n");
	unlike $c->until(qr/^a /, 10), qr/^a OK/m, "$what: a wrong one";
	wait_for(30, sub { $s->log =~
	    /Peer's certificate not signed by a trusted authority/ });
	like $s->log, qr/imapd-ssl: ip=\[(?:::ffff:)?127\.0\.0\.1\], Peer's certificate not signed by a trusted authority$/m,
	    "$what: logged";
	my @login = $s->log =~ /: LOGIN, user=one\@a\.test, ip=\[\S+\], port=\[\d+\], protocol=IMAP(.*)$/mg;
	is scalar(@login), 6, "$what: six logins";
	$s->stop;
	undef $c;
}
done_testing();
