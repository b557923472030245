#!/usr/bin/perl
# The same POP3 dialogues with Courier's pop3d and ours, as dialogue.t has them
# for IMAP: answers, log lines, and the trees afterwards with their
# courierpop3dsizelist.  SPDX-License-Identifier: ISC
#
#   perl pop3.t [FILE [DIALOGUE]]         only those
#   DIALOGUE_SHOW=1                       prints differences in the files' form
#
# The form of the files is that of dialogue.t; of the lines between the sessions
# and the servers there are
#   sh COMMAND                  is run in the maildir of each
#   again                       ends the session and begins the next
# An answer ends with its line, or with "." where there are several.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Private qw(:all);
use Differences qw(unused);
use Picture qw(picture);
use Sides qw(!finish);
use Test::More;
use IPC::Open3;

need_root();

my $dir = workdir();
chmod 0755, $dir;
my $root = courier_root();

my %fixed = (PATH => '/usr/bin:/bin', TZ => 'UTC', LC_ALL => 'C',
    AUTHENTICATED => 'vmail', TCPREMOTEIP => '10.0.0.9',
    TCPREMOTEPORT => 555);

my @mail = (
	['cur', ':2,S', "From: Ann <ann\@a.test>\nTo: bob\@b.test\n" .
	    "Subject: plain\n\nHello one\nline two\n"],
	['cur', ':2,FR', "Subject: dots\n\n.\n..a\n.b\nend\n"],
	['new', '', "Subject: third\n\none\ntwo\nthree\n"],
	['new', '', "Subject: caf\303\251\n\nlatin \351\n"],
);

# Four messages; nobody has looked at them yet.
sub make_tree {
	my ($home, @sh) = @_;
	system 'mkdir', '-p', map { "$home/Maildir/$_" } qw(cur new tmp);
	my $n = 1600000000;
	for (@mail) {
		my ($sub, $flags, $text) = @$_;
		my $name = "$home/Maildir/$sub/" . ++$n . ".M1P1.h$flags";
		spew($name, $text);
		utime $n, $n, $name;
	}
	sh($home, $_) for @sh;
	own($home);
}

sub own {
	system 'chown', '-hR', '5000:5000', $_[0];
}

sub sh {
	my ($home, $command) = @_;
	run('sh', '-c', "cd '$home/Maildir' && { $command; }")
	    or die "$command: $Private::out";
	own($home);
	return $Private::out;
}

# Both run as somebody who may not read everything.
sub serve {
	my ($s, %env) = @_;
	my ($which, $home) = @$s{qw(which home)};
	my ($in, $program) = ($home, "$dir/pop3d");
	if ($which eq 'courier') {
		$in =~ s/^\Q$root\E//;
		$program = '/usr/lib/courier/courier/courierpop3d';
	}
	my @argv = ('/usr/sbin/chroot', '--userspec=5000:5000',
	    $which eq 'courier' ? $root : '/', 'sh', '-c',
	    "cd $in && exec $program " . ($env{ARGUMENT} || 'Maildir'));
	$s->{log} = "$dir/$which.log";
	unlink $s->{log};
	local %ENV = (%fixed, %env);
	open my $log, '>>', $s->{log} or die "log: $!\n";
	$s->{pid} = open3(my $to, my $from, '>&' . fileno($log), @argv);
	@$s{qw(to from buf)} = ($to, $from, '');
	binmode $_ for $to, $from;
	# What refuses the session is what ends it.
	my $first = answer($s, qr/^/);
	if ($first ne "+OK logged in.\n") {
		$first =~ s/( \(bare LF\))?\n/$1 ? "\n" : "\r\n"/e;
		$s->{buf} = "$first$s->{buf}";
	}
	return $s;
}

# Numbers of a list are the time at which it was made.
sub normal {
	my ($text) = @_;
	$text =~ s/^((?:\+OK )?\d+ UID\d+-)(\d{10})$/$1 . recent($2)/gme;
	$text =~ s/ENOMEM-\K[0-9A-F-]{50}/.../g;
	$text =~ s/([^\x20-\x7e\n])/sprintf '\\x%02x', ord $1/ge;
	return $text;
}

sub recent { return abs($_[0] - time) < 3600 ? 'NOW' : $_[0] }

# One line, or all up to the dot.
sub ending {
	my ($step) = @_;
	return $step->{last} if defined $step->{last};
	my ($word, $arg) = $step->{send} =~ /^\s*(\w+)(?:\s+(\S))?/;
	$word = uc($word || '');
	return qr/^(?:\.\z|-ERR)/ if $word =~ /^(?:RETR|TOP|CAPA)$/ ||
	    ($word =~ /^(?:LIST|UIDL|LANG)$/ && !defined $arg);
	return qr/^/;
}

# The log stands in front of how it has ended.
sub finish {
	my ($s) = @_;
	my $rest = Sides::finish($s);
	(my $log = slurp($s->{log})) =~ s/\b(sent|time)=\d+/$1=N/g;
	return $rest =~ s/(?=^status \d+ signal \d+\n\z)/$log/mr;
}

# ---- comparing ---------------------------------------------------------------

sub on_disk {
	my ($s) = @_;
	return picture("$s->{home}/Maildir") . "\n";
}

my $serial = 0;

sub play {
	my ($name, $d) = @_;
	my @s;
	$serial++;
	for my $which (qw(courier chapar)) {
		my $home = ($which eq 'courier' ? "$root/srv/mail" : $dir) .
		    "/p$serial";
		make_tree($home, map { $_->{meddle}[1] }
		    @{ $d->{before} });
		push @s, serve({ which => $which, home => $home,
		    crlf => 1, normal => \&normal },
		    %{ $d->{env} });
	}
	my $bad = 0;
	for my $step (@{ $d->{steps} }) {
		my @got;
		for my $s (@s) {
			if ($step->{meddle}) {
				sh($s->{home}, $step->{meddle}[1]);
				push @got, '';
			} elsif ($step->{again}) {
				push @got, finish($s);
				serve($s, %{ $d->{env} });
			} else {
				syswrite $s->{to}, $step->{send};
				push @got, answer($s, ending($step));
			}
		}
		$bad++ unless compare($name, $step, @got);
	}
	$bad++ unless compare($name, $d->{end}, map { finish($_) } @s);
	$bad++ unless compare($name, $d->{disk}, map { on_disk($_) } @s);
	ok !$bad, $name;
	system 'rm', '-rf', map { $_->{home} } @s unless $bad && $ENV{KEEP};
}

# A build folder need not be open to others.
run('cp', "$ENV{top_builddir}/src/prog/pop3d", "$dir/pop3d") or die;
play_all("$FindBin::Bin/dialogue/pop3/*.txt", \&play, @ARGV);
is join(' ', grep { /^pop3-/ } unused(used())), '',
    'every entry is needed' unless @ARGV;
done_testing();
