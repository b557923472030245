# A server that does as it is told, for what connects to it.
# SPDX-License-Identifier: ISC
#
#   my $b = backend(sub { my ($c, $note) = @_; ... });
#   Each connection is a process that runs the code; what that gives to $note
#   is a line of notes($b). $b->{port}, $b->{host}: "127.0.0.1:PORT".
package Backend;
use strict;
use warnings;
use Exporter 'import';
use IO::Socket::INET;
use POSIX ();
use Private qw(:all);

our @EXPORT = qw(backend notes);

my $count = 0;

sub backend {
	my ($code) = @_;
	my $notes = workdir() . '/notes.' . ++$count;
	my $s = IO::Socket::INET->new(Listen => 20, LocalAddr => '127.0.0.1')
	    or die "listen: $!";
	my $port = $s->sockport;
	start({ code => sub {
		$SIG{CHLD} = 'IGNORE';
		$SIG{PIPE} = 'DEFAULT';
		while (my $c = $s->accept) {
			if (fork) { close $c; next }
			close $s;
			$c->autoflush(1);
			binmode $c;
			$code->($c, sub {
				open my $fh, '>>', $notes or die;
				binmode $fh;
				syswrite $fh, "$_[0]\n";
			});
			POSIX::_exit(0);
		}
	} });
	close $s;
	return { port => $port, host => "127.0.0.1:$port", notes => $notes };
}

sub notes { return slurp($_[0]{notes}) }

1;
