/* The list of modules and the rule "ask the next one".
   SPDX-License-Identifier: ISC */

#include "base/base.h"

#ifdef HAVE_DLOPEN
#include <dlfcn.h>
#endif

#include "base/clock.h"
#include "base/io.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/str.h"
#include "conf/env.h"
#include "authcl/authproto.h"
#include "authdaemon/chain.h"
#include "authdaemon/chain_int.h"
#include "authdaemon/cram.h"
#include "authdaemon/module.h"
#include "authdaemon/peer.h"
#include "authdaemon/relay.h"

#define NAME_MAX_BYTES	40	/* of a module's name, as ever */
#define LIST_TABS	5	/* in an entry of a list */
#define REPLY_USUAL	500	/* bytes */
#define WRITE_SECS	30	/* for each piece of a list */

/* A list on its way to the client. */
struct listing {
	struct io	*io;
	struct str	line;
};

static const struct auth_module *load_shared(const char *, void **);
static int add(const char *);
static char *next_token(char **);
static int ask_login(const struct auth_module *, const struct authreq *,
    struct auth_query *, struct authinfo *);
static int ask_cram(const struct auth_module *, const struct authreq *,
    struct auth_query *, struct authinfo *);
static int ask(const struct auth_module *, const struct authreq *,
    struct auth_query *, struct authinfo *);
static void make_query(const struct authreq *, struct auth_query *);
static void merge_options(struct authinfo *);
static void withhold(const struct authreq *, struct authinfo *);
static int try_all(const struct authreq *, struct io *, int);
static int count(const char *, int);
static int put_entry(void *, const char *, uid_t, gid_t, const char *,
    const char *, const char *);
static int enumerate(struct io *);
static int change(const struct authreq *, struct io *);
static int credentials(const struct authreq *, struct io *, int);

static struct {
	const struct auth_module	*module;
	void				*handle;
} chain[CHAIN_MAX];
static size_t nchain;

/* libauthfoo.so exports the object itself, so no function pointer is ever
   made from an object pointer. */
static const struct auth_module *
load_shared(const char *name, void **out_handle)
{
#ifdef HAVE_DLOPEN
	const struct auth_module *m;
	struct str path;
	void *handle;

	str_init(&path, 0);
	str_catf(&path, "%s/lib%s.so", env_or("CHAPAR_AUTHMODULEDIR",
	    PATH_AUTHMODULEDIR), name);
	handle = dlopen(str_c(&path), RTLD_NOW);
	str_free(&path);
	if (handle == NULL) {
		log_info("INFO: %s", dlerror());
		return NULL;
	}
	m = dlsym(handle, AUTH_MODULE_SYMBOL);
	if (m == NULL || m->abi != AUTH_MODULE_ABI) {
		log_err("lib%s.so is no module for this authdaemond", name);
		dlclose(handle);
		return NULL;
	}
	*out_handle = handle;
	return m;
#else
	(void)out_handle;
	log_info("INFO: lib%s.so: file not found", name);
	return NULL;
#endif
}

static int
add(const char *name)
{
	const struct auth_module *m;
	void *handle = NULL;

	log_info("INFO: Installing lib%s.so.0", name);
	if (nchain == CHAIN_MAX) {
		log_err("authmodulelist: more than %d modules", CHAIN_MAX);
		return E_TOOBIG;
	}
	m = module_builtin(name);
	if (m == NULL && strchr(name, '/') == NULL)
		m = load_shared(name, &handle);
	if (m == NULL)
		return E_NOENT;
	if (m->init != NULL && m->init() != E_OK) {
		log_err("module %s cannot be used", name);
		return E_TEMP;
	}
	chain[nchain].module = m;
	chain[nchain++].handle = handle;
	log_info("INFO: Installation complete: %s", m->name);
	if (m->settings != NULL)
		m->settings();
	return E_OK;
}

size_t
chain_count(void)
{
	return nchain;
}

size_t
chain_place(const char *name)
{
	size_t i;

	for (i = 0; i + 1 < nchain; i++)
		if (strcmp(chain[i].module->name, name) == 0)
			break;
	return i;
}

int
chain_load(const char *names)
{
	char *list, *p, *end;

	list = mem_strdup(names);
	for (p = list; ; p = end) {
		p += strspn(p, " \t\r\n");
		if (*p == '\0')
			break;
		end = p + strcspn(p, " \t\r\n");
		if (*end != '\0')
			*end++ = '\0';
		if (strlen(p) > NAME_MAX_BYTES)
			p[NAME_MAX_BYTES] = '\0';
		add(p);
	}
	mem_free(list);
	auth_kept_drop();
	return nchain > 0 ? E_OK : E_NOENT;
}

void
chain_unload(void)
{
	while (nchain > 0) {
		nchain--;
		log_info("INFO: Uninstalling %s", chain[nchain].module->name);
		if (chain[nchain].module->done != NULL)
			chain[nchain].module->done();
#ifdef HAVE_DLOPEN
		if (chain[nchain].handle != NULL)
			dlclose(chain[nchain].handle);
#endif
	}
}

