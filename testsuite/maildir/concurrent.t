#!/usr/bin/perl
# Two, five and fifty sessions on one mailbox do what comes to their minds.
# No error, nothing lost or doubled, UIDs unique and ascending, and at the end
# all sessions and the disk say the same.  SPDX-License-Identifier: ISC
#
#   CONCURRENT_SEED=N CONCURRENT_SECONDS=N CONCURRENT_ROUNDS="2 5 50"
#
# With IMAP_KEYWORDS=1 the last writer of a message's keywords wins (maildir.md
# 4.5): then only agreement is asked for, with 2 also that nothing is lost.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Dialogue;
use Model;
use Time::HiRes qw(time);

use constant COPY_MAX => 5;		# messages of one COPY
use constant MANY => 250;		# from here on more is removed than added
use constant QUIET_MAX => 60;		# seconds for one answer

my $seconds = $ENV{CONCURRENT_SECONDS} || 60;
my $seed = $ENV{CONCURRENT_SEED} || time ^ $$;
print "# CONCURRENT_SEED=$seed\n";
srand $seed;

my @system = qw(\Seen \Flagged \Answered \Draft);
my ($model, $serial, $exact);

sub pick { return $_[int rand @_] }

# UIDs that the session knows and whose message is of this kind.
sub some {
	my ($s, $kind, $max) = @_;
	my @of = grep { $_ && ($model->{body}{$_} || '') =~ /^$kind/ }
	    @{ $s->{seq} };
	return unless @of;
	my %chosen = map { pick(@of) => 1 } 1 .. 1 + int rand $max;
	return sort { $a <=> $b } keys %chosen;
}

# The same set by UID or by number.
sub named {
	my ($s, @uids) = @_;
	return ('UID ', join(',', @uids), uid => 1) if rand() < 0.5;
	my %want = map { $_ => 1 } @uids;
	my @n = grep { $want{ $s->{seq}[$_ - 1] } } 1 .. @{ $s->{seq} };
	return ('', join(',', @n), uid => 0);
}

# ---- what a session may do; each returns the text to send, or nothing

sub do_append {
	my ($s) = @_;
	my $id = pick(qw(keep gone gone free)) . '.' . ++$serial;
	my $text = Model::text($id);
	return $s->begin('append', 'APPEND INBOX ' . pick('', '(\Seen w) ') .
	    '{' . length($text) . "+}\r\n$text", id => $id);
}

sub do_store {
	my ($s) = @_;
	my @uids = some($s, 'keep|gone', 4) or return;
	my $flag = pick(@{ $s->{own} });
	my $how = pick('+', '-');
	my ($uid, $set, %by) = named($s, @uids);
	return $s->begin('store', "${uid}STORE $set ${how}FLAGS ($flag)",
	    uids => \@uids, flag => $flag, how => $how, %by);
}

sub do_replace {
	my ($s) = @_;
	my @uids = some($s, 'free', 4) or return;
	my ($uid, $set, %by) = named($s, @uids);
	my $flags = join ' ', grep { rand() < 0.4 } @system, qw(x1 x2);
	return $s->begin('store', "${uid}STORE $set FLAGS ($flags)",
	    uids => \@uids, how => '', %by);
}

sub do_delete {
	my ($s) = @_;
	my @uids = some($s, 'gone', 6) or return;
	my ($uid, $set, %by) = named($s, @uids);
	$model->{doomed}{$_} = 1 for @uids;
	return $s->begin('store', "${uid}STORE $set +FLAGS (\\Deleted)",
	    uids => \@uids, flag => '\Deleted', how => '+', %by);
}

sub do_copy {
	my ($s) = @_;
	my $there = rand() < 0.5;
	return do_expunge($s) if !$there && @{ $s->{seq} } > MANY;
	my @uids = some($s, 'keep|gone|free', COPY_MAX) or return;
	my ($uid, $set, %by) = named($s, @uids);
	return $s->begin('copy', "${uid}COPY $set INBOX" .
	    ($there ? '.there' : ''), uids => \@uids, there => $there, %by);
}

sub do_expunge {
	my ($s) = @_;
	return $s->begin('expunge', 'EXPUNGE') if rand() < 0.6;
	my @uids = some($s, 'gone', 9) or return;
	return $s->begin('expunge', 'UID EXPUNGE ' . join(',', @uids));
}

sub do_fetch {
	my ($s) = @_;
	my @uids = some($s, '', 3) or return;
	my ($uid, $set, %by) = named($s, @uids);
	return $s->begin('fetch', "${uid}FETCH $set (UID BODY.PEEK[])",
	    want => { map { $_ => 1 } @uids }, %by);
}

sub do_search {
	my ($s) = @_;
	my $key = pick('ALL', 'SEEN', 'UNDELETED', 'TEXT "This is keep"');
	my $uid = pick('', 'UID ');
	return $s->begin('search', "${uid}SEARCH $key", all => $key eq 'ALL',
	    uid => $uid ne '', found => '');
}

