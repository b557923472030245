/* The TAP harness of the unit tests.  SPDX-License-Identifier: ISC */

#ifndef UNIT_T_H
#define UNIT_T_H

/* Each check prints one TAP line; a failed one says where and what. */
#define T_OK(cond)		t_ok((cond) != 0, #cond, __FILE__, __LINE__)
#define T_STR(got, want)	t_str(got, want, #got, __FILE__, __LINE__)
#define T_INT(got, want)	t_int((long)(got), (long)(want), #got, \
				    __FILE__, __LINE__)
#define T_MEM(got, n, want, m)	t_mem(got, n, want, m, #got, \
				    __FILE__, __LINE__)

int	t_ok(int, const char *, const char *, int);
int	t_str(const char *, const char *, const char *, const char *, int);
int	t_int(long, long, const char *, const char *, int);
int	t_mem(const void *, size_t, const void *, size_t, const char *,
	    const char *, int);

/* A folder of its own for the test, removed by t_done. */
const char *t_tmpdir(void);

/* Keeps log lines instead of showing them; t_logged tells whether one holds
   the text, and forgets them all. */
void	t_catch_log(void);
int	t_logged(const char *);

/* Prints the plan; `return t_done();` ends main. */
int	t_done(void);

#endif
