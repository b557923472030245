#!/usr/bin/perl
# IDLE, and two sessions on one mailbox.  SPDX-License-Identifier: ISC
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Time::HiRes qw(time);
use Dialogue;

my $home = Dialogue::home();
my $t = Dialogue->new(home => $home, mail => [map "\n$_\n", 1 .. 3]);
$t->line;
$t->answer('t SELECT INBOX');
my $s = Dialogue->new(home => $home);
$s->line;
$s->answer('s SELECT INBOX');

$t->talk(<<'END');
C: x13 STORE 1 +FLAGS (newkw \Seen)
S: * FLAGS (newkw \Draft \Answered \Flagged \Deleted \Seen \Recent)
S: * OK [PERMANENTFLAGS (newkw \* \Draft \Answered \Flagged \Deleted \Seen)] Limited
S: * 1 FETCH (FLAGS (\Seen \Recent newkw))
S: x13 OK STORE completed.
END
$s->talk(<<'END');
C: s2 NOOP
S: * FLAGS (newkw \Draft \Answered \Flagged \Deleted \Seen \Recent)
S: * OK [PERMANENTFLAGS (newkw \* \Draft \Answered \Flagged \Deleted \Seen)] Limited
S: * 1 FETCH (FLAGS (\Seen newkw))
S: s2 OK NOOP completed
END
$t->talk(<<'END');
C: x14 STORE 1 -FLAGS (newkw)
S: * 1 FETCH (FLAGS (\Seen \Recent))
S: * FLAGS (\Draft \Answered \Flagged \Deleted \Seen \Recent)
S: * OK [PERMANENTFLAGS (\* \Draft \Answered \Flagged \Deleted \Seen)] Limited
S: x14 OK STORE completed.
END
$s->talk(<<'END');
C: s3 CHECK
S: * 1 FETCH (FLAGS (\Seen))
S: * FLAGS (\Draft \Answered \Flagged \Deleted \Seen \Recent)
S: * OK [PERMANENTFLAGS (\* \Draft \Answered \Flagged \Deleted \Seen)] Limited
S: s3 OK CHECK completed
C: i1 IDLE x
S: i1 BAD Error in IMAP command received by server.
C: i2 IDLE
S: + entering idle mode
C: nonsense
S: i2 BAD Error in IMAP command received by server.
C- i3 IDLE\r\nDone\r\n
S: + entering idle mode
S: i3 OK IDLE completed
C: i4 IDLE
S: + entering idle mode
END
my $began = time;
Dialogue::deliver($t->{maildir}, "\nnew\n");
$s->talk("S: * 4 EXISTS\nS: * 1 RECENT\n");
ok(time - $began < 10, 'a delivery is told, not found at the next look',
    time - $began);
$began = time;
$t->talk(<<'END');
C: x16 STORE 2 +FLAGS.SILENT (\Deleted)
S: x16 OK STORE completed.
END
$s->talk("S: * 2 FETCH (FLAGS (\\Deleted))\n");
ok(time - $began < 10, 'so is a flag', time - $began);
$t->talk(<<'END');
C: x17 EXPUNGE
S: * 2 EXPUNGE
S: * 3 EXISTS
S: * 2 RECENT
S: x17 OK EXPUNGE completed
END
$s->talk(<<'END');
S: * 2 EXPUNGE
S: * 3 EXISTS
S: * 1 RECENT
C: DONE
S: i4 OK IDLE completed
END
# While numbers count nobody is told of departures; bodies stay readable or
# the answer says why.
$t->talk(<<'END');
C: x18 STORE 1 +FLAGS.SILENT (\Deleted)
S: x18 OK STORE completed.
C: x19 EXPUNGE
S: * 1 EXPUNGE
S: * 2 EXISTS
S: * 1 RECENT
S: x19 OK EXPUNGE completed
END
$s->talk(<<'END');
C: s4 FETCH 2:3 UID
S: * 2 FETCH (UID 3)
S: * 3 FETCH (UID 4)
S: s4 OK FETCH completed.
C: s5 NOOP
S: * 1 EXPUNGE
S: * 2 EXISTS
S: * 1 RECENT
S: s5 OK NOOP completed
END
# Without a mailbox.
$s->talk(<<'END');
C: s6 UNSELECT
S: s6 OK mailbox closed.
C: s7 IDLE
S: + entering idle mode
C: DONE
S: s7 OK IDLE completed
END
# A signal while waiting.
$s->talk("C: s8 IDLE\nS: + entering idle mode\n");
kill TERM => $s->{pid};
$s->talk("S: * BYE Courier-IMAP server shut down by signal.\nEOF:\n");
$s->done;
like($s->log_text, qr/^NOTICE: Disconnected during shutdown by signal, user=\w+, ip=.*, headers=0, body=0, rcvd=\d+, sent=\d+, time=\d+$/m, 'its log line');
$t->done;

# Where the system tells nothing: every IMAP_IDLE_TIMEOUT seconds.
my @blind = ('unshare', '-Ur', 'sh', '-c',
    'echo 0 >/proc/sys/user/max_inotify_instances && exec "$@"', 'sh');
if (system("@blind[0..3] true >/dev/null 2>&1") == 0) {
	$s = Dialogue->new(home => $home, env => { IMAP_IDLE_TIMEOUT => 3 },
	    program => [@blind,
	    ($ENV{top_builddir} || '.') . '/src/prog/imapd']);
	$s->line;
	$s->answer('s SELECT INBOX');
	$began = time;
	$s->talk("C: s1 IDLE\nS: + entering idle mode\n");
	Dialogue::deliver($t->{maildir}, "\nnew\n");
	$s->talk("S: * 3 EXISTS\nS: * 1 RECENT\n");
	my $took = time - $began;
	ok($took > 2.5 && $took < 30, 'polled at its interval', $took);
	$s->talk("C: DONE\nS: s1 OK IDLE completed\n");
	$s->done;
} else {
	print "# skip: no user namespaces: IDLE without notification\n";
}
plan_done();