sub do_noop { return $_[0]->begin('noop', pick('NOOP', 'CHECK')) }
sub do_idle { return $_[0]->begin('idle', 'IDLE', until => time + rand 1) }
sub do_select { return $_[0]->begin('select', 'SELECT INBOX') }

my @acts = ((\&do_noop) x 10, (\&do_store) x 24, (\&do_replace) x 6,
    (\&do_delete) x 7, (\&do_append) x 14, (\&do_copy) x 9,
    (\&do_expunge) x 6, (\&do_fetch) x 14, (\&do_search) x 5,
    (\&do_idle) x 4, \&do_select);

# What to say next: new messages are looked at first.
sub act {
	my ($s) = @_;
	my $new = $s->unknown;
	return $s->begin('fetch', "FETCH $new (UID FLAGS BODY.PEEK[])")
	    if defined $new;
	for (1 .. 20) {
		my $text = pick(@acts)->($s);
		return $text if defined $text;
	}
	return do_noop($s);
}

# ---- the loop

# Lets all sessions go on: `next` gives a free one its text, or undef.
sub turn {
	my ($next, @s) = @_;
	my $r = '';
	for my $s (grep { !$_->busy } @s) {
		my $text = $next->($s);
		next unless defined $text;
		$s->{d}->send($text);
		$s->{since} = time;
	}
	my @busy = grep { $_->busy } @s or return 0;
	vec($r, fileno($_->{d}{from}), 1) = 1 for @busy;
	select $r, undef, undef, 0.1;
	for my $s (@busy) {
		my $c = $s->{cmd};
		if (vec($r, fileno($s->{d}{from}), 1)) {
			my $n = sysread $s->{d}{from}, my $piece, 65536;
			die "session $s->{n} ended: $c->{text}\n" .
			    $s->{d}->log_text unless $n;
			$s->read($piece);
		}
		if ($s->busy && $c->{idling} && time >= $c->{until}) {
			$c->{idling} = 0;
			$c->{until} = time + QUIET_MAX;
			$s->{d}->send("DONE\r\n");
		}
		die "session $s->{n}: no answer: $c->{text}\n"
		    if $s->busy && time - $s->{since} > QUIET_MAX;
	}
	return 1;
}

# One command in every session, to its end.
sub all_do {
	my ($kind, $text, @s) = @_;
	my %done;
	1 while turn(sub {
		my ($s) = @_;
		return if $done{$s}++;
		return $s->begin($kind, $text);
	}, @s);
}

# ---- the end

sub disk {
	my ($dir) = @_;
	my (%uid, %on);
	for (split /\n/, slurp("$dir/courierimapuiddb")) {
		$uid{$2} = $1 if /^(\d+) ([^ ]+)$/;
	}
	opendir my $d, "$dir/cur" or die "$dir: $!\n";
	for (grep { !/^\./ } readdir $d) {
		my ($id, $letters) = /^([^:]*):2,(\w*)$/ or next;
		my %flag = (S => '\seen', F => '\flagged', R => '\answered',
		    D => '\draft', T => '\deleted');
		$on{ $uid{$id} || "$id without a UID" } = {
		    flags => [sort map { $flag{$_} || "?$_" } split //,
		    $letters], text => slurp("$dir/cur/$_") };
	}
	return \%on;
}

sub shown { return join ' ', @_ > 10 ? (@_[0 .. 9], '...') : @_ }

# UIDs that are in one list only.
sub either {
	my ($x, $y) = @_;
	my %n;
	$n{$_}++ for @$x;
	$n{$_} += 2 for @$y;
	return join ' ', map { $n{$_} == 1 ? "-$_" : "+$_" }
	    grep { $n{$_} != 3 } sort { $a <=> $b } keys %n;
}

