#!/usr/bin/perl
# libcourierauth and its kin beside Courier's: the same symbols, the same
# answers to the same program (abi.c), Courier's programs as they are on our
# libraries, each with either daemon.  SPDX-License-Identifier: ISC
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use IO::Socket::INET;
use IO::Socket::UNIX;
use Private qw(:all);
use Socket qw(SOCK_STREAM);
use Test::More;
use Suite;

need_root();
my $build = $ENV{top_builddir} || '';
plan skip_all => 'no libraries (no OpenSSL)'
    unless slurp("$build/Makefile") =~ /^AUTHLIBS = \S/m;
# Courier's programs have no sanitizer, which ours would want there before.
my $sanitized = Suite::sanitized();

my $dir = workdir();
my $mail = "$dir/mail";
mkdir $mail;
chmod 0755, $mail;
for my $u (qw(one two)) {
	mkdir "$mail/$u";
	mkdir "$mail/$u/Maildir$_" for '', '/tmp', '/new', '/cur';
	system 'chown', '-R', '5000:5000', "$mail/$u";
}

# The accounts, on both sides the same.
chomp(my $crypt = `openssl passwd -1 -salt abcdefgh secret`);
my $hmac = join '|', 'hmac-md5pw=cd3ba7deaad6e5ca23448ba42e379747'
    . 'a9e0f7f1fbc00c8a81bbaac395731b56',
    'hmac-sha1pw=091e0f4c6cb5277ee2beb639a60d0831b5c8adcd'
    . 'aee172433df3e96ba4f00fb1b6a490c3929d2034',
    'hmac-sha256pw=5a84072aab37d22275b139adf7a92564c7f674be98e77d991f6f689d29e05245'
    . '72804f31b042016804d3dea2f4e991a21b1c8906be161594b202fb74afc8ceb3';
my $userdb = join '', map { "$_\n" }
    "one\@a.test\tuid=5000|gid=5000|home=/srv/mail/one|systempw=$crypt"
    . '|mail=/srv/mail/one/Maildir|quota=10000000S|gecos=Mr. One'
    . '|options=disableshared=1,group=g',
    "two\@a.test\tuid=5000|gid=5000|home=/srv/mail/two|systempw=$crypt"
	. '|mail=./Maildir',
    "bare\@a.test\tuid=5000|gid=5000|home=/srv/mail/bare|systempw=$crypt",
    "cram\@a.test\tuid=5000|gid=5000|home=/srv/mail/one|systempw=$crypt|$hmac",
    "change\@a.test\tuid=5000|gid=5000|home=/srv/mail/one|systempw=$crypt";

# Which of the two has whose libraries and whose daemon.
my %which = (
	'theirs, their daemon' => 'courier',
	'ours, their daemon' => { authlib => 'chapar' },
	'theirs, our daemon' => { authdaemond => 'chapar' },
	'ours, our daemon' => { authlib => 'chapar', authdaemond => 'chapar' },
	'all ours' => 'chapar',
);
my @order = ('theirs, their daemon', 'ours, their daemon',
    'theirs, our daemon', 'ours, our daemon');

# ---- symbols ----------------------------------------------------------------

my @libs = map { "libcourierauth$_" } '', 'common', 'sasl', 'saslclient';
chomp(my $root = `sh @{[lib('courier-root.sh')]} get`);
my $stage = Suite::stage();

# Names and types; sizes of data, which programs copy. C++ is for modules.
sub symbols {
	my ($path) = @_;
	my @found;
	for (`nm -D -S --defined-only $path`) {
		my ($size, $type, $name) = /^\w+ (?:(\w+) )?(\w) (\S+)$/
		    or next;
		next if $name =~ /^_Z/;
		push @found, "$type $name" . ($type =~ /[BD]/ ?
		    ' ' . hex $size : '');
	}
	return join "\n", sort @found;
}

sub dynamic {
	my ($path, $tag) = @_;
	return join ' ', sort map { /\($tag\).*\[(.*?)\]/ ? $1 : () }
	    `readelf -d $path`;
}

