#!/usr/bin/perl
# authpam, authshadow and authpwd with accounts and service files of their own;
# authpam's replies are those of Courier's.  SPDX-License-Identifier: ISC
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Private qw(:all);
use Test::More;
use AuthPair;

# Users need not reach the build folder.
my $libexec = workdir() . '/libexec';
mkdir $libexec;
chmod 0755, workdir();
run('cp', "$ENV{top_builddir}/authdaemon/authsystem.passwd", $libexec)
    or die $Private::out;
my ($ours, $theirs) = pair(env => { CHAPAR_AUTHLIBEXECDIR => $libexec });
plan skip_all => 'authpam is not built'
    unless -f "$ENV{top_builddir}/authdaemon/libauthpam.so";
plan skip_all => 'no mount name space here'
    unless run('unshare', '-m', 'mount', '--bind', '/tmp', '/mnt');

# The same accounts under both: theirs are in its root, ours are put over
# those of the machine for this daemon alone.
my $etc = workdir() . '/etc';
copy_tree('/etc', $etc) or die 'no copy of /etc';
run('rm', '-rf', "$etc/pam.d", "$etc/nsswitch.conf");
mkdir "$etc/pam.d";
my $hash = crypt 'pw1', '$6$saltsalt$';
my $today = int(time / 86400);

sub accounts {
	my ($name, $text, $mode) = @_;
	spew("$_/$name", $text, $mode) for $etc, "$theirs->{root}/etc";
}
mkdir "$theirs->{root}/etc/pam.d";
accounts('passwd', <<'EOF', 0644);
root:x:0:0:root:/root:/bin/sh
daemon:x:1:1:daemon:/usr/sbin:/bin/false
courier:x:99:99::/var/lib/courier:/bin/false
sysu:x:1000:1000:Sys User,Room 5:/home/sysu:/bin/sh
old:x:1001:1001::/home/old:/bin/sh
stale:x:1002:1002::/home/stale:/bin/sh
plain:PLAIN:1003:1003::/home/plain:/bin/sh
locked:x:1004:1004::/home/locked:/bin/sh
EOF
accounts('passwd', slurp("$etc/passwd") =~ s/PLAIN/$hash/r, 0644);
accounts('group', "root:x:0:\ndaemon:x:1:\ncourier:x:99:\n", 0644);
accounts('shadow', join('', map { "$_\n" } "root:*:1:0:99999:7:::",
    "sysu:$hash:$today:0:99999:7:::", "old:$hash:$today:0:99999:7::1:",
    "stale:$hash:1:0:9:7:::", "locked:!$hash:$today:0:99999:7:::"), 0600);
accounts("pam.d/$_->[0]", $_->[1], 0644) for
    ['imap', "auth required pam_unix.so nodelay\naccount required pam_unix.so\n"],
    ['denied', "auth required pam_permit.so\naccount required pam_deny.so\n"],
    ['away', "auth required pam_debug.so auth=authinfo_unavail\n"],
    ['told', "auth required pam_exec.so log=/etc/pam.d/told.log /usr/bin/env\n"
    . "auth required pam_unix.so nodelay\naccount required pam_permit.so\n"],
    ['wrong', "auth required pam_nosuch.so\n"],
    ['passwd', "auth required pam_permit.so\naccount required pam_permit.so\n"
    . "password required pam_unix.so sha512\n"],
    ['other', "auth required pam_deny.so\naccount required pam_deny.so\n"];

sub inside {
	return ('unshare', '-m', 'sh', '-ec', "mount --bind $etc /etc; "
	    . 'exec "$@"', 'sh');
}

sub auth_as {
	my ($service, $user, $password) = @_;
	return auth("$service\nlogin\n$user\n$password\n");
}

my $rc = "authmodulelist=\"%s\"\ndaemons=1\nDEBUG_LOGIN=1\n"
    . "AUTHDAEMON_TEMPFAIL=close\n";
for my $s ($ours, $theirs) {
	$s->rc(sprintf $rc, 'authpam');
	$s->start(inside());
}
same(map({ "PRE . imap $_\n" } 'sysu', 'plain', 'old', 'locked', 'nosuch',
    'sysu@x.org', 'SYSU'), login('sysu', 'pw1'), login('sysu', 'wrong'),
    login('nosuch', 'pw1'), login('plain', 'pw1'), login('old', 'pw1'),
    login('stale', 'pw1'), login('locked', 'pw1'), login('locked', "!$hash"),
    cram('sysu', 'pw1'), auth("imap\nplain\nsysu\npw1\n"),
    auth_as('denied', 'sysu', 'pw1'), auth_as('nosuch', 'sysu', 'pw1'),
    "TCPREMOTEIP=203.0.113.99\n" . auth_as('told', 'sysu', 'pw1'),
    "PASSWD imap\tsysu\@x.org\tpw1\tpw2\n",
    "PASSWD imap\tnosuch\tpw1\tpw2\n", "ENUMERATE\n");
like slurp("$_/pam.d/told.log"), qr/^PAM_RHOST=203\.0\.113\.99$/m,
    'the address is told' for $etc, "$theirs->{root}/etc";
differs('a back end that is away is no wrong password',
    auth_as('away', 'sysu', 'pw1'), '', "FAIL\n");
like $ours->log, qr/^ERR: authpam: pam_authenticate failed, result \d+: /m,
    'says why';
like $ours->log, qr/^DEBUG: pam_service=told, pam_username=sysu$/m, 'debug';
is $ours->ask(auth_as('wrong', 'sysu', 'pw1')),
    $theirs->ask(auth_as('wrong', 'sysu', 'pw1')), 'a module that is missing';

