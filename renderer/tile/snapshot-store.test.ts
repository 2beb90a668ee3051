import { beforeEach, expect, it, vi } from 'vitest';
import { EMPTY_SNAPSHOT } from '../stores/tile-snapshot.ts';
import { SnapshotStore } from './snapshot-store.ts';

let words: string | null;
let store: SnapshotStore;
let told: (string | null)[];
let redraws: (() => void)[];

function redraw(): void {
  for (const draw of redraws.splice(0)) draw();
}

beforeEach(() => {
  words = null;
  redraws = [];
  store = new SnapshotStore(() => ({ ...EMPTY_SNAPSHOT, words }), { request: (draw) => redraws.push(draw) });
  told = [];
  store.subscribe(() => told.push(store.snapshot().words));
});

it('tells of what is there when the wall is drawn anew, and not before', () => {
  words = 'On Backup';
  store.publish();
  words = 'On Backup (North)';
  expect(told).toEqual([]);
  redraw();
  expect(told).toEqual(['On Backup (North)']);
});

it('is silent where a change was undone before the wall is drawn anew', () => {
  words = 'On Backup';
  store.publish();
  words = null;
  redraw();
  expect(told).toEqual([]);
});

it('tells of each change once, and gives the same object while nothing changes', () => {
  words = 'On Backup';
  store.publish();
  redraw();
  const snapshot = store.snapshot();
  store.publish();
  redraw();
  expect(told).toEqual(['On Backup']);
  expect(store.snapshot()).toBe(snapshot);
});

it('tells those who listen of a change that somebody had asked for before', () => {
  words = 'On Backup';
  store.outdate();
  expect(store.snapshot().words).toBe('On Backup');
  expect(told).toEqual([]);
  store.publish();
  redraw();
  store.publish();
  redraw();
  expect(told).toEqual(['On Backup']);
});

it('tells all who listen, though one of them fails', () => {
  const thrown: (() => void)[] = [];
  vi.stubGlobal('queueMicrotask', (callback: () => void) => thrown.push(callback));
  store.subscribe(() => {
    throw new Error('this component failed');
  });
  store.subscribe(() => told.push('the last'));
  words = 'On Backup';
  store.publish();
  redraw();
  expect(told).toEqual(['On Backup', 'the last']);
  expect(thrown).toHaveLength(1);
  expect(thrown[0]).toThrow('this component failed');
});
