import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { type DevToolsEvent, DevToolsPipe } from './devtools-pipe.ts';

function pipeWithBrowser() {
  const to = new PassThrough();
  const from = new PassThrough();
  const events: DevToolsEvent[] = [];
  const pipe = new DevToolsPipe(to, from, (event) => events.push(event));
  const sent = (): unknown[] =>
    String(to.read() ?? '')
      .split('\0')
      .filter((text) => text !== '')
      .map((text) => JSON.parse(text));
  return { pipe, events, from, sent };
}

test('answers reach their callers, in any order and in any pieces', async () => {
  const { pipe, from, sent } = pipeWithBrowser();
  const first = pipe.send('Browser.getVersion');
  const second = pipe.send('Page.enable', { a: 1 }, 'S');
  expect(sent()).toEqual([
    { id: 1, method: 'Browser.getVersion', params: {} },
    { id: 2, method: 'Page.enable', params: { a: 1 }, sessionId: 'S' },
  ]);
  const bytes = Buffer.from('{"id":2,"result":{"b":"ü"}}\0{"id":1,"result":{}}\0');
  for (const byte of bytes) from.write(Buffer.from([byte]));
  expect(await second).toEqual({ b: 'ü' });
  expect(await first).toEqual({});
});

test('a refusal is reported in the browser’s words', async () => {
  const { pipe, from } = pipeWithBrowser();
  const asked = pipe.send('No.such');
  from.write('{"id":1,"error":{"code":-32601,"message":"\'No.such\' wasn\'t found"}}\0');
  await expect(asked).rejects.toThrow("'No.such' wasn't found");
});

test('events are told apart from answers', async () => {
  const { events, from } = pipeWithBrowser();
  from.write('{"method":"Inspector.targetCrashed","params":{},"sessionId":"S"}\0{"method":"A.b"}\0');
  await expect
    .poll(() => events)
    .toEqual([
      { method: 'Inspector.targetCrashed', params: {}, sessionId: 'S' },
      { method: 'A.b', params: {} },
    ]);
});

test('when the browser ends, all waiting calls and all later ones fail', async () => {
  const { pipe, from } = pipeWithBrowser();
  const waiting = pipe.send('Browser.close');
  from.destroy();
  await expect(waiting).rejects.toThrow('the browser is gone');
  await expect(pipe.send('Browser.close')).rejects.toThrow('the browser is gone');
});
