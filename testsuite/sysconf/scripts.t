#!/usr/bin/perl
# The start scripts of the IMAP server and of authdaemond: what they start, with
# which environment; stop, restart, and settings that are wrong.
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
my ($dir, $etc, $port) = @$s{qw(dir etc port)};

sub dial {
	return IO::Socket::INET->new(PeerAddr => "127.0.0.1:$port",
	    Timeout => 5, $_[0] ? (LocalAddr => $_[0]) : ());
}

sub is_open { my $c = dial('127.0.0.99'); return defined $c }

# Without settings.
ok !$s->script('imapd.rc', 'start'), 'no settings: fails';
is $Private::out, "$etc/imapd does not exist, forgot make install-configure?\n",
    'and says so';

# What the two files assign is the environment, and nothing else.
$s->conf('SITE="a \'b\' \\$c  d"', "QUOTED='x \"y\" \$z'", 'EMPTY=',
    'MORE=$SITE', 'IMAP_UMASK=027', 'IMAP_ULIMITD=400000', 'IMAPDSTART=NO',
    'TCPDOPTS="-nodnslookup -noidentlookup -maxperc=3"',
    'IMAPDSTARTTLS=NO');
$ENV{LANG} = 'de_DE.UTF-8';
$ENV{INTRUDER} = 1;
ok $s->script('imapd.rc', 'start'), 'start, whatever IMAPDSTART says';
is $Private::out, '', 'without a word' or diag $Private::out;
ok wait_port($port), 'it listens';
my $c = dial('127.0.0.2');
my $text = greeting($c);
my %env = $text =~ /^([A-Za-z_]\w*)=(.*)$/mg;
like $text, qr,^args \Q$dir\E/bin/imapd Maildir$,m, 'arguments of imaplogin';
is $env{SITE}, 'a \'b\' $c  d', 'quotes';
is $env{QUOTED}, 'x "y" $z', 'other quotes';
is $env{EMPTY}, '', 'an empty value';
is $env{MORE}, $env{SITE}, 'one variable from another';
is $env{IMAP_STARTTLS}, 'YES', 'imapd-ssl is read behind imapd';
is $env{SSLPORT}, 993, 'and all of it is there';
is $env{TCPREMOTEIP}, '::ffff:127.0.0.2', 'the listener\'s part';
is join(' ', grep { exists $env{$_} } qw(HOME LANG INTRUDER LOGNAME)), '',
    'nothing of the caller\'s environment';
like $text, qr/^umask 0?027$/m, 'IMAP_UMASK';
like $text, qr/^limit 400000$/m, 'IMAP_ULIMITD';
my $pid = $s->pid;
ok $pid, 'the pid file';

# -maxperc=3 came through TCPDOPTS, MAXPERIP by its own name.
my @two = map { dial('127.0.0.2') } 1 .. 2;
greeting($_) for @two;
is rest(dial('127.0.0.3')), "* BYE Maximum number of connections from your "
    . "network reached.\r\n", 'TCPDOPTS, and a reason for the client';

ok $s->script('imapd.rc', 'start'), 'a second start succeeds';
is $s->pid, $pid, 'and changes nothing';
ok $s->script('imapd.rc', 'nonsense'), 'another word does nothing';
ok $s->script('imapd.rc'), 'nor does none';
is $s->pid, $pid, 'really';
ok $s->script('imapd.rc', 'restart'), 'restart';
ok is_open(), 'it still serves';
$c = dial('127.0.1.2');
greeting($c);
ok $s->script('imapd.rc', 'stop'), 'stop';
ok !is_open(), 'nobody listens';
is rest($c, 10), '', 'the sessions have ended';
ok $s->script('imapd.rc', 'stop'), 'stop again';
$_->close for @two;

# Access rules: made at the start, and anew by makeimapaccess.
mkdir "$etc/imapaccess";
spew("$etc/imapaccess/a", "127.0.5\tdeny\n127.0.6\tallow,SITE=six");
spew("$etc/imapaccess/b", "# comment\n\n127.0.7.0/25\tdeny\n");
$s->conf;
ok $s->script('imapd.rc', 'start'), 'start with access rules';
ok wait_port($port), 'it listens';
is rest(dial('127.0.5.1')), "* BYE Access denied.\r\n", 'deny';
is rest(dial('127.0.7.99')), "* BYE Access denied.\r\n", 'a network';
like greeting(dial('127.0.7.199')), qr/^done$/m, 'beside it';
like greeting(dial('127.0.6.1')), qr/^SITE=six$/m, 'a variable';
spew("$etc/imapaccess/a", "127.0.6\tdeny\n");
ok $s->script('makeimapaccess'), 'makeimapaccess' or diag $Private::out;
ok wait_for(30, sub { rest(dial('127.0.6.1'), 2) =~ /Access denied/ }),
    'tells the listener';
$s->script('imapd.rc', 'stop');
spew("$etc/imapaccess.dat", 'damaged, or made by another library');
ok $s->script('imapd.rc', 'start'), 'start with a damaged database';
like $Private::out, qr,^\Q$etc\E/imapaccess\.dat: ,m, 'told';
ok wait_port($port), 'it listens';
is rest(dial('127.0.6.1')), "* BYE Access denied.\r\n",
    'it was made again from the text';
$s->script('imapd.rc', 'stop');
system 'rm', '-rf', "$etc/imapaccess", "$etc/imapaccess.dat";

