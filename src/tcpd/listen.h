/* Listening sockets (daemons.md 2.3).  SPDX-License-Identifier: ISC */

#ifndef TCPD_LISTEN_H
#define TCPD_LISTEN_H

#define LISTEN_MAX	64	/* sockets of one couriertcpd */

/*
 * Opens the sockets of a port list: comma-separated [ADDRESS.]PORT, split at
 * the last dot; address for items without one ("0": any). PORT is a service
 * name or a number; queue is the backlog. Errors are told on standard error. The n descriptors go
 * to fds (LISTEN_MAX).
 */
int	listen_open(const char *ports, const char *address, u32 queue,
	    int *fds, size_t *out_n);

#endif
