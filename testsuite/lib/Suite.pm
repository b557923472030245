# A whole server in a root of its own: Debian's Courier, Chapar, or a mixture,
# with the same configuration files at the same (Debian) paths.
# SPDX-License-Identifier: ISC
#
#   my $s = Suite->new(mail => FOLDER,       mounted as /srv/mail in the root
#       programs => 'courier' | 'chapar' | { imapd => 'chapar', ... },
#       imapd => { MAXPERIP => 50, ... },    values in etc/courier/imapd
#       authdaemonrc => { authmodulelist => 'authmysql' },
#       files => { 'authmysqlrc' => TEXT },  other files of etc/courier
#       more => ['imapd-ssl', 'pop3d', 'pop3d-ssl'],    servers beside imapd
#       'imapd-ssl' => { ... }, pop3d => { ... } ...,   their settings
#       address => A, port => N, ports => { pop3d => N },    where they listen
#       within => [WORDS]);         in front of every command (a namespace)
#   $s->start; $s->{port}; $s->{ports}{pop3d}; $s->stop;
#   $s->inside(@argv)      runs a program in the root; output: $Private::out
#   $s->log                what came to syslog so far
#   $s->sessions           processes that serve a connection
# A mixture is Courier with the named components replaced by Chapar's:
# imapd, imaplogin, pop3d, pop3login, couriertcpd, couriertls, authdaemond (with
# its modules), authlib, authtools.
package Suite;
use strict;
use warnings;
use Fcntl qw(:flock);
use IO::Socket::UNIX;
use Socket qw(SOCK_DGRAM);
use Private qw(:all !start);

# Which installed files make up a component (paths end so).
my %component = (
	imapd => [qr,/bin/imapd$,],
	imaplogin => [qr,/imaplogin$,],
	pop3d => [qr,/courierpop3d$,],
	pop3login => [qr,/courierpop3login$,],
	couriertcpd => [qr,/couriertcpd$,, qr,/courierlogger$,],
	couriertls => [qr,/couriertls$,],
	authdaemond => [qr,lib/.*/authdaemond$,, qr,/libauth\w+\.so,],
	authlib => [qr,/libcourierauth\w*\.so,, qr,/courierauthconfig$,],
	authtools => [qr,/auth(?:test|passwd|enumerate)$,, qr,/userdbpw$,],
	scripts => [qr,sbin/imapd$,, qr,sbin/authdaemond$,],
);

# The files of Courier's packages that a whole Chapar takes the place of.
my @theirs = qw(usr/lib/courier usr/lib/courier-authlib usr/sbin/imapd
    usr/sbin/imapd-ssl usr/bin/imapd usr/sbin/authdaemond usr/sbin/authtest
    usr/sbin/authenumerate usr/sbin/authpasswd usr/sbin/courierlogger
    usr/sbin/couriertcpd usr/sbin/userdb usr/sbin/userdbpw
    usr/sbin/makeuserdb usr/sbin/pw2userdb usr/sbin/makeimapaccess
    usr/lib/x86_64-linux-gnu/courier-authlib usr/bin/makedat
    usr/bin/couriertls usr/bin/maildirmake usr/bin/maildirmake.courier
    usr/bin/deliverquota usr/bin/deliverquota.courier usr/bin/maildirkw);

my $stage;

# The build under test, for Debian's paths.
sub built {
	my $build = $ENV{top_builddir} or die "top_builddir is not set\n";
	return $build if slurp("$build/Makefile") =~ /^layout = debian$/m;
	return debian_build($build);
}

# Makes a target that installs at Debian's paths below a folder; more variables
# may be given. Of the tests that run at once only one uses make.
sub install {
	my ($target, $dir, @more) = @_;
	my $file = "$ENV{top_builddir}/stage.lock";
	open my $lock, '>', $file or die "$file: $!\n";
	flock $lock, LOCK_EX;
	return run('make', '-s', '-C', built(), $target, "DESTDIR=$dir",
	    @more);
}

# Chapar installed.
sub stage {
	return $stage if $stage;
	my $dir = workdir() . '/stage';
	install('install', $dir) or die "make install: $Private::out";
	return $stage = $dir;
}

# A second build of the same kind, kept beside the first: paths are compiled in.
sub debian_build {
	my ($build) = @_;
	my $dir = "$build/debian.build";
	my $src = top();
	mkdir $dir;
	my $made = -M "$dir/Makefile";
	if (grep { !defined $made || -M "$src/$_" < $made }
	    qw(configure Makefile.in depend.in)) {
		my $made = slurp("$build/Makefile");
		my @same = map { $made =~ /^($_) = (.*)$/m ? "$1=$2" : () }
		    qw(CC CFLAGS LDFLAGS);
		run('sh', '-c', 'cd "$1" && shift && exec "$@"', 'sh', $dir,
		    "$src/configure", '--with-layout=debian', @same)
		    or die "configure: $Private::out";
	}
	run('make', '-s', '-C', $dir) or die "make: $Private::out";
	return $dir;
}

