/* The PROXY protocol, both versions.  SPDX-License-Identifier: ISC */

/* Whoever can reach such a port is believed: let only the proxy reach it. */

#include "base/base.h"

#include <netdb.h>
#include <poll.h>

#include "base/ascii.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/str.h"
#include "tcpd/haproxy.h"
#include "tcpd/peer.h"

#define SIGNATURE	"\r\n\r\n\0\r\nQUIT\n"
#define SIGNATURE_LEN	12
#define HEAD_LEN	16	/* of version 2 */

static int item(const char *, u32 *, struct peer *, int *);
static int find_port(const char *, u32 *);
static const char *word(const char **, char *, size_t);
static int error(struct str *, const char *);
static int peek(int, char *, size_t, u64, size_t, struct str *);
static size_t complete(const char *, size_t, struct str *);

/* ---- the option --------------------------------------------------------- */

static int
find_port(const char *text, u32 *out)
{
	struct servent *se;

	se = getservbyname(text, "tcp");
	if (se != NULL) {
		*out = ntohs((u16)se->s_port);
		return E_OK;
	}
	return num_parse_u32(text, out) == E_OK && *out >= 1 &&
	    *out <= 65535 ? E_OK : E_SYNTAX;
}

/* One item; port 0 in p: every listener; any: every address. */
static int
item(const char *text, u32 *secs, struct peer *p, int *any)
{
	char ip[PEER_TEXT];
	const char *dot;
	size_t n;
	u32 port;

	memset(p, 0, sizeof(*p));
	*any = TRUE;
	*secs = 0;
	n = num_scan_u32(text, strlen(text), secs);
	if (*secs == 0)
		*secs = HAPROXY_SECS;
	text += n;
	if (*text == '\0')
		return E_OK;
	if (!ascii_begins(text, "/port="))
		return E_SYNTAX;
	text += 6;
	dot = strrchr(text, '.');
	if (dot != NULL) {
		n = (size_t)(dot - text);
		if (n >= sizeof(ip))
			return E_SYNTAX;
		memcpy(ip, text, n);
		ip[n] = '\0';
		*any = strcmp(ip, "0") == 0;
		if (!*any && peer_parse(ip, p) != E_OK)
			return E_SYNTAX;
		text = dot + 1;
	}
	if (find_port(text, &port) != E_OK)
		return E_SYNTAX;
	p->port = port;
	return E_OK;
}

u32
haproxy_wants(const char *value, const struct peer *local)
{
	char *list, *p, *next;
	struct peer want;
	u32 secs, found;
	int any;

	found = 0;
	list = mem_strdup(value);
	for (p = list; p != NULL && found == 0; p = next) {
		next = strchr(p, ',');
		if (next != NULL)
			*next++ = '\0';
		if (item(p, &secs, &want, &any) == E_OK &&
		    (want.port == 0 || want.port == local->port) &&
		    (any || memcmp(want.addr, local->addr,
		    sizeof(want.addr)) == 0))
			found = secs;
	}
	mem_free(list);
	return found;
}

int
haproxy_check(const char *value)
{
	char *list, *p, *next;
	struct peer want;
	u32 secs;
	int any, r;

	r = E_OK;
	list = mem_strdup(value);
	for (p = list; p != NULL; p = next) {
		next = strchr(p, ',');
		if (next != NULL)
			*next++ = '\0';
		if (item(p, &secs, &want, &any) != E_OK) {
			log_err("Invalid -haproxy option: %s", p);
			r = E_SYNTAX;
		}
	}
	mem_free(list);
	return r;
}

/* ---- the header --------------------------------------------------------- */

static int
error(struct str *why, const char *text)
{
	str_reset(why);
	str_catf(why, "haproxy: %s", text);
	return E_SYNTAX;
}

/* The next blank-separated word in buf, or NULL. */
static const char *
word(const char **p, char *buf, size_t size)
{
	size_t n;

	*p += strspn(*p, " ");
	n = strcspn(*p, " \r\n");
	if (n == 0 || n >= size)
		return NULL;
	memcpy(buf, *p, n);
	buf[n] = '\0';
	*p += n;
	return buf;
}

int
haproxy_v1(const char *line, struct peer *remote, struct peer *local,
    struct str *why)
{
	struct peer src, dst;
	char w[PEER_TEXT], kind[HAPROXY_LINE_MAX];
	int v4;

