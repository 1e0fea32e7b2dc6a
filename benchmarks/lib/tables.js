// Tables that several benchmarks write to.

/** Rows with an owner, who alone may see and change them. */
export const ordersTable = `
  create table orders (
    id bigint generated always as identity primary key, owner uuid not null default auth.uid(), name text not null,
    price numeric not null, created_at timestamptz not null default now());
  alter table orders enable row level security;
  create policy own on orders for all to authenticated using (owner = auth.uid()) with check (owner = auth.uid());`;
