# imaplogin or pop3login alone: with an authdaemond made of a few lines, and a program in
# imapd's place that tells what it was given.  SPDX-License-Identifier: ISC
#
#   Login::auth();                       starts the daemon (once)
#   my $l = Login->new(IMAP_TLS => 1);   a connection; variables for it
#   $l->send("a NOOP\r\n");  $l->line;  $l->lines(3);  $l->rest;  $l->log
#   Login->new(prog => 'pop3login')      the other one
#   $l->tls(%opts)       a handshake, options of IO::Socket::SSL; TRUE if it
#                        went well; $l->{s} is the encrypted stream then
#   Login::tls_env()     variables with which couriertls can be started
#   Login::asked()                       the requests so far, and forgets them
#
# Accounts: joe, a@b.test, password "right"; "down": the daemon closes without
# a word; "slow": it says nothing for a while; "nohome": no such folder;
# "later": one that nobody made yet. Before auth(): $Login::options{NAME},
# $Login::password{NAME}, $Login::address{NAME} for others.
package Login;
use strict;
use warnings;
use Digest::MD5 qw(md5 md5_hex);
use Digest::SHA qw(hmac_sha1_hex hmac_sha256_hex);
use IO::Select;
use IO::Socket::UNIX;
use MIME::Base64;
use POSIX ();
use Private qw(:all);
use Socket;
use Time::HiRes ();

my ($socket, $count) = (undef, 0);
our (%options, %password, %address);

sub hmac_md5_hex {
	my ($text, $key) = @_;
	$key = md5($key) if length $key > 64;
	$key .= "\0" x (64 - length $key);
	return md5_hex(($key ^ "\x5c" x 64), md5(($key ^ "\x36" x 64), $text));
}

my %cram = ('cram-md5' => \&hmac_md5_hex, 'cram-sha1' => \&hmac_sha1_hex,
    'cram-sha256' => \&hmac_sha256_hex);

