# Debian's Exim, unpacked, not installed (it would replace Postfix): what it
# makes of an expansion.  SPDX-License-Identifier: ISC
#
#   my $e = Exim->new;          needs root; skips the test if it cannot be had
#   $e->expand($text)           the result
package Exim;
use strict;
use warnings;
use Private qw(:all);
use Test::More ();

use constant PACKAGE => 'exim4-daemon-light';
use constant UID => 64999;

sub new {
	my ($class) = @_;
	need_root();
	my $cache = ($ENV{CHAPAR_TEST_CACHE} || '/var/tmp/chapar-test')
	    . '/exim-1';
	fetch($cache) or Test::More::plan(skip_all => 'no Exim to be had: '
	    . $Private::out);
	my $dir = workdir() . '/exim';
	mkdir $dir or die "$dir: $!";
	my $self = bless { dir => $dir, program => "$cache/usr/sbin/exim4" },
	    $class;
	# It wants its user, which this machine need not have.
	spew("$dir/passwd", slurp('/etc/passwd') . 'Debian-exim:x:' . UID . ':'
	    . UID . "::/nonexistent:/bin/false\n");
	spew("$dir/group", slurp('/etc/group') . 'Debian-exim:x:' . UID
	    . ":\n");
	spew("$dir/conf", "primary_hostname = mx.example.test\n"
	    . "log_file_path = $dir/%slog\nspool_directory = $dir/spool\n");
	my $said = $self->expand('${uc:works}');
	Test::More::plan(skip_all => "Exim does not run here: $said")
	    unless $said eq 'WORKS';
	return $self;
}

# Another test may do the same at this moment.
sub fetch {
	my ($cache) = @_;
	return 1 if -x "$cache/usr/sbin/exim4";
	return run('sh', '-ec', 'mkdir -p "${1%/*}"; d=`mktemp -d "$1.XXXXXX"`
	    chmod 755 "$d"; cd "$d"; apt-get -q download "$2"
	    dpkg-deb -x ./*.deb .; mv -T "$d" "$1" || rm -rf "$d"', 'sh',
	    $cache, PACKAGE) && -x "$cache/usr/sbin/exim4";
}

# (a line of input is not limited to 256 bytes, as an argument is)
sub expand {
	my ($self, $text) = @_;
	spew("$self->{dir}/in", "$text\n");
	run('unshare', '-m', 'sh', '-ec',
	    'mount --bind "$1/passwd" /etc/passwd
	    mount --bind "$1/group" /etc/group
	    exec "$2" -C "$1/conf" -be <"$1/in"', 'sh', $self->{dir},
	    $self->{program});
	my $out = $Private::out;
	$out =~ s/\A> //;
	$out =~ s/\n(?:> \n)?\z//;
	return $out;
}

1;
