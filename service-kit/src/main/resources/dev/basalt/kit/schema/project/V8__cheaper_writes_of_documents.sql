-- Every write of a document asks for its version and tells who listens. Bodies without settings of their own are inlined, or begin without
-- saving and restoring any; they name what they use in full.
create or replace function basalt_documents.next_version(previous bigint) returns bigint
language sql volatile parallel restricted
  return greatest(previous + 1, (extract(epoch from pg_catalog.clock_timestamp()) * 1000000)::bigint);
create or replace function basalt_documents.touch() returns trigger language plpgsql as $$
begin
  new.version := basalt_documents.next_version(old.version);
  new.updated_at := pg_catalog.now();
  return new;
end $$;
grant select on sequence basalt_documents.listening to public;
create or replace function basalt_documents.announce() returns trigger language plpgsql security invoker as $$
begin
  -- Null until somebody has listened once. Asked by this function, it costs a tenth of what a query would.
  if pg_catalog.pg_sequence_last_value('basalt_documents.listening')
      operator(pg_catalog.>) extract(epoch from pg_catalog.clock_timestamp()) then
    perform pg_catalog.pg_notify('basalt_documents', tg_table_name);
  end if;
  return null;
end $$;
