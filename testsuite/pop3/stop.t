#!/usr/bin/perl
# POP3: how sessions end that the client does not end.
# SPDX-License-Identifier: ISC
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Pop3;
use Dialogue;

my $top = $ENV{top_srcdir} || "$FindBin::Bin/../..";
my @mail = map { "Subject: $_\n\n" . "x\n" x 10 } 1 .. 3;

# The session after it; what it has logged.
sub ended {
	my ($name, $end, $word) = @_;
	my $d = Pop3->new(mail => \@mail, env => { AUTHENTICATED => 'ann' });
	$d->ask('DELE 1');
	$d->ask('RETR 2');
	$end->($d);
	my $said = $d->line;
	ok(!defined $said, "$name: nothing is said", "got " . (defined $said ? $said : "nothing"));
	waitpid $d->{pid}, 0;
	is($?, 0, "$name: status");
	like($d->log_text, qr/^INFO: $word, user=ann, ip=\[127\.0\.0\.1\], port=\[0\], top=0, retr=32, rcvd=16, sent=\d+, time=\d+$/m,
	    "$name: $word");
	is(scalar(() = glob "$d->{maildir}/cur/*"), 3,
	    "$name: nothing is deleted");
	is(scalar(() = glob "$d->{maildir}/tmp/*"), 0, "$name: tmp is empty");
}

ended('end of input', sub { close $_[0]{to} }, 'DISCONNECTED');
# 12.2 #25
ended($_, sub { kill $_, $_[0]{pid} }, 'DISCONNECTED') for qw(TERM HUP INT);
like(slurp("$top/src/pop3/pop3.h"), qr/^#define POP3_IDLE_MAX\s+600\b/m,
    'the inactivity timer is ten minutes');

# A client that goes while it is being sent something.
my $d = Pop3->new(mail => ["Subject: x\n\n" . ("y" x 78 . "\n") x 100000]);
$d->send("DELE 1\r\nRSET\r\nRETR 1\r\n");
$d->line for 1 .. 3;
close $d->{from};
waitpid $d->{pid}, 0;
like($d->log_text, qr/^INFO: DISCONNECTED, /m, 'the client has gone');
is(join(' ', map { m{:2,(.*)} } glob "$d->{maildir}/cur/*"), 'S',
    'and the message is there')
    if ok(scalar(() = glob "$d->{maildir}/cur/*") == 1, 'one message');
plan_done();
