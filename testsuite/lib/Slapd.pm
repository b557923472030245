# A private OpenLDAP server on loopback ports.  SPDX-License-Identifier: ISC
#
#   my $db = Slapd->new(tls => [cert, key]);    starts it; $db->{port}, and
#                                   {tls_port} for ldaps://; suffix
#                                   o=x, cn=root,o=x with password rootpw
#   $db->add($ldif);                entries, below the suffix
#   $db->value($dn, $attribute)
#   $db->stop; $db->start;          same data, same port
package Slapd;
use strict;
use warnings;
use Private qw(:all !start);

# Courier's attributes: those of its schema that a test needs.
my $oid = '1.3.6.1.4.1.10018.1';
my @string = ('EQUALITY caseExactIA5Match',
    'SYNTAX 1.3.6.1.4.1.1466.115.121.1.26');
my $schema = join '', map({ "attributetype ( $oid.1.$_->[0] NAME '$_->[1]' "
    . "@string )\n" } [1, 'mailbox'], [2, 'quota'], [3, 'clearPassword'],
    [8, 'defaultDelivery'], [9, 'disableimap'], [12, 'sharedgroup'],
    [98, 'realm'], [99, 'handle']),
    "objectclass ( $oid.2.1 NAME 'CourierMailAccount' SUP top AUXILIARY "
    . "MAY ( mail \$ homeDirectory \$ uidNumber \$ gidNumber \$ mailbox \$ "
    . "quota \$ clearPassword \$ userPassword \$ defaultDelivery \$ "
    . "disableimap \$ sharedgroup \$ realm \$ handle ) )\n";

sub new {
	my ($class, %arg) = @_;
	my $dir = workdir() . '/slapd';
	my $self = bless { dir => $dir, port => free_port() }, $class;
	$self->{tls_port} = free_port() if $arg{tls};
	mkdir $_ or die "$_: $!" for $dir, "$dir/db";
	my $tls = $arg{tls} ? "TLSCertificateFile $arg{tls}[0]\n"
	    . "TLSCertificateKeyFile $arg{tls}[1]\n" : '';
	my ($modules) = grep { -d } '/usr/lib/ldap', '/usr/libexec/openldap';
	my ($schemas) = grep { -d } '/etc/ldap/schema', '/etc/openldap/schema';
	spew("$dir/conf", join('', map { "include $schemas/$_.schema\n" }
	    qw(core cosine nis inetorgperson)) . <<"EOT", 0644);
$schema
modulepath $modules
moduleload back_mdb
pidfile $dir/db/pid
$tls
sizelimit unlimited
database mdb
maxsize 10485760
suffix o=x
rootdn cn=root,o=x
rootpw rootpw
directory $dir/db
dbnosync
access to attrs=userPassword,clearPassword by self write by anonymous auth
access to * by self write by * read
EOT
	if ($> == 0) {
		my ($uid, $gid) = (getpwnam 'openldap')[2, 3];
		die "no user openldap\n" unless defined $uid;
		chown $uid, $gid, "$dir/db";
		$self->{as} = ['-u', 'openldap', '-g', 'openldap'];
	}
	$self->start;
	$self->add("dn: o=x\nobjectClass: organization\no: x\n\n");
	return $self;
}

sub start {
	my ($self) = @_;
	$self->{pid} = Private::start({ log => "$self->{dir}/log" },
	    '/usr/sbin/slapd', '-f', "$self->{dir}/conf", '-d', '0', '-h',
	    "ldap://127.0.0.1:$self->{port}" . ($self->{tls_port} ?
	    " ldaps://127.0.0.1:$self->{tls_port}" : ''), @{ $self->{as} || [] });
	wait_port($self->{port})
	    or die 'slapd does not start: ' . slurp("$self->{dir}/log");
}

sub root {
	my ($self, $program, @more) = @_;
	return run($program, '-x', '-H', "ldap://127.0.0.1:$self->{port}",
	    '-D', 'cn=root,o=x', '-w', 'rootpw', @more);
}

sub add {
	my ($self, $ldif) = @_;
	spew("$self->{dir}/ldif", $ldif);
	$self->root('ldapadd', '-f', "$self->{dir}/ldif") or die $Private::out;
}

sub replace {
	my ($self, $dn, $attribute, $value) = @_;
	spew("$self->{dir}/ldif", "dn: $dn\nchangetype: modify\n"
	    . "replace: $attribute\n$attribute: $value\n");
	$self->root('ldapmodify', '-f', "$self->{dir}/ldif")
	    or die $Private::out;
}

sub value {
	my ($self, $dn, $attribute) = @_;
	$self->root('ldapsearch', '-LLL', '-o', 'ldif-wrap=no', '-b', $dn,
	    '-s', 'base', '(objectClass=*)', $attribute);
	return $1 if $Private::out =~ /^$attribute: (.*)$/m;
	require MIME::Base64;
	return $Private::out =~ /^${attribute}:: (.*)$/m ?
	    MIME::Base64::decode_base64($1) : undef;
}

sub stop { Private::stop($_[0]{pid}) }

1;
