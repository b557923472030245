#!/usr/bin/perl
# Hostile messages: within the memory that Courier's stock IMAP_ULIMITD allows,
# and in time that grows with their size only.  SPDX-License-Identifier: ISC
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Dialogue;
use Grammar;

use constant ULIMIT => 131072;		# kilobytes, as in Courier's file
use constant CPU => 20;			# seconds per message; most take one
use constant STRICT => 1000000;		# longer answers are not parsed

my $home = Dialogue::home();
my @name;

sub put {
	my ($name, $text) = @_;
	push @name, $name;
	return Dialogue::deliver("$home/Maildir", $text, 'S', 1700000000);
}

sub multi {
	return "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n"
	    . join '', @_;
}

my $lists = join '', map { "$_: " . 'a,' x 10000 . "\n" }
    qw(From Sender Reply-To To Cc Bcc);
my $params = 'Content-Type: a/b' . ';p=v' x 490 . "\n";
my $disposition = 'Content-Disposition: a' . ';p=v' x 490 . "\n";

put('100,000 parts', multi("--b\n\nx\n" x 100000));
put('100,000 empty parts', multi("--b\n" x 100000));
put('multiparts in each other, 10,000', "MIME-Version: 1.0\n" . join '', map {
    "Content-Type: multipart/mixed; boundary=b$_.\n\n--b$_.\n" } 1 .. 10000);
put('messages in each other, 10,000',
    "MIME-Version: 1.0\nContent-Type: message/rfc822\n\n" x 10000);
put('digests in each other, 10,000', join '', map {
    "MIME-Version: 1.0\nContent-Type: multipart/digest; boundary=b$_.\n\n" .
    "--b$_.\n\n" } 1 .. 10000);
put('1,000,000 parameters', "MIME-Version: 1.0\nContent-Type: text/plain" .
    join('', map { "; n*$_*=x" } 0 .. 999999) . "\n\nx\n");
put('the same parameter 1,000,000 times', "MIME-Version: 1.0\n" .
    'Content-Disposition: x' . '; filename*0=y' x 1000000 . "\n\nx\n");
put('1,000,000 addresses', 'To: ' . 'a@b.test, ' x 1000000 . "\n\nx\n");
put('1,000,000 groups', 'To: ' . 'g:a@b;' x 1000000 . "\n\nx\n");
put('open groups', 'To: ' . 'g:' x 1000000 . "\n\nx\n");
put('comments in each other', 'To: ' . '(' x 1000000 . ")\nDate: " .
    '(' x 1000000 . "\nContent-Type: " . '(' x 1000000 .
    "\nMIME-Version: 1.0\n\nx\n");
put('quotes and backslashes', 'To: ' . '"\\' x 1000000 . "\nSubject: " .
    '\\"' x 1000000 . "\n\nx\n");
put('encoded words, cut', 'Subject: ' . '=?utf-8?q?' x 400000 . "\nFrom: " .
    '=?utf-8?b?' x 100000 . "?=\n\nx\n");
put('encoded words in sets by turns', 'Subject: ' .
    '=?koi8-r?q?=c1?= =?cp1251?b?4Q?= ' x 30000 . "\n\nx\n");
put('8-bit everywhere', "Subject: " . "\xc3\xa9 \xe9" x 300000 . "\nTo: " .
    "\xff\xfe" x 300000 . " <a\@b>\n\n\xe9\n");
put('lists of addresses in 250 messages', multi(
    ("--b\nContent-Type: message/rfc822\n\n$lists\nx\n") x 250));
put('parameters in 10,000 parts', multi(
    ("--b\n$params$disposition\nx\n") x 10000));
put('types again and again', multi(('--b', "\n", $params x 400, "\nx\n") x 20));
put('languages', multi(('--b', "\n", 'Content-Language: ' . 'a,' x 100000,
    "\n\nx\n") x 60));