sub account {
	my ($user, $clear) = @_;
	my $uid = $> || 65534;
	my $gid = $> ? $) + 0 : 65534;
	my $home = $user eq 'nohome' ? '/nonexistent' : workdir() .
	    ($user eq 'later' ? '/later' : '/home');
	return "UID=$uid\nGID=$gid\nHOME=$home\n"
	    . 'ADDRESS=' . ($address{$user} // "$user\@canonical.test")
	    . "\nNAME=N\nMAILDIR=./M\n"
	    . (defined $clear ? "PASSWD2=$clear\n" : '')
	    . 'OPTIONS=' . ($options{$user} // 'x=1') . "\n.\n";
}

sub answer {
	my ($text) = @_;
	my ($service, $type, @data) = split /\n/, $text;
	my ($user, $good) = ($data[0], 0);
	my $clear;
	if ($type eq 'login') {
		$clear = $data[1] // '';
		$good = $clear eq ($password{$user} // 'right');
	} elsif ($cram{$type}) {
		($user, my $digest) = split / /, decode_base64($data[1]);
		$good = $digest eq
		    $cram{$type}->(decode_base64($data[0]), 'right');
	}
	return '' if $user eq 'down';
	sleep 20 if $user eq 'slow';
	return $good ? account($user, $clear) : "FAIL\n";
}

sub auth {
	return $socket if $socket;
	my $dir = workdir();
	mkdir "$dir/home";
	chmod 0755, "$dir/home";
	$socket = "$dir/socket";
	my $s = IO::Socket::UNIX->new(Type => SOCK_STREAM, Listen => 50,
	    Local => $socket) or die "$socket: $!";
	chmod 0777, $socket;
	start({ code => sub {
		$SIG{CHLD} = 'IGNORE';
		while (my $c = $s->accept) {
			next if fork;
			my $text = '';
			1 while $text !~ /^PRE .*\n/m &&
			    ($text !~ /^AUTH (\d+)\n(.*)/ms ||
			    length $2 < $1) and
			    sysread $c, $text, 4096, length $text;
			if ($text =~ /^PRE /m) {
				print $c "FAIL\n";
				$c->flush;
				POSIX::_exit(0);
			}
			open my $log, '>>', "$dir/asked";
			syswrite $log, "$text";
			$text =~ s/.*?^AUTH \d+\n//ms;
			print $c answer($text);
			$c->flush;
			POSIX::_exit(0);
		}
	} });
	close $s;
	spew("$dir/imapd", <<'END', 0755);
#!/bin/sh
printf '%s OK LOGIN Ok.\r\n' "$IMAPLOGINTAG"
echo "uid=`id -u` gid=`id -g` groups=`id -G` cwd=`pwd` args=$*"
env | LC_ALL=C sort
# (not into a pipe, whose ends the shell has open for a moment)
fds=${TMPDIR:-/tmp}/chapar-fds.$$
ls /proc/$$/fd >$fds 2>/dev/null
tr '\n' ' ' <$fds
rm -f $fds
echo END
exec cat
END
	return $socket;
}

sub asked {
	my $text = slurp(workdir() . '/asked');
	unlink workdir() . '/asked';
	return $text;
}

sub new {
	my ($class, %env) = @_;
	my $dir = workdir();
	my $prog = delete $env{prog} || 'imaplogin';
	my $args = delete $env{args} || ["$dir/imapd", 'Maildir'];
	my $self = bless { logfile => "$dir/login.log." . ++$count }, $class;
	auth();		# (a daemon started later would keep the client's end)
	socketpair my $ours, my $theirs, AF_UNIX, SOCK_STREAM, 0 or die $!;
	%env = (TCPREMOTEIP => '::ffff:192.0.2.7', TCPREMOTEPORT => 4711,
	    TCPLOCALPORT => 143, CHAPAR_AUTHSOCKET => auth(), %env);
	$self->{pid} = fork;
	if (!$self->{pid}) {
		open STDERR, '>>', $self->{logfile};
		open STDIN, '<&', $theirs;
		open STDOUT, '>&', $theirs;
		close $ours;
		%ENV = (PATH => $ENV{PATH}, top_builddir =>
		    $ENV{top_builddir}, map { $_ => $env{$_} }
		    grep { defined $env{$_} } keys %env);
		exec "$ENV{top_builddir}/src/prog/$prog", @$args
		    or POSIX::_exit(127);
	}
	$ours->autoflush(1);
	@$self{qw(s buf)} = ($ours, '');
	return $self;
}

sub send {
	my ($self, $text) = @_;
	syswrite $self->{s}, $text;
	return $self;
}

# One line without its line end; undef at the end or after so many seconds.
sub line {
	my ($self, $seconds) = @_;
	my $until = now() + ($seconds || 60);
	while (index($self->{buf}, "\n") < 0) {
		my $left = $until - now();
		my $pending = $self->{tls} && $self->{s}->pending;
		return if $left <= 0 || !$pending &&
		    !IO::Select->new($self->{s})->can_read($left);
		sysread $self->{s}, $self->{buf}, 65536, length $self->{buf}
		    or return;
	}
	my $line = substr $self->{buf}, 0, index($self->{buf}, "\n") + 1, '';
	$line =~ s/\r?\n\z//;
	return $line;
}

sub lines {
	my ($self, $n, $seconds) = @_;
	return join "\n", map { $self->line($seconds) // '(end)' } 1 .. $n;
}

# What comes until the other side closes.
sub rest {
	my ($self, $seconds) = @_;
	my @all;
	while (defined(my $line = $self->line($seconds))) {
		push @all, $line;
	}
	return join "\n", @all;
}

sub tls {
	my ($self, %opts) = @_;
	require IO::Socket::SSL;
	local $SIG{ALRM} = sub { die "no handshake\n" };
	alarm 20;
	my $ok = eval { IO::Socket::SSL->start_SSL($self->{s},
	    SSL_verify_mode => 0, %opts) };
	alarm 0;
	return $self->{tls} = $ok ? 1 : 0;
}

# A key, a certificate of the server, and one of a client that is signed by
# itself: its own authority.
sub tls_env {
	my (%more) = @_;
	my $dir = workdir();
	for my $name ('server', 'client') {
		next if -f "$dir/$name.pem";
		run('openssl', 'req', '-x509', '-newkey', 'rsa:2048', '-nodes',
		    '-days', 2, '-subj', "/C=IR/CN=$name/emailAddress=" .
		    'joe@d.test', '-keyout', "$dir/$name.key",
		    '-out', "$dir/$name.crt") or die $Private::out;
		spew("$dir/$name.pem", slurp("$dir/$name.key") .
		    slurp("$dir/$name.crt"), 0600);
	}
	return (COURIERTLS => "$ENV{top_builddir}/src/prog/couriertls",
	    TLS_CERTFILE => "$dir/server.pem", TLS_VERIFYPEER => 'NONE',
	    IMAP_STARTTLS => 'YES', POP3_STARTTLS => 'YES', %more);
}

# The net child of a connection, its monitor's other process.
sub child {
	my ($self) = @_;
	my @kids = split ' ', slurp("/proc/$self->{pid}/task/$self->{pid}/"
	    . 'children');
	return $kids[0];
}

# Up to the tagged answer, or one of SMAP1.
sub cmd {
	my ($self, $text, $seconds) = @_;
	my ($tag) = $text =~ /^(\S+)/;
	$self->send("$text\r\n");
	my @all;
	while (defined(my $line = $self->line($seconds))) {
		push @all, $line;
		last if $line =~ /^(?:\Q$tag\E |\+|-ERR )/;
	}
	return join "\n", @all;
}

sub log { return slurp($_[0]{logfile}) }

# When the last line of it came.
sub logged_at { return (Time::HiRes::stat($_[0]{logfile}))[9] }

# The status, once the program has ended.
sub ended {
	my ($self) = @_;
	wait_for(60, sub { waitpid($self->{pid}, POSIX::WNOHANG()) != 0 })
	    or return 'still there';
	return $?;
}

sub DESTROY {
	my ($self) = @_;
	local $?;
	close $self->{s};
	Private::kill_child($self->{pid});
}

1;
