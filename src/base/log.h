/* Log lines.  SPDX-License-Identifier: ISC */

#ifndef BASE_LOG_H
#define BASE_LOG_H

/*
 * One call, one line, on standard error, which courierlogger reads. Control
 * characters in the result become dots, so that input can never forge a line;
 * what is beyond LOG_LINE_MAX bytes is cut off. errno is kept. The level's
 * prefix is written as Courier writes it: info and notice lines go out as they
 * are, warnings with "WARN: ", errors with "ERR: " when log_init said prefixes
 * are wanted; courierlogger turns those into levels.
 */
enum { LOG_LVL_DEBUG, LOG_LVL_INFO, LOG_LVL_WARN, LOG_LVL_ERR, LOG_LVL_CRIT };

#define LOG_LINE_MAX	2048

typedef void log_sink_fn(void *ctx, int level, const char *line);

/* tag is put before each line ("imapd"), NULL for none; not copied. */
void	log_init(const char *tag, int prefixes);
void	log_set_sink(log_sink_fn *, void *ctx);		/* tests, the wall */
void	log_set_debug(int level);		/* log_debug lines wanted? */

/* One line at that level. log_debug says nothing unless it is switched on. */
void	log_debug(const char *, ...) PRINTFLIKE(1, 2);
void	log_info(const char *, ...) PRINTFLIKE(1, 2);
void	log_warn(const char *, ...) PRINTFLIKE(1, 2);
void	log_err(const char *, ...) PRINTFLIKE(1, 2);
void	log_syserr(const char *, ...) PRINTFLIKE(1, 2);	/* adds strerror */

/* Our own bug: logs and aborts. */
void	log_panic(const char *, ...) PRINTFLIKE(1, 2) NORETURN;

/* The process cannot go on: logs and exits with status 1, or with the one set
   by log_set_status. */
void	log_set_status(int);
void	die(const char *, ...) PRINTFLIKE(1, 2) NORETURN;
void	die_sys(const char *, ...) PRINTFLIKE(1, 2) NORETURN;

#endif
