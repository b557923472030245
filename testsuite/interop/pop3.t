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
use Differences qw(known unused differ);
use Picture qw(picture);
use Script qw(load);
use Test::More;
use IO::Select;
use IPC::Open3;

use constant ANSWER_LIMIT => $ENV{DIALOGUE_SECONDS} || 30;	# seconds

need_root();

my $dir = workdir();
chmod 0755, $dir;
my $root = "$dir/root";
run('sh', lib('courier-root.sh'), 'copy', $root)
    or die "courier-root.sh: $Private::out";
at_end(sub { run('sh', lib('courier-root.sh'), 'done', $root) });

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

sub answer {
	my ($s, $last) = @_;
	return '' if $last eq '';
	my $until = now() + ANSWER_LIMIT;
	my $text = '';
	for (;;) {
		while ($s->{buf} =~ s/\A([^\n]*)\n//) {
			my $line = $1;
			$line =~ s/\r\z// or $line .= ' (bare LF)';
			$text .= "$line\n";
			return normal($text) if $line =~ $last;
		}
		my $left = $until - now();
		return normal($text) . "(no answer)\n" if $left <= 0;
		next unless IO::Select->new($s->{from})->can_read($left);
		sysread $s->{from}, $s->{buf}, 65536, length $s->{buf}
		    or return normal($text . $s->{buf}) . "(end)\n";
	}
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

sub finish {
	my ($s) = @_;
	close $s->{to};
	my $rest = answer($s, qr/\A(?!)/);
	waitpid $s->{pid}, 0;
	(my $log = slurp($s->{log})) =~ s/\b(sent|time)=\d+/$1=N/g;
	return $rest . $log . 'status ' . ($? >> 8) . ' signal ' .
	    ($? & 127) . "\n";
}

# ---- comparing ---------------------------------------------------------------

my %used;	# entries of doc/differences.md

sub shown { return $_[1] =~ s,^,$_[0] ,mgr }

sub compare {
	my ($name, $step, $theirs, $ours) = @_;
	my ($lt, $lo) = $theirs eq $ours ? ('', '') : differ($theirs, $ours);
	my $wt = $step->{theirs} // '';
	my $wo = $step->{ours} // '';
	my @ids = defined $step->{reason} ? known($step->{reason}) : ();
	@used{@ids} = ();
	my $right = $lt eq $wt && $lo eq $wo && ($lt ne '' || $lo ne '' ?
	    @ids : !defined $step->{reason});
	print '# ', $name, ': ', $step->{shown}, "\n",
	    shown('#', "D: ?\n" . shown('<', $lt) . shown('>', $lo))
	    if $ENV{DIALOGUE_SHOW} && !$right;
	return 1 if $right;
	diag "$name: $step->{shown}\n", shown('<', $lt), shown('>', $lo),
	    "listed (", $step->{reason} // 'not', "):\n", shown('<', $wt),
	    shown('>', $wo);
	return 0;
}

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
		push @s, serve({ which => $which, home => $home },
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
my ($only, $one) = @ARGV;
my @files = $only ? $only : glob("$FindBin::Bin/dialogue/pop3/*.txt");
ok @files > 0, 'there are dialogues';
for my $file (@files) {
	my ($base) = $file =~ m,([^/]+)\.txt$,;
	for my $d (load($file, {})) {
		next if $one && $d->{name} ne $one;
		play("$base: $d->{name}", $d);
	}
}
is join(' ', grep { /^pop3-/ } unused(keys %used)), '',
    'every entry is needed' unless $only;
done_testing();
