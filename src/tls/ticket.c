/* Keys for sessions that clients take up again.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include <sys/stat.h>
#include <fcntl.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/lock.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/pack.h"
#include "base/rand.h"
#include "base/str.h"
#include "tls/say.h"
#include "tls/ticket.h"

#define MARK		"chapar.tickets.1"
#define MARK_LEN	16
#define KEY_LEN		(8 + TICKET_NAME + 2 * TICKET_SECRET)
#define FILE_LEN	(MARK_LEN + TICKET_KEYS * KEY_LEN)
#define LOCK_SECONDS	5

#ifndef O_NOFOLLOW
#define O_NOFOLLOW	0
#endif

static void give_away(const char *, int);
static int open_file(const char *);
static void decode(const u8 *, struct ticket_keys *);
static void encode(const struct ticket_keys *, u8 *);
static int read_keys(int, struct ticket_keys *);
static int write_keys(int, const struct ticket_keys *);
static int renew(struct ticket_keys *, u64);
static int load(int, u32, struct ticket_keys *);

/* Whoever owns the folder runs what needs the file. */
static void
give_away(const char *path, int fd)
{
	const char *slash = strrchr(path, '/');
	struct stat st;
	struct str dir;

	if (geteuid() != 0 || slash == NULL)
		return;
	str_init(&dir, 0);
	str_cat(&dir, path, (size_t)(slash - path) + 1);
	if (stat(str_c(&dir), &st) < 0 ||
	    fchown(fd, st.st_uid, st.st_gid) < 0)
		say_info("couriertls: %s: %s", path, strerror(errno));
	str_free(&dir);
}

static int
open_file(const char *path)
{
	struct stat st;
	int fd;

	fd = open(path, O_RDWR | O_NOFOLLOW | O_NONBLOCK);
	if (fd < 0 && errno == ENOENT) {
		fd = open(path, O_RDWR | O_NOFOLLOW | O_CREAT, 0600);
		if (fd >= 0)
			give_away(path, fd);
	}
	if (fd < 0)
		return -1;
	file_cloexec(fd, TRUE);
	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) || st.st_nlink > 1) {
		close(fd);
		errno = EINVAL;
		return -1;
	}
	return fd;
}

static void
decode(const u8 *p, struct ticket_keys *t)
{
	struct ticket_key *k;

	for (k = t->k; k < t->k + TICKET_KEYS; k++, p += KEY_LEN) {
		k->made = unpack_u64(p);
		memcpy(k->name, p + 8, TICKET_NAME);
		memcpy(k->cipher, p + 8 + TICKET_NAME, TICKET_SECRET);
		memcpy(k->mac, p + 8 + TICKET_NAME + TICKET_SECRET,
		    TICKET_SECRET);
	}
}

static void
encode(const struct ticket_keys *t, u8 *p)
{
	const struct ticket_key *k;

	for (k = t->k; k < t->k + TICKET_KEYS; k++, p += KEY_LEN) {
		pack_u64(p, k->made);
		memcpy(p + 8, k->name, TICKET_NAME);
		memcpy(p + 8 + TICKET_NAME, k->cipher, TICKET_SECRET);
		memcpy(p + 8 + TICKET_NAME + TICKET_SECRET, k->mac,
		    TICKET_SECRET);
	}
}

/* E_NOENT: it holds something else. */
static int
read_keys(int fd, struct ticket_keys *t)
{
	u8 file[FILE_LEN + 1];
	ssize_t n;

	do
		n = pread(fd, file, sizeof(file), 0);
	while (n < 0 && errno == EINTR);
	if (n != FILE_LEN || memcmp(file, MARK, MARK_LEN) != 0)
		return E_NOENT;
	decode(file + MARK_LEN, t);
	mem_wipe(file, sizeof(file));
	return E_OK;
}

static int
write_keys(int fd, const struct ticket_keys *t)
{
	u8 file[FILE_LEN];
	int r;

	memcpy(file, MARK, MARK_LEN);
	encode(t, file + MARK_LEN);
	if (lseek(fd, 0, SEEK_SET) < 0 || ftruncate(fd, 0) < 0)
		return err_from_errno(errno);
	r = file_write_all(fd, file, sizeof(file));
	mem_wipe(file, sizeof(file));
	return r;
}

/* A new key in front, unless the newest is young. Two lives old is too old for
   any. TRUE if something changed. */
static int
renew(struct ticket_keys *t, u64 life)
{
	struct ticket_key *k = t->k;
	u64 now = (u64)clock_now();

	if (k->made <= now && now - k->made < life)
		return FALSE;
	if (k->made > now || now - k->made >= 2 * life)
		mem_wipe(k, sizeof(*k));
	memmove(k + 1, k, (TICKET_KEYS - 1) * sizeof(*k));
	if (rand_bytes(k->name, sizeof(k->name)) != E_OK ||
	    rand_bytes(k->cipher, sizeof(k->cipher)) != E_OK ||
	    rand_bytes(k->mac, sizeof(k->mac)) != E_OK)
		die("couriertls: no random bytes");
	k->made = now;
	return TRUE;
}

static int
load(int fd, u32 life, struct ticket_keys *t)
{
	int r;

	r = lock_fd(fd, TRUE, clock_deadline(LOCK_SECONDS));
	if (r != E_OK)
		return r;
	if (read_keys(fd, t) != E_OK)
		memset(t, 0, sizeof(*t));
	return renew(t, life) ? write_keys(fd, t) : E_OK;
}

int
ticket_load(const char *path, u32 life, struct ticket_keys *t)
{
	int fd, r;

	fd = open_file(path);
	if (fd < 0) {
		say_info("couriertls: %s: %s", path, strerror(errno));
		return E_TEMP;
	}
	r = load(fd, life, t);
	if (r != E_OK)
		say_info("couriertls: %s: %s", path, err_text(r));
	close(fd);
	return r;
}

const struct ticket_key *
ticket_find(const struct ticket_keys *t, const u8 *name, int *out_old)
{
	size_t i;

	for (i = 0; i < TICKET_KEYS; i++)
		if (t->k[i].made != 0 &&
		    memcmp(t->k[i].name, name, TICKET_NAME) == 0) {
			*out_old = i > 0;
			return t->k + i;
		}
	return NULL;
}
