# Debian's Dovecot in a root of its own, with the accounts of Accounts.pm: a
# peer to measure beside.  SPDX-License-Identifier: ISC
#
#   my $d = Dovecot->new(mail => FOLDER,     mounted as /srv/mail in the root
#       db => MARIA,                         where the accounts are
#       within => [WORDS]);                  in front of the command
#   $d->start; $d->{port}; $d->{ports}{'imapd-ssl'}, {pop3d}; $d->stop;
#   $d->log                                  what it said so far
package Dovecot;
use strict;
use warnings;
use Private qw(:all !start);
use Suite;

my $count = 0;

sub new {
	my ($class, %arg) = @_;
	my $self = bless { %arg, root => workdir() . '/dovecot' . ++$count },
	    $class;
	run('sh', lib('dovecot-root.sh'), 'copy', $self->{root})
	    or die "no Dovecot to compare with: $Private::out";
	at_end(sub { $self->destroy });
	run('mount', '--bind', $self->{mail}, "$self->{root}/srv/mail")
	    or die "mount: $Private::out";
	$self->{ports}{$_} = free_port() for qw(imapd imapd-ssl pop3d);
	$self->{port} = $self->{ports}{imapd};
	Suite::certificate("$self->{root}/etc/dovecot/pem");
	spew("$self->{root}/etc/dovecot/sql", $self->sql, 0600);
	spew("$self->{root}/etc/dovecot/dovecot.conf", $self->conf);
	return $self;
}

sub sql {
	my ($self) = @_;
	return <<"EOF";
driver = mysql
connect = host=127.0.0.1 port=$self->{db}{port} dbname=mail user=mail password=mailpw
default_pass_scheme = PLAIN
password_query = SELECT clear AS password, home AS userdb_home, \\
  uid AS userdb_uid, gid AS userdb_gid FROM users WHERE email = '%u'
EOF
}

# Its defaults, but for limits and names of folders: as Courier has them.
sub conf {
	my ($self) = @_;
	my $p = $self->{ports};
	return <<"EOF";
log_path = /log
listen = 127.0.0.1
protocols = imap pop3
mail_location = maildir:~/Maildir
first_valid_uid = 1
disable_plaintext_auth = no
ssl_cert = </etc/dovecot/pem
ssl_key = </etc/dovecot/pem
default_client_limit = 4000
default_process_limit = 2000
mail_max_userip_connections = 2000
namespace inbox {
  inbox = yes
  prefix = INBOX.
  separator = .
}
passdb {
  driver = sql
  args = /etc/dovecot/sql
}
userdb {
  driver = prefetch
}
service imap-login {
  inet_listener imap {
    port = $p->{imapd}
  }
  inet_listener imaps {
    port = $p->{'imapd-ssl'}
    ssl = yes
  }
}
service pop3-login {
  inet_listener pop3 {
    port = $p->{pop3d}
  }
  inet_listener pop3s {
    port = 0
  }
}
EOF
}

sub log { return slurp("$_[0]{root}/log") }

sub start {
	my ($self) = @_;
	run(@{ $self->{within} || [] }, 'chroot', $self->{root},
	    '/usr/bin/env', '-i', 'PATH=/usr/sbin:/usr/bin', 'dovecot')
	    or die "dovecot: $Private::out" . $self->log;
	for (values %{ $self->{ports} }) {
		wait_port($_) or die 'dovecot: ' . $self->log;
	}
	return $self;
}

sub stop {
	my ($self) = @_;
	Private::stop_pid_file("$self->{root}/run/dovecot/master.pid");
}

sub destroy {
	my ($self) = @_;
	$self->stop;
	run('sh', lib('dovecot-root.sh'), 'done', $self->{root})
	    or warn $Private::out;
}

1;
