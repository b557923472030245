/* What goes to a started program.  SPDX-License-Identifier: ISC */

#ifndef CONF_PRESTART_INT_H
#define CONF_PRESTART_INT_H

#include "conf/prestart.h"

#define PRESTART_GROUPS	64	/* supplementary ones of a user */

/* What came; strings lie in the buffer it was read into. */
struct prestart_msg {
	u32	place, serial;
	int	fd;
	int	argc;
	char	**argv, **env;		/* each with a NULL behind it */
	int	become;
	uid_t	uid;
	gid_t	gid, group[PRESTART_GROUPS];
	int	ngroups;
	const char *home;
};

/* prestart_msg.c. Sends with the process's own supplementary groups, never
   waits: E_OK, E_TEMP, E_TOOBIG. */
int	prestart_msg_send(int fd, const struct prestart_conn *);

/* Waits. E_OK (msg is to be freed by prestart_msg_free, its fd closed),
   E_EOF, E_INVAL (place and serial are 0 if they were not told). */
int	prestart_msg_recv(int fd, struct str *buf, struct prestart_msg *);
void	prestart_msg_free(struct prestart_msg *);

/* Sends a report, waits while the pipe is full. */
void	prestart_report(int fd, u32 place, u32 serial, int what, pid_t);

#endif
