/* Parts of maildirmake.  SPDX-License-Identifier: ISC */

#ifndef PROG_MM_H
#define PROG_MM_H

/* All return the exit status, and have said what was wrong. */

/* One line on standard error: "what: why"; returns 1. */
int	mm_fail(const char *what, const char *why);

/* --add name=/path, --del name: shared-maildirs. -1: wrong usage. */
int	mm_add(const char *link, const char *maildir);
int	mm_del(const char *name, const char *maildir);

/* --checkutf8, --convutf8: names of folders from modified UTF-7 to UTF-8;
   filter may be NULL. */
int	mm_check_utf8(const char *maildir, const char *filter);
int	mm_conv_utf8(const char *maildir, const char *filter);

#endif
