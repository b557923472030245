# Debian's authdaemond in a private root, with Authd's interface.
# SPDX-License-Identifier: ISC
#
#   my $b = CourierAuthd->new(rc => ...);    needs root
#   $b->tool('userdb', ...)                  their program, inside the root
#   $b->outside($text)                       their paths made ours (Authd)
package CourierAuthd;
use strict;
use warnings;
use Private qw(:all !start);
use parent -norequire, 'Authd';
use Authd;

my $count = 0;

sub new {
	my ($class, %arg) = @_;
	my $root = workdir() . '/theirs' . ++$count;
	my $self = bless { root => $root, dir => $root, env => {
	    PATH => '/usr/sbin:/usr/bin', %{ $arg{env} || {} } } }, $class;
	at_end(sub { $self->destroy });
	run('sh', lib('courier-root.sh'), 'copy', $root)
	    or die "no Courier to compare with: $Private::out";
	$self->rc($arg{rc}) if defined $arg{rc};
	$self->start unless $arg{idle};
	return $self;
}

sub conf { return "$_[0]{root}/etc/courier/$_[1]" }
sub var { return "$_[0]{root}/run/courier/authdaemon/$_[1]" }
sub log { return slurp("$_[0]{root}/log") }

sub rc {
	my ($self, $text) = @_;
	unlink $self->conf('authdaemonrc');
	spew($self->conf('authdaemonrc'), $text);
}

# Their daemon reads DEBUG_LOGIN and the like from the environment only.
sub start {
	my ($self) = @_;
	unlink $self->var('socket');
	$self->{pid} = Private::start({ log => "$self->{root}/log" }, 'chroot',
	    $self->{root}, '/bin/sh', '-c', 'set -a; . /etc/courier/'
	    . 'authdaemonrc; exec /usr/lib/courier/courier-authlib/authdaemond');
	wait_for(30, sub { -S $self->var('socket') })
	    or die 'their authdaemond does not start: ' . $self->log;
}

sub tool {
	my ($self, @argv) = @_;
	my $in = ref $argv[0] ? ${ shift @argv } : '';
	my $name = shift @argv;
	spew("$self->{root}/tmp/in", $in);
	return run('sh', '-c', 'exec chroot "$0" /usr/bin/env -i '
	    . 'PATH=/usr/sbin:/usr/bin "$@" <"$0/tmp/in"', $self->{root},
	    "/usr/sbin/$name", @argv);
}

sub destroy {
	my ($self) = @_;
	$self->stop;
	run('sh', lib('courier-root.sh'), 'done', $self->{root})
	    or warn $Private::out;
}

1;
