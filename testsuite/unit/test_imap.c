/* imap: tables, parsing of items, keys and flags, one session in memory.
   SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "session_t.c"

#include "base/io.h"
#include "base/mem.h"
#include "base/pool.h"
#include "base/str.h"

#include "conf/conf.h"

#include "wire/imapparse.h"

#include "session/sess.h"
#include "session/view.h"

#include "imap/cmd.h"
#include "imap/fetch.h"
#include "imap/flags.h"
#include "imap/imap.h"
#include "imap/keys.h"
#include "imap/status.h"

#include "t.h"

static const char *answers(const char *);
static void commands(void);
static void dump(const struct criteria *);
static void end_args(void);
static void items(void);
static void keys(void);
static void lists(void);
static struct arg *read_args(const char *, int);
static void sessions(void);

static struct conf conf;
static struct io *io;
static struct imapparse *parser;
static struct str out, text;

/* ---- one line's arguments ----------------------------------------------- */

static struct arg *
read_args(const char *line, int flags)
{
	struct arg *a = NULL;

	str_reset(&text);
	str_catf(&text, "a X %s\r\n", line);
	str_reset(&out);
	io = io_mem_new(str_c(&text), text.len, &out);
	parser = imapparse_new(io);
	if (imapparse_begin(parser) != E_OK ||
	    imapparse_args(parser, flags, &a) != E_OK)
		return NULL;
	return a;
}

static void
end_args(void)
{
	imapparse_free(&parser);
	io_free(&io);
}

/* ---- tables ------------------------------------------------------------- */

static void
commands(void)
{
	static const struct {
		const char	*name;
		int		flags, not;
	} t[] = {
		{ "APPEND", CMD_SEQ | CMD_STREAM, CMD_UID | CMD_SELECTED },
		{ "capability", CMD_SEQ | CMD_NOARGS, CMD_UID },
		{ "Check", CMD_SEQ | CMD_SELECTED | CMD_POLL, CMD_UID },
		{ "CLOSE", CMD_SEQ | CMD_SELECTED | CMD_NOARGS, CMD_UID },
		{ "COPY", CMD_SEQ | CMD_UID | CMD_SELECTED, CMD_POLL },
		{ "CREATE", CMD_SEQ, CMD_UID | CMD_SELECTED },
		{ "DELETE", CMD_SEQ, CMD_UID | CMD_SELECTED },
		{ "ENABLE", CMD_SEQ, CMD_UID | CMD_SELECTED },
		{ "EXAMINE", CMD_SEQ, CMD_UID | CMD_SELECTED },
		{ "EXPUNGE", CMD_SEQ | CMD_UID | CMD_SELECTED | CMD_POLL, 0 },
		{ "FETCH", CMD_SEQ | CMD_UID | CMD_SELECTED | CMD_SECTION,
		    CMD_POLL },
		{ "ID", CMD_SEQ, CMD_UID | CMD_SELECTED },
		{ "IDLE", CMD_SEQ, CMD_UID },
		{ "LIST", CMD_SEQ, CMD_UID | CMD_SELECTED },
		{ "LOGOUT", CMD_SEQ | CMD_NOARGS, CMD_UID | CMD_SELECTED },
		{ "LSUB", CMD_SEQ, CMD_UID | CMD_SELECTED },
		{ "MOVE", CMD_SEQ | CMD_UID | CMD_SELECTED, 0 },
		{ "NAMESPACE", CMD_SEQ | CMD_NOARGS, CMD_UID },
		{ "NOOP", CMD_SEQ | CMD_NOARGS | CMD_POLL, CMD_SELECTED },
		{ "RENAME", CMD_SEQ, CMD_UID | CMD_SELECTED },
		{ "SEARCH", CMD_SEQ | CMD_UID | CMD_SELECTED, CMD_POLL },
		{ "SELECT", CMD_SEQ, CMD_UID | CMD_SELECTED },
		{ "STATUS", CMD_SEQ, CMD_UID | CMD_SELECTED },
		{ "STORE", CMD_SEQ | CMD_UID | CMD_SELECTED, CMD_POLL },
		{ "SUBSCRIBE", CMD_SEQ, CMD_UID | CMD_SELECTED },
		{ "UNSELECT", CMD_SEQ | CMD_SELECTED, CMD_UID },
		{ "unsubscribe", CMD_SEQ, CMD_UID | CMD_SELECTED }
	};
	const struct command *c;
	size_t i;

	for (i = 0; i < NITEMS(t); i++) {
		c = cmd_find(t[i].name);
		T_OK(c != NULL);
		if (c == NULL)
			continue;
		T_INT(c->flags & t[i].flags, t[i].flags);
		T_INT(c->flags & t[i].not, 0);
	}
	T_OK(cmd_find("UID") == NULL);
	T_OK(cmd_find("LOGIN") == NULL);
	T_OK(cmd_find("FETC") == NULL);
	T_OK(cmd_find("") == NULL);
}

