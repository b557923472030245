# What many sessions on one mailbox may and must see: a model that reads all
# their answers.  SPDX-License-Identifier: ISC
#
#   my $m = Model->new(mailbox => 'INBOX');
#   my $s = $m->session($dialogue, $number);
#   $s->begin($kind, $command, %more);   remembers the command, returns the text
#   $s->read($bytes);                    any piece of what the server says
#   $s->busy                             no tagged line yet
#   @{ $m->{bad} }                       what was wrong, in words
#
# Every message is "Subject: ID", ID is KIND.NUMBER and never used twice:
#   keep   never gets \Deleted: must be there at the end
#   gone   may get \Deleted and be expunged
#   free   its flags are replaced at will
# A word of flags that only one session changes (its `own`) must be at the end
# what that session was last told.
package Model;
use strict;
use warnings;

sub new {
	my ($class, %arg) = @_;
	return bless { bad => [], body => {}, acked => {}, doomed => {},
	    own => {},
	    maxuid => 0, copies => {}, source => {}, late => [], %arg }, $class;
}

sub wrong {
	my ($self, $text) = @_;
	push @{ $self->{bad} }, $text if @{ $self->{bad} } < 20;
}

sub text {
	my ($id) = @_;
	my ($n) = $id =~ /(\d+)$/;
	return "From: a\@b.example\r\nSubject: $id\r\n\r\n" .
	    "This is $id.\r\n" x (1 + $n % 40);
}

# A UID and what it holds: the same for everybody, for ever.
sub holds {
	my ($self, $uid, $id, $who) = @_;
	my $known = $self->{body}{$uid} ||= $id;
	$self->wrong("$who: UID $uid is $id, was $known") if $known ne $id;
}

# This may only have happened to messages that somebody marked \Deleted. Known
# at the end: what a COPY made is seen by others before its answer.
sub unless_doomed {
	my ($self, $uid, $text) = @_;
	push @{ $self->{late} }, [$uid, $text] unless $self->{doomed}{$uid};
}

sub at_end {
	my ($self) = @_;
	$self->wrong($_->[1]) for grep { !$self->{doomed}{ $_->[0] } }
	    @{ $self->{late} };
}

# The server said OK to this.
sub added {
	my ($self, $uid, $id, $who, $above) = @_;
	$self->wrong("$who: UID $uid given twice") if $self->{acked}{$uid}++;
	$self->wrong("$who: UID $uid is not above $above, which was there")
	    if $uid <= $above;
	$self->holds($uid, $id, $who) if defined $id;
	$self->{maxuid} = $uid if $uid > $self->{maxuid};
}

sub session {
	my ($self, $d, $n) = @_;
	return bless { model => $self, d => $d, n => $n, buf => '', seq => [],
	    flags => {}, tag => 0 }, 'Model::Session';
}

package Model::Session;

sub wrong {
	my ($self, $text) = @_;
	my $c = $self->{cmd};
	$self->{model}->wrong("session $self->{n}: $text" .
	    ($c ? " [$c->{text}]" : ''));
}

sub suspect {
	my ($self, $uid, $text) = @_;
	$self->{model}->unless_doomed($uid,
	    "session $self->{n}: $text [$self->{cmd}{text}]");
}

sub busy { return defined $_[0]{cmd} }

sub begin {
	my ($self, $kind, $command, %more) = @_;
	my $tag = "s$self->{n}t" . ++$self->{tag};
	(my $shown = $command) =~ s/\r\n.*//s;
	$self->{cmd} = { kind => $kind, tag => $tag, text => $shown,
	    above => $self->{model}{maxuid}, said => {}, %more };
	return "$tag $command\r\n";
}

# Lines with their literals.
sub read {
	my ($self, $bytes) = @_;
	$self->{buf} .= $bytes;
	for (;;) {
		my $at = 0;
		my $end;
		for (;;) {
			$end = index $self->{buf}, "\r\n", $at;
			return if $end < 0;
			last if substr($self->{buf}, $at, $end - $at) !~
			    /\{(\d+)\}\z/;
			$at = $end + 2 + $1;
			return if length $self->{buf} < $at;
		}
		my $line = substr $self->{buf}, 0, $end + 2, '';
		substr $line, -2, 2, '';
		$self->line($line);
	}
}

