#!/usr/bin/perl
# authldap on an OpenLDAP: replies as Courier's, but for a list of differences
# that are meant; passwords compared and bound with, TLS, a server that goes.
# SPDX-License-Identifier: ISC
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Private qw(:all);
use Test::More;
use AuthPair;
use Slapd;

need('slapd', 'ldapadd', 'openssl');
my $dir = workdir();
my ($ours, $theirs) = pair(env => { LDAPTLS_CACERT => "$dir/ca.pem" });
plan skip_all => 'authldap is not built'
    unless -f "$ENV{top_builddir}/authdaemon/libauthldap.so";

run('openssl', 'req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', 2,
    '-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1',
    '-keyout', "$dir/key.pem", '-out', "$dir/ca.pem") or die $Private::out;
chmod 0644, "$dir/key.pem";
spew("$theirs->{root}/etc/courier/ca.pem", slurp("$dir/ca.pem"));

my $db = Slapd->new(tls => ["$dir/ca.pem", "$dir/key.pem"]);
my $secret = md5('secret');

sub entry {
	my ($cn, %attr) = @_;
	my %all = (mail => "$cn\@x.org", homeDirectory => "/h/$cn",
	    uidNumber => 1, gidNumber => 2, %attr);
	return join('', "dn: cn=$cn,o=x\nobjectClass: inetOrgPerson\n",
	    "objectClass: CourierMailAccount\nsn: $cn\n", map { my $a = $_;
	    map { "$a: $_\n" } ref $all{$a} ? @{ $all{$a} } : $all{$a} }
	    grep { defined $all{$_} } sort keys %all) . "\n";
}

$db->add(join '', entry('a', userPassword => $secret, mailbox => 'Maildir',
    quota => '10S', defaultDelivery => './M', disableimap => 1,
    sharedgroup => 'g'),
    entry('b', clearPassword => 'clear', userPassword => $secret),
    entry('c', clearPassword => 'only'),
    entry('two', mail => ['two@x.org', 'zwei@x.org'], userPassword => $secret),
    entry('d1', mail => 'd@x.org'), entry('d2', mail => 'd@x.org'),
    entry('noids', uidNumber => undef, gidNumber => undef,
	userPassword => $secret),
    entry('zero', uidNumber => 0, userPassword => $secret),
    entry('nohome', homeDirectory => undef, userPassword => $secret),
    entry('many', homeDirectory => '/m', mailbox => ['M1', 'M2']),
    entry('p', mail => 'p*(x)@x.org', userPassword => $secret),
    entry('map', mail => 'map@y.org', handle => 'a@x.org', realm => 'y.org'));

my $where = "LDAP_URI ldap://127.0.0.1:$db->{port}\nLDAP_BASEDN o=x\n"
    . "LDAP_PROTOCOL_VERSION 3\n";
my $root = "LDAP_INITBIND 1\nLDAP_BINDDN cn=root,o=x\nLDAP_BINDPW rootpw\n";
my $attrs = "LDAP_HOMEDIR homeDirectory\nLDAP_MAILDIR mailbox\n"
    . "LDAP_DEFAULTDELIVERY defaultDelivery\nLDAP_MAILDIRQUOTA quota\n"
    . "LDAP_FULLNAME cn\nLDAP_CLEARPW clearPassword\n"
    . "LDAP_CRYPTPW userPassword\nLDAP_UID uidNumber\nLDAP_GID gidNumber\n"
    . "LDAP_MAIL mail\n##NAME: MARKER:0\n";
my $rc = "authmodulelist=\"authldap\"\ndaemons=1\nDEBUG_LOGIN=2\n"
    . "DEFAULTOPTIONS=\"flag\"\nLDAPTLS_CACERT=/etc/courier/ca.pem\n";

sub with_ldap { with({ authldaprc => $_[0] }, $rc, $_[1]) }

