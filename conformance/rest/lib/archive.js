// The film archive that the cases ask about: its tables, and the people who ask.

import { readFileSync } from 'node:fs';
import { sql, url } from '../../lib/basalt.js';
import { credentials, signUp } from '../../lib/people.js';

const schema = readFileSync(new URL('../schema.sql', import.meta.url), 'utf8');

/** Drops what schema.sql noted that it made, and nothing else. */
const removal = `
  do $$
  declare made record;
  begin
    if to_regclass('public.rest_conformance') is null then return; end if;
    -- Sequences last: most are gone with their tables.
    for made in select kind, name from public.rest_conformance where name <> 'rest_conformance' order by kind = 'sequence' loop
      execute format('drop %s if exists %s cascade', made.kind, made.name);
    end loop;
    drop table public.rest_conformance;
  end $$`;

/**
 * Makes the tables, and ann and bob. What an earlier run left behind is removed first; a table of somebody else's of the
 * same name fails here.
 */
export async function open() {
  await sql(removal);
  await sql(schema);
  const [ann, bob] = await Promise.all(['ann', 'bob'].map(signUp));
  await sql(`insert into diary (id, owner, film_id, note) values
    (1, '${ann.id}', 1, 'of ann'), (2, '${ann.id}', 2, 'of ann too'), (3, '${bob.id}', 1, 'of bob')`);
  await sql(`select setval(pg_get_serial_sequence('diary', 'id'), 100)`);
  return { ann, bob };
}

export const close = () => sql(removal);

export { credentials, sql, url };
