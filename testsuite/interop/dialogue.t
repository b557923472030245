#!/usr/bin/perl
# The same dialogues with Courier's imapd and with ours, on equal maildirs: the
# answers may differ only where dialogues/*.txt names the reason.
# SPDX-License-Identifier: ISC
#
#   perl dialogue.t [FILE [DIALOGUE]]     only those
#   DIALOGUE_SHOW=1                       prints differences in the files' form
#
# Form of the files:
#
#   == name                     a new session on a fresh maildir
#   env NAME=VALUE              for both servers, before the first C line
#   message NAME                for "deliver" in this file: the lines behind it
#   | line                      that begin so, \xNN and the like understood
#   deliver FOLDER MESSAGE      behind the servers' backs: a new message,
#   flags FOLDER N FLAGS        other flags for the N-th, by file name,
#   remove FOLDER N             the N-th is gone
#   write PATH TEXT             a file below the maildir (\n understood),
#   sh COMMAND                  or anything else, done in the maildir
#   look PATH                   what is in these files (a pattern), or their
#   names PATTERN               names, must be the same; D tells of differences
#   C: text                     sent with CRLF
#   C- text                     sent as it is, with \r \n \xNN and \\ understood
#   wait REGEX                  after a C line: what ends the answer, if it is
#                               neither the line with its tag nor "+";
#                               "none": it is not complete yet
#   D: reason                   the answers to this step differ, so:
#   < line                      Courier's, where it differs
#   > line                      ours
#
# A difference without D, another than the one listed, and one that is listed
# and does not occur are failures. What differs in many places stands in @rules
# below, which must each be needed somewhere.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Private qw(:all);
use Test::More;
use IO::Select;
use IPC::Open3;

use constant ANSWER_LIMIT => $ENV{DIALOGUE_SECONDS} || 30;	# seconds

need_root();