# A change by each, and undone.
sub changes {
	my ($name, $old, $new, @attributes) = @_;
	my $dn = "cn=" . $name =~ s/\@.*//r . ',o=x';
	my %was = map { $_ => $db->value($dn, $_) } @attributes;
	for my $s ($ours, $theirs) {
		is $s->ask("PASSWD imap\t$name\t$old\t$new\n"), "OK\n",
		    ref($s) . " changes $name";
		is $s->login($name, $old), "FAIL\n", 'the old one is no more';
		like $_->login($name, $new), qr/^ADDRESS=/m, 'the new one is'
		    for $ours, $theirs;
		isnt $db->value($dn, $_), $was{$_}, "$_ is new" for @attributes;
		$db->replace($dn, $_, $was{$_}) for @attributes;
	}
}

my @names = map { "$_\@x.org" } qw(a b c two zwei d many nosuch A);

# ---- passwords are read and compared ----
with_ldap("$where$root${attrs}LDAP_AUXOPTIONS disableimap=disableimap,sharedgroup=group\n", sub {
	same(map { ("PRE . imap $_\n", "PRE . courier $_\n") } @names, 'a',
	    'a@', '@x.org', '*', 'a*', '*)(mail=*', 'x)(|(mail=a@x.org', '\\',
	    'a@x.org\\', "a\@x.org ", '$(domain)');
	same(login('a@x.org', 'secret'), login('a@x.org', 'wrong'),
	    login('nosuch', 'x'), login('b@x.org', 'clear'),
	    login('b@x.org', 'secret'), login('c@x.org', 'only'),
	    login('zwei@x.org', 'secret'), login('d@x.org', 'x'),
	    cram('b@x.org', 'clear'), cram('b@x.org', 'secret'),
	    cram('a@x.org', 'secret'), cram('a@x.org', ''),
	    "PASSWD imap\ta\@x.org\twrong\tnew\n",
	    "PASSWD imap\tnosuch\tx\tnew\n");
	# 10.2 #15
	differs('the name as it was typed', "PRE . imap p*(x)\@x.org\n",
	    qr/^ADDRESS=p\*\(x\)\@x\.org$/m,
	    qr/^ADDRESS=p\\2a\\28x\\29\@x\.org$/m);
	changes('a@x.org', 'secret', 'new', 'userPassword');
	changes('b@x.org', 'clear', 'new', 'userPassword', 'clearPassword');
	same("PRE . imap zero\@x.org\n", "PRE . imap noids\@x.org\n");
	like $ours->log, qr/^ERR: authldaplib: refuse to authenticate zero\@x\.org: uid=0, gid=2 \(zero uid or gid not permitted\)$/m, 'says why';
	is $ours->ask("PRE . imap nohome\@x.org\n"), '', 'no home';
	my ($x, $y) = map { join '', sort split /^/, $_->ask("ENUMERATE\n") }
	    $ours, $theirs;
	$y =~ s/^(?:zero|noids)\@.*\n//mg;
	is $x, $y, 'lists, but for what we refuse';

	# The server goes and comes (10.2 #2, #12).
	my $yes = qr/^ADDRESS=a\@x\.org$/m;
	$db->stop;
	is $ours->ask($_), '', 'server away: ' . shown($_)
	    for login('a@x.org', 'secret'), "PRE . imap nosuch\n",
	    cram('b@x.org', 'clear');
	is $ours->ask("PASSWD imap\ta\@x.org\tsecret\tx\n"), "FAIL\n",
	    'no change';
	is $ours->ask("ENUMERATE\n"), "# authldap\n\n", 'no list';
	is $theirs->ask("PRE . imap a\@x.org\n"), "FAIL\n",
	    'theirs: nobody has an account';
	$db->start;
	ok wait_for(30, sub { $ours->login('a@x.org', 'secret') =~ $yes }), 'back';
	$db->stop;
	$db->start;
	like $ours->login('a@x.org', 'secret'), $yes, 'a lost connection';
	$db->stop;
	$db->start;
	like $ours->ask("ENUMERATE\n"), qr/^a\@x\.org\t1\t2\t.*^\.$/ms,
	    'with its list';
});
like $ours->log, qr/^WARN: authldaplib: duplicate attribute mailbox for cn=many,o=x$/m,
    'several values';

