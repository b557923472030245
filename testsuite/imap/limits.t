#!/usr/bin/perl
# Over the named limits of imapparse.h, fetch.h and flags.h: BAD or BYE, the
# session goes on or ends cleanly, and memory stays small.
# SPDX-License-Identifier: ISC
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Dialogue;

my $MEMORY = 24 * 1024;		# KiB resident after all of this

my $d = Dialogue->new(mail => ["Subject: x\n\ny\n"]);
$d->talk("S: * PREAUTH Ready.\n");
$d->answer('a SELECT INBOX');
my $n = 0;

# Sends, wants a tagged BAD or NO and after it a session that works.
sub refused {
	my ($name, $text, $tag) = @_;
	$tag = 'x' unless defined $tag;
	$d->send($text);
	my ($line, @before);
	while (defined($line = $d->line(30))) {
		last if $line =~ /^\Q$tag\E /;
		push @before, $line;
	}
	like(defined $line ? $line : 'nothing', qr/^\Q$tag\E (?:BAD|NO) /,
	    "$name: refused");
	ok(!(grep { !/^\* (?:NO|BAD) |^\+/ } @before), "$name: no more is said",
	    @before);
	$n++;
	like($d->answer("ok$n NOOP"), qr/\Aok$n OK/, "$name: goes on");
}

refused('atom', 'x SEARCH ' . 'a' x 70_000 . "\r\n");
refused('quoted string', 'x SEARCH SUBJECT "' . 'a' x 9_000 . "\"\r\n");
refused('quoted string without end', 'x SEARCH SUBJECT "' . 'a' x 500 .
    "\r\n");
refused('synchronising literal', "x SEARCH SUBJECT {8193}\r\n");
refused('literal that is sent', "x SEARCH SUBJECT {9000+}\r\n" .
    'a' x 9_000 . "\r\n");
refused('literal of 2^64', "x SEARCH SUBJECT {18446744073709551616}\r\n");
refused('literal without a number', "x SEARCH SUBJECT {}\r\n");
refused('literal of a negative size', "x SEARCH SUBJECT {-1}\r\n");
refused('line', 'x SEARCH ' . 'ALL ' x 300_000 . "\r\n");
refused('arguments', 'x SEARCH ' . '1 ' x 20_001 . "\r\n");
refused('list', 'x FETCH 1 (' . 'FLAGS ' x 20_001 . ")\r\n");
refused('nesting', 'x SEARCH ' . '(' x 60 . 'ALL' . ')' x 60 . "\r\n");
refused('deep nesting', 'x SEARCH ' . '(' x 100_000 . "\r\n");
refused('NOT upon NOT', 'x SEARCH ' . 'NOT ' x 15_000 . "ALL\r\n");
refused('OR upon OR', 'x SEARCH ' . 'OR ' x 15_000 . "ALL ALL\r\n");
refused('parentheses at the end', 'x SEARCH ALL' . ')' x 1000 . "\r\n");
refused('name', 'x ' . 'N' x 5_000 . "\r\n");
refused('items', 'x FETCH 1 (' . 'UID ' x 1_001 . "UID)\r\n");
refused('section', 'x FETCH 1 BODY[' . '1.' x 200 . "1]\r\n");
refused('keywords', 'x STORE 1 +FLAGS (' . join(' ', map { "k$_" } 1 .. 201) .
    ")\r\n");
refused('set', 'x FETCH ' . '1:' x 1000 . "1 FLAGS\r\n");
refused('number', "x FETCH 99999999999999999999 FLAGS\r\n");
refused('long mailbox', 'x SELECT INBOX.' . 'x' x 5000 . "\r\n");
refused('set of a million elements', 'x FETCH ' . '1,' x 999_999 .
    "1 FLAGS\r\n");
refused('a hundred thousand items', 'x FETCH 1 (' . 'UID ' x 100_000 .
    "UID)\r\n");
refused('literal of 2^32 - 1', "x SEARCH SUBJECT {4294967295}\r\n");
refused('literal of 20 digits', "x SEARCH SUBJECT {99999999999999999999}\r\n");
refused('message of 20 digits', "x APPEND INBOX {99999999999999999999}\r\n");
refused('many empty literals', 'x SEARCH ' . "SUBJECT {0+}\r\n " x 20_000 .
    "ALL\r\n");
