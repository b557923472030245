/* An administrator's settings, read once.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/log.h"
#include "base/num.h"
#include "conf/conf.h"
#include "conf/env.h"

enum { TYPE_INT, TYPE_YES, TYPE_STR };

struct var {
	int		type;
	const char	*name;
	size_t		offset;		/* of the member */
	int		def;
	const char	*str;		/* default of a string */
	int		min, max;
	int		programs;
};

static void load_int(const struct var *, const char *, int *);
static void load_one(struct conf *, const struct var *);

static const struct var vars[] = {
#define CONF_INT(member, name, def, min, max, progs)			\
	{ TYPE_INT, name, offsetof(struct conf, member), def, NULL,	\
	    min, max, progs },
#define CONF_YES(member, name, def, progs)				\
	{ TYPE_YES, name, offsetof(struct conf, member), def, NULL,	\
	    0, 1, progs },
#define CONF_STR(member, name, def, progs)				\
	{ TYPE_STR, name, offsetof(struct conf, member), 0, def,	\
	    0, 0, progs },
#include "conf/vars.def"
	{ 0, NULL, 0, 0, NULL, 0, 0, 0 }
};

/* Text that does not begin with a digit is 0, as atoi has it. */
static void
load_int(const struct var *v, const char *text, int *out)
{
	u32 n;

	if (num_scan_u32(text, strlen(text), &n) == 0)
		n = 0;
	*out = n > 0x7fffffff ? 0x7fffffff : (int)n;
	if (*out >= v->min && *out <= v->max)
		return;
	/* Switches are "0" or not; only real ranges are worth a word. */
	if (v->max > 1)
		log_warn("%s: %s is not between %d and %d", v->name,
		    text, v->min, v->max);
	*out = *out < v->min ? v->min : v->max;
}

static void
load_one(struct conf *c, const struct var *v)
{
	const char *text;
	void *member;

	member = (char *)c + v->offset;
	text = env_get(v->name);
	switch (v->type) {
	case TYPE_INT:
		*(int *)member = v->def;
		if (text != NULL && *text != '\0')
			load_int(v, text, member);
		break;
	case TYPE_YES:
		*(int *)member = text == NULL ? v->def :
		    *text == 'y' || *text == 'Y';
		break;
	default:
		*(const char **)member = text == NULL ? v->str : text;
		break;
	}
}

void
conf_load(struct conf *c, int programs)
{
	const struct var *v;

	memset(c, 0, sizeof(*c));
	for (v = vars; v->name != NULL; v++)
		if (v->programs & programs)
			load_one(c, v);
}
