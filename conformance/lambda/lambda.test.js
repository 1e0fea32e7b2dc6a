// AWS' own client, unmodified, signing with the credentials of a secret key.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { operator, run, secretKey, until, url } from '../lib/basalt.js';

const name = `lambda_${run}`;
const functions = '/platform/v1/projects/default/functions';
const source = `
export function onEvent(event, ctx) {
  console.log('got', JSON.stringify(event));
  if (event.fail) throw new RangeError('no good');
  return { echoed: event, kind: ctx.kind };
}`;
const clients = [];
let credentials;

function client(changes = {}) {
  const made = new LambdaClient({ endpoint: url, region: 'us-east-1', credentials, maxAttempts: 1, ...changes });
  clients.push(made);
  return made;
}
const text = (payload) => new TextDecoder().decode(payload);
const invoke = (changes, by = client()) => by.send(new InvokeCommand({ FunctionName: name, ...changes }));
const records = async () => (await operator('GET', `${functions}/${name}/invocations`)).invocations;

before(async () => {
  await operator('PUT', `${functions}/${name}`, { files: { 'index.js': source }, manifest: {} });
  const { keys } = await operator('GET', '/platform/v1/projects/default/keys');
  const key = keys.find(({ kind, hint }) => kind === 'secret' && secretKey.endsWith(hint));
  const { accessKeyId, secretAccessKey } = await operator('POST', `/platform/v1/projects/default/keys/${key.id}/aws-credentials`);
  credentials = { accessKeyId, secretAccessKey };
});
after(async () => {
  clients.forEach((each) => each.destroy());
  await operator('DELETE', `${functions}/${name}`);
});

test('a call is answered, with the end of its log', async () => {
  const answer = await invoke({ Payload: JSON.stringify({ a: 'ä', n: 1 }), LogType: 'Tail' });
  assert.equal(answer.StatusCode, 200);
  assert.equal(answer.FunctionError, undefined);
  assert.equal(answer.ExecutedVersion, '1');
  assert.deepEqual(JSON.parse(text(answer.Payload)), { echoed: { a: 'ä', n: 1 }, kind: 'invoke' });
  const log = Buffer.from(answer.LogResult, 'base64').toString();
  assert.match(log, /^START RequestId: .*\n(.*\n)*END RequestId: .*\nREPORT RequestId: .*Billed Duration: \d+ ms/);
  assert.match(log, /got \{"a":"ä","n":1\}/);
});

test('a failure of the function is told in the answer', async () => {
  const answer = await invoke({ Payload: '{"fail":true}' });
  assert.equal(answer.StatusCode, 200);
  assert.equal(answer.FunctionError, 'Unhandled');
  const { errorType, errorMessage, trace } = JSON.parse(text(answer.Payload));
  assert.deepEqual([errorType, errorMessage], ['RangeError', 'no good']);
  assert.ok(trace.length > 0);
});

test('an event is taken and delivered', async () => {
  const answer = await invoke({ Payload: '{"queued":1}', InvocationType: 'Event' });
  assert.equal(answer.StatusCode, 202);
  const record = await until('the record of its delivery', async () =>
    (await records()).find(({ kind, state }) => kind === 'async' && state === 'done'));
  assert.equal(record.outcome, 'ok');
});

test('a dry run is answered without running', async () => {
  assert.equal((await invoke({ InvocationType: 'DryRun' })).StatusCode, 204);
  await assert.rejects(invoke({ FunctionName: `none_${run}`, InvocationType: 'DryRun' }), { name: 'ResourceNotFoundException' });
});

test('a version is called by its qualifier', async () => {
  assert.equal((await invoke({ Qualifier: '1' })).ExecutedVersion, '1');
  assert.equal((await invoke({ FunctionName: `arn:aws:lambda:us-east-1:123456789012:function:${name}` })).StatusCode, 200);
  await assert.rejects(invoke({ Qualifier: '99' }), { name: 'ResourceNotFoundException' });
});

test('errors have the names that the client knows', async () => {
  await assert.rejects(invoke({ FunctionName: `none_${run}` }), { name: 'ResourceNotFoundException' });
  await assert.rejects(invoke({ Payload: 'nonsense' }), { name: 'InvalidRequestContentException' });
  await assert.rejects(invoke({ Payload: JSON.stringify('x'.repeat(300_000)), InvocationType: 'Event' }), { name: 'RequestTooLargeException' });
});

test('another secret signs nothing', async () => {
  const forged = { ...credentials, secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' };
  await assert.rejects(invoke({}, client({ credentials: forged })), { name: 'InvalidSignatureException' });
  const unknown = { ...credentials, accessKeyId: 'AKIDEXAMPLE' };
  await assert.rejects(invoke({}, client({ credentials: unknown })), { name: 'UnrecognizedClientException' });
});
