/* courierauthconfig: where things are, for those who build with the library.
   SPDX-License-Identifier: ISC */

#include "base/base.h"

#include <stdio.h>

#include "base/proc.h"

/* The release of Courier's library whose interface this one has. */
#define API_VERSION	"0.73.1"
#define PARTS		3

static void parts(const char *, unsigned long *);
static int is_enough(const char *);
static int config_files(void);
static int version(void);
static int linker_flags(void);
static int compiler_flags(void);
static int option(const char *);

static const struct {
	const char	*name;
	int		(*answer)(void);	/* FALSE: it failed */
} options[] = {
	{ "--version", version },
	{ "--ldflags", linker_flags },
	{ "--cppflags", compiler_flags },
	{ "--configfiles", config_files }
};

static void
parts(const char *s, unsigned long *out)
{
	char *end;
	int i;

	for (i = 0; i < PARTS; i++) {
		out[i] = strtoul(s, &end, 10);
		s = end + (*end == '.');
	}
}

/* TRUE if our version is at least that. */
static int
is_enough(const char *version)
{
	unsigned long ours[PARTS], theirs[PARTS];
	int i;

	parts(API_VERSION, ours);
	parts(version, theirs);
	for (i = 0; i < PARTS - 1 && ours[i] == theirs[i]; i++)
		;
	return ours[i] >= theirs[i];
}

static int
config_files(void)
{
	uid_t uid;
	gid_t gid, primary;

	if (proc_find_group(MAIL_GROUP, &gid) != E_OK) {
		fprintf(stderr, "Cannot obtain information for groupid "
		    "%s\n", MAIL_GROUP);
		return FALSE;
	}
	if (proc_find_user(MAIL_USER, &uid, &primary) != E_OK) {
		fprintf(stderr, "Cannot obtain information for userid "
		    "%s\n", MAIL_USER);
		return FALSE;
	}
	printf("userdb=%s/userdb\n", PATH_AUTHCONFDIR);
	printf("authdaemonrc=%s/authdaemonrc\n", PATH_AUTHCONFDIR);
	printf("authldaprc=%s/authldaprc\n", PATH_AUTHCONFDIR);
	printf("authmysqlrc=%s/authmysqlrc\n", PATH_AUTHCONFDIR);
	printf("authpgsqlrc=%s/authpgsqlrc\n", PATH_AUTHCONFDIR);
	printf("mailuser=%s\n", MAIL_USER);
	printf("mailgroup=%s\n", MAIL_GROUP);
	printf("mailuid=%lu\n", (unsigned long)uid);
	printf("mailgid=%lu\n", (unsigned long)gid);
	printf("sbindir=%s\n", PATH_AUTHSBINDIR);
	return TRUE;
}

static int
version(void)
{
	printf("%s\n", API_VERSION);
	return TRUE;
}

/* Libraries that lie beside the modules are not where the system looks. */
static int
linker_flags(void)
{
	printf("-L%s", PATH_AUTHMODULEDIR);
	if (strcmp(PATH_AUTHLIBDIR, PATH_AUTHMODULEDIR) == 0)
		printf(" -Wl,-rpath -Wl,%s", PATH_AUTHLIBDIR);
	printf("\n");
	return TRUE;
}

static int
compiler_flags(void)
{
	if (strcmp(PATH_AUTHINCLUDEDIR, "/usr/include") != 0)
		printf("-I%s\n", PATH_AUTHINCLUDEDIR);
	return TRUE;
}

static int
option(const char *arg)
{
	size_t i;

	if (strncmp(arg, "--version=", 10) == 0)
		printf("%s\n", is_enough(arg + 10) ? "yes" : "no");
	for (i = 0; i < NITEMS(options); i++)
		if (strcmp(options[i].name, arg) == 0)
			return options[i].answer();
	return TRUE;
}

int
main(int argc, char **argv)
{
	int i;

	for (i = 1; i < argc; i++)
		if (!option(argv[i]))
			return 1;
	return 0;
}
