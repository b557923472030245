#!/usr/bin/perl
# SCRAM bound to the TLS connection, and EXTERNAL by certificates, over STARTTLS
# and over TLS from the start; with Courier's couriertls too.
# SPDX-License-Identifier: ISC
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use MIME::Base64;
use Private qw(:all);
use Test::More;
use Authd;
use Login;
use Scram;
use Tcpd;

need_root();
need('gsasl', 'openssl');
my $build = $ENV{top_builddir};
plan skip_all => 'couriertls is not built'
    unless -x "$build/src/prog/couriertls";
my $dir = workdir();

# ---- accounts, certificates ----------------------------------------------------
my $d = Authd->new(idle => 1,
    rc => "authmodulelist=\"authuserdb\"\ndaemons=2\n");
Login::auth();
my $form = Scram::stored(Scram::keys('sha256', 'pencil', 'salt' x 4, 4096));
my $form1 = Scram::stored(Scram::keys('sha1', 'pencil', 'salt' x 4, 4096));
spew($d->conf('userdb'), join('', map { "$_->[0]\thome=$dir/home|uid=65534|"
    . "gid=65534|systempw=$_->[1]\n" } ['user', $form], ['one', $form1],
    ['alice@a.test', $form]), 0600);
$d->tool('makeuserdb') or die $Private::out;
$d->start;

sub cert {
	my ($name, $subject, @by) = @_;
	run('openssl', 'req', '-newkey', 'ec', '-pkeyopt',
	    'ec_paramgen_curve:prime256v1', '-nodes', '-keyout',
	    "$dir/$name.key", '-out', "$dir/$name.req", '-subj', $subject)
	    or die $Private::out;
	run('openssl', 'x509', '-req', '-days', 2, '-in', "$dir/$name.req",
	    '-out', "$dir/$name.crt", @by ? ('-CA', "$dir/$by[0].crt",
	    '-CAkey', "$dir/$by[0].key", '-CAcreateserial') :
	    ('-signkey', "$dir/$name.key")) or die $Private::out;
	spew("$dir/$name.pem", slurp("$dir/$name.crt") .
	    slurp("$dir/$name.key"), 0644);
}
cert('server', '/CN=localhost');
cert('ca', '/CN=our CA');
cert('alice', '/CN=alice/emailAddress=alice@a.test', 'ca');
cert('eve', '/CN=eve/emailAddress=eve@a.test', 'ca');
cert('foreign', '/CN=alice/emailAddress=alice@a.test');

# ---- servers -------------------------------------------------------------------
my $capa = 'IMAP4rev1 AUTH=SCRAM-SHA-1 AUTH=SCRAM-SHA-256';
my %env = (PATH => $ENV{PATH}, top_builddir => $build,
    CHAPAR_AUTHSOCKET => $d->var('socket'), IMAP_CAPABILITY => $capa,
    IMAP_CAPABILITY_TLS => $capa, TLS_CERTFILE => "$dir/server.pem",
    TLS_TRUSTCERTS => "$dir/ca.crt", TLS_VERIFYPEER => 'NONE');
my @login = ("$build/src/prog/imaplogin", "$dir/imapd", 'Maildir');

sub server {
	my ($tls, $starttls, %more) = @_;
	return Tcpd->new({ bind => '127.0.0.1', env => { %env, $starttls ?
	    (IMAP_STARTTLS => 'YES', COURIERTLS => $tls) : (IMAP_TLS => 1),
	    %more }, prog => [$starttls ? () : ($tls, '-server', '-tcpd'),
	    @login] });
}

# What gsasl says; a success ends with OK.
sub gsasl {
	my ($t, $mech, $user, $password, @more) = @_;
	run('sh', '-c', 'timeout 20 "$@" </dev/null 2>&1', 'sh', 'gsasl',
	    '--imap', "--connect=127.0.0.1:$t->{port}", '--verbose',
	    (grep { $_ eq '--no-starttls' } @more) ? () : '--starttls',
	    '--x509-ca-file=', "--mechanism=$mech", '-a', $user,
	    '-z', '', '-p', $password, @more);
	return $Private::out;
}

