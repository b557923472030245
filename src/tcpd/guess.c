/* Addresses from which passwords are guessed.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include <fcntl.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/pack.h"
#include "base/proc.h"
#include "base/str.h"
#include "conf/env.h"
#include "tcpd/guess.h"
#include "tcpd/peer.h"

#define TABLE_NAME	"/tmp/chapar-delays.XXXXXX"
#define REPORTS		200	/* taken with one read */

struct address {
	u8	key[16];
	u32	failures;	/* 0: the place is free */
	u64	since;		/* the last was counted or forgotten */
	u64	forgiven;
};

struct place {
	u8	key[16];
	int	waiting;	/* connected, not logged in */
	int	taken;
	u8	shown;		/* what the file has for it */
};

struct guess {
	u32		max, nplaces;
	struct place	*places;
	struct address	addrs[GUESS_ADDRS];
	int		in, out;	/* the pipe's ends */
	int		table, shown;	/* the file, to write and to read */
};

static void key_of(const struct peer *, u8 *);
static int open_table(struct guess *);
static void age(struct address *);
static struct address *find(struct guess *, const u8 *);
static struct address *make(struct guess *, const u8 *);
static u32 delay_of(const struct guess *, const struct address *);
static void show(struct guess *, u32, u32);
static void failed(struct guess *, const struct place *);
static void passed(struct guess *, struct place *);

static void
key_of(const struct peer *p, u8 *out)
{
	memcpy(out, p->addr, 16);
	if (!peer_is_v4(p))
		memset(out + 8, 0, 8);
}

/* The file that the programs may read and nobody else finds. */
static int
open_table(struct guess *g)
{
	char name[] = TABLE_NAME;

	g->table = mkstemp(name);
	if (g->table < 0)
		return E_TEMP;
	g->shown = open(name, O_RDONLY);
	unlink(name);
	if (g->shown < 0 || ftruncate(g->table, (off_t)g->nplaces) < 0)
		return E_TEMP;
	return E_OK;
}

struct guess *
guess_new(u32 max, u32 slots)
{
	struct guess *g;
	int p[2];

	g = mem_new(sizeof(*g));
	g->max = max;
	g->nplaces = slots;
	g->places = mem_array(slots, sizeof(*g->places));
	g->in = g->out = g->table = g->shown = -1;
	if (pipe(p) == 0) {
		g->in = p[0];
		g->out = p[1];
	}
	if (g->in < 0 || open_table(g) != E_OK) {
		log_syserr("ALERT: -penalty is not in force");
		guess_free(&g);
		return NULL;
	}
	file_nonblock(g->in, TRUE);
	file_nonblock(g->out, TRUE);
	file_cloexec(g->in, TRUE);
	file_cloexec(g->out, TRUE);
	file_cloexec(g->table, TRUE);
	file_cloexec(g->shown, TRUE);
	return g;
}

void
guess_free(struct guess **pg)
{
	struct guess *g = *pg;

	if (g == NULL)
		return;
	if (g->in >= 0) {
		close(g->in);
		close(g->out);
	}
	if (g->table >= 0)
		close(g->table);
	if (g->shown >= 0)
		close(g->shown);
	mem_free(g->places);
	*pg = mem_free(g);
}

/* One failure less for each GUESS_DECAY seconds. */
static void
age(struct address *a)
{
	u64 n;

	n = (clock_msec() - a->since) / ((u64)GUESS_DECAY * 1000);
	a->since += n * GUESS_DECAY * 1000;
	a->failures = n < a->failures ? a->failures - (u32)n : 0;
}

static struct address *
find(struct guess *g, const u8 *key)
{
	size_t i;

	for (i = 0; i < GUESS_ADDRS; i++)
		if (g->addrs[i].failures > 0 &&
		    memcmp(g->addrs[i].key, key, 16) == 0) {
			age(g->addrs + i);
			return g->addrs + i;
		}
	return NULL;
}

/* In place of the address with the fewest failures. */
static struct address *
make(struct guess *g, const u8 *key)
{
	struct address *a;
	size_t i;

	a = g->addrs;
	for (i = 0; i < GUESS_ADDRS; i++) {
		if (g->addrs[i].failures > 0)
			age(g->addrs + i);
		if (g->addrs[i].failures < a->failures)
			a = g->addrs + i;
	}
	memset(a, 0, sizeof(*a));
	memcpy(a->key, key, 16);
	a->since = clock_msec();
	return a;
}

