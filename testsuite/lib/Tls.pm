# couriertls under test: certificates, servers, clients.
# SPDX-License-Identifier: ISC
#
#   my $pem = cert('mail.example.com', ...);  file with key and certificate
#   my $t = tls_server({ TLS_CERTFILE => $pem }, @program);   a Tcpd object
#   my $c = Tls->connect($t, @options);       openssl s_client, talking
#   $c->send("a NOOP\r\n"); $c->line; $c->rest; $c->end
#   s_client($t, @options)                    what s_client tells of a handshake
#
# Options of cert: ca => 1 (a CA), by => FILE (its signer; else itself),
# start and end (as openssl ca has them), subj, key (rsa:2048), san, chain => 1
# (the signer's certificate goes along), file (its name, if not that).
package Tls;
use strict;
use warnings;
use Exporter 'import';
use IPC::Open3;
use POSIX ();
use Private qw(:all);
use Login ();
use Tcpd ();

our @EXPORT = qw(cert couriertls tls_server s_client hears in_memory);

my $serial = 100;

sub couriertls { return "$ENV{top_builddir}/src/prog/couriertls" }

sub openssl { run('openssl', @_) or die "openssl @_: $Private::out" }

# The key and certificate of a name are NAME.key and NAME.crt beside NAME.pem.
sub cert {
	my ($name, %o) = @_;
	my $dir = workdir() . '/certs';
	mkdir $dir, 0755;
	my $base = "$dir/" . ($o{file} || $name);
	my $subj = $o{subj} || "/O=Test/CN=$name";
	my @key = !$o{key} ? ('-newkey', 'ec', '-pkeyopt',
	    'ec_paramgen_curve:P-256') : ('-newkey', $o{key});
	my $san = $o{san} // ($o{ca} ? '' : "DNS:$name");
	my $ext = $o{ca} ? "basicConstraints=critical,CA:TRUE\n" :
	    "basicConstraints=CA:FALSE\n" .
	    ($san ? "subjectAltName=$san\n" : '');
	spew("$base.cnf", "[req]\ndistinguished_name=dn\nprompt=no\n" .
	    "utf8=yes\nstring_mask=utf8only\n[dn]\nCN=x\n[ext]\n$ext");
	openssl('req', '-new', '-nodes', @key, '-keyout', "$base.key",
	    '-out', "$base.csr", '-subj', $subj, '-config', "$base.cnf",
	    '-multivalue-rdn');
	sign($base, %o);
	my $chain = '';
	if ($o{chain}) {
		(my $by = $o{by}) =~ s/\.pem$//;
		$chain = slurp("$by.crt");
	}
	spew("$base.pem", slurp("$base.key") . slurp("$base.crt") . $chain,
	    0600);
	return "$base.pem";
}

# With openssl ca, since it alone sets both dates.
sub sign {
	my ($base, %o) = @_;
	(my $by = $o{by} || $base) =~ s/\.pem$//;
	spew("$base.ca", "[ca]\ndefault_ca=d\n[d]\nnew_certs_dir=" .
	    workdir() . "\ndatabase=$base.db\nserial=$base.serial\n" .
	    "default_md=sha256\npolicy=p\nunique_subject=no\n" .
	    "x509_extensions=ext\npreserve=yes\n[p]\n" . join('', map {
	    "$_=optional\n" } qw(C ST L O OU CN emailAddress UID DC)) .
	    "[ext]\n" . (slurp("$base.cnf") =~ /\[ext\]\n(.*)/s)[0]);
	spew("$base.db", '');
	spew("$base.serial", sprintf "%04X\n", ++$serial);
	openssl('ca', '-batch', '-notext', '-config', "$base.ca", '-in',
	    "$base.csr", '-out', "$base.crt", '-keyfile', "$by.key",
	    $o{by} ? ('-cert', "$by.crt") : '-selfsign',
	    '-startdate', $o{start} || '20200101000000Z',
	    '-enddate', $o{end} || '20400101000000Z');
	unlink glob workdir() . '/[0-9A-F]*.pem';
}

