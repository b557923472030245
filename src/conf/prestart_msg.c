/* One connection, on its way to a started program.
   SPDX-License-Identifier: ISC */

#include "base/base.h"

#include <grp.h>

#include "base/fdpass.h"
#include "base/mem.h"
#include "base/pack.h"
#include "base/vec.h"
#include "conf/env.h"
#include "conf/prestart_int.h"

/* A message: numbers, then strings with a NUL behind each. All of it is one
   packet. */
enum {
	N_PLACE, N_SERIAL, N_BECOME, N_UID, N_GID, N_GROUPS, N_ARGS, N_ENV,
	NUMBERS
};

struct in {
	const char	*p;
	size_t		left;
};

static int replaced(const char *, const struct vec *);
static u32 put_env(struct str *, const struct vec *);
static u32 put_groups(struct str *);
static char *take(struct in *);
static char **take_list(struct in *, u32);
static int split(struct in *, struct prestart_msg *);

static int
replaced(const char *var, const struct vec *vars)
{
	const char *v;
	size_t i, n = strcspn(var, "=");

	for (i = 0; vars != NULL && i < vars->n; i++) {
		v = vars->v[i];
		if (strncmp(v, var, n) == 0 && (v[n] == '=' || v[n] == '\0'))
			return TRUE;
	}
	return FALSE;
}

static u32
put_env(struct str *out, const struct vec *vars)
{
	char **e;
	size_t i;
	u32 n = 0;

	for (e = env_all(); *e != NULL; e++)
		if (!replaced(*e, vars)) {
			str_cat(out, *e, strlen(*e) + 1);
			n++;
		}
	for (i = 0; vars != NULL && i < vars->n; i++)
		if (strchr(vars->v[i], '=') != NULL) {
			str_cat(out, vars->v[i], strlen(vars->v[i]) + 1);
			n++;
		}
	return n;
}

static u32
put_groups(struct str *out)
{
	gid_t group[PRESTART_GROUPS];
	u8 buf[4];
	int i, n;

	n = getgroups(PRESTART_GROUPS, group);
	for (i = 0; i < n; i++) {
		pack_u32(buf, (u32)group[i]);
		str_cat(out, buf, sizeof(buf));
	}
	return n < 0 ? PRESTART_GROUPS + 1 : (u32)n;
}

int
prestart_msg_send(int fd, const struct prestart_conn *c)
{
	static struct str out;	/* kept: the next one is as long */
	u8 head[NUMBERS * 4];
	u32 n[NUMBERS];
	long sent;
	int i, r;

	memset(n, 0, sizeof(n));
	memset(head, 0, sizeof(head));
	if (out.data == NULL)
		str_init(&out, PRESTART_MAX);
	str_reset(&out);
	str_cat(&out, head, sizeof(head));
	n[N_PLACE] = c->place;
	n[N_SERIAL] = c->serial;
	n[N_BECOME] = (u32)c->become;
	n[N_UID] = (u32)c->uid;
	n[N_GID] = (u32)c->gid;
	n[N_GROUPS] = c->become ? put_groups(&out) : 0;
	if (c->become)
		str_cat(&out, c->home, strlen(c->home) + 1);
	for (; c->argv[n[N_ARGS]] != NULL; n[N_ARGS]++)
		str_cat(&out, c->argv[n[N_ARGS]],
		    strlen(c->argv[n[N_ARGS]]) + 1);
	n[N_ENV] = put_env(&out, c->vars);
	r = out.toobig || n[N_GROUPS] > PRESTART_GROUPS ? E_TOOBIG : E_OK;
	if (r == E_OK) {
		for (i = 0; i < NUMBERS; i++)
			pack_u32((u8 *)out.data + i * 4, n[i]);
		do
			sent = fdpass_write(fd, out.data, out.len, c->fd);
		while (sent < 0 && errno == EINTR);
		if (sent != (long)out.len)
			r = E_TEMP;
	}
	mem_wipe(out.data, out.len);
	return r;
}