# Values that will not be used as they stand.
$s->conf('IMAP_CAPABILITY="IMAP4rev1 X-NEVER IDLE"', 'IMAP_IDLE_TIMEOUT=0');
ok $s->script('imapd.rc', 'start'), 'odd values do not hinder the start';
is $Private::out, "$etc/imapd: line 12: IMAP_IDLE_TIMEOUT: 0 is not between "
    . "1 and 3600\n$etc/imapd: line 11: IMAP_CAPABILITY: X-NEVER is not "
    . "implemented\n", 'but are told, with file, line and variable';
$s->script('imapd.rc', 'stop');

# Settings that the shell cannot read.
for (['IMAP_GREETING="no end', 11, 'IMAP_GREETING', qr/quotes/],
    ["A='x\nB=\"y'\"", 11, 'A', qr/quotes/],
    ['A=(x', 11, 'A', qr/./],
    ['if true', 1 + 11, 'MAILDIRPATH|DEFDOMAIN', qr/./]) {
	my ($line, $at, $name, $why) = @$_;
	$s->conf($line, 'DEFDOMAIN="@x.test"');
	ok !$s->script('imapd.rc', 'start'), "$line: not started";
	like $Private::out, qr/^\Q$etc\E\/imapd: line \d+: (?:$name): .*$why/i,
	    'file, line, variable, reason';
	like $Private::out, qr/: line $at: /, 'the right line'
	    unless $line =~ /^if/;
	ok !is_open(), 'nothing runs';
}

# What runs keeps its settings at a restart with such a file, and can be stopped.
$s->conf;
ok $s->script('imapd.rc', 'start'), 'start';
ok wait_port($port), 'it listens';
$pid = $s->pid;
for (["DEFDOMAIN='\@x", 'DEFDOMAIN', qr/quotes/], ["A=1\r", 'A', qr/CR LF/]) {
	my ($line, $name, $why) = @$_;
	$s->conf($line);
	ok !$s->script('imapd.rc', 'restart'), "restart with $name: fails";
	like $Private::out, qr/^\Q$etc\E\/imapd: line 11: $name: .*$why/,
	    'and tells why';
	is $s->pid, $pid, 'the server runs on';
	ok is_open(), 'and serves';
}
ok $s->script('imapd.rc', 'stop'), 'stop';
like $Private::out, qr/^\Q$etc\E\/imapd: line 11: A: /, 'with a word';
ok !is_open(), 'but it is stopped';

# A file of another system, one without a final line end, includes.
$s->conf;
my $plain = slurp("$etc/imapd");
(my $dos = $plain) =~ s/\n/\r\n/g;
spew("$etc/imapd", $dos);
ok !$s->script('imapd.rc', 'start'), 'CR LF: not started';
is $Private::out, "$etc/imapd: line 1: the line ends with CR LF\n", 'told';
spew("$etc/imapd.local", 'IMAP_CAPABILITY="$IMAP_CAPABILITY AUTH=CRAM-MD5"');
spew("$etc/imapd", $plain . "IMAP_CAPABILITY='IMAP4rev1 IDLE'\n"
    . "WHERE=\${MAILDIRPATH}/\$PORT\n. $etc/imapd.local\n"
    . 'test -z "$NOTHING" || LAST=wrong; LAST="right"');
ok $s->script('imapd.rc', 'start'), 'no final line end: start';
ok wait_port($port), 'it listens';
$text = greeting(dial('127.0.0.2'));
like $text, qr/^\Q$_\E$/m, $_ for "WHERE=Maildir/$port", 'LAST=right',
    'IMAP_CAPABILITY=IMAP4rev1 IDLE AUTH=CRAM-MD5';
ok $s->script('imapd.rc', 'stop'), 'stop';

# authdaemond.
mkdir "$dir/run/authdaemon";
spew("$dir/libexec/authdaemond", <<"END", 0755);
#!/bin/sh
trap 'echo stopped >>$dir/daemon; exit 0' TERM
trap 'echo hup >>$dir/daemon' HUP
echo "started \$\$ args \$# \$VERY_OWN" >>$dir/daemon
while :; do sleep 0.1; done
END
spew("$etc/authdaemonrc", "authmodulelist=\"authuserdb\"\n"
    . "VERY_OWN='two  words'\nLOGGEROPTS=\"-name=authtestd\"\n");
ok $s->script('authdaemond', 'start'), 'authdaemond start';
ok wait_for(30, sub { slurp("$dir/daemon") =~ /^started \d+ args 0 two  words$/ }),
    'with the settings in its environment' or diag slurp("$dir/daemon");
$pid = $s->pid('authdaemon/pid');
ok $pid, 'its pid file';
ok $s->script('authdaemond', 'start'), 'a second start';
is $s->pid('authdaemon/pid'), $pid, 'changes nothing';
ok $s->script('authdaemond', 'restart'), 'restart';
ok wait_for(30, sub { slurp("$dir/daemon") =~ /^hup$/m }), 'tells it';
spew("$etc/authdaemonrc", "authmodulelist='open\n");
ok !$s->script('authdaemond', 'restart'), 'restart with a wrong file: fails';
like $Private::out, qr/\Q$etc\E\/authdaemonrc/, 'and names it';
ok $s->script('authdaemond', 'stop'), 'stop';
ok wait_for(30, sub { slurp("$dir/daemon") =~ /^stopped$/m }), 'ends it';
ok $s->script('authdaemond', 'stop'), 'stop again';
ok $s->script('authdaemond', 'nonsense'), 'another word does nothing';
done_testing();
