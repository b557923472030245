#!/usr/bin/perl
# make install puts every file where each layout wants it, make uninstall
# takes all of them away again; settings are never touched.
# SPDX-License-Identifier: ISC
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Private qw(:all !start);
use Build;
use Test::More;

# Paths change nothing in what configure finds.
my @cc = (compiler_works('tcc') ? 'CC=tcc' : 'CFLAGS=-O0',
    '--cache-file=' . workdir() . '/config.cache');

my @scripts = qw(imapd imapd-ssl pop3d pop3d-ssl);

# Where a layout has what: the letters are used in the list below.
my %layout = (
	upstream => {
		bin => 'usr/lib/courier-imap/bin',
		sbin => 'usr/lib/courier-imap/sbin',
		login => 'usr/lib/courier-imap/sbin',
		tcpd => 'usr/lib/courier-imap/libexec',
		script => 'usr/lib/courier-imap/libexec',
		dat => 'usr/lib/courier-imap/libexec',
		imapconf => 'usr/lib/courier-imap/etc',
		man => 'usr/lib/courier-imap/share/man',
		locale => 'usr/lib/courier-imap/share/locale',
		authsbin => 'usr/local/sbin',
		authlibexec => 'usr/local/libexec/courier-authlib',
		module => 'usr/local/lib/courier-authlib',
		authbin => 'usr/local/bin', authlib => 'usr/local/lib/courier-authlib',
		include => 'usr/local/include',
		authconf => 'usr/local/etc/authlib',
		authvar => 'usr/local/var/spool/authdaemon',
		pid => 'var/run', cache => 'usr/lib/courier-imap/var',
		rc => '.rc', tool => '', user => 'daemon',
	},
	debian => {
		bin => 'usr/bin',
		sbin => 'usr/sbin',
		login => 'usr/lib/courier/courier',
		tcpd => 'usr/sbin',
		script => 'usr/lib/courier',
		dat => 'usr/lib/courier/courier',
		imapconf => 'etc/courier',
		man => 'usr/share/man',
		locale => 'usr/share/locale',
		authsbin => 'usr/sbin',
		authlibexec => 'usr/lib/courier/courier-authlib',
		module => 'usr/lib/courier-authlib',
		authbin => 'usr/bin', authlib => 'usr/lib',
		include => 'usr/include',
		authconf => 'etc/courier',
		authvar => 'run/courier/authdaemon',
		pid => 'run/courier', cache => 'var/lib/courier',
		rc => '', tool => '.courier', user => 'courier', gz => '.gz',
	},
	freebsd => {
		bin => 'usr/local/bin',
		sbin => 'usr/local/sbin',
		login => 'usr/local/sbin',
		tcpd => 'usr/local/libexec/courier-imap',
		script => 'usr/local/libexec/courier-imap',
		dat => 'usr/local/libexec/courier-imap',
		imapconf => 'usr/local/etc/courier-imap',
		man => 'usr/local/share/man',
		locale => 'usr/local/share/locale',
		authsbin => 'usr/local/sbin',
		authlibexec => 'usr/local/libexec/courier-authlib',
		module => 'usr/local/lib/courier-authlib',
		authbin => 'usr/local/bin', authlib => 'usr/local/lib/courier-authlib',
		include => 'usr/local/include',
		authconf => 'usr/local/etc/authlib',
		authvar => 'var/run/authdaemond',
		pid => 'var/run', cache => 'var/db/courier-imap',
		rc => '.rc', tool => '', user => 'courier',
	},
	gentoo => {
		bin => 'usr/bin',
		sbin => 'usr/sbin',
		login => 'usr/sbin',
		tcpd => 'usr/sbin',
		script => 'usr/lib/courier-imap',
		dat => 'usr/lib/courier-imap',
		imapconf => 'etc/courier-imap',
		man => 'usr/share/man',
		locale => 'usr/share/locale',
		authsbin => 'usr/sbin',
		authlibexec => 'usr/libexec/courier-authlib',
		module => 'usr/lib/courier-authlib',
		authbin => 'usr/bin', authlib => 'usr/lib/courier-authlib',
		include => 'usr/include',
		authconf => 'etc/courier/authlib',
		authvar => 'var/lib/courier/authdaemon',
		pid => 'run', cache => 'var/lib/courier-imap',
		rc => '.rc', tool => '', user => 'mail',
	},
	rpm => {
		bin => 'usr/lib/courier-imap/bin',
		sbin => 'usr/lib/courier-imap/sbin',
		login => 'usr/lib/courier-imap/sbin',
		tcpd => 'usr/lib/courier-imap/libexec',
		script => 'usr/lib/courier-imap/libexec',
		dat => 'usr/lib/courier-imap/libexec',
		imapconf => 'usr/lib/courier-imap/etc',
		man => 'usr/lib/courier-imap/share/man',
		locale => 'usr/lib/courier-imap/share/locale',
		authsbin => 'usr/sbin',
		authlibexec => 'usr/libexec/courier-authlib',
		module => 'usr/lib/courier-authlib',
		authbin => 'usr/bin', authlib => 'usr/lib/courier-authlib',
		include => 'usr/include',
		authconf => 'etc/authlib',
		authvar => 'var/spool/authdaemon',
		pid => 'var/run', cache => 'usr/lib/courier-imap/var',
		rc => '.rc', tool => '', user => 'daemon',
	},
);