sub is_in {
	my ($said, $name) = @_;
	like $said, qr/OK LOGIN Ok\./, $name;
}

# What the server says to openssl's clients, all at once, until each has its
# answer; a client is a certificate's name or '', and what it says.
sub clients {
	my ($t, $starttls, @clients) = @_;
	my (@log, @pid);
	for (@clients) {
		my ($cert, @say) = @$_;
		my $n = @log;
		spew("$dir/say$n", join '', map { "$_\r\n" }
		    'x CAPABILITY', @say);
		push @log, "$dir/said$n";
		unlink $log[-1];
		push @pid, start({ log => $log[-1] }, 'sh', '-c',
		    'openssl s_client -quiet -ign_eof -connect '
		    . '"127.0.0.1:$1" $2 $3 <"$0" & trap "kill $!" TERM; '
		    . 'wait $!; echo "a (end)"', "$dir/say$n", $t->{port},
		    $starttls ? '-starttls imap' : '', $cert eq '' ? '' :
		    "-cert $dir/$cert.pem -key $dir/$cert.pem");
	}
	# (The program behind a login ends what it tells with END.)
	wait_for(60, sub { !grep { slurp($_) !~ /^a (?:NO|\(end\))|END$/m }
	    @log });
	Private::stop($_) for @pid;
	return map { slurp($_) } @log;
}

# ---- Chapar's couriertls ---------------------------------------------------------
my $ours = "$build/src/prog/couriertls";
my $t = server($ours, 1, TLS_VERIFYPEER => 'PEER',
    TLS_EXTERNAL => 'emailAddress');
unlike gsasl($t, 'SCRAM-SHA-256', 'user', 'pencil', '--no-starttls'),
    qr/-PLUS/, 'in the clear there is no -PLUS';
is_in($Private::out, 'but SCRAM');
for (['SCRAM-SHA-256-PLUS', 'user'], ['SCRAM-SHA-1-PLUS', 'one'],
    ['SCRAM-SHA-256', 'user', '--no-cb']) {
	my ($mech, $user, @more) = @$_;
	my $said = gsasl($t, $mech, $user, 'pencil', @more);
	is_in($said, "STARTTLS, $mech @more");
	like $said, qr/AUTH=SCRAM-SHA-256-PLUS/, '-PLUS is announced';
}
unlike gsasl($t, 'SCRAM-SHA-256-PLUS', 'user', 'pencils'), qr/OK LOGIN/,
    'a wrong password';

# Certificates, over STARTTLS and over TLS from the start.
sub certificates {
	my ($whose, $starttls, $t) = @_;
	my $how = $whose . ($starttls ? ', STARTTLS' : ', TLS at once');
	my $alice = encode_base64('alice@a.test', '');
	my ($said, $eve, $none, $foreign) = clients($t, $starttls,
	    ['alice', 'a AUTHENTICATE EXTERNAL =', ''],
	    ['eve', "a AUTHENTICATE EXTERNAL $alice"],
	    ['', "a AUTHENTICATE EXTERNAL $alice"],
	    ['foreign', "a AUTHENTICATE EXTERNAL $alice"]);
	like $said, qr/AUTH=EXTERNAL.*^a OK LOGIN Ok\./ms,
	    "$how: EXTERNAL is announced, and works";
	like $said, qr/^AUTHENTICATED=alice\@a\.test$/m, "$how: as whom";
	like $eve, qr/^a NO Login failed/m, "$how: nobody else";
	like $none, qr/^a NO Login failed/m, "$how: not without certificate";
	unlike $none, qr/AUTH=EXTERNAL/, "$how: where it is not announced";
	unlike $foreign, qr/OK LOGIN/, "$how: not with one of others";
}
certificates('ours', 1, $t);
$t->stop;
my %peer = (TLS_VERIFYPEER => 'PEER', TLS_EXTERNAL => 'emailAddress');
$t = server($ours, 0, %peer);
certificates('ours', 0, $t);
$t->stop;

