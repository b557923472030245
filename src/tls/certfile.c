/* Which certificate a client gets.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/ascii.h"
#include "base/dirscan.h"
#include "base/file.h"
#include "tls/certfile.h"
#include "tls/idn.h"
#include "tls/say.h"

#define HOST_MAX	253		/* bytes of a name (RFC 1035) */
#define V4_MAPPED	"::ffff:"
#define CERT_MARK	"CERTIFICATE-----"
#define DH_MARK		"DH PARAMETERS-----"
#define KEY_MARK	"PRIVATE KEY-----"

static int clean(const char *, struct str *);
static int slurp(const char *, const char *, struct str *);
static int is_cert(const char *, const char *, struct str *);
static void read_key(const char *, const char *, struct certfile *);
static void read_ocsp(const char *, const char *, struct certfile *);
static int try_names(const char *, const char *, struct str *,
	    const char **);

/* What may follow the dot in the name of a file. A slash is a dot there, as
   Courier has it. */
static int
clean(const char *name, struct str *out)
{
	size_t i, n = strlen(name);
	int c, last = '.';

	for (; n > 0 && name[n - 1] == '.'; n--)
		;
	if (n == 0 || n > HOST_MAX)
		return E_INVAL;
	for (i = 0; i < n; i++) {
		c = name[i] == '/' ? '.' : ascii_tolower((u8)name[i]);
		if (c == '.' ? last == '.' : !ascii_isalnum(c) &&
		    c != '-' && c != '_')
			return E_INVAL;
		str_catc(out, c);
		last = c;
	}
	return E_OK;
}

/* The file BASE.NAME, or BASE. */
static int
slurp(const char *base, const char *name, struct str *out)
{
	struct str path;
	int r;

	str_init(&path, 0);
	str_cats(&path, base);
	if (name != NULL)
		str_catf(&path, ".%s", name);
	str_reset(out);
	errno = 0;
	r = file_slurp(str_c(&path), CERTFILE_MAX, out);
	if (r != E_OK && (r != E_NOENT || name == NULL))
		say_info("couriertls: %s: %s", str_c(&path), r == E_TOOBIG ?
		    err_text(r) : strerror(errno));
	str_free(&path);
	return r;
}

/* Keys and other files may have such names as well. */
static int
is_cert(const char *base, const char *name, struct str *out)
{
	int r;

	r = slurp(base, name, out);
	if (r == E_OK && strstr(str_c(out), CERT_MARK) == NULL) {
		if (name == NULL)
			say_info("couriertls: %s: there is no certificate "
			    "in it", base);
		return E_SYNTAX;
	}
	return r;
}

/* The first that is there of NAME and its parents. */
static int
try_names(const char *base, const char *name, struct str *out,
    const char **out_name)
{
	for (; name != NULL; name = strchr(name, '.')) {
		if (*name == '.')
			name++;
		if (is_cert(base, name, out) == E_OK) {
			*out_name = name;
			return E_OK;
		}
	}
	return E_NOENT;
}

static void
read_key(const char *keys, const char *name, struct certfile *f)
{
	for (; name != NULL; name = strchr(name, '.')) {
		if (*name == '.')
			name++;
		if (slurp(keys, name, &f->key) == E_OK)
			return;
		if (strstr(str_c(&f->cert), KEY_MARK) != NULL)
			break;
	}
	str_reset(&f->key);
	if (strstr(str_c(&f->cert), KEY_MARK) == NULL)
		(void)slurp(keys, NULL, &f->key);
}

static void
read_ocsp(const char *base, const char *name, struct certfile *f)
{
	struct str s;

	str_init(&s, 0);
	if (name != NULL)
		str_catf(&s, "%s.", name);
	str_cats(&s, "ocsp");
	if (slurp(base, str_c(&s), &f->ocsp) != E_OK)
		str_reset(&f->ocsp);
	str_free(&s);
}

int
certfile_read(const char *base, const char *keys, const char *name,
    const char *address, struct certfile *f)
{
	const char *found = NULL;
	struct str host, letters;
	int r = E_NOENT;

	str_init(&host, 0);
	str_init(&letters, 0);
	str_init(&f->cert, 2 * CERTFILE_MAX);
	str_init(&f->key, 2 * CERTFILE_MAX);
	str_init(&f->ocsp, 2 * CERTFILE_MAX);
	if (name != NULL && clean(name, &host) != E_OK)
		str_reset(&host);
	if (host.len > 0)
		r = try_names(base, str_c(&host), &f->cert, &found);
	if (r != E_OK && idn_decode(str_c(&host), &letters) == E_OK)
		r = try_names(base, str_c(&letters), &f->cert, &found);
	if (r != E_OK && address != NULL) {
		if (ascii_casebegins(address, V4_MAPPED))
			address += strlen(V4_MAPPED);
		r = strchr(address, '/') != NULL ? E_INVAL :
		    is_cert(base, address, &f->cert);
		found = r == E_OK ? address : NULL;
	}
	if (r != E_OK)
		r = is_cert(base, NULL, &f->cert);
	if (r == E_OK) {
		if (keys != NULL)
			read_key(keys, found, f);
		read_ocsp(base, found, f);
	}
	str_free(&host);
	str_free(&letters);
	return r;
}

void
certfile_free(struct certfile *f)
{
	str_wipe_free(&f->cert);
	str_wipe_free(&f->key);
	str_wipe_free(&f->ocsp);
}

void
certfile_group(const char *path, const struct certfile *f, struct str *out)
{
	const char *text = str_c(&f->cert), *from, *end;

	str_reset(out);
	if (path != NULL && *path != '\0' &&
	    file_slurp(path, CERTFILE_MAX, out) == E_OK)
		return;
	str_reset(out);
	from = strstr(text, DH_MARK);
	end = from != NULL ? strstr(from + 1, DH_MARK) : NULL;
	if (end == NULL)
		return;
	while (from > text && from[-1] != '\n')
		from--;
	str_cat(out, from, (size_t)(end - from) + sizeof(DH_MARK) - 1);
	str_catc(out, '\n');
}

int
certfile_several(const char *base)
{
	const char *slash = strrchr(base, '/'), *name, *file;
	struct dirscan *d;
	struct str dir;
	size_t n;
	int found = FALSE;

	file = slash != NULL ? slash + 1 : base;
	n = strlen(file);
	str_init(&dir, 0);
	str_cat(&dir, base, (size_t)(file - base));
	if (dirscan_open(slash != NULL ? str_c(&dir) : ".", &d) != E_OK) {
		str_free(&dir);
		return TRUE;
	}
	while (!found && dirscan_next(d, &name) == 1)
		found = strncmp(name, file, n) == 0 && name[n] == '.' &&
		    strcmp(name + n, ".ocsp") != 0;
	dirscan_close(&d);
	str_free(&dir);
	return found;
}
