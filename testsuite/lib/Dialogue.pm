# Dialogues with imapd on its standard input and output, as TAP.
# SPDX-License-Identifier: ISC
#
#   my $d = Dialogue->new(env => { NAME => VALUE }, args => [...],
#       mail => [ TEXT, ... ]);      a maildir with these in new/
#       program => [...]             instead of the imapd that was built
#   $d->talk(<<'END');               any number of times
#   C: a NOOP                        sent with CRLF
#   S: a OK NOOP completed           expected, whole line
#   END
#   $d->gives(NAME, 'NOOP', qr/^OK/m, not => qr/^\* /m);
#                                    one command: what its answer, without the
#                                    tag, holds and does not hold
#   $d->done(STATUS);                closes, checks that nothing was left
#
# In an S line <<regex>> stands for text that matches; @name@ is a value put in
# by $d->set(name => value). "C- text" sends text without a line end, with \n
# \r \t \xNN and \\ understood. "EOF:" expects the server to close.
# Each C line with what is expected after it is one test.
package Dialogue;
use strict;
use warnings;
use Cwd qw(getcwd);
use Fcntl qw(F_GETFL F_SETFL O_NONBLOCK);
use File::Path qw(make_path);
use File::Temp qw(tempdir);
use IPC::Open3;
use Time::HiRes qw(time sleep);
use Exporter 'import';

our @EXPORT = qw(ok is like plan_done slurp spew);
my ($count, $failed) = (0, 0);
my $limit = $ENV{DIALOGUE_SECONDS} || 60;

sub ok {
	my ($yes, $name, @why) = @_;
	$count++;
	$name =~ s/[\r\n].*//s;
	$name =~ s/#/\\#/g;
	print $yes ? '' : 'not ', "ok $count - ", substr($name, 0, 100), "\n";
	if (!$yes) {
		$failed++;
		print map { "# $_\n" } map { split /\r?\n/ } @why;
	}
	return $yes;
}

sub is {
	my ($got, $want, $name) = @_;
	return ok($got eq $want, $name, 'got  [' . short($got) . ']',
	    'want [' . short($want) . ']');
}

sub short {
	my ($s) = @_;
	return length $s > 2000 ? substr($s, 0, 2000) . '...' : $s;
}

sub like {
	my ($got, $re, $name) = @_;
	# In a list a failed match is no argument at all.
	return ok(scalar($got =~ $re), $name, 'got  [' . short($got) . ']',
	    "want $re");
}

sub plan_done {
	print "1..$count\n";
	exit($failed ? 1 : 0);
}

sub slurp {
	my ($name) = @_;
	open(my $f, '<', $name) or return '';
	binmode $f;
	local $/;
	my $text = <$f>;
	return defined $text ? $text : '';
}

sub spew {
	my ($name, $text) = @_;
	open(my $f, '>', $name) or die "$name: $!\n";
	binmode $f;
	print $f $text;
	close($f) or die "$name: $!\n";
}

# A home folder with an empty Maildir; folders by their dotted names.
sub home {
	my (@folders) = @_;
	my $home = tempdir(CLEANUP => 1);
	make_path("$home/Maildir$_/cur", "$home/Maildir$_/new",
	    "$home/Maildir$_/tmp")
	    for '', map { "/.$_" } @folders;
	spew("$home/Maildir/.$_/maildirfolder", '') for @folders;
	return $home;
}

my $serial = 0;

# A message file; returns its name.
sub deliver {
	my ($dir, $text, $flags, $mtime) = @_;
	my $name = sprintf('%d.M%06dP%d.test', 1600000000 + ++$serial,
	    $serial, $$);
	my $to = defined $flags ? "$dir/cur/$name:2,$flags" : "$dir/new/$name";
	spew("$dir/tmp/$name", $text);
	utime($mtime, $mtime, "$dir/tmp/$name") if $mtime;
	rename("$dir/tmp/$name", $to) or die "$to: $!\n";
	return $to;
}

sub new {
	my ($class, %arg) = @_;
	my $self = bless { vars => {}, buf => '', out => '' }, $class;
	$self->{home} = $arg{home} || home(@{$arg{folders} || []});
	$self->{maildir} = "$self->{home}/Maildir";
	deliver($self->{maildir}, $_, undef, 1700000000)
	    for @{$arg{mail} || []};
	$self->{log} = "$self->{home}/log." . ++$serial;
	$self->{program} = $arg{program} ||
	    [($ENV{top_builddir} || '.') . '/src/prog/imapd'];
	$self->start($arg{env} || {}, @{$arg{args} || []});
	return $self;
}

sub start {
	my ($self, $env, @args) = @_;
	my $back = getcwd();
	local %ENV = ((map { $_ => $ENV{$_} }
	    grep { !/^(IMAP|TCP|AUTH|OPTIONS|MAILDIR)/ } keys %ENV),
	    TZ => 'UTC', %$env);
	chdir $self->{home} or die "$self->{home}: $!\n";
	open(my $log, '>', $self->{log}) or die "$self->{log}: $!\n";
	$self->{pid} = open3(my $to, my $from, '>&' . fileno($log),
	    @{ $self->{program} }, @args);
	chdir $back;
	binmode $_ for $to, $from;
	$self->{to} = $to;
	$self->{from} = $from;
	$SIG{PIPE} = 'IGNORE';
}

