/* What a client knew of a mailbox in an earlier session.
   SPDX-License-Identifier: ISC */

#ifndef SESSION_SNAPSHOT_H
#define SESSION_SNAPSHOT_H

struct snapshot;
struct view;

/* For the view just opened, which it must not outlive. */
struct snapshot *snapshot_new(struct view *);
void	snapshot_free(struct snapshot **);

/* "" before the first load or save. */
const char *snapshot_id(const struct snapshot *);

/* Takes the one that the client names. E_NOENT, E_INVAL: cannot be used. */
int	snapshot_load(struct snapshot *, const char *id);

/* After a load: how many messages the client knows; tells the front end what
   happened since, as view_sync would. */
u32	snapshot_count(const struct snapshot *);
void	snapshot_tell(struct snapshot *);

/* Writes what the client knows now, when view_sync has told all. E_EXIST:
   nothing changed since the last. Errors mean nothing to the session. */
int	snapshot_save(struct snapshot *);

#endif
