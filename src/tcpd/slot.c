/* The places of connections.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/mem.h"
#include "conf/prestart.h"
#include "tcpd/slot.h"

static int idle(const struct slot *);

void
slots_init(struct slots *s, u32 n)
{
	s->v = mem_array(n, sizeof(*s->v));
	s->n = n;
	s->used = s->high = s->serial = 0;
}

void
slots_free(struct slots *s)
{
	s->v = mem_free(s->v);
	s->n = s->used = s->high = 0;
}

struct slot *
slot_take(struct slots *s)
{
	u32 i;

	for (i = 0; i < s->high && s->v[i].used; i++)
		;
	if (i == s->n)
		return NULL;
	if (i == s->high)
		s->high++;
	memset(&s->v[i], 0, sizeof(s->v[i]));
	s->v[i].used = TRUE;
	s->v[i].serial = ++s->serial;
	s->used++;
	return s->v + i;
}

void
slot_drop(struct slots *s, struct slot *slot)
{
	slot->used = FALSE;
	s->used--;
	while (s->high > 0 && !s->v[s->high - 1].used)
		s->high--;
}

u32
slots_count(const struct slots *s, const struct peer *p, size_t n)
{
	u32 i, k;

	for (i = k = 0; i < s->high; i++)
		if (s->v[i].used && !s->v[i].reading &&
		    memcmp(s->v[i].conn.remote.addr, p->addr, n) == 0)
			k++;
	return k;
}

struct slot *
slot_of_pid(struct slots *s, pid_t pid)
{
	u32 i;

	for (i = 0; i < s->high; i++)
		if (s->v[i].used && s->v[i].pid == pid && !s->v[i].reading)
			return s->v + i;
	return NULL;
}

static int
idle(const struct slot *slot)
{
	int i;

	for (i = 0; i < SLOT_HOLDS; i++)
		if (slot->hold[i] != 0)
			return FALSE;
	return slot->pid == 0;
}

int
slot_hold(struct slot *slot, pid_t pid)
{
	int i;

	for (i = 0; i < SLOT_HOLDS; i++)
		if (slot->hold[i] == 0) {
			slot->hold[i] = pid;
			return E_OK;
		}
	return E_TOOBIG;
}

int
slot_lost(struct slot *slot, pid_t pid)
{
	int i, found = FALSE;

	for (i = 0; i < SLOT_HOLDS; i++)
		if (slot->hold[i] == pid) {
			slot->hold[i] = 0;
			found = TRUE;
		}
	return slot->used && found && idle(slot);
}

int
slot_report(struct slots *s, const struct prestart_report *r)
{
	struct slot *slot;

	slot = r->place < s->n ? s->v + r->place : NULL;
	if (slot == NULL || !slot->used || slot->serial != r->serial)
		return FALSE;
	if (r->what == PRESTART_HOLD) {
		(void)slot_hold(slot, (pid_t)r->pid);
		return FALSE;
	}
	return slot_lost(slot, (pid_t)r->pid);
}
