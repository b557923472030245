#!/usr/bin/perl
# The start scripts of imapd-ssl, pop3d and pop3d-ssl: which files are read in
# which order, what the programs get, and how clients are turned away.
# SPDX-License-Identifier: ISC
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use IO::Socket::INET;
use Private qw(:all);
use Test::More;
use Sysconf;
use Tcpd;

my $s = Sysconf->new;
my ($dir, $etc) = @$s{qw(dir etc)};
my $user = getpwuid $>;
my $address = 'Maximum number of connections from your address reached.';

# set: variables of the program; unset: what it must not have.
my @script = (
	{ name => 'imapd', base => 'imapd', login => 'imaplogin',
	    server => 'imapd', refused => "* BYE $address\r\n", umask => '027',
	    limit => 400000,
	    set => { IMAP_STARTTLS => 'YES', TLS_PROTOCOL => 'TLSv1.1',
	    WHO => 'imapd-ssl' }, unset => [qw(IMAP_TLS PATH)] },
	{ name => 'imapd-ssl', base => 'imapd', login => 'imaplogin',
	    server => 'imapd', refused => "\x15\3\1\0\2\2\x31", tls => 1,
	    umask => '027', limit => 400000,
	    set => { IMAP_TLS => 1, TLS_PROTOCOL => 'TLSv1.3',
	    WHO => 'imapd-ssl' }, unset => [qw(IMAP_STARTTLS PATH)] },
	{ name => 'pop3d', base => 'pop3d', login => 'pop3login',
	    server => 'pop3d', refused => "-ERR $address\r\n", umask => '022',
	    limit => 'unlimited', cwd => $dir,
	    set => { POP3_STARTTLS => 'YES', TLS_PROTOCOL => 'TLSv1.1',
	    libexecdir => "$dir/bin", WHO => 'pop3d-ssl' },
	    unset => [qw(POP3_TLS PATH)] },
	{ name => 'pop3d-ssl', base => 'pop3d', login => 'pop3login',
	    server => 'pop3d', refused => "\x15\3\1\0\2\2\x31", tls => 1,
	    umask => '022', limit => 'unlimited', cwd => $dir,
	    set => { POP3_TLS => 1, POP3_STARTTLS => 'NO',
	    POP3_TLS_REQUIRED => 0, TLS_PROTOCOL => 'TLSv1.3',
	    PATH => $ENV{PATH}, SHELL => '/bin/sh', WHO => 'pop3d-ssl' },
	    unset => [] },
);

# Both files of both protocols, with the same variables in each.
sub settings {
	for my $base (qw(imapd pop3d)) {
		$s->conf_of($base, 'WHO=' . $base, 'MAXPERIP=1',
		    'IMAP_UMASK=027', 'IMAP_ULIMITD=400000',
		    'LOGGEROPTS="-name=x -facility=mail"',
		    'TCPDOPTS="-nodnslookup -noidentlookup"');
		$s->conf_of("$base-ssl", "WHO=$base-ssl",
		    "COURIERTLS=$dir/bin/couriertls",
		    'IMAPDSTARTTLS=YES', 'POP3_STARTTLS=YES',
		    'POP3_TLS_REQUIRED=1', 'TLS_PROTOCOL=TLSv1.3',
		    'TLS_STARTTLS_PROTOCOL=TLSv1.1',
		    "TLS_CACHEFILE=$dir/run/cache.$base");
	}
}

sub port_of { return $s->{$_[0]} }

sub dial {
	return IO::Socket::INET->new(PeerAddr => "127.0.0.1:" . port_of($_[0]),
	    Timeout => 5, LocalAddr => $_[1] || '127.0.0.9');
}

