/* The userdb: text, and the databases made of it.
   SPDX-License-Identifier: ISC */

#ifndef AUTHDAEMON_USERDB_H
#define AUTHDAEMON_USERDB_H

struct str;

/*
 * Text (authdaemon.md 4.6): a file, or a folder tree of files, of lines
 *	name TAB field=value|field=value|flag...
 *	uid= TAB name
 * Databases beside it: ROOT.dat has all fields but those that end in "pw",
 * and "_=LOCATION"; ROOTshadow.dat has those that end in "pw".
 */

#define USERDB_LINE_MAX		65536
#define USERDB_TEXT_MAX		((size_t)256 * 1024 * 1024)

/* A value to set; NULL takes the field away. */
struct userdb_change {
	const char	*field;
	const char	*value;
};

/* The value of a field, to be freed: "" for a bare name; NULL if absent. */
char	*userdb_field(const char *fields, const char *name);

/* FALSE for a name, field or value that the text cannot hold. */
int	userdb_is_name(const char *);
int	userdb_is_field(const char *);
int	userdb_is_value(const char *);

/*
 * Changes one record of a text file under the lock ".lock.FILE"; the file is
 * replaced as a whole (written, fsynced, renamed) or not at all. A record, or
 * a file, that is not there is made if `create`, else E_NOENT. Other fields
 * and lines stay as they are, in their order.
 */
int	userdb_edit(const char *file, const char *name,
	    const struct userdb_change *, size_t n, int create);
int	userdb_delete(const char *file, const char *name);

/* Each record in order, until fn returns non-zero; fields is NULL where the
   line has no tab. E_NOENT, E_PERM, E_TEMP. */
typedef int userdb_each_fn(void *ctx, const char *name, const char *fields);
int	userdb_each(const char *file, userdb_each_fn *, void *ctx);

/*
 * Makes both databases of the text at root, under the lock "ROOT.lock";
 * both are complete on disk before the first takes its name. On failure the
 * old ones stay, and a message for people is appended to out_why:
 *	E_NOENT		there is no such text
 *	E_PERM		its group or others may read it, or a symbolic link
 *	E_EXIST		a name is there twice
 *	E_INVAL		a file that a package manager left behind
 *	E_TEMP, ...	system errors
 */
int	userdb_make(const char *root, struct str *out_why);

#endif
