-- A policy's auth.uid() is evaluated for every row. The service says who calls and as what in a setting of its own, which costs a
-- tenth of searching the claims; whoever sets the claims alone is heard as before.
create or replace function auth.uid() returns uuid language sql stable
  return nullif(coalesce(nullif(current_setting('request.jwt.claim.sub', true), ''),
    nullif(current_setting('request.jwt.claims', true), '')::json ->> 'sub'), '')::uuid;
create or replace function auth.role() returns text language sql stable
  return coalesce(nullif(current_setting('request.jwt.claim.role', true), ''),
    nullif(current_setting('request.jwt.claims', true), '')::json ->> 'role');
