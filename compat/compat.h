/* Declares what a libc may lack.  SPDX-License-Identifier: ISC */

#ifndef COMPAT_COMPAT_H
#define COMPAT_COMPAT_H

/*
 * A function that configure did not find is declared here and stands in a
 * file of its own. With --enable-all-compat each of them is used under a name
 * of its own, also where libc has it.
 *
 * To add one: the file, its declaration and name here, both in alphabetical
 * order; AC_CHECK_FUNCS in configure.ac; OBJS_compat in Makefile.in; a
 * comparison with libc's own in testsuite/compat.
 */

#include <sys/types.h>
#include <sys/socket.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>
#include <unistd.h>

#ifdef CHAPAR_ALL_COMPAT
#undef HAVE_CLOSEFROM
#undef HAVE_EXPLICIT_BZERO
#undef HAVE_GETADDRINFO
#undef HAVE_GETNAMEINFO
#undef HAVE_INET_NTOP
#undef HAVE_INET_PTON
#undef HAVE_MKDTEMP
#undef HAVE_SETENV
#undef HAVE_SETEUID
#undef HAVE_UNSETENV
#define closefrom	chapar_closefrom
#define explicit_bzero	chapar_explicit_bzero
#define freeaddrinfo	chapar_freeaddrinfo
#define getaddrinfo	chapar_getaddrinfo
#define getnameinfo	chapar_getnameinfo
#define inet_ntop	chapar_inet_ntop
#define inet_pton	chapar_inet_pton
#define mkdtemp		chapar_mkdtemp
#define setenv		chapar_setenv
#define seteuid		chapar_seteuid
#define unsetenv	chapar_unsetenv
#endif

#ifndef HAVE_SOCKLEN_T
typedef int	socklen_t;
#endif

#ifndef HAVE_CLOSEFROM
void	closefrom(int);
#endif
#ifndef HAVE_EXPLICIT_BZERO
void	explicit_bzero(void *, size_t);
#endif
#ifndef HAVE_STRUCT_ADDRINFO
struct addrinfo {
	int		ai_flags;
	int		ai_family;
	int		ai_socktype;
	int		ai_protocol;
	socklen_t	ai_addrlen;
	struct sockaddr	*ai_addr;
	char		*ai_canonname;
	struct addrinfo	*ai_next;
};
#define AI_NUMERICHOST	4
#define EAI_AGAIN	1
#define EAI_NONAME	2
#define EAI_SERVICE	3
#define EAI_MEMORY	4
#define EAI_FAMILY	5
#define EAI_FAIL	6
#define NI_NUMERICHOST	1
#define NI_NAMEREQD	2
#endif
#ifndef HAVE_GETADDRINFO
struct addrinfo;
int	getaddrinfo(const char *, const char *, const struct addrinfo *,
	    struct addrinfo **);
void	freeaddrinfo(struct addrinfo *);
#endif
#ifndef HAVE_GETNAMEINFO
int	getnameinfo(const struct sockaddr *, socklen_t, char *, socklen_t,
	    char *, socklen_t, int);
#endif
#ifndef HAVE_INET_NTOP
const char *inet_ntop(int, const void *, char *, socklen_t);
#endif
#ifndef HAVE_INET_PTON
int	inet_pton(int, const char *, void *);
#endif
#ifndef HAVE_MKDTEMP
char	*mkdtemp(char *);
#endif
#ifndef HAVE_SETENV
int	setenv(const char *, const char *, int);
#endif
#ifndef HAVE_SETEUID
int	seteuid(uid_t);
#endif
#ifndef HAVE_UNSETENV
int	unsetenv(const char *);
#endif

#endif
