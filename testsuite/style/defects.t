#!/usr/bin/perl
# Each defect of Courier's network side (daemons.md 12.2) is shown to be absent
# by a test that says so: "12.2 #NUMBER".  SPDX-License-Identifier: ISC
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Style;

# By number; each with the files that show it.
my @defects = map { [split / *\| */] } split /\n/, <<'END';
log lines are lost behind a long one | login/login.t unit/test_logger.c
user names forge fields of the log | login/login.t login/pop3.t
what is sent before STLS is obeyed | login/tls.t
EXTERNAL of nonsense crashes | login/sasl.t
pop3login needs TCPLOCALPORT | login/pop3.t
descriptors leak | login/login.t login/pop3.t imap/start.t
handshakes as root, without limit | tls/relay.t tls/handshake.t
a silent end after a minute | login/commands.t login/pop3.t
commands behind a login are lost | login/login.t login/pop3.t
guessing in parallel | tcpd/penalty.t
no access database, no rules | tcpd/access.t
required TLS that is not there | login/tls.t
one answer for each byte too many | login/commands.t
all places taken without a word | tcpd/limits.t
refusals without a word; IPv6 networks | tcpd/limits.t
couriertls dies: taken for success | tls/options.t login/tls.t
the proxy as root, passwords logged | login/proxy.t login/proxytls.t
certificates by environment | login/tls.t
old versions of TLS | tls/handshake.t
NOTICE is no priority | unit/test_logger.c
PROXY headers hold up the listener | tcpd/peer.t
clear text after a failed STARTTLS | login/tls.t
names of certificates in capitals | tls/certificate.t
the end of a POP3 session is odd in the log | pop3/session.t
pop3d ends by a signal without a line | pop3/stop.t
-listen and a list of -drop do nothing | tcpd/limits.t tcpd/access.t
END

sub check {
	my ($s) = @_;
	my (%marked, @bad);
	for my $f ($s->files('testsuite/*/*.t', 'testsuite/unit/*.c')) {
		next if $f =~ m,/style/,;
		my ($name) = $f =~ m,testsuite/(.*),;
		$marked{"$_ $name"} = 1 for $s->text($f) =~ /12\.2 #(\d+)/g;
	}
	for my $i (0 .. $#defects) {
		my ($what, $files) = @{ $defects[$i] };
		my $n = $i + 1;
		push @bad, map { "#$n ($what): testsuite/$_ does not say so" }
		    grep { !delete $marked{"$n $_"} } split / /, $files;
	}
	return @bad, map { "not in the table: #$_" } sort keys %marked;
}

holds('each defect has its test', \&check);
my %tree;
for my $i (0 .. $#defects) {
	$tree{"testsuite/$_"} .= '# 12.2 #' . ($i + 1) . "\n"
	    for split / /, $defects[$i][1];
}
$tree{'testsuite/login/sasl.t'} = "# 12.2 #40\n";
finds('a defect without a test, and one that nobody knows', \&check, \%tree,
    qr/^#4 \(.*testsuite.login.sasl\.t does/, qr/^not in the table: #40 login/);
done();
