#!/usr/bin/perl
# What imapd does before its first answer.  SPDX-License-Identifier: ISC
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use MIME::Base64;
use Dialogue;

my %login = (IMAPLOGINTAG => 'tag7', AUTHENTICATED => 'alice',
    TCPREMOTEIP => '10.1.2.3', TCPREMOTEPORT => '4242');

# As imaplogin starts it, with commands that came behind LOGIN.
my $d = Dialogue->new(env => { %login,
    CHAPAR_INPUT => encode_base64("a NOOP\r\nb NO", '') });
$d->talk(<<'END');
S: tag7 OK LOGIN Ok.
S: a OK NOOP completed
C: OP
S: b OK NOOP completed
END
$d->done;
like($d->log_text, qr/^INFO: LOGIN, user=alice, ip=\[10\.1\.2\.3\], port=\[4242\], protocol=IMAP\nINFO: DISCONNECTED, user=alice, ip=\[10\.1\.2\.3\], port=\[4242\], headers=0, body=0, rcvd=16, sent=61, time=\d+$/m, 'log lines');

sub refused {
	my ($name, $env, $want, $status, $log, %more) = @_;
	my $r = Dialogue->new(env => $env, %more);
	$r->talk($want);
	close $r->{to};
	waitpid $r->{pid}, 0;
	is($? >> 8, $status, "$name: exit status");
	like($r->log_text, $log, "$name: log");
}

refused('no user', { %login, AUTHENTICATED => '' },
    "S: * BYE AUTHENTICATED environment variable not set.\nEOF:\n", 0, qr/^$/);
refused('no address', { %login, TCPREMOTEIP => '' }, "EOF:\n", 0, qr/^$/);
refused('no maildir', { %login }, "S: * BYE [ALERT] Fatal error: No such " .
    "file or directory: No such file or directory\nEOF:\n", 1,
    qr/^chdir .\/nowhere: No such file or directory\nERR: alice: No such file or directory\n$/, args => ['./nowhere']);
refused('disabled', { %login, OPTIONS => 'group=x,disableimap=1' },
    "S: tag7 OK LOGIN Ok.\n" .
    "S: * BYE IMAP access disabled for this account.\nEOF:\n", 0, qr/^$/);
refused('insecure', { %login, OPTIONS => 'disableinsecureimap' },
    "S: tag7 OK LOGIN Ok.\n" .
    "S: * BYE IMAP access disabled via insecure connection.\nEOF:\n", 0,
    qr/^$/);

my $home = Dialogue::home();
chmod 01755, $home;
refused('locked', { %login }, "S: * BYE Your account is temporarily " .
    "unavailable (+t bit set on home directory).\nEOF:\n", 0,
    qr/^INFO: LOCKED, user=alice, ip=\[10\.1\.2\.3\], port=\[4242\]\n$/,
    home => $home);

if ($> == 0) {
	$home = Dialogue::home();
	chown 12345, 12345, "$home/Maildir";
	refused('owner', { %login }, "S: * BYE [ALERT] Fatal error: " .
	    "Account's mailbox directory is not owned by the correct uid or " .
	    "gid: \nEOF:\n", 1, qr/^ERR: alice: Account's mailbox directory is not owned by the correct uid or gid\n$/, home => $home);
	$d = Dialogue->new(home => $home,
	    env => { %login, IMAP_MAILBOX_SANITY_CHECK => 0 });
	$d->talk("S: tag7 OK LOGIN Ok.\n");
	$d->done;
}

# Under TLS the other list counts, and the last line says so.
$d = Dialogue->new(env => { %login, IMAP_TLS => 1,
    IMAP_CAPABILITY => 'IMAP4rev1 THREAD=REFERENCES IDLE UIDPLUS',
    IMAP_CAPABILITY_TLS => 'IMAP4rev1 IDLE AUTH=PLAIN',
    IMAP_EXTENSIONS => 'none' });
$d->talk(<<'END');
S: tag7 OK LOGIN Ok.
C: a CAPABILITY
S: * CAPABILITY IMAP4rev1 IDLE AUTH=PLAIN ENABLE UTF8=ACCEPT
S: a OK CAPABILITY completed
C: b ID NIL
S: b BAD Error in IMAP command received by server.
C: c LOGOUT
S: * BYE Courier-IMAP server shutting down
S: c OK LOGOUT completed
EOF:
END
$d->done;
like($d->log_text, qr/time=\d+, starttls=1$/m, 'TLS in the last line');

# loginexec runs once, and inherits nothing (12.2 #6).
$home = Dialogue::home();
spew("$home/Maildir/loginexec", "#!/bin/sh\nfor f in 3 4 5 6 7 8 9; do\n"
    . "\ttest -e /proc/\$\$/fd/\$f && echo \$f\ndone >ran\nexit 0\n");
chmod 0755, "$home/Maildir/loginexec";
$d = Dialogue->new(home => $home);
$d->talk("S: * PREAUTH Ready.\n");
$d->done;
ok(-f "$home/Maildir/ran" && !-e "$home/Maildir/loginexec", 'loginexec');
is(slurp("$home/Maildir/ran"), '', 'which has no descriptor of ours');

$d = Dialogue->new(args => ['--version']);
$d->talk("S: Chapar <<.*>>\nEOF:\n");
plan_done();