for my $lib (@libs) {
	my $ours = "$stage/usr/lib/$lib.so.0";
	my $theirs = symbols("$root/usr/lib/$lib.so.0");
	is symbols($ours), $theirs, "$lib: symbols";
	like $theirs, qr/^T \w+$/m, "$lib: there are some";
	is dynamic($ours, 'SONAME'), "$lib.so.0", "$lib: its name";
	is readlink("$stage/usr/lib/$lib.so"), "$lib.so.0",
	    "$lib: what the linker looks for";
}
unlike dynamic("$stage/usr/lib/libcourierauth.so.0", 'NEEDED'),
    qr/libssl|libstdc|libgdbm/, 'no big library but the one of digests';

# Modules of Courier's daemon run on our common library, but for those that
# read their settings with a class of C++ that lies in it.
for my $module (qw(userdb pipe pam custom mysql pgsql sqlite ldap)) {
	my $so = "$root/usr/lib/courier-authlib/libauth$module.so.0";
	my $class = grep { /U _ZN\w*7courier/ } `nm -D --undefined-only $so`;
	is $class ? 'C++' : 'C', $module =~ /^(?:userdb|pipe|pam|custom)$/ ?
	    'C' : 'C++', "their module $module";
}

# ---- the program ------------------------------------------------------------

my $make = slurp("$build/Makefile");
my $cc = $make =~ /^CC = (.*)$/m ? $1 : 'cc';
$cc .= " $1" if $sanitized && $make =~ /^CFLAGS = (.*)$/m;
run('sh', '-c', "$cc -std=c89 -pedantic -Wall -Wextra -Werror -D_XOPEN_SOURCE=600 "
    . "-D_DEFAULT_SOURCE -I'$stage/usr/include' -o '$dir/abi' "
    . "'$FindBin::Bin/abi.c' -L'$stage/usr/lib' -lcourierauthsaslclient "
    . '-lcourierauthsasl -lcourierauthcommon -lcourierauth '
    . "-Wl,-rpath-link,'$stage/usr/lib'")
    or die "abi.c: $Private::out";

run('sh', '-c', 'LD_LIBRARY_PATH="$1" "$2" layout', 'sh', "$stage/usr/lib",
    "$dir/abi");
is $Private::out, <<'END', 'structures (authdaemon.md 7.2)' if length pack('P', 0) == 8;
authinfo 88: sysusername=0 sysuserid=8 sysgroupid=16 homedir=24 address=32 fullname=40 maildir=48 quota=56 passwd=64 clearpasswd=72 options=80
authsaslclientinfo 64: userid=0 password=8 sasl_funcs=16 start_conv_func=24 conv_func=32 final_conv_func=40 plain_conv_func=48 conv_func_arg=56
authstaticinfo 56: auth_name=0 auth_func=8 auth_prefunc=16 auth_cleanupfunc=24 auth_changepwd=32 auth_idle=40 auth_enumerate=48
auth_meta 8 authsasl_info 16
END

sub server {
	my ($name) = @_;
	my $s = Suite->new(mail => $mail, programs => $which{$name},
	    imapd => { IMAP_ACL => 0, MAXPERIP => 200, MAXDAEMONS => 200 },
	    authdaemonrc => { authmodulelist => 'authuserdb', daemons => 3,
	    DEFAULTOPTIONS => 'wbnodsn=1' });
	$s->set('imapd-ssl', IMAPDSTARTTLS => 'NO');
	spew($s->etc('userdb'), $userdb, 0600);
	$s->inside('makeuserdb') or die "makeuserdb: $Private::out";
	system('cp', "$dir/abi", "$s->{root}/usr/bin/abi") == 0 or die 'cp';
	my $skel = "$s->{root}/etc/skel";
	system 'rm', '-rf', $skel;
	mkdir $skel, 0750;
	chmod 0750, $skel;
	mkdir "$skel/Maildir$_", 0700 for '', '/tmp', '/new', '/cur';
	spew("$skel/hello", "hello\n", 0640);
	chmod 0640, "$skel/hello";
	symlink 'hello', "$skel/link";
	$s->start_auth;
	$s->start_imap unless $sanitized;
	return $s;
}

