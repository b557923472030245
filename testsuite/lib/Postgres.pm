# A private PostgreSQL on a loopback port.  SPDX-License-Identifier: ISC
#
#   my $db = Postgres->new;         starts it; $db->{port}, user mail/mailpw
#   $db->sql('create table ...');   runs statements in database mail, dies on error
#   $db->stop; $db->start(@options);    same data, same port
package Postgres;
use strict;
use warnings;
use Private qw(:all !start);

# Its programs are in no PATH on Debian.
sub prog {
	my ($name) = @_;
	my ($found) = grep { -x } map { "$_/$name" }
	    reverse(sort glob '/usr/lib/postgresql/*/bin'),
	    '/usr/local/bin', '/usr/bin';
	return $found;
}

sub new {
	my ($class) = @_;
	my $dir = workdir() . '/pg';
	my $self = bless { dir => $dir, port => free_port(), as => [] }, $class;
	mkdir $dir or die "$dir: $!";
	if ($> == 0) {
		my ($uid, $gid) = (getpwnam 'postgres')[2, 3];
		die "no user postgres\n" unless defined $uid;
		chown $uid, $gid, $dir;
		$self->{as} = ['setpriv', "--reuid=$uid", "--regid=$gid",
		    '--clear-groups'];
	}
	run(@{ $self->{as} }, prog('initdb'), '-D', "$dir/data", '-U', 'root',
	    '-A', 'trust', '-E', 'UTF8', '--locale=C', '-N')
	    or die "initdb: $Private::out";
	$self->start;
	run($self->client('postgres', "create role mail login password 'mailpw'"),
	    '-c', 'create database mail owner mail') or die $Private::out;
	spew("$dir/data/pg_hba.conf", "local all all trust\n"
	    . "host all all 127.0.0.1/32 scram-sha-256\n");
	$self->sql('reset role; select pg_reload_conf()');
	return $self;
}

sub start {
	my ($self, @more) = @_;
	my $dir = $self->{dir};
	$self->{pid} = Private::start({ log => "$dir/log" }, @{ $self->{as} },
	    prog('postgres'), '-D', "$dir/data", '-k', $dir, '-h', '127.0.0.1',
	    '-p', $self->{port}, '-F', '-c', 'log_statement=all',
	    '-c', 'shared_buffers=8MB', @more);
	wait_for(60, sub { run($self->client('postgres', 'select 1')) })
	    or die 'PostgreSQL does not start: ' . slurp("$dir/log");
}

sub client {
	my ($self, $database, $text) = @_;
	return ('psql', '-X', '-q', '-t', '-A', '-v', 'ON_ERROR_STOP=1', '-h',
	    $self->{dir}, '-p', $self->{port}, '-U', 'root', '-d', $database,
	    '-c', $text);
}

sub sql {
	my ($self, $text) = @_;
	run($self->client('mail', "set role mail; $text"))
	    or die "$text: $Private::out";
	return $Private::out;
}

# At once: TERM would wait until the clients have gone.
sub stop {
	my ($self) = @_;
	kill 'INT', $self->{pid};
	Private::stop($self->{pid});
}

1;
