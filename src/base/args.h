/* Options of the suite's programs: -name, -name=value.
   SPDX-License-Identifier: ISC */

#ifndef BASE_ARGS_H
#define BASE_ARGS_H

enum { ARG_FLAG, ARG_STR, ARG_OPTSTR, ARG_U32, ARG_LIST };

/*
 * One row per option; the table ends with a NULL name. value points to an
 * int (ARG_FLAG: set to TRUE), const char * (ARG_STR needs a value, and takes
 * it after '=' ; ARG_OPTSTR may lack it and is then ""), u32 or struct vec of
 * char * (ARG_LIST: pushed, not copied).
 */
struct arg_opt {
	const char	*name;
	int		type;
	void		*value;
};

/*
 * Reads options up to the first argument that does not begin with '-' (or
 * behind "-" and "--"). Returns the index of that argument, or E_SYNTAX with
 * the wrong word in *out_bad. A value given to a flag is ignored.
 */
int	args_parse(const struct arg_opt *, int argc, char **argv,
	    const char **out_bad);

#endif
