# The table of mail accounts that the system tests share, and the settings file
# that names it.  SPDX-License-Identifier: ISC
#
#   Accounts::table($db, 'one@a.test', ...);   password pw-USER, uid 5000
#   Accounts::authmysqlrc($db)                 text of the settings file
#   Accounts::QUERY                            Postfix's query on the table
package Accounts;
use strict;
use warnings;

use constant QUERY => "SELECT CONCAT(SUBSTRING_INDEX(email,'\@',1),'/Maildir/')"
    . " FROM users WHERE email = '%s'";
use constant UID => 5000;

sub table {
	my ($db, @users) = @_;
	$db->sql('create table users (email varchar(128) primary key,
	    clear varchar(64), crypt varchar(128), uid int, gid int,
	    home varchar(255), maildir varchar(255), quota varchar(64),
	    name varchar(64))');
	while (my @some = splice @users, 0, 500) {
		$db->sql('insert into users values ' . join ',',
		    map { account($_) } @some);
	}
}

sub account {
	my ($user) = @_;
	my ($local) = $user =~ /^([^@]*)/;
	return "('$user', 'pw-$local', '', 5000, 5000, '/srv/mail/$local', '',
	    '', 'Mr. $local')";
}

sub authmysqlrc {
	my ($db) = @_;
	return <<"EOF";
MYSQL_SERVER		127.0.0.1
MYSQL_PORT		$db->{port}
MYSQL_USERNAME		mail
MYSQL_PASSWORD		mailpw
MYSQL_DATABASE		mail
MYSQL_OPT		0
MYSQL_USER_TABLE	users
MYSQL_CLEAR_PWFIELD	clear
MYSQL_UID_FIELD		uid
MYSQL_GID_FIELD		gid
MYSQL_LOGIN_FIELD	email
MYSQL_HOME_FIELD	home
MYSQL_NAME_FIELD	name
MYSQL_MAILDIR_FIELD	maildir
MYSQL_QUOTA_FIELD	quota
##NAME: MARKER:0
EOF
}

# An empty mailbox of the test's user.
sub maildir {
	my ($path) = @_;
	for ($path, map { "$path/$_" } qw(tmp new cur)) {
		-d or mkdir $_, 0700 or die "$_: $!";
		chown UID, UID, $_;
	}
}

my $n = 0;

# One message put in new/ as a delivery agent does; name returned.
sub deliver {
	my ($path, $text) = @_;
	my $name = time . '.M' . ++$n . "P$$.mx";
	open my $fh, '>', "$path/tmp/$name" or die "$path: $!";
	binmode $fh;
	print $fh $text;
	close $fh;
	chown UID, UID, "$path/tmp/$name";
	rename "$path/tmp/$name", "$path/new/$name" or die "$name: $!";
	return $name;
}

1;
