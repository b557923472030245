#!/usr/bin/perl
# What authdaemond and its modules say, at each DEBUG_LOGIN.
# SPDX-License-Identifier: ISC
use strict;
use warnings;
use Digest::MD5 qw(md5_base64);
use FindBin;
use lib "$FindBin::Bin/../lib";
use Private qw(:all);
use Test::More;
use Authd;

my $md5 = '{MD5}' . md5_base64('secret') . '==';
my $a = Authd->new(idle => 1);
spew($a->conf('userdb'), "min\thome=/h|uid=1|gid=2|gecos=M, x|"
    . "systempw=$md5|imappw={SHA}x\nbare\thome=/h|uid=1|gid=2\n"
    . "nohome\tuid=1|gid=2\nbad\thome=/h|uid=1x|gid=2\n", 0600);
$a->tool('makeuserdb') or die $Private::out;
my ($dat, $shadow) = map { $a->conf($_) } 'userdb.dat', 'userdbshadow.dat';
my $seen = '';

sub level {
	my ($n) = @_;
	$a->stop;
	$a->rc("authmodulelist=\"authuserdb nosuchmodule\"\ndaemons=1\n"
	    . "DEBUG_LOGIN=$n\n");
	$a->start;
	said();
}

# The lines since the last call.
sub said {
	my $all = $a->log;
	my $new = substr $all, length $seen;
	$seen = $all;
	return $new;
}

# The lines that a request makes. The worker logs before it replies.
sub lines_of {
	said();
	$a->ask(@_);
	return said();
}

sub login {
	my ($user, $password, $service) = @_;
	my $data = ($service || 'pop3') . "\nlogin\n$user\n$password\n";
	return lines_of('AUTH ' . length($data) . "\n$data");
}

# ---- start ----
$a->rc("authmodulelist=\"authuserdb nosuchmodule\"\ndaemons=1\n");
$a->start;
$seen = $a->log;
like $seen, qr{\AINFO: modules="authuserdb nosuchmodule", daemons=1
INFO: Installing libauthuserdb\.so\.0
INFO: Installation complete: authuserdb
INFO: Installing libnosuchmodule\.so\.0
INFO: .*nosuchmodule.*
\z}, 'start';

# ---- 0: nothing ----
level(0);
is login('min', 'secret') . login('min', 'wrong') . login('nobody', 'x')
    . lines_of("PRE . imap min\n") . lines_of("ENUMERATE\n") =~ s/^ERR.*\n//r
    . lines_of("FOO\n"), '', 'level 0: nothing about logins';

# ---- 1: no passwords ----
level(1);
my $record = 'sysusername=<null>, sysuserid=1, sysgroupid=2, homedir=/h, '
    . 'address=min, fullname=M, x, maildir=<null>, quota=<null>, '
    . 'options=<null>';
my $fields = 'home=/h, uid=1, gid=2, shell=<unset>, mail=<unset>, '
    . 'quota=<unset>, gecos=M, x, options=<unset>';
my $found = <<"EOF";
DEBUG: received auth request, service=pop3, authtype=login
DEBUG: authuserdb: trying this module
DEBUG: userdb: looking up 'min'
DEBUG: userdb: $fields
DEBUG: found systempw in userdbshadow
DEBUG: authuserdb: $record
EOF
is login('min', 'secret'), $found =~ s/(?=DEBUG: userdb: looking)/DEBUG: userdb: opened $dat\n/r
    . <<"EOF", 'level 1: login, the database is opened';
DEBUG: password matches successfully
Authenticated: $record
EOF
is login('min', 'wrong'), $found . <<'EOF', 'level 1: wrong password';
DEBUG: supplied password does not match encrypted password
DEBUG: authuserdb: REJECT - try next module
DEBUG: FAIL, all modules rejected
EOF
is login('nobody', 'x'), <<"EOF", 'level 1: unknown user';
DEBUG: received auth request, service=pop3, authtype=login
DEBUG: authuserdb: trying this module
DEBUG: userdb: looking up 'nobody'
DEBUG: userdb: entry not found
DEBUG: authuserdb: REJECT - try next module
DEBUG: FAIL, all modules rejected
EOF
like login('bare', 'x'), qr{^DEBUG:\ userdbshadow:\ entry\ not\ found\n
    (?:DEBUG:.*\n)*?
    DEBUG:\ no\ password\ available\ to\ compare\.\n}mx, 'level 1: no password';
like login('min', 'x', 'imap'), qr/^DEBUG: found imappw in userdbshadow$/m,
    'level 1: the service\'s own';
like login('nohome', 'x'), qr/^DEBUG: userdb: required value 'home' is missing$/m,
    'level 1: no home';
like login('bad', 'x'), qr/^ERR: userdb: bad is refused: '1x' is no value for uid$/m,
    'a bad uid';
like lines_of("PRE . imap nobody\n"),
    qr/\ADEBUG: received userid lookup request: nobody\n/, 'level 1: PRE';
