/* What failed logins cost an address.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/file.h"
#include "base/num.h"
#include "base/pack.h"
#include "conf/env.h"
#include "login/penalty.h"

#define REPORT_LEN	5	/* F or S, and the slot */

static const char *take(const char *, u32 *);

static struct {
	int	out, table;	/* descriptors */
	u32	slot;
	int	on;
} at;

/* The number that begins here; what follows its comma, NULL: it is none. */
static const char *
take(const char *s, u32 *out)
{
	size_t n;

	n = s != NULL ? num_scan_u32(s, strlen(s), out) : 0;
	if (n == 0 || (s[n] != ',' && s[n] != '\0'))
		return NULL;
	return s + n + (s[n] == ',');
}

void
penalty_init(void)
{
	const char *s;
	u32 out, table;

	s = take(take(take(env_get("CHAPAR_PENALTY"), &out), &table),
	    &at.slot);
	at.on = s != NULL && *s == '\0' && out > 2 && out < 65536 &&
	    table > 2 && table < 65536;
	env_set("CHAPAR_PENALTY", NULL);
	if (!at.on)
		return;
	at.out = (int)out;
	at.table = (int)table;
	/* A program between couriertcpd and us may have closed them. */
	at.on = file_cloexec(at.out, TRUE) == E_OK &&
	    file_cloexec(at.table, TRUE) == E_OK;
}

int
penalty_is_on(void)
{
	return at.on;
}

void
penalty_report(int passed)
{
	u8 report[REPORT_LEN];
	ssize_t n;

	if (!at.on)
		return;
	report[0] = passed ? 'S' : 'F';
	pack_u32(report + 1, at.slot);
	n = write(at.out, report, sizeof(report));
	(void)n;	/* full: one failure is not counted */
}

u32
penalty_seconds(void)
{
	u8 secs;

	if (!at.on || pread(at.table, &secs, 1, (off_t)at.slot) != 1)
		return 0;
	return secs;
}
