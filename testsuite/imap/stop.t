#!/usr/bin/perl
# A signal ends a session at once: within a command that is still coming, and
# within an answer that nobody takes.  SPDX-License-Identifier: ISC
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Time::HiRes qw(time sleep);
use POSIX ();
use Dialogue;

# The status and the seconds that it took to end.
sub gone {
	my ($d) = @_;
	my $began = time;
	kill TERM => $d->{pid};
	while (waitpid($d->{pid}, POSIX::WNOHANG()) == 0) {
		return -1 if time - $began > 15;
		sleep 0.02;
	}
	return time - $began;
}

for (['half a command', 'b NOO'], ['half a literal',
    "b APPEND INBOX {100}\r\nhalf"], ['half a list', 'b FETCH 1 (']) {
	my ($name, $text) = @$_;
	my $d = Dialogue->new;
	$d->line;
	$d->answer('a SELECT INBOX');
	syswrite $d->{to}, $text;
	sleep 0.3;
	my $took = gone($d);
	ok($took >= 0 && $took < 10, "$name: ends at once", $took);
	my ($line, $all) = ('', '');
	$all .= "$line\n" while defined($line = $d->line(2));
	like($all, qr/^\* BYE Courier-IMAP server shut down by signal\.$/m,
	    "$name: told");
	like(slurp($d->{log}), qr/^NOTICE: Disconnected during shutdown by signal, user=/m,
	    "$name: logged");
}

# Far more than a pipe holds, and nobody reads.
my $d = Dialogue->new(mail => ["Subject: x\n\n" . "line of text\n" x 200000]);
$d->line;
$d->answer('a SELECT INBOX');
syswrite $d->{to}, "b FETCH 1 BODY[]\r\n";
sleep 0.5;
my $took = gone($d);
ok($took >= 0 && $took < 10, 'a FETCH that nobody reads: ends at once', $took);
like(slurp($d->{log}), qr/^NOTICE: Disconnected during shutdown by signal, user=/m,
    'logged');
plan_done();
