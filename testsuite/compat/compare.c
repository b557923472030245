/* Each replacement of compat/ beside libc's own.  SPDX-License-Identifier: ISC */

/*
 * Built by compat.t with CHAPAR_ALL_COMPAT: the replacements carry names of
 * their own, so that both can be called here. What libc lacks is compared with
 * the expected results alone.
 */

#include "config.h"
#include "compat.h"

#include <sys/stat.h>
#include <sys/wait.h>
#include <netinet/in.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <stdio.h>

#undef closefrom
#undef explicit_bzero
#undef freeaddrinfo
#undef getaddrinfo
#undef getnameinfo
#undef inet_ntop
#undef inet_pton
#undef mkdtemp
#undef setenv
#undef seteuid
#undef unsetenv

/* compat.h has hidden what libc has; this shows it again. */
#undef CHAPAR_CONFIG_H
#undef CHAPAR_ALL_COMPAT
#include "config.h"

#ifdef HAVE_INET_NTOP
extern const char *inet_ntop(int, const void *, char *, socklen_t);
#endif
#ifdef HAVE_INET_PTON
extern int inet_pton(int, const char *, void *);
#endif

#define ROUNDS	20000

#define T(cond)	check((cond) != 0, #cond, __LINE__)

static int count, failed;
static unsigned long seed = 1;

static void check(int, const char *, int);
static unsigned below(unsigned);
static size_t word(char *, unsigned, const char *);
static void test_env(void);
static void test_inet_ntop(void);
static void test_inet_pton(void);
static void test_names(void);
static void test_mkdtemp(void);
static void test_seteuid(void);
static void test_bzero(void);
static void test_closefrom(void);

static void
check(int ok, const char *what, int line)
{
	printf("%sok %d - %s\n", ok ? "" : "not ", ++count, what);
	if (!ok) {
		failed++;
		printf("# compare.c line %d\n", line);
	}
}

static unsigned
below(unsigned n)
{
	seed = (seed * 1103515245UL + 12345UL) & 0x7fffffffUL;
	return (unsigned)(seed >> 8) % n;
}

/* A random word shorter than max of these letters; returns its length. */
static size_t
word(char *to, unsigned max, const char *letters)
{
	size_t i, n;

	n = below(max);
	for (i = 0; i < n; i++)
		to[i] = letters[below((unsigned)strlen(letters))];
	to[n] = '\0';
	return n;
}

static void
test_env(void)
{
	const char *v;

	T(chapar_setenv("COMPARE_A", "1", 0) == 0);
	v = getenv("COMPARE_A");
	T(v != NULL && strcmp(v, "1") == 0);
	T(chapar_setenv("COMPARE_A", "2", 0) == 0);
	T(strcmp(getenv("COMPARE_A"), "1") == 0);
	T(chapar_setenv("COMPARE_A", "", 1) == 0);
	v = getenv("COMPARE_A");
	T(v != NULL && *v == '\0');
	T(chapar_setenv("COMPARE_AB", "3", 1) == 0);
	T(chapar_unsetenv("COMPARE_A") == 0);
	T(getenv("COMPARE_A") == NULL);
	T(getenv("COMPARE_AB") != NULL);
	T(chapar_unsetenv("COMPARE_A") == 0);
	T(chapar_unsetenv("COMPARE_AB") == 0 && getenv("COMPARE_AB") == NULL);
	T(getenv("PATH") != NULL);
}

