# A private Postfix on a loopback port that delivers to virtual mailboxes
# looked up in MariaDB.  SPDX-License-Identifier: ISC
#
#   my $mta = Postfix->new(db => $maria, base => FOLDER, uid => N,
#       query => SQL for the mailbox of '%s', domains => 'a.test b.test',
#       main => more lines of main.cf, sasl => text of smtpd.conf);
#   $mta->send($to, $text);         LF text, one SMTP session kept open
#   $mta->wait_idle(60);            true when the queue is empty
package Postfix;
use strict;
use warnings;
use IO::Socket::INET;
use Private qw(:all);

use constant SMTP_LIMIT => 60;	# seconds for one answer

sub new {
	my ($class, %arg) = @_;
	my $dir = workdir() . '/postfix';
	my $self = bless { main => '', sasl => '', %arg, dir => $dir, port => free_port() }, $class;
	mkdir $dir or die "$dir: $!";
	mkdir "$dir/$_" for qw(etc etc/sasl queue data);
	my ($uid) = (getpwnam 'postfix')[2];
	die "no user postfix\n" unless defined $uid;
	chown $uid, -1, "$dir/data";
	$self->write_config;
	run('postfix', '-c', "$dir/etc", 'start')
	    or die "postfix start: $Private::out" . slurp("$dir/log");
	at_end(sub { $self->stop });
	wait_port($self->{port}, 30)
	    or die 'Postfix does not listen: ' . slurp("$dir/log");
	return $self;
}

sub write_config {
	my ($self) = @_;
	my $dir = $self->{dir};
	spew("$dir/etc/mailbox.cf", <<"EOF");
hosts = 127.0.0.1:$self->{db}{port}
user = mail
password = mailpw
dbname = mail
query = $self->{query}
EOF
	# (where Debian's looks, whatever cyrus_sasl_config_path says)
	spew("$dir/etc/sasl/smtpd.conf", $self->{sasl});
	spew("$dir/etc/main.cf", <<"EOF");
compatibility_level = 3.6
queue_directory = $dir/queue
data_directory = $dir/data
maillog_file = $dir/log
maillog_file_prefixes = $dir
mail_owner = postfix
myhostname = mx.example.test
mydestination =
mynetworks = 127.0.0.0/8
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
alias_maps =
alias_database =
local_recipient_maps =
virtual_mailbox_domains = $self->{domains}
virtual_mailbox_base = $self->{base}
virtual_mailbox_maps = mysql:$dir/etc/mailbox.cf
virtual_uid_maps = static:$self->{uid}
virtual_gid_maps = static:$self->{uid}
virtual_minimum_uid = 100
virtual_mailbox_limit = 0
message_size_limit = 50000000
smtpd_recipient_restrictions = permit_mynetworks, reject
smtpd_peername_lookup = no
$self->{main}
EOF
	my $master = "127.0.0.1:$self->{port} inet n - n - - smtpd\n";
	for ('cleanup unix n - n - 0 cleanup', 'qmgr unix n - n 300 1 qmgr',
	    'tlsmgr unix - - n 1000? 1 tlsmgr',
	    'rewrite unix - - n - - trivial-rewrite',
	    'bounce unix - - n - 0 bounce', 'defer unix - - n - 0 bounce',
	    'trace unix - - n - 0 bounce', 'verify unix - - n - 1 verify',
	    'proxymap unix - - n - - proxymap', 'error unix - - n - - error',
	    'retry unix - - n - - error', 'discard unix - - n - - discard',
	    'virtual unix - n n - - virtual', 'anvil unix - - n - 1 anvil',
	    'flush unix n - n 1000? 0 flush', 'pickup unix n - n 60 1 pickup',
	    'showq unix n - n - - showq',
	    'postlog unix-dgram n - n - 1 postlogd') {
		$master .= "$_\n";
	}
	spew("$dir/etc/master.cf", $master);
}

sub answer {
	my ($self, $want) = @_;
	my $fh = $self->{smtp};
	my $line;
	local $SIG{ALRM} = sub { die "SMTP: no answer\n" };
	do {
		alarm SMTP_LIMIT;
		$line = <$fh>;
		alarm 0;
		die "SMTP connection lost\n" unless defined $line;
	} while $line =~ /^\d\d\d-/;
	die "SMTP: wanted $want, got $line" unless $line =~ /^$want/;
}

sub say {
	my ($self, $text, $want) = @_;
	my $fh = $self->{smtp};
	print $fh $text or die "SMTP: $!";
	$fh->flush;
	$self->answer($want);
}

sub send {
	my ($self, $to, $text) = @_;
	unless ($self->{smtp}) {
		$self->{smtp} = IO::Socket::INET->new(
		    PeerAddr => "127.0.0.1:$self->{port}", Timeout => 30)
		    or die "SMTP: $!";
		binmode $self->{smtp};
		$self->answer(220);
		$self->say("EHLO client.example.test\r\n", 250);
	}
	$text =~ s/\n/\r\n/g;
	$text =~ s/^\./../mg;
	$self->say("MAIL FROM:<sender\@example.test> BODY=8BITMIME\r\n", 250);
	$self->say("RCPT TO:<$to>\r\n", 250);
	$self->say("DATA\r\n", 354);
	$self->say("$text.\r\n", 250);
}

sub hang_up {
	my ($self) = @_;
	return unless $self->{smtp};
	eval { $self->say("QUIT\r\n", 221) };
	close delete $self->{smtp};
}

sub wait_idle {
	my ($self, $seconds) = @_;
	my $queue = "$self->{dir}/queue";
	my $quiet = 0;
	# A message may move from a folder not yet read to one already read.
	return wait_for($seconds, sub {
		my @left = map { files_of("$queue/$_") }
		    qw(active incoming active deferred);
		$quiet = @left ? 0 : $quiet + 1;
		return $quiet > 5;
	});
}

sub stop {
	my ($self) = @_;
	return if $self->{stopped}++;
	$self->hang_up;
	run('postfix', '-c', "$self->{dir}/etc", 'stop');
}

1;
