# Other people's maildirs for dialogues, beside the one that is served.
# SPDX-License-Identifier: ISC
#
#   my %env = Scene::make($home, $inside);   all of it in $home, which servers
#                                            know as $inside
#   Scene::meddle($home, 'shared ...');      a line of a dialogue; see there
#
# `#shared.`: bob, whose folders are Pub (lr for all), Pub.Sub (all rights),
# Post (i), Look (l), Secret (none) and deep.down (lr), his INBOX is closed;
# "d.o/t\s", who shows nothing; in the group "grp A" "carol x.y", who shows all;
# in a group in it bob2, who is bob again; an empty group, one without a file,
# an account that is away, the user himself, a bad line.
# `shared.`: notices (Weekly, Weekly.Old), empty, and gone.
package Scene;
use strict;
use warnings;
use File::Path qw(make_path);

my $all = 'aceilrstwx';
my %rights = ('.Pub' => 'anyone lr', '.Pub.Sub' => "anyone $all",
    '.Post' => 'anyone i', '.Look' => 'anyone l', '.Secret' => '',
    '.deep.down' => 'anyone lr');
my $n = 1500000000;
my $validity = 700000000;

sub spew {
	my ($name, $text) = @_;
	open my $f, '>', $name or die "$name: $!\n";
	print $f $text;
	close $f or die "$name: $!\n";
}

# Each has a UIDVALIDITY of its own, whenever it is opened first.
sub maildir {
	my ($dir, $acl) = @_;
	make_path(map { "$dir/$_" } qw(cur new tmp));
	spew("$dir/courierimapuiddb", '1 ' . ++$validity . " 1\n");
	spew("$dir/maildirfolder", '') if $dir =~ m,/\.[^/]*$,;
	spew("$dir/courierimapacl", "owner $all\nadministrators $all\n" .
	    ($acl ? "$acl\n" : '')) if defined $acl;
}

sub deliver {
	my ($dir, $subject, $name) = @_;
	my $file = "$dir/" . (defined $name ? $name :
	    'new/' . ++$n . '.M1P1.h');
	spew($file, "From: a\@b.test\nSubject: $subject\n\n$subject\n");
	utime $n, $n, $file;
}

sub make {
	my ($home, $inside) = @_;
	my $bob = "$home/bob/Maildir";
	maildir($bob, '');
	maildir("$bob/$_", $rights{$_}) for sort keys %rights;
	deliver("$bob/.Pub", 'one', 'cur/1400000001.M1P1.h:2,');
	deliver("$bob/.Pub", 'two', 'cur/1400000002.M1P1.h:2,S');
	deliver("$bob/.Pub.Sub", 'sub', 'new/1400000003.M1P1.h');
	deliver("$bob/.Secret", 'secret', 'new/1400000004.M1P1.h');
	maildir("$home/carol", "anyone $all");
	maildir("$home/carol/.box", "anyone $all");
	maildir("$home/dan", '');
	maildir("$home/dan/.priv", '');
	spew("$home/index", join '', map { "$_\n" }
	    "bob\t500\t500\t$inside/bob\t", "me\t500\t500\t$inside\tMaildir",
	    '# comment', 'bad line', "away\t500\t500\t$inside/away",
	    "d.o/t\\s\t500\t500\t$inside\tdan\tmore",
	    "grp A\t*\tindexA", "empty\t*\tindexE", "nofile\t*\tindexN");
	spew("$home/indexA", "carol x.y\t500\t500\t$inside\t$inside/carol\n" .
	    "grp B\t*\tindexB\n");
	spew("$home/indexB", "bob2\t500\t500\t$inside/bob\n");
	spew("$home/indexE", '');
	spew("$home/indexother", "carol\t500\t500\t$inside\tcarol\n");
	spew("$home/Maildir/courierimapuiddb", "1 600000000 1\n");
	my $pub = "$home/pub";
	maildir($pub);
	maildir("$pub/.$_") for qw(Weekly Weekly.Old);
	deliver("$pub/.Weekly", 'first', 'cur/1400000005.M1P1.h:2,');
	deliver("$pub/.Weekly", 'second', 'cur/1400000006.M1P1.h:2,FS');
	deliver("$pub/.Weekly", 'third', 'new/1400000007.M1P1.h');
	maildir("$home/none");
	spew("$home/Maildir/shared-maildirs", "notices\t$inside/pub\n" .
	    "empty  $inside/none  more\ngone\t$inside/nowhere\n# c\nbad\n");
	return (IMAP_SHAREDINDEXFILE => "$inside/index");
}

# What others do meanwhile:
#   deliver PATH SUBJECT     a new message in the folder at PATH
#   flags PATH FLAGS         of the first message there
#   remove PATH              the first message
sub meddle {
	my ($home, $what, $path, @arg) = @_;
	return deliver("$home/$path", @arg) if $what eq 'deliver';
	my ($file) = sort glob "$home/$path/cur/*";
	die "$path: no message\n" unless defined $file;
	return unlink $file if $what eq 'remove';
	(my $new = $file) =~ s/:2,.*/:2,$arg[0]/;
	rename $file, $new or die "$new: $!\n";
}

1;
