# A small IMAP client for tests.  SPDX-License-Identifier: ISC
#
#   my $c = Imap->new(port => N);        reads the greeting: $c->{greeting}
#   (host => ADDRESS: not this machine's; tls => CONTEXT of IO::Socket::SSL)
#   $c->login($user, $pass);             dies unless OK
#   my ($tagged, @untagged) = $c->cmd('SELECT INBOX');
#   $c->ok('...')                        as cmd, dies unless the answer is OK
# A connection that the server has closed gives no answer: '' or undef, after
# at most a minute. Literals in answers stay in the line, after {n} CRLF. An argument of the form
# \"text" (scalar reference) is sent as a literal.
package Imap;
use strict;
use warnings;
use IO::Socket::INET;
use Socket qw(IPPROTO_TCP TCP_NODELAY);
use IO::Select;
use Private qw(wait_for now);

sub new {
	my ($class, %arg) = @_;
	my $s;
	my $host = $arg{host} || '127.0.0.1';
	wait_for($arg{wait} || 20, sub {
		$s = IO::Socket::INET->new(PeerAddr => "$host:$arg{port}",
		    Timeout => 10)
	}) or die "nobody listens on port $host:$arg{port}\n";
	binmode $s;
	setsockopt $s, IPPROTO_TCP, TCP_NODELAY, 1;
	IO::Socket::SSL->start_SSL($s, SSL_reuse_ctx => $arg{tls})
	    or die "no TLS on port $arg{port}\n" if $arg{tls};
	my $self = bless { s => $s, n => 0, buf => '' }, $class;
	$self->{greeting} = $self->line($arg{wait} || 20);
	return $self;
}

# One line with its literals, without the final CRLF.
sub line {
	my ($self, $seconds) = @_;
	my $until = now() + ($seconds || 60);
	my $text = '';
	for (;;) {
		if ($self->{buf} =~ s/^([^\n]*\n)//) {
			$text .= $1;
			if ($text =~ /\{(\d+)\}\r\n\z/) {
				my $n = $1;
				while (length($self->{buf}) < $n) {
					$self->fill($until) or return;
				}
				$text .= substr $self->{buf}, 0, $n, '';
				next;
			}
			$text =~ s/\r\n\z//;
			return $text;
		}
		$self->fill($until) or return;
	}
}

sub fill {
	my ($self, $until) = @_;
	my $left = $until - now();
	return if $left <= 0 && !IO::Select->new($self->{s})->can_read(0);
	IO::Select->new($self->{s})->can_read($left) or return;
	my $n = sysread $self->{s}, $self->{buf}, 65536, length $self->{buf};
	return $n;
}

sub send {
	my ($self, @part) = @_;
	my $text = '';
	for my $p (@part) {
		if (ref $p) {
			$self->raw($text . '{' . length($$p) . "}\r\n");
			my $go = $self->line;
			return $go unless defined $go && $go =~ /^\+/;
			$text = $$p;
		} else {
			$text .= $p;
		}
	}
	$self->raw($text);
	return;
}

sub raw {
	my ($self, $text) = @_;
	my $off = 0;
	while ($off < length $text) {
		IO::Select->new($self->{s})->can_write(60)
		    or die "the server takes nothing\n";
		my $n = syswrite $self->{s}, $text, length($text) - $off, $off;
		return unless defined $n;	# the answer is missing, too
		$off += $n;
	}
	return 1;
}

sub cmd {
	my ($self, @part) = @_;
	my $tag = 't' . ++$self->{n};
	my $refused = $self->send("$tag ", @part, "\r\n");
	return $refused if defined $refused;
	my @untagged;
	for (;;) {
		my $line = $self->line;
		return ('', @untagged) unless defined $line;
		return ($line, @untagged) if $line =~ s/^$tag //;
		push @untagged, $line;
	}
}

sub ok {
	my ($self, @part) = @_;
	my ($tagged, @untagged) = $self->cmd(@part);
	die "@part: $tagged\n" unless $tagged =~ /^OK/;
	return @untagged;
}

sub login {
	my ($self, $user, $pass) = @_;
	return $self->ok("LOGIN $user ", \$pass);
}

# uid => "flags sorted, without \Recent"
sub flags {
	my ($self) = @_;
	my %flags;
	for ($self->ok('UID FETCH 1:* (FLAGS)')) {
		next unless /^\* \d+ FETCH \((.*)\)$/;
		my $items = $1;
		my ($uid) = $items =~ /UID (\d+)/ or next;
		my ($flags) = $items =~ /FLAGS \(([^)]*)\)/ or next;
		$flags{$uid} = join ' ', sort grep { $_ ne '\Recent' }
		    split / /, $flags;
	}
	return \%flags;
}

# uid => message bytes
sub bodies {
	my ($self) = @_;
	my %body;
	for ($self->ok('UID FETCH 1:* (BODY.PEEK[])')) {
		next unless /^\* \d+ FETCH \(/;
		my ($uid) = /^\* \d+ FETCH \((?:[^{]*)UID (\d+)/;
		my $text;
		if (/\{(\d+)\}\r\n/g) {
			$text = substr $_, pos, $1;
			($uid) = substr($_, pos() + $1) =~ /UID (\d+)/
			    unless $uid;
		}
		$body{$uid} = $text if $uid;
	}
	return \%body;
}

sub bye {
	my ($self) = @_;
	my @all = eval { $self->cmd('LOGOUT') };
	close $self->{s};
	return @all;
}

1;
