#!/usr/bin/perl
# The same SMAP1 dialogues with Courier's imapd and ours, as dialogue.t has them
# for IMAP: answers, and the trees afterwards.  SPDX-License-Identifier: ISC
#
#   perl smap.t [FILE [DIALOGUE]]         only those
#   DIALOGUE_SHOW=1                       prints differences in the files' form
#
# The form of the files is that of dialogue.t, with LF for CRLF; an answer ends
# with "+OK", "-ERR" or ">". @snap@ is the snapshot that was told last. A step
#   shell COMMAND               is run in the home folder of each.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Private qw(:all);
use Differences qw(unused);
use Picture qw(picture);
use Sides;
use Test::More;
use IPC::Open3;
use POSIX ();

need_root();

my $dir = workdir();
chmod 0755, $dir;
my $root = courier_root();

# Both may run it: it writes down what it was given, beside the maildir.
my $send = "#!/bin/sh\n{ echo \"\$*\"; cat; } >../sent\ntest ! -e ../refuse\n";
spew("$_/send", $send, 0755) for "$root/usr/bin", $dir;

my %fixed = (PATH => '/usr/bin:/bin', TZ => 'UTC', LC_ALL => 'C',
    HOSTNAME => 'host.example',
    AUTHENTICATED => 'vmail', IMAP_KEYWORDS => 1, PROTOCOL => 'SMAP1',
    IMAP_BROKENUIDV => 1, IMAP_IDLE_TIMEOUT => 60);

my @mail = (
	["From: Ann <ann\@a.test>\nTo: bob\@b.test\nSubject: plain\n" .
	    "Date: Mon, 2 Jan 2023 10:00:00 +0000\n" .
	    "Message-ID: <1\@a.test>\n\nHello one\nline two\n", 'S'],
	["From: carol\@c.test\nTo: bob\@b.test\nSubject: second\n" .
	    "X-Dot: a\n .folded\nDate: Tue, 3 Jan 2023 10:00:00 +0000\n\n" .
	    ".Hello\n..two\n", 'FR'],
	["From: Dan <dan\@d.test>\nTo: bob\@b.test, eve\@e.test\n" .
	    "Subject: parts\nDate: Wed, 4 Jan 2023 10:00:00 +0000\n" .
	    "MIME-Version: 1.0\nContent-Type: multipart/mixed; " .
	    "boundary=\"bb\"\n\npreamble\n--bb\n" .
	    "Content-Type: text/plain; charset=us-ascii\n\npart one\n" .
	    "--bb\nContent-Type: application/octet-stream; name=\"x.bin\"\n" .
	    "Content-Transfer-Encoding: base64\n\naGVsbG8=\n" .
	    "--bb\nContent-Type: text/plain; charset=utf-8\n" .
	    "Content-Transfer-Encoding: quoted-printable\n\n" .
	    "caf=C3=A9\n--bb--\n"],
	["Subject: outer\nMIME-Version: 1.0\n" .
	    "Content-Type: multipart/mixed; boundary=x\n\n--x\n" .
	    "Content-Type: message/rfc822\n\nSubject: inner\n\ninside\n" .
	    "--x--\n"],
);

# INBOX with these; folders a, a.b, Trash; x.y has no parent.
sub make_tree {
	my ($which, $home) = @_;
	for my $f ('', qw(.a .a.b .Trash .x.y)) {
		system('mkdir', '-p', map { "$home/Maildir/$f/$_" }
		    qw(cur new tmp));
		spew("$home/Maildir/$f/maildirfolder", '') if $f ne '';
	}
	my $n = 1600000000;
	for (@mail) {
		my $name = "$home/Maildir/" . ($_->[1] ? 'cur/' : 'new/') .
		    ++$n . '.M1P1.h' . ($_->[1] ? ":2,$_->[1]" : '');
		spew($name, $_->[0]);
		utime $n, $n, $name;
	}
	own($which, $home);
}

sub own {
	my ($which, $home) = @_;
	system 'chown', '-R', '5000:5000', $home if $which eq 'courier';
}