sub check_end {
	my ($name, $home, @s) = @_;
	my $on = disk("$home/Maildir");
	my @disk = sort { $a <=> $b } grep { /^\d+$/ } keys %$on;
	is(shown(grep { !/^\d+$/ } keys %$on), '',
	    "$name: every file has a UID");
	my @uids = @{ $s[0]{seq} };
	is(either(\@uids, \@disk), '', "$name: the disk agrees");
	is(shown(map { "session $_->{n}: " . either($_->{seq}, \@uids) }
	    grep { "@{ $_->{seq} }" ne "@uids" } @s), '',
	    "$name: all sessions have the same messages");
	my @other;
	for my $s (@s) {
		for my $uid (@uids) {
			my $f = join ' ', sort keys %{ $s->{flags}{$uid} };
			my $g = join ' ', sort keys %{ $s[0]{flags}{$uid} };
			my $h = join ' ', grep { /^\\/ } split / /, $f;
			push @other, "session $s->{n}: UID $uid ($f) ($g)"
			    if $f ne $g;
			push @other, "UID $uid: ($h) (@{$on->{$uid}{flags}})"
			    if $h ne "@{$on->{$uid}{flags}}";
		}
	}
	is(shown(@other), '', "$name: and the same flags");
	my %here = map { $_ => 1 } @uids;
	is(shown(grep { !$here{$_} && !$model->{doomed}{$_} }
	    sort { $a <=> $b } keys %{ $model->{acked} }), '',
	    "$name: nothing is lost");
	is(shown(grep { !$model->{acked}{$_} } @uids), '',
	    "$name: nothing is there that no OK was said for");
	is(shown(grep { $model->{own}{$_}{'\deleted'} } @uids), '',
	    "$name: what was expunged does not come back");
	check_bodies($name, $on, @uids);
	check_own($name, $s[0]) if $exact;
	check_there($name, "$home/Maildir/.there");
}

sub check_bodies {
	my ($name, $on, @uids) = @_;
	my @bad;
	my $source = $model->{source};
	for my $uid (@uids) {
		(my $text = Model::text($model->{body}{$uid} || 'none.0')) =~
		    s/\r//g;
		push @bad, $uid if $on->{$uid}{text} ne $text;
		my $from = $source->{$uid} or next;
		push @bad, "$uid of $from" if $model->{body}{$from} ne
		    $model->{body}{$uid};
	}
	is(shown(@bad), '', "$name: each message is as it was written");
}

# Flags that one session alone changed.
sub check_own {
	my ($name, $s) = @_;
	my @bad;
	for my $uid (grep { $_ } @{ $s->{seq} }) {
		my $own = $model->{own}{$uid} || {};
		for my $f (grep { $_ ne '\deleted' } sort keys %$own) {
			push @bad, "UID $uid $f" if $own->{$f} !=
			    ($s->{flags}{$uid}{$f} || 0);
		}
	}
	is(shown(@bad), '', "$name: no flag and no keyword was lost");
}

# The other folder: every copy that was told, once, and nothing else.
sub check_there {
	my ($name, $dir) = @_;
	my $on = disk($dir);
	my @bad;
	for my $uid (keys %{ $model->{copies} }) {
		my @from = @{ $model->{copies}{$uid} };
		(my $text = Model::text($model->{body}{$from[0]})) =~ s/\r//g;
		push @bad, $uid if @from != 1 || !$on->{$uid} ||
		    $on->{$uid}{text} ne $text;
	}
	is(shown(@bad, grep { !$model->{copies}{$_} } keys %$on), '',
	    "$name: the copies elsewhere");
}

sub round {
	my ($n, $keywords) = @_;
	my $name = "$n sessions";
	my $home = Dialogue::home('there');
	$model = Model->new;
	$exact = $keywords == 2;
	$serial = 0;
	for (1 .. 40) {
		my $id = pick(qw(keep gone free)) . '.' . ++$serial;
		(my $text = Model::text($id)) =~ s/\r//g;
		Dialogue::deliver("$home/Maildir", $text);
		$model->{acked}{$serial} = 1;
	}
	$model->{maxuid} = $serial;
	my @s;
	for my $i (1 .. $n) {
		my $d = Dialogue->new(home => $home, env =>
		    { IMAP_KEYWORDS => $keywords });
		$d->line;
		my $s = $model->session($d, $i);
		$s->{own} = ["own$i", $i <= @system ? $system[$i - 1] : ()];
		push @s, $s;
	}
	my $until = time + $seconds;
	eval {
		all_do('select', 'SELECT INBOX', @s);
		1 while turn(sub { time < $until && !@{ $model->{bad} } ?
		    act($_[0]) : undef }, @s);
		all_do('noop', 'NOOP', $s[0]);	# only what was told goes
		all_do('expunge', 'EXPUNGE', $s[0]);
		all_do('noop', 'NOOP', @s);
		all_do('fetch', 'FETCH 1:* (UID FLAGS BODY.PEEK[])', @s);
		1;
	} or $model->wrong($@);
	$model->at_end;
	my $sum = 0;
	$sum += $_->{tag} for @s;
	is(join("\n", @{ $model->{bad} }), '', "$name: $sum answers, no error");
	check_end($name, $home, @s) unless @{ $model->{bad} };
	is(shown(grep { /^ERR|^CRIT/ } map { split /\n/, $_->{d}->log_text }
	    @s), '', "$name: no error is logged");
	for my $s (@s) {
		close $s->{d}{to};
		waitpid $s->{d}{pid}, 0;
	}
}

my %keywords = (2 => 2, 5 => 1, 50 => 2);
round($_, $keywords{$_} || 2) for split ' ',
    $ENV{CONCURRENT_ROUNDS} || '2 5 50';
plan_done();
