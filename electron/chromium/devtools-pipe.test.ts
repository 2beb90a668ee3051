import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import type { DevToolsEvent } from '../../shared/devtools/devtools-dispatcher.ts';
import { DevToolsPipe } from './devtools-pipe.ts';

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

test('messages end with a zero byte, in whatever pieces they come', async () => {
  const { pipe, from, sent } = pipeWithBrowser();
  const first = pipe.send('Browser.getVersion');
  const second = pipe.send('Page.navigate', { url: 'about:blank' }, 'S');
  expect(sent()).toEqual([
    { id: 1, method: 'Browser.getVersion', params: {} },
    { id: 2, method: 'Page.navigate', params: { url: 'about:blank' }, sessionId: 'S' },
  ]);
  const bytes = Buffer.from('{"id":2,"result":{"b":"ü"}}\0{"id":1,"result":{}}\0');
  for (const byte of bytes) from.write(Buffer.from([byte]));
  expect(await second).toEqual({ b: 'ü' });
  expect(await first).toEqual({});
});

test('events are told', async () => {
  const { events, from } = pipeWithBrowser();
  from.write(
    '{"method":"Inspector.targetCrashed","params":{},"sessionId":"S"}\0{"method":"Page.loadEventFired"}\0',
  );
  await expect
    .poll(() => events)
    .toEqual([
      { method: 'Inspector.targetCrashed', params: {}, sessionId: 'S' },
      { method: 'Page.loadEventFired', params: {} },
    ]);
});

test('a browser that ends is told to who waits', async () => {
  const { pipe, from } = pipeWithBrowser();
  const waiting = pipe.send('Browser.close');
  from.destroy();
  await expect(waiting).rejects.toThrow('the browser is gone');
});
