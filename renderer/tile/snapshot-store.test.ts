import { beforeEach, expect, it, vi } from 'vitest';
import { SnapshotStore } from './snapshot-store.ts';
import { EMPTY_SNAPSHOT } from './tile-snapshot.ts';

let words: string | null;
let store: SnapshotStore;
let told: (string | null)[];

beforeEach(() => {
  words = null;
  store = new SnapshotStore(() => ({ ...EMPTY_SNAPSHOT, words }));
  told = [];
  store.subscribe(() => told.push(store.snapshot().words));
});

it('tells of each change once, and gives the same object while nothing changes', () => {
  words = 'On Backup';
  store.publish();
  const snapshot = store.snapshot();
  store.publish();
  expect(told).toEqual(['On Backup']);
  expect(store.snapshot()).toBe(snapshot);
});

it('tells those who listen of a change that somebody had asked for before', () => {
  words = 'On Backup';
  store.outdate();
  expect(store.snapshot().words).toBe('On Backup');
  expect(told).toEqual([]);
  store.publish();
  store.publish();
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
  expect(told).toEqual(['On Backup', 'the last']);
  expect(thrown).toHaveLength(1);
  expect(thrown[0]).toThrow('this component failed');
});
