/* Transfer encodings of mail.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "authlib/helpers.h"

#define QP_COLUMNS	72	/* a line may be broken once it is longer */

typedef struct libmail_encode_info info;

static int flush(info *);
static int put(info *, const char *, size_t);
static int encode_plain(info *, const char *, size_t);
static int encode_line(info *);
static int encode_base64(info *, const char *, size_t);
static int qp_put(info *, const char *, size_t);
static int qp_hex(info *, int);
static int qp_char(info *, int);
static int encode_qp(info *, const char *, size_t);

static int
flush(info *i)
{
	size_t n = (size_t)i->output_buf_cnt;

	i->output_buf_cnt = 0;
	return n == 0 ? 0 : i->callback_func(i->output_buffer, n,
	    i->callback_arg);
}

static int
put(info *i, const char *s, size_t n)
{
	int r;

	while (n-- > 0) {
		if (i->output_buf_cnt == (int)sizeof(i->output_buffer) &&
		    (r = flush(i)) != 0)
			return r;
		i->output_buffer[i->output_buf_cnt++] = *s++;
	}
	return 0;
}

static int
encode_plain(info *i, const char *s, size_t n)
{
	return put(i, s, n);
}

/* ---- base64 ---- */

static int
encode_line(info *i)
{
	char out[4];
	int k, r = 0;

	for (k = 0; k < i->input_buf_cnt && r == 0; k += 3) {
		authlib_quad(i->input_buffer + k, i->input_buf_cnt - k, out);
		r = put(i, out, sizeof(out));
	}
	if (r == 0 && i->input_buf_cnt > 0)
		r = put(i, "\n", 1);
	i->input_buf_cnt = 0;
	return r;
}

static int
encode_base64(info *i, const char *s, size_t n)
{
	int r;

	while (n-- > 0) {
		i->input_buffer[i->input_buf_cnt++] = *s++;
		if (i->input_buf_cnt == (int)sizeof(i->input_buffer) &&
		    (r = encode_line(i)) != 0)
			return r;
	}
	return 0;
}

/* ---- quoted-printable ---- */

/* A character, or three; input_buf_cnt is the column. */
static int
qp_put(info *i, const char *s, size_t n)
{
	int r;

	if (i->input_buf_cnt > QP_COLUMNS) {
		if ((r = put(i, "=\n", 2)) != 0)
			return r;
		i->input_buf_cnt = 0;
	}
	i->input_buf_cnt += (int)n;
	return put(i, s, n);
}

static int
qp_hex(info *i, int c)
{
	char s[3];

	s[0] = '=';
	s[1] = "0123456789ABCDEF"[c >> 4 & 15];
	s[2] = "0123456789ABCDEF"[c & 15];
	return qp_put(i, s, 3);
}

/* A blank waits (in input_buffer) until it is known what follows. */
static int
qp_char(info *i, int c)
{
	char ch = (char)c;
	int r = 0;

	if (i->input_buffer[0] == ' ') {
		i->input_buffer[0] = '\0';
		r = c == '\n' ? qp_hex(i, ' ') : qp_put(i, " ", 1);
	}
	if (r != 0)
		return r;
	if (c == ' ') {
		i->input_buffer[0] = ' ';
		return 0;
	}
	if (c == '\n') {
		i->input_buf_cnt = 0;
		return put(i, "\n", 1);
	}
	if (c < ' ' || c >= 0x7f || c == '=')
		return qp_hex(i, c);
	return qp_put(i, &ch, 1);
}

static int
encode_qp(info *i, const char *s, size_t n)
{
	int r = 0;

	while (n-- > 0 && r == 0)
		r = qp_char(i, (unsigned char)*s++);
	return r;
}

/* ---- what is exported ---- */

void
libmail_encode_start(info *i, const char *encoding,
    int (*fn)(const char *, size_t, void *), void *arg)
{
	i->output_buf_cnt = i->input_buf_cnt = 0;
	i->input_buffer[0] = '\0';
	i->callback_func = fn;
	i->callback_arg = arg;
	i->encoding_func = encode_plain;
	if (*encoding == 'b' || *encoding == 'B')
		i->encoding_func = encode_base64;
	else if (*encoding == 'q' || *encoding == 'Q')
		i->encoding_func = encode_qp;
}

int
libmail_encode(info *i, const char *s, size_t n)
{
	return i->encoding_func(i, s, n);
}

int
libmail_encode_end(info *i)
{
	int r = 0;

	if (i->encoding_func == encode_base64)
		r = encode_line(i);
	else if (i->encoding_func == encode_qp && i->input_buffer[0] == ' ')
		r = qp_put(i, " ", 1);
	return r != 0 ? r : flush(i);
}