like lines_of("AUTH 21\nimap\ncram-sha512\na\nb\n"),
    qr/^DEBUG: cram: invalid base64 encoding, or unknown method: cram-sha512$/m,
    'CRAM: hash';
like lines_of("AUTH 15\nimap\nfoo\nmin\nx\n"),
    qr/^DEBUG: Unsupported authentication type: foo$/m, 'unknown type';
like lines_of("AUTH 22\nimap\ncram-md5\n!!!!\nab\n"),
    qr/^DEBUG: cram: challenge=!!!!, response=ab\nDEBUG: cram: invalid base64 encoding/m,
    'CRAM: base64';
# <1@h>, "min 00...0"
my $cram = "imap\ncram-md5\nPDFAaD4=\nbWluIDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAw\n";
like lines_of('AUTH ' . length($cram) . "\n$cram"), qr{^DEBUG:\ cram:\ decoded\ challenge/response,\ username\ 'min'\n
    (?:DEBUG:.*\n)*
    DEBUG:\ authcram:\ no\ imap-hmac-md5pw\ or\ hmac-md5pw\ value\ found$}mx,
    'CRAM: no secret';
unlike $a->log, qr/secret|wrong/, 'level 1: no password in the log';
unlike $a->log, qr/\Q$md5\E/, 'level 1: and no stored one';

# What a client sends forges no line.
unlike lines_of("PRE . imap a\rERR: forged\n"), qr/^ERR/m, 'no forged line';
like lines_of("PRE . imap %s%n%s%n\n"),
    qr/received userid lookup request: %s%n%s%n$/m, 'no format';

# A long one is cut, not lost.
like lines_of("PRE . imap " . 'x' x 4000 . "\n"),
    qr/^DEBUG: received userid lookup request: x{1900,2020}$/m, 'a long line';

# ---- 2: passwords ----
level(2);
my $both = $found;
$both .= "DEBUG: authuserdb: clearpasswd=<null>, passwd=$md5\n";
is login('min', 'secret'), $both =~ s/(?=DEBUG: userdb: looking)/DEBUG: userdb: opened $dat\n/r
    . <<"EOF", 'level 2: login';
DEBUG: password matches successfully
Authenticated: $record
Authenticated: clearpasswd=secret, passwd=$md5
EOF
like login('min', 'wrong'),
    qr/^DEBUG: supplied password 'wrong' does not match encrypted password '\Q$md5\E'$/m,
    'level 2: wrong password';
like lines_of("PASSWD pop3\tmin\twrong\tnew\n"), qr{
    ^DEBUG:\ Trying\ to\ change\ system\ password\ for\ pop3\n
    DEBUG:\ Checking\ for\ password\ called\ "pop3pw"\n
    DEBUG:\ Not\ found,\ checking\ for\ "systempw"\n
    (?:DEBUG:.*\n)*
    DEBUG:\ Trying\ to\ change\ password\ for\ md5\n
    DEBUG:\ Checking\ for\ password\ called\ "pop3-hmac-md5pw"\n
    DEBUG:\ Password\ not\ found\.\n}mx, 'a change';

# ---- temporary failures, at all levels ----
level(1);
rename $dat, "$dat.away";
rename $a->conf('userdb'), $a->conf('text');
is login('min', 'secret'), <<"EOF", 'no database: nobody is known';
DEBUG: received auth request, service=pop3, authtype=login
DEBUG: authuserdb: trying this module
DEBUG: userdb: unable to open $dat
DEBUG: userdb: looking up 'min'
DEBUG: userdb: entry not found
DEBUG: authuserdb: REJECT - try next module
DEBUG: FAIL, all modules rejected
EOF
spew($dat, 'x' x 4096);
like login('min', 'secret'), qr{
    ^ERR:\ userdb:\ failed\ to\ open\ \Q$dat\E:.*\n
    DEBUG:\ authuserdb:\ TEMPFAIL\ -\ no\ more\ modules\ will\ be\ tried\n\z}mx,
    'a database that cannot be read';
like lines_of("ENUMERATE\n"),
    qr/^DEBUG: enumeration terminated prematurely in module authuserdb$/m, 'list';
level(0);
like login('min', 'secret'), qr/\AERR: userdb: failed to open \Q$dat\E:.*\n\z/,
    'level 0: the cause, on one line';

# ---- reload and end ----
ok $a->hup(qr/restarting authdaemond children\n(?:.*\n)*.*nosuchmodule/), 'reload';
like said(), qr{\AINFO: stopping authdaemond children
INFO: Uninstalling authuserdb
INFO: restarting authdaemond children
INFO: modules="authuserdb nosuchmodule", daemons=1
INFO: Installing libauthuserdb\.so\.0
INFO: Installation complete: authuserdb
}, 'its lines';
$a->stop;
is said() =~ s/^INFO: .*nosuch.*\n//mgr, "INFO: stopping authdaemond children\n", 'end';
done_testing;
