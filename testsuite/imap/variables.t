#!/usr/bin/perl
# Each variable of the template does something: a proof for every one, from the
# start script, imaplogin or imapd.  SPDX-License-Identifier: ISC
#
# To add a variable: a proof in %proof, or its file in %elsewhere.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Private qw(workdir top run now wait_for slurp spew free_port);
use Test::More;
use Dialogue ();
use Login;
use Sysconf;
use IO::Socket::UNIX;
use Socket qw(SOCK_STREAM);

# ---- imapd -------------------------------------------------------------------

# What the system says in place of the truth: the time, that a folder is
# watched, that a file is on disk (told to SYNC_LOG).
my $shim = workdir() . '/shim.so';
my $shimmed = run('sh', '-c', "cat >'$shim.c' <<'END' && cc -shared -fPIC -o '$shim' '$shim.c' 2>/dev/null
#include <stdlib.h>
#include <fcntl.h>
#include <time.h>
#include <sys/time.h>
#include <sys/syscall.h>
#include <unistd.h>
static long ahead(void) { char *s = getenv(\"AHEAD\"); return s ? atol(s) : 0; }
time_t time(time_t *t) { struct timespec s; syscall(SYS_clock_gettime, 0, &s);
 s.tv_sec += ahead(); if (t) *t = s.tv_sec; return s.tv_sec; }
int gettimeofday(struct timeval *v, void *z) { (void)z; v->tv_sec = time(0);
 v->tv_usec = 0; return 0; }
int clock_gettime(clockid_t c, struct timespec *s) {
 int r = syscall(SYS_clock_gettime, c, s); if (c == 0) s->tv_sec += ahead();
 return r; }
int inotify_add_watch(int fd, const char *p, unsigned m) {
 return getenv(\"DEAF\") ? 1 : syscall(SYS_inotify_add_watch, fd, p, m); }
int fsync(int fd) { char *s = getenv(\"SYNC_LOG\"); int l;
 if (s && (l = open(s, O_WRONLY | O_CREAT | O_APPEND, 0666)) >= 0) {
  if (write(l, \"fsync\\n\", 6) < 0) return -1; close(l); }
 return syscall(SYS_fsync, fd); }
END");

my $said;	# by the last session, with its log

# Runs commands in a new session; [COMMAND, LITERAL] too.
sub talk {
	my ($home, $env, @commands) = @_;
	my $d = Dialogue->new(home => $home, env => $env);
	$said = $d->raw(5) || '';
	for (@commands) {
		my ($command, $literal) = ref $_ ? @$_ : $_;
		if (!defined $literal) {
			$said .= $d->answer("x $command");
			next;
		}
		$d->send("x $command {" . length($literal) . "}\r\n");
		$said .= $d->raw(5) || '';
		$d->send("$literal\r\n");
		my $line;
		do { $line = $d->raw(5); $said .= $line || '' }
		    until !defined $line || $line =~ /^x /;
	}
	close $d->{to};
	waitpid $d->{pid}, 0;
	$said .= $d->log_text;
	return $said;
}

# A home with two messages in INBOX, one of them deleted; folders A, Trash, Bin.
sub home {
	my $home = Dialogue::home(qw(A Trash Bin Outbox));
	my $m = "$home/Maildir";
	spew("$m/cur/100.a.h:2,T", "Subject: a\n\nx\n");
	spew("$m/cur/200.b.h:2,S", "Subject: b\n\ny\n");
	spew("$m/.A/new/300.c.h", "Subject: c\n\nz\n");
	return $home;
}

# The same commands with two values: what is said (and what `after` finds) has
# the pattern with the first, and has not with the second.
sub differ {
	my ($name, $with, $without, $pattern, $commands, %arg) = @_;
	my @seen;
	for my $value ($with, $without) {
		my $home = home();
		$arg{before}->($home) if $arg{before};
		my %env = (%{ $arg{env} || {} },
		    defined $value ? ($name => $value =~ s/HOME/$home/gr) : ());
		push @seen, talk($home, \%env, @$commands) .
		    ($arg{after} ? $arg{after}->($home) : '');
	}
	return 1 if $seen[0] =~ $pattern && $seen[1] !~ $pattern;
	diag "$name: with: $seen[0]\nwithout: $seen[1]\nwanted $pattern";
	return 0;
}

sub names { my ($dir) = @_; return join ' ', map { m,([^/]+)$, } glob "$dir/*" }

sub capability {
	my ($name, $with, $without, $pattern, %env) = @_;
	return differ($name, $with, $without, $pattern, ['CAPABILITY'],
	    env => \%env);
}

sub sender {
	my ($home) = @_;
	spew("$home/sendmail", "#!/bin/sh\ncat >>'$home/sent'\n");
	chmod 0755, "$home/sendmail";
}

sub outbox {
	my ($name, $with, $without, $pattern, %env) = @_;
	my @seen;
	for my $value ($with, $without) {
		my $home = home();
		sender($home);
		my %e = (SENDMAIL => "$home/sendmail", OUTBOX => '.Outbox',
		    %env, defined $value ? ($name => $value =~
		    s/HOME/$home/gr) : ());
		talk($home, \%e, 'SELECT INBOX', 'COPY 1:2 INBOX.Outbox',
		    ['APPEND INBOX.Outbox', "Subject: o\r\n\r\n"]);
		push @seen, $said . slurp("$home/sent");
	}
	return $seen[0] =~ $pattern && $seen[1] !~ $pattern;
}

# Is SELECT answered while somebody else has the lock?
sub locked {
	my ($value) = @_;
	my $home = home();
	spew("$home/Maildir/tmp/courier.lock", "$$:h");
	my $d = Dialogue->new(home => $home, env => { HOSTNAME => 'h',
	    defined $value ? (IMAP_USELOCKS => $value) : () });
	$d->line;
	$d->send("a SELECT INBOX\r\n");
	my $line = $d->line(5);
	unlink "$home/Maildir/tmp/courier.lock";
	close $d->{to};
	waitpid $d->{pid}, 0;
	return defined $line;
}

# Is new mail told in IDLE, to one whose kernel never tells?
sub idle_tells {
	my ($value) = @_;
	my $home = home();
	my $d = Dialogue->new(home => $home, env => { LD_PRELOAD => $shim,
	    DEAF => 1, IMAP_IDLE_TIMEOUT => $value });
	$d->answer('a SELECT INBOX');
	$d->send("b IDLE\r\n");
	$d->line;
	spew("$home/Maildir/new/400.d.h", "Subject: d\n\nx\n");
	my $line = $d->line(10);
	close $d->{to};
	waitpid $d->{pid}, 0;
	return defined $line && $line =~ /^\* 3 EXISTS/;
}

# ---- imaplogin ---------------------------------------------------------------

sub asked_for {
	my (%env) = @_;
	Login::asked();
	my $l = Login->new(%env);
	$l->line;
	$l->cmd('a LOGIN joe right');
	return Login::asked();
}

sub greeting { return Login->new(@_)->line || '' }

# Seconds until a login fails for the reason that the daemon does not answer.
sub patience {
	my (%env) = @_;
	my $l = Login->new(%env);
	$l->line;
	my $began = now();
	$l->cmd('a LOGIN slow right', 30);
	return now() - $began;
}

# One who listens and takes no connection: the queue is full after the first.
sub deaf_socket {
	my $path = workdir() . '/deaf';
	unlink $path;
	my $s = IO::Socket::UNIX->new(Type => SOCK_STREAM, Listen => 0,
	    Local => $path) or die "$path: $!";
	chmod 0777, $path;
	my @waiting;
	for (1 .. 8) {
		socket my $c, 1, SOCK_STREAM, 0 or die $!;
		$c->blocking(0);
		connect $c, Socket::pack_sockaddr_un($path);
		push @waiting, $c;
	}
	return ($path, $s, @waiting);
}

# What `imaplogin -check` says of a file with this line.
sub checked {
	my ($line) = @_;
	my $file = workdir() . '/check';
	spew($file, "$line\n");
	(my $name = $line) =~ s/=(.*)//;
	local $ENV{$name} = $1;
	run("$ENV{top_builddir}/src/prog/imaplogin", '-check', $file);
	return $Private::out;
}

# What becomes of a home that is not there.
sub home_made {
	my (%env) = @_;
	my $dir = workdir();
	system 'rm', '-rf', "$dir/later", "$dir/skel";
	system 'mkdir', '-p', "$dir/skel/M/cur";
	spew("$dir/skel/M/cur/hello", "Subject: hello\n\nx\n", 0640);
	symlink 'M', "$dir/skel/link";
	chmod 0750, "$dir/skel";
	my $l = Login->new(%env);
	$l->line;
	$l->cmd('a LOGIN later right');
	return '' unless -d "$dir/later";
	return sprintf '%o %o %s %s', (stat "$dir/later")[2] & 0777,
	    (stat "$dir/later/M/cur/hello")[2] & 0777,
	    readlink "$dir/later/link", names($dir) =~ /chapar-/ ? 'left' : 'whole';
}

# ---- the start script --------------------------------------------------------

my $s = Sysconf->new;
unlink "$s->{dir}/bin/courierlogger";
spew("$s->{dir}/bin/courierlogger", <<"END", 0755);
#!/bin/sh
{ echo "args \$*"; echo "umask `umask`"; echo "limit `ulimit -v`"
env; } >'$s->{dir}/said'
END

# What courierlogger is started with.
sub started {
	$s->conf(@_);
	$s->script('imapd.rc', 'start');
	return slurp("$s->{dir}/said");
}

sub script {
	my ($line, $pattern) = @_;
	return started($line) =~ $pattern && started() !~ $pattern;
}

# ---- a proof for each --------------------------------------------------------

my %proof = (
    ADDRESS => sub { script('ADDRESS=127.0.0.9', qr/ -address=127\.0\.0\.9 /) },
    PORT => sub { script('PORT=1143,2143', qr/ 1143,2143 /) },
    MAXDAEMONS => sub { script('MAXDAEMONS=77', qr/ -maxprocs=77 /) },
    MAXPERIP => sub { script('MAXPERIP=7', qr/ -maxperip=7 /) },
    CHAPAR_MAXPENALTY => sub {
	script('CHAPAR_MAXPENALTY=7', qr/ -penalty=7 /) },
    CHAPAR_PRESTART => sub { started('CHAPAR_PRESTART=NO') !~ / -prestart /
	&& started() =~ / -prestart / },
    PIDFILE => sub { script("PIDFILE=$s->{dir}/other.pid",
	qr,args -pid=\S+/other\.pid ,) },
    TCPDOPTS => sub { script('TCPDOPTS="-nodnslookup -maxperc=3"',
	qr/ -maxperc=3 /) },
    LOGGEROPTS => sub { script('LOGGEROPTS="-name=other"', qr/ -name=other /) },
    IMAPACCESSFILE => sub {
	spew("$s->{etc}/other.dat", '');
	return script("IMAPACCESSFILE=$s->{etc}/other",
	    qr,-access=\S+/other\.dat ,);
    },
    MAILDIRPATH => sub { script('MAILDIRPATH=Mail', qr,/bin/imapd Mail$,m) },
    IMAP_UMASK => sub { script('IMAP_UMASK=027', qr/^umask 0?027$/m) },
    IMAP_ULIMITD => sub { script('IMAP_ULIMITD=400000', qr/^limit 400000$/m) },
    IMAPDSTART => sub {
	# For what starts the script; that hands all variables on.
	return started('IMAPDSTART=NO') =~ /^args -pid/m;
    },

    AUTH_MKHOMEDIR_SKEL => sub {
	home_made(AUTH_MKHOMEDIR_SKEL => workdir() . '/skel') eq
	    '750 640 M whole' && home_made() eq '' &&
	    home_made(AUTH_MKHOMEDIR_SKEL => '/nonexistent') eq '';
    },
    AUTHSERVICE143 => sub { asked_for(AUTHSERVICE143 => 'one') =~ /^one$/m &&
	asked_for() =~ /^imap$/m },
    AUTHSERVICE993 => sub {
	asked_for(AUTHSERVICE993 => 'two', TCPLOCALPORT => 993) =~ /^two$/m },
    DEFDOMAIN => sub { asked_for(DEFDOMAIN => '@d.test') =~ /^joe\@d\.test$/m &&
	asked_for() =~ /^joe$/m },
    DOMAINSEP => sub {
	asked_for(DEFDOMAIN => '@d.test', DOMAINSEP => 'o') =~ /^joe$/m },
    DEBUG_LOGIN => sub {
	my $l = Login->new(DEBUG_LOGIN => 2);
	$l->line;
	$l->cmd('a LOGIN joe right');
	return wait_for(5, sub { $l->log =~ /password=right/ });
    },
    TIMEOUT_READ => sub { patience(TIMEOUT_READ => 1) < 8 &&
	patience(TIMEOUT_READ => 9) > 8 },
    TIMEOUT_SOCK => sub {
	my ($path, @open) = deaf_socket();
	return patience(CHAPAR_AUTHSOCKET => $path, TIMEOUT_SOCK => 1,
	    TIMEOUT_READ => 1, TIMEOUT_WRITE => 1) < 9 &&
	    checked('TIMEOUT_SOCK=0') =~ /TIMEOUT_SOCK: 0 is not between/;
    },
    TIMEOUT_WRITE => sub {
	# A request is shorter than what the system takes at once.
	return checked('TIMEOUT_WRITE=0') =~ /TIMEOUT_WRITE: 0 is not between/;
    },
    IMAP_GREETING => sub { greeting(IMAP_GREETING => 'welcome') =~
	/\] welcome$/ && greeting() !~ /welcome/ },

    IMAP_CAPABILITY => sub { capability('IMAP_CAPABILITY', 'IMAP4rev1 IDLE',
	'IMAP4rev1', qr/ IDLE/, IMAP_EXTENSIONS => 'none') },
    IMAP_CAPABILITY_TLS => sub { capability('IMAP_CAPABILITY_TLS',
	'IMAP4rev1 IDLE', undef, qr/ IDLE/, IMAP_EXTENSIONS => 'none',
	IMAP_TLS => 1) },
    IMAP_EXTENSIONS => sub { capability('IMAP_EXTENSIONS', 'all', 'none',
	qr/ MOVE/) },
    IMAP_ID_FIELDS => sub { differ('IMAP_ID_FIELDS', 1, 0,
	qr/^\* ID \(.*"version"/m, ['ID NIL']) },
    IMAP_KEYWORDS => sub { differ('IMAP_KEYWORDS', 1, 0,
	qr/FLAGS \(\\Seen \\Recent kw\)/, ['SELECT INBOX', 'STORE 2 +FLAGS (kw)']) },
    IMAP_IDLE_TIMEOUT => sub { !$shimmed || (idle_tells(1) &&
	!idle_tells(3600)) },
    IMAP_MAILBOX_SANITY_CHECK => sub { $> != 0 || differ(
	'IMAP_MAILBOX_SANITY_CHECK', 1, 0, qr/not owned by/, [],
	before => sub { chown 1, 1, "$_[0]/Maildir" }) },
    IMAP_DISABLETHREADSORT => sub { differ('IMAP_DISABLETHREADSORT', 1, 0,
	qr/^x NO This command is disabled/m, ['SELECT INBOX',
	'SORT (DATE) UTF-8 ALL']) },
    IMAP_CHECK_ALL_FOLDERS => sub { differ('IMAP_CHECK_ALL_FOLDERS', 1, 0,
	qr/\\Marked.*INBOX\.A"/, ['LIST "" *']) },
    IMAP_OBSOLETE_CLIENT => sub { differ('IMAP_OBSOLETE_CLIENT', 1, 0,
	qr/\\Noinferiors/, ['LIST "" *']) },
    IMAP_FOLDER_NAMES => sub { differ('IMAP_FOLDER_NAMES', 'utf8', 'auto',
	qr/"INBOX\.&-AOk-"/, ['LIST "" *'], before => sub {
	rename "$_[0]/Maildir/.A", "$_[0]/Maildir/.&AOk-" }) },
    IMAP_USELOCKS => sub { locked(0) && !locked(1) && !locked(undef) },
    IMAP_FSYNC => sub { !$shimmed || differ('IMAP_FSYNC', 1, 0, qr/^fsync$/m,
	[['APPEND INBOX', 'abc']], env => { LD_PRELOAD => $shim,
	SYNC_LOG => workdir() . '/sync' }, after => sub {
	my $log = slurp(workdir() . '/sync');
	unlink workdir() . '/sync';
	return $log }) },
    IMAP_TRASHFOLDERNAME => sub { differ('IMAP_TRASHFOLDERNAME', 'Bin', 'Trash',
	qr/^x NO/m, ['DELETE INBOX.Bin']) },
    IMAP_EMPTYTRASH => sub { !$shimmed || differ('IMAP_EMPTYTRASH', 'A:4',
	'A:6', qr/left:$/m, [], env => { LD_PRELOAD => $shim,
	AHEAD => 5 * 86400 }, after => sub { 'left:' .
	names("$_[0]/Maildir/.A/cur") . names("$_[0]/Maildir/.A/new") }) },
    IMAP_MOVE_EXPUNGE_TO_TRASH => sub { differ('IMAP_MOVE_EXPUNGE_TO_TRASH', 1,
	0, qr/in trash: 100\.a\.h:2,/, ['SELECT INBOX', 'EXPUNGE'], after =>
	sub { 'in trash: ' . names("$_[0]/Maildir/.Trash/cur") }) },
    IMAP_QUOTA_COUNTS_TRASH => sub { differ('IMAP_QUOTA_COUNTS_TRASH', 1, 0,
	qr/^ +3 +1$/m, [['APPEND INBOX.Trash', "ab"]], before => sub {
	spew("$_[0]/Maildir/maildirsize", "1000S\n 1 1\n") }, after => sub {
	slurp("$_[0]/Maildir/maildirsize") }) },
    IMAP_LOG_DELETIONS => sub { differ('IMAP_LOG_DELETIONS', 1, 0,
	qr/INFO: EXPUNGED/, ['SELECT INBOX', 'EXPUNGE']) },
    IMAPDEBUGFILE => sub { differ('IMAPDEBUGFILE', 'trace', undef,
	qr/READ: ATOM: NOOP/, ['NOOP'],
	before => sub { spew("$_[0]/Maildir/trace", '') },
	after => sub { slurp("$_[0]/Maildir/trace") }) },
    OUTBOX => sub { outbox('OUTBOX', '.Outbox', '.Other', qr/^Subject: o$/m) },
    SENDMAIL => sub { outbox('SENDMAIL', 'HOME/sendmail', '/bin/false',
	qr/^Subject: o$/m) },
    HEADERFROM => sub { outbox('HEADERFROM', 'X-By', '',
	qr/^X-By: joe$/m, AUTHENTICATED => 'joe') },
    OUTBOX_MULTIPLE_SEND => sub { outbox('OUTBOX_MULTIPLE_SEND', 1, 0,
	qr/^Subject: a\n(?:.*\n)*Subject: b$/m) },
);

# Proved in a file of its own, which names it.
my %elsewhere = (
    CHAPAR_PROXY_TLS => 'login/proxytls.t',
    CHAPAR_PROXY_VERIFY => 'login/proxytls.t',
    IMAP_ACL => 'imap/acl.t',
    IMAP_PROXY => 'login/proxy.t',
    IMAP_PROXY_FOREIGN => 'login/proxy.t',
    PROXY_HOSTNAME => 'login/proxy.t',
    IMAP_SHAREDINDEXFILE => 'imap/shared.t',
    IMAP_SHAREDMUNGENAMES => 'interop/dialogue/shared.txt',
    SMAP_CAPABILITY => 'login/login.t',
);

# Other variables of Courier's file: the manual says what becomes of them.
my @of_courier = qw(IMAP_CAPABILITY_ORIG IMAP_CAPABILITY_TLS_ORIG
    IMAP_ENHANCEDIDLE IMAP_SHAREDINDEXFILE AUTH_MKHOMEDIR_SKEL IMAP_ACL
    SMAP_CAPABILITY IMAP_BROKENUIDV IMAP_SHAREDMUNGENAMES MAILDIRQUOTA AUTHADDR
    HOSTNAME MAILDIR);

my $template = slurp(top() . '/sysconf/imapd.dist.in');
my %shown = map { $_ => 1 } $template =~ /^(?:# )?([A-Z][A-Z0-9_]*)=/gm;
ok keys %shown > 30, 'the template has variables';
for my $name (sort keys %shown) {
	if (my $file = $elsewhere{$name}) {
		ok slurp(top() . "/testsuite/$file") =~ /\b$name\b/,
		    "$name: in $file";
		next;
	}
	ok $proof{$name} && $proof{$name}->(), $name;
}
is join(' ', grep { !$shown{$_} } sort(keys %proof, keys %elsewhere)), '',
    'no proof of what is not there';
my $manual = slurp(top() . '/doc/man/imapd.5') =~ s/\\//gr;
ok $manual =~ /\b$_\b/, "$_ is in the manual" for @of_courier;
done_testing();
