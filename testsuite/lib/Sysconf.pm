# The start scripts in a folder of their own: templates with their paths filled
# in, the programs under test beside them.  SPDX-License-Identifier: ISC
#
#   my $s = Sysconf->new;      $s->{dir}, $s->{etc}
#   $s->conf(LINE...);         etc/imapd: small, with these lines behind it
#   $s->conf_of(NAME, LINE...) the same for imapd-ssl, pop3d, pop3d-ssl; their
#                              ports are $s->{'imapd-ssl'} and so on
#   $s->script('imapd.rc', 'start')      true if it ended with 0; the output
#                                        is in $Private::out
#
# In the places of imaplogin and pop3login stands a script that tells its
# environment, in that of couriertls one that tells its options and runs them.
package Sysconf;
use strict;
use warnings;
use Private qw(:all);

my %where = (
	prefix => '', bindir => '/bin', sbindir => '/sbin',
	imapconfdir => '/etc', authconfdir => '/etc', piddir => '/run',
	authvardir => '/run/authdaemon', authsbindir => '/bin',
	authlibexecdir => '/libexec', scriptdir => '/bin', tcpddir => '/bin',
	logindir => '/libexec', maildir_bindir => '/bin', pop3dir => '/bin', datdir => '/bin',
	cachedir => '/run',
);

sub new {
	my ($class) = @_;
	my $dir = workdir() . '/inst';
	my $self = bless { dir => $dir, etc => "$dir/etc",
	    port => free_port() }, $class;
	system 'mkdir', '-p', map { $dir . $where{$_} } keys %where;
	my $build = $ENV{top_builddir} or die "top_builddir is not set\n";
	for my $prog (qw(couriertcpd courierlogger makedatprog)) {
		symlink "$build/src/prog/$prog", "$dir/bin/$prog";
	}
	for my $in (glob top() . '/sysconf/*.in') {
		my $text = slurp($in);
		$text =~ s/\@(\w+)\@/exists $where{$1} ? $dir . $where{$1} :
		    $1 eq 'VERSION' ? '1.0' : $1 eq 'mailuser' ? getpwuid $> :
		    $1 eq 'mailgroup' ? getgrgid $) : ''/ge;
		my ($name) = $in =~ m,([^/]+)\.in$,;
		spew("$dir/bin/$name", $text, 0755);
	}
	$self->{$_} = free_port() for qw(imapd-ssl pop3d pop3d-ssl);
	$self->{imapd} = $self->{port};
	spew("$dir/bin/couriertls", <<'END', 0755);
#!/bin/sh
while :; do
	case $1 in
	-*)	tls="$tls $1" ;;
	*)	break ;;
	esac
	shift
done
TLS_OPTIONS=$tls exec "$@"
END
	for my $name (qw(imaplogin pop3login)) {
		spew("$dir/libexec/$name", <<"END", 0755);
#!/bin/sh
test "\$1" != -check || exec $build/src/prog/$name "\$@"
echo "args \$*"
echo "name \$0"
echo "cwd \`pwd\`"
echo "umask `umask`"
echo "limit `ulimit -v`"
env | LC_ALL=C sort
echo done
exec cat >/dev/null
END
	}
	at_end(sub { $self->stop });
	return $self;
}

sub conf {
	my ($self, @lines) = @_;
	spew("$self->{etc}/imapd", <<"END" . join '', map { "$_\n" } @lines);
##VERSION: test
ADDRESS=127.0.0.1
PORT=$self->{port}
MAXDAEMONS=10
MAXPERIP=5
PIDFILE=$self->{dir}/run/imapd.pid
TCPDOPTS="-nodnslookup -noidentlookup"
LOGGEROPTS="-name=imapdtest"
IMAPACCESSFILE=$self->{etc}/imapaccess
MAILDIRPATH=Maildir
END
	spew("$self->{etc}/imapd-ssl", "SSLPORT=993\nIMAPDSTARTTLS=YES\n")
	    unless -f "$self->{etc}/imapd-ssl";
}

sub conf_of {
	my ($self, $name, @lines) = @_;
	my $ssl = $name =~ /-ssl/ ? 'SSL' : '';
	spew("$self->{etc}/$name", join '', map { "$_\n" } "##VERSION: test",
	    "${ssl}ADDRESS=127.0.0.1", "${ssl}PORT=$self->{$name}",
	    "${ssl}PIDFILE=$self->{dir}/run/$name.pid",
	    "${ssl}LOGGEROPTS=-name=${name}test", 'MAILDIRPATH=Maildir',
	    $ssl ? () : ('MAXDAEMONS=10', 'MAXPERIP=5'), @lines);
}

sub script {
	my ($self, $name, @args) = @_;
	return run("$self->{dir}/bin/$name", @args);
}

sub pid {
	my ($self, $name) = @_;
	return slurp("$self->{dir}/run/" . ($name || 'imapd.pid')) =~
	    /^(\d+)\n\z/ ? $1 : 0;
}

sub stop {
	my ($self) = @_;
	for my $file (qw(imapd.pid imapd-ssl.pid pop3d.pid pop3d-ssl.pid
	    authdaemon/pid)) {
		my $pid = $self->pid($file) or next;
		run("$self->{dir}/bin/courierlogger",
		    "-pid=$self->{dir}/run/$file", '-stop');
	}
}

1;