# One line without its line end; undef at the end or when time is up.
sub line {
	my ($self, $seconds) = @_;
	my $line = $self->raw($seconds);
	return undef unless defined $line;
	$line =~ s/\n\z//;
	$self->{bare} = 1 unless $line =~ s/\r\z//;
	return $line;
}

# One line with its line end.
sub raw {
	my ($self, $seconds) = @_;
	my $until = time + ($seconds || $limit);
	my $end;
	while (($end = index($self->{buf}, "\n")) < 0) {
		my $left = $until - time;
		my $r = '';
		vec($r, fileno($self->{from}), 1) = 1;
		return undef if $left <= 0;
		next unless select($r, undef, undef, $left);
		my $n = sysread($self->{from}, $self->{buf}, 65536,
		    length $self->{buf});
		return undef unless $n;
	}
	return substr($self->{buf}, 0, $end + 1, '');
}

sub send {
	my ($self, $text) = @_;
	my $to = $self->{to};
	while (length $text) {
		my $n = syswrite($to, $text);
		return unless defined $n;
		substr($text, 0, $n) = '';
	}
}

sub set {
	my ($self, %v) = @_;
	$self->{vars}{$_} = $v{$_} for keys %v;
}

sub fill {
	my ($self, $text) = @_;
	$text =~ s/\@(\w+)\@/exists $self->{vars}{$1} ? $self->{vars}{$1}
	    : "\@$1\@"/ge;
	return $text;
}

sub pattern {
	my ($text) = @_;
	my $re = '';
	$re .= defined $2 ? $2 : quotemeta $1
	    while $text =~ /\G((?:(?!<<).)+|<<(.*?)>>|<<)/gs;
	return qr/\A$re\z/;
}

sub unescape {
	my ($s) = @_;
	my %c = (n => "\n", r => "\r", t => "\t", '\\' => '\\');
	$s =~ s/\\(?:x([0-9a-fA-F]{2})|(.))/defined $1 ? chr hex $1
	    : exists $c{$2} ? $c{$2} : $2/ges;
	return $s;
}

sub talk {
	my ($self, $script) = @_;
	my (@block, $what);
	for (split(/\n/, $script), 'END') {
		next if /^\s*(#.*)?$/;
		if (/^(C: ?|C- |END)/ && defined $what) {
			$self->expect($what, @block);
			@block = ();
			$what = undef;
		}
		if (/^C: ?(.*)$/) {
			$what = $1;
			$self->send($self->fill($1) . "\r\n");
		} elsif (/^C- (.*)$/) {
			$what = $1;
			$self->send(unescape($self->fill($1)));
		} elsif (/^S: ?(.*)$/) {
			push @block, $self->fill($1);
			$what = 'greeting' unless defined $what;
		} elsif (/^EOF:/) {
			push @block, undef;
			$what = 'end' unless defined $what;
		} elsif ($_ ne 'END') {
			die "Dialogue: cannot read: $_\n";
		}
	}
}

sub expect {
	my ($self, $name, @want) = @_;
	for my $want (@want) {
		my $got = $self->line;
		if (!defined $want) {
			return ok(0, $name, "got  $got", 'want the end')
			    if defined $got;
			next;
		}
		my $re = pattern($want);
		next if defined $got && $got =~ $re;
		my @more;
		while (defined(my $m = $self->line(0.3))) {
			push @more, "then $m";
			last if @more > 20;
		}
		return ok(0, $name, 'got  ' . (defined $got ? $got :
		    'nothing'), "want $want", @more);
	}
	return ok(1, $name);
}

# What the server sends up to the tagged line, with literals, as one string.
sub answer {
	my ($self, $command) = @_;
	my ($tag) = $command =~ /^(\S+)/;
	my $text = '';
	$self->send("$command\r\n");
	while (defined(my $line = $self->raw)) {
		$text .= $line;
		last if $line =~ /^\Q$tag\E /;
	}
	return $text;
}

sub gives {
	my ($self, $name, $command, @want) = @_;
	my $tag = 'g' . ++$self->{gives};
	my $text = $self->answer("$tag $command");
	$text =~ s/\r\n/\n/g;
	$text =~ s/^$tag //m;
	my @bad;
	while (defined(my $re = shift @want)) {
		if (ref $re) {
			push @bad, "want $re" unless $text =~ $re;
		} else {
			my $no = shift @want;
			push @bad, "not  $no" if $text =~ $no;
		}
	}
	ok(!@bad, $name, "for  $command", 'got  [' . short($text) . ']', @bad);
	return $text;
}

# Another session in the same home folder.
sub other {
	my ($self, %arg) = @_;
	my $d = ref($self)->new(home => $self->{home}, %arg);
	$d->line;
	return $d;
}

sub log_text {
	my ($self) = @_;
	return slurp($self->{log});
}

# Ends the input; the server must end by itself, with the status given or 0, and
# have nothing more to say.
sub done {
	my ($self, $want) = @_;
	close($self->{to});
	my $rest = $self->line;
	waitpid($self->{pid}, 0);
	$self->{status} = $?;
	ok(!defined $rest && $? == ($want || 0) << 8, 'ends cleanly', "status $?",
	    defined $rest ? "left: $rest" : (), split /\n/, $self->log_text);
	ok(!$self->{bare}, 'every line ended with CRLF');
}

1;
