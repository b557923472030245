# Rows of the benchmark: work on a mailbox.  SPDX-License-Identifier: ISC
#
# How to add a row: a function of (server, measure), put into @rows with its
# name; what it does inside $measure->(sub { ... }) is what counts.
package MailboxRows;
use strict;
use warnings;
use Accounts;
use Imap;
use Mails;

# The messages that rows of several work on.
my $n = $ENV{BENCH_N} || 10000;
my $times = $ENV{BENCH_TIMES} || 20;
my $some = '1:' . ($n < 1000 ? $n : 1000);

our @rows = (
	['SELECT, never seen' => \&select_first],
	["SELECT x$times, unchanged" => \&select_warm],
	["SELECT x$times, one new mail" => \&select_new],
	["FETCH 1:* (FLAGS) x$times" => \&flags],
	['FETCH 1:* ENVELOPE' => \&envelopes],
	['FETCH 1:* BODYSTRUCTURE' => \&structures],
	["FETCH $some BODY.PEEK[]" => \&download],
	['SEARCH HEADER' => \&search_header],
	['SEARCH BODY' => \&search_body],
	["STORE $some +FLAGS" => \&store],
	['APPEND x' . 10 * $times => \&append],
	["COPY $some" => \&copy],
);

sub login {
	my ($s, $user) = @_;
	my $c = Imap->new(port => $s->{port});
	$c->login("$user\@a.test", "pw-$user");
	return $c;
}

sub opened {
	my ($s) = @_;
	my $c = login($s, 'big');
	$c->ok('SELECT INBOX');
	return $c;
}

sub one_command {
	my ($s, $measure, $command, $times) = @_;
	my $c = opened($s);
	$measure->(sub { $c->ok($command) for 1 .. $times || 1 });
	$c->bye;
}

sub select_first {
	my ($s, $measure) = @_;
	unlink glob
	    "$s->{mail}/big/Maildir/{courierimap,chapar.,dovecot}*";
	my $c = login($s, 'big');
	$measure->(sub { $c->ok('SELECT INBOX') });
	$c->bye;
}

sub select_many {
	my ($s, $measure, $before) = @_;
	for (1 .. $times) {
		$before->();
		my $c = login($s, 'big');
		$measure->(sub { $c->ok('SELECT INBOX') });
		$c->bye;
	}
}

sub select_warm { select_many(@_, sub { }) }

sub select_new {
	my ($s, $measure) = @_;
	select_many($s, $measure, sub {
		Accounts::deliver("$s->{mail}/big/Maildir", Mails::make(1))
	});
}

sub flags { one_command(@_, 'FETCH 1:* (FLAGS)', $times) }
sub envelopes {
	one_command(@_, 'FETCH 1:* (UID FLAGS INTERNALDATE RFC822.SIZE ENVELOPE)')
}
sub structures { one_command(@_, 'FETCH 1:* (BODYSTRUCTURE)') }
sub download { one_command(@_, "FETCH $some (BODY.PEEK[])") }
sub search_header { one_command(@_, 'SEARCH SUBJECT invoice') }
sub search_body { one_command(@_, 'SEARCH BODY zebra') }

sub store {
	my ($s, $measure) = @_;
	my $c = opened($s);
	$measure->(sub { $c->ok("STORE $some $_ (\\Flagged)") for
	    '+FLAGS.SILENT', '-FLAGS.SILENT' });
	$c->bye;
}

sub append {
	my ($s, $measure) = @_;
	my $c = login($s, 'empty');
	my $text = Mails::make(2) =~ s/\n/\r\n/gr;
	$c->cmd('CREATE INBOX.app');
	$measure->(sub { $c->ok('APPEND INBOX.app ', \$text) for
	    1 .. 10 * $times });
	$c->ok('DELETE INBOX.app');
	$c->bye;
}

sub copy {
	my ($s, $measure) = @_;
	my $c = opened($s);
	$c->cmd('CREATE INBOX.copy');
	$measure->(sub { $c->ok("COPY $some INBOX.copy") });
	$c->ok('DELETE INBOX.copy');
	$c->bye;
}

1;