/* Both address families, mostly zeros so that runs of them come up. */
static void
test_inet_ntop(void)
{
	static const unsigned char one[16] = { 0, 0, 0, 0, 0, 0, 0, 0,
	    0, 0, 0, 0, 0, 0, 0, 1 };
	char a[64], b[64];
	unsigned char addr[16];
	int i, j, n, bad;

	T(strcmp(chapar_inet_ntop(AF_INET6, one, a, sizeof(a)), "::1") == 0);
	T(strcmp(chapar_inet_ntop(AF_INET, one + 12, a, sizeof(a)),
	    "0.0.0.1") == 0);
	T(chapar_inet_ntop(AF_INET, one, a, 7) == NULL && errno == ENOSPC);
	T(chapar_inet_ntop(AF_INET6, one, a, 4) == a);
	T(chapar_inet_ntop(-1, one, a, sizeof(a)) == NULL &&
	    errno == EAFNOSUPPORT);
	for (i = bad = 0; i < ROUNDS; i++) {
		for (j = 0; j < 16; j++)
			addr[j] = (unsigned char)(below(4) ? 0 : below(256));
		if (below(3) == 0)
			memset(addr, 0, 10);
		if (below(3) == 0)
			memset(addr + 10, 0xff, 2);
		n = i % 2 ? AF_INET : AF_INET6;
		(void)chapar_inet_ntop(n, addr, a, sizeof(a));
#ifdef HAVE_INET_NTOP
		(void)inet_ntop(n, addr, b, sizeof(b));
		bad += strcmp(a, b) != 0;
#else
		memset(b, 0, 16);
		bad += chapar_inet_pton(n, a, b) != 1 ||
		    memcmp(addr, b, n == AF_INET ? 4 : 16) != 0;
#endif
	}
	T(bad == 0);
}

static void
test_inet_pton(void)
{
	static const char *const good[] = {
		"::", "::1", "1::", "1:2:3:4:5:6:7:8", "::ffff:192.0.2.1",
		"1:2:3:4:5:6:7::", "::2:3:4:5:6:7:8", "1::8", "FE80::aBcD",
		"1:2:3:4:5:6:1.2.3.4"
	};
	static const char *const wrong[] = {
		"", ":", ":::", "1", "1:", "1:2", ":1", "1::2::3", "12345::",
		"::g", "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7:8::", "::1.2.3",
		"::1.2.3.256", "1.2.3.4", "::1 ", "1:2:3:4:5:6:7:1.2.3.4"
	};
	unsigned char a[16], b[16];
	char s[24];
	int bad, i, n;

	for (i = 0; i < (int)(sizeof(good) / sizeof(*good)); i++)
		T(chapar_inet_pton(AF_INET6, good[i], a) == 1);
	for (i = 0; i < (int)(sizeof(wrong) / sizeof(*wrong)); i++)
		T(chapar_inet_pton(AF_INET6, wrong[i], a) == 0);
	T(chapar_inet_pton(AF_INET, "192.0.2.255", a) == 1 &&
	    memcmp(a, "\300\0\002\377", 4) == 0);
	T(chapar_inet_pton(AF_INET, "192.0.2.256", a) == 0);
	T(chapar_inet_pton(AF_INET, "192.0.2", a) == 0);
	T(chapar_inet_pton(AF_INET, "192.0.02.1", a) == 0);
	T(chapar_inet_pton(-1, "", a) == -1 && errno == EAFNOSUPPORT);
	for (i = bad = 0; i < 10 * ROUNDS; i++) {
		memset(a, 0, sizeof(a));
		memset(b, 0, sizeof(b));
		word(s, sizeof(s), i % 2 ? "0125." : "01f::.");
		n = i % 2 ? AF_INET : AF_INET6;
#ifdef HAVE_INET_PTON
		bad += chapar_inet_pton(n, s, a) != inet_pton(n, s, b) ||
		    memcmp(a, b, sizeof(a)) != 0;
#else
		bad += chapar_inet_pton(n, s, a) < 0;
#endif
	}
	T(bad == 0);
}

