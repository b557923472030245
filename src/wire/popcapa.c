/* What POP3 offers.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/io.h"

#include "wire/popcapa.h"

/* After Courier's lines those that it does not have. */
static const char lines[] =
	"TOP\r\n"
	"USER\r\n"
	"LOGIN-DELAY 10\r\n"
	"PIPELINING\r\n"
	"UIDL\r\n"
	"UTF8 USER\r\n"
	"LANG\r\n"
	"EXPIRE NEVER\r\n"
	"RESP-CODES\r\n"
	"AUTH-RESP-CODE\r\n"
	"IMPLEMENTATION Courier Mail Server\r\n"
	".\r\n";

/*
 *   capa-response = "+OK" SP text CRLF *(capability CRLF) "." CRLF
 *   sasl-capability = "SASL" 1*(SP mechanism)
 */
void
popcapa_put(struct io *io, const struct popcapa *c)
{
	io_puts(io, "+OK Here's what I can do:\r\n");
	if (c->sasl != NULL && *c->sasl != '\0')
		io_putf(io, "SASL %s\r\n", c->sasl);
	if (c->stls)
		io_puts(io, "STLS\r\n");
	io_puts(io, lines);
}
