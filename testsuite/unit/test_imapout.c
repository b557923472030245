/* Quoting, literals, capabilities.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/io.h"
#include "base/str.h"

#include "wire/imapcapa.h"
#include "wire/imapout.h"

#include "t.h"

static struct io *io;
static struct str out;

static void capabilities(void);
static const char *got(void);

static const char *
got(void)
{
	static char buf[4096];

	io_flush(io);
	memcpy(buf, str_c(&out), out.len + 1);
	str_reset(&out);
	return buf;
}

static void
capabilities(void)
{
	struct imapcapa c;
	struct str s;

	str_init(&s, 0);
	memset(&c, 0, sizeof(c));
	c.extensions = "none";
	imapcapa_list(&c, FALSE, &s);
	T_STR(str_c(&s), "IMAP4rev1 ENABLE UTF8=ACCEPT");
	str_reset(&s);
	c.capability = "IMAP4rev1 UIDPLUS XFOO CHILDREN AUTH=PLAIN IDLE";
	c.starttls = c.tls_required = TRUE;
	t_catch_log();
	imapcapa_list(&c, TRUE, &s);
	T_OK(t_logged("IMAP_CAPABILITY: XFOO is not implemented"));
	T_STR(str_c(&s), "IMAP4rev1 UIDPLUS CHILDREN AUTH=PLAIN IDLE STARTTLS "
	    "LOGINDISABLED ENABLE UTF8=ACCEPT");
	str_reset(&s);
	c.starttls = FALSE;
	imapcapa_list(&c, FALSE, &s);
	T_STR(str_c(&s), "IMAP4rev1 UIDPLUS CHILDREN AUTH=PLAIN IDLE "
	    "LOGINDISABLED ENABLE UTF8=ACCEPT");
	str_reset(&s);
	c.extensions = "MOVE LITERAL-";
	c.tls_required = FALSE;
	imapcapa_list(&c, FALSE, &s);
	T_STR(str_c(&s), "IMAP4rev1 UIDPLUS CHILDREN AUTH=PLAIN IDLE ENABLE "
	    "UTF8=ACCEPT LITERAL- MOVE");
	T_OK(imapcapa_has(&c, "move"));
	T_OK(!imapcapa_has(&c, "UNSELECT"));
	str_reset(&s);
	c.extensions = NULL;
	imapcapa_list(&c, FALSE, &s);
	T_STR(str_c(&s), "IMAP4rev1 UIDPLUS CHILDREN AUTH=PLAIN IDLE ENABLE "
	    "UTF8=ACCEPT NAMESPACE THREAD=ORDEREDSUBJECT THREAD=REFERENCES "
	    "SORT ID UNSELECT LITERAL+ SASL-IR MOVE QUOTA QUOTA=RES-STORAGE "
	    "QUOTA=RES-MESSAGE");
	str_reset(&s);
	c.extensions = "none";
	c.outbox = ".Outbox";
	c.trash = TRUE;
	imapcapa_list(&c, FALSE, &s);
	T_STR(str_c(&s), "IMAP4rev1 UIDPLUS CHILDREN AUTH=PLAIN IDLE "
	    "XCOURIEROUTBOX=INBOX.Outbox XMAGICTRASH ENABLE "
	    "UTF8=ACCEPT");
	c.outbox = NULL;
	c.trash = FALSE;
	/* Switched off: neither announced nor complained of. */
	str_reset(&s);
	c.capability = "IMAP4rev1 SORT XBAR THREAD=REFERENCES";
	c.extensions = "THREAD=ORDEREDSUBJECT MOVE";
	c.no_thread_sort = TRUE;
	imapcapa_list(&c, TRUE, &s);
	T_STR(str_c(&s), "IMAP4rev1 ENABLE UTF8=ACCEPT MOVE");
	T_OK(!t_logged("SORT"));
	str_free(&s);
}

int
main(void)
{
	str_init(&out, 0);
	io = io_mem_new("", 0, &out);
	imapout_quoteds(io, "a\"b\\c\r\nd");
	T_STR(got(), "\"a\\\"b\\\\c  d\"");
	imapout_quoteds(io, "");
	T_STR(got(), "\"\"");
	imapout_string(io, "plain", 5, FALSE);
	T_STR(got(), "\"plain\"");
	imapout_string(io, "a\nb", 3, FALSE);
	T_STR(got(), "{3}\r\na\nb");
	imapout_string(io, "\303\251", 2, FALSE);
	T_STR(got(), "{2}\r\n\303\251");
	imapout_string(io, "\303\251", 2, TRUE);
	T_STR(got(), "\"\303\251\"");
	imapout_nquoted(io, NULL);
	T_STR(got(), "NIL");
	imapout_astring(io, "INBOX", 5);
	T_STR(got(), "INBOX");
	imapout_astring(io, "a b", 3);
	T_STR(got(), "\"a b\"");
	imapout_astring(io, "nil", 3);
	T_STR(got(), "\"nil\"");
	imapout_astring(io, "", 0);
	T_STR(got(), "\"\"");
	imapout_literal(io, 0);
	T_STR(got(), "{0}\r\n");
	capabilities();
	io_free(&io);
	str_free(&out);
	return t_done();
}
