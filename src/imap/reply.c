/* Result codes to OK, NO and BAD.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/io.h"

#include "imap/imap.h"
#include "imap/reply.h"

#define OVER_QUOTA	"You exceeded your mail quota."

static void set(struct reply *, enum reply_status, const char *);

/* Texts of failures, one row per code (imap-wire.md 5). */
static const struct {
	int		err;
	const char	*text;
} texts[] = {
	{ E_NOENT, "Mailbox does not exist, or must be subscribed to." },
	{ E_INVAL, "Invalid mailbox name." },
	{ E_QUOTA, "[ALERT] " OVER_QUOTA },
	{ E_NOSPACE, "[ALERT] Cannot write - no write permission or out of "
	    "disk space." },
	{ E_PERM, "[NOPERM] Access denied." },
	{ E_EXIST, "[ALREADYEXISTS] Mailbox exists already." },
	{ E_TOOBIG, "[LIMIT] Over one of the server's limits." },
	{ E_EXPUNGED, "[EXPUNGEISSUED] Some messages were expunged." },
	{ E_BUSY, "[INUSE] Mailbox is in use." },
	{ E_CHARSET, "[BADCHARSET] The requested character set is not "
	    "supported." },
	{ E_NOTSUP, "[CANNOT] Not available on this server." }
};

static void
set(struct reply *r, enum reply_status status, const char *text)
{
	r->status = status;
	r->violation = r->over_quota = FALSE;
	str_reset(&r->text);
	str_cats(&r->text, text);
}

void
reply_init(struct reply *r)
{
	str_init(&r->text, REPLY_TEXT_MAX);
	set(r, REPLY_OK, "Ok");
}

void
reply_free(struct reply *r)
{
	str_free(&r->text);
}

void
reply_ok(struct reply *r, const char *text)
{
	set(r, REPLY_OK, text);
}

void
reply_no(struct reply *r, const char *text)
{
	set(r, REPLY_NO, text);
}

void
reply_nof(struct reply *r, const char *f, ...)
{
	struct str_va v;

	set(r, REPLY_NO, "");
	va_start(v.ap, f);
	str_vcatf(&r->text, f, &v.ap);
	va_end(v.ap);
}

void
reply_bad(struct reply *r, const char *text)
{
	set(r, REPLY_BAD, text);
}

void
reply_syntax(struct reply *r)
{
	set(r, REPLY_BAD, "Error in IMAP command received by server.");
	r->violation = TRUE;
}

void
reply_error(struct reply *r, int err)
{
	size_t i;

	if (err == E_SYNTAX) {
		reply_syntax(r);
		return;
	}
	for (i = 0; i < NITEMS(texts); i++)
		if (texts[i].err == err) {
			reply_no(r, texts[i].text);
			r->over_quota = err == E_QUOTA;
			return;
		}
	reply_no(r, "[UNAVAILABLE] Temporary problem, please try again later.");
}

/*
 *   response = *(continue-req / response-data) response-done
 *   response-done = response-tagged / response-fatal
 *   response-tagged = tag SP resp-cond-state CRLF
 *   resp-cond-state = ("OK" / "NO" / "BAD") SP resp-text
 *   resp-text = ["[" resp-text-code "]" SP] text
 *   text = 1*TEXT-CHAR
 * Text may hold what a client sent: control characters are replaced.
 * The tagged line has Courier's [ALERT]; a response has one code, so that of
 * RFC 9208 4.3.1 goes before it.
 */
void
reply_send(struct imap *im, const struct reply *r, const char *tag)
{
	static const char *const words[] = { " OK ", " NO ", " BAD " };
	const char *s;
	size_t i, from;

	imap_out(im);
	if (r->over_quota && imap_capable(im, "QUOTA=RES-STORAGE"))
		io_puts(im->io, "* NO [OVERQUOTA] " OVER_QUOTA "\r\n");
	io_puts(im->io, tag);
	io_puts(im->io, words[r->status]);
	s = str_c(&r->text);
	for (i = from = 0; i < r->text.len; i++)
		if ((unsigned char)s[i] < 0x20 || s[i] == 0x7f) {
			io_put(im->io, s + from, i - from);
			io_putc(im->io, '?');
			from = i + 1;
		}
	io_put(im->io, s + from, r->text.len - from);
	io_puts(im->io, "\r\n");
}
