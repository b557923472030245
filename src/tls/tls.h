/* couriertls: TLS for programs that speak in clear.
   SPDX-License-Identifier: ISC */

#ifndef TLS_TLS_H
#define TLS_TLS_H

struct conf;

/*
 * Two processes (daemons.md 3). The first opens files, reads no byte of the
 * other side, and becomes the program once there is TLS. The second reads its
 * settings, goes to jail, shakes hands and moves bytes; it asks the first,
 * over a wall, for the certificate of a name, and tells it how it went.
 */
struct tls_opts {
	int		server;
	int		remote;		/* descriptor of the other side */
	int		local;		/* of the clear side; -1: the program's,
					   or without one 0 and 1 */
	int		status;		/* why it failed goes there, or -1 */
	int		x509;		/* what was agreed upon; -1 */
	const char	*verify;	/* the name of the other side's
					   certificate, or NULL */
	const char	*protocol;	/* clear words first: imap, pop3,
					   smtp, or NULL */
	char		**argv;		/* the program; ends with NULL */
};

/*
 * Runs until the other process does without us: the status to exit with, if
 * this process did not become the program. Descriptors 0 to 2 must be open;
 * all that are given become ours.
 */
int	tls_run(const struct tls_opts *, const struct conf *);

/* Connects to a host's port, by name or number: a descriptor, or E_NOENT,
   E_INVAL, E_TEMP (said on standard error as Courier does). */
int	tls_connect(const char *host, const char *port);

/* Options of the other side's socket. */
void	tls_set_socket(int fd);

/* TRUE for a protocol whose words are known. */
int	tls_protocol_known(const char *);

#endif
