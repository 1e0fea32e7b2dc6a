// What must compile does; each line behind @ts-expect-error must not.

export default {
  async fetch(request: Request, env: Basalt.Environment, ctx: Basalt.Context): Promise<Response> {
    const user: string | undefined = ctx.caller.id;
    // @ts-expect-error what a call came with can't be changed
    ctx.requestId = '1';
    return Response.json({ url: request.url, key: env.KEY, user });
  },
} satisfies Basalt.Handlers;

({
  // @ts-expect-error an answer is a Response
  fetch: () => 'text',
}) satisfies Basalt.Handlers;

interface Todo {
  id: number;
  title: string;
}

export const before: Basalt.BeforeHandler<Todo> = (event) => {
  if (!event.record) return;
  const title = event.record.title.trim();
  // @ts-expect-error the table has no such column
  event.record.colour;
  return title ? { record: { ...event.record, title } } : { reject: { status: 422, code: 'empty' } };
};

// @ts-expect-error half a row is no row
export const half: Basalt.BeforeHandler<Todo> = () => ({ record: { id: 1 } });

export const after: Basalt.AfterHandler<Todo> = async (event) => {
  console.log(event.id, event.data.old_record?.title);
};

export const onEvent: Basalt.EventHandler<Todo> = (event) => {
  if (event.specversion) console.log(event.data.type);
  else console.log(event.type);
};

export const manifest: Basalt.Manifest = {
  runtime: 'js',
  egress: ['api.example.com'],
  triggers: [
    { table: 'public.todos', when: 'before', events: ['insert'], order: 1 },
    { table: 'public.todos', when: 'after', events: ['insert'] },
    { on: 'users', when: 'before', events: ['insert'], order: -1 },
  ],
};

export const invited: Basalt.BeforeHandler<Basalt.User> = ({ type, record }) => {
  if (type !== 'insert' || !record) return;
  return record.email.endsWith('@example.com')
    ? { record: { ...record, app_metadata: { ...record.app_metadata, team: 'red' } } }
    : { reject: { status: 403, code: 'not_invited' } };
};

// @ts-expect-error users are heard of before they are written alone
export const late: Basalt.Trigger = { on: 'users', when: 'after', events: ['insert'] };

// @ts-expect-error there is no such runtime
export const wrong: Basalt.Manifest = { runtime: 'php' };