# ---- the server compares ----
with_ldap("$where${root}LDAP_AUTHBIND 1\n$attrs", sub {
	same(login('a@x.org', 'secret'), login('a@x.org', 'wrong'),
	    login('nosuch', 'x'), cram('b@x.org', 'clear'),
	    "PRE . imap a\@x.org\n");
	changes('a@x.org', 'secret', 'new', 'userPassword');
	my $before = length $ours->log;
	$ours->login('a@x.org', 'wrong');
	my @tries = substr($ours->log, $before) =~
	    /^DEBUG: binding to LDAP server as DN 'cn=a,o=x'/mg;
	# 10.2 #19, #20
	is scalar(@tries), 1, 'a wrong password is tried once';
	is $ours->ask("PASSWD imap\ta\@x.org\t\tnew\n"), "FAIL\n",
	    'no change with an empty password';
	$db->stop;
	is $ours->login('a@x.org', 'secret'), '', 'server away';
	$db->start;
	like $ours->login('a@x.org', 'secret'), qr/^HOME=/m, 'back';
});
with_ldap("${where}LDAP_AUTHBIND 1\n$attrs", sub {
	same(login('a@x.org', 'secret'), login('a@x.org', 'wrong'),
	    "PRE . imap a\@x.org\n", cram('b@x.org', 'clear'));
});

# ---- other settings ----
with_ldap("$where${root}LDAP_DOMAIN x.org\nLDAP_FILTER (quota=10S)\n"
    . "LDAP_MAILROOT /var/mail\n$attrs", sub {
	same("PRE . imap a\n", "PRE . imap b\n", "PRE . imap a\@x.org\n",
	    "ENUMERATE\n", login('a', 'secret'));
});
with_ldap("$where${root}LDAP_ENUMERATE_FILTER (mail=two*)\n$attrs",
    sub { same("ENUMERATE\n") });
with_ldap("$where${root}LDAP_GLOB_UID 5000\nLDAP_GLOB_GID 6000\n"
    . $attrs, sub {
	# 10.2 #8
	differs('each has its own number', "PRE . imap noids\@x.org\n",
	    qr/^UID=5000\nGID=6000$/m, qr/^UID=5000\nGID=5000$/m);
	same("PRE . imap a\@x.org\n");
});
with_ldap("$where${root}LDAP_GLOB_UID mail\nLDAP_GLOB_GID mail\n"
    . $attrs, sub {
	my ($uid, $gid) = (getpwnam 'mail')[2, 3];
	like $ours->ask("PRE . imap noids\@x.org\n"),
	    qr/^UID=$uid\nGID=$gid$/m, 'names';
});
with_ldap("$where$root${attrs}LDAP_EMAILMAP (&(mail=\@user\@\@realm\@)(realm=\@realm\@\@x\@))\n"
    . "LDAP_EMAILMAP_BASEDN o=x\n" =~ s/\@user\@\@realm/\@user\@/r, sub {
	same("PRE . imap a\n", "PRE . imap nosuch\@y.org\n");
});
with_ldap("$where$root${attrs}LDAP_EMAILMAP (&(cn=\@user\@)(realm=\@realm\@))\n"
    . "LDAP_EMAILMAP_BASEDN o=x\nLDAP_EMAILMAP_ATTRIBUTE handle\n", sub {
	same("PRE . imap map\@y.org\n", "PRE . imap map\@x.org\n",
	    "PRE . imap *\@y.org\n", login('map@y.org', 'secret'));
	like $ours->log, qr/^ERR: emailmap: 0 entries returned from search \(&\(cn=map\)\(realm=x\.org\)\) \(but we need exactly 1\)$/m,
	    'says so';
});
with_ldap("$where$root${attrs}LDAP_AUXOPTIONS disableimap,,sharedgroup=g\n", sub {
	# 10.2 #9
	differs('an option of the same name', "PRE . imap a\@x.org\n",
	    qr/^OPTIONS=disableimap=1,g=g,flag$/m, qr/^OPTIONS==1,g=g,flag$/m);
});