# What starts the servers with the system, by layout.
my %init = (
	debian => [map({ ("lib/systemd/system/courier-$_.service",
	    "etc/init.d/courier-$_") } qw(authdaemon imap imap-ssl pop
	    pop-ssl)), 'usr/lib/tmpfiles.d/courier-authdaemon.conf'],
	upstream => ['usr/lib/courier-imap/share/courier-imap.sysvinit',
	    map { "lib/systemd/system/courier-$_.service" } qw(authlib imap)],
	rpm => ['usr/lib/courier-imap/share/courier-imap.sysvinit',
	    map { "usr/lib/systemd/system/courier-$_.service" }
	    qw(authlib imap)],
	freebsd => [map { "usr/local/etc/rc.d/courier-$_" } qw(authdaemond
	    imap-imapd imap-imapd-ssl imap-pop3d imap-pop3d-ssl)],
	gentoo => [map { ("lib/systemd/system/courier-$_.service",
	    "etc/init.d/courier-$_") } qw(authlib imapd imapd-ssl pop3d
	    pop3d-ssl)],
);
my $verify = run('systemd-analyze', '--version');

# Pages of the libraries under the names that Debian's package has.
my @links3 = qw(auth_enumerate auth_generic auth_generic_meta auth_getoption
    auth_getuserinfo auth_getuserinfo_meta auth_login auth_login_meta auth_meta
    auth_mkhomedir auth_passwd auth_sasl auth_sasl_ex);

# systemd on the units alone; each program that they run is there.
sub complaints {
	my ($to) = @_;
	for my $unit (grep { /\.service$/ } files_of($to)) {
		for my $prog (slurp("$to/$unit") =~ /^Exec\w+=(\S+)/mg) {
			my ($dir) = $prog =~ m,(.*)/,;
			system 'mkdir', '-p', "$to$dir";
			spew("$to$prog", "#!/bin/sh\n", 0755)
			    unless -e "$to$prog";
		}
	}
	my @units = map { s,.*/,,r } grep { /\.service$/ } files_of($to);
	run('systemd-analyze', "--root=$to", '--man=no',
	    '--recursive-errors=no', 'verify', @units);
	return join "\n", grep { /courier/ } split /\n/, $Private::out;
}

