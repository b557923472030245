#!/usr/bin/perl
# Who may include whom, and which program may link what.
# SPDX-License-Identifier: ISC
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Test::More;
use Style;

# Folder => the folders whose headers its files may include, beside its own.
my %may = (
	compat => '',
	base => 'compat',
	conf => 'base',
	charset => 'base',
	wire => 'base',
	authcl => 'base',
	mail => 'base charset',
	maildir => 'base mail',
	session => 'maildir mail charset conf base',
	imap => 'session mail wire conf base',
	pop3 => 'session maildir mail wire conf base',
	smap => 'session mail wire conf base',
	login => 'wire authcl conf base',
	tcpd => 'conf base',
	tls => 'conf base',
	authdaemon => 'authcl conf base',
	authlib => 'authdaemon login conf base',
	prog => 'base conf charset wire authcl mail maildir session imap pop3
	    smap login tcpd tls',
);

# Headers of libraries => where they may be included.
my @library = (
	[qr,^openssl/,, qr,^(?:src/tls|authdaemon)/[^/]+\.c$,],
	[qr,^(?:mysql|errmsg|mysqld_error)\.h$,,
	    qr,^authdaemon/mod_mysql\w*\.c$,],
	[qr,^iconv\.h$,, qr,^src/charset/\w+\.c$,],
	[qr,^uni(?:case|ctype|norm|str|types)\.h$,, qr,^src/charset/\w+\.c$,],
	[qr,^gdbm\.h$,, qr,^src/base/dbm\.c$,],
	[qr,^(?:linux/(?:audit|filter|seccomp)|sys/syscall)\.h$,,
	    qr,^src/base/jail_filter\.c$,],
	[qr,^sys/prctl\.h$,, qr,^src/base/jail\w*\.c$,],
	[qr,^malloc\.h$,, qr,^src/session/start\.c$,],
	[qr,^zlib\.h$,, qr,^src/base/io_deflate\.c$,],
	[qr,^libintl\.h$,, qr,^src/base/i18n\.h$,],
	[qr,^(?:crypt|shadow)\.h$,, qr,^auth(?:daemon|lib)/\w+\.c$,],
	[qr,^security/,, qr,^authdaemon/mod_pam\w*\.c$,],
	[qr,^libpq,, qr,^authdaemon/mod_pgsql\w*\.c$,],
	[qr,^sqlite3?\.h$,, qr,^authdaemon/mod_sqlite\w*\.c$,],
	[qr,^(?:ldap|lber)\.h$,, qr,^authdaemon/mod_ldap\w*\.c$,],
);

# Every other header in <> is the system's: C89, POSIX, or behind a check.
my %system = map { $_ => 1 } qw(assert.h ctype.h errno.h float.h limits.h
    langinfo.h locale.h math.h setjmp.h signal.h stdarg.h stddef.h stdio.h stdlib.h
    string.h time.h
    arpa/inet.h dirent.h dlfcn.h fcntl.h grp.h netdb.h netinet/in.h
    netinet/tcp.h poll.h pwd.h strings.h sys/mman.h sys/resource.h
    sys/select.h sys/socket.h sys/stat.h sys/statvfs.h sys/time.h
    sys/types.h sys/uio.h sys/un.h sys/utsname.h sys/wait.h syslog.h
    termios.h unistd.h utime.h
    sys/event.h sys/file.h sys/inotify.h sys/ioctl.h sys/random.h);

sub folder {
	my ($path) = @_;
	return $1 if $path =~ m,^(?:src/)?([^/]+)/,;
	return '';
}

sub own_includes {
	my ($s) = @_;
	my @bad;
	for my $f (grep { !/^testsuite/ } $s->files) {
		my $from = folder($f);
		push(@bad, "$f: folder $from has no row"), next
		    unless exists $may{$from};
		my %ok = map { $_ => 1 } $from, split ' ', $may{$from};
		for my $i ($s->includes($f)) {
			my ($line, $kind, $name) = @$i;
			next if $kind ne 'own' || $name eq 'config.h';
			$name = "compat/$name" if $name eq 'compat.h';
			my $to = $name =~ m,/, ? folder($name) : $from;
			push @bad, "$f:$line: $from may not include $name"
			    unless $ok{$to};
		}
	}
	return @bad;
}

sub library_includes {
	my ($s) = @_;
	my @bad;
	for my $f ($s->files) {
		for my $i ($s->includes($f)) {
			my ($line, $kind, $name) = @$i;
			next if $kind eq 'own' || $system{$name};
			my ($row) = grep { $name =~ $_->[0] } @library;
			push @bad, "$f:$line: <$name> is in no list"
			    unless $row;
			push @bad, "$f:$line: <$name> does not belong here"
			    if $row && $f !~ $row->[1];
		}
	}
	return @bad;
}

# Shared libraries that a program names itself.
sub needed {
	my ($prog) = @_;
	my $out = `readelf -d '$prog' 2>/dev/null`;
	return $out =~ /\(NEEDED\).*?\[([^\]]+)\]/g;
}

my $heavy = qr/^lib(?:ssl|crypto|mysqlclient|mariadb|pq|sqlite3|ldap|lber|pam)/;

# couriertcpd lives for long and reads imapaccess.dat; the others are exec'ed
# for each connection.
my %never = (
	imapd => qr/$heavy|^libgdbm/,
	pop3d => qr/$heavy|^libgdbm/,
	imaplogin => qr/$heavy|^libgdbm/,
	pop3login => qr/$heavy|^libgdbm/,
	couriertcpd => $heavy,
);

sub links {
	my ($never, @libs) = @_;
	return grep { $_ =~ $never } @libs;
}

holds('each folder includes only what it may', \&own_includes);
finds('calls upward', \&own_includes, {
	'src/base/a.c' => "#include \"base/base.h\"\n#include \"conf/conf.h\"\n",
	'src/login/b.c' => "# include \"session/sess.h\"\n",
	'src/mail/c.h' => "#include \"charset/utf8.h\"\n",
	'src/odd/d.c' => "",
	'authdaemon/e.c' => "#include \"maildir/folder.h\"\n",
}, qr,src/base/a.c:2:.*conf/conf.h,, qr,src/login/b.c:1:,, qr,src/odd/d.c,,
    qr,authdaemon/e.c:1:,);
holds('libraries stay where they belong', \&library_includes);
finds('a library elsewhere', \&library_includes, {
	'src/login/a.c' => "#include <openssl/ssl.h>\n#include <stdio.h>\n",
	'src/tls/tls.h' => "#include <openssl/ssl.h>\n",
	'src/tls/tls.c' => "#include <openssl/ssl.h>\n",
	'src/base/b.c' => "#include <glib.h>\n",
}, qr,src/login/a.c:1:,, qr,src/tls/tls.h:1:,, qr,src/base/b.c:1:.*in no list,);

SKIP: {
	my $build = $ENV{top_builddir};
	skip 'no programs', 1 unless $build && -x "$build/src/prog/imapd";
	skip 'no readelf', 1 unless needed("$build/src/prog/imapd");
	for my $p (sort keys %never) {
		my $path = "$build/src/prog/$p";
		next unless -x $path;
		my @bad = links($never{$p}, needed($path));
		is("@bad", '', "$p links no big library");
	}
	ok(links($heavy, needed("$build/authdaemon/authdaemond"))
	    || make_value('CRYPTO_LIBS') eq '', 'readelf shows libraries');
}
done();
