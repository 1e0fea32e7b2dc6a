// Who asks: the service, a stranger and a user, each by a client of their own, and a collection that is a user's own.

import assert from 'node:assert/strict';
import { createClient as createSupabase } from '@supabase/supabase-js';
import { createClient } from '@basalt/sdk';
import { operator, password, publishableKey, run, secretKey, sql, url } from '../lib/basalt.js';

export const service = createClient(url, secretKey);
export const stranger = createClient(url, publishableKey);

// Node before 22 has no WebSocket of its own, and supabase-js wants to know one when it is made.
const realtime = globalThis.WebSocket ? {} : { transport: (await import('ws')).default };

/** A new user, signed in with supabase-js, whose session the client takes. */
export async function user(name) {
  const supabase = createSupabase(url, publishableKey, { auth: { persistSession: false, autoRefreshToken: false }, realtime });
  const { data, error } = await supabase.auth.signUp({ email: `${name}-${run}@example.com`, password });
  assert.equal(error, null);
  const basalt = createClient(url, publishableKey, { auth: supabase.auth });
  return { id: data.user.id, token: data.session.access_token, supabase, basalt };
}

/** A name that no other run has. */
export const named = (name) => `${name}_${run}`;

/** Makes a collection whose documents are seen and written by those who made them. */
export async function ownCollection(collection) {
  await operator('PUT', `/platform/v1/projects/default/collections/${collection}`, {});
  await sql(`create policy own on documents."${collection}" for all to authenticated using (owner = auth.uid()) with check (owner = auth.uid())`);
}

export const dropCollection = (collection) => operator('DELETE', `/platform/v1/projects/default/collections/${collection}?force=true`);
