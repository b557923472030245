# A private authdaemond.  SPDX-License-Identifier: ISC
#
#   my $a = Authd->new(rc => "authmodulelist=...\n");   starts it
#   $a->conf('userdb'), $a->var('socket')    paths
#   $a->tool('authtest', @argv)     runs a program; output in $Private::out
#   my $bytes = $a->ask($request);  one connection: all bytes of the reply
#   $a->workers, $a->helpers        process ids
#   $a->settled(N)                  waits until there are N workers at work
#   $a->share('authmysqlrc')        the workers may read it
#   $a->log; $a->stop; $a->start; $a->hup
package Authd;
use strict;
use warnings;
use IO::Select;
use IO::Socket::UNIX;
use Socket qw(SOCK_STREAM);
use Private qw(:all !start);

my $count = 0;

sub new {
	my ($class, %arg) = @_;
	my $dir = workdir() . '/authd' . ++$count;
	mkdir $_ or die "$_: $!" for $dir, "$dir/conf", "$dir/var";
	my $self = bless { dir => $dir, build => $ENV{top_builddir} }, $class;
	$self->{env} = {
		CHAPAR_AUTHCONFDIR => "$dir/conf",
		CHAPAR_AUTHVARDIR => "$dir/var",
		CHAPAR_AUTHMODULEDIR => "$self->{build}/authdaemon",
		CHAPAR_AUTHSOCKET => "$dir/var/socket",
		%{ $arg{env} || {} },
	};
	$self->rc($arg{rc}) if defined $arg{rc};
	$self->start unless $arg{idle};
	return $self;
}

sub conf { return "$_[0]{dir}/conf/$_[1]" }
sub var { return "$_[0]{dir}/var/$_[1]" }

# Without what it may say, once a minute, of a machine that is slow.
sub log {
	return slurp("$_[0]{dir}/log") =~
	    s/^WARN: all \d+ workers are busy; clients have to wait\n//mgr;
}

# A slow machine shall not have more workers than the test counts on.
sub rc {
	my ($self, $text) = @_;
	$text .= "CHAPAR_MAXDAEMONS=$1\n"
	    if $text !~ /CHAPAR_MAXDAEMONS/ && $text =~ /^daemons=(\d+)$/m;
	$self->{drops} = $> == 0 && defined +($self->mail_ids)[0] &&
	    $text !~ /^CHAPAR_AUTHUSER=(?:root|nosuch)$/m;
	spew($self->conf('authdaemonrc'), $text);
}

sub start {
	my ($self, @wrapper) = @_;
	unlink $self->var('socket');
	$self->{pid} = Private::start({ log => "$self->{dir}/log",
	    env => $self->{env} }, @wrapper,
	    "$self->{build}/authdaemon/authdaemond");
	wait_for(30, sub { -S $self->var('socket') })
	    or die 'authdaemond does not start: ' . $self->log;
}

sub stop {
	my ($self) = @_;
	Private::stop($self->{pid}) if $self->{pid};
	delete $self->{pid};
}

# Reloads; true as soon as the log has a new line that matches.
sub hup {
	my ($self, $like) = @_;
	my $before = length $self->log;
	kill 'HUP', $self->{pid};
	return wait_for(30, sub { substr($self->log, $before) =~ $like });
}

sub children {
	my ($self) = @_;
	my @found;
	for (glob '/proc/[0-9]*/stat') {
		my ($pid, $ppid) = slurp($_) =~ /^(\d+) \(.*\) \S (\d+)/ or next;
		push @found, $pid if $ppid == $self->{pid};
	}
	@found = sort { $a <=> $b } @found;
	return @found;
}

sub uid_of { return (stat "/proc/$_[0]")[4] }

# Those that listen: each has a helper that is root, unless it is root itself.
# (One that has just been started may be root still.)
sub workers {
	my ($self) = @_;
	my @all = $self->children;
	return @all if !$self->{drops};
	return grep { my $uid = uid_of($_); defined $uid && $uid != 0 } @all;
}

sub settled {
	my ($self, $n) = @_;
	return wait_for(30, sub { $self->workers == $n });
}

sub helpers {
	my ($self) = @_;
	my %plain = map { $_ => 1 } $self->workers;
	return grep { !$plain{$_} } $self->children;
}

# User and group of the workers, as they were built: ids.
sub mail_ids {
	my ($self) = @_;
	my $h = slurp("$self->{build}/config.h");
	my ($user) = $h =~ /^#define MAIL_USER "(.*)"/m;
	my ($group) = $h =~ /^#define MAIL_GROUP "(.*)"/m;
	return (scalar getpwnam $user, scalar getgrnam $group);
}

# Gives a settings file to the mail group, as packages do.
sub share {
	my ($self, $file) = @_;
	chown 0, ($self->mail_ids)[1], $self->conf($file);
	chmod 0640, $self->conf($file);
}

# Runs one of our programs. A reference as first word: its standard input.
sub tool {
	my ($self, @argv) = @_;
	my $in = ref $argv[0] ? ${ shift @argv } : '';
	my $name = shift @argv;
	spew("$self->{dir}/in", $in);
	my ($prog) = grep { -x } "$self->{build}/authdaemon/$name",
	    "$self->{build}/sysconf/$name";
	local @ENV{keys %{ $self->{env} }} = values %{ $self->{env} };
	return run('sh', '-c', 'exec "$@" <"$0"', "$self->{dir}/in", $prog,
	    @argv);
}

sub connect {
	my ($self) = @_;
	return IO::Socket::UNIX->new(Type => SOCK_STREAM,
	    Peer => $self->var('socket')) || die "connect: $!";
}

# All that comes until the end of the stream; undef after the time.
sub read_all {
	my ($s, $seconds) = @_;
	my $until = now() + ($seconds || 20);
	my $text = '';
	for (;;) {
		my $left = $until - now();
		return if $left <= 0 || !IO::Select->new($s)->can_read($left);
		my $n = sysread $s, $text, 65536, length $text;
		return $text unless $n;
	}
}

sub ask {
	my ($self, $request, $seconds) = @_;
	my $s = $self->connect;
	syswrite $s, $request;
	return read_all($s, $seconds);
}

sub login {
	my ($self, $user, $password, $service) = @_;
	my $data = ($service || 'imap') . "\nlogin\n$user\n$password\n";
	return $self->ask('AUTH ' . length($data) . "\n$data");
}

1;
