/* Checked conversion of numbers.  SPDX-License-Identifier: ISC */

#ifndef BASE_NUM_H
#define BASE_NUM_H

#define NUM_BUF	24		/* holds any u64 or i64 and its NUL */

/* Decimal text of v in buf (NUM_BUF bytes); returns its length. */
size_t	num_u32(char *buf, u32 v);
size_t	num_u64(char *buf, u64 v);
size_t	num_i64(char *buf, i64 v);

/* The same in base 8 to 16, lower case. */
size_t	num_base(char *buf, u64 v, unsigned int base);

/*
 * Read digits at s, at most n bytes. Return the number of bytes used, 0 if
 * there is no digit or the value does not fit.
 */
size_t	num_scan_u32(const char *s, size_t n, u32 *out);
size_t	num_scan_u64(const char *s, size_t n, u64 *out);
size_t	num_scan_oct(const char *s, size_t n, u32 *out);

/* The whole terminated string must be a number: E_OK or E_SYNTAX. */
int	num_parse_u32(const char *s, u32 *out);
int	num_parse_u64(const char *s, u64 *out);
int	num_parse_i64(const char *s, i64 *out);
int	num_parse_oct(const char *s, u32 *out);

#endif
