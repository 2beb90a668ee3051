import { expect, test } from 'vitest';
import { type DevToolsCommand, DevToolsDispatcher, type DevToolsEvent } from './devtools-dispatcher.ts';

function dispatcherWithPeer() {
  const sent: unknown[] = [];
  const events: DevToolsEvent[] = [];
  const timers = new Map<() => void, number>();
  const dispatcher = new DevToolsDispatcher({
    peer: 'the browser',
    write: (text) => sent.push(JSON.parse(text)),
    schedule: (callback, delayMs) => {
      timers.set(callback, delayMs);
      return () => timers.delete(callback);
    },
    onEvent: (event) => events.push(event),
  });
  const send = (method: DevToolsCommand) => dispatcher.send(method, undefined, 5000);
  return { dispatcher, sent, events, timers, send };
}

test('answers reach who asked, in whatever order they come', async () => {
  const { dispatcher, sent, timers } = dispatcherWithPeer();
  const first = dispatcher.send('Browser.getVersion', {}, 5000);
  const second = dispatcher.send('Page.navigate', { url: 'about:blank' }, 5000, 'S');
  expect(sent).toEqual([
    { id: 1, method: 'Browser.getVersion', params: {} },
    { id: 2, method: 'Page.navigate', params: { url: 'about:blank' }, sessionId: 'S' },
  ]);
  dispatcher.receive('{"id":2,"result":{"frameId":"F"},"sessionId":"S"}');
  dispatcher.receive('{"id":1,"result":{}}');
  expect(await second).toEqual({ frameId: 'F' });
  expect(await first).toEqual({});
  expect(timers.size).toBe(0);
});

test("a refusal is told in the peer's words", async () => {
  const { dispatcher, send } = dispatcherWithPeer();
  const asked = send('Page.enable');
  dispatcher.receive('{"id":1,"error":{"code":-32601,"message":"\'Page.enable\' wasn\'t found"}}');
  await expect(asked).rejects.toThrow("'Page.enable' wasn't found");
});

test('events are distinguished from answers', () => {
  const { dispatcher, events } = dispatcherWithPeer();
  dispatcher.receive('{"method":"Inspector.targetCrashed","params":{},"sessionId":"S"}');
  dispatcher.receive('{"method":"Page.loadEventFired"}');
  expect(events).toEqual([
    { method: 'Inspector.targetCrashed', params: {}, sessionId: 'S' },
    { method: 'Page.loadEventFired', params: {} },
  ]);
});

test('an answer that takes too long is told with the command, and is not taken any more', async () => {
  const { dispatcher, timers, send } = dispatcherWithPeer();
  const asked = send('Page.enable');
  for (const [expire, delayMs] of timers) if (delayMs === 5000) expire();
  await expect(asked).rejects.toThrow('the browser does not answer (Page.enable, 5 s)');
  dispatcher.receive('{"id":1,"result":{}}');
});

test('a connection that ends is told to everyone who waits, and to who asks later', async () => {
  const { dispatcher, sent, timers, send } = dispatcherWithPeer();
  const waiting = send('Browser.close');
  dispatcher.close();
  await expect(waiting).rejects.toThrow('the browser is gone');
  await expect(send('Browser.close')).rejects.toThrow('the browser is gone');
  expect(sent).toHaveLength(1);
  expect(timers.size).toBe(0);
});

test.each(['{"hello":1}', 'hello'])('%s is no message', (text) => {
  const { dispatcher } = dispatcherWithPeer();
  expect(() => dispatcher.receive(text)).toThrow();
});