# couriertcpd, couriertls, and a program that tells its variables and echoes.
sub tls_server {
	my ($env, @prog) = @_;
	my $o = { %$env };
	my @options = @{ delete $o->{options} || [] };
	my @tcpd = @{ delete $o->{tcpd} || [] };
	my %tcpd = map { exists $o->{"-$_"} ? ($_ => delete $o->{"-$_"}) : () }
	    qw(wrap bind);
	$o = { TLS_VERIFYPEER => 'NONE', %$o };
	@prog = Tcpd::program() unless @prog;
	return Tcpd->new({ env => $o, %tcpd, prog => [couriertls(), '-server',
	    '-tcpd', @options, @prog] }, '-maxprocs=60', '-maxperip=50',
	    @tcpd);
}

# All that openssl says of a connection that it closes at once.
sub s_client {
	my ($t, @options) = @_;
	local $Private::run_limit = 60;
	my $ok = run('openssl', 's_client', '-connect',
	    '127.0.0.1:' . (ref $t ? $t->{port} : $t), @options);
	return $Private::out;
}

sub connect {
	my ($class, $t, @options) = @_;
	my $port = ref $t ? $t->{port} : $t;
	my $self = bless { buf => '' }, $class;
	my $err = workdir() . "/s_client.err";
	open my $log, '>', $err or die;
	$self->{err} = $err;
	my $in;
	$self->{pid} = open3($in, my $out, '>&' . fileno $log, 'openssl',
	    's_client', '-quiet', '-no_ign_eof', '-nocommands', '-connect',
	    "127.0.0.1:$port", @options);
	binmode $_ for $in, $out;
	$in->autoflush(1);
	@$self{qw(in s)} = ($in, $out);
	return $self;
}

sub send {
	my ($self, $text) = @_;
	syswrite $self->{in}, $text;
	return $self;
}

# As of a Login: one line without its end; undef at the end or after so long.
*line = \&Login::line;

# Up to a line that matches; all of it.
sub until {
	my ($self, $re, $seconds) = @_;
	my @all;
	while (defined(my $line = $self->line($seconds))) {
		push @all, $line;
		last if $line =~ $re;
	}
	return join "\n", @all;
}

sub rest { return $_[0]->until(qr/\z\A./, $_[1]) }

# Our side says no more (close_notify, then the end).
sub end {
	my ($self) = @_;
	close $self->{in};
	return $self;
}

sub DESTROY {
	my ($self) = @_;
	local ($?, $!);
	close $self->{in};
	Private::kill_child($self->{pid});
}

# Sends bytes in clear and gives back what comes: a client that knows no TLS.
sub hears {
	my ($t, $bytes) = @_;
	my $s = $t->dial;
	syswrite $s, $bytes if length $bytes;
	return Tcpd::rest($s);
}

# What is there of a key in a process: a line of its PEM text, its number in
# either order of bytes, a marker.
sub in_memory {
	my ($pid, $pem, $marker) = @_;
	my ($line) = slurp($pem) =~ /PRIVATE KEY-----\n(.{40})/;
	run('openssl', 'pkey', '-in', $pem, '-noout', '-text');
	my ($hex) = $Private::out =~ /priv:\s*([0-9a-f:\s]+?)\s*pub:/;
	$hex =~ s/[^0-9a-f]//g;
	my $number = substr pack('H*', $hex), -16;
	my %what = (text => substr($line, 24), number => $number,
	    reversed => scalar reverse $number);
	$what{marker} = $marker if $marker;
	my %found;
	no warnings 'portable';
	open my $mem, '<:raw', "/proc/$pid/mem" or return 'no access';
	for (split /\n/, slurp("/proc/$pid/maps")) {
		my ($from, $to, $rest) = /^(\w+)-(\w+) rw(.*)/ or next;
		next if $rest =~ /\[v/;
		sysseek $mem, hex $from, 0 or next;
		my $n = sysread $mem, my $bytes, hex($to) - hex($from);
		next unless $n;
		index($bytes, $what{$_}) >= 0 and $found{$_} = 1
		    for keys %what;
	}
	return %found ? sort keys %found : 'nothing';
}

1;
