# A private MariaDB on a loopback port.  SPDX-License-Identifier: ISC
#
#   my $db = Maria->new;            starts it; $db->{port}, user mail/mailpw
#   $db->sql('create table ...');   runs statements as root, dies on error
#   $db->stop; $db->start(@options);    same data, same port
package Maria;
use strict;
use warnings;
use Private qw(:all !start);

sub new {
	my ($class) = @_;
	my $dir = workdir() . '/maria';
	my $self = bless { dir => $dir, port => free_port() }, $class;
	mkdir $dir or die "$dir: $!";
	my ($uid, $gid) = (getpwnam 'mysql')[2, 3];
	die "no user mysql\n" unless defined $uid;
	chown $uid, $gid, $dir;
	run('mariadb-install-db', '--no-defaults', '--user=mysql',
	    "--datadir=$dir/data", '--skip-test-db',
	    '--auth-root-authentication-method=normal')
	    or die "mariadb-install-db: $Private::out";
	$self->start;
	$self->sql("create database mail character set utf8mb4;
	    grant all on mail.* to 'mail'\@'127.0.0.1' identified by 'mailpw';
	    grant all on mail.* to 'mail'\@'localhost' identified by 'mailpw'");
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
	    "--socket=$dir/sock", "--port=$self->{port}",
	    '--bind-address=127.0.0.1', "--pid-file=$dir/pid",
	    '--innodb-flush-log-at-trx-commit=0', '--skip-log-bin',
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

sub stop {
	my ($self) = @_;
	Private::stop($self->{pid});
}

1;
