/* An administrator's settings, read once.  SPDX-License-Identifier: ISC */

#ifndef CONF_CONF_H
#define CONF_CONF_H

/* Which programs read a variable: vars.def says which letter is which. */
enum { CONF_L = 1, CONF_D = 2, CONF_Q = 4, CONF_O = 8, CONF_P = 16,
    CONF_T = 32 };

/*
 * One member for each row of vars.def. Strings belong to the environment (or
 * are constants) and stay valid while it is not changed.
 */
struct conf {
#define CONF_INT(member, name, def, min, max, progs)	int member;
#define CONF_YES(member, name, def, progs)		int member;
#define CONF_STR(member, name, def, progs)		const char *member;
#include "conf/vars.def"
#undef CONF_INT
#undef CONF_YES
#undef CONF_STR
};

/*
 * Reads all variables of the given programs (CONF_L, ...) from the
 * environment. As Courier does, a number is what its leading digits say. A
 * value outside its range is set to the nearest limit, and one warning names
 * the variable. An unset or (for numbers) empty variable has its default.
 */
void	conf_load(struct conf *, int programs);

#endif
