#!/usr/bin/perl
# Variables: the list, the templates, the code, the scripts and the manuals speak
# of the same ones, with the same defaults and ranges.
# SPDX-License-Identifier: ISC
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Style;

# What is read, but has no block of its own in a template, and why.
my %no_block = (
	HOSTNAME => 'the system has it',
	MAILDIR => 'imaplogin sets it from the account',
	MAILDIRQUOTA => 'the account has it',
	AUTHADDR => 'the account has it',
	IMAP_TLS => 'couriertls sets it',
	POP3_TLS => 'couriertls sets it',
	IMAP_STARTTLS => 'the start script sets it from IMAPDSTARTTLS',
	BITS => 'who runs the script sets it',
	DH_BITS => 'who runs the script sets it',
);

# What a script takes from whoever runs it.
my %callers = map { $_ => 1 } qw(PATH SHELL);

# In a template for somebody else.
my %for_others = (
	POP3_STARTTLS => 'pop3login, which is not there yet',
	POP3_TLS_REQUIRED => 'pop3login, which is not there yet',
	IMAPDSTART => 'the start scripts of systems',
	IMAPDSSLSTART => 'the start scripts of systems',
	POP3DSSLSTART => 'the start scripts of systems',
	TLS_CACHESIZE => 'Courier',
	POP3DSTART => 'the start scripts of systems',
	LDAPTLS_CACERT => 'libldap',
);

# A second spelling of what a template has.
my %alias = (
	MYSQL_SSL_CIPHERS => 'MYSQL_SSL_CIPHER',
	MYSQL_DEFAULT_DOMAIN => 'DEFAULT_DOMAIN',
	MYSQL_DEFAULTDELIVERY_FIELD => 'MYSQL_DEFAULTDELIVERY',
);

# Courier's, which the manual names and nothing reads.
my %no_effect = map { $_ => 1 } qw(MIME_UNICODE_MESSAGE_TYPE POP3AUTH_ORIG
    POP3AUTH_TLS_ORIG IMAP_CAPABILITY_ORIG
    IMAP_CAPABILITY_TLS_ORIG IMAP_ENHANCEDIDLE
    IMAP_BROKENUIDV TLS_MIN_DH_BITS TLS_INTCACHESIZE TLS_DEBUG);

# The pages of vars.def, by the letters of who reads a row; what the first does
# not have the second may.
my @settings = (
	['doc/man/imapd.5', 'doc/man/imapd-ssl.5', qr/CONF_[LDQT]/],
	['doc/man/pop3d.5', 'doc/man/imapd-ssl.5', qr/CONF_[OP]/],
);

# ---- what there is ----------------------------------------------------------

sub set { return map { $_ => 1 } @_ }

# [type, member, name, default, min, max, readers] of each row.
sub rows {
	my ($s) = @_;
	my @rows;
	my $text = $s->text('src/conf/vars.def');
	while ($text =~ /^CONF_(INT|STR|YES)\(([^)]*)\)/gm) {
		my ($type, @f) = ($1, split /,\s*/, $2);
		s/^"(.*)"$/$1/ for @f;
		push @rows, [$type, $f[0], $f[1], $f[2],
		    $type eq 'INT' ? @f[3, 4] : (undef, undef), $f[-1]];
	}
	return @rows;
}

sub row_names { return map { $_->[2] } rows(@_) }

