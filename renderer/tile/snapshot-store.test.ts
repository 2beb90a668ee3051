import { beforeEach, expect, it, vi } from 'vitest';
import { EMPTY_SNAPSHOT } from '../stores/tile-snapshot.ts';
import { SnapshotStore } from './snapshot-store.ts';

let words: string | null;
let store: SnapshotStore;
let calls: (string | null)[];
let redraws: (() => void)[];

function redraw(): void {
  for (const draw of redraws.splice(0)) draw();
}

beforeEach(() => {
  words = null;
  redraws = [];
  store = new SnapshotStore(() => ({ ...EMPTY_SNAPSHOT, words }), { request: (draw) => redraws.push(draw) });
  calls = [];
  store.subscribe(() => calls.push(store.snapshot().words));
});

it('calls its listeners when the wall is redrawn, and not before', () => {
  words = 'On Backup';
  store.publish();
  words = 'On Backup (North)';
  expect(calls).toEqual([]);
  redraw();
  expect(calls).toEqual(['On Backup (North)']);
});

it('does not call them where a change was undone before the wall is redrawn', () => {
  words = 'On Backup';
  store.publish();
  words = null;
  redraw();
  expect(calls).toEqual([]);
});

it('calls them once for each change, and returns the same object while nothing changes', () => {
  words = 'On Backup';
  store.publish();
  redraw();
  const snapshot = store.snapshot();
  store.publish();
  redraw();
  expect(calls).toEqual(['On Backup']);
  expect(store.snapshot()).toBe(snapshot);
});

it('calls them for a change that somebody else requested before', () => {
  words = 'On Backup';
  store.outdate();
  expect(store.snapshot().words).toBe('On Backup');
  expect(calls).toEqual([]);
  store.publish();
  redraw();
  store.publish();
  redraw();
  expect(calls).toEqual(['On Backup']);
});

it('calls all listeners, though one of them fails', () => {
  const thrown: (() => void)[] = [];
  vi.stubGlobal('queueMicrotask', (callback: () => void) => thrown.push(callback));
  store.subscribe(() => {
    throw new Error('this component failed');
  });
  store.subscribe(() => calls.push('the last'));
  words = 'On Backup';
  store.publish();
  redraw();
  expect(calls).toEqual(['On Backup', 'the last']);
  expect(thrown).toHaveLength(1);
  expect(thrown[0]).toThrow('this component failed');
});
