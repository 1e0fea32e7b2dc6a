-- New records go to the right end of each index: PostgreSQL fills pages there instead of halving them. Read backwards, the newest
-- still come first.

drop index invocations_project;
drop index invocations_function;
create index invocations_project on invocations (project_id, at, id);
create index invocations_function on invocations (project_id, function_name, at, id);
