#!/usr/bin/perl
# Settings of a module that turn bad: who serves already and who starts later
# have those from before, also over a reload. A worker that is not root does not
# learn what root alone may read.  SPDX-License-Identifier: ISC
use strict;
use warnings;
no warnings 'portable';		# addresses of 64 bits
use FindBin;
use lib "$FindBin::Bin/../lib";
use Private qw(:all);
use Test::More;
use Authd;
use Maria;

need_root();
need('mariadbd');
plan skip_all => 'authmysql is not built'
    unless -f "$ENV{top_builddir}/authdaemon/libauthmysql.so";

my $password = 'kept-' . 'by-root';	# in pieces: it is looked for
my $table = 'other_' . 'table';
my $db = Maria->new;
$db->sql("create table t (id varchar(64), pw varchar(64), uid int, gid int,
    home varchar(64));
    insert into t values ('min', 'secret', 1, 2, '/h');
    create table $table select id, 'other' pw, uid, gid, home from t;
    grant all on mail.* to 'hidden'\@'%' identified by '$password'");

my $a = Authd->new(idle => 1);
my $file = $a->conf('authmysqlrc');
my $good = "MYSQL_SERVER 127.0.0.1\nMYSQL_PORT $db->{port}\nMYSQL_OPT 0\n"
    . "MYSQL_USERNAME hidden\nMYSQL_PASSWORD $password\nMYSQL_DATABASE mail\n"
    . "MYSQL_USER_TABLE t\nMYSQL_CLEAR_PWFIELD pw\n";
my $other = $good =~ s/TABLE t/TABLE $table/r;
my @bad = (['a number', $good =~ s/PORT \d+/PORT many/r,
    qr/^ERR: \Q$file\E: line 2: MYSQL_PORT: "many" is no number$/m],
    ['cut off', substr($good, 0, 70), qr/^ERR: .* not set in \Q$file\E/m],
    ['away', undef, qr/^ERR: stat\(\Q$file\E\) failed$/m]);

# Each has a size of its own: times have seconds only.
my ($mode, $size) = (0644, 1000);
sub put {
	my ($text) = @_;
	return unlink $file unless defined $text;
	spew_whole($file, $text . '#' x ($size++ - length $text) . "\n", $mode);
}

sub serves {
	my ($what, $pw) = @_;
	$pw ||= 'secret';
	my @wrong = grep { $a->login('min', $pw) !~ /^PASSWD2=$pw$/m
	    || $a->login('min', 'wrong') ne "FAIL\n"
	    || $a->ask("PRE . imap nobody\n") ne "FAIL\n" } 1 .. 5;
	is scalar(@wrong), 0, "$what: all answers are right";
}

# Workers that were not there before.
sub others {
	my ($what, $code) = @_;
	my %before = map { $_ => 1 } $a->children;
	$code->();
	ok wait_for(30, sub {
		my @now = $a->children;
		@now == keys %before && !grep { $before{$_} } @now
	}) && $a->settled(2), "$what: other workers";
}

# Which of them have these bytes in memory (where no sanitizer keeps its own).
sub knowing {
	my ($text, @pids) = @_;
	return grep {
		my $pid = $_;
		open my $mem, '<:raw', "/proc/$pid/mem" or die "$pid: $!";
		grep {
			my ($from, $to) = /^(\w+)-(\w+) rw/ ?
			    (hex $1, hex $2) : (0, 0);
			my $bytes = '';
			sysseek $mem, $from, 0;
			sysread $mem, $bytes, $to - $from
			    if $to > $from && $to - $from < 1 << 28;
			index($bytes, $text) >= 0;
		} split /\n/, slurp("/proc/$pid/maps");
	} @pids;
}

sub stays {
	my @found = $_[0] =~ /^(ERR: authmysql: .* from before stay in use)$/mg;
	return scalar @found;
}

