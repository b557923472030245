#!/usr/bin/perl
# authpipe with a program of the site's, and authcustom: replies, and what the
# program is told, as with Courier.  SPDX-License-Identifier: ISC
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Private qw(:all);
use Test::More;
use AuthPair;

my ($ours, $theirs) = pair(env => { TIMEOUT_READ => 2 });
my $rc = "authmodulelist=\"authpipe authcustom\"\ndaemons=1\nTIMEOUT_READ=2\n"
    . "DEFAULTOPTIONS=\"flag\"\nDEBUG_LOGIN=1\n";

# It answers, and writes down what it was asked.
my $prog = <<'PROG';
#!/usr/bin/perl
$| = 1;
open my $log, '>>', "$0.log";
select((select($log), $| = 1)[0]);
open my $parent, '<', '/proc/' . getppid() . '/comm';
print $log 'start ', scalar(@ARGV), ' ', <$parent>;
my $account = "NAME=P U, x\nX=y\nUID=5\nADDRESS=pu\nGID=6\nHOME=/p\n";
while (defined(my $line = <STDIN>)) {
	print $log $line;
	exit 1 if $line =~ /\bdie$/;
	sleep 60 if $line =~ /\bhang$/;
	if ($line =~ /^AUTH (\d+)/) {
		read STDIN, my $data, $1;
		print $log "<$data>";
		exit 1 if $data =~ /\ndie\n/;
		print $data =~ /\npu\npw\n?$|\nraw\n/ ?
		    "${account}PASSWD2=pw\n.\n" : "FAIL\n";
	} elsif ($line =~ /^PRE . (\w+) (.*)/) {
		print $2 eq 'pu' ? "$account.\n" : $2 eq 'zero' ?
		    "UID=0\nGID=0\nHOME=/\nADDRESS=zero\n.\n" : $2 eq 'half' ?
		    "UID=1\n" : $2 eq 'lines' ? "\n\nUID=1\nGID=1\nHOME=/h\n" .
		    "ADDRESS=l\n\n.\n" : "FAIL\n";
		exit if $2 eq 'half' || $2 eq 'once';
	} elsif ($line =~ /^PASSWD imap\tpu\t(\w+)\t/) {
		print $1 eq 'good' ? "OK\n" : "FAIL\n";
	} elsif ($line =~ /^ENUMERATE/) {
		print "# x\n\npu\t5\t6\t/p\n", "two\t7\t8\t/t\tM\ta=b\n",
		    "zero\t0\t0\t/\n", "bad\n", ".\n";
	} else {
		print "FAIL\n";
	}
}
print $log "end\n";
PROG

sub told { return slurp($_[0]->conf('authProg.log')) }

put('authProg', $prog, 0755);
with({}, $rc, sub {
	same("PRE . imap pu\n", "PRE . imap nobody\n", "PRE authpipe imap pu\n",
	    "TCPREMOTEIP=1.2.3.4\nPRE . imap pu\n", login('pu', 'pw'),
	    login('pu', 'wrong'), auth("imap\nlogin\npu\npw"),
	    auth("imap\nraw\nraw\nx\n"), cram('pu', 'pw'),
	    auth("imap\nlogin\n\n"), "PASSWD imap\tpu\tgood\tnew\n",
	    "PASSWD imap\tpu\tbad\tnew\n", "PASSWD imap\tx\ty\tnew\n",
	    "ENUMERATE\n", "PRE . imap lines\n", "PRE . imap a b \n");
	is told($ours), told($theirs), 'the program is told the same';
	like told($ours), qr/^start 0 authdaemond\nPRE \. imap pu\n/, 'by one process';
	unlike told($ours), qr/^start.*^start/ms, 'and no other';

	# It ends, hangs, or is out of step.
	same("PRE . imap die\n", "PRE . imap pu\n", login('die', 'x'),
	    login('pu', 'pw'), "PRE . imap half\n", "PRE . imap pu\n",
	    "PRE . imap once\n");
	select undef, undef, undef, 0.5;	# until it has ended
	same("PRE . imap pu\n");
	my $before = now();
	is $ours->ask("PRE . imap hang\n"), '', 'one that hangs: temporary';
	cmp_ok now() - $before, '<', 10, 'in good time';
	like $ours->ask("PRE . imap pu\n"), qr/^ADDRESS=pu$/m,
	    'then another one';
	# 10.2 #30
	differs('uid 0 is no mailbox', "PRE . imap zero\n", '', qr/^UID=0$/m);
	unlink $ours->conf('authProg');
	my ($pid) = $ours->log =~ /.*started \S*authProg, pid (\d+)/s;
	ok kill(9, $pid), 'the program is killed';
	is $ours->ask("PRE . imap pu\n"), '', 'none to start: temporary';
	put('authProg', $prog, 0755);
	like $ours->ask("PRE . imap pu\n"), qr/^ADDRESS=pu$/m, 'and back';
});
like told($ours), qr/end\n\z/, 'it is told of the end';