/* ---- FETCH items -------------------------------------------------------- */

static void
items(void)
{
	static const struct {
		const char	*line, *labels;
		int		needs, not;
	} t[] = {
		{ "FLAGS", "FLAGS ", 0, FETCH_FILE },
		{ "(flags uid)", "FLAGS UID ", 0, FETCH_FILE },
		{ "FAST", "FLAGS INTERNALDATE RFC822.SIZE ",
		    FETCH_FILE | FETCH_SIZE, FETCH_TREE },
		{ "(FULL)", "FLAGS INTERNALDATE RFC822.SIZE ENVELOPE BODY ",
		    FETCH_FILE | FETCH_HEAD | FETCH_TREE, FETCH_SETS_SEEN },
		{ "BODYSTRUCTURE", "BODYSTRUCTURE ", FETCH_TREE,
		    FETCH_SETS_SEEN },
		{ "BODY[]", "BODY[] ", FETCH_SECT | FETCH_SETS_SEEN, 0 },
		{ "BODY.PEEK[1.2.mime]<10.20>", "BODY[1.2.MIME]<10> ",
		    FETCH_SECT, FETCH_SETS_SEEN },
		{ "BODY.PEEK[HEADER.FIELDS (to \"from\")]",
		    "BODY[HEADER.FIELDS (\"to\" \"from\")] ", FETCH_SECT,
		    FETCH_SETS_SEEN },
		{ "RFC822.HEADER", "RFC822.HEADER ", FETCH_SECT,
		    FETCH_SETS_SEEN },
		/* Beyond the grammar, but clients were never refused. */
		{ "(BODY[HEADER.FIELDS ()] BODY[]<1>)",
		    "BODY[HEADER.FIELDS] BODY[]<1> ", FETCH_SECT, 0 },
		{ "RFC822.TEXT", "RFC822.TEXT ",
		    FETCH_SECT | FETCH_SETS_SEEN, 0 }
	};
	static const char *const bad[] = {
		"", "()", "NOSUCH", "FLAGS UID", "(FLAGS) UID", "BODY[",
		"BODY[0]", "BODY[1..2]", "BODY[MIME]", "BODY[1.FIELDS]",
		"BODY[HEADER.FIELDS]", "BODY[]<x>", "BODY[]<1.>",
		"BODY[]<99999999999999999999.1>",
		"RFC822[]", "\"FLAGS\"", "((FLAGS))"
	};
	struct fetch f;
	size_t i, j;

	for (i = 0; i < NITEMS(t); i++) {
		memset(&f, 0, sizeof(f));
		f.pool = pool_new();
		T_INT(fetch_parse(&f, read_args(t[i].line, IMAPPARSE_SECTION),
		    FALSE), E_OK);
		str_reset(&out);
		for (j = 0; j < f.n; j++)
			str_catf(&out, "%s ", f.items[j].label);
		T_STR(str_c(&out), t[i].labels);
		T_INT(f.needs & t[i].needs, t[i].needs);
		T_INT(f.needs & t[i].not, 0);
		pool_free(&f.pool);
		end_args();
	}
	for (i = 0; i < NITEMS(bad); i++) {
		memset(&f, 0, sizeof(f));
		f.pool = pool_new();
		if (!T_INT(fetch_parse(&f, read_args(bad[i],
		    IMAPPARSE_SECTION), FALSE), E_SYNTAX))
			T_STR(bad[i], "refused");
		pool_free(&f.pool);
		end_args();
	}
	/* UID FETCH names the UID first, once. */
	for (i = 0; i < 2; i++) {
		memset(&f, 0, sizeof(f));
		f.pool = pool_new();
		T_INT(fetch_parse(&f, read_args(i == 0 ? "(FLAGS RFC822.SIZE)" :
		    "(FLAGS UID)", IMAPPARSE_SECTION), TRUE), E_OK);
		T_INT(f.n, i == 0 ? 3 : 2);
		T_STR(f.items[i == 0 ? 0 : 1].label, "UID");
		pool_free(&f.pool);
		end_args();
	}
}

/* ---- SEARCH keys -------------------------------------------------------- */

