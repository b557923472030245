#!/usr/bin/perl
# POP3: what other sessions, of POP3 and IMAP, do to the maildir meanwhile.
# SPDX-License-Identifier: ISC
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Pop3;
use Dialogue;

my @mail = map { "Subject: message $_\n\nbody of $_\n" } 1 .. 5;
my $d = Pop3->new(mail => \@mail);
my $m = $d->{maildir};
my $first = $d->uidl;

# ---- an IMAP session of ours expunges, changes flags, adds

my $imap = Dialogue->new(home => $d->{home});
$imap->line;
$imap->answer('a SELECT INBOX');
like($imap->answer('b STORE 2 +FLAGS.SILENT (\Deleted)'), qr/^b OK/m, 'STORE');
like($imap->answer('c EXPUNGE'), qr/^\* 2 EXPUNGE/m, 'EXPUNGE');
$imap->answer('d STORE 3 +FLAGS.SILENT (\Flagged kw)');
like($d->ask('RETR 2'), qr/^\+OK 33 octets.*\nbody of 2\n\.\n\z/s,
    'a message that was expunged stays readable');
like($d->ask('TOP 2 1'), qr/^body of 2$/m, 'by TOP, too');
like($d->ask('RETR 4'), qr/^body of 4$/m, 'one with other flags is found');
like($imap->answer('e NOOP'), qr/3 FETCH \(FLAGS \(\\Flagged \\Seen .*kw\)/,
    'and is seen in IMAP');
like($imap->answer('f APPEND INBOX {15+}' . "\r\nSubject: new\r\n\r"),
    qr/^f OK/m, 'APPEND');
is($d->ask('STAT'), "+OK 5 165\n", 'the list stays as it is');
is(ids($d->uidl), ids($first), 'and so do unique-ids');

# ---- the POP3 session deletes what the IMAP session shows

$d->ask("DELE $_") for 1, 2, 4;
is($d->quit, "+OK Bye-bye.\n", 'deleted, with what was deleted before');
like($imap->answer('g FETCH 1 BODY.PEEK[TEXT]'), qr/body of 1/,
    'the IMAP session can still read it');
like($imap->answer('h NOOP'), qr/^\* 1 EXPUNGE\r\n\* 2 EXPUNGE\r\n/m,
    'until it is told');
close $imap->{to};
waitpid $imap->{pid}, 0;
is(join(' ', glob "$m/tmp/*"), '', 'nothing is left in tmp');

# ---- the last one to go tidies up, whoever it is

$d = Pop3->new(home => $d->{home});
my $before = $d->uidl;
is(join(' ', @$before{1, 2}), join(' ', @$first{3, 5}),
    'unique-ids are those of the first session');
$imap = Dialogue->new(home => $d->{home});
$imap->line;
$imap->answer('a SELECT INBOX');
$imap->answer('b STORE 1 +FLAGS.SILENT (\Deleted)');
$imap->answer('c EXPUNGE');
close $imap->{to};
waitpid $imap->{pid}, 0;
is(scalar(() = glob "$m/tmp/*"), 1, 'kept for the POP3 session');
like($d->ask('RETR 1'), qr/^body of 3$/m, 'which reads it');
$d->quit;
is(scalar(() = glob "$m/tmp/*"), 0, 'and leaves nothing');

# ---- two POP3 sessions

$d = Pop3->new(mail => [@mail]);
$m = $d->{maildir};
my $e = Pop3->new(home => $d->{home});
is(ids($e->uidl), ids($d->uidl), 'the same unique-ids');
$d->ask('DELE 3');
$d->quit;
like($e->ask('RETR 3'), qr/^body of 3$/m, 'deleted by the other, readable');
$e->ask('DELE 3');
$e->ask('DELE 4');
is($e->quit, "+OK Bye-bye.\n", 'deleted twice is deleted');
is(scalar(() = glob "$m/cur/*"), 3, 'three are left');

# ---- by programs that keep nothing

$d = Pop3->new(home => $d->{home});
my ($a, $b) = glob "$m/cur/*";
unlink $a;
(my $new = $b) =~ s/:2,.*/:2,FT/;
rename $b, $new;
is($d->ask('RETR 1'), "-ERR Can't open the message file - it's gone!\n",
    'gone');
like($d->ask('RETR 2'), qr/^body of 2$/m, 'renamed');
is($d->quit, "+OK Bye-bye.\n", 'QUIT');
like(join(' ', glob "$m/cur/*"), qr/:2,FST/, 'the flag is among the others');

# ---- names: without flags, of two messages, of an earlier time

$d = Pop3->new;
$m = $d->{maildir};
$d->quit;
spew("$m/cur/$_", "Subject: $_\n\nx\n")
    for '100.a', '100.a:2,S', '100.a:2,F', '200.b', '50.c', 'x y:2,';
$d = Pop3->new(home => $d->{home});
$first = $d->uidl;
is(scalar(keys %$first), 6, 'six messages');
$d->ask("RETR $_") for 1 .. 6;
$d->quit;
$d = Pop3->new(home => $d->{home});
is(ids($d->uidl), ids($first), 'unique-ids stay when names get their flags');
my %named = reverse map { /^(\d+) (.*)$/ } map { my $n = $_;
    $d->ask("TOP $n 0") =~ /^Subject: (.*)$/m ? "$n $1" : () } 1 .. 6;
is(scalar(keys %named), 6, 'each message is another');
$d->quit;

# By message, not by number.
sub ids { return join ' ', sort values %{ $_[0] } }

# ---- a message that comes while two sessions begin: each has one unique-id

my (%id, @bad);
for my $round (1 .. 40) {
	Dialogue::deliver($m, "Subject: r$round.$_\n\nx\n") for 1 .. 3;
	my @s = map { Pop3->new(home => $d->{home},
	    $_ == 1 ? (mail => ["Subject: late $round\n\nx\n"]) : ()) } 1 .. 3;
	for my $s (@s) {
		my $uidl = $s->uidl;
		for my $n (keys %$uidl) {
			my $top = $s->ask("TOP $n 0");
			my ($what) = $top =~ /^Subject: (.*)$/m or next;
			push @bad, "$what: $id{$what}, $uidl->{$n}"
			    if ($id{$what} ||= $uidl->{$n}) ne $uidl->{$n};
		}
		last if $round % 10;
	}
	$_->quit for @s;
}
is("@bad", '', 'no message has two unique-ids');
my %times;
$times{$_}++ for values %id;
is(join(' ', grep { $times{$_} > 1 } keys %times), '',
    'no unique-id is of two messages');

# ---- flags change all the time while sessions begin

$d = Pop3->new(mail => [map { "Subject: m$_\n\nx\n" } 1 .. 400]);
$m = $d->{maildir};
my $all = ids($d->uidl);
$d->quit;
my $other = fork;
die "fork: $!\n" if !defined $other;
if (!$other) {
	my @file = glob "$m/cur/*";
	for (;;) {
		for my $f (@file) {
			(my $to = $f) =~ s/:2,.*/':2,' . ('', 'F', 'FR', 'S')[rand 4]/e;
			$f = $to if $to ne $f && rename $f, $to;
		}
	}
}
my ($changed, $unread) = (0, 0);
for (1 .. 60) {
	$d = Pop3->new(home => $d->{home});
	$changed++ if ids($d->uidl) ne $all;
	$unread++ if $d->ask('RETR ' . (1 + int rand 400)) !~ /^x$/m;
	$d->quit;
}
kill 9, $other;
waitpid $other, 0;
is($changed, 0, 'no unique-id changes');
is(scalar(() = glob "$m/cur/*"), 400, 'all are there');
$d = Pop3->new(home => $d->{home});
is(ids($d->uidl), $all, 'and known');
print "# $unread of 60 were renamed while they were looked for\n";
plan_done();