# Names and passwords are bytes for the program's standard input, nothing else:
# there is no shell, no argument, and no second request in one.
my @canaries = map { "$_/canary" } workdir(), "$theirs->{root}/tmp";
my @hostile = ("'", '"', '`', '\\', '$', '$$', '$HOME', '${IFS}', '$(id)', ';',
    '|', '||', '&', '&&', '<', '>', '(', ')', '{a,b}', '!', '!!', '#x', '~',
    '*', '?', '[a-z]*', '/etc/*', '-', '--', '-c', '--help', '-rf /', '%s%n',
    '../../bin/sh', '.', '..', "a\rPRE . imap pu", "\x1b[A", "\xff\xfe",
    "\xe2\x80\xa8", "pu'; exit", map { ("`$_`", "\$($_)", "; $_;", "| $_",
    "& $_ &", "'; $_; '", "\"; $_; \"", "pu\$IFS&$_", "-c $_") }
    map { "touch $_" } @canaries);

# What the program is told, if not the request. Control characters are in no
# password that is changed.
sub row {
	my ($request, $told) = @_;
	($told = $request) =~ s/^(AUTH \d+\n)(.*)/$1<$2>/s if @_ == 1;
	return { request => $request, told => $told };
}
my @rows = map { (row("PRE . imap $_\n"), row(login($_, $_)),
    row(auth("$_\nlogin\nx\ny\n")), row("PASSWD imap\t$_\t$_\t$_\n",
    /[\0-\x1f]/ ? '' : ())) } @hostile;
push @rows, map { row(@$_) }
    ["PRE . imap a\0`touch $canaries[0]`\n", "PRE . imap a\n"],
    ["PRE . imap x\0\nPRE . imap evil\n", "PRE . imap x\n"],
    ["PRE . imap x\nPRE . imap evil\nAUTH 3\nabc", "PRE . imap x\n"],
    [auth("imap\nlogin\nx\ny\nPRE . imap evil\n")],
    [auth("imap\nlogin\nx\n.\nENUMERATE\n")],
    [auth("imap\nlogin\nx\0\ny\n"), "AUTH 12\n<imap\nlogin\nx>"],
    ["PASSWD imap\tx\ty\tz\nENUMERATE\n", "PASSWD imap\tx\ty\tz\n"],
    ["PASSWD imap\tx\ty\tz\tENUMERATE\n", "PASSWD imap\tx\ty\tz\n"],
    ["TCPREMOTEIP=`touch $canaries[0]`\nPRE . imap x\n", "PRE . imap x\n"],
    ["PRE . \$(touch $canaries[0]) x\n"], ["PRE . ;touch $canaries[0] x\n"];
my @table = map { $_->{request} } @rows;

unlink $_->conf('authProg.log') for $ours, $theirs;
with({}, $rc, sub {
	same(@table);
	ok told($ours) eq told($theirs), 'hostile bytes: told the same';
	my $told = told($ours);
	my $want = join '', "start 0 authdaemond\n", map { $_->{told} } @rows;
	my $same = length +(($told ^ $want) =~ /^(\0*)/)[0];
	ok $told eq $want, 'byte for byte, and nothing else'
	    or diag "from here: ", map { shown(substr $_, $same), "\n" }
	    $told, $want;
});
with({}, $rc =~ s/authpipe //r, sub { same(@table) });
ok !-e, 'nobody ran a command' for @canaries;

# Without a program nobody has an account, and that is all.
unlink $_->conf('authProg') for $ours, $theirs;
with({}, $rc, sub {
	same("PRE . imap pu\n", login('pu', 'pw'),
	    "PASSWD imap\tpu\tgood\tnew\n");
	# 10.2 #5
	differs('a list is complete without', "ENUMERATE\n", "# authpipe\n\n.\n",
	    "# authpipe\n\n");
});
like $ours->log, qr/^DEBUG: authpipe: disabled: failed to stat pipe program /m,
    'and is told';
like $ours->log, qr/^DEBUG: authcustom: nothing implemented/m, 'authcustom';
done_testing;
