#!/usr/bin/perl
# authpgsql on a PostgreSQL, authsqlite on a file: replies as Courier's, but for
# a list of differences that are meant; a back end that goes and comes back.
# SPDX-License-Identifier: ISC
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Private qw(:all);
use Test::More;
use AuthPair;
use Postgres;

my ($ours, $theirs) = pair();
my $secret = md5('secret');

# ---- the two back ends ------------------------------------------------------

# One file under both: theirs is in its root, with another path.
package Lite {
	sub new {
		my ($class) = @_;
		my $self = bless { file => "$theirs->{root}/srv/u.db" }, $class;
		return $self;
	}
	sub sql {
		my ($self, $text) = @_;
		Private::run('sqlite3', $self->{file}, $text)
		    or die "$text: $Private::out";
		return $Private::out;
	}
	sub stop { rename $_[0]{file}, "$_[0]{file}.away" or die $! }
	sub start { rename "$_[0]{file}.away", $_[0]{file} or die $! }
}

my %kind;
if (Postgres::prog('postgres') && -f "$ENV{top_builddir}/authdaemon/libauthpgsql.so") {
	my $db = Postgres->new;
	my $c = "PGSQL_CONNECTION host=127.0.0.1 port=$db->{port} \\\n"
	    . " dbname=mail user=mail \\\n\tpassword=mailpw\n";
	$kind{pgsql} = { db => $db, ours => $c, theirs => $c, p => 'PGSQL' };
}
if (grep({ -x "$_/sqlite3" } split /:/, $ENV{PATH}) &&
    -f "$ENV{top_builddir}/authdaemon/libauthsqlite.so") {
	my $db = Lite->new;
	$kind{sqlite} = { db => $db, p => 'SQLITE',
	    ours => "SQLITE_DATABASE $db->{file}\n",
	    theirs => "SQLITE_DATABASE /srv/u.db\n" };
}

# Fields, then clauses: each daemon gets its own line for the connection.
sub with_sql {
	my ($k, $text, $code) = @_;
	my $m = lc $k->{p};
	(my $rest = $text) =~ s/^_/$k->{p}_/mg;
	for my $s (['ours', $ours], ['theirs', $theirs]) {
		my ($who, $daemon) = @$s;
		unlink $daemon->conf("auth${m}rc");
		spew($daemon->conf("auth${m}rc"),
		    "$k->{$who}$rest##NAME: MARKER:0\n", 0640);
	}
	with({}, "authmodulelist=\"auth$m\"\ndaemons=1\nDEBUG_LOGIN=2\n"
	    . "DEFAULTOPTIONS=\"disableimap=0,flag\"\n", $code);
}

my $table = <<"EOF";
create table passwd (id varchar(128) primary key, crypt varchar(128),
    clear varchar(64), name varchar(64), uid varchar(32), gid varchar(32),
    home varchar(128), maildir varchar(128), quota varchar(64),
    options varchar(128), dd varchar(64));
insert into passwd values
    ('a\@x.org','$secret','','A, x','1','2','/h','Maildir','10S','f=1','./M'),
    ('b\@x.org','','clear','','1','2','/h','','','',''),
    ('both\@x.org','$secret','clear','','1','2','/h','','','',''),
    ('null\@x.org',NULL,NULL,NULL,'1','2','/h',NULL,NULL,NULL,NULL),
    ('zero\@x.org','','c','','0','2','/h','','','',''),
    ('bad\@x.org','','c','','1x','2','/h','','','',''),
    ('nohome\@x.org','','c','','1','2','','','','',''),
    ('Case\@x.org','','c','','1','2','/h','','','',''),
    ('o''q\@x.org','','c','','1','2','/h','','','',''),
    ('ctl\@x.org','','c','','1','2','/h\nUID=0','','','',''),
    ('nodom','','c','','1','2','/h','','','','');
create table two (id varchar(9), pw varchar(9), uid int, gid int,
    home varchar(9));
insert into two values ('t', 'one', 1, 2, '/1'), ('t', 'two', 1, 2, '/2');
EOF
my $base = "_USER_TABLE passwd\n_CRYPT_PWFIELD crypt\n_CLEAR_PWFIELD clear\n";
my $full = $base . "_NAME_FIELD name\n_MAILDIR_FIELD maildir\n"
    . "_QUOTA_FIELD quota\n_AUXOPTIONS_FIELD options\n";

# No clear password is none: CRAM with an empty one would be let in.
sub alike {
	for my $r (@_) {
		my ($x, $y) = map { $_->ask($r, 40) } $ours, $theirs;
		$y =~ s/^PASSWD2=\n//m;
		is $x, $y, shown($r);
	}
}