sub templates { return $_[0]->files(qw(sysconf/*.dist.in sysconf/auth*rc.in)) }

# Template => its manual page: imapd.dist.in is that of imapd.5. What TLS has
# is on one page.
sub page_of {
	my ($template) = @_;
	my ($name) = $template =~ m,([^/]+?)(?:\.dist)?\.in$,;
	$name =~ s/^pop3d-ssl$/imapd-ssl/;
	return "doc/man/$name.5";
}

# Names that a template sets or shows in a comment.
sub shown {
	my ($s, $file) = @_;
	my $text = $s->text($file);
	my $keyword = $file =~ /auth(?:mysql|pgsql|ldap|sqlite)rc/;
	my %found = map { $_ => 1 } $keyword ?
	    $text =~ /^(?:# )?([A-Z][A-Z0-9_]+)[ \t]+\S/gm :
	    $text =~ /^(?:# )?([A-Za-z][A-Za-z0-9_]*)=/gm;
	return sort keys %found;
}

sub all_shown { my ($s) = @_; return map { shown($s, $_) } templates($s) }

sub sources { return grep { m,^(?:src|authdaemon)/.*\.c$, } $_[0]->files }

# Names that the C code asks the environment or a file for, one by one.
sub asked {
	my ($s) = @_;
	my %found;
	for my $f (sources($s)) {
		my $text = $s->text($f);
		$found{$_} = 1 for $text =~ /\benv_(?:get|or|u32)\("(\w+)"/g,
		    $text =~ /\brcfile_(?:get|u32)\([^",]*, "(\w+)"/g;
		$found{$_} = 1 for keywords($s, $f);
	}
	return \%found;
}

# Names of a module's settings file.
sub keywords {
	my ($s, $f) = @_;
	return () if $f !~ m,^authdaemon/mod_\w+\.c$,;
	return $s->text($f) =~ /"((?:[A-Z]+_)+[A-Z]+)"/g;
}

# Variables that a script takes from the settings that it sources.
sub in_scripts {
	my ($s) = @_;
	my %t = set(templates($s));
	my %found;
	for my $f (grep { !$t{$_} } $s->files('sysconf/*.in')) {
		$found{$_} = $f for grep { !$callers{$_} }
		    $s->text($f) =~ /\$\{?([A-Za-z_]\w*)/g;
	}
	return \%found;
}

# Of a page: text without font changes.
sub plain {
	my ($s, $page) = @_;
	(my $text = $s->text($page)) =~ s/^[.']\\".*$//gm;
	$text =~ s/\\[_-]/substr $&, 1/ge;
	$text =~ s/\\(?:f[A-Z]|&|,|\/)//g;
	return $text;
}

sub pages { return $_[0]->files('doc/man/*.[1-8]') }

# Variables that have an entry of their own, with what stands in parentheses:
# .BR NAME " (number; 1)", several on one line with ", " between.
sub entries {
	my ($s, $page) = @_;
	my %found;
	for my $line (plain($s, $page) =~ /^\.TP(?: \d+)?\n\.(?:B|BR|BI) (.*)$/gm) {
		(my $flat = $line) =~ s/\\\(dq|"//g;
		$flat =~ s/ nnn / /;
		for my $part (split /\)/, $flat) {
			my ($names, $about) = split /\(/, $part;
			$found{$_} = defined $about ? $about : ''
			    for $names =~ /\w+/g;
		}
	}
	return \%found;
}

# ---- vars.def, templates, code ----------------------------------------------

sub rows_in_templates {
	my ($s) = @_;
	my %shown = set(all_shown($s));
	return map { "vars.def: $_ is in no template" }
	    grep { !$shown{$_} && !$no_block{$_} } row_names($s);
}

sub rows_read {
	my ($s) = @_;
	my $code = join '', map { $s->text($_) } sources($s);
	return map { "vars.def: nothing reads $_->[1]" }
	    grep { $code !~ /(?:->|\.)$_->[1]\b/ } rows($s);
}

sub templates_used {
	my ($s) = @_;
	my %row = set(row_names($s));
	my ($asked, $script) = (asked($s), in_scripts($s));
	my @bad;
	for my $t (templates($s)) {
		push @bad, map { "$t: nothing reads $_" } grep {
		    !$row{$_} && !$asked->{$_} && !$script->{$_} &&
		    !$for_others{$_} && !/^AUTHSERVICE\d+$/ } shown($s, $t);
	}
	return @bad;
}

# An exception that is none any more.
sub exceptions_needed {
	my ($s) = @_;
	my %shown = set(all_shown($s));
	my %read = set(row_names($s), keys %{ in_scripts($s) });
	return (map({ "$_: is in a template" } grep { $shown{$_} }
	    sort keys %no_block),
	    map({ "$_: nothing reads it" } grep { !$read{$_} }
	    sort keys %no_block));
}

# Each block is named, once, with a revision.
sub marks {
	my ($s) = @_;
	my @bad;
	for my $t (templates($s)) {
		my %seen;
		for ($s->text($t) =~ /^##NAME:(.*)$/gm) {
			push @bad, "$t: mark $_" unless /^ \w+:\d+$/;
			push @bad, "$t: mark $_ again" if $seen{$_}++;
		}
	}
	return @bad;
}

sub keywords_shown {
	my ($s) = @_;
	my %shown = set(all_shown($s));
	my @bad;
	for my $f ($s->files('authdaemon/mod_*.c')) {
		my %name = set(keywords($s, $f));
		push @bad, map { "$f: $_ is in no template" } sort grep {
		    !$shown{$alias{$_} || $_} } keys %name;
	}
	return @bad;
}

# Capitals only: what is in small letters is a script's own.
sub scripts_in_templates {
	my ($s) = @_;
	my %shown = set(all_shown($s));
	my $script = in_scripts($s);
	return map { "$script->{$_}: $_ is in no template" } sort grep {
	    /^[A-Z][A-Z0-9_]+$/ && !$shown{$_} && !$no_block{$_} &&
	    $s->text($script->{$_}) !~ /^\s*(?:.* )?$_=\S*\s.*\bawk\b/m
	} keys %$script;
}

# ---- manuals ----------------------------------------------------------------

# Each template has its page, and there an entry for each variable.
sub templates_documented {
	my ($s) = @_;
	my %page = set(pages($s));
	my @bad;
	for my $t (templates($s)) {
		my $p = page_of($t);
		push @bad, "$t: there is no $p" if !$page{$p};
		my $entry = entries($s, $p);
		push @bad, map { "$p: $_ has no entry" } grep {
		    (my $n = $_) =~ s/^(AUTHSERVICE)\d+$/$1/;
		    !exists $entry->{$n} } shown($s, $t);
	}
	return @bad;
}

# The other way round: an entry is a row, or in the template, or a script's.
sub entries_known {
	my ($s) = @_;
	my @bad;
	my %row = set(row_names($s));
	my $script = in_scripts($s);
	for my $t (templates($s)) {
		my $p = page_of($t);
		my %here = set(map { /^(AUTHSERVICE)\d+$/ ? $1 : $_ }
		    map { shown($s, $_) } grep { page_of($_) eq $p }
		    templates($s));
		push @bad, map { "$p: $_ is in no template and no list" }
		    sort grep { !$here{$_} && !$row{$_} && !$script->{$_} &&
		    !$alias{$_} } keys %{ entries($s, $p) };
	}
	return @bad;
}

# Each row has an entry with its range and default, on the page of each server
# that reads it.
sub rows_documented {
	my ($s) = @_;
	my @bad;
	for my $pages (@settings) {
		my ($settings, $more, $readers) = @$pages;
		my $entry = { map { %{ entries($s, $_) } } $more, $settings };
		push @bad, map { row_documented($settings, $entry, $_) }
		    grep { $_->[6] =~ $readers } rows($s);
	}
	return @bad;
}

sub row_documented {
	my ($settings, $entry, $r) = @_;
	my ($type, $member, $name, $def, $min, $max) = @$r;
	my $about = $entry->{$name};
	return "$settings: $name has no entry" if !defined $about;
	my $want = $type eq 'YES' ? 'YES or NO' :
	    $type eq 'STR' ? ($def eq 'NULL' ? '' : "; $def") :
	    $max == 1 ? 'switch' : "$min to $max; $def";
	my @bad;
	push @bad, "$settings: $name ($about): not \"$want\""
	    if index($about, $want) < 0;
	push @bad, "$settings: $name ($about): the default is $def"
	    if $type eq 'INT' && $max == 1 && $about =~ /; (.*)/ && $1 ne $def;
	return @bad;
}

# What else the programs and scripts read is on some page.
sub others_documented {
	my ($s) = @_;
	my $all = join "\n", map { plain($s, $_) } pages($s);
	my $script = in_scripts($s);
	my %name = (%{ asked($s) }, map { $_ => 1 } grep {
	    /^[A-Z][A-Z0-9_]+$/ && $s->text($script->{$_}) !~
	    /^\s*(?:.* )?$_=\S*\s.*\bawk\b/m } keys %$script);
	return map { "$_ is on no manual page" } sort grep {
	    $all !~ /\b\Q$_\E\b/ } keys %name;
}

# What a page names has to be known here.
sub pages_true {
	my ($s) = @_;
	my $code = join '', map { $s->text($_) } grep { !/^testsuite/ }
	    $s->files, $s->files('sysconf/*', 'configure.ac');
	my @bad;
	for my $p (pages($s)) {
		my $text = plain($s, $p);
		my %word = set($text =~ /\b([A-Z][A-Z0-9]*_[A-Z0-9_]+)\b/g,
		    grep { /^[A-Z]/ } keys %{ entries($s, $p) });
		push @bad, map { "$p: $_ is unknown" } sort grep {
		    !$no_effect{$_} && $code !~ /\b\Q$_\E(?:\b|\d)/ } keys %word;
	}
	return @bad;
}

holds('each row of vars.def is in a template', \&rows_in_templates);
holds('each row of vars.def is read', \&rows_read);
holds('each variable of a template is read', \&templates_used);
holds('exceptions are needed', \&exceptions_needed);
holds('marks of templates are sound', \&marks);
holds('each keyword of a module is in a template', \&keywords_shown);
holds('each variable of a script is in a template', \&scripts_in_templates);
holds('each variable of a template is on its page', \&templates_documented);
holds('each entry of such a page is a variable', \&entries_known);
holds('each row is on the page, with range and default', \&rows_documented);
holds('all else that is read is on a page', \&others_documented);
holds('each variable of a manual page is known', \&pages_true);

# ---- that each can fail -----------------------------------------------------

my %tree = (
	'src/conf/vars.def' => "CONF_INT(a, \"IMAP_A\", 1, 0, 2, CONF_L)\n" .
	    "CONF_STR(b, \"IMAP_B\", NULL,\n    CONF_L | CONF_P)\n" .
	    "CONF_YES(c, \"IMAP_C\", FALSE, CONF_L)\n" .
	    "CONF_INT(g, \"IMAP_G\", 0, 0, 1, CONF_L)\n" .
	    "CONF_STR(h, \"IMAP_H\", \"auto\", CONF_L)\n",
	'src/login/x.c' => "f(k->a, k.c, k->g, k->h, env_get(\"TCP_X\"));\n",
	'authdaemon/mod_x.c' => "s(rc, \"MYSQL_A\", \"MYSQL_B\");\n",
	'sysconf/imapd.dist.in' => "##NAME: A:0\n##NAME: A:0\n##NAME: B\n" .
	    "IMAP_A=1\n# IMAP_C=2\nIMAP_D=3\nTCP_X=\nIN_SCRIPT=1\nX y=z\n" .
	    "IMAP_G=0\nIMAP_H=auto\nAUTHSERVICE143=x\n",
	'sysconf/authmysqlrc.in' => "# MYSQL_A here\nMYSQL_C c\n",
	'sysconf/imapd.rc.in' => "echo \${IN_SCRIPT-} \$OWN_IDEA \$small\n" .
	    "OWN=\$x awk '{ ENVIRON[\"OWN\"] }' \$OWN\n",
	'doc/man/imapd.5' => ".\\\" IMAP_NOT\n.TP\n" .
	    ".BR IMAP_A \" (0 to 3; 1)\"\n.TP\n.BR IMAP\\_C \" (YES or NO)\"\n" .
	    ".TP\n.BI AUTHSERVICE nnn \" (word)\"\n.TP\n" .
	    ".BR IMAP_G \" (switch; 1), \" IMAP_H \" (text; utf8)\"\n" .
	    ".TP\n.BR IMAP_D \" (x), \" IMAP_E \" (x), \" TCP_X \" (x)\"\n",
);
finds('a row without a block', \&rows_in_templates, \%tree, qr/IMAP_B/);
finds('a row that nothing reads', \&rows_read, \%tree, qr/reads b$/);
finds('a setting without effect', \&templates_used, \%tree, qr/IMAP_D/,
    qr/MYSQL_C/);
finds('an exception without need', \&exceptions_needed, { %tree,
	'sysconf/imapd.dist.in' => "AUTHADDR=\n",
	'sysconf/x.in' => join(' ', map { "\$$_" } grep { $_ ne 'HOSTNAME' }
	    keys %no_block) . "\n",
}, qr/^AUTHADDR: is in/, qr/^HOSTNAME: nothing/);
finds('bad marks', \&marks, \%tree, qr/mark  A:0 again/, qr/mark  B$/);
finds('a keyword without a word', \&keywords_shown, \%tree, qr/MYSQL_B/);
finds('a script that reads more', \&scripts_in_templates, \%tree,
    qr/OWN_IDEA/);
finds('a setting without a manual', \&templates_documented, \%tree,
    qr/IN_SCRIPT/, qr/no doc.man.authmysqlrc.5/, qr/MYSQL_A/, qr/MYSQL_C/);
finds('an entry of nothing', \&entries_known, \%tree, qr/: IMAP_E/);
finds('a row without a manual, with another range or default',
    \&rows_documented, \%tree, qr/imapd.5: IMAP_B has no/,
    qr/pop3d.5: IMAP_B has no/, qr/IMAP_A .* not "0 to 2/,
    qr/IMAP_G .* default is 0/, qr/IMAP_H .* not "; auto/);
finds('what is read but not told of', \&others_documented, \%tree,
    qr/^IN_SCRIPT/, qr/^OWN_IDEA/, qr/^MYSQL_A/, qr/^MYSQL_B/);
finds('a manual of nothing', \&pages_true, \%tree, qr/IMAP_E/);
done();