# Each takes (Courier's text, ours) and returns both without the difference.
my $syntax = qr/Error in IMAP command received by server\./;
my @rules = (
	['a syntax error is BAD: RFC 3501 7.1.3 (imap-wire.md Q9)', sub {
		my ($theirs, $ours) = @_;
		$theirs =~ s/^(\S+) NO ($syntax)$/$1 BAD $2/mg;
		return ($theirs, $ours);
	}],
	['SELECT tells UIDNEXT and UNSEEN: RFC 3501 6.3.1 (Q10)', sub {
		my ($theirs, $ours) = @_;
		$ours =~ s/^\* OK \[(?:UIDNEXT|UNSEEN) \d+\] Ok\n//mg;
		return ($theirs, $ours);
	}],
	['QUOTA without a limit has "()": RFC 2087 5.1 (Q21)', sub {
		my ($theirs, $ours) = @_;
		$ours =~ s/^(\* QUOTA "\w*") \(\)$/$1/mg;
		return ($theirs, $ours);
	}],
	['lines of UID commands name the UID: RFC 3501 6.4.8 (Q5)', sub {
		my ($theirs, $ours) = @_;
		my $seen = qr/FLAGS \([^()]*\)\)$/m;
		$ours =~ s/^(\* \d+ FETCH \()UID \d+ ($seen)/$1$2/mg
		    if $theirs =~ /^\* \d+ FETCH \($seen/m;
		return ($theirs, $ours);
	}],
);
my @needed = (0) x @rules;

# ---- the servers -------------------------------------------------------------

my $dir = workdir();
my $root = "$dir/root";
run('sh', lib('courier-root.sh'), 'copy', $root)
    or die "courier-root.sh: $Private::out";
at_end(sub { run('sh', lib('courier-root.sh'), 'done', $root) });

my %fixed = (PATH => '/usr/bin:/bin', TZ => 'UTC', LC_ALL => 'C',
    AUTHENTICATED => 'vmail', IMAP_KEYWORDS => 1, IMAP_ACL => 0,
    IMAP_BROKENUIDV => 1,	# Courier: no pause after DELETE
    IMAP_IDLE_TIMEOUT => 60, IMAP_EXTENSIONS => 'none',
    IMAP_CAPABILITY => 'IMAP4rev1 UIDPLUS CHILDREN NAMESPACE IDLE');

my %message = (
	plain => "From: Ann <ann\@a.test>\nTo: bob\@b.test\nSubject: plain\n" .
	    "Date: Mon, 2 Jan 2023 10:00:00 +0000\n" .
	    "Message-ID: <1\@a.test>\n\nHello one\nline two\n",
	second => "From: carol\@c.test\nTo: bob\@b.test\nSubject: second\n" .
	    "Date: Tue, 3 Jan 2023 10:00:00 +0000\n\nHello number two\n",
	multi => "From: Dan <dan\@d.test>\nTo: bob\@b.test, eve\@e.test\n" .
	    "Subject: parts\nDate: Wed, 4 Jan 2023 10:00:00 +0000\n" .
	    "MIME-Version: 1.0\nContent-Type: multipart/mixed; " .
	    "boundary=\"bb\"\n\npreamble\n--bb\n" .
	    "Content-Type: text/plain; charset=us-ascii\n" .
	    "Content-Transfer-Encoding: 7bit\n\npart one\n" .
	    "--bb\nContent-Type: application/octet-stream; name=\"x.bin\"\n" .
	    "Content-Transfer-Encoding: base64\n" .
	    "Content-Disposition: attachment; filename=\"x.bin\"\n\n" .
	    "AAECAwQ=\n--bb--\n",
);

# INBOX: five messages, two of them seen before. Folders: a, a.b, dst (empty),
# Trash, "with space"; deep.down has no parent. Nobody has opened any of them.
sub make_tree {
	my ($home) = @_;
	my $md = "$home/Maildir";
	for my $f ('', qw(.a .a.b .dst .Trash .deep.down), '.with space') {
		system('mkdir', '-p', map { "$md/$f/$_" } qw(cur new tmp));
		spew("$md/$f/maildirfolder", '') if $f ne '';
	}
	my $n = 1600000000;
	my $put = sub {
		my ($where, $text, $flags) = @_;
		my $name = "$md/$where/" . ++$n . ".M1P1.h$flags";
		spew($name, $message{$text});
		utime($n, $n, $name) or die "$name: $!\n";
	};
	$put->('cur', 'plain', ':2,S');
	$put->('cur', 'second', ':2,FR');
	$put->('new', 'multi', '');
	$put->('new', 'plain', '');
	$put->('new', 'second', '');
	$put->('.a/cur', 'plain', ':2,S');
	$put->('.a/new', 'second', '');
	$put->('.a.b/cur', 'multi', ':2,T');
	spew("$md/courierimapsubscribed",
	    "INBOX\nINBOX.a\nINBOX.Trash\nINBOX.gone.x\n");
}

my $late = 1600001000;

# What another program does to a folder ("" is INBOX, ".a" is INBOX.a).
sub meddle {
	my ($home, $what, $folder, @arg) = @_;
	if ($what eq 'write' || $what eq 'sh') {
		return spew("$home/Maildir/$folder", unescape("@arg"))
		    if $what eq 'write';
		return system('sh', '-c',
		    "cd '$home/Maildir' && { $folder; }") == 0 ||
		    die "$folder: $?\n";
	}
	(my $md = "$home/Maildir/.$folder") =~ s,/\.INBOX,/,;
	if ($what eq 'deliver') {
		my $name = "$md/new/$late.M1P1.h";
		spew($name, $message{$arg[0]});
		utime $late, $late, $name;
		return;
	}
	my @files = glob("'$md/cur/*'");
	my $file = $files[$arg[0] - 1] or die "$folder $arg[0]: no file\n";
	return unlink $file if $what eq 'remove';
	(my $new = $file) =~ s/:2,.*/:2,$arg[1]/;
	rename $file, $new or die "$new: $!\n";
}

# Files of a maildir, as text; names of new messages are no difference.
sub look {
	my ($home, $what, $pattern) = @_;
	my $text = '';
	for my $file (sort glob "$home/Maildir/$pattern") {
		my $name = substr $file, length "$home/Maildir/";
		$name =~ s/\b\d{10}\.M\d+P\d+V[0-9A-F]+I[0-9A-F]+(?:_\w+)?/NEW/;
		$text .= $what eq 'names' ? "$name\n" :
		    join '', map { "$name: $_\n" } split /\n/, slurp($file);
	}
	return join '', sort split /^/, $text if $what eq 'names';
	return $text;
}

sub serve {
	my ($which, $home, %env) = @_;
	my $back = POSIX::getcwd();
	my @argv = ("$ENV{top_builddir}/src/prog/imapd", 'Maildir');
	if ($which eq 'courier') {
		(my $inside = $home) =~ s/^\Q$root\E//;
		@argv = ('/usr/sbin/chroot', '--userspec=5000:5000', $root,
		    'sh', '-c', "cd $inside && exec /usr/bin/imapd Maildir");
	}
	my $s = { which => $which, buf => '', numbers => {} };
	{
		local %ENV = (%fixed, %env, HOME => $home);
		chdir $home or die "$home: $!\n";
		open my $log, '>>', "$dir/$which.log" or die "log: $!\n";
		$s->{pid} = open3(my $to, my $from, '>&' . fileno($log),
		    @argv);
		@$s{qw(to from)} = ($to, $from);
		chdir $back;
	}
	binmode $_ for @$s{qw(to from)};
	return $s;
}

sub put {
	my ($s, $text) = @_;
	my $n = syswrite $s->{to}, $text;
	return defined $n && $n == length $text;
}

# Lines up to one that matches, or to the end.
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
			return normal($s, $text) if $line =~ $last;
		}
		my $left = $until - now();
		return normal($s, $text) . "(no answer)\n" if $left <= 0;
		next unless IO::Select->new($s->{from})->can_read($left);
		sysread $s->{from}, $s->{buf}, 65536, length $s->{buf}
		    or return normal($s, $text . $s->{buf}) . "(end)\n";
	}
}