/* ---- receiving ---------------------------------------------------------- */

static char *
take(struct in *in)
{
	const char *s = in->p, *end;
	char *copy;

	end = in->left > 0 ? memchr(s, '\0', in->left) : NULL;
	if (end == NULL)
		return NULL;
	in->left -= (size_t)(end + 1 - s);
	in->p = end + 1;
	memcpy(&copy, &s, sizeof(s));
	return copy;
}

static char **
take_list(struct in *in, u32 n)
{
	char **v;
	u32 i;

	if (n > in->left)
		return NULL;
	v = mem_array((size_t)n + 1, sizeof(*v));
	for (i = 0; i < n; i++)
		if ((v[i] = take(in)) == NULL)
			return mem_free(v);
	return v;
}

static int
split(struct in *in, struct prestart_msg *m)
{
	u32 n[NUMBERS];
	int i;

	if (in->left < sizeof(n))
		return E_INVAL;
	for (i = 0; i < NUMBERS; i++, in->p += 4, in->left -= 4)
		n[i] = unpack_u32((const u8 *)in->p);
	m->place = n[N_PLACE];
	m->serial = n[N_SERIAL];
	m->become = (int)n[N_BECOME];
	m->uid = (uid_t)n[N_UID];
	m->gid = (gid_t)n[N_GID];
	if (n[N_GROUPS] > PRESTART_GROUPS || n[N_GROUPS] * 4 > in->left)
		return E_INVAL;
	m->ngroups = (int)n[N_GROUPS];
	for (i = 0; i < m->ngroups; i++, in->p += 4, in->left -= 4)
		m->group[i] = (gid_t)unpack_u32((const u8 *)in->p);
	m->home = m->become ? take(in) : NULL;
	m->argc = (int)n[N_ARGS];
	m->argv = take_list(in, n[N_ARGS]);
	m->env = m->argv != NULL ? take_list(in, n[N_ENV]) : NULL;
	return m->env == NULL || in->left > 0 || m->argc < 1 ||
	    (m->become && m->home == NULL) ? E_INVAL : E_OK;
}

int
prestart_msg_recv(int fd, struct str *buf, struct prestart_msg *m)
{
	struct in in;
	char *p;
	long got;
	int r;

	memset(m, 0, sizeof(*m));
	m->fd = -1;
	str_reset(buf);
	p = str_ready(buf, PRESTART_MAX);
	do
		got = p == NULL ? 0 :
		    fdpass_read(fd, p, PRESTART_MAX, &m->fd);
	while (got == -1 && errno == EINTR);
	if (got <= 0)
		return got == 0 ? E_EOF : E_INVAL;
	str_commit(buf, (size_t)got);
	in.p = buf->data;
	in.left = buf->len;
	r = split(&in, m);
	if (m->fd < 0)
		r = E_INVAL;
	if (r != E_OK) {
		prestart_msg_free(m);
		if (m->fd >= 0)
			close(m->fd);
		m->fd = -1;
	}
	return r;
}

void
prestart_msg_free(struct prestart_msg *m)
{
	m->argv = mem_free(m->argv);
	m->env = mem_free(m->env);
}

/* ---- reports ------------------------------------------------------------ */

void
prestart_report(int fd, u32 place, u32 serial, int what, pid_t pid)
{
	u8 r[PRESTART_REPORT];
	ssize_t n;

	pack_u32(r, place);
	pack_u32(r + 4, serial);
	r[8] = (u8)what;
	pack_u32(r + 9, (u32)pid);
	do
		n = write(fd, r, sizeof(r));
	while (n < 0 && errno == EINTR);
}

void
prestart_get_report(const u8 *p, struct prestart_report *r)
{
	r->place = unpack_u32(p);
	r->serial = unpack_u32(p + 4);
	r->what = p[8];
	r->pid = unpack_u32(p + 9);
}
