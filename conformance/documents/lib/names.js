// The names of what a run makes, so that runs on the same Basalt do not meet.

import { run } from '../../lib/basalt.js';

/** Anybody reads it, and its documents do not change: cases ask about them. */
export const films = `films_${run}`;
/** A subcollection of films. */
export const reviews = `reviews_${run}`;
/** Of whoever made them, and public ones for everybody to read. */
export const notes = `notes_${run}`;
/** For the secret key alone; a case writes documents of ids of its own. */
export const scratch = `scratch_${run}`;
/** A table of the schema public. */
export const ledger = `ledger_${run}`;
/** Prefix of collections that cases make and delete themselves. */
export const fresh = (name) => `${name}_${run}`;
/** Declares a collection, below /platform/v1. */
export const declaration = (name) => `/projects/default/collections/${name}`;