static void
dump(const struct criteria *c)
{
	static const char *const names[] = {
		"all", "and", "or", "not", "seq", "uid", "flag", "keyword",
		"before", "on", "since", "sentbefore", "senton", "sentsince",
		"larger", "smaller", "header", "body", "text", "none"
	};
	const struct criteria *k;

	str_cats(&out, names[c->key]);
	if (c->key == SK_FLAG || c->key == SK_LARGER || c->key == SK_SMALLER)
		str_catf(&out, "=%lu", (unsigned long)c->num);
	if (c->name != NULL)
		str_catf(&out, ":%s", c->name);
	if (c->text != NULL && c->text != c->name)
		str_catf(&out, "'%s'", c->text);
	if (c->child == NULL)
		return;
	str_catc(&out, '(');
	for (k = c->child; k != NULL; k = k->next) {
		if (k != c->child)
			str_catc(&out, ' ');
		dump(k);
	}
	str_catc(&out, ')');
}

static void
keys(void)
{
	static const struct {
		const char	*line, *tree;
	} t[] = {
		{ "ALL", "and(all)" },
		{ "1:3,5 UID 7:*", "and(seq uid)" },
		{ "*", "and(seq)" },
		{ "LARGER 10 smaller 20", "and(larger=10 smaller=20)" },
		{ "FROM x TO \"y z\"", "and(header:FROM'x' header:TO'y z')" },
		{ "HEADER X-Foo \"\"", "and(header:X-Foo'')" },
		{ "OR BODY a NOT TEXT b", "and(or(body'a' not(text'b')))" },
		{ "(ALL (ALL))", "and(and(all and(all)))" },
		{ "KEYWORD $Junk UNKEYWORD Work",
		    "and(keyword:$Junk not(keyword:Work))" },
		{ "BEFORE 1-Feb-2024 ON \"01-feb-2024\" SENTSINCE 2-Feb-2024",
		    "and(before on sentsince)" },
		{ "SUBJECT NIL", "and(header:SUBJECT'NIL')" }
	};
	static const char *const bad[] = {
		"", "()", "NOSUCH", "FROM", "OR ALL", "NOT", "UID", "UID x",
		"0", "1:", "LARGER x", "LARGER -1", "ON 32-Foo-2024",
		"HEADER X", "KEYWORD", "\"ALL\"", "LARGER 99999999999999999999"
	};
	static const struct {
		const char	*yes, *no;
	} pairs[] = {
		{ "SEEN", "UNSEEN" }, { "ANSWERED", "UNANSWERED" },
		{ "DELETED", "UNDELETED" }, { "DRAFT", "UNDRAFT" },
		{ "FLAGGED", "UNFLAGGED" }, { "RECENT", "OLD" }
	};
	struct criteria *c;
	struct str deep;
	struct pool *pool;
	size_t i;

	pool = pool_new();
	for (i = 0; i < NITEMS(t); i++) {
		T_INT(keys_parse(pool, read_args(t[i].line, 0), NULL, &c),
		    E_OK);
		str_reset(&out);
		dump(c);
		T_STR(str_c(&out), t[i].tree);
		end_args();
	}
	for (i = 0; i < NITEMS(bad); i++) {
		if (!T_INT(keys_parse(pool, read_args(bad[i], 0), NULL, &c),
		    E_SYNTAX))
			T_STR(bad[i], "refused");
		end_args();
	}
	for (i = 0; i < NITEMS(pairs); i++) {
		T_INT(keys_parse(pool, read_args(pairs[i].yes, 0), NULL, &c),
		    E_OK);
		end_args();
		str_reset(&text);
		str_catf(&text, "and(not(flag=%lu))",
		    (unsigned long)c->child->num);
		T_INT(c->child->key, SK_FLAG);
		str_init(&deep, 0);
		str_catstr(&deep, &text);
		T_INT(keys_parse(pool, read_args(pairs[i].no, 0), NULL, &c),
		    E_OK);
		str_reset(&out);
		dump(c);
		T_STR(str_c(&out), str_c(&deep));
		str_free(&deep);
		end_args();
	}
	/* Depth and number are bounded. */
	str_init(&deep, 0);
	for (i = 0; i < SEARCH_DEPTH_MAX; i++)
		str_cats(&deep, "NOT ");
	str_cats(&deep, "ALL");
	T_INT(keys_parse(pool, read_args(str_c(&deep), 0), NULL, &c),
	    E_TOOBIG);
	end_args();
	str_reset(&deep);
	for (i = 0; i <= SEARCH_KEYS_MAX; i++)
		str_cats(&deep, i == 0 ? "ALL" : " ALL");
	T_INT(keys_parse(pool, read_args(str_c(&deep), 0), NULL, &c),
	    E_TOOBIG);
	end_args();
	T_INT(keys_parse(pool, read_args("BODY x", 0), "no-such", &c),
	    E_CHARSET);
	end_args();
	str_free(&deep);
	pool_free(&pool);
}

