#!/usr/bin/perl
# The same dialogues with Courier's imapd and with ours, on equal maildirs:
# answers and trees differ only as doc/differences.md says.
# SPDX-License-Identifier: ISC
#
#   perl dialogue.t [FILE [DIALOGUE]]     only those
#   DIALOGUE_SHOW=1                       prints differences in the files' form
#   DIALOGUE_JOBS=N                       at the same time (2)
#
# Form of the files:
#
#   == name                     a new session on a fresh maildir
#   env NAME=VALUE              for both servers, before the first C line
#   message NAME                for "deliver" in this file: the lines behind it
#   | line                      that begin so, \xNN and the like understood
#   scene shared                folders of others are there (lib/Scene.pm), in
#   shared WHAT PATH ...        which others do something
#   deliver FOLDER MESSAGE      behind the servers' backs (before they start, if
#                               no C line stands above): a new message,
#   flags FOLDER N FLAGS        other flags for the N-th, by file name,
#   remove FOLDER N             the N-th is gone,
#   write PATH TEXT             a file in the maildir, the text as for "C-",
#   erase PATH                  a file or folder is gone,
#   folder PATH                 an empty maildir folder,
#   acl FOLDER ID RIGHTS, ...   its access list is this one,
#   sh COMMAND                  or anything else, done in the maildir
#   look PATTERN                now these files of both are the same, or D
#   names PATTERN               tells of the difference; their names alone
#   C: text                     sent with CRLF
#   C- text                     sent as it is, with \r \n \xNN and \\ understood
#   wait REGEX                  after a C line: what ends the answer, if it is
#                               neither the line with its tag nor "+";
#                               "none": it is not complete yet
#   D: #id words                the answers to this step differ, so:
#   < line                      Courier's, where it differs
#   > line                      ours
#   END: #id words              the same for what comes after the last answer
#   DISK: #id words             the same for the trees after the session; the
#                               lines are those of Picture.pm, long contents
#                               as their beginning and a digest
#
# "#id" is an entry of doc/differences.md. Several may be named (#one #two); any
# words may follow, they are for the reader. Instead, the whole reason may be
# the text of the entry's last column (D: RFC 2971 4: one argument).
# Failures are: a difference without D or DISK, another than the one listed, one
# that is listed and does not occur, a reason without an entry, and an entry
# that nothing needs. What differs in many places stands in @rules below, which
# must each be needed somewhere.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Private qw(:all);
use Differences qw(known unused faults differ);
use Picture qw(picture);
use Script qw(load ending);
use Sides qw(!compare !used);
use JSON::PP;
use Scene;
use Test::More;
use IPC::Open3;

use constant JOBS => $ENV{DIALOGUE_JOBS} || 2;

need_root();

