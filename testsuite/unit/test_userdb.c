/* authdaemon/: the userdb's text and databases.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include <sys/stat.h>

#include "base/dbm.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/str.h"
#include "authdaemon/userdb.h"

#include "t.h"

static void fields(void);
static void words(void);
static void edits(void);
static void databases(void);
static const char *in_dir(const char *);
static void put_file(const char *, const char *);
static void is_file(const char *, const char *);

static const char *
in_dir(const char *name)
{
	static struct str path[2];
	static int which;

	which = !which;
	str_reset(path + which);
	if (path[which].max == 0)
		str_init(path + which, 0);
	str_catf(path + which, "%s/%s", t_tmpdir(), name);
	return str_c(path + which);
}

static void
put_file(const char *name, const char *text)
{
	T_INT(file_replace(in_dir(name), in_dir("tmp"), text, strlen(text),
	    0600, FALSE), E_OK);
}

static void
is_file(const char *name, const char *want)
{
	struct str text;

	str_init(&text, 0);
	file_slurp(in_dir(name), USERDB_TEXT_MAX, &text);
	T_STR(str_c(&text), want);
	str_free(&text);
}

static void
fields(void)
{
	static const struct {
		const char	*fields;
		const char	*name;
		const char	*want;
	} t[] = {
		{ "uid=1|gid=2", "uid", "1" },
		{ "uid=1|gid=2", "gid", "2" },
		{ "uid=1|gid=2", "id", NULL },
		{ "uid=1|gid=2", "ui", NULL },
		{ "flag|x=", "flag", "" },
		{ "flag|x=", "x", "" },
		{ "a=b=c", "a", "b=c" },
		{ "a=1|a=2", "a", "1" },
		{ "||a=1", "a", "1" },
		{ "", "a", NULL }
	};
	char *got;
	size_t i;

	for (i = 0; i < NITEMS(t); i++) {
		got = userdb_field(t[i].fields, t[i].name);
		if (t[i].want == NULL)
			T_OK(got == NULL);
		else
			T_STR(got, t[i].want);
		mem_free(got);
	}
}

static void
words(void)
{
	T_OK(userdb_is_name("a@x.org"));
	T_OK(!userdb_is_name(""));
	T_OK(!userdb_is_name("#a"));
	T_OK(!userdb_is_name("a\tb"));
	T_OK(!userdb_is_name("a\nb"));
	T_OK(userdb_is_field("hmac-md5pw"));
	T_OK(!userdb_is_field(""));
	T_OK(!userdb_is_field("a=b"));
	T_OK(!userdb_is_field("a|b"));
	T_OK(userdb_is_value("a=b \t"));
	T_OK(!userdb_is_value("a|b"));
	T_OK(!userdb_is_value("a\nb"));
}

static void
edits(void)
{
	struct userdb_change c[2];

	c[0].field = "uid";
	c[0].value = "7";
	c[1].field = "x";
	c[1].value = NULL;
	T_INT(userdb_edit(in_dir("u"), "joe", c, 2, FALSE), E_NOENT);
	T_INT(userdb_edit(in_dir("u"), "joe", c, 2, TRUE), E_OK);
	is_file("u", "joe\tuid=7\n");
	put_file("u", "# head\n\njo\tuid=1\njoe\tx=1|uid=2|flag|x|home=/h\n"
	    "joey\tuid=3");
	T_INT(userdb_edit(in_dir("u"), "joe", c, 2, FALSE), E_OK);
	is_file("u", "# head\n\njo\tuid=1\njoe\tflag|home=/h|uid=7\n"
	    "joey\tuid=3\n");
	T_INT(userdb_edit(in_dir("u"), "nobody", c, 2, FALSE), E_NOENT);
	T_INT(userdb_edit(in_dir("u"), "a\tb", c, 1, TRUE), E_INVAL);
	c[0].value = "a\nroot\tuid=0";
	T_INT(userdb_edit(in_dir("u"), "joe", c, 1, TRUE), E_INVAL);
	T_INT(userdb_delete(in_dir("u"), "jo"), E_OK);
	T_INT(userdb_delete(in_dir("u"), "jo"), E_NOENT);
	is_file("u", "# head\n\njoe\tflag|home=/h|uid=7\njoey\tuid=3\n");
}

static void
databases(void)
{
	struct dbm_file *db;
	struct str got, why;

	str_init(&got, 0);
	str_init(&why, 0);
	T_INT(userdb_make(in_dir("none"), &why), E_NOENT);
	T_OK(strstr(str_c(&why), "/none: not found.") != NULL);
	str_reset(&why);
	put_file("db", "a\tuid=1|imappw=x|hmac-md5pw=y|pw=z|pwx=v\n7=\ta\n");
	T_INT(userdb_make(in_dir("db"), &why), E_OK);
	T_STR(str_c(&why), "");
	T_INT(dbm_open(in_dir("db.dat"), &db), E_OK);
	T_INT(dbm_get(db, "7=", 2, &got), E_OK);
	T_STR(str_c(&got), "a");
#ifdef HAVE_GDBM
	str_reset(&got);
	T_INT(dbm_get(db, "a", 1, &got), E_OK);
	T_STR(str_c(&got), "uid=1|pwx=v|_=");
	dbm_close(&db);
	str_reset(&got);
	T_INT(dbm_open(in_dir("dbshadow.dat"), &db), E_OK);
	T_INT(dbm_get(db, "a", 1, &got), E_OK);
	T_STR(str_c(&got), "imappw=x|hmac-md5pw=y|pw=z");
#endif
	dbm_close(&db);
	put_file("db", "a\tuid=1\na\tuid=2\n");
	T_INT(userdb_make(in_dir("db"), &why), E_EXIST);
	T_STR(str_c(&why), "Cannot store record for a - duplicate or out of "
	    "disk space.");
	T_OK(access(in_dir("db.tmp"), F_OK) < 0);
	T_OK(access(in_dir("dbshadow.tmp"), F_OK) < 0);
	str_reset(&why);
	T_INT(chmod(in_dir("db"), 0644), 0);
	T_INT(userdb_make(in_dir("db"), &why), E_PERM);
	str_free(&got);
	str_free(&why);
}

int
main(void)
{
	fields();
	words();
	edits();
	databases();
	return t_done();
}
