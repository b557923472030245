/* Many clients in one process: each logs in and stays.
   SPDX-License-Identifier: ISC */

/* hold COUNT PORT plain|tls: says how many got in, then waits for the end of
   standard input. */

#include <sys/resource.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <openssl/ssl.h>

struct client {
	int	fd;
	SSL	*ssl;
};

static int dial(int);
static int get(struct client *, char *, int);
static int put(struct client *, const char *, int);
static int line(struct client *, char *, int);
static int enter(struct client *, SSL_CTX *, int);

static int
dial(int port)
{
	struct sockaddr_in a;
	int fd;

	memset(&a, 0, sizeof(a));
	a.sin_family = AF_INET;
	a.sin_port = htons((unsigned short)port);
	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	fd = socket(AF_INET, SOCK_STREAM, 0);
	if (fd >= 0 && connect(fd, (struct sockaddr *)&a, sizeof(a)) < 0) {
		close(fd);
		fd = -1;
	}
	return fd;
}

static int
get(struct client *c, char *buf, int n)
{
	return c->ssl != NULL ? SSL_read(c->ssl, buf, n) :
	    (int)read(c->fd, buf, (size_t)n);
}

static int
put(struct client *c, const char *buf, int n)
{
	return c->ssl != NULL ? SSL_write(c->ssl, buf, n) :
	    (int)write(c->fd, buf, (size_t)n);
}

/* Its length, 0 at the end. */
static int
line(struct client *c, char *buf, int size)
{
	int n;

	for (n = 0; n < size - 1; n++)
		if (get(c, buf + n, 1) != 1 || buf[n] == '\n')
			break;
	buf[n] = '\0';
	return n;
}

/* 1 if it is in. */
static int
enter(struct client *c, SSL_CTX *ctx, int port)
{
	static const char login[] = "a LOGIN joe right\r\n";
	char buf[4096];

	c->fd = dial(port);
	c->ssl = NULL;
	if (c->fd < 0)
		return 0;
	if (ctx != NULL) {
		c->ssl = SSL_new(ctx);
		SSL_set_fd(c->ssl, c->fd);
		if (SSL_connect(c->ssl) != 1)
			return 0;
	}
	if (line(c, buf, sizeof(buf)) == 0 || strncmp(buf, "* OK", 4) != 0 ||
	    put(c, login, (int)strlen(login)) <= 0)
		return 0;
	while (line(c, buf, sizeof(buf)) > 0)
		if (strncmp(buf, "a ", 2) == 0)
			return strncmp(buf, "a OK", 4) == 0;
	return 0;
}

int
main(int argc, char **argv)
{
	struct client *clients;
	struct rlimit limit;
	SSL_CTX *ctx;
	int i, n, in, port;

	if (argc != 4)
		return 2;
	n = (int)strtol(argv[1], NULL, 10);
	clients = calloc((size_t)n, sizeof(*clients));
	getrlimit(RLIMIT_NOFILE, &limit);
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
	port = (int)strtol(argv[2], NULL, 10);
	ctx = strcmp(argv[3], "tls") == 0 ? SSL_CTX_new(TLS_client_method()) :
	    NULL;
	for (i = in = 0; i < n; i++)
		in += enter(clients + i, ctx, port);
	printf("%d\n", in);
	fflush(stdout);
	while (getchar() != EOF)
		;
	return 0;
}