# [reason, function of (Courier's text, ours): both without the difference].
my $syntax = qr/Error in IMAP command received by server\./;
my $full_rights = quotemeta 'owner aceilrstwx | administrators aceilrstwx | ';
my @rules = (
	['#syntax-bad', sub {
		my ($theirs, $ours) = @_;
		$theirs =~ s/^(\S+) NO ($syntax)$/$1 BAD $2/mg;
		return ($theirs, $ours);
	}],
	['#select-more', sub {
		my ($theirs, $ours) = @_;
		$ours =~ s/^\* OK \[(?:UIDNEXT|UNSEEN) \d+\] Ok\n//mg;
		return ($theirs, $ours);
	}],
	['#quota-list', sub {
		my ($theirs, $ours) = @_;
		$ours =~ s/^(\* QUOTA "\w*") \(\)$/$1/mg;
		return ($theirs, $ours);
	}],
	['#uid-named', sub {
		my ($theirs, $ours) = @_;
		my $seen = qr/FLAGS \([^()]*\)\)$/m;
		$ours =~ s/^(\* \d+ FETCH \()UID \d+ ($seen)/$1$2/mg
		    if $theirs =~ /^\* \d+ FETCH \($seen/m;
		return ($theirs, $ours);
	}],
	['#acl-default', sub { leave_out(
	    qr,\d+\ [^\[]*/courierimap(?:acl|hieracl/.*)\ \[$full_rights\]|
		\d+\ /courierimaphieracl,x,
	    @_) }],
	['#keywords-folder', sub {
	    leave_out(qr,\d+ .*/courierimapkeywords,, @_) }],
);

# Without lines of Courier's that we do not have.
sub leave_out {
	my ($what, $theirs, $ours) = @_;
	my %have = map { $_ => 1 } split /\n/, $ours;
	$theirs =~ s/^($what)\n/$have{$1} ? "$1\n" : ''/gme;
	return ($theirs, $ours);
}

# ---- the servers -------------------------------------------------------------

my $dir = workdir();
my $root = courier_root();

my %fixed = (PATH => '/usr/bin:/bin', TZ => 'UTC', LC_ALL => 'C',
    AUTHENTICATED => 'vmail', HOSTNAME => 'host.example',
    IMAP_KEYWORDS => 1, IMAP_ACL => 0,
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
	nest => "From: eve\@e.test\nSubject: forwarded\nMIME-Version: 1.0\n" .
	    "Content-Type: multipart/mixed; boundary=out\n\n--out\n" .
	    "Content-Type: multipart/alternative; boundary=\"alt\"\n\n" .
	    "--alt\nContent-Type: text/plain; charset=utf-8\n" .
	    "Content-Transfer-Encoding: quoted-printable\n\ncaf=C3=A9\n\n" .
	    "--alt\nContent-Type: text/html\nContent-ID: <c\@e.test>\n" .
	    "Content-Transfer-Encoding: 7bit\n\n<p>coffee</p>\n--alt--\n\n" .
	    "--out\nContent-Type: message/rfc822\nContent-Description: old\n" .
	    "Content-Transfer-Encoding: 7bit\n\n" .
	    "From: Old <old\@o.test>\nTo: eve\@e.test\nSubject: inner\n" .
	    "Date: Sun, 1 Jan 2023 10:00:00 +0000\nMIME-Version: 1.0\n" .
	    "Content-Type: text/plain\nContent-Transfer-Encoding: 7bit\n\n" .
	    "inner text\nof two lines\n\n--out--\n",
	coded => "From: =?utf-8?Q?J=C3=B6rg?= <j\@x.test>\n" .
	    "Sender: s\@x.test\nReply-To: \"R, S\" <r\@x.test>\n" .
	    "To: a\@x.test,\n b\@x.test\nCc: c\@x.test\nBcc: d\@x.test\n" .
	    "Subject: =?iso-8859-1?Q?caf=E9?= and\n more\n" .
	    "In-Reply-To: <0\@x.test>\nReferences: <0\@x.test>\n" .
	    "Message-ID: <2\@x.test>\nMIME-Version: 1.0\n" .
	    "Content-Type: text/plain; charset=iso-8859-1\n" .
	    "Content-Transfer-Encoding: 8bit\n\ncaf\xe9\n",
	bare => "Subject: no end\n\nlast line",
);

sub make_folder {
	my ($path) = @_;
	system('mkdir', '-p', map { "$path/$_" } qw(cur new tmp));
	spew("$path/maildirfolder", '', 0644) if $path =~ m,/\.[^/]*\z,;
}

# INBOX: five messages, two of them seen before. Folders: a, a.b, dst (empty),
# Trash, "with space"; deep.down has no parent. Nobody has opened any of them.
sub make_tree {
	my ($home) = @_;
	my $md = "$home/Maildir";
	make_folder($md);
	make_folder("$md/$_")
	    for qw(.a .a.b .dst .Trash .deep.down), '.with space';
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
	return system('sh', '-c', "cd '$home/Maildir' && { $folder; }") == 0 ||
	    die "$folder: $?\n" if $what eq 'sh';
	return Scene::meddle($home, split / /, $arg[0]) if $what eq 'shared';
	(my $md = "$home/Maildir/.$folder") =~ s,/\.INBOX,/,;
	if ($what eq 'deliver') {
		my $name = "$late.M1P1.h";
		spew("$md/tmp/$name", $message{$arg[0]});
		utime $late, $late, "$md/tmp/$name";
		chown 5000, 5000, "$md/tmp/$name" if $md =~ m,^\Q$root\E/,;
		rename "$md/tmp/$name", "$md/new/$name" or die "$md: $!\n";
		return;
	}
	if ($what eq 'write' || $what eq 'erase') {
		my $file = "$home/Maildir/$folder";
		system 'rm', '-rf', $file;
		system 'mkdir', '-p', $file =~ m,(.*)/, if $what eq 'write';
		return $what eq 'erase' || spew($file, $arg[0], 0644);
	}
	return make_folder("$home/Maildir/$folder") if $what eq 'folder';
	if ($what eq 'acl') {
		spew("$md/list", join '', map { "$_\n" } split /, /, $arg[0]);
		return rename "$md/list", "$md/courierimapacl";
	}
	my @files = glob("'$md/cur/*'");
	my $file = $files[$arg[0] - 1] or die "$folder $arg[0]: no file\n";
	return unlink $file if $what eq 'remove';
	my $flags = defined $arg[1] ? $arg[1] : '';
	(my $new = $file) =~ s/:2,.*/:2,$flags/;
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
	my $s = { which => $which, buf => '', crlf => 1, normal => \&normal };
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

# What depends on the clock, the order of a directory or of a hash table is no
# difference.
sub normal {
	my ($text) = @_;
	$text =~ s/\b((?:UIDVALIDITY|COPYUID|APPENDUID) )[1-9]\d*/$1V/g;
	$text =~ s/([\x00-\x08\x0b-\x1f])/sprintf '\\x%02x', ord $1/ge;
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

# ---- comparing ---------------------------------------------------------------

my (@said, %used);	# of the dialogue at hand

# Fails, or not. The rules apply where they make a difference.
sub compare {
	my ($step, $theirs, $ours) = @_;
	for my $rule (@rules) {
		my ($t, $o) = $rule->[1]->($theirs, $ours);
		next if $t eq $theirs && $o eq $ours;
		@used{ known($rule->[0]) } = () if $theirs ne $ours;
		($theirs, $ours) = ($t, $o);
	}
	my ($lt, $lo) = $theirs eq $ours ? ('', '') : differ($theirs, $ours);
	my ($wt, $wo) = defined $step->{reason} ? @$step{qw(theirs ours)} :
	    ('', '');
	my $listed = join '', "listed:\n", shown('<', $wt), shown('>', $wo);
	if ($lt ne $wt || $lo ne $wo) {
		push @said, "$step->{shown}\nD: ?\n" . shown('<', $lt) .
		    shown('>', $lo) . (defined $step->{reason} ? $listed : '');
		return 0;
	}
	return 1 unless defined $step->{reason};
	my @ids = known($step->{reason});
	@used{@ids} = ();
	return 1 if @ids && "$lt$lo" ne '';
	push @said, "$step->{shown}\n" . (@ids ? 'no longer differs: ' :
	    'not in doc/differences.md: ') . "$step->{reason}\n";
	return 0;
}

# Lines of a picture; of long contents the beginning and a digest.
# Folders of others have views, which mirrors.t compares.
sub on_disk {
	my ($home) = @_;
	return picture("$home/Maildir", short => 1,
	    skip => qr,^/shared-(?:maildirs|folders)\b,) . "\n";
}

my @servers = qw(courier chapar);

sub own {
	my ($which, $home) = @_;
	system 'chown', '-R', '5000:5000', $home if $which eq 'courier';
}

sub meddle_both {
	my ($home, $step) = @_;
	$late++;
	for my $which (@servers) {
		meddle($home->{$which}, @{ $step->{meddle} });
		own($which, $home->{$which});
	}
}

# { ok, said, used } of one dialogue.
sub play {
	my ($serial, $d) = @_;
	my (%s, %scene);
	my %home = (courier => "$root/srv/mail/d$serial",
	    chapar => "$dir/d$serial");
	my $bad = 0;
	@said = %used = ();
	$late = 1600001000;
	for my $which (@servers) {
		make_tree($home{$which});
		next unless $d->{scene};
		(my $inside = $home{$which}) =~ s/^\Q$root\E//;
		$scene{$which} = { Scene::make($home{$which}, $inside) };
		own($which, $home{$which});
	}
	meddle_both(\%home, $_) for @{ $d->{before} };
	for my $which (@servers) {
		own($which, $home{$which});
		$s{$which} = serve($which, $home{$which},
		    %{ $scene{$which} || {} }, %{ $d->{env} });
		answer($s{$which}, qr/^\*/);
	}
	for my $step (@{ $d->{steps} }) {
		if ($step->{meddle}) {
			meddle_both(\%home, $step);
			next;
		}
		if ($step->{look}) {
			$bad++ unless compare($step,
			    map { look($home{$_}, @{ $step->{look} }) } @servers);
			next;
		}
		put($s{$_}, $step->{send}) for @servers;
		$bad++ unless compare($step,
		    map { answer($s{$_}, ending($step)) } @servers);
	}
	$bad++ unless compare($d->{end},
	    map { finish($s{$_}) } @servers);
	$bad++ unless compare($d->{disk}, map { on_disk($home{$_}) } @servers);
	system 'rm', '-rf', values %home unless $bad && $ENV{KEEP};
	return { ok => !$bad ? 1 : 0, said => [@said], used => [keys %used] };
}

# Plays every JOBS-th from one on, and tells the results as lines of JSON.
sub worker {
	my ($first, @todo) = @_;
	open(my $results, '-|') // die "fork: $!\n" or do {
		$| = 1;
		for (my $i = $first; $i < @todo; $i += JOBS) {
			print encode_json({ %{ play($i, $todo[$i]) },
			    name => $todo[$i]{name} }), "\n";
		}
		POSIX::_exit(0);
	};
	return $results;
}

chmod 0755, $dir;
my ($only, $one) = @ARGV;
my @files = $only ? $only : glob("$FindBin::Bin/dialogue/*.txt");
my @todo;
for my $file (@files) {
	my ($base) = $file =~ m,([^/]+)\.txt$,;
	push @todo, map { { %$_, name => "$base: $_->{name}" } }
	    grep { !$one || $_->{name} eq $one } load($file, \%message);
}
ok @todo > 0, 'there are dialogues';
is join("\n", faults()), '', 'doc/differences.md';
my (%needed, $played);
my @workers = map { worker($_, @todo) } 0 .. JOBS - 1;
while (@workers) {
	my $from = shift @workers;
	my $line = <$from> // next;
	push @workers, $from;
	my $r = decode_json($line);
	$played++;
	@needed{ @{ $r->{used} } } = ();
	ok $r->{ok}, $r->{name} or diag map { shown('#', $_) } @{ $r->{said} };
	print map { shown('', $_) } "$r->{name}\n", @{ $r->{said} }
	    if $ENV{DIALOGUE_SHOW} && !$r->{ok};
}
is $played, scalar @todo, 'all were played';
is join(' ', grep { !/^(?:smap|pop3)-/ } unused(keys %needed)), '',
    'every entry is needed' unless $only;	# but those of smap.t, pop3.t
done_testing();
