import { expect, test } from 'vitest';
import { EventStream } from './event-stream.ts';

const reading = (events: EventStream) => {
  const reader = events.open().body?.getReader();
  const next = async (): Promise<string> => new TextDecoder().decode((await reader?.read())?.value);
  return { next, cancel: () => reader?.cancel() };
};

test('every page gets an event, as one named record', async () => {
  const events = new EventStream();
  const pages = [reading(events), reading(events)];
  for (const page of pages) expect(await page.next()).toBe(':\n\n');
  events.emit('activity.changed', { suspended: true, reason: 'two\nlines' });
  for (const page of pages)
    expect(await page.next()).toBe(
      'event: activity.changed\ndata: {"suspended":true,"reason":"two\\nlines"}\n\n',
    );
});

test('a page that comes later gets the latest event of every name', async () => {
  const events = new EventStream();
  events.emit('window.fullscreenChanged', { fullscreen: true });
  events.emit('window.fullscreenChanged', { fullscreen: false });
  events.emit('demo.changed', []);
  const late = reading(events);
  await late.next();
  expect(await late.next()).toContain('{"fullscreen":false}');
  expect(await late.next()).toBe('event: demo.changed\ndata: []\n\n');
});

test('a page that left gets no more events, and disturbs nobody', async () => {
  const events = new EventStream();
  const gone = reading(events);
  const staying = reading(events);
  await gone.cancel();
  await staying.next();
  events.emit('demo.changed', []);
  expect(await staying.next()).toContain('demo.changed');
});
