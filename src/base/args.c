/* Options of the suite's programs: -name, -name=value.
   SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/args.h"
#include "base/num.h"
#include "base/vec.h"

static int set(const struct arg_opt *, char *);
static int one(const struct arg_opt *, char *);

/* value is what follows '=', or NULL. */
static int
set(const struct arg_opt *o, char *value)
{
	switch (o->type) {
	case ARG_FLAG:
		*(int *)o->value = TRUE;
		return E_OK;
	case ARG_OPTSTR:
		*(const char **)o->value = value == NULL ? "" : value;
		return E_OK;
	case ARG_STR:
		*(const char **)o->value = value;
		return value == NULL ? E_SYNTAX : E_OK;
	case ARG_U32:
		return value == NULL ? E_SYNTAX : num_parse_u32(value,
		    o->value);
	case ARG_LIST:
		if (value == NULL)
			return E_SYNTAX;
		vec_push(o->value, value);
		return E_OK;
	}
	return E_SYNTAX;
}

static int
one(const struct arg_opt *opts, char *arg)
{
	const struct arg_opt *o;
	char *name, *eq;
	size_t n;

	name = arg + (arg[1] == '-' ? 2 : 1);
	eq = strchr(name, '=');
	n = eq == NULL ? strlen(name) : (size_t)(eq - name);
	for (o = opts; o->name != NULL; o++)
		if (strlen(o->name) == n && strncmp(o->name, name, n) == 0)
			return set(o, eq == NULL ? NULL : eq + 1);
	return E_NOENT;
}

int
args_parse(const struct arg_opt *opts, int argc, char **argv,
    const char **out_bad)
{
	int i;

	for (i = 1; i < argc && argv[i][0] == '-'; i++) {
		if (argv[i][1] == '\0' || strcmp(argv[i], "--") == 0)
			return i + 1;
		if (one(opts, argv[i]) != E_OK) {
			*out_bad = argv[i];
			return E_SYNTAX;
		}
	}
	return i;
}
