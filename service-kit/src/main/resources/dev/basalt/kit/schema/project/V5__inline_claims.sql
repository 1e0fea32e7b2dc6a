-- Policies ask who calls for every statement. Bodies that are resolved here need no search_path of their own, so that the
-- planner inlines them, and json is searched for one claim where jsonb would be built of all of them.
create or replace function auth.jwt() returns jsonb language sql stable
  return coalesce(nullif(current_setting('request.jwt.claims', true), ''), '{}')::jsonb;
create or replace function auth.uid() returns uuid language sql stable
  return nullif(nullif(current_setting('request.jwt.claims', true), '')::json ->> 'sub', '')::uuid;
create or replace function auth.role() returns text language sql stable
  return nullif(current_setting('request.jwt.claims', true), '')::json ->> 'role';
create or replace function auth.email() returns text language sql stable
  return nullif(current_setting('request.jwt.claims', true), '')::json ->> 'email';