# A change is that of passwd(1), as the user.
sub changed {
	my ($module) = @_;
	my ($old, $new) = ('pw1', "n3w'\"Pa\$\$ w");
	is $ours->ask("PASSWD imap\tsysu\twrong\t$new\n"), "FAIL\n",
	    "$module: change with a wrong password";
	is $ours->ask("PASSWD imap\tsysu\t$old\tx\n"), "FAIL\n",
	    "$module: one that passwd(1) refuses";
	like $ours->login('sysu', $old), qr/^PASSWD2=/m, 'nothing is changed';
	is $ours->ask("PASSWD imap\tsysu\t$old\t$new\n"), "OK\n",
	    "$module: change";
	is $ours->login('sysu', $old), "FAIL\n", 'the old one is no more';
	like $ours->login('sysu', $new), qr/^PASSWD=\$6\$/m, 'the new one is';
	spew("$etc/shadow", $_[1], 0600);
}
my $shadow = slurp("$etc/shadow");
changed('authpam', $shadow);

# A file of accounts that cannot be read says nothing of a user. When it is back
# all is well, and nothing is started again.
my @breaks = (['away', sub {}], ['a loop', sub { symlink $_[0], $_[0] }]);
sub broken {
	my ($file, $code) = @_;
	for (@breaks) {
		my ($how, $break) = @$_;
		for my $e ($etc, "$theirs->{root}/etc") {
			rename "$e/$file", "$e/$file.kept" or die "$file: $!";
			$break->("$e/$file");
		}
		$code->($how);
		rename "$_/$file.kept", "$_/$file" or die "$file: $!"
		    for $etc, "$theirs->{root}/etc";
	}
}

sub stopped {
	my ($module, $file, $call, @requests) = @_;
	broken($file, sub {
		my ($how) = @_;
		my $before = length $ours->log;
		is $ours->ask($_), '', "$module: $file is $how: " . shown($_)
		    for @requests;
		like substr($ours->log, $before), qr/^ERR: $module: $call: \S/m,
		    'and says why';
		is $ours->ask("PASSWD imap\tsysu\tpw1\tn3w'Pa\$\$ w\n"),
		    "FAIL\n", 'no change' if $how ne 'shut';	# root changes
		my $list = $ours->ask("ENUMERATE\n");
		is $list =~ /^\.$/m, $file ne 'passwd',
		    'a list has its end if it is whole';
	});
	like $ours->ask($requests[-1]), qr/^ADDRESS=/m,
	    "$module: $file is back";
	is $ours->login('nosuch', 'pw1'), "FAIL\n", 'and nosuch is unknown';
}

my @look_up = ("PRE . imap sysu\n", "PRE . imap nosuch\n",
    login('nosuch', 'pw1'), login('sysu', 'pw1'));
stopped('authpam', 'passwd', 'getpwnam', @look_up);
# Courier takes it for a wrong password.
broken('passwd', sub {
	differs("passwd is $_[0]", $_, '', "FAIL\n") for @look_up;
	differs("passwd is $_[0]", "ENUMERATE\n", "# authpam\n\n",
	    "# authpam\n\n.\n");
});
broken('shadow', sub {
	same(@look_up[0 .. 2]);
	differs("shadow is $_[0]", $look_up[3], '', "FAIL\n");
});
same(@look_up);
$_->stop for $ours, $theirs;

# authshadow and authpwd are in no package of Debian's.
$ours->rc(sprintf $rc, 'authshadow');
$ours->start(inside());
my $yes = qr/\AUSERNAME=sysu\nGID=1000\nHOME=\/home\/sysu\nADDRESS=sysu\nNAME=Sys User\nPASSWD=\$6\$.*\n(?:PASSWD2=pw1\n)?\.\n\z/;
like $ours->ask("PRE . imap sysu\n"), $yes, 'authshadow: look-up';
like $ours->login('sysu', 'pw1'), $yes, 'authshadow: login';
is $ours->login(@$_), "FAIL\n", "authshadow: not @$_" for ['sysu', 'x'],
    ['nosuch', 'pw1'], ['old', 'pw1'], ['stale', 'pw1'], ['locked', 'pw1'],
    ['plain', 'pw1'];
is $ours->ask("PRE . imap old\n"), "FAIL\n", 'authshadow: expired';
like $ours->log, qr/^DEBUG: authshadow: $_ expired$/m, 'told'
    for 'old - account', 'stale - password';
is $ours->ask(cram('sysu', 'pw1')), "FAIL\n", 'authshadow: no CRAM';
like $ours->ask("ENUMERATE\n"), qr/^sysu\t1000\t1000.*^\.$/ms,
    'authshadow: list';
changed('authshadow', $shadow);
stopped('authshadow', 'passwd', 'getpwnam', @look_up);
stopped('authshadow', 'shadow', 'getspnam', @look_up[0, 3]);
$ours->stop;
$ours->rc(sprintf $rc, 'authpwd');
$ours->start(inside());
like $ours->login('plain', 'pw1'), qr/^PASSWD2=pw1$/m, 'authpwd: login';
is $ours->login(@$_), "FAIL\n", "authpwd: not @$_" for ['sysu', 'pw1'],
    ['plain', 'x'], ['nosuch', 'x'];
unlike $ours->ask("ENUMERATE\n"), qr/^(?:root|courier)/m,
    'authpwd: no system accounts in the list';
push @breaks, ['shut', sub { spew($_[0], slurp("$_[0].kept"), 0) }];
stopped('authpwd', 'passwd', 'getpwnam', @look_up, login('plain', 'pw1'));
$ours->stop;
done_testing;
