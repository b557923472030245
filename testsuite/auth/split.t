#!/usr/bin/perl
# Workers are the mail user; what only root can do a helper does. The order of
# the modules, and what ends the search, stay what they are.
# SPDX-License-Identifier: ISC
use strict;
use warnings;
use Digest::MD5 qw(md5_base64);
use FindBin;
use lib "$FindBin::Bin/../lib";
use Private qw(:all);
use Test::More;
use Authd;

need_root();
my $a = Authd->new(idle => 1);
my ($uid, $gid) = $a->mail_ids;
plan skip_all => 'the mail user does not exist here' unless defined $uid;

sub md5 { return '{MD5}' . md5_base64($_[0]) . '==' }
sub auth { return 'AUTH ' . length($_[0]) . "\n$_[0]" }
sub login { return auth("imap\nlogin\n$_[0]\n$_[1]\n") }

spew($a->conf('userdb'), join('', map { "$_\thome=/db|uid=5|gid=6|"
    . "gecos=A, B|quota=1S|mail=M|options=x=1|systempw=" . md5('db') . "\n" }
    'both', 'db'), 0600);
$a->tool('makeuserdb') or die $Private::out;
is +(stat $a->conf('userdbshadow.dat'))[2] & 07777, 0600,
    'passwords are root\'s';

# Who it is, and what it says for "both", "pipe" and "later".
spew($a->conf('authProg'), <<'EOF', 0755);
#!/usr/bin/perl
$| = 1;
while (<STDIN>) {
	my ($user, $password) = ('', '');
	if (/^PRE \. \S+ (.*)/) {
		$user = $1;
	} elsif (/^AUTH (\d+)/) {
		read STDIN, my $data, $1;
		(undef, undef, $user, $password) = split /\n/, $data;
	} elsif (/^PASSWD \S+\t(\S+)\t/) {
		print $1 eq 'pipe' ? "OK\n" : "FAIL\n";
		next;
	} elsif (/^ENUMERATE/) {
		print "pipe\t7\t8\t/pipe\t\tx=y\n.\n";
		next;
	}
	if ($user eq 'later') {
		close STDOUT;
		exit;
	}
	if ($user !~ /^(?:both|pipe)$/ || ($password ne '' && $password ne 'pipe')) {
		print "FAIL\n";
		next;
	}
	print "UID=7\nGID=8\nHOME=/uid$>\nADDRESS=$user\nNAME=C, D\n.\n";
}
EOF

sub with {
	my ($modules, $code, $more) = @_;
	my $rc = "authmodulelist=\"$modules\"\ndaemons=2\n" . ($more || '');
	$a->rc($rc);
	$a->start;
	ok $a->settled(2), "$modules: two workers";
	$code->();
	$a->stop;
}

