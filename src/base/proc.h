/* Processes and privilege.  SPDX-License-Identifier: ISC */

#ifndef BASE_PROC_H
#define BASE_PROC_H

/* What goes from program to program beside 0, 1 and 2, if CHAPAR_PENALTY is set:
   the descriptors that it names (tcpd/guess.h). */
#define PROC_FD_REPORTS	3
#define PROC_FD_DELAYS	4
#define PROC_FD_FREE	5

/* Closes all descriptors from `first` on. */
void	proc_close_from(int first);

/* Opens /dev/null on each of 0, 1, 2 that is closed. */
void	proc_fix_stdio(void);

/*
 * Becomes the user for ever: supplementary groups (by name if given, else
 * gid alone), gid, uid; then proves that root cannot be regained. Any failure
 * is E_PERM and the caller must exit. Does groups only if it is root.
 */
int	proc_become(const char *name_or_null, uid_t, gid_t);

/* The two halves of it: the groups, which nothing else may be lost before; and
   the ids with the proof. */
int	proc_set_groups(const char *name_or_null, gid_t);
int	proc_set_ids(uid_t, gid_t);

/* Name or number to ids. E_NOENT if there is no such user or group. */
int	proc_find_user(const char *, uid_t *out_uid, gid_t *out_gid);
int	proc_find_group(const char *, gid_t *out_gid);

/* waitpid that goes on after signals. Returns E_OK and the status. */
int	proc_wait(pid_t, int *out_status);

#endif
