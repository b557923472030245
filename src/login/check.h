/* Settings that are not what they should be.  SPDX-License-Identifier: ISC */

#ifndef LOGIN_CHECK_H
#define LOGIN_CHECK_H

/*
 * For start scripts: writes one line on standard output for each variable of
 * the environment whose value will not be used as it stands, with the file and
 * the line that set it: "FILE: line 12: NAME: reason". Returns how many.
 */
int	check_imap(char **files, int n);
int	check_pop3(char **files, int n);

#endif