# 10.2 #25: no complaint about what nobody set, the map's base is that of all,
# and a list without LDAP_MAIL has a filter.
with_ldap("$where$root${attrs}LDAP_EMAILMAP (&(cn=\@user\@)(realm=\@realm\@))\n"
    . "LDAP_EMAILMAP_ATTRIBUTE handle\n", sub {
	my $before = length $ours->log;
	differs('the base of an email map is LDAP_BASEDN',
	    "PRE . imap map\@y.org\n", qr/^HOME=\/h\/a$/m, "FAIL\n");
	unlike substr($ours->log, $before), qr/not found/, 'no complaint';
});
with_ldap($where . $root . ($attrs =~ s/^LDAP_MAIL mail\n//mr), sub {
	like $ours->ask("ENUMERATE\n"), qr/^a\@x\.org\t1\t2\t.*^\.$/ms,
	    'a list without LDAP_MAIL';
});

# ---- where and how ----
my $dead = free_port();
with_ldap("LDAP_URI ldap://127.0.0.1:$dead, ldap://127.0.0.1:$db->{port}\n"
    . "LDAP_BASEDN o=x\nLDAP_PROTOCOL_VERSION 3\n$root$attrs",
    sub { same("PRE . imap a\@x.org\n") });
with_ldap("$where${root}LDAP_TLS 1\n$attrs", sub {
	same("PRE . imap a\@x.org\n", login('a@x.org', 'secret'));
});
with_ldap(($where =~ s,ldap://127.0.0.1:\d+,ldaps://127.0.0.1:$db->{tls_port},r)
    . $root . $attrs, sub {
	same("PRE . imap a\@x.org\n", "PRE . imap nosuch\n",
	    login('a@x.org', 'secret'), login('a@x.org', 'wrong'));
});
with_ldap(($where =~ s/^LDAP_PROTOCOL.*//mr) . $root . $attrs, sub {
	differs('version 3 without a word', "PRE . imap a\@x.org\n",
	    qr/^ADDRESS=a\@x\.org$/m, "FAIL\n");
});
with_ldap($where . ($root =~ s/rootpw/wrong/r) . $attrs, sub {
	is $ours->ask("PRE . imap a\@x.org\n"), '', 'LDAP_BINDPW is wrong';
	like $ours->log, qr/^ERR: ldap_sasl_bind_s failed: Invalid credentials$/m,
	    'says why';
	is $ours->ask("ENUMERATE\n"), "# authldap\n\n", 'no list';
});
for my $bad (['LDAP_TIMEOUT x', qr/LDAP_TIMEOUT setting/],
    ['LDAP_DEREF x', qr/INVALID LDAP_OPT_DEREF/],
    ['LDAP_PROTOCOL_VERSION 4', qr/LDAP_PROTOCOL_VERSION not supported/],
    ['LDAP_GLOB_UID no such', qr/INVALID LDAP_GLOB_UID/],
    ['LDAP_INITBIND 1', qr/LDAP_BINDDN not found in/]) {
	with_ldap("$bad->[0]\n$where$attrs", sub {
		is $ours->ask("PRE . imap a\@x.org\n"), '', $bad->[0];
		like $ours->log, qr/^ERR: .*$bad->[1]/m, 'says why';
	});
}

# Version 2 where the settings and the server say so.
$db->stop;
spew("$db->{dir}/conf", slurp("$db->{dir}/conf") =~
    s/^database/allow bind_v2\ndatabase/mr);
$db->start;
for my $bind ('', "LDAP_AUTHBIND 1\n") {
	with_ldap(($where =~ s/VERSION 3/VERSION 2/r) . $root . $bind
	    . $attrs, sub {
		same("PRE . imap a\@x.org\n", "PRE . imap nosuch\n",
		    login('a@x.org', 'secret'), login('a@x.org', 'wrong'));
	});
}

# Without a certificate that is known there is no connection.
spew("$dir/ca.pem.other", '');
$ours->{env}{LDAPTLS_CACERT} = '/etc/ssl/nosuch.pem';
with_ldap("$where${root}LDAP_TLS 1\n$attrs", sub {
	is $ours->ask("PRE . imap a\@x.org\n"), '', 'TLS with a stranger';
	like $ours->log, qr/^ERR: ldap_start_tls_s failed: /m, 'says why';
});
done_testing;