refused('many literals', 'x SEARCH ' . ("SUBJECT {8000+}\r\n" . 'a' x 8000 .
    ' ') x 200 . "ALL\r\n");
refused('literals for a command that is unknown', 'x FOO ' .
    ("{8000+}\r\n" . 'a' x 8000 . ' ') x 500 . "\r\n");
refused('partial over 64 bits', 'x FETCH 1 ' .
    "BODY.PEEK[]<0.99999999999999999999>\r\n");
refused('a bare CR in a string', "x SEARCH SUBJECT \"a\rb\"\r\n");
refused('NUL in a string', "x SEARCH SUBJECT \"a\0b\"\r\n");
refused('NUL in a literal', "x SEARCH SUBJECT {3+}\r\na\0b\r\n");
refused('NUL in a tag', "\0x NOOP\r\n", '*');
refused('a backslash at the end', "x SEARCH SUBJECT \"a\\\r\n");
refused('NUL', "x NOOP \0\r\n");
refused('bare LF', "x FETCH\n");
refused('tag only', "x\r\n");
like($d->answer('b SELECT INBOX'), qr/^\* 1 EXISTS\r$/m, 'still there');

# What is not over a limit works, however odd.
$d->send('p FETCH ' . '1,' x 30_000 . "1:* UID\r\n");
like($d->line, qr/^\* 1 FETCH \(UID 1\)$/, 'a set of 30,001 elements');
like($d->line, qr/^p OK /, 'each message once');
like($d->answer('q FETCH 1 BODY.PEEK[TEXT]<4294967295.4294967295>'),
    qr/\{0\}\r\n\)/, 'a partial far behind the end');
like($d->answer('q FETCH 1 BODY.PEEK[TEXT]<0.18446744073709551615>'),
    qr/\{3\}\r\ny\r\n\)/, 'a partial of 2^64 - 1 octets');
$d->send(join '', map { "p$_ NOOP\r\n" } 1 .. 1_000);
my $answers = 0;
while (defined(my $line = $d->line(30))) {
	$answers++ if $line =~ /^p\d+ OK /;
	last if $line =~ /^p1000 /;
}
is($answers, 1_000, 'commands in one go');

my ($kb) = slurp("/proc/$d->{pid}/status") =~ /^VmHWM:\s+(\d+)/m;
if (defined $kb && !($ENV{ASAN_OPTIONS} ||
    system("nm '$ENV{top_builddir}/src/prog/imapd' 2>/dev/null" .
	" | grep -q __asan_init") == 0)) {
	ok($kb < $MEMORY, "never more than $kb KiB");
}
$d->done;

# What ends the session, with a reason.
sub ended {
	my ($name, $text, $want) = @_;
	my $e = Dialogue->new;
	$e->talk("S: * PREAUTH Ready.\n");
	$e->send($text);
	my ($line, $last);
	$last = $line while defined($line = $e->line(20)) &&
	    ($last || '') !~ /^\* BYE/;
	like($last || 'nothing', $want, $name);
	close $e->{to};
	waitpid $e->{pid}, 0;
	is($? >> 8, 1, "$name: ends well");
}

ended('a literal that nobody would drop',
    "x SEARCH SUBJECT {200000000+}\r\n", qr/^\* BYE /);
ended('ten violations', "x FOO\r\n" x 10, qr/^\* BYE .*VIOLATIONS/);
ended('a tag without end', 'x' x 5_000_000 . "\r\n" . "y\r\n" x 12,
    qr/^\* BYE /);

# The client goes away in the middle of something.
for my $half ('x SEARCH SUBJECT {10+}' . "\r\nabc", 'x NO', 'x FETCH 1 (UID',
    'x SEARCH SUBJECT "abc', "x APPEND INBOX {100+}\r\nabc", "x IDLE\r\nDO",
    'x FOO {100000+}' . "\r\nabc", "x SEARCH {5") {
	my $e = Dialogue->new;
	$e->line;
	$e->send($half);
	close $e->{to};
	1 while defined $e->line(30);
	waitpid $e->{pid}, 0;
	is($?, 0, "ends quietly after $half");
	like($e->log_text, qr/^INFO: DISCONNECTED, /m, 'and says so');
	my @left = glob("$e->{maildir}/{tmp,new,cur}/*");
	ok(!@left, 'nothing is left behind', @left);
}
plan_done();
