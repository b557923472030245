/* What the processes of authdaemond see of each other.
   SPDX-License-Identifier: ISC */

#include "base/base.h"

#include <sys/mman.h>
#include <fcntl.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/str.h"
#include "authdaemon/board.h"

/* Whole bytes and aligned words: nothing is ever half written. */
struct place {
	volatile u32	served;
	volatile u32	state;
};

struct circuit {
	volatile u32	until;		/* low bits of clock_msec */
	volatile u32	bad;
};

struct board {
	volatile u32	parent_sleeps;
	volatile u32	used;		/* places from here on are free */
	struct circuit	circuit[BOARD_CIRCUITS];
	struct place	place[BOARD_PLACES];
};

static int lock(u32, int);
static u32 count(int, u32);

static struct board *board;
static int board_fd = -1;
static u32 mine;

int
board_open(const char *dir)
{
	static const struct board empty;
	struct str path;
	void *p;

	str_init(&path, 0);
	str_catf(&path, "%s/board.tmp", dir);
	unlink(str_c(&path));
	board_fd = open(str_c(&path), O_RDWR | O_CREAT | O_EXCL, 0600);
	if (board_fd >= 0)
		unlink(str_c(&path));
	str_free(&path);
	if (board_fd < 0 || file_write_all(board_fd, &empty,
	    sizeof(empty)) != E_OK)
		return E_TEMP;
	file_cloexec(board_fd, TRUE);
	p = mmap(NULL, sizeof(*board), PROT_READ | PROT_WRITE, MAP_SHARED,
	    board_fd, 0);
	if (p == MAP_FAILED)
		return E_TEMP;
	board = p;
	return E_OK;
}

/* ---- places ------------------------------------------------------------- */

void
board_take_place(u32 place)
{
	mine = place;
}

void
board_say(int state)
{
	board->place[mine].state = (u32)state;
}

void
board_did(void)
{
	board->place[mine].served++;
}

static u32
count(int state, u32 end)
{
	u32 i, n;

	for (i = 0, n = 0; i < end; i++)
		if (board->place[i].state == (u32)state)
			n++;
	return n;
}

u32
board_count(int state)
{
	return count(state, board->used);
}

int
board_has_elders(void)
{
	return count(BOARD_WAITING, mine) > 0 || count(BOARD_BUSY, mine) > 0;
}

int
board_parent_sleeps(void)
{
	return board->parent_sleeps != 0;
}

void
board_clear(u32 place, int state)
{
	board->place[place].state = (u32)state;
	if (place >= board->used && state != BOARD_FREE)
		board->used = place + 1;
}

u32
board_served(void)
{
	u32 i, sum;

	for (i = 0, sum = 0; i < board->used; i++)
		sum += board->place[i].served;
	return sum;
}

void
board_parent_says(int sleeps)
{
	board->parent_sleeps = (u32)sleeps;
}

/* ---- circuits ----------------------------------------------------------- */

/* The kernel gives it to one process, and takes it back if that one dies. */
static int
lock(u32 circuit, int how)
{
	struct flock l;

	memset(&l, 0, sizeof(l));
	l.l_type = (short)how;
	l.l_whence = SEEK_SET;
	l.l_start = (off_t)circuit;
	l.l_len = 1;
	return fcntl(board_fd, F_SETLK, &l) == 0;
}

int
board_circuit(u32 circuit)
{
	struct circuit *c = &board->circuit[circuit];

	if (c->bad == 0)
		return CIRCUIT_CLOSED;
	if ((int)(c->until - (u32)clock_msec()) > 0)
		return CIRCUIT_OPEN;
	return lock(circuit, F_WRLCK) ? CIRCUIT_PROBE : CIRCUIT_OPEN;
}

void
board_circuit_works(u32 circuit)
{
	board->circuit[circuit].bad = 0;
	lock(circuit, F_UNLCK);
}

void
board_circuit_fails(u32 circuit, u32 pause_ms)
{
	board->circuit[circuit].until = (u32)clock_msec() + pause_ms;
	board->circuit[circuit].bad = 1;
	lock(circuit, F_UNLCK);
}