# What depends on the clock, the order of a directory or of a hash table is no
# difference.
sub normal {
	my ($s, $text) = @_;
	my $v = $s->{numbers};
	$text =~ s/\b(UIDVALIDITY|COPYUID|APPENDUID) (\d+)/
	    $1 . ' V' . ($v->{$2} ||= 1 + keys %$v)/ge;
	$text =~ s/FLAGS \(\K([^()]*)/keywords_sorted($1)/ge;
	my (@out, @list);
	for my $line (split /\n/, $text, -1) {
		if ($line =~ /^\* (?:LIST|LSUB) /) {
			push @list, $line;
			next;
		}
		push @out, sort(@list), $line;
		@list = ();
	}
	return join "\n", @out;
}

sub keywords_sorted {
	my @kw = sort grep { !/^\\/ } split / /, $_[0];
	return join ' ', map { /^\\/ ? $_ : shift @kw } split / /, $_[0];
}

sub finish {
	my ($s) = @_;
	close $s->{to};
	my $rest = answer($s, qr/\A(?!)/);
	waitpid $s->{pid}, 0;
	return $rest . 'status ' . ($? >> 8) . ' signal ' . ($? & 127) . "\n";
}

# ---- the files ---------------------------------------------------------------

# A list of { name, env, steps => [{ send, shown, last, reason, theirs, ours }] }
sub load {
	my ($file) = @_;
	my (@all, $d, $step, $text);
	for (split /\n/, slurp($file)) {
		next if /^\s*(#|$)/;
		if (/^== (.*)/) {
			$d = { name => $1, env => {}, steps => [] };
			push @all, $d;
		} elsif (/^env (\w+)=(.*)/) {
			$d->{env}{$1} = $2;
		} elsif (/^message (\S+)/) {
			die "$file: another message $1\n" if $message{$1};
			$text = \$message{$1};
			$$text = '';
		} elsif (/^\| ?(.*)/) {
			$$text .= unescape("$1\\n");
		} elsif (/^(deliver|flags|remove) (\S+) ?(.*)/) {
			push @{ $d->{steps} }, { shown => $_,
			    meddle => [$1, $2, split / /, $3] };
		} elsif (/^write (\S+) ?(.*)/) {
			push @{ $d->{steps} }, { shown => $_,
			    meddle => ['write', $1, $2] };
		} elsif (/^sh (.*)/) {
			push @{ $d->{steps} }, { shown => $_,
			    meddle => ['sh', $1] };
		} elsif (/^(look|names) (.*)/) {
			$step = { look => [$1, $2], shown => $_ };
			push @{ $d->{steps} }, $step;
		} elsif (/^C(:|-) ?(.*)/) {
			$step = { send => $1 eq ':' ? "$2\r\n" : unescape($2),
			    shown => "C$1 $2" };
			push @{ $d->{steps} }, $step;
		} elsif (/^wait (.*)/) {
			$step->{last} = $1 eq 'none' ? '' : qr/$1/;
		} elsif (/^D: (.*)/) {
			@$step{qw(reason theirs ours)} = ($1, '', '');
		} elsif (/^([<>]) ?(.*)/) {
			$step->{$1 eq '<' ? 'theirs' : 'ours'} .= "$2\n";
		} else {
			die "$file: cannot read: $_\n";
		}
	}
	return @all;
}

sub unescape {
	my ($s) = @_;
	my %c = (n => "\n", r => "\r", t => "\t", '\\' => '\\');
	$s =~ s/\\(?:x([0-9a-fA-F]{2})|(.))/defined $1 ? chr hex $1
	    : exists $c{$2} ? $c{$2} : die "\\$2?\n"/ges;
	$s =~ s/<(.)\*(\d+)>/$1 x $2/ge;	# <x*8000>
	return $s;
}

# The last tag that was sent, a continuation, or the end of the session.
sub ending {
	my ($step) = @_;
	return $step->{last} if defined $step->{last};
	my @tags = $step->{send} =~ /^\s*(\S+)/mg;
	my $tag = @tags ? quotemeta $tags[-1] : '\*';
	return qr/^(?:$tag (?:OK|NO|BAD)|\+)/;
}

# ---- comparing ---------------------------------------------------------------

# Lines of one that are not in the other, in order (longest common rest).
sub differ {
	my @a = split /\n/, $_[0];
	my @b = split /\n/, $_[1];
	my @len = map { [(0) x (@b + 1)] } 0 .. @a;
	for my $i (reverse 0 .. $#a) {
		for my $j (reverse 0 .. $#b) {
			my ($x, $y) = ($len[$i + 1][$j], $len[$i][$j + 1]);
			$len[$i][$j] = $a[$i] eq $b[$j] ?
			    1 + $len[$i + 1][$j + 1] : $x > $y ? $x : $y;
		}
	}
	my ($i, $j, $only_a, $only_b) = (0, 0, '', '');
	while ($i < @a || $j < @b) {
		if ($i < @a && $j < @b && $a[$i] eq $b[$j]) {
			$i++;
			$j++;
		} elsif ($j < @b && ($i == @a ||
		    $len[$i][$j + 1] >= $len[$i + 1][$j])) {
			$only_b .= "$b[$j++]\n";
		} else {
			$only_a .= "$a[$i++]\n";
		}
	}
	return ($only_a, $only_b);
}

sub shown { return join '', map { "$_[0] $_\n" } split /\n/, $_[1] }

# Fails, or not. The rules apply where they make a difference.
sub compare {
	my ($name, $step, $theirs, $ours) = @_;
	for my $i (0 .. $#rules) {
		my ($t, $o) = $rules[$i][1]->($theirs, $ours);
		next if $t eq $theirs && $o eq $ours;
		$needed[$i] = 1 if $theirs ne $ours;
		($theirs, $ours) = ($t, $o);
	}
	my ($lt, $lo) = $theirs eq $ours ? ('', '') : differ($theirs, $ours);
	my $wt = defined $step->{reason} ? $step->{theirs} : '';
	my $wo = defined $step->{reason} ? $step->{ours} : '';
	print '# ', $name, ': ', $step->{shown}, "\n",
	    shown('#', "D: ?\n" . shown('<', $lt) . shown('>', $lo))
	    if $ENV{DIALOGUE_SHOW} && ($lt ne $wt || $lo ne $wo);
	return 1 if $lt eq $wt && $lo eq $wo && ($lt ne '' || $lo ne '' ||
	    !defined $step->{reason});
	diag "$name: $step->{shown}\n", $lt eq '' && $lo eq '' ?
	    "no longer differs: $step->{reason}\n" :
	    ("unlisted difference:\n", shown('<', $lt), shown('>', $lo),
	    defined $step->{reason} ? ("listed:\n", shown('<', $wt),
	    shown('>', $wo)) : ());
	return 0;
}

my $serial = 0;

sub own {
	my ($which, $home) = @_;
	system 'chown', '-R', '5000:5000', $home if $which eq 'courier';
}

sub play {
	my ($name, $d) = @_;
	my (%s, %home);
	$serial++;
	for my $which (qw(courier chapar)) {
		my $home = $home{$which} = $which eq 'courier' ?
		    "$root/srv/mail/d$serial" : "$dir/d$serial";
		make_tree($home);
		own($which, $home);
		$s{$which} = serve($which, $home, %{ $d->{env} });
		answer($s{$which}, qr/^\*/);
	}
	my $bad = 0;
	for my $step (@{ $d->{steps} }) {
		my @got;
		if ($step->{meddle}) {
			$late++;
			for my $which (qw(courier chapar)) {
				meddle($home{$which}, @{ $step->{meddle} });
				own($which, $home{$which});
			}
			next;
		}
		if ($step->{look}) {
			@got = map { look($home{$_}, @{ $step->{look} }) }
			    qw(courier chapar);
			$bad++ unless compare($name, $step, @got);
			next;
		}
		for my $which (qw(courier chapar)) {
			put($s{$which}, $step->{send});
			push @got, answer($s{$which}, ending($step));
		}
		$bad++ unless compare($name, $step, @got);
	}
	my @end = map { finish($s{$_}) } qw(courier chapar);
	$bad++ unless compare($name, { shown => 'end of the session' }, @end);
	ok !$bad, $name;
	system 'rm', '-rf', "$root/srv/mail/d$serial", "$dir/d$serial"
	    unless $bad && $ENV{KEEP};
}

chmod 0755, $dir;
my ($only, $one) = @ARGV;
my @files = $only ? $only : glob("$FindBin::Bin/dialogues/*.txt");
ok @files > 0, 'there are dialogues';
for my $file (@files) {
	my ($base) = $file =~ m,([^/]+)\.txt$,;
	for my $d (load($file)) {
		next if $one && $d->{name} ne $one;
		play("$base: $d->{name}", $d);
	}
}
unless ($only) {
	ok $needed[$_], "needed: $rules[$_][0]" for 0 .. $#rules;
}
done_testing();
