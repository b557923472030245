/* courierlogger: lines to syslog, and the program that writes them.
   SPDX-License-Identifier: ISC */

#ifndef TCPD_LOGGER_H
#define TCPD_LOGGER_H

#define LOGGER_LINE_MAX	4096	/* longer lines go on in the next message */

/* How a line's prefix maps to a priority: the text after it, leading blanks
   removed, and the syslog priority (default info). */
int	logger_priority(const char *line, const char **out_text);

/* E_NOENT: no such facility. */
int	logger_facility(const char *name, int *out);

/* Feeds bytes; each complete line is logged. `end` logs what is left. */
struct logger;
struct logger *logger_new(void);
void	logger_feed(struct logger *, const char *, size_t);
void	logger_end(struct logger *);
void	logger_free(struct logger **);

/* For tests: called instead of syslog. */
typedef void logger_sink_fn(int priority, const char *text);
void	logger_set_sink(logger_sink_fn *);

struct logger_child {
	char	**argv;
	int	respawn;	/* start it again when it ends */
	int	droproot;	/* it runs as user and group too */
	const char *user;
	const char *group;
	const char *pidfile;	/* NULL: foreground */
};

/* Runs the program and logs its standard error until all who hold it are
   gone. Returns the exit status for courierlogger. */
int	logger_run(const struct logger_child *);

/* Logs standard input until its end. */
int	logger_stdin(void);

#endif
