/* Names in a directory.  SPDX-License-Identifier: ISC */

#ifndef BASE_DIRSCAN_H
#define BASE_DIRSCAN_H

struct dirscan;

/* E_NOENT, E_PERM, E_TEMP. The caller ends with dirscan_close. */
int	dirscan_open(const char *path, struct dirscan **out);

/*
 * Next name, "." and ".." left out. 1: a name, valid until the next call;
 * 0: the end; E_TEMP: reading failed, the list is not complete.
 */
int	dirscan_next(struct dirscan *, const char **out_name);

/* Frees it and clears the pointer; NULL is fine. */
void	dirscan_close(struct dirscan **);

#endif
