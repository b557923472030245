# Dialogues with pop3d, as Dialogue.pm has them.  SPDX-License-Identifier: ISC
#
#   my $d = Pop3->new(...);          the greeting has been read, see {greeting}
#   $d->ask($command)                its answer, to the dot if it has several
#                                    lines, without CR
#   $d->uidl                         number => unique-id, as a hash reference
#   $d->quit                         QUIT; its answer; the session has ended
package Pop3;
use strict;
use warnings;
use Dialogue;

our @ISA = ('Dialogue');

sub new {
	my ($class, %arg) = @_;
	my $d = Dialogue::new($class,
	    program => [($ENV{top_builddir} || '.') . '/src/prog/pop3d'],
	    %arg);
	$d->{greeting} = $d->line;
	return $d;
}

sub several {
	my ($word, $arg) = $_[0] =~ /^\s*(\w+)(?:\s+(\S))?/;
	$word = uc($word || '');
	return $word =~ /^(?:RETR|TOP|CAPA)$/ ||
	    ($word =~ /^(?:LIST|UIDL|LANG)$/ && !defined $arg);
}

sub ask {
	my ($self, $command) = @_;
	$self->send("$command\r\n");
	my $text = '';
	while (defined(my $line = $self->raw)) {
		$line =~ s/\r\n\z/\n/ or $self->{bare} = 1;
		$text .= $line;
		last if !several($command) || $line eq ".\n" ||
		    ($text eq $line && $line =~ /^-ERR/);
	}
	return $text;
}

sub uidl { return { $_[0]->ask('UIDL') =~ /^(\d+) (\S+)$/mg } }

# { file name up to ':' => unique-id }, from the list on disk.
sub listed {
	my ($maildir) = @_;
	my %id;
	for (split /\n/, slurp("$maildir/courierpop3dsizelist")) {
		my ($name, $n, $list) = /^(.*) \d+ (\d+):(\d+):\d$/ or next;
		$name =~ s/:.*//;
		$id{$name} = "UID$n-$list";
	}
	return \%id;
}

sub quit {
	my ($self) = @_;
	my $said = $self->ask('QUIT');
	close $self->{to};
	waitpid $self->{pid}, 0;
	$self->{status} = $?;
	return $said;
}

1;