my %no_expunge = map { $_ => 1 } qw(fetch store search);

sub line {
	my ($self, $line) = @_;
	my $c = $self->{cmd};
	return $self->wrong("unasked: $line") unless $c;
	return $self->tagged($1) if $line =~ /^\Q$c->{tag}\E (.*)/s;
	return $c->{idling} = 1 if $line =~ /^\+ /;
	if ($line =~ /^\* (\d+) EXPUNGE$/) {
		return $self->expunged($1);
	} elsif ($line =~ /^\* (\d+) EXISTS$/) {
		return $self->exists($1);
	} elsif ($line =~ /^\* (\d+) FETCH \((.*)\)\z/s) {
		return $self->fetched($1, $2);
	} elsif ($line =~ /^\* SEARCH((?: \d+)*)$/) {
		return $c->{found} = $1;
	} elsif ($line =~ /^\* OK \[UIDVALIDITY (\d+)\]/) {
		my $v = $self->{model}{validity} ||= $1;
		return $self->wrong("UIDVALIDITY $1, was $v") if $v != $1;
		return;
	}
	return if $line =~ /^\* (?:\d+ RECENT|FLAGS \(|OK \[)/;
	$self->wrong("said: $line");
}

sub expunged {
	my ($self, $n) = @_;
	my $seq = $self->{seq};
	return $self->wrong("EXPUNGE $n of " . @$seq)
	    if $n < 1 || $n > @$seq;
	$self->wrong("EXPUNGE $n during a command of numbers")
	    if $no_expunge{$self->{cmd}{kind}};
	my $uid = splice @$seq, $n - 1, 1;
	return unless $uid;
	delete $self->{flags}{$uid};
	$self->suspect($uid, "UID $uid expunged, nobody wanted that");
}

sub exists {
	my ($self, $n) = @_;
	my $seq = $self->{seq};
	if ($self->{cmd}{kind} eq 'select') {
		@$seq = (0) x $n;
		$self->{flags} = {};
	}
	$self->wrong("EXISTS $n after " . @$seq) if $n < @$seq;
	push @$seq, (0) x ($n - @$seq);
}

sub fetched {
	my ($self, $n, $items) = @_;
	my ($c, $seq, $m) = @{$self}{qw(cmd seq model)};
	return $self->wrong("FETCH $n of " . @$seq) if $n < 1 || $n > @$seq;
	my $text;
	$text = substr $items, $+[0], $1
	    if $items =~ /BODY\[\] \{(\d+)\}\r\n/;
	(my $head = $items) =~ s/BODY\[\] \{.*//s;
	if ($head =~ /\bUID (\d+)/) {
		my $uid = $1;
		$self->wrong("number $n is UID $uid, was $seq->[$n - 1]")
		    if $seq->[$n - 1] && $seq->[$n - 1] != $uid;
		$seq->[$n - 1] = $uid;
		$self->wrong("UID $uid stands behind $seq->[$n - 2]")
		    if $n > 1 && $seq->[$n - 2] >= $uid;
		$self->wrong("UID $uid stands before $seq->[$n]")
		    if $n < @$seq && $seq->[$n] && $seq->[$n] <= $uid;
	} elsif ($c->{uid}) {
		$self->wrong("FETCH without the UID: $head");
	}
	my $uid = $seq->[$n - 1];
	$self->{flags}{$uid} = { map { lc $_ => 1 } grep { $_ ne '\Recent' }
	    split / /, $1 } if $uid && $head =~ /FLAGS \(([^)]*)\)/;
	$c->{said}{$uid}++ if $uid;
	return unless defined $text;
	my ($id) = $text =~ /^Subject: (\S+)\r$/m;
	return $self->wrong("UID $uid: not one of our messages")
	    unless defined $id;
	$m->holds($uid, $id, "session $self->{n}");
	$self->wrong("UID $uid: $id is not as it was written")
	    if $text ne Model::text($id);
	delete $c->{want}{$uid} if $c->{want};
}

# What each kind of command must have come to.
my %end = (
	append => sub {
		my ($self, $c, $text) = @_;
		return 0 unless $text =~ /^OK \[APPENDUID (\d+) (\d+)\]/;
		$self->{model}->added($2, $c->{id}, "session $self->{n}",
		    $c->{above});
		$self->wrong("APPENDUID $1") if $1 != $self->{model}{validity};
		return 1;
	},
	copy => sub {
		my ($self, $c, $text) = @_;
		return $self->copied($c, [], []) if $text =~ /^OK COPY/;
		return 0 unless $text =~ /^OK \[COPYUID \d+ (\S+) (\S+)\]/;
		return $self->copied($c, set($1), set($2));
	},
	store => sub {
		my ($self, $c, $text) = @_;
		return $self->stored($c, $text);
	},
	fetch => sub {
		my ($self, $c, $text) = @_;
		$self->wrong("no answer for UID $_")
		    for keys %{ $c->{want} || {} };
		return $text =~ /^OK/;
	},
	search => sub {
		my ($self, $c, $text) = @_;
		my @n = split ' ', $c->{found};
		$self->wrong("found $n[-1] of " . @{ $self->{seq} })
		    if !$c->{uid} && @n && $n[-1] > @{ $self->{seq} };
		$self->wrong('found ' . @n . ' of ' . @{ $self->{seq} })
		    if $c->{all} && @n != @{ $self->{seq} };
		return $text =~ /^OK/;
	},
);

sub set { return [map { /^(\d+):(\d+)$/ ? $1 .. $2 : $_ } split /,/, $_[0]] }

sub copied {
	my ($self, $c, $from, $to) = @_;
	my $m = $self->{model};
	$self->wrong("COPYUID @$from to @$to") if @$from != @$to;
	my %asked = map { $_ => 1 } @{ $c->{uids} };
	for my $i (0 .. $#$from) {
		my $uid = $from->[$i];
		$self->wrong("copied UID $uid") unless delete $asked{$uid};
		if ($c->{there}) {
			push @{ $m->{copies}{$to->[$i]} }, $uid;
			next;
		}
		$m->added($to->[$i], undef, "session $self->{n}",
		    $c->{above});
		$m->{source}{$to->[$i]} = $uid;
		$m->{doomed}{$to->[$i]} = 1 if $m->{doomed}{$uid};
	}
	$self->suspect($_, "UID $_ was not copied") for keys %asked;
	return 1;
}

sub stored {
	my ($self, $c, $text) = @_;
	my $m = $self->{model};
	my @missed = grep { !$c->{said}{$_} } @{ $c->{uids} };
	$self->suspect($_, "STORE says nothing of UID $_") for @missed;
	for my $uid (grep { $c->{said}{$_} } @{ $c->{uids} }) {
		last if $c->{how} eq '';
		my $has = $self->{flags}{$uid}{ lc $c->{flag} } || 0;
		$self->wrong("UID $uid: $c->{flag} is $has after it")
		    if $has != ($c->{how} eq '+' ? 1 : 0);
		$m->{own}{$uid}{ lc $c->{flag} } = $has;
	}
	return $text =~ /^OK/ ||
	    ($text =~ /^NO \[EXPUNGEISSUED\]/ && @missed);
}

sub tagged {
	my ($self, $text) = @_;
	my $c = $self->{cmd};
	my $check = $end{ $c->{kind} } || sub { $_[2] =~ /^OK/ };
	$self->wrong("answered: $text") unless $check->($self, $c, $text);
	$self->{cmd} = undef;
}

# Numbers whose UID is not known yet, as a set; or undef.
sub unknown {
	my ($self) = @_;
	my $seq = $self->{seq};
	for my $i (0 .. $#$seq) {
		return $i + 1 . ':*' unless $seq->[$i];
	}
	return undef;
}

1;