$ENV{SHELL} = '/bin/sh';
$ENV{INTRUDER} = 1;
umask 022;
for my $w (@script) {
	my ($name, $base) = @$w{qw(name base)};
	unlink glob "$etc/*";
	ok !$s->script("$name.rc", 'start'), "$name: no settings: fails";
	is $Private::out, "$etc/$base does not exist, forgot make "
	    . "install-configure?\n", "$name: and says so";
	spew("$etc/$base", '');
	ok !$s->script("$name.rc", 'stop'), "$name: one file is missing";
	is $Private::out, "$etc/$base-ssl does not exist, forgot make "
	    . "install-configure?\n", "$name: and says so";

	settings();
	spew("$dir/run/cache.$base", 'old sessions', 0644);
	ok $s->script("$name.rc", 'start'), "$name: start" or
	    diag $Private::out;
	ok wait_for(60, sub { my $c = dial($name, '127.0.0.3') }),
	    "$name: listens" or next;
	is join(' ', -s "$dir/run/cache.$base", sprintf '%o',
	    (stat "$dir/run/cache.$base")[2] & 07777), '0 600',
	    "$name: the cache is emptied";
	my $c = dial($name);
	my $text = greeting($c);
	my %env = $text =~ /^([A-Za-z_]\w*)=(.*)$/mg;
	is $text =~ /^name (.*)$/m ? $1 : '', "$dir/libexec/$w->{login}",
	    "$name: the login program";
	is $text =~ /^args (.*)$/m ? $1 : '',
	    "$dir/bin/$w->{server} Maildir", "$name: its arguments";
	is $env{TLS_OPTIONS}, $w->{tls} ? " -server -tcpd -user=$user" : undef,
	    "$name: couriertls";
	is $text =~ /^umask 0?(.*)$/m ? $1 : '', $w->{umask}, "$name: umask";
	is $text =~ /^limit (.*)$/m ? $1 : '', $w->{limit}, "$name: limit";
	is $text =~ /^cwd (.*)$/m ? $1 : '', $w->{cwd}, "$name: folder"
	    if $w->{cwd};
	for my $var (sort keys %{ $w->{set} }) {
		is $env{$var}, $w->{set}{$var}, "$name: $var";
	}
	is join(' ', grep { exists $env{$_} } @{ $w->{unset} }, qw(INTRUDER
	    HOME)), '', "$name: nothing else";
	is rest(dial($name)), $w->{refused}, "$name: who is turned away is told";
	my $pid = $s->pid("$name.pid");
	ok $pid, "$name: the pid file";
	ok $s->script("$name.rc", 'start'), "$name: a second start";
	is $s->pid("$name.pid"), $pid, "$name: changes nothing";
	ok $s->script("$name.rc", $_), "$name: $_" for 'restart', 'nonsense',
	    '';
	is $s->pid("$name.pid"), $pid, "$name: the same daemon";

	# A file that the shell cannot read.
	my $file = $w->{tls} ? "$base-ssl" : $base;
	spew("$etc/$file", slurp("$etc/$file") . "X='open\n");
	ok !$s->script("$name.rc", 'restart'), "$name: a broken file";
	like $Private::out, qr,^\Q$etc/$file\E: line \d+: X: .*quotes,,
	    "$name: told";
	ok $s->script("$name.rc", 'stop'), "$name: stop all the same";
	is rest($c, 10), '', "$name: sessions end";
	ok !dial($name), "$name: nobody listens";
	ok $s->script("$name.rc", 'stop'), "$name: stop again";
}

# Values that will not be used as they stand (imapd's: scripts.t).
unlink glob "$etc/*";
settings();
spew("$etc/pop3d", slurp("$etc/pop3d") . "POP3AUTH='PLAIN X-NO'\n");
spew("$etc/pop3d-ssl", slurp("$etc/pop3d-ssl") . "TIMEOUT_READ=0\n");
for my $name ('pop3d', 'pop3d-ssl') {
	ok $s->script("$name.rc", 'start'), "$name: odd values: it starts";
	like $Private::out, qr/^\Q$etc\E\/pop3d: line \d+: POP3AUTH: X-NO is not implemented$/m,
	    "$name: a mechanism is told";
	like $Private::out, qr/^\Q$etc\E\/pop3d-ssl: line \d+: TIMEOUT_READ: 0 is not between 1 and 3600$/m,
	    "$name: a number is told";
	is scalar(() = $Private::out =~ /\n/g), 2, "$name: nothing else"
	    or diag $Private::out;
	ok $s->script("$name.rc", 'stop'), "$name: stop";
}

# Where COURIERTLS is not set the one that is installed is taken.
unlink glob "$etc/*";
settings();
spew("$etc/imapd-ssl", slurp("$etc/imapd-ssl") =~ s/^COURIERTLS=.*\n//mr);
ok $s->script('imapd-ssl.rc', 'start'), 'without COURIERTLS';
ok wait_for(60, sub { my $c = dial('imapd-ssl', '127.0.0.3') }), 'listens';
like greeting(dial('imapd-ssl')), qr/^TLS_OPTIONS= -server/m,
    'couriertls runs';

# A port that is taken: told in the log, the script is content.
my $pid = $s->pid('imapd-ssl.pid');
spew("$etc/pop3d", slurp("$etc/pop3d")
    . 'PORT=' . port_of('imapd-ssl') . "\n");
ok $s->script('pop3d.rc', 'start'), 'a port that is taken: 0 as by Courier';
$s->script('imapd-ssl.rc', 'stop');
done_testing();
