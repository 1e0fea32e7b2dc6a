// supabase-js as an app makes it, without the browser's storage.

import { createClient } from '@supabase/supabase-js';
import { publishableKey, url } from '../lib/basalt.js';

// Node before 22 has no WebSocket of its own, and the client wants to know one when it is made.
const realtime = globalThis.WebSocket ? {} : { transport: (await import('ws')).default };

/** A client that holds its session in memory; each is somebody of their own. */
export const client = (key = publishableKey) =>
  createClient(url, key, {
    auth: { persistSession: false, autoRefreshToken: false, detectSessionInUrl: false },
    realtime,
  });