put('5,000,000 lines of header', "a:\n" x 5000000);
put('a line of boundaries', multi('--b' x 1000000, "\n", '-' x 1000000,
    "\n--b\n\nx\n"));
put('near boundaries in many levels', "MIME-Version: 1.0\n" . join('', map {
    'Content-Type: multipart/mixed; boundary=' . 'b' x 900 . "$_.\n\n--" .
    'b' x 900 . "$_.\n" } 1 .. 49) . "\n" . ('--' . 'b' x 899 . "\n") x 20000);
# 120 megabytes of header line that nobody has to store.
my $path = put('a header line of 120 MB', "Subject: x\nX-Long: ");
truncate $path, 120 * 1024 * 1024 or die "truncate: $!\n";
open my $fh, '>>', $path or die;
print $fh "\nX-Last: 1\n\nbody\n";
close $fh;

my $imapd = ($ENV{top_builddir} || '.') . '/src/prog/imapd';
# A sanitizer wants more address space than there is memory.
my $limited = slurp($imapd) !~ /__asan_init|__msan_init|__tsan_init/;
my $d = Dialogue->new(home => $home, $limited ? (program => ['sh', '-c',
    'ulimit -v ' . ULIMIT . '; exec "$@"', 'sh', $imapd]) : ());
$d->line;
$d->answer('s EXAMINE INBOX');

# Seconds of processor time that the server has used.
sub cpu {
	my @f = split ' ', Dialogue::slurp("/proc/$d->{pid}/stat")
	    =~ s/.*\) //r;
	return @f ? ($f[11] + $f[12]) / 100 : 0;
}

for my $i (0 .. $#name) {
	my $n = $i + 1;
	my $before = cpu();
	my @why;
	for my $item (qw(ENVELOPE BODYSTRUCTURE ENVELOPE RFC822.SIZE
	    BODY.PEEK[1]<0.10> BODY.PEEK[1.MIME]<0.10> BODY.PEEK[2.1.1]<0.10>),
	    'BODY.PEEK[HEADER.FIELDS.NOT (X-Long)]<0.10>') {
		my $all = $d->answer("f FETCH $n $item");
		no warnings 'recursion';
		push @why, "$item: $@" . substr $all, -200 unless
		    $all =~ s/f OK FETCH completed.\r\n\z// &&
		    (length $all > STRICT || eval { Grammar::fetch($all) });
	}
	for my $key ('FROM nobody', 'SENTON 1-Jan-2020', 'BODY nowhere',
	    'TEXT nowhere', 'HEADER Content-Type nothing') {
		my $all = $d->answer("g SEARCH $n $key");
		push @why, "$key: " . substr $all, 0, 200
		    unless $all eq "* SEARCH\r\ng OK SEARCH done.\r\n";
	}
	for (['SORT (SUBJECT FROM TO CC DATE SIZE)', "SORT $n"],
	    ['THREAD REFERENCES', "THREAD ($n)"]) {
		my $all = $d->answer("h $_->[0] UTF-8 $n");
		push @why, "$_->[0]: " . substr $all, 0, 200
		    unless $all =~ /^\* \Q$_->[1]\E\r\nh OK /;
	}
	my $took = cpu() - $before;
	push @why, "took $took s" if $took > CPU;
	ok(!@why, $name[$i], @why);
	last unless kill 0, $d->{pid};
	print "# $took s\n" if $ENV{VERBOSE};
}
my ($peak) = Dialogue::slurp("/proc/$d->{pid}/status") =~ /VmPeak:\s*(\d+)/;
my ($rss) = Dialogue::slurp("/proc/$d->{pid}/status") =~ /VmHWM:\s*(\d+)/;
ok(defined $peak && ($peak < ULIMIT || !$limited), 'alive, within the memory allowed',
    $d->log_text);
print "# peak $peak kB, resident $rss kB\n" if $ENV{VERBOSE};
$d->done;
plan_done();
