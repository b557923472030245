/* Configuration files of authdaemond and its modules.
   SPDX-License-Identifier: ISC */

#ifndef CONF_RCFILE_H
#define CONF_RCFILE_H

/*
 * Two forms are read into the same object, a list of names and values:
 *
 * RCFILE_ASSIGN, authdaemonrc: NAME=value or NAME="value" by line, a file
 * that /bin/sh can source as well. Text from the first '#' on is dropped;
 * the last assignment of a name counts.
 *
 * RCFILE_KEYWORD, authmysqlrc: KEYWORD white-space value; a '\' at the end
 * continues the line; quotes and '#' inside are ordinary bytes; the first
 * occurrence of a keyword counts. A marker line is not asked for.
 */
struct rcfile;

enum { RCFILE_ASSIGN, RCFILE_KEYWORD };

#define RCFILE_LINE_MAX	8191		/* bytes kept of a physical line */
#define RCFILE_MAX	((size_t)1024 * 1024)

/*
 * Reads the file. E_OK and a new object; E_NOENT, E_PERM, E_TEMP (cannot be
 * read), E_SYNTAX. Errors are logged with file, line and what was wrong.
 */
int	rcfile_load(const char *path, int form, struct rcfile **out);

/* The same from text; name is for messages. */
int	rcfile_parse(const char *name, const char *text, size_t n, int form,
	    struct rcfile **out);

void	rcfile_free(struct rcfile **);		/* wipes the values */

/* The value, "" if the name is there without one, NULL if it is absent. */
const char *rcfile_get(const struct rcfile *, const char *name);

/* Line on which the value stands (1...), 0 if the name is absent. */
u32	rcfile_line(const struct rcfile *, const char *name);

/* The name that was given to rcfile_load. */
const char *rcfile_name(const struct rcfile *);

/*
 * A number: leading digits count ("3x" is 3). E_NOENT if absent, E_SYNTAX if
 * there is no digit or the value does not fit; nothing is logged.
 */
int	rcfile_u32(const struct rcfile *, const char *name, u32 *out);

/* TRUE if the file's time, size or inode differ from those when it was read,
   or if it is gone. */
int	rcfile_changed(const struct rcfile *);

#endif