	if (word(&line, w, sizeof(w)) == NULL || strcmp(w, "PROXY") != 0)
		return error(why, "missing PROXY statement");
	if (word(&line, kind, sizeof(kind)) == NULL)
		return error(why, "malformed PROXY statement");
	if (strcmp(kind, "UNKNOWN") == 0)
		return E_OK;
	v4 = strcmp(kind, "TCP4") == 0;
	if (!v4 && strcmp(kind, "TCP6") != 0) {
		(void)error(why, "unknown protocol: ");
		str_cats(why, kind);
		return E_SYNTAX;
	}
	if (word(&line, w, sizeof(w)) == NULL || peer_parse(w, &src) != E_OK ||
	    v4 != peer_is_v4(&src) ||
	    word(&line, w, sizeof(w)) == NULL || peer_parse(w, &dst) != E_OK ||
	    v4 != peer_is_v4(&dst))
		return error(why, v4 ? "cannot parse TCP4 address" :
		    "cannot parse TCP6 address");
	if (word(&line, w, sizeof(w)) == NULL ||
	    num_parse_u32(w, &src.port) != E_OK || src.port > 65535 ||
	    word(&line, w, sizeof(w)) == NULL ||
	    num_parse_u32(w, &dst.port) != E_OK || dst.port > 65535)
		return error(why, "malformed PROXY statement");
	*remote = src;
	*local = dst;
	return E_OK;
}

int
haproxy_v2(const u8 *p, size_t n, struct peer *remote, struct peer *local,
    struct str *why)
{
	static const u8 mapped[12] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff,
	    0xff };
	size_t width;

	if (n < HEAD_LEN || p[12] >> 4 != 2 || (p[12] & 15) > 1)
		return error(why, "malformed PROXY statement");
	width = p[13] == 0x11 ? 4 : p[13] == 0x21 ? 16 : 0;
	if ((p[12] & 15) == 0 || width == 0)
		return E_OK;	/* LOCAL, or no TCP */
	if (n < HEAD_LEN + 2 * width + 4)
		return error(why, "malformed PROXY statement");
	p += HEAD_LEN;
	memcpy(remote->addr, mapped, sizeof(mapped));
	memcpy(local->addr, mapped, sizeof(mapped));
	memcpy(remote->addr + 16 - width, p, width);
	memcpy(local->addr + 16 - width, p + width, width);
	p += 2 * width;
	remote->port = (u32)p[0] << 8 | p[1];
	local->port = (u32)p[2] << 8 | p[3];
	return E_OK;
}

/* Length of the header that begins here; 0: more must come, or it never will
   be one (why). */
static size_t
complete(const char *buf, size_t n, struct str *why)
{
	const char *lf;
	size_t len;

	if (n > 0 && memcmp(buf, SIGNATURE, n < SIGNATURE_LEN ? n :
	    SIGNATURE_LEN) == 0) {
		if (n < HEAD_LEN)
			return 0;
		len = (size_t)(u8)buf[14] << 8 | (u8)buf[15];
		if (len > HAPROXY_V2_MAX)
			(void)error(why, "response too long");
		return n >= HEAD_LEN + len ? HEAD_LEN + len : 0;
	}
	lf = memchr(buf, '\n', n);
	if (lf == NULL || lf - buf >= HAPROXY_LINE_MAX) {
		if (n >= HAPROXY_LINE_MAX)
			(void)error(why, "response too long");
		return 0;
	}
	return (size_t)(lf - buf) + 1;
}

/* Waits until more than `had` bytes are there and looks at all. */
static int
peek(int fd, char *buf, size_t size, u64 deadline, size_t had,
    struct str *why)
{
	struct pollfd p;
	ssize_t n;

	for (;;) {
		p.fd = fd;
		p.events = POLLIN;
		if (poll(&p, 1, clock_left(deadline)) == 0 ||
		    clock_left(deadline) == 0) {
			(void)error(why, "timeout");
			return -1;
		}
		n = recv(fd, buf, size, MSG_PEEK);
		if (n == 0) {
			(void)error(why, "connection closed");
			return -1;
		}
		if (n < 0 && errno != EINTR && errno != EAGAIN) {
			(void)error(why, "unexpected return from recv()");
			return -1;
		}
		if (n > 0 && (size_t)n > had)
			return (int)n;
		clock_sleep_ms(10);	/* the same bytes wake poll up */
	}
}

int
haproxy_read(int fd, u32 secs, struct peer *remote, struct peer *local)
{
	char buf[HEAD_LEN + HAPROXY_V2_MAX + 1];
	struct str why;
	size_t had, len;
	u64 deadline;
	int n, r;

	deadline = clock_deadline(secs);
	str_init(&why, 0);
	had = len = 0;
	while (len == 0 && why.len == 0) {
		n = peek(fd, buf, sizeof(buf) - 1, deadline, had, &why);
		if (n > 0) {
			had = (size_t)n;
			len = complete(buf, had, &why);
		}
	}
	r = E_SYNTAX;
	if (why.len == 0 && recv(fd, buf, len, 0) != (ssize_t)len)
		(void)error(&why, "unexpected return from recv()");
	if (why.len == 0) {
		buf[len] = '\0';
		r = *buf == '\r' ? haproxy_v2((const u8 *)buf, len, remote,
		    local, &why) : haproxy_v1(buf, remote, local, &why);
	}
	if (r != E_OK)
		log_err("%s", str_c(&why));
	str_free(&why);
	return r;
}