sub serve {
	my ($which, $home, %env) = @_;
	my $back = POSIX::getcwd();
	my @argv = ("$ENV{top_builddir}/src/prog/imapd", 'Maildir');
	my $sendmail = "$dir/send";
	if ($which eq 'courier') {
		(my $inside = $home) =~ s/^\Q$root\E//;
		@argv = ('/usr/sbin/chroot', '--userspec=5000:5000', $root,
		    'sh', '-c', "cd $inside && exec /usr/bin/imapd Maildir");
		$sendmail = '/usr/bin/send';
	}
	my $s = { which => $which, home => $home, buf => '', snap => 'none',
	    normal => \&normal };
	local %ENV = (%fixed, SENDMAIL => $sendmail, HOME => $home, %env);
	chdir $home or die "$home: $!\n";
	open my $log, '>>', "$dir/$which.log" or die "log: $!\n";
	$s->{pid} = open3(my $to, my $from, '>&' . fileno($log), @argv);
	chdir $back;
	@$s{qw(to from)} = ($to, $from);
	binmode $_ for $to, $from;
	return $s;
}

# New names, and the order of a directory or a hash table, are no difference.
sub normal {
	my ($text, $s) = @_;
	$s->{snap} = $1 if $text =~ /SNAPSHOT "(.*?)"/;
	$text =~ s/\d+\.M\d+P\d+_snapshot\.[^"]*/SNAPSHOT/g;
	$text =~ s/\d+\.M\d+P\d+V\w+\.[^",]*/NEW/g;
	$text =~ s/\r$/ (CR)/mg;
	$text =~ s/"KEYWORDS=\K([^"]*)/join ',', sort split m{,}, $1/ge;
	$text =~ s/[^\x20-\x7e\n]/sprintf '\\x%02x', ord $&/ge;
	my (@out, @list);
	for my $line (split /\n/, $text, -1) {
		push(@list, $line), next if $line =~ /^\* LIST /;
		push @out, sort(@list), $line;
		@list = ();
	}
	return join "\n", @out;
}

# ---- comparing ---------------------------------------------------------------

my $LAST = qr/^(?:\+OK|-ERR|>) /;
# Lists that hold what holds without them; a folder without keywords; snapshots,
# which mix.t hands from one to the other.
my $unlike = qr,/courierimap(?:acl|hieracl|keywords|snapshots)\b,;
my $serial = 0;

sub play {
	my ($name, $d) = @_;
	my @s;
	$serial++;
	for my $which (qw(courier chapar)) {
		my $home = ($which eq 'courier' ? "$root/srv/mail" : $dir) .
		    "/s$serial";
		make_tree($which, $home);
		push @s, serve($which, $home, %{ $d->{env} });
		answer($s[-1], qr/^\+OK/);
	}
	my $bad = 0;
	for my $step (@{ $d->{steps} }) {
		my @got;
		for my $s (@s) {
			if ($step->{shell}) {
				run('sh', '-c', "cd '$s->{home}' && " .
				    "$step->{shell} 2>&1");
				push @got, normal($Private::out, $s);
				own($s->{which}, $s->{home});
				next;
			}
			(my $text = $step->{send}) =~ s/\@snap\@/$s->{snap}/g;
			$text =~ s/\r\n\z/\n/ if $step->{shown} =~ /^C:/;
			syswrite $s->{to}, $text;
			push @got, answer($s, $step->{last} // $LAST);
		}
		$bad++ unless compare($name, $step, @got);
	}
	$bad++ unless compare($name, $d->{end}, map { finish($_) } @s);
	$bad++ unless compare($name, $d->{disk}, map {
	    picture("$_->{home}/Maildir", short => 1, skip => $unlike) .
	    "\n" } @s);
	ok !$bad, $name;
	system 'rm', '-rf', map { $_->{home} } @s unless $bad && $ENV{KEEP};
}

play_all("$FindBin::Bin/dialogue/smap/*.txt", \&play, @ARGV);
is join(' ', grep { /^smap-/ } unused(used())), '',
    'every entry is needed' unless @ARGV;
done_testing();
