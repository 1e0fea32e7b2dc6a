// Who asks.

import { password, publishableKey, run, secretKey, url } from './basalt.js';

/** Makes a user; answers `{id, email, token}`. */
export async function signUp(name) {
  const email = `${name}-${run}@example.com`;
  const answer = await fetch(`${url}/auth/v1/signup`, {
    method: 'POST',
    headers: { apikey: publishableKey, 'content-type': 'application/json' },
    body: JSON.stringify({ email, password }),
  });
  const session = await answer.json();
  if (!session.access_token) throw new Error(`${name} was not signed up: ${answer.status} ${JSON.stringify(session)}`);
  return { id: session.user.id, email, token: session.access_token };
}

/** The headers of whoever asks: `anon`, `service`, or one of `people` by name. */
export function credentials(as, people) {
  if (as === 'service') return { apikey: secretKey };
  if (as === 'anon') return { apikey: publishableKey };
  return { apikey: publishableKey, authorization: `Bearer ${people[as].token}` };
}
