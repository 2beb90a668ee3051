import { expect, it } from 'vitest';
import type { JournalEntry } from './journal-entry.ts';
import { type JournalFilter, journalFilterSchema, matchesFilter } from './journal-filter.ts';

const change: JournalEntry = {
  kind: 'change',
  time: '2031-04-09T12:00:00.000Z',
  view: 'Wall',
  tile: 1,
  camera: 'gate',
  from: 'main/sub',
  to: 'backup/sub',
  cause: 'refused',
  firstEvidenceAt: null,
  firstFrameAt: '2031-04-09T12:00:00.100Z',
  gapMs: 67,
  jumpMs: null,
};

it.each<[JournalFilter, boolean]>([
  [{}, true],
  [{ camera: 'gate' }, true],
  [{ camera: 'quay' }, false],
  [{ site: 'main' }, true],
  [{ site: 'backup' }, true],
  [{ site: 'mai' }, false],
  [{ kind: 'change' }, true],
  [{ kind: 'alarm' }, false],
  [{ cause: 'refused' }, true],
  [{ cause: 'timeout' }, false],
  [{ from: '2031-04-09T12:00:00Z', until: '2031-04-09T12:00:01Z' }, true],
  [{ from: '2031-04-09T12:00:01Z' }, false],
  [{ until: '2031-04-09T12:00:00Z' }, false],
  [{ camera: 'gate', cause: 'timeout' }, false],
])('a change under %j: %s', (filter, met) => {
  expect(matchesFilter(change, filter)).toBe(met);
});

it('finds an alarm by the site of its stream', () => {
  const alarm: JournalEntry = {
    kind: 'alarm',
    time: change.time,
    view: 'Wall',
    tile: 1,
    camera: 'gate',
    alarm: 'no-redundancy',
    stream: 'backup/sub',
    cause: 'refused',
  };
  expect(matchesFilter(alarm, { site: 'backup' })).toBe(true);
  expect(matchesFilter(alarm, { site: 'main' })).toBe(false);
});

it.each(['site/cam 1', 'Tor 3 (Süd)', 'カメラ', '__proto__', 'x'.repeat(200)])(
  'finds the camera %j',
  (camera) => {
    const filter = journalFilterSchema.parse({ camera });
    expect(matchesFilter({ ...change, camera }, filter)).toBe(true);
    expect(matchesFilter(change, filter)).toBe(false);
  },
);
