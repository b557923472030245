# Dialogues in SMAP1 with imapd, as TAP.  SPDX-License-Identifier: ISC
#
# As Dialogue.pm, with
#   my $d = Smap->new(...);          the greeting is read
#   $d->ask(COMMAND)                 the answer, up to +OK, -ERR or >
package Smap;
use strict;
use warnings;
use Dialogue;
use Exporter 'import';

our @ISA = ('Dialogue');
our @EXPORT = @Dialogue::EXPORT;

sub new {
	my ($class, %arg) = @_;
	$arg{env} = { PROTOCOL => 'SMAP1', %{ $arg{env} || {} } };
	my $self = Dialogue::new($class, %arg);
	$self->talk("S: +OK SMAP1 LOGIN Ok.\n");
	return $self;
}

sub raw {
	my ($self, $seconds) = @_;
	my $line = Dialogue::raw($self, $seconds);
	$self->{cr} = 1 if defined $line && $line =~ /\r\n\z/;
	return $line;
}

sub ask {
	my ($self, $command) = @_;
	my $text = '';
	$self->send("$command\n");
	while (defined(my $line = $self->raw)) {
		$text .= $line;
		last if $line =~ /^(?:\+OK|-ERR|>) /;
	}
	return $text;
}

# Ends the input; the server must end by itself and have nothing more to say.
sub done {
	my ($self, $want) = @_;
	close($self->{to});
	my $rest = $self->line;
	waitpid($self->{pid}, 0);
	$self->{status} = $?;
	ok(!defined $rest && $? == ($want || 0) << 8, 'ends cleanly', "status $?",
	    defined $rest ? "left: $rest" : (), split /\n/, $self->log_text);
	ok(!$self->{cr}, 'every line ended with LF');
}

1;
