# A SCRAM client of a few lines, RFC 5802 3.  SPDX-License-Identifier: ISC
#
#   my $k = Scram::keys('sha256', $password, $salt, $iterations);
#   my ($proof, $signature) = Scram::proof($k, $auth_message);   both base64
#   Scram::stored($k)       {SCRAM-SHA-256}...
package Scram;
use strict;
use warnings;
use Digest::SHA qw(hmac_sha1 hmac_sha256 sha1 sha256);
use MIME::Base64 qw(encode_base64);

my %hmac = (sha1 => \&hmac_sha1, sha256 => \&hmac_sha256);
my %hash = (sha1 => \&sha1, sha256 => \&sha256);
my %name = (sha1 => 'SHA-1', sha256 => 'SHA-256');
my %known;

sub keys {
	my ($h, $password, $salt, $n) = @_;
	my $f = $hmac{$h};
	return $known{join "\0", @_} ||= do {
		my $u = $f->($salt . "\0\0\0\1", $password);
		my $salted = $u;
		for (2 .. $n) {
			$u = $f->($u, $password);
			$salted ^= $u;
		}
		my $client = $f->('Client Key', $salted);
		{ h => $h, salt => $salt, n => $n, client => $client,
		    stored => $hash{$h}->($client),
		    server => $f->('Server Key', $salted) };
	};
}

sub proof {
	my ($k, $message) = @_;
	my $f = $hmac{$k->{h}};
	return map { encode_base64($_, '') }
	    $k->{client} ^ $f->($message, $k->{stored}),
	    $f->($message, $k->{server});
}

sub stored {
	my ($k) = @_;
	return "{SCRAM-$name{$k->{h}}}$k->{n}," . join ',',
	    map { encode_base64($_, '') } @$k{'salt', 'stored', 'server'};
}

1;
