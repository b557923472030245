#!/usr/bin/perl
# sysconftool: a new template, an old file, and what comes of them.
# SPDX-License-Identifier: ISC
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Private qw(:all);
use Test::More;
use Sysconf;

my $s = Sysconf->new;
my $dir = workdir();
my $file = "$dir/a";

sub tool { return $s->script('sysconftool', @_) }

spew("$file.dist", <<'END', 0640);
# head
##VERSION: v2

##NAME: one:1
# d1
ONE=one
##NAME: two:2
# d2

TWO=two

##NAME: three:0
# d3
# THREE=commented
##NAME: four:0
#
# d4

FOUR=x
FOURB=y

##NAME: five:3
# d5
FIVE=5
END
my $template = slurp("$file.dist");

# No file yet.
ok tool("$file.dist"), 'no file';
is $Private::out, "$file:\n  one: new\n  two: new\n  three: new\n"
    . "  four: new\n  five: new\n", 'all is new';
is slurp($file), $template, 'a copy';
is((stat $file)[2] & 07777, 0640, 'mode of the template');
ok !-e "$file.bak", 'nothing to keep';
ok tool("$file.dist"), 'again';
is $Private::out, '', 'the same version: nothing to do';

# An upgrade.
my $old = <<'END';
##VERSION: v1

##NAME: one:1
# old d1
ONE=changed
##NAME: two:1
# old d2

TWO=mine

##NAME: three:0
# old d3
# THREE=commented
THREE=active

##NAME: four : 0

FOUR=1
FOURB=2

END
spew($file, $old, 0644);
my $report = "$file:\n  one: unchanged\n  two: UPDATED\n"
    . "  three: unchanged\n  four: unchanged\n  five: new\n";
ok tool('-n', "$file.dist"), '-n';
is $Private::out, $report, 'tells';
is slurp($file), $old, 'and does nothing';
ok tool($file), 'without .dist in the name';
is $Private::out, $report, 'the report';
my $want = <<"END";
# head
##VERSION: v2

##NAME: one:1
# d1
#
# DEFAULT SETTING from $file.dist:
#ONE=one
ONE=changed
##NAME: two:2
# d2
#
# Previous setting (inserted by sysconftool):
#
#\x20
# TWO=mine
#

TWO=two

##NAME: three:0
# d3
# THREE=commented
THREE=active

##NAME: four:0
#
# d4
#
# DEFAULT SETTING from $file.dist:
#
#FOUR=x
#FOURB=y
#

FOUR=1
FOURB=2

##NAME: five:3
# d5
FIVE=5
END
is slurp($file), $want, 'the file';
is slurp("$file.bak"), $old, 'the old one beside it';
ok tool('-f', "$file.dist"), '-f';
like $Private::out, qr/two: unchanged/, 'works again';
like slurp($file), qr/^ONE=changed$/m, 'and keeps the values';

# Nothing that was set is lost.
spew($file, <<'END');
umask 077
##VERSION: v1
##NAME: one:1
ONE=kept
# a comment in between
ANOTHER=1
# a comment behind
##NAME: gone:1
# what only the old file has
GONE=1
END
ok tool("$file.dist"), 'an odd file';
like $Private::out, qr/^  gone: kept$/m, 'told';
my $new = slurp($file);
like $new, qr/^ONE=kept\n# a comment in between\nANOTHER=1\n##NAME: two:2$/m,
    'what stands between comments';
like $new, qr/^##NAME: gone:1\n# what only the old file has\nGONE=1$/m,
    'a block that the template lacks';
like $new, qr/^umask 077$/m, 'a line outside of blocks';
spew($file, "TWO=2\nOWN=\"x y\"\n");
ok tool("$file.dist"), 'a file without any mark';
is `. $file; echo "\$ONE \$TWO \$OWN"`, "one 2 x y\n",
    'its settings win';

# What goes wrong.
spew("$dir/b.dist", "no header\n");
ok !tool("$dir/b.dist", "$dir/nosuch.dist", "$file.dist"), 'bad templates';
like $Private::out, qr/^\Q$dir\E\/b\.dist: configuration header not found\.$/m,
    'no header';
like $Private::out, qr/^\Q$dir\E\/nosuch\.dist: /m, 'no template';
system "$s->{dir}/bin/sysconftool", "$dir/nosuch.dist";
is $? >> 8, 9, 'status 9';
ok !tool('-x'), 'an unknown option';

# A server's settings of 2005 under today's template.
spew("$dir/imapd", <<'END');
##VERSION: $Id: imapd.dist.in,v 1.30 2005/01/01 00:00:00 x Exp $
#
# imapd created from imapd.dist by sysconftool

##NAME: ADDRESS:0
#
#  Address to listen on, can be set to a single IP address.
#
# ADDRESS=127.0.0.1

ADDRESS=192.0.2.5

##NAME: PORT:1
#
PORT=143,192.0.2.6.1143

##NAME: MAXDAEMONS:0
MAXDAEMONS=400

##NAME: MAXPERIP:0
MAXPERIP=4

##NAME: TCPDOPTS:0
TCPDOPTS="-nodnslookup -noidentlookup"

##NAME: IMAP_CAPABILITY:1
IMAP_CAPABILITY="IMAP4rev1 UIDPLUS CHILDREN NAMESPACE THREAD=ORDEREDSUBJECT THREAD=REFERENCES SORT QUOTA IDLE"

##NAME: IMAP_EMPTYTRASH:0
IMAP_EMPTYTRASH=Trash:7,Sent:30

##NAME: IMAP_ENHANCEDIDLE:0
IMAP_ENHANCEDIDLE=1

##NAME: IMAPDSTART:0
IMAPDSTART=YES

##NAME: MAILDIRPATH:0
MAILDIRPATH=Maildir

# Site's own
DEFDOMAIN="@example.com"
END
my %was = settings("$dir/imapd");
system 'cp', "$s->{dir}/bin/imapd.dist", "$dir/imapd.dist";
ok tool("$dir/imapd.dist"), 'imapd of 2005' or diag $Private::out;
my %is = settings("$dir/imapd");
is $is{$_}, $was{$_}, "$_ is kept" for sort keys %was;
my %dist = settings("$dir/imapd.dist");
is $is{IMAP_EXTENSIONS}, 'all', 'what is new is there';
is join(' ', grep { !exists $is{$_} } sort keys %dist), '',
    'and all of the template';
my @order = slurp("$dir/imapd") =~ /^##NAME: *(\w+)/mg;
my @theirs = slurp("$dir/imapd.dist") =~ /^##NAME: *(\w+)/mg;
is join(' ', @order[0 .. $#theirs]), join(' ', @theirs),
    'in the template\'s order';
ok run('sh', '-n', "$dir/imapd"), 'the shell can read it';

# What the shell makes of a file.
sub settings {
	my ($name) = @_;
	my $text = `env -i sh -c 'set -a; . $name; env'`;
	my %v = $text =~ /^(\w+)=(.*)$/mg;
	delete @v{qw(PWD _ SHLVL OLDPWD)};
	return %v;
}
done_testing();
