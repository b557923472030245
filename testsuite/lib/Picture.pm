# What a maildir holds, as lines that are equal for equal trees.
# SPDX-License-Identifier: ISC
#
#   picture($maildir, skip => REGEX, short => 1)
#                                       one line each for files and folders:
#                                       mode, path, date of a message, contents
#                                       (short: the rest of long ones as a hash)
# Times, process and inode numbers in names and the value of UIDVALIDITY are
# made alike, their form is checked. The date of a message is shown where a
# program has set it to another than now.
package Picture;
use strict;
use warnings;
use Exporter 'import';
use Digest::MD5 qw(md5_hex);
use File::Find;
use Private qw(slurp);

our @EXPORT_OK = qw(picture);

use constant RECENT => 3600;	# seconds before this test: a date of now

# Parts that differ from run to run.
sub alike {
	my ($s, $dir) = @_;
	$s =~ s/\b\d{10}\.M(?:0|[1-9]\d{0,5})P[1-9]\d*/TEMP/
	    if defined $dir && $dir =~ m,/tmp/\z,;
	$s =~ s/\b\d{10}\.M(?:0|[1-9]\d{0,5})P[1-9]\d*V[0-9A-F]{16}I[0-9A-F]{16}/NEW/g;
	$s =~ s/^\.\d{7}\./.N./;
	return $s;
}

# :list, whose order is nobody's business.
sub list {
	my ($text) = @_;
	my ($table, $rest) = $text =~ /\A((?:[^\n]+\n)*)\n(.*)\z/s or
	    return "odd: $text";
	my @word = split /\n/, $table;
	my @line;
	for (split /\n/, $rest) {
		my ($id, $set) = /^([^:]*):(\d+(?: \d+)*)$/ or return "odd: $_";
		push @line, alike($id) . ' = ' . join ' ', sort
		    map { $word[$_] } split / /, $set;
	}
	return join "\n", join(' ', sort @word), sort @line;
}

sub words { return join '', sort split /^/, $_[0] }

sub uiddb {
	my ($text) = @_;
	$text =~ s/^1 \d{9,10} /1 VALIDITY /;
	return join '', map { /^(\d+ )(.*)/s ? $1 . alike($2) : $_ }
	    split /^/, $text;
}

# The number of a list is the time when it was made.
sub sizelist {
	my ($text) = @_;
	$text =~ s/([ :])(\d{10})\b/$1 . (abs($2 - time) < RECENT ? 'LIST' : $2)/ge;
	return $text;
}

# [base name, function]; the first that fits.
my @made_alike = (
	[qr/^:list$/, \&list],
	[qr/^\.\d{7}\./, \&words],
	[qr/^courierimapuiddb$/, \&uiddb],
	[qr/^courierpop3dsizelist$/, \&sizelist],
);

# Courier writes lists for names without a folder whenever it is asked for one;
# they are of use while there are folders below.
sub useless {
	my ($top, $name) = @_;
	return !defined $name || -d "$top/.$name" ||
	    !(() = glob("'$top/.$name.*'"));
}

sub picture {
	my ($top, %arg) = @_;
	my @all;
	find({ no_chdir => 1, wanted => sub {
		my $name = substr $_, length $top;
		return if $arg{skip} && $name =~ $arg{skip};
		return if $name =~ m,/courierimaphieracl(?:/(.*))?\z,s &&
		    useless($top, $1);
		my ($dir, $base) = $name =~ m,\A(.*/)?([^/]*)\z,s;
		$dir = '' unless defined $dir;
		my @stat = lstat;
		my $line = sprintf '%04o %s%s', $stat[2] & 07777, $dir,
		    alike($base, $dir);
		if (-f _) {
			$line .= " $stat[9]" if $dir =~ m,/(?:cur|new)/\z, &&
			    $stat[9] < $^T - RECENT;
			my $text = slurp($_);
			my ($how) = grep { $base =~ $_->[0] } @made_alike;
			$text = $how->[1]->($text) if $how;
			$line .= " [$text]";
		}
		$line =~ s/\n/ | /g;
		$line =~ s/\[(.{60})(.{40,})\]$/"[$1... " . md5_hex("$1$2") .
		    ']'/e if $arg{short};
		push @all, $line;
	} }, $top);
	return join "\n", sort @all;
}

1;
