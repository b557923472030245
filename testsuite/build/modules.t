#!/usr/bin/perl
# Each module of authdaemond is an object that loads and has a switch of its
# own; where nothing can be loaded those without a library are parts of it.
# SPDX-License-Identifier: ISC
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Private qw(:all !start);
use Authd;
use Build;
use Test::More;

my @plain = qw(authcustom authpipe authpwd authshadow authuserdb);
my @cc = compiler_works('tcc') ? ('CC=tcc') : ('CFLAGS=-O0');

# An authdaemond with these modules; its log.
sub started {
	my ($build, @modules) = @_;
	local $ENV{top_builddir} = $build;
	return Authd->new(rc => "authmodulelist=\"@modules\"\ndaemons=1\n");
}

sub installed {
	my ($a) = @_;
	return join ' ', $a->log =~ /^INFO: Installation complete: (.*)$/mg;
}

sub objects { return map { m,/lib(\w+)\.so$, } sort glob "$_[0]/authdaemon/*.so" }

# ---- the build under test ----
my $build = $ENV{top_builddir};
my @have = objects($build);
cmp_ok scalar(grep { my $m = $_; grep { $m eq $_ } @plain } @have), '==',
    @plain, 'those without a library are objects';
my $a = started($build, @have, 'authnone');
is installed($a), "@have", 'each object loads';
like $a->log, qr/^INFO: .*libauthnone\.so: /m, 'one that is not there is told';
ok $a->hup(qr/libauthnone\.so: /), 'a reload';
is installed($a), "@have @have", 'each is loaded anew';
$a->stop;
for my $m (@plain) {
	my $one = started($build, $m);
	is installed($one), $m, "$m is all that is loaded";
	$one->stop;
}

# ---- none is loaded ----
my @off = qw(openssl gdbm libunistring);
my $b = builds({ name => 'static', configure => [@cc, '--disable-dlopen',
    map { "--without-$_" } @off] }, 'all');
SKIP: {
	skip 'not built', 6 unless $b;
	is join(' ', objects($b->{dir})), '', 'no object is made';
	$a = started($b->{dir}, @plain, 'authmysql');
	is installed($a), "@plain", 'parts of authdaemond';
	like $a->log, qr/^INFO: libauthmysql\.so: file not found$/m,
	    'others are told';
	spew($a->conf('userdb'), "min\thome=/h|uid=1|gid=2|systempw=" .
	    crypt('secret', '$1$abcdefgh$') . "\n", 0600);
	like $a->login('min', 'secret'), qr/^ADDRESS=min$/m, 'login';
	is $a->login('min', 'wrong'), "FAIL\n", 'a wrong password';
	$a->stop;
}

# ---- switches ----
for my $m (@plain) {
	my $c = Build->new(name => "no-$m", configure => ["--without-$m",
	    '--cache-file=' . workdir() . '/config.cache', @cc]);
	ok $c->configure, "--without-$m" or diag $c->{out};
	my ($list) = slurp("$c->{dir}/Makefile") =~ /^MODULES = (.*)/m;
	my ($word) = $m =~ /^auth(.*)/;
	is join(' ', sort map { lc } $list =~
	    /\((CUSTOM|PIPE|PWD|SHADOW|USERDB)_MODULE\)/g), join(' ',
	    map { s/^auth//r } grep { $_ ne $m } @plain), 'leaves it out';
	like $c->{out}, qr/^  left out .*\b$m\b/m, 'and says so';
}
done_testing();