my $count = 0;

sub new {
	my ($class, %arg) = @_;
	my $self = bless { %arg }, $class;
	$self->{root} = workdir() . '/root' . ++$count;
	run('sh', lib('courier-root.sh'), 'copy', $self->{root})
	    or die "no Courier to compare with: $Private::out";
	at_end(sub { $self->destroy });
	$self->{mail} ||= workdir() . '/mail';
	-d $self->{mail} or mkdir $self->{mail};
	run('mount', '--bind', $self->{mail}, "$self->{root}/srv/mail")
	    or die "mount: $Private::out";
	$self->put_programs($arg{programs} || 'chapar');
	$self->{port} ||= free_port();
	$self->{address} ||= '127.0.0.1';
	$self->configure;
	$self->syslog;
	return $self;
}

sub put_programs {
	my ($self, $which) = @_;
	return if !ref $which && $which eq 'courier';
	my $stage = stage();
	my $root = $self->{root};
	my @files = grep { m,^usr/, && !m,/man/, } files_of($stage);
	if (!ref $which) {
		system 'rm', '-rf', map { "$root/$_" } @theirs;
	} else {
		my @want = map { @{ $component{$_} || die "component $_\n" } }
		    grep { $which->{$_} eq 'chapar' } keys %$which;
		@files = grep { my $f = $_; grep { $f =~ $_ } @want } @files;
		die "nothing to replace\n" unless @files;
	}
	for my $f (@files) {
		my ($dir) = "$root/$f" =~ m,(.*)/,;
		system 'mkdir', '-p', $dir;
		unlink "$root/$f", ref $which ? glob "$root/$f.*" : ();
		system('cp', '-a', "$stage/$f", "$root/$f") == 0
		    or die "cp $f\n";
	}
	return if ref $which;
	for my $link (links_of($stage)) {
		unlink "$root/$link";
		symlink readlink("$stage/$link"), "$root/$link";
	}
}

sub links_of {
	my ($top) = @_;
	my @found;
	require File::Find;
	File::Find::find({ no_chdir => 1, wanted => sub {
		push @found, substr($_, length($top) + 1) if -l $_;
	} }, $top);
	return @found;
}

sub etc { return "$_[0]{root}/etc/courier/$_[1]" }

# Replaces KEY=... where it stands, else adds it.
sub set {
	my ($self, $file, %value) = @_;
	my $text = slurp($self->etc($file));
	for my $key (sort keys %value) {
		my $line = "$key=\"$value{$key}\"";
		$text =~ s/^\Q$key\E=.*$/$line/m or $text .= "$line\n";
	}
	unlink $self->etc($file);
	spew($self->etc($file), $text, 0644);
}

# A sanitizer wants more address space than any limit leaves.
sub sanitized {
	return slurp("$ENV{top_builddir}/Makefile") =~ /^CFLAGS = .*-fsanitize/m;
}

# A key with its certificate, in one file.
sub certificate {
	my ($pem) = @_;
	run('openssl', 'req', '-x509', '-newkey', 'rsa:2048', '-nodes',
	    '-days', 2, '-subj', '/CN=localhost', '-keyout', $pem, '-out',
	    "$pem.cert") or die $Private::out;
	spew($pem, slurp($pem) . slurp("$pem.cert"), 0640);
	unlink "$pem.cert";
}

# Ports, and one certificate for all who want one.
sub configure_more {
	my ($self) = @_;
	my @more = @{ $self->{more} || [] };
	for my $name (grep { -f $self->etc($_) } qw(imapd-ssl pop3d
	    pop3d-ssl)) {
		my $ssl = $name =~ /-ssl$/ ? 'SSL' : '';
		my $port = $self->{ports}{$name} ||= free_port();
		$self->set($name, "${ssl}ADDRESS" => $self->{address},
		    "${ssl}PORT" => $port, $ssl ? () : (MAXDAEMONS => 60,
		    MAXPERIP => 50, CHAPAR_MAXPENALTY => 0),
		    %{ $self->{$name} || {} });
	}
	$self->{ports}{imapd} = $self->{port};
	return if !grep { /-ssl$/ } @more;
	my $pem = $self->etc('imapd.pem');
	certificate($pem);
	chown 0, 120, $pem;
	my $copy = $self->etc('pop3d.pem');
	unlink $copy;
	link $pem, $copy;
}

