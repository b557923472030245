/* Telling the front end what happened in a folder.
   SPDX-License-Identifier: ISC */

#ifndef SESSION_CHANGE_H
#define SESSION_CHANGE_H

struct view;

/*
 * Compares what the client was told with the folder's records and calls the
 * front end in the order of imap-wire.md 9.2. Without `may_renumber` only
 * keywords and flags are told. Called by view_sync alone.
 */
void	change_tell(struct view *, int may_renumber);

/*
 * Computes the keywords in use anew and calls front->keywords. change_grown
 * tells if one came into use (the list is then the union of old and new);
 * change_shrunk if one ceased (the list is then the present one).
 */
void	change_learn(struct view *);	/* at the opening: tells nobody */
void	change_grown(struct view *);
void	change_shrunk(struct view *);

#endif