my @w;
with('authuserdb authpipe authpwd', sub {
	is scalar($a->helpers), 2, 'each has a helper';
	@w = $a->workers;
	is_deeply [map { Authd::uid_of($_) } @w], [$uid, $uid],
	    'workers are the mail user';
	like slurp("/proc/$w[0]/status"), qr/^Gid:\t$gid\t$gid\t$gid\t/m,
	    'and the mail group';
	like slurp("/proc/$w[0]/status"), qr/^CapEff:\t0+$/m, 'no capabilities';
	my $db = "UID=5\nGID=6\nHOME=/db\nADDRESS=both\nNAME=A\nMAILDIR=M\n"
	    . "QUOTA=1S\nPASSWD=" . md5('db') . "\n";
	is $a->ask("PRE . imap both\n"), "${db}OPTIONS=x=1\n.\n",
	    'the first module that knows him';
	is $a->ask(login('both', 'db')),
	    "${db}PASSWD2=db\nOPTIONS=x=1\n.\n", 'its password';
	like $a->ask(login('both', 'pipe')), qr{\AUID=7\nGID=8\nHOME=/uid0\n
	    ADDRESS=both\nNAME=C\n}x, 'a refusal goes on to the next one';
	like $a->ask("PRE authpipe imap both\n"), qr/^UID=7$/m, 'by name';
	is $a->ask(login('both', 'no')), "FAIL\n", 'nobody knows it';
	like $a->ask("PRE . imap root\n"), qr/^USERNAME=root$/m, 'the last one';
	is $a->ask("PRE . imap later\n"), '', 'trouble ends the search';
	is $a->ask(login('later', 'x')), "FAIL\n", 'for AUTH too';
	like $a->ask("ENUMERATE\n"), qr{\A\#\ authuserdb\n\n(?:(?:both|db)\t5\t6
	    \t/db\tM\tx=1\n){2}\#\ authpipe\n\npipe\t7\t8\t/pipe\t\tx=y\n
	    \#\ authpwd\n\n(?:[^\n]+\n)*\.\n\z}x, 'lists, in their order';
	is $a->ask("PASSWD imap\tpipe\tx\ty\n"), "OK\n", 'a change';
	is $a->ask("PASSWD imap\tdb\tdb\tnew\n"), "OK\n",
	    'one that root alone can make';
	like $a->ask(login('db', 'new')), qr/^PASSWD2=new$/m, 'was made';
	is $a->ask("PASSWD imap\tdb\tdb\tnew\n"), "FAIL\n", 'a wrong one';
	is slurp("/proc/$_/status") =~ /^Uid:\t$uid\t/m, 1, 'still not root'
	    for $a->workers;
	my ($opened) = grep { /userdbshadow\.dat/ } map { readlink // '' }
	    map { glob "/proc/$_/fd/*" } $a->workers;
	ok $opened, 'the database of passwords is handed to a worker';
});

# Trouble in a module of the helper's stops those behind it.
with('authpipe authuserdb', sub {
	like $a->ask(login('both', 'pipe')), qr/^UID=7$/m, 'the other order';
	like $a->ask(login('both', 'db')), qr/^UID=5$/m, 'goes on';
	like $a->ask("PRE . imap db\n"), qr/^UID=5$/m, 'goes on for PRE';
});

# A helper that dies takes its worker with it, and both are replaced.
with('authuserdb authpipe', sub {
	my @before = $a->workers;
	kill 'KILL', $_ for $a->helpers;
	ok wait_for(30, sub {
		my %now = map { $_ => 1 } $a->workers;
		keys %now == 2 && !grep { $now{$_} } @before
	}), 'helpers are killed: others';
	ok wait_for(30, sub { $a->helpers == 2 }), 'with helpers';
	like $a->log, qr/^ERR: worker \d+ ended \(signal 9\)/m, 'logged';
	like $a->ask(login('pipe', 'pipe')), qr/^UID=7$/m, 'all is well';
	my @all = $a->children;
	is scalar(@all), 4, 'those who are there';
	kill 'KILL', $a->{pid};
	ok wait_for(30, sub { !grep { kill 0, $_ } @all }),
	    'nobody stays without the parent';
});

# Files that the mail user may not read.
chmod 0600, $a->conf('userdb.dat');
with('authuserdb', sub {
	like $a->ask(login('both', 'db')), qr/^PASSWD2=db$/m,
	    'the whole database is root\'s';
});
chmod 0700, $a->conf('');
with('authuserdb', sub {
	like $a->ask(login('both', 'db')), qr/^PASSWD2=db$/m,
	    'the folder is root\'s';
	is $a->ask("PRE . imap nobody-here\n"), "FAIL\n", 'a definite no';
});
chmod 0755, $a->conf('');
unlink $a->conf('userdb.dat'), $a->conf('userdbshadow.dat');
with('authuserdb', sub {
	like $a->ask(login('both', 'db')), qr/^PASSWD2=db$/m, 'the text is';
});

# As with Courier, if the site wants it.
with('authuserdb authpipe', sub {
	is_deeply [map { Authd::uid_of($_) } $a->children], [0, 0], 'all root';
	like $a->ask(login('both', 'db')), qr/^PASSWD2=db$/m, 'serve';
	like $a->ask(login('both', 'pipe')), qr{^HOME=/uid0$}m, 'both';
}, "CHAPAR_AUTHUSER=root\n");
with('authuserdb', sub {
	like $a->log, qr/^WARN: no user nosuch here: the workers are root$/m,
	    'a user who does not exist is told';
	like $a->ask(login('both', 'db')), qr/^PASSWD2=db$/m, 'and they serve';
}, "CHAPAR_AUTHUSER=nosuch\n");
unlike $a->log, qr/^ERR: (?!worker|authpipe)/m, 'no other error';
done_testing;
