/* The logged-in user.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/map.h"
#include "base/mem.h"
#include "base/pool.h"
#include "conf/conf.h"
#include "conf/env.h"
#include "maildir/folder.h"

#include "session/ns_int.h"
#include "session/sess.h"
#include "session/view.h"

static void	defaults(struct sess *, struct md_opts *);
static void	from_conf(struct sess *, const struct conf *,
		    struct md_opts *);
static const struct ns_tree *own_tree(struct sess *);
static char	*user_identifier(struct sess *);

static void
defaults(struct sess *sess, struct md_opts *opts)
{
	opts->keywords = KW_FAST;
	opts->locks = TRUE;
	opts->sync = TRUE;
	opts->host = "localhost";
	sess->names = SESS_NAMES_AUTO;
	sess->peer = "ip=[], port=[]";
	sess->trash = "Trash";
}

/* The one place of this layer that knows configuration variables. */
static void
from_conf(struct sess *sess, const struct conf *conf, struct md_opts *opts)
{
	opts->keywords = conf->imap_keywords;
	opts->locks = conf->imap_uselocks;
	opts->sync = conf->imap_fsync;
	if (conf->hostname != NULL && *conf->hostname != '\0')
		opts->host = conf->hostname;
	opts->quota = conf->maildirquota;
	opts->quota_all = conf->imap_quota_trash;
	sess->move_to_trash = conf->imap_move_to_trash;
	sess->log_deletions = conf->imap_log_deletions != NULL &&
	    *conf->imap_log_deletions != '0';
	sess->check_all = conf->imap_check_all_folders;
	if (conf->imap_trashfoldername != NULL)
		sess->trash = conf->imap_trashfoldername;
	if (conf->imap_folder_names == NULL)
		return;
	if (strcmp(conf->imap_folder_names, "utf8") == 0)
		sess->names = SESS_NAMES_UTF8;
	else if (strcmp(conf->imap_folder_names, "utf7") == 0)
		sess->names = SESS_NAMES_UTF7;
}

static const struct ns_tree *
own_tree(struct sess *sess)
{
	struct ns_tree *tree;

	tree = pool_alloc(sess->pool, sizeof(*tree));
	tree->kind = NS_OWN;
	tree->prefix = INBOX;
	tree->md = sess->md;
	tree->owner = NULL;
	return tree;
}

static char *
user_identifier(struct sess *sess)
{
	static const char prefix[] = "user=";
	char *id;
	size_t n;

	n = strlen(sess->user);
	id = pool_alloc(sess->pool, sizeof(prefix) + n);
	memcpy(id, prefix, sizeof(prefix) - 1);
	memcpy(id + sizeof(prefix) - 1, sess->user, n);
	return id;
}

struct sess *
sess_new(const struct conf *conf, struct io *io, const char *user,
    const char *home)
{
	struct md_opts opts;
	struct sess *sess;

	memset(&opts, 0, sizeof(opts));
	sess = mem_new(sizeof(*sess));
	sess->pool = pool_new();
	sess->conf = conf;
	sess->io = io;
	sess->user = pool_strdup(sess->pool, user);
	sess->identifier = user_identifier(sess);
	sess->options = pool_strdup(sess->pool, env_or("OPTIONS", ""));
	sess->home = pool_strdup(sess->pool, home);
	defaults(sess, &opts);
	if (conf != NULL)
		from_conf(sess, conf, &opts);
	sess->keywords = opts.keywords;
	sess->md = maildir_new(sess->home, &opts);
	sess->own = own_tree(sess);
	sess->trees = ns_trees_new(sess);
	return sess;
}

void
sess_set_front(struct sess *sess, const struct front *front, void *ctx)
{
	sess->front = front;
	sess->front_ctx = ctx;
}

void
sess_free(struct sess **sp)
{
	struct sess *sess;

	sess = *sp;
	if (sess == NULL)
		return;
	view_close(sess);
	map_free(&sess->rights);
	ns_trees_free(&sess->trees);
	maildir_free(&sess->md);
	pool_free(&sess->pool);
	mem_free(sess);
	*sp = NULL;
}

int
sess_pulse(struct sess *sess)
{
	if (sess->front == NULL || sess->front->idle_wait == NULL)
		return E_OK;
	return sess->front->idle_wait(sess);
}