static u32
delay_of(const struct guess *g, const struct address *a)
{
	u32 n, secs;

	if (a == NULL || a->failures <= GUESS_FREE)
		return 0;
	n = a->failures - GUESS_FREE - 1;
	secs = n < 8 ? 1U << n : g->max;
	return secs < g->max ? secs : g->max;
}

/* A program that cannot read its byte adds no delay. */
static void
show(struct guess *g, u32 slot, u32 secs)
{
	u8 byte;

	byte = (u8)secs;
	if (byte == g->places[slot].shown)
		return;
	if (pwrite(g->table, &byte, 1, (off_t)slot) == 1)
		g->places[slot].shown = byte;
	else
		log_syserr("ERR: -penalty");
}

void
guess_start(struct guess *g, u32 slot, const struct peer *p)
{
	struct place *at = g->places + slot;

	key_of(p, at->key);
	at->taken = at->waiting = TRUE;
	show(g, slot, delay_of(g, find(g, at->key)));
}

void
guess_end(struct guess *g, u32 slot)
{
	g->places[slot].taken = g->places[slot].waiting = FALSE;
}

void
guess_var(u32 slot, struct vec *vars)
{
	struct str s;

	str_init(&s, 0);
	str_catf(&s, "%d,%d,%lu", PROC_FD_REPORTS, PROC_FD_DELAYS,
	    (unsigned long)slot);
	env_add(vars, "CHAPAR_PENALTY", str_c(&s));
	str_free(&s);
}

void
guess_fds(const struct guess *g, int out[2])
{
	out[0] = g->out;
	out[1] = g->shown;
}

int
guess_place(const struct guess *g)
{
	int out, shown;

	out = fcntl(g->out, F_DUPFD, PROC_FD_FREE);
	shown = fcntl(g->shown, F_DUPFD, PROC_FD_FREE);
	if (out < 0 || shown < 0 || dup2(out, PROC_FD_REPORTS) < 0 ||
	    dup2(shown, PROC_FD_DELAYS) < 0)
		return E_TEMP;
	close(out);
	close(shown);
	return E_OK;
}

int
guess_refuses(struct guess *g, const struct peer *p)
{
	u8 key[16];
	u32 i, n;

	key_of(p, key);
	if (delay_of(g, find(g, key)) < g->max)
		return FALSE;
	for (i = n = 0; i < g->nplaces; i++)
		if (g->places[i].waiting &&
		    memcmp(g->places[i].key, key, 16) == 0)
			n++;
	return n >= GUESS_CONNS;
}

/* All connections of the address learn what the next refusal costs. */
static void
failed(struct guess *g, const struct place *at)
{
	struct address *a;
	u32 i, secs;

	a = find(g, at->key);
	if (a == NULL)
		a = make(g, at->key);
	if (a->failures < GUESS_TOP)
		a->failures++;
	secs = delay_of(g, a);
	for (i = 0; i < g->nplaces; i++)
		if (g->places[i].waiting &&
		    memcmp(g->places[i].key, at->key, 16) == 0)
			show(g, i, secs);
}

static void
passed(struct guess *g, struct place *at)
{
	struct address *a;

	at->waiting = FALSE;
	a = find(g, at->key);
	if (a == NULL || (a->forgiven != 0 && clock_left(a->forgiven) > 0))
		return;
	a->failures /= 2;
	a->forgiven = clock_deadline(GUESS_FORGIVE);
}

int
guess_fd(const struct guess *g)
{
	return g->in;
}

void
guess_work(struct guess *g)
{
	u8 buf[GUESS_REPORT * REPORTS];
	struct place *at;
	ssize_t n, i;
	u32 slot;

	while ((n = read(g->in, buf, sizeof(buf))) > 0)
		for (i = 0; i + GUESS_REPORT <= n; i += GUESS_REPORT) {
			slot = unpack_u32(buf + i + 1);
			at = g->places + slot;
			if (slot >= g->nplaces || !at->taken)
				continue;
			if (buf[i] == 'F')
				failed(g, at);
			else if (buf[i] == 'S')
				passed(g, at);
		}
}
