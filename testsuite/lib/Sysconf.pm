# The start scripts in a folder of their own: templates with their paths filled
# in, the programs under test beside them.  SPDX-License-Identifier: ISC
#
#   my $s = Sysconf->new;      $s->{dir}, $s->{etc}
#   $s->conf(NAME => VALUE);   etc/imapd: small, with these lines behind it
#   $s->script('imapd.rc', 'start')      true if it ended with 0; the output
#                                        is in $Private::out
#
# In imaplogin's place stands a script that tells its environment.
package Sysconf;
use strict;
use warnings;
use Private qw(:all);

my %where = (
	prefix => '', bindir => '/bin', sbindir => '/sbin',
	imapconfdir => '/etc', authconfdir => '/etc', piddir => '/run',
	authvardir => '/run/authdaemon', authsbindir => '/bin',
	authlibexecdir => '/libexec', scriptdir => '/bin', tcpddir => '/bin',
	logindir => '/libexec', maildir_bindir => '/bin', datdir => '/bin',
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
	spew("$dir/libexec/imaplogin", <<"END", 0755);
#!/bin/sh
test "\$1" != -check || exec $build/src/prog/imaplogin "\$@"
echo "args \$*"
echo "umask `umask`"
echo "limit `ulimit -v`"
env | LC_ALL=C sort
echo done
exec cat >/dev/null
END
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
	for my $file (qw(imapd.pid authdaemon/pid)) {
		my $pid = $self->pid($file) or next;
		run("$self->{dir}/bin/courierlogger",
		    "-pid=$self->{dir}/run/$file", '-stop');
	}
}

1;
