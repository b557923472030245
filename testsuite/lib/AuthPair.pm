# The same requests to Courier's authdaemond and to ours, the same files under
# both.  SPDX-License-Identifier: ISC
#
#   use AuthPair;           needs root
#   my ($ours, $theirs) = pair();       neither is started
#   put($file, $text, $mode)            a settings file, for both
#   with({ file => text }, $rc, sub { ... });   starts both, runs, stops
#       (with AUTHDAEMON_TEMPFAIL=close, which is what Courier does)
#   same(@requests)         their replies are equal, byte for byte
#   differs($why, $request, $we, $they)     text or pattern each
package AuthPair;
use strict;
use warnings;
use Digest::MD5 qw(md5_base64);
use Digest::SHA qw(hmac_sha256_hex);
use Exporter 'import';
use MIME::Base64 qw(encode_base64);
use Private qw(:all !start);
use Test::More;
use Authd;
use CourierAuthd;

our @EXPORT = qw(pair put with same differs auth login cram md5 shown);

my @both;

sub pair {
	need_root();
	@both = map { $_->new(idle => 1, @_) } 'Authd', 'CourierAuthd';
	return @both;
}

sub put {
	my ($file, $text, $mode) = @_;
	for my $s (@both) {
		unlink $s->conf($file);
		spew($s->conf($file), $text, $mode);
	}
}

sub with {
	my ($files, $rc, $code) = @_;
	put($_, $files->{$_}, 0640) for keys %$files;
	for my $s (@both) {
		$s->rc("${rc}AUTHDAEMON_TEMPFAIL=close\n");
		$s->start;
	}
	$code->();
	$_->stop for @both;
}

# ---- requests ---------------------------------------------------------------

sub auth { return 'AUTH ' . length($_[0]) . "\n$_[0]" }

sub login { my ($u, $p) = @_; return auth("imap\nlogin\n$u\n$p\n") }

sub cram {
	my ($user, $password) = @_;
	my $challenge = '<1@host>';
	return auth(join("\n", 'imap', 'cram-sha256', encode_base64($challenge,
	    ''), encode_base64("$user " . hmac_sha256_hex($challenge,
	    $password), ''), ''));
}

sub md5 { return '{MD5}' . md5_base64($_[0]) . '==' }

# ---- comparisons ------------------------------------------------------------

sub shown {
	my ($text) = @_;
	$text = substr($text, 0, 100) . '...' if length $text > 103;
	$text =~ s/([^ -~])/$1 eq "\n" ? '\n' : sprintf '\x%02x', ord $1/ge;
	return $text;
}

sub same {
	my (@requests) = @_;
	for my $r (@requests) {
		my ($x, $y) = map { $_->ask($r, 40) } @both;
		is $x, $y, shown($r);
	}
}

sub differs {
	my ($why, $request, $we, $they) = @_;
	my ($x, $y) = map { $_->ask($request, 40) } @both;
	my $name = "$why: " . shown($request);
	ref $we ? like $x, $we, "$name, ours" : is $x, $we, "$name, ours";
	ref $they ? like $y, $they, "$name, theirs" :
	    is $y, $they, "$name, theirs";
}

1;
