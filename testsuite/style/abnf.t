#!/usr/bin/perl
# Each rule of RFC 3501 section 9 stands as a comment beside the code.
# SPDX-License-Identifier: ISC
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Style;

my @rules = split ' ', <<'END';
address addr-adl addr-host addr-mailbox addr-name append astring ASTRING-CHAR
atom ATOM-CHAR atom-specials authenticate auth-type base64 base64-char
base64-terminal body body-extension body-ext-1part body-ext-mpart body-fields
body-fld-desc body-fld-dsp body-fld-enc body-fld-id body-fld-lang body-fld-loc
body-fld-lines body-fld-md5 body-fld-octets body-fld-param body-type-1part
body-type-basic body-type-mpart body-type-msg body-type-text capability
capability-data CHAR8 command command-any command-auth command-nonauth
command-select continue-req copy create date date-day date-day-fixed
date-month date-text date-year date-time delete digit-nz envelope env-bcc
env-cc env-date env-from env-in-reply-to env-message-id env-reply-to
env-sender env-subject env-to examine fetch fetch-att flag flag-extension
flag-fetch flag-keyword flag-list flag-perm greeting header-fld-name
header-list list list-mailbox list-char list-wildcards literal login lsub
mailbox mailbox-data mailbox-list mbx-list-flags mbx-list-oflag
mbx-list-sflag media-basic media-message media-subtype media-text
message-data msg-att msg-att-dynamic msg-att-static nil nstring number
nz-number password quoted QUOTED-CHAR quoted-specials rename response
response-data response-done response-fatal response-tagged resp-cond-auth
resp-cond-bye resp-cond-state resp-specials resp-text resp-text-code search
search-key section section-msgtext section-part section-spec section-text
select seq-number seq-range sequence-set status status-att status-att-list
store store-att-flags string subscribe tag text TEXT-CHAR time uid uniqueid
unsubscribe userid x-command zone
END

sub missing {
	my ($s) = @_;
	my %there;
	for my $f ($s->files) {
		for my $c ($s->text($f) =~ m,/\*(.*?)\*/,gs) {
			$there{$1} = 1
			    while $c =~ /^[\s*]*([A-Za-z][\w-]*)\s+=\/?\s/mg;
		}
	}
	return map { "$_ = is in no comment" } grep { !$there{$_} } @rules;
}

holds('every rule of the grammar stands beside the code', \&missing);

my $all = join "\n", map { " * $_ = x" } grep { $_ ne 'tag' } @rules;
finds('a rule that is missing', \&missing,
    { 'src/wire/x.c' => "/*\n$all\n */\nint tag = 1;\n" },
    qr/^tag = is in no comment$/);
done();