sub configure {
	my ($self) = @_;
	$self->configure_more;
	# (Tests come from one address, and some have many wrong passwords.)
	$self->set('imapd', ADDRESS => $self->{address}, PORT => $self->{port},
	    MAXDAEMONS => 60, MAXPERIP => 50, IMAP_EMPTYTRASH => '',
	    CHAPAR_MAXPENALTY => 0,
	    sanitized() ? (IMAP_ULIMITD => '') : (),
	    %{ $self->{imapd} || {} });
	$self->set('authdaemonrc', authmodulelist => 'authmysql',
	    daemons => 2, %{ $self->{authdaemonrc} || {} });
	my $files = $self->{files} || {};
	for my $name (keys %$files) {
		unlink $self->etc($name);
		spew($self->etc($name), $files->{$name}, 0660);
		chown 120, 120, $self->etc($name);
	}
}

# Everything the daemons say to syslog goes to a file.
sub syslog {
	my ($self) = @_;
	my $path = "$self->{root}/dev/log";
	my $log = $self->{log} = "$self->{root}/syslog";
	spew($log, '');
	my $sock = IO::Socket::UNIX->new(Type => SOCK_DGRAM,
	    Local => $path) or die "$path: $!";
	chmod 0666, $path;
	$self->{logger} = Private::start({ code => sub {
		open my $fh, '>>', $log or return;
		$fh->autoflush(1);
		my $line;
		while (defined recv $sock, $line, 65536, 0) {
			$line =~ s/\0+$//;
			print $fh "$line\n";
		}
	} });
	close $sock;
}

# What was sent before is there: it comes in order, and the last line is ours.
sub log {
	my ($self) = @_;
	my $line = '(log ' . ++$self->{asked} . ')';
	my $s = IO::Socket::UNIX->new(Type => SOCK_DGRAM,
	    Peer => "$self->{root}/dev/log");
	wait_for(30, sub { slurp($self->{log}) =~ /^\Q$line\E$/m })
	    if $s && defined send $s, $line, 0;
	return slurp($self->{log}) =~ s/^\(log \d+\)\n//mgr;
}

sub inside {
	my ($self, @argv) = @_;
	return run(@{ $self->{within} || [] }, 'chroot', $self->{root},
	    '/usr/bin/env', '-i',
	    'PATH=/usr/sbin:/usr/bin:/sbin:/bin', @argv);
}

# Output of the scripts is in $Private::out. A process that a script leaves
# behind keeps our pipe: they write to a file, so that this does not wait.
sub start {
	my ($self) = @_;
	$self->start_auth;
	$self->start_imap;
	$self->start_one($_) for @{ $self->{more} || [] };
	return $self;
}

sub start_one {
	my ($self, $name) = @_;
	$self->inside($name, 'start');
	wait_port($self->{ports}{$name}, 60, $self->{address})
	    or die "$name: $Private::out" . $self->log;
}

sub start_auth {
	my ($self) = @_;
	my $socket = "$self->{root}/run/courier/authdaemon/socket";
	unlink $socket;
	$self->inside('authdaemond', 'start');
	wait_for(60, sub { -S $socket })
	    or die "authdaemond: $Private::out" . $self->log;
}

sub start_imap {
	my ($self) = @_;
	$self->inside('imapd', 'start');
	wait_port($self->{port}, 60, $self->{address})
	    or die "imapd: $Private::out" . $self->log;
}

sub stop_imap {
	my ($self) = @_;
	$self->inside('imapd', 'stop');
	my $pid = slurp("$self->{root}/run/courier/imapd.pid");
	$self->kill_inside('imaplogin', 'imapd');
}

sub stop_auth { $_[0]->inside('authdaemond', 'stop') }

sub stop {
	my ($self) = @_;
	$self->inside($_, 'stop') for @{ $self->{more} || [] };
	$self->stop_imap;
	$self->stop_auth;
	die $self->log if sanitized() && $self->log =~
	    /AddressSanitizer|LeakSanitizer|runtime error:/;
}

# Processes whose root is ours: those that the stop scripts leave.
sub pids_inside {
	my ($self, @names) = @_;
	my @found;
	for my $dir (glob '/proc/[0-9]*') {
		my $r = readlink "$dir/root" or next;
		next unless $r eq $self->{root};
		chomp(my $comm = slurp("$dir/comm"));
		next if @names && !grep { $_ eq $comm } @names;
		push @found, $dir =~ /(\d+)$/;
	}
	return @found;
}

# Each has the client, or who speaks with him, as its standard input; one that
# waits for clients has none.
sub sessions {
	my ($self) = @_;
	return grep {
		(readlink("/proc/$_/fd/0") // '') =~ /^socket:/ &&
		    slurp("/proc/$_/comm") !~ /^(?:authd|couriertcpd|gam)/;
	} $self->pids_inside;
}

sub kill_inside {
	my ($self, @names) = @_;
	kill 'TERM', $self->pids_inside(@names);
	wait_for(30, sub { !$self->pids_inside(@names) })
	    or kill 'KILL', $self->pids_inside(@names);
}

sub destroy {
	my ($self) = @_;
	eval { $self->stop };
	$self->kill_inside;
	run('sh', lib('courier-root.sh'), 'done', $self->{root})
	    or warn $Private::out;
}

1;
