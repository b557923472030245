/* Typed access to the argument tree.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/ascii.h"
#include "base/num.h"

#include "wire/imaparg.h"

static int take_text(struct arg **, const char **, size_t *);

static int
take_text(struct arg **pos, const char **out, size_t *out_len)
{
	*out = (*pos)->s;
	if (out_len != NULL)
		*out_len = (*pos)->len;
	*pos = (*pos)->next;
	return E_OK;
}

/* A word: atom, number, flag, what else has no quotes. */
int
arg_atom(struct arg **pos, const char **out)
{
	if (*pos == NULL ||
	    ((*pos)->type != ARG_ATOM && (*pos)->type != ARG_NIL))
		return E_SYNTAX;
	return take_text(pos, out, NULL);
}

/* astring = 1*ASTRING-CHAR / string */
int
arg_astring(struct arg **pos, const char **out, size_t *out_len)
{
	if (*pos == NULL)
		return E_SYNTAX;
	switch ((*pos)->type) {
	case ARG_ATOM:
		if ((*pos)->s[0] == '\\')
			return E_SYNTAX;
		/* FALLTHROUGH */
	case ARG_QUOTED:
	case ARG_LITERAL:
	case ARG_NIL:
		return take_text(pos, out, out_len);
	default:
		return E_SYNTAX;
	}
}

int
arg_mailbox(struct arg **pos, const char **out, size_t *out_len)
{
	if (*pos == NULL || ((*pos)->type == ARG_NIL &&
	    strcmp((*pos)->s, "NIL") == 0))
		return E_SYNTAX;
	return arg_astring(pos, out, out_len);
}

/* string = quoted / literal */
int
arg_string(struct arg **pos, const char **out, size_t *out_len)
{
	if (*pos == NULL ||
	    ((*pos)->type != ARG_QUOTED && (*pos)->type != ARG_LITERAL))
		return E_SYNTAX;
	return take_text(pos, out, out_len);
}

/* nstring = string / nil
   nil = "NIL" */
int
arg_nstring(struct arg **pos, const char **out, size_t *out_len)
{
	if (*pos != NULL && (*pos)->type == ARG_NIL) {
		*out = NULL;
		if (out_len != NULL)
			*out_len = 0;
		*pos = (*pos)->next;
		return E_OK;
	}
	return arg_string(pos, out, out_len);
}

int
arg_u64(struct arg **pos, u64 *out)
{
	if (*pos == NULL || (*pos)->type != ARG_ATOM ||
	    num_parse_u64((*pos)->s, out) != E_OK)
		return E_SYNTAX;
	*pos = (*pos)->next;
	return E_OK;
}

int
arg_is(const struct arg *a, const char *word)
{
	return a != NULL && (a->type == ARG_ATOM || a->type == ARG_NIL) &&
	    ascii_casecmp(a->s, word) == 0;
}