# Its output; lines of an enumeration come in any order.
sub abi {
	my ($s, @argv) = @_;
	$s->inside('TCPREMOTEIP=192.0.2.7', 'TIMEOUT_READ=5',
	    'AUTH_MKHOMEDIR_SKEL=/etc/skel', 'abi', @argv);
	my @lines = split /\n/, $Private::out;
	my @accounts = sort grep { /^  account [^<]/ } @lines;
	return join "\n", (grep { !/^  account [^<]|\[Hint:/ } @lines),
	    @accounts;
}

sub tree {
	my ($top) = @_;
	run('sh', '-c', 'cd "$1" && find . -printf "%P %y %m %U:%G %l\n" | '
	    . 'sort', 'sh', $top);
	return $Private::out;
}

# ---- Courier's programs -----------------------------------------------------

sub talk {
	my ($port, @say) = @_;
	my $c = IO::Socket::INET->new(PeerAddr => "127.0.0.1:$port",
	    Timeout => 10) or return "no connection: $!";
	my $text = '';
	local $SIG{ALRM} = sub { die "time\n" };
	alarm 30;
	eval {
		my $line = <$c>;
		for (@say) {
			print $c "$_\r\n";
			while (defined($line = <$c>)) {
				$text .= $line;
				last if $line =~ /^(?:a\d|\+OK|-ERR|\+ )/;
			}
		}
	};
	alarm 0;
	$text =~ s/\r//g;
	return $text;
}

sub imap_login {
	my ($s) = @_;
	my $good = talk($s->{port}, 'a1 LOGIN one@a.test secret',
	    'a2 STATUS INBOX (MESSAGES)', 'a3 LOGOUT');
	$good =~ s/MESSAGES \d+/MESSAGES n/;
	return $good . talk($s->{port}, 'a1 LOGIN two@a.test wrong',
	    'a2 LOGOUT');
}

sub pop_login {
	my ($s) = @_;
	my $port = free_port();
	$s->set('pop3d', ADDRESS => '127.0.0.1', PORT => $port);
	$s->set('pop3d-ssl', POP3_STARTTLS => 'NO');
	$s->inside('/usr/lib/courier/pop3d', 'start');
	wait_port($port, 20) or return "pop3d: $Private::out";
	my $text = talk($port, 'USER one@a.test', 'PASS secret', 'NOOP',
	    'QUIT') . talk($port, 'USER two@a.test', 'PASS wrong');
	$s->inside('/usr/lib/courier/pop3d', 'stop');
	$s->kill_inside('courierpop3login', 'courierpop3d');
	return $text;
}

my $mails = 0;

sub deliver {
	my ($s, $user) = @_;
	my $text = "from\@b.test, number " . ++$mails;
	$s->inside('/bin/sh', '-c', "printf 'Subject: $text\\n\\nhello\\n' | "
	    . "maildrop -d $user; echo \$?");
	my $said = $Private::out;
	(my $home = $user) =~ s/\@.*//;
	my @found = grep { slurp($_) =~ /^Subject: \Q$text\E$/m }
	    glob "$mail/$home/Maildir/new/*";
	return sprintf "maildrop %s: %d found, owner %s, %s", $user,
	    scalar @found, @found ? (stat $found[0])[4] : '', $said;
}

sub tools {
	my ($s) = @_;
	my @said;
	for (['authtest', 'one@a.test'], ['authtest', 'one@a.test', 'secret'],
	    ['authtest', 'one@a.test', 'wrong'], ['authtest', 'nobody']) {
		my $ok = $s->inside(@$_);
		push @said, "@$_: " . ($ok ? 'ok' : 'fails'), $Private::out;
	}
	return join "\n", @said;
}

# An unknown option gives nothing; the version is of another release.
sub config {
	my ($s) = @_;
	my @said;
	for (qw(--version --version=0.60 --version=0.71.4 --version=0.9
	    --version=1 --version=99.1 --version= --version=x --ldflags
	    --cppflags --configfiles --foo), '--ldflags --version=0.1', '') {
		my $ok = $s->inside('courierauthconfig', split ' ');
		push @said, "$_: " . ($ok ? 'ok' : 'fails'),
		    $Private::out =~ /^\d+\.\d+\.\d+$/ ? 'version' :
		    $Private::out;
	}
	return join "\n", @said;
}

sub all {
	my ($name) = @_;
	my $s = server($name);
	my %got;
	$got{$_} = abi($s, $_) for qw(requests encodings digests texts);
	$got{one} = abi($s, 'become', 'one@a.test');
	$got{home} = abi($s, 'become', 'bare@a.test');
	$got{tree} = tree("$mail/bare");
	system 'rm', '-rf', "$mail/bare";
	$got{change} = abi($s, 'change', 'secret', 'other');
	$got{change} =~ s/passwd=\$1\$\S+/passwd=P/g;
	$got{soak} = abi($s, 'soak', 1000);
	$got{imap} = imap_login($s);
	$got{pop} = pop_login($s);
	$got{maildrop} = join "\n", map { deliver($s, $_) } qw(one@a.test
	    two@a.test);
	$got{tools} = tools($s);
	$got{config} = config($s);
	$got{logged} = join "\n", sort map { /(LOGIN\w*(?: FAILED)?, user=\S+)/ ?
	    $1 : () } split /\n/, $s->log;
	$s->stop_auth;
	$got{dead} = abi($s, 'requests');
	$got{socket} = do {
		unlink "$s->{root}/run/courier/authdaemon/socket";
		abi($s, 'requests');
	};
	$got{none} = deliver($s, 'one@a.test');
	$s->stop;
	$s->destroy;
	return \%got;
}

if ($sanitized) {
	my $s = server('all ours');
	for (['requests'], ['encodings'], ['digests'], ['texts'],
	    ['become', 'one@a.test'], ['become', 'bare@a.test'],
	    ['change', 'secret', 'other'], ['soak', 300]) {
		ok $s->inside('TIMEOUT_READ=5', 'AUTH_MKHOMEDIR_SKEL=/etc/skel',
		    'abi', @$_), "sanitizer: @$_";
		unlike $Private::out, qr/Sanitizer|runtime error/,
		    "sanitizer: @$_: nothing to say";
	}
	$s->stop_auth;
	ok $s->inside('abi', 'requests'), 'sanitizer: no daemon';
	$s->stop;
	done_testing();
	exit;
}

my $theirs = all($order[0]);
like $theirs->{requests}, qr/^  login: .* homedir=\/srv\/mail\/one address=one\@a\.test fullname=Mr\. One maildir=\/srv\/mail\/one\/Maildir quota=10000000S passwd=\Q$crypt\E clearpasswd=secret options=disableshared=1,group=g,wbnodsn=1$/m,
    'the account is whole';
like $theirs->{imap}, qr/^a1 OK.*^a3 OK.*^a1 NO/ms, 'a login, and none';
like $theirs->{pop}, qr/^\+OK logged in/m, 'POP3 too';
like $theirs->{maildrop}, qr/one\@a\.test: 1 found, owner 5000, 0/,
    'maildrop delivers';
is $theirs->{soak}, 'soak: 666 found, 0 failed, 0 descriptors and 0 bytes more',
    'no leak, there';
like $theirs->{config}, qr/^mailuid=120$/m, 'courierauthconfig';
like $theirs->{tree}, qr/^hello f 640 5000:5000/m, 'a home is made';
# Their first failure to connect leaves another errno (authdaemon.md 10.2-37).
$theirs->{$_} =~ s/^(right: 1) .*$/$1/m for qw(dead socket);
for my $name (@order[1 .. 3]) {
	my $ours = all($name);
	for my $part (sort keys %$theirs) {
		$ours->{$part} =~ s/^(right: 1) .*$/$1/m
		    if $part =~ /^(?:dead|socket)$/;
		is $ours->{$part}, $theirs->{$part}, "$name: $part";
	}
}

# Nothing of Courier's is left but maildrop.
my $whole = server('all ours');
is abi($whole, 'requests'), $theirs->{requests}, 'all of Chapar: requests';
is join("\n", map { deliver($whole, $_) } qw(one@a.test two@a.test)),
    $theirs->{maildrop}, 'all of Chapar: maildrop';
$whole->stop;
$whole->destroy;

# ---- Courier's modules of C on our libraries --------------------------------

my $prog = <<'END';
#!/usr/bin/perl
$| = 1;
my $account = "UID=5\nGID=6\nHOME=/p\nADDRESS=pu\nNAME=P U\n.\n";
while (my $line = <STDIN>) {
	if ($line =~ /^AUTH (\d+)/) {
		read STDIN, my $data, $1;
		print $data =~ /\npu\npw\n?$/ ? $account : "FAIL\n";
	} elsif ($line =~ /^ENUMERATE/) {
		print "pu\t5\t6\t/p\n.\n";
	} elsif ($line =~ /^PASSWD imap\tpu\tpw\t/) {
		print "OK\n";
	} else {
		print $line =~ / pu$/ ? $account : "FAIL\n";
	}
}
END

sub modules {
	my ($which) = @_;
	my $s = Suite->new(mail => $mail, programs => $which, authdaemonrc => {
	    authmodulelist => 'authpipe authcustom authpam authuserdb',
	    daemons => 2 });
	spew($s->etc('authProg'), $prog, 0755);
	spew($s->etc('userdb'), $userdb, 0600);
	$s->inside('makeuserdb');
	$s->start_auth;
	my ($user) = slurp($s->etc('../passwd')) =~ /^(vmail[^:]*):/m;
	my @said;
	for (map { [split] } 'authtest -s imap pu', 'authtest -s imap pu pw',
	    'authtest -s imap pu no', 'authtest -s imap pu pw new',
	    'authtest -s imap pu no new', 'authtest -s imap one@a.test secret',
	    'authtest -s imap change@a.test secret other', "authtest -s imap $user",
	    'authtest -s imap change@a.test other', 'authenumerate -o') {
		push @said, "@$_: " . ($s->inside(@$_) ? 'ok' : 'fails'),
		    $Private::out =~ s/\$1\$.*/P/gr;
	}
	push @said, map { s/.* authdaemond: //r } grep { /Installation|found/ }
	    split /\n/, $s->log;
	$s->stop_auth;
	return join("\n", @said) =~ s/\Q$user\E/vmail/gr;
}
my $modules = modules('courier');
like $modules, qr/^authtest -s imap pu pw: ok$/m, 'authpipe';
like $modules, qr/^vmail\t5000/m, 'authpam lists accounts';
is modules({ authlib => 'chapar' }), $modules,
    'their daemon and modules on our libraries';

# A daemon that does not answer in time, and one that closes at once.
for my $name (@order[0, 1]) {
	my $s = Suite->new(mail => $mail, programs => $which{$name});
	system('cp', "$dir/abi", "$s->{root}/usr/bin/abi") == 0 or die 'cp';
	my $path = "$s->{root}/run/courier/authdaemon/socket";
	my $sock = IO::Socket::UNIX->new(Type => SOCK_STREAM, Listen => 5,
	    Local => $path) or die "$path: $!";
	my $from = now();
	$s->inside('TIMEOUT_READ=2', 'abi', 'one');
	my $took = now() - $from;
	like $Private::out, qr/^one: 1 /, "$name: no answer";
	cmp_ok $took, '>', 1.5, "$name: it waits";
	cmp_ok $took, '<', 20, "$name: not for long";
	my $pid = start({ code => sub {
		while (my $c = $sock->accept) {
			sysread $c, my $line, 100;
			print $c 'UID=5' if $line =~ /two/;
			close $c;
		}
	} });
	close $sock;
	for my $user ('one', 'two') {
		$s->inside('abi', 'one', $user);
		is $Private::out, "one: 1 Input/output error\n",
		    "$name: a reply that ends early ($user)";
	}
	kill 'TERM', $pid;
	waitpid $pid, 0;
	is asked($s, $path, 0, 'abi', 'login', 'one'), ($name =~ /^ours/ ?
	    'CLIENT=libcourierauth|' : '') . "AUTH 22|imap|login|one|secret|",
	    "$name: a login without an address";
	is $Private::out, "login: -1 Operation not permitted\n", 'is refused';
	is asked($s, $path, 0, 'TCPREMOTEIP=::2', 'abi', 'one', 'one'),
	    'PRE . imap one|', "$name: a look-up";
	next if $name =~ /^theirs/;
	is asked($s, $path, 1, 'abi', 'login', 'one'), join(' ',
	    'CLIENT=libcourierauth|AUTH 22|imap|login|one|secret|',
	    'CLIENT=libcourierauth|PRE - - -|',
	    'AUTH 22|imap|login|one|secret|'), "$name: an old daemon";
	is $Private::out, "login: -1 Operation not permitted\n",
	    'is asked once more';
	is asked($s, $path, 0, "TCPREMOTEIP=\xe9", 'abi', 'default', 'one'),
	    "TCPREMOTEIP=\xe9|PRE . imap one|", 'bytes of 8 bits';	# 10.2 #32
	$s->inside('abi', 'login', 'one');
	like $Private::out, qr/^ERR:\ authdaemon:\ s_connect\(\)\ failed:\ Connection\ refused\n
	    ERR:\ \[Hint:\ perhaps\ authdaemond\ is\ not\ running\?\]\n
	    login:\ 1\ Connection\ refused$/mx, 'a hint, and errno';	# 10.2 #37
	$s->destroy;
}

# What a daemon hears that refuses; an old one knows no lines before the verb.
sub asked {
	my ($s, $path, $is_old, @argv) = @_;
	unlink $path, "$dir/heard";
	my $sock = IO::Socket::UNIX->new(Type => SOCK_STREAM, Listen => 5,
	    Local => $path) or die "$path: $!";
	my $pid = start({ code => sub {
		while (my $c = $sock->accept) {
			sysread $c, my $text, 1000;
			open my $f, '>>', "$dir/heard";
			print $f $text =~ tr/\n/|/r, ' ';
			close $f;
			print $c "FAIL\n" unless $is_old && $text =~ /^\w+=/;
			close $c;
		}
	} });
	close $sock;
	$s->inside(@argv);
	kill 'TERM', $pid;
	waitpid $pid, 0;
	return slurp("$dir/heard") =~ s/ $//r;
}

# Trouble that may pass is that for programs on our library, with or without
# an address; a raw request without a line hears FAIL.
my $pipe = Suite->new(mail => $mail, programs => $which{'ours, our daemon'},
    authdaemonrc => { authmodulelist => 'authpipe', daemons => 1 });
spew($pipe->etc('authProg'), "#!/bin/sh\nexit 1\n", 0755);
system('cp', "$dir/abi", "$pipe->{root}/usr/bin/abi") == 0 or die 'cp';
$pipe->start_auth;
for my $ip ([], ['TCPREMOTEIP=192.0.2.1']) {
	$pipe->inside(@$ip, 'abi', 'login', 'one');
	like $Private::out, qr/^login: 1 /, "trouble is no refusal: @$ip";
}
my $raw = IO::Socket::UNIX->new(Type => SOCK_STREAM,
    Peer => "$pipe->{root}/run/courier/authdaemon/socket") or die "connect: $!";
print $raw "AUTH 22\nimap\nlogin\none\nsecret\n";
$raw->flush;
is join('', <$raw>), "FAIL\n", 'others cannot take silence for a yes';
$pipe->stop;
$pipe->destroy;
done_testing();