sub broken {
	my ($what, $how) = @_;
	my ($name, $text, $line) = @$how;
	$what .= ", $name";
	my $before = length $a->log;
	put($text);
	serves($what);
	others("$what: killed", sub { kill 'KILL', $a->workers });
	serves("$what: killed");
	# Of the parent, and of each worker that was there.
	my $new = substr $a->log, $before;
	like $new, $line, "$what: is told";
	cmp_ok stays($new), '<=', 3, 'once by each';

	$before = length $a->log;
	others("$what: reload", sub { $a->hup(qr/complete: authmysql/) });
	serves("$what: reload");
	others("$what: reload and killed", sub { kill 'KILL', $a->workers });
	serves("$what: reload and killed");
	$new = substr $a->log, $before;
	like $new, $line, "$what: reload: is told";
	is stays($new), 1, 'once';
	unlike $new, qr/no settings that can be used/, 'none was without';
}

for (['root', 0600], ['nobody', 0644], ['nobody', 0600]) {
	my $user = $_->[0];
	$mode = $_->[1];
	my $what = sprintf '%s, mode %o', $user, $mode;
	put($good);
	$a->rc("authmodulelist=\"authmysql\"\ndaemons=2\nCHAPAR_AUTHUSER=$user\n");
	$a->start;
	ok $a->settled(2), "$what: two workers";
	serves($what);
	for my $how (@bad) {
		broken($what, $how);
		put($good);
		serves("$what, mended");
	}
	my @workers = $a->workers;
	my $secret = $user eq 'nobody' && $mode == 0600;
	# What needs root is looked at every five seconds.
	is !!wait_for($secret ? 7 : 60, sub {
		$a->login('min', 'secret');
		knowing($password, @workers);
	}), !$secret, "$what: who knows the password";
	is scalar(knowing($password, $a->{pid})), 1, 'and that this can be seen';

	# Mended, with another table: by those who are there, and by others.
	broken($what, $bad[0]);
	put($other);
	ok wait_for(30, sub { $a->login('min', 'other') =~ /^PASSWD2=other$/m }),
	    "$what: mended: new settings";
	serves("$what: mended", 'other');
	# (The parent looks when it can.)
	ok wait_for(30, sub { knowing($table, $a->{pid}) }), 'the parent knows';
	put($bad[1][1]);
	others("$what: bad again", sub { kill 'KILL', $a->workers });
	serves("$what: bad again: the last good ones", 'other');
	put($good);
	$a->hup(qr/complete: authmysql/);
	serves("$what: reload when mended");

	# A module that is not in the list any more is forgotten.
	put($bad[0][1]);
	my $list = slurp($a->conf('authdaemonrc'));
	$a->rc($list =~ s/"authmysql"/"authpwd"/r);
	$a->hup(qr/complete: authpwd/);
	is scalar(knowing($password, $a->{pid})), 0, "$what: forgotten";
	$a->rc($list);
	$a->hup(qr/complete: authmysql/);
	is $a->ask("PRE . imap min\n"), '', 'no settings: temporary';
	like $a->log, qr/^ERR: authmysql: there are no settings that can be used$/m,
	    'is told';
	$a->stop;
}

# More workers, since all are busy.
put($good . "MYSQL_SELECT_CLAUSE SELECT id, '', pw, uid, gid, home FROM t "
    . "WHERE id='\$(local_part)' AND sleep(0.4)=0\n");
$a->rc("authmodulelist=\"authmysql\"\ndaemons=1\nCHAPAR_MAXDAEMONS=6\n"
    . "CHAPAR_AUTHUSER=nobody\n");
$a->start;
like $a->login('min', 'secret'), qr/^PASSWD2=secret$/m, 'one worker';
put($bad[0][1]);
my $n = $a->workers;
my @asked = map {
	my $s = $a->connect;
	my $data = "imap\nlogin\nmin\nsecret\n";
	syswrite $s, 'AUTH ' . length($data) . "\n$data";
	$s;
} 1 .. 12;
my @wrong = grep { (Authd::read_all($_) || '') !~ /^PASSWD2=secret$/m } @asked;
is scalar(@wrong), 0, 'under load: all answers are right';
cmp_ok scalar($a->workers), '>', $n, 'of more workers';
$a->stop;
done_testing;
