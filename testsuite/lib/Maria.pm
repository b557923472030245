# A private MariaDB on a loopback port.  SPDX-License-Identifier: ISC
#
#   my $db = Maria->new;            starts it; $db->{port}, user mail/mailpw
#   $db->sql('create table ...');   runs statements as root, dies on error
#   $db->stop; $db->start(@options);    same data, same port
#   Maria->new(name => NAME, address => A, options => [...])    one more, there
#   $replica->follow($primary)      which was started with the option primary
package Maria;
use strict;
use warnings;
use Private qw(:all !start);

sub new {
	my ($class, %arg) = @_;
	my $dir = workdir() . '/' . ($arg{name} || 'maria');
	my $self = bless { address => '127.0.0.1', port => free_port(), %arg,
	    dir => $dir }, $class;
	mkdir $dir or die "$dir: $!";
	my ($uid, $gid) = (getpwnam 'mysql')[2, 3];
	die "no user mysql\n" unless defined $uid;
	chown $uid, $gid, $dir;
	# Temporary tables of several at once get in each other's way.
	mkdir "$dir/tmp";
	chown $uid, $gid, "$dir/tmp";
	run('mariadb-install-db', '--no-defaults', '--user=mysql',
	    "--datadir=$dir/data", "--tmpdir=$dir/tmp", '--skip-test-db',
	    '--auth-root-authentication-method=normal')
	    or die "mariadb-install-db: $Private::out";
	$self->start;
	return $self if $arg{replica};
	$self->sql("create database mail character set utf8mb4;
	    grant all on mail.* to 'mail'\@'127.0.0.1' identified by 'mailpw';
	    grant all on mail.* to 'mail'\@'localhost' identified by 'mailpw'");
	$self->sql("grant all on mail.* to 'mail'\@'%' identified by 'mailpw';
	    grant replication slave on *.* to 'replica'\@'%' identified by
	    'replicapw'") if $arg{primary};
	return $self;
}

sub start {
	my ($self, @more) = @_;
	my $dir = $self->{dir};
	my ($prog) = grep { -x } '/usr/sbin/mariadbd', '/usr/libexec/mariadbd',
	    '/usr/local/libexec/mariadbd';
	die "no mariadbd\n" unless $prog;
	$self->{pid} = Private::start({ log => "$dir/log" }, $prog,
	    '--no-defaults', '--user=mysql', "--datadir=$dir/data",
	    "--tmpdir=$dir/tmp", "--socket=$dir/sock", "--port=$self->{port}",
	    "--bind-address=$self->{address}", "--pid-file=$dir/pid",
	    '--innodb-flush-log-at-trx-commit=0', '--skip-name-resolve',
	    $self->{primary} ? ('--log-bin=bin', '--server-id=1') :
	    $self->{replica} ? ('--skip-log-bin', '--server-id=2',
	    '--read-only') : '--skip-log-bin',
	    '--innodb-buffer-pool-size=16M', '--performance-schema=off', @more);
	wait_for(60, sub { run($self->client('select 1')) })
	    or die 'MariaDB does not start: ' . slurp("$dir/log");
}

sub client {
	my ($self, $text, @opt) = @_;
	return ('mariadb', '--no-defaults', '-N', '-B', '-S',
	    "$self->{dir}/sock", '-u', 'root', @opt, '-e', $text);
}

sub sql {
	my ($self, $text) = @_;
	run($self->client($text, -d "$self->{dir}/data/mail" ?
	    ('-D', 'mail') : ())) or die "$text: $Private::out";
	return $Private::out;
}

# Reads all that the primary has written so far, and goes on reading.
sub follow {
	my ($self, $primary) = @_;
	$self->sql("change master to master_host='$primary->{address}',
	    master_port=$primary->{port}, master_user='replica',
	    master_password='replicapw', master_use_gtid=slave_pos,
	    master_connect_retry=1; start slave");
	return $self->reached($primary) || die $self->sql('show slave status');
}

# True once it has what the primary has now.
sub reached {
	my ($self, $primary) = @_;
	chomp(my $at = $primary->sql('select @@gtid_binlog_pos'));
	return wait_for(30, sub {
		$self->sql('select @@gtid_slave_pos') eq "$at\n" });
}

sub stop {
	my ($self) = @_;
	Private::stop($self->{pid});
}

1;
