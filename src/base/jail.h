/* A process that gives up its rights for ever.  SPDX-License-Identifier: ISC */

#ifndef BASE_JAIL_H
#define BASE_JAIL_H

/* What a jailed process may still do beside reading and writing what it has
   open, waiting, and ending (only where the system can tell them apart). */
enum {
	JAIL_FDS = 1,		/* pass descriptors over a socket it has */
	JAIL_LOCKS = 2,		/* lock files that are open */
	JAIL_WITH_PARENT = 4	/* (no right, but a duty: to die when its parent
				   does, on Linux) */
};

struct jail {
	const char	*user;	/* whom to become; name or number */
	const char	*dir;	/* its root: a folder of root's that nobody else
				   may write to. NULL or not so: an empty one
				   without a name is made */
	int		flags;	/* JAIL_* */
};

/*
 * From here on the process sees no files, is nobody, starts no process, opens
 * no socket and no file, leaves no core, gains nothing by exec, and (Linux)
 * may use the system calls of a short list only, others failing with EPERM;
 * OpenBSD: pledge. There is no way back. What is open stays open; what needs
 * other files (names of users, the hour of a zone) has to be asked before.
 * Without root it does what is possible: root folder and ids are left alone.
 * E_OK; E_NOENT: no such user; E_PERM, E_TEMP: the process must end, as it may
 * have lost some of its rights.
 */
int	jail_enter(const struct jail *);

/* Looks the user up now: processes that are forked later need not. What the
   system says later does not count then. */
void	jail_prepare(const char *user);

/* The last step alone, the list of system calls: E_OK also if this system has
   nothing of the kind. */
int	jail_filter(int flags);

/* TRUE if this build has such a list. */
int	jail_has_filter(void);

#endif