void
chain_settings(void)
{
	size_t i;

	for (i = 0; i < nchain; i++)
		if (chain[i].module->settings != NULL)
			chain[i].module->settings();
}

void
chain_forget(void)
{
	size_t i;

	for (i = 0; i < nchain; i++)
		if (chain[i].module->forget != NULL)
			chain[i].module->forget();
}

void
chain_idle(void)
{
	size_t i;

	for (i = 0; i < nchain; i++)
		if (chain[i].module->idle != NULL)
			chain[i].module->idle();
}

const struct auth_module *
chain_module(size_t place)
{
	return place < nchain ? chain[place].module : NULL;
}

/* ---- accounts ----------------------------------------------------------- */

/* The next piece between newlines that is not empty, or NULL. */
static char *
next_token(char **rest)
{
	char *token;

	token = *rest + strspn(*rest, "\n");
	*rest = token + strcspn(token, "\n");
	if (**rest != '\0')
		*(*rest)++ = '\0';
	return *token != '\0' ? token : NULL;
}

/* authdata of "login" = userid LF password [LF]; neither can be empty. */
static int
ask_login(const struct auth_module *m, const struct authreq *req,
    struct auth_query *q, struct authinfo *out)
{
	char *copy, *rest;
	int r = E_PERM;

	rest = copy = mem_strdup(req->authdata);
	q->userid = next_token(&rest);
	q->password = next_token(&rest);
	if (q->userid != NULL && q->password != NULL)
		r = m->login(q, out);
	else
		log_debug("incomplete username or missing password");
	mem_free_secret(&copy);
	return r;
}

static int
ask_cram(const struct auth_module *m, const struct authreq *req,
    struct auth_query *q, struct authinfo *out)
{
	struct cram c;
	int r;

	r = cram_decode(req->authtype, req->authdata, &c);
	if (r != E_OK)
		return r;
	q->userid = c.userid;
	r = m->cram(q, &c, out);
	cram_free(&c);
	return r;
}

/* Each module sees the data as they came. */
static int
ask(const struct auth_module *m, const struct authreq *req,
    struct auth_query *q, struct authinfo *out)
{
	if (req->verb == AUTH_PRE)
		return *q->userid == '\0' ? E_PERM : m->pre(q, out);
	if (m->auth != NULL)
		return m->auth(q, out);
	if (strcmp(req->authtype, "login") == 0)
		return ask_login(m, req, q, out);
	return ask_cram(m, req, q, out);
}

static void
make_query(const struct authreq *req, struct auth_query *q)
{
	memset(q, 0, sizeof(*q));
	q->service = req->service;
	q->userid = req->userid;
	q->remote_ip = req->remote_ip;
	if (req->verb == AUTH_PASSWD) {
		q->password = req->oldpass;
		return;
	}
	q->authtype = req->authtype;
	q->authdata = req->authdata;
}

int
chain_ask(size_t place, const struct authreq *req, struct authinfo *out)
{
	struct auth_query q;

	if (relay_wanted(place, req->verb))
		return relay_ask(place, req, out);
	make_query(req, &q);
	return ask(chain[place].module, req, &q, out);
}

/* The site's DEFAULTOPTIONS go behind the account's own. */
static void
merge_options(struct authinfo *info)
{
	struct str merged;

	str_init(&merged, 0);
	authinfo_merge_options(info->options, env_get("DEFAULTOPTIONS"),
	    &merged);
	mem_free(info->options);
	info->options = merged.len > 0 ? str_take(&merged) : NULL;
	str_free(&merged);
}

/* A stranger is told no more than he knows: the password of his login. */
static void
withhold(const struct authreq *req, struct authinfo *info)
{
	mem_free_secret(&info->passwd);
	if (req->verb == AUTH_PRE || strcmp(req->authtype, "login") != 0)
		mem_free_secret(&info->clearpasswd);
}

int
chain_reply(struct authinfo *info, struct io *io)
{
	struct str text;
	int r;

	auth_dump("Authenticated: ", TRUE, info);
	merge_options(info);
	str_init(&text, 0);
	str_ready(&text, REPLY_USUAL);
	authproto_put_account(info, &text);
	r = E_OK;
	if (text.toobig || text.len > AUTHPROTO_REPLY_MAX) {
		log_err("the record of %s is too long for a reply",
		    info->address != NULL ? info->address : "?");
		r = E_TOOBIG;
	}
	if (r == E_OK)
		r = io_put(io, str_c(&text), text.len);
	str_wipe_free(&text);
	return r;
}