# make install-init: the files, and what systemd says of them.
sub is_init {
	my ($layout, $b) = @_;
	my $to = workdir() . "/init-$layout";
	ok $b->make('install-init', "DESTDIR=$to"), "$layout: install-init"
	    or diag $b->{out};
	is join("\n", files_of($to)), join("\n", sort @{ $init{$layout} }),
	    "$layout: the files";
	my @scripts = grep { slurp("$to/$_") =~ /^#!/ } files_of($to);
	is join(' ', grep { !run('sh', '-n', "$to/$_") || !-x "$to/$_" }
	    @scripts), '', "$layout: scripts are sound";
	is join(' ', grep { slurp("$to/$_") =~ /\@\w+\@/ } files_of($to)), '',
	    "$layout: each \@word\@ is filled in";

	# What is there already is the administrator's.
	my ($one) = files_of($to);
	spew("$to/$one", "mine\n");
	ok $b->make('install-init', "DESTDIR=$to"), "$layout: once more";
	is slurp("$to/$one"), "mine\n", "$layout: a changed file is kept";
	like $b->{out}, qr,^kept as it is: /\Q$one\E$,m, "$layout: and told";
	unlink "$to/$one";
	$b->make('install-init', "DESTDIR=$to");
	SKIP: {
		skip 'no systemd-analyze', 1 unless $verify;
		is complaints($to), '', "$layout: units";
	}
	$b->make('uninstall-init', "DESTDIR=$to");
	is join(' ', grep { -e "$to/$_" } @{ $init{$layout} }), '',
	    "$layout: uninstall-init";
}

sub expected {
	my ($l, $modules, $nls, $libs, $static) = @_;
	my @list = (
		"$l->{bin}/imapd", "$l->{bin}/makeimapaccess",
		map({ "$l->{bin}/$_$l->{tool}" } qw(deliverquota maildirmake
		    makedat)),
		"$l->{bin}/maildiracl", "$l->{bin}/maildirkw",
		map({ "$l->{sbin}/$_" } qw(sharedindexinstall
		    sharedindexsplit)),
		"$l->{login}/imaplogin", "$l->{bin}/couriertls",
		"$l->{login}/" . ($l->{gz} ? 'courier' : '') . 'pop3login',
		$l->{gz} ? "$l->{login}/courierpop3d" : "$l->{bin}/pop3d",
		"$l->{tcpd}/couriertcpd",
		"$l->{dat}/makedatprog", "$l->{script}/sysconftool",
		map({ "$l->{script}/$_$l->{rc}" } @scripts),
		"$l->{script}/chapar-rc",
		map({ "$l->{authlibexec}/$_" } qw(authdaemond
		    authsystem.passwd)),
		map({ "$l->{authsbin}/$_" } qw(authdaemond authenumerate
		    authpasswd authtest courierlogger makeuserdb pw2userdb
		    userdb userdbpw vchkpw2userdb)),
		map({ "$l->{imapconf}/$_.dist" } qw(imapd imapd-ssl pop3d
		    pop3d-ssl)),
		map({ "$l->{imapconf}/$_.cnf" } qw(imapd pop3d)),
		map({ "$l->{sbin}/$_" } qw(mkimapdcert mkpop3dcert
		    mkdhparams)),
		"$l->{imapconf}/quotawarnmsg.example",
		map({ "$l->{authconf}/$_.dist" } qw(authdaemonrc authldaprc
		    authmysqlrc authpgsqlrc authsqliterc)),
	);
	push @list, map { "$l->{module}/libauth\L$_\E.so" }
	    $modules =~ /\((\w+)_MODULE\)/g;
	push @list, "$l->{authbin}/courierauthconfig",
	    map({ "$l->{authlib}/lib$_.so.0" } qw(courierauth
	    courierauthcommon courierauthsasl courierauthsaslclient)),
	    map({ "$l->{include}/courierauth$_.h" } '', qw(debug sasl
	    saslclient staticlist)) if $libs;
	push @list, map { "$l->{authlib}/lib$_.a" } qw(courierauth
	    courierauthcommon courierauthsasl courierauthsaslclient)
	    if $libs && $static;
	push @list, "$l->{locale}/de/LC_MESSAGES/chapar.mo" if $nls;
	for my $page (glob top() . '/doc/man/*.[1-8]') {
		my ($name, $n) = $page =~ m,([^/]+)\.(\d)$, or next;
		$name .= $l->{tool} if $name =~ 
		    /^(?:deliverquota|maildir|maildirmake|makedat)$/;
		push @list, "$l->{man}/man$n/$name.$n" . ($l->{gz} || '');
	}
	return sort @list;
}

sub folders {
	my ($l) = @_;
	return (map({ "$l->{imapconf}$_" } '', '/imapaccess', '/shared'),
	    @$l{qw(authconf authvar pid cache)});
}

# The assignments of a file.
sub settings { return join "\n", slurp($_[0]) =~ /^(\w+=.*)$/mg }

sub mode { return sprintf '%o', ((stat $_[0])[2] || 0) & 07777 }

for my $name (sort keys %layout) {
	my $l = $layout{$name};
	my $b = builds({ name => $name, configure => [@cc,
	    "--with-layout=$name"] }, 'all') or next;
	my $make = slurp("$b->{dir}/Makefile");
	my $to = workdir() . "/inst-$name";
	ok($b->make('install', "DESTDIR=$to"), "$name: install")
	    or diag($b->{out});
	is(join("\n", files_of($to)), join("\n", expected($l,
	    $make =~ /^MODULES = (.*)/m, $make =~ /^CATALOGS = \S/m,
	    $make =~ /^AUTHLIBS = \S/m, $make =~ /^AUTHLIBS_STATIC = \S/m)),
	    "$name: every file in its place");
	is(readlink("$to/$l->{authlib}/libcourierauth.so") || '', $make =~
	    /^AUTHLIBS = \S/m ? 'libcourierauth.so.0' : '',
	    "$name: the linker finds the library");
	my $gz = $l->{gz} || '';
	my @links = map { "$to/$l->{man}/man3/$_.3$gz" } @links3;
	is(join(' ', grep { (readlink || '') ne "authlib.3$gz" || !-e }
	    @links), '', "$name: functions of the libraries have pages");
	is(join(' ', grep { !-d "$to/$_" } folders($l)), '',
	    "$name: folders");
	is($make =~ /^mailuser = (.*)$/m ? $1 : '', $l->{user},
	    "$name: mail user");
	is(mode("$to/$l->{bin}/imapd"), '755', "$name: programs run");
	is(mode("$to/$l->{authconf}/authmysqlrc.dist"), '640',
	    "$name: the file with a password is not for all");
	is(join(' ', map { readlink("$to/usr/sbin/$_") || '' } @scripts),
	    $name eq 'debian' ? join(' ', map { "/usr/lib/courier/$_" }
	    @scripts) : '   ', "$name: links of start scripts");
	(my $conf = "/$l->{imapconf}/imapd") =~ s/-/\\-/g;
	my $page = "$to/$l->{man}/man5/imapd.5";
	run('gzip', '-dcf', $page . ($l->{gz} || ''));
	like($Private::out, qr/^\.I \Q$conf\E$/m,
	    "$name: manual pages name its paths");
	my @left = grep { slurp("$to/$_") =~ /\@(?:[a-z_]+dir|VERSION|prefix|
	    mail\w+|\w+suffix)\@/x && !/\.mo$/ } files_of($to);
	is("@left", '', "$name: every \@word\@ is filled in");

	# Settings come from the templates, once; then they are the admin's.
	ok($b->make('install-configure', "DESTDIR=$to"),
	    "$name: install-configure") or diag($b->{out});
	my $file = "$to/$l->{imapconf}/imapd";
	is(settings($file), settings("$file.dist"), "$name: settings are made");
	(my $mine = slurp($file)) =~ s/^MAXDAEMONS=.*/MAXDAEMONS=7/m;
	spew($file, $mine);
	my $set = settings($file);
	$b->make('install', "DESTDIR=$to");
	$b->make('install-configure', "DESTDIR=$to");
	like($set, qr/^MAXDAEMONS=7$/m, "$name: a setting");
	is(settings($file), $set, "$name: is kept");

	ok($b->make('uninstall', "DESTDIR=$to"), "$name: uninstall")
	    or diag($b->{out});
	is(join("\n", grep { !/\.bak$/ } files_of($to)), join("\n", sort
	    map({ "$l->{imapconf}/$_" } qw(imapd imapd-ssl pop3d pop3d-ssl
	    imapd.cnf pop3d.cnf)),
	    map { "$l->{authconf}/$_" }
	    qw(authdaemonrc authldaprc authmysqlrc authpgsqlrc authsqliterc)), "$name: only settings are left");
	is(join(' ', grep { -l } @links,
	    "$to/$l->{authlib}/libcourierauth.so",
	    map { "$to/usr/sbin/$_" } @scripts), '',
	    "$name: no link is left");
	is_init($name, $b);
	is(join(' ', grep { -d "$to/$_" } grep { $_ ne $l->{imapconf} &&
	    $_ ne $l->{authconf} } folders($l)), '',
	    "$name: no empty folder is left");
}

# Paths one by one, a prefix, and a tool that speaks German from there.
my $at = workdir() . '/prefix';
my $b = builds({ name => 'prefix', configure => [@cc, "--prefix=$at",
    "--with-datdir=$at/elsewhere"] }, 'all');
SKIP: {
	skip 'not built', 4 unless $b;
	ok($b->make('install'), 'prefix: install') or diag($b->{out});
	ok(-x "$at/elsewhere/makedatprog", 'a path alone');
	ok(-x "$at/sbin/authdaemond" && -f "$at/etc/imapd.dist",
	    'the rest below the prefix');
	skip 'no gettext', 4
	    if slurp("$b->{dir}/Makefile") !~ /^CATALOGS = \S/m;
	my @speak = ('sh', '-c', 'LC_ALL=C.UTF-8 LANGUAGE=$2 "$1"', 'sh',
	    "$at/elsewhere/makedatprog");
	run(@speak, 'de');
	like($Private::out, qr/^Aufruf: makedatprog - ZWISCHENDATEI DATEI$/,
	    'German');
	run(@speak, 'xx');
	like($Private::out, qr/^Usage: makedatprog - tmpfile file$/,
	    'English for others');

	# In the C locale, as couriertcpd leaves it.
	my $m = workdir() . '/Maildir';
	run('mkdir', '-p', map { "$m/$_" } qw(cur new tmp));
	run('sh', '-c', 'printf "LANG\\nLANG de\\nNOOP\\nLANG en\\nNOOP\\n" |
	    env -i LC_ALL=C "$1" "$2" 2>/dev/null', 'sh', "$at/bin/pop3d", $m);
	like($Private::out, qr/^de Deutsch\r$/m, 'pop3d: LANG lists it');
	like($Private::out, qr/^\+OK de Hochdeutsch\r\n\+OK Jawohl\.\r\n(?x:
	    )\+OK en King's English\r\n\+OK Yup\.\r\n/m, 'LANG de');
}
done_testing();