/* ---- STATUS items ------------------------------------------------------- */

static void
lists(void)
{
	struct view_status st;
	struct arg *a;
	u32 mask;

	memset(&st, 0, sizeof(st));
	st.messages = 3;
	st.uidnext = 9;
	st.uidvalidity = 77;
	a = read_args("(uidvalidity MESSAGES UIDNEXT nosuch)", 0);
	T_INT(status_parse(&a, &mask), E_OK);
	str_reset(&out);
	status_put(io, mask, &st);
	io_flush(io);
	T_STR(str_c(&out), "(MESSAGES 3 UIDNEXT 9 UIDVALIDITY 77)");
	end_args();
	a = read_args("\"MESSAGES\"", 0);
	T_INT(status_parse(&a, &mask), E_SYNTAX);
	end_args();
}

/* ---- sessions ----------------------------------------------------------- */

/* All that imapd says to these lines. */
static const char *
answers(const char *lines)
{
	struct imap *im;
	struct sess *s;
	int end;

	end = open("/dev/null", O_RDONLY);	/* what waiting finds */
	str_reset(&out);
	io = io_mem_new(lines, strlen(lines), &out);
	s = sess_new(&conf, io, "joe", t_tmpdir());
	s->peer = "ip=[192.0.2.1], port=[4000]";
	im = imap_new(&conf, s, io, end, "192.0.2.1", "4000");
	t_catch_log();
	imap_run(im);
	client_log_end(s, im->end, &im->sums);
	imap_free(&im);
	sess_free(&s);
	io_free(&io);
	close(end);
	return str_c(&out);
}

static void
sessions(void)
{
	const char *said;
	int i;

	st_mkdir("");
	st_file("cur/1.a.h:2,S", "Subject: a\n\nbody\n");
	st_file("cur/2.b.h:2,", "Subject: b\n\nbody\n");
	T_STR(answers("1 NOOP\r\n2 LOGOUT\r\n"),
	    "1 OK NOOP completed\r\n* BYE Courier-IMAP server shutting down\r\n"
	    "2 OK LOGOUT completed\r\n");
	T_OK(t_logged("LOGOUT, user=joe, ip=[192.0.2.1], port=[4000], "
	    "headers=0, body=0, rcvd=18, sent="));
	said = strstr(answers("1 EXAMINE INBOX\r\n"
	    "2 FETCH 1:* (UID FLAGS BODY[TEXT])\r\n"
	    "3 SEARCH SEEN\r\n4 STORE 1 FLAGS ()\r\n5 UNSELECT\r\n"
	    "6 FETCH 1 FLAGS\r\n"), "* 1 FETCH");
	T_STR(said,
	    "* 1 FETCH (UID 1 FLAGS (\\Seen \\Recent) BODY[TEXT] {6}\r\n"
	    "body\r\n)\r\n"
	    "* 2 FETCH (UID 2 FLAGS (\\Recent) BODY[TEXT] {6}\r\nbody\r\n)\r\n"
	    "2 OK FETCH completed.\r\n"
	    "* SEARCH 1\r\n3 OK SEARCH done.\r\n"
	    "4 NO Current box is selected READ-ONLY.\r\n"
	    "5 OK mailbox closed.\r\n"
	    "6 BAD Error in IMAP command received by server.\r\n");
	T_OK(t_logged("DISCONNECTED, user=joe"));
	/* A client that only breaks the protocol is sent away. */
	str_reset(&text);
	for (i = 0; i < IMAP_ERRORS_MAX + 1; i++)
		str_cats(&text, "x NOSUCH\r\n");
	said = answers(str_c(&text));
	for (i = 0; (said = strstr(said, "x BAD")) != NULL; i++)
		said++;
	T_INT(i, IMAP_ERRORS_MAX - 1);
	T_OK(strstr(str_c(&out), "* BYE [ALERT] Fatal error: TOO MANY") !=
	    NULL);
	/* A good command in between starts the count anew. */
	str_reset(&text);
	for (i = 0; i < 2 * IMAP_ERRORS_MAX; i++)
		str_cats(&text, i % 2 ? "x NOOP\r\n" : "x NOSUCH\r\n");
	T_OK(strstr(answers(str_c(&text)), "* BYE") == NULL);
}

int
main(void)
{
	str_init(&out, 0);
	str_init(&text, 0);
	conf_load(&conf, CONF_D);
	commands();
	items();
	keys();
	lists();
	sessions();
	str_free(&out);
	str_free(&text);
	return t_done();
}