# The change of a password, by each, and undone.
sub changes {
	my ($k, $name, $old, $new) = @_;
	(my $id = "$name\@x.org") =~ s/\@x\.org\@/@/;
	my $row = "from passwd where id='$id'";
	my ($crypt, $clear) = map { $k->{db}->sql("select $_ $row") }
	    'crypt', 'clear';
	chomp($crypt, $clear);
	for my $s ($ours, $theirs) {
		is $s->ask("PASSWD imap\t$name\t$old\t$new\n"), "OK\n",
		    ref($s) . ' changes';
		is $s->login($name, $old), "FAIL\n", 'the old one is no more';
		like $ours->login($name, $new), qr/^PASSWD=\{MD5\}/m,
		    'the new one counts, in the old scheme';
		like $theirs->login($name, $new), qr/^PASSWD=\{MD5\}/m,
		    'for both';
		is $k->{db}->sql("select clear $row"), "$new\n", 'clear too';
		$k->{db}->sql("update passwd set crypt='$crypt', "
		    . "clear='$clear' where id='$id'");
	}
}

# ---- what both have ---------------------------------------------------------

sub accounts {
	my ($k) = @_;
	my $lite = $k->{p} eq 'SQLITE';
	alike(map { ("PRE . imap $_\n", "PRE . courier $_\n") } 'a@x.org',
	    'b@x.org', 'both@x.org', 'null@x.org', 'Case@x.org', 'case@x.org',
	    "o'q\@x.org", 'nodom', 'nobody', 'a@', '@x.org', "a\@x.org\\",
	    'x"y', 'a b', '%', '$(domain)', "' or '1'='1", "x' or 1=1 --",
	    "\\' or 1=1 --");
	alike(login('a@x.org', 'secret'), login('a@x.org', 'wrong'),
	    login('nobody', 'x'), login('b@x.org', 'clear'),
	    login('b@x.org', 'clea'), login('both@x.org', 'clear'),
	    login('both@x.org', 'secret'), login('null@x.org', 'x'),
	    login("o'q\@x.org", 'c'), cram('b@x.org', 'clear'),
	    cram('b@x.org', 'x'), cram('a@x.org', 'secret'));
	alike("PASSWD imap\ta\@x.org\twrong\tnew\n",
	    "PASSWD imap\tnobody\tx\tnew\n");
	changes($k, 'a@x.org', 'secret', q(n'e"w\\));
	alike("PRE . imap a\@x.org\n");

	# 10.2 #36
	my $before = length $ours->log;
	$ours->login('b@x.org', 'clea');
	like substr($ours->log, $before), qr/^DEBUG: supplied password 'clea' does not match clearpasswd 'clear'$/m,
	    'level 2 shows what is stored';

	# 10.2 #14, #21, #30, #31
	for my $u (map { "$_\@x.org" } 'zero', $lite ? 'bad' : ()) {
		differs('ids are plain numbers, not 0', login($u, 'c'), '',
		    qr/^PASSWD2=c$/m);
	}
	differs('an account needs a home', login('nohome@x.org', 'c'), '',
	    qr/^HOME=$/m);
	differs('no forged attribute', "PRE . imap ctl\@x.org\n",
	    qr/\AUID=1\nGID=2\nHOME=\/h\nADDRESS/, qr/^HOME=\/h\nUID=0\n/m);
	# 10.2 #1
	differs('no clear password is no empty one', cram('null@x.org', ''),
	    "FAIL\n", qr/^ADDRESS=null\@x.org$/m) if $lite;
	my ($x, $y) = map { $_->ask("ENUMERATE\n") } $ours, $theirs;
	$y =~ s/^ctl\@x\.org\t.*\n.*\n|^(?:zero|bad)\@.*\n//mg;
	$x =~ s/^nohome\@.*\n//mg if !$lite;
	is $x, $y, 'lists, but for what we refuse';
}

sub clauses {
	my ($k) = @_;
	alike("PRE . imap a\n", "PRE . imap a\@\$(service)\n",
	    "PRE . imap a\@b\@c\n", "PRE . imap a\@\n", "PRE . imap o'q\n",
	    "ENUMERATE\n");
	changes($k, 'both', 'secret', 'se"cret');
	differs('a service is escaped too', "PRE . i'm a\n",
	    qr/^MAILDIR=i'm$/m, '');
	# 10.2 #3
	my @change = ("PASSWD imap\to'q\tc\tnew\n", "FAIL\n", "OK\n");
	is $theirs->ask($change[0]), $change[1], 'a quote breaks theirs';
	is $ours->ask($change[0]), $change[2], 'but not ours';
	$k->{db}->sql("update passwd set clear='c', crypt='' "
	    . "where id='o''q\@x.org'");
	is $ours->ask("PASSWD imap\ta'||'\tsecret\tnew\n"), "FAIL\n",
	    'no name from pieces';
}

# Gone: temporary, for ours. Back: no restart. (10.2 #2, #12, #18)
sub comes_and_goes {
	my ($k) = @_;
	my $lite = $k->{p} eq 'SQLITE';
	my $yes = qr/^ADDRESS=b\@x.org$/m;
	like $_->login('b@x.org', 'clear'), $yes, 'is there' for $ours, $theirs;
	$k->{db}->stop;
	is $ours->ask($_), '', 'back end away: ' . shown($_)
	    for login('b@x.org', 'clear'), login('nobody', 'x'),
	    "PRE . imap b\@x.org\n", cram('b@x.org', 'clear');
	is $ours->ask("PASSWD imap\tb\@x.org\tclear\tx\n"), "FAIL\n",
	    'no change';
	is $ours->ask("ENUMERATE\n"), "# auth\L$k->{p}\E\n\n", 'no list';
	if (!$lite) {
		is $theirs->ask("PRE . imap b\@x.org\n"), '',
		    'theirs: a look-up says so too';
		is $theirs->login('b@x.org', 'clear'), "FAIL\n",
		    'theirs: a login does not';
	}
	$k->{db}->start;
	ok wait_for(30, sub { $ours->login('b@x.org', 'clear') =~ $yes }), 'back';
	like $ours->ask("ENUMERATE\n"), qr/^b\@x\.org\t1\t2.*^\.$/ms,
	    'with its list';
	return if $lite;
	$k->{db}->sql('reset role; select pg_terminate_backend(pid) from '
	    . "pg_stat_activity where usename = 'mail'");
	like $ours->login('b@x.org', 'clear'), $yes, 'a lost connection';
}

for my $name (sort keys %kind) {
	my $k = $kind{$name};
	note($name);
	$k->{db}->sql($table);
	with_sql($k, $full, sub { accounts($k); comes_and_goes($k) });
	with_sql($k, "DEFAULT_DOMAIN x.org\n${full}_WHERE_CLAUSE uid <> '5'\n",
	    sub { alike("PRE . imap a\n", "PRE . imap nodom\n", "PRE . imap a\@\n",
	    login('a', 'secret'), "PASSWD imap\tb\tclear\tclear\n") });
	with_sql($k, "${base}_DEFAULTDELIVERY dd\n",
	    sub { alike("PRE . courier a\@x.org\n", "PRE . imap a\@x.org\n") });
	$k->{db}->sql("update passwd set crypt='$secret' where id='both\@x.org'");
	with_sql($k, $base . <<'EOF', sub { clauses($k) });
DEFAULT_DOMAIN d.org
_SELECT_CLAUSE SELECT id, crypt, clear, uid, gid, home, '$(service)', \
  '$(domain)', '$(local_part)', '$(nosuch)$x$' FROM passwd \
  WHERE id='$(local_part)@x.org'
_ENUMERATE_CLAUSE SELECT id, uid, gid, home, '$(service)-$(local_part)-$(domain)' FROM passwd WHERE id='a@x.org'
_CHPASS_CLAUSE UPDATE passwd SET clear='$(newpass)',crypt='$(newpass_crypt)' WHERE id='$(local_part)@x.org'
EOF

	# What cannot work is trouble, not a wrong password.
	for my $bad ("_UID_FIELD nosuch\n", '_SELECT_CLAUSE SELECT id, crypt, '
	    . "clear, uid, gid FROM passwd WHERE id='a\@x.org'\n") {
		with_sql($k, $base . $bad, sub {
			alike("PRE . imap a\@x.org\n");
			is $ours->login('a@x.org', 'secret'), '',
			    'a login is temporary';
		});
	}
	with_sql($k, $base, sub {
		my $m = lc $k->{p};
		my $file = $ours->conf("auth${m}rc");
		my $good = slurp($file);
		alike("PRE . imap b\@x.org\n");
		spew_whole($file, "${good}x\n" =~ s/^\w+_USER_TABLE.*//mr);
		like $ours->login('b@x.org', 'clear'), qr/^PASSWD2=clear$/m,
		    'a bad file keeps the settings';
		like $ours->log, qr/^ERR: auth$m: $k->{p}_USER_TABLE not set in/m,
		    'is told';
		spew_whole($file, "$good$k->{p}_LOGIN_FIELD dd\n");
		is $ours->login('b@x.org', 'clear'), "FAIL\n",
		    'a good one counts at once';
	});
	with_sql($k, "_SELECT_CLAUSE SELECT * FROM passwd "
	    . "WHERE id='\$(local_part)\@x.org'\n$base", sub {
		is $ours->ask("PRE . imap a\n"), '', 'SELECT *';
		like $ours->log, qr/^ERR: .*columns of a table.*they are now: /m,
		    'says what is wrong';
	});
	with_sql($k, "_SELECT_CLAUSE SELECT id, '', pw, uid, gid, home FROM two "
	    . "WHERE id='\$(local_part)'\n$base", sub {
		alike("PRE . imap t\n", "PRE . imap nobody\n");
	});
}

# ---- PostgreSQL -------------------------------------------------------------

if (my $k = $kind{pgsql}) {
	# Bytes that are no text of the connection's set: a definite no.
	my @half = ("\xbf' or 1=1 -- ", "\xbf\\' or 1=1 -- ", "\xff\xfe",
	    "\xe5\x5c' or 1=1 -- ", "j\xc3\xb6e", "\xf0\x9f\x98\x80", "a\xe4");
	for my $set (qw(UTF8 GBK SJIS BIG5 LATIN1)) {
		with_sql($k, "_CHARACTER_SET $set\n$base", sub {
			my @bad = grep { $ours->ask("PRE . imap $_\n") ne
			    "FAIL\n" } @half;
			is "@bad", '', "$set: definite no";
			like $ours->login('b@x.org', 'clear'), qr/^HOME=/m,
			    "$set: a login";
		});
	}
	# Strings that know backslashes, whatever the server says of others.
	$k->{db}->sql("insert into passwd values ('w\\x', '', 'c', '', "
	    . "'1', '2', '/h', '', '', '', '')");
	for my $standard (qw(on off)) {
		$k->{db}->sql('alter role mail set '
		    . "standard_conforming_strings to $standard");
		for my $clause ("E'\$(local_part)'", "e'\$(local_part)'",
		    "'\$(local_part)'", "E'it\\'s' <> '' AND id = E'\$(local_part)'") {
			next if $standard eq 'off' && $clause =~ /it/;
			with_sql($k, "_SELECT_CLAUSE SELECT id, crypt, clear, "
			    . 'uid, gid, home FROM passwd WHERE '
			    . ($clause =~ /it/ ? '' : 'id = ')
			    . "$clause\n$base", sub {
				my @bad = grep { $ours->ask("PRE . imap $_\n")
				    ne "FAIL\n" } "x\\' or 1=1 -- ",
				    "x\\\\' or 1=1 -- ", "x' or 1=1 -- ",
				    'w\\\\x', 'wx', "\xbf\\' or 1=1 -- ";
				is "@bad", '', "$standard, $clause: no way in";
				like $ours->ask("PRE . imap w\\x\n"),
				    qr/^ADDRESS=w\\x$/m, 'the literal name';
			});
		}
	}
	$k->{db}->sql("alter role mail reset standard_conforming_strings; "
	    . "delete from passwd where id like 'w%'");
	with_sql($k, "_CHARACTER_SET nosuch\n$base", sub {
		like $ours->login('b@x.org', 'clear'), qr/^HOME=/m, 'no set';
		like $ours->log, qr/^ERR: Cannot set character set to "nosuch"/m,
		    'is logged';
	});
	with_sql({ %$k, ours => "PGSQL_CONNECTION host==x y\n" }, $base, sub {
		is $ours->ask("PRE . imap a\n"), '', 'no connection string';
		like $ours->log, qr/^ERR: .*: line 1: PGSQL_CONNECTION: /m,
		    'names the line';
		# 10.2 #4
		is $ours->ask("PASSWD imap\ta\@x.org\tsecret\tx\n"), "FAIL\n",
		    'no OK without settings';
	});
	with_sql({ %$k, map { $_ => $k->{$_} =~ s/mailpw/wrong/r }
	    qw(ours theirs) }, $base, sub {
		alike("PRE . imap a\n");
		differs('no server is no empty list', "ENUMERATE\n",
		    "# authpgsql\n\n", "# authpgsql\n\n.\n");
		differs('no server is no wrong password',
		    login('b@x.org', 'clear'), '', "FAIL\n");
		like $ours->log, qr/^ERR: PGSQL_CONNECTION could not be established\nERR: .*password/m,
		    'says why';
	});
}

# ---- SQLite -----------------------------------------------------------------

if (my $k = $kind{sqlite}) {
	with_sql($k, "_SELECT_CLAUSE SELECT id, '', clear, uid, gid, home FROM "
	    . "passwd WHERE id=\"\$(local_part)\@x.org\"\n$base", sub {
		like $ours->login('b', 'clear'), qr/^HOME=/m, 'double quotes';
		is $ours->ask("PRE . imap x\" or 1=1 --\n"), "FAIL\n",
		    'no way in';
	});
	with_sql({ %$k, map { $_ => "SQLITE_DATABASE /nonexistent\n" }
	    qw(ours theirs) }, $base, sub {
		alike("PRE . imap a\n", login('a@x.org', 'secret'), "ENUMERATE\n");
		like $ours->log, qr{^ERR: sqllite3_open\(/nonexistent\): unable to open database file$}m,
		    'says why';
	});
}
plan skip_all => 'no PostgreSQL and no SQLite here' unless %kind;
done_testing;