static int
try_all(const struct authreq *req, struct io *io, int peer)
{
	const struct auth_module *m;
	struct authinfo info;
	size_t i;
	int r;

	for (i = 0; i < nchain; i++) {
		m = chain[i].module;
		if (req->verb == AUTH_PRE && strcmp(req->module, ".") != 0 &&
		    strcmp(req->module, m->name) != 0)
			continue;
		log_debug("%s: trying this module", m->name);
		authinfo_init(&info);
		r = chain_ask(i, req, &info);
		if (r == E_OK && !peer_is_trusted(peer))
			withhold(req, &info);
		if (r == E_OK)
			r = chain_reply(&info, io);
		authinfo_free(&info);
		if (r == E_OK)
			return E_OK;
		if (r != E_PERM) {
			log_debug("%s: TEMPFAIL - no more modules will be "
			    "tried", m->name);
			return E_TEMP;
		}
		log_debug("%s: REJECT - try next module", m->name);
	}
	log_debug("FAIL, all modules rejected");
	return io_puts(io, "FAIL\n");
}

static int
credentials(const struct authreq *req, struct io *io, int peer)
{
	struct auth_query q;

	if (req->verb == AUTH_PRE)
		log_debug("received userid lookup request: %s", req->userid);
	else
		log_debug("received auth request, service=%s, authtype=%s",
		    req->service, req->authtype);
	if (chain_is_scram(req)) {
		make_query(req, &q);
		return chain_scram(&q, io);
	}
	return try_all(req, io, peer);
}

/* ---- lists, changes ----------------------------------------------------- */

static int
count(const char *s, int c)
{
	int n;

	for (n = 0; (s = strchr(s, c)) != NULL; s++)
		n++;
	return n;
}

/* A field that would break the line ends the entry, not the list. */
static int
put_entry(void *ctx, const char *name, uid_t uid, gid_t gid,
    const char *home, const char *maildir, const char *options)
{
	struct listing *l = ctx;
	struct str all;

	str_reset(&l->line);
	str_init(&all, 0);
	authinfo_merge_options(options, env_get("DEFAULTOPTIONS"), &all);
	str_catf(&l->line, "%s\t%lu\t%lu\t%s\t%s\t%s", name,
	    (unsigned long)uid, (unsigned long)gid, home,
	    maildir == NULL ? "" : maildir, str_c(&all));
	str_free(&all);
	if (strchr(str_c(&l->line), '\n') != NULL ||
	    count(str_c(&l->line), '\t') != LIST_TABS ||
	    l->line.len > AUTHPROTO_LINE_MAX) {
		log_err("%s: not listed: a field has a line end or a tab, or "
		    "is too long", name);
		return E_OK;
	}
	str_catc(&l->line, '\n');
	io_set_deadline(l->io, clock_deadline(WRITE_SECS));
	return io_put(l->io, str_c(&l->line), l->line.len);
}

int
chain_list(size_t place, auth_entry_fn *fn, void *ctx)
{
	const struct auth_module *m = chain[place].module;

	if (m->enumerate == NULL)
		return E_OK;
	return relay_wanted(place, AUTH_ENUMERATE) ?
	    relay_list(place, fn, ctx) : m->enumerate(fn, ctx);
}

static int
enumerate(struct io *io)
{
	const struct auth_module *m;
	struct listing l;
	size_t i;
	int r;

	l.io = io;
	str_init(&l.line, 0);
	for (i = 0, r = E_OK; i < nchain && r == E_OK; i++) {
		m = chain[i].module;
		if (m->enumerate == NULL)
			continue;
		io_putf(io, "# %s\n\n", m->name);
		r = chain_list(i, put_entry, &l);
		if (r != E_OK)
			log_debug("enumeration terminated prematurely in "
			    "module %s", m->name);
	}
	str_free(&l.line);
	return r == E_OK ? io_puts(io, ".\n") : r;
}

int
chain_change(size_t place, const struct authreq *req)
{
	const struct auth_module *m = chain[place].module;
	struct auth_query q;

	if (m->passwd == NULL)
		return E_PERM;
	if (relay_wanted(place, AUTH_PASSWD))
		return relay_change(place, req);
	make_query(req, &q);
	return m->passwd(&q, req->newpass);
}

static int
change(const struct authreq *req, struct io *io)
{
	size_t i;
	int r = E_PERM;

	if (*req->userid == '\0' || *req->oldpass == '\0' ||
	    *req->newpass == '\0')
		i = nchain;		/* an empty one never matches */
	else
		i = 0;
	for (; i < nchain && r == E_PERM; i++)
		r = chain_change(i, req);
	if (r != E_OK && r != E_PERM)
		log_err("the password of %s could not be changed",
		    req->userid);
	return io_puts(io, r == E_OK ? "OK\n" : "FAIL\n");
}

int
chain_answer(const struct authreq *req, struct io *io, int peer)
{
	if (nchain == 0 && (req->verb != AUTH_PRE ||
	    strcmp(req->module, ".") == 0))
		return E_TEMP;		/* nobody can say no */
	if (req->verb == AUTH_ENUMERATE)
		return enumerate(io);
	if (req->verb == AUTH_PASSWD)
		return change(req, io);
	return credentials(req, io, peer);
}