static void
test_names(void)
{
	struct addrinfo hints, *list;
	struct sockaddr_in sin;
	char host[256];

	memset(&hints, 0, sizeof(hints));
	hints.ai_socktype = SOCK_STREAM;
	T(chapar_getaddrinfo("127.0.0.1", NULL, &hints, &list) == 0);
	memcpy(&sin, list->ai_addr, sizeof(sin));
	T(list->ai_family == AF_INET && list->ai_next == NULL &&
	    list->ai_socktype == SOCK_STREAM &&
	    list->ai_addrlen == sizeof(sin) &&
	    sin.sin_addr.s_addr == htonl(0x7f000001UL));
	T(chapar_getnameinfo(list->ai_addr, list->ai_addrlen, host,
	    sizeof(host), NULL, 0, NI_NUMERICHOST) == 0 &&
	    strcmp(host, "127.0.0.1") == 0);
	T(chapar_getnameinfo(list->ai_addr, list->ai_addrlen, host, 5, NULL,
	    0, NI_NUMERICHOST) != 0);
	chapar_freeaddrinfo(list);
	T(chapar_getaddrinfo("::1", NULL, NULL, &list) == 0);
	T(list->ai_family == AF_INET6);
	T(chapar_getnameinfo(list->ai_addr, list->ai_addrlen, host,
	    sizeof(host), NULL, 0, NI_NUMERICHOST) == 0 &&
	    strcmp(host, "::1") == 0);
	chapar_freeaddrinfo(list);
	T(chapar_getaddrinfo("localhost", NULL, &hints, &list) == 0);
	memcpy(&sin, list->ai_addr, sizeof(sin));
	T(sin.sin_addr.s_addr == htonl(0x7f000001UL));
	chapar_freeaddrinfo(list);
	hints.ai_flags = AI_NUMERICHOST;
	T(chapar_getaddrinfo("localhost", NULL, &hints, &list) == EAI_NONAME);
	hints.ai_family = AF_INET6;
	T(chapar_getaddrinfo("127.0.0.1", NULL, &hints, &list) == EAI_NONAME);
}

/* The effective user alone changes, and back. */
static void
test_seteuid(void)
{
	uid_t real = getuid();

	T(chapar_seteuid(geteuid()) == 0);
	if (real == 0) {
		T(chapar_seteuid(1) == 0 && geteuid() == 1 && getuid() == 0);
		T(chapar_seteuid(0) == 0 && geteuid() == 0);
	} else
		T(chapar_seteuid(0) != 0 && geteuid() == real);
}

static void
test_bzero(void)
{
	char b[4];

	memcpy(b, "abc", 4);
	chapar_explicit_bzero(b, 3);
	T(b[0] == '\0' && b[1] == '\0' && b[2] == '\0');
	memcpy(b, "abc", 4);
	chapar_explicit_bzero(b + 1, 1);
	T(b[0] == 'a' && b[1] == '\0' && b[2] == 'c');
}

static void
test_closefrom(void)
{
	int status;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		dup2(0, 10);
		dup2(0, 11);
		dup2(0, 200);
		chapar_closefrom(11);
		status = fcntl(10, F_GETFD) < 0;
		status |= (fcntl(11, F_GETFD) >= 0) << 1;
		status |= (fcntl(200, F_GETFD) >= 0) << 2;
		_exit(status);
	}
	T(pid > 0 && waitpid(pid, &status, 0) == pid && status == 0);
}

static void
test_mkdtemp(void)
{
	char a[] = "cmpXXXXXX", b[] = "cmpXXXXXX", c[] = "no/such/XXXXXX";
	struct stat st;

	T(chapar_mkdtemp(a) == a);
	T(chapar_mkdtemp(b) == b);
	T(strcmp(a, b) != 0);
	T(stat(a, &st) == 0 && S_ISDIR(st.st_mode));
	T((st.st_mode & 0777) == 0700);
	T(chapar_mkdtemp(c) == NULL && errno == ENOENT);
	T(rmdir(a) == 0 && rmdir(b) == 0);
}

int
main(void)
{
	test_env();
	test_inet_ntop();
	test_inet_pton();
	test_names();
	test_seteuid();
	test_bzero();
	test_closefrom();
	test_mkdtemp();
	printf("1..%d\n", count);
	return failed > 0;
}