# ---- POP3: what CAPA lists, before and after the login -------------------------
mkdir "$dir/home/$_" for 'Maildir', map { "Maildir/$_" } 'tmp', 'new', 'cur';
chown 65534, 65534, glob("$dir/home/Maildir"), glob("$dir/home/Maildir/*");

# The two lines, of a client with that certificate ('': none).
sub sasl_lines {
	my ($t, $cert, @say) = @_;
	spew("$dir/say", join '', map { "$_\r\n" } 'CAPA', @say, 'CAPA',
	    'QUIT');
	run('sh', '-c', 'timeout 20 openssl s_client -quiet -ign_eof -connect '
	    . '"127.0.0.1:$1" $2 $3 <"$0" 2>&1', "$dir/say", $t->{port},
	    $t->{starttls} ? '-starttls pop3' : '', $cert eq '' ? '' :
	    "-cert $dir/$cert.pem -key $dir/$cert.pem");
	return join "\n", map { s/\r//r } $Private::out =~
	    /^(SASL.*|\+OK logged in)/mg;
}

my @external = ('AUTH EXTERNAL =', '');
my @password = ('USER user', 'PASS pencil');
# (The build may be in a folder that the user may not enter.)
run('cp', "$build/src/prog/pop3d", "$dir/pop3d") or die $Private::out;
my @pop3 = ("$build/src/prog/pop3login", "$dir/pop3d", 'Maildir');
for my $starttls (1, 0) {
	$t = Tcpd->new({ bind => '127.0.0.1', starttls => $starttls,
	    env => { %env, %peer, POP3AUTH => 'PLAIN SCRAM-SHA-256',
	    $starttls ? (POP3_STARTTLS => 'YES', COURIERTLS => $ours) :
	    (POP3_TLS => 1) }, prog => [$starttls ? () :
	    ($ours, '-server', '-tcpd'), @pop3] });
	my $how = 'POP3, ' . ($starttls ? 'STLS' : 'TLS at once');
	my $line = 'SASL PLAIN SCRAM-SHA-256 SCRAM-SHA-256-PLUS';
	is sasl_lines($t, '', @password), "$line\n+OK logged in\n$line",
	    "$how: -PLUS, before and after the login";
	$line =~ s/256 /256 EXTERNAL /;
	is sasl_lines($t, 'alice', @external), "$line\n+OK logged in\n$line",
	    "$how: with a certificate";
	if ($starttls) {
		my $s = $t->dial;
		print $s map { "$_\r\n" } 'CAPA', @password, 'CAPA', 'QUIT';
		is join("\n", Tcpd::rest($s) =~ /^(SASL.*|\+OK logged in)/mg) =~
		    s/\r//gr, join("\n+OK logged in\n",
		    ('SASL PLAIN SCRAM-SHA-256') x 2), 'in the clear: neither';
	}
	$t->stop;
}

# ---- Courier's couriertls ----------------------------------------------------------
my $root = run('sh', lib('courier-root.sh'), 'get') ? $Private::out : '';
chomp $root;
SKIP: {
	skip 'no Courier here', 1 unless -x "$root/usr/bin/couriertls";
	# (it runs in a root of its own, the login program does not)
	spew("$dir/theirs", <<"EOF", 0755);
#!/bin/sh
LD_LIBRARY_PATH=$root/usr/lib/x86_64-linux-gnu:$root/usr/lib/courier
export LD_LIBRARY_PATH
exec $root/usr/bin/couriertls "\$@"
EOF
	$peer{TLS_EXTERNAL} = 'emailaddress';
	$peer{TLS_PRIORITY} = 'NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2';
	for my $starttls (1, 0) {
		$t = server("$dir/theirs", $starttls, %peer);
		certificates("Courier's", $starttls, $t);
		if ($starttls) {
			is_in(gsasl($t, 'SCRAM-SHA-256', 'user', 'pencil',
			    '--no-cb'), "Courier's: SCRAM");
			unlike $Private::out, qr/-PLUS/, 'without -PLUS';
		}
		$t->stop;
	}
}

done_testing();
