import { describe, expect, it } from 'vitest';
import { EMPTY_SNAPSHOT, type StreamLine, type TileSnapshot } from './tile-snapshot.ts';
import { redundancyToShow, sameSummary, summarise, toneOf } from './tile-summary.ts';

const stream = (siteId: string, state: StreamLine['state'], role: StreamLine['role']): StreamLine => ({
  streamId: `${siteId}/sub`,
  siteName: siteId,
  quality: 'sub',
  state,
  role,
  words: '',
  lightWatch: null,
});
const onMain: TileSnapshot = {
  ...EMPTY_SNAPSHOT,
  phase: 'showing',
  site: { id: 'main', name: 'Main', rank: 0, quality: 'sub' },
  hasPicture: true,
  live: true,
  redundancy: 'ok',
  streams: [stream('main', 'healthy', 'shown'), stream('north', 'healthy', 'standby')],
};
const onNorth: TileSnapshot = {
  ...onMain,
  site: { id: 'north', name: 'Backup', rank: 1, quality: 'sub' },
  redundancy: 'none',
  streams: [stream('main', 'lost', 'standby'), stream('north', 'healthy', 'shown')],
};
const first = { id: 'main', name: 'Main' };

describe('toneOf', () => {
  it('is quiet on the first site with a standby alive', () => {
    expect(toneOf(onMain)).toBe('quiet');
  });

  it('warns of lost redundancy while the picture is fine, but not where there never was any', () => {
    expect(toneOf({ ...onMain, redundancy: 'none' })).toBe('no-redundancy');
    expect(toneOf({ ...onMain, redundancy: 'single' })).toBe('quiet');
  });

  it('puts a backup before lost redundancy, and no video before both', () => {
    expect(toneOf(onNorth)).toBe('backup');
    expect(toneOf({ ...onNorth, phase: 'holding' })).toBe('no-video');
  });

  it('puts a frozen picture before the site that sends it, and no video before that', () => {
    const frozen: TileSnapshot = { ...onNorth, pictureFault: 'frozen', live: false };
    expect(toneOf(frozen)).toBe('picture-fault');
    expect(summarise(frozen, first).pictureFault).toBe('frozen');
    expect(toneOf({ ...frozen, phase: 'holding' })).toBe('no-video');
    expect(summarise({ ...frozen, phase: 'holding' }, first).pictureFault).toBeNull();
  });

  it('is quiet at the start until the tile misses its picture', () => {
    expect(toneOf(EMPTY_SNAPSHOT)).toBe('quiet');
    expect(toneOf({ ...EMPTY_SNAPSHOT, missesPicture: true })).toBe('no-video');
  });
});

describe('redundancyToShow', () => {
  it.each(['ok', 'none', 'unknown'] as const)('does not change while it comes and goes: %s', (redundancy) => {
    expect(redundancyToShow({ ...onMain, redundancy }, true)).toBe('comes-and-goes');
    expect(redundancyToShow({ ...onMain, redundancy }, false)).toBe(redundancy);
  });

  it('is not missing for a camera with one site', () => {
    expect(redundancyToShow({ ...onMain, redundancy: 'single' }, true)).toBe('single');
  });
});

describe('summarise', () => {
  it('reports the state of the first site of a tile on a backup', () => {
    const stateWith = (state: StreamLine['state']) =>
      summarise({ ...onNorth, streams: [stream('main', state, 'standby')] }, first).firstSite;
    expect(stateWith('lost')).toEqual({ name: 'Main', state: 'lost' });
    expect(stateWith('validating')).toEqual({ name: 'Main', state: 'returning' });
    expect(stateWith('healthy')).toEqual({ name: 'Main', state: 'back' });
    expect(summarise(onMain, first).firstSite).toBeNull();
  });

  it('does not confuse the first site with one whose id begins in the same way', () => {
    const streams = [stream('main', 'lost', 'standby'), stream('main-2', 'healthy', 'shown')];
    expect(summarise({ ...onNorth, streams }, first).firstSite?.state).toBe('lost');
  });

  it('stays the same while only ages, words and liveness change', () => {
    const before = summarise(onNorth, first);
    const after = summarise({ ...onNorth, live: false, lastPictureAgeS: 3, words: 'other' }, first);
    expect(sameSummary(before, after)).toBe(true);
  });

  it('differs once the picture is found frozen', () => {
    expect(
      sameSummary(summarise(onNorth, first), summarise({ ...onNorth, pictureFault: 'frozen' }, first)),
    ).toBe(false);
  });

  it('differs after another change of stream, even back to the same site', () => {
    const before = summarise(onNorth, first);
    const after = summarise({ ...onNorth, lastChange: { atMs: 5, words: '', gapMs: 67 } }, first);
    expect(sameSummary(before, after)).toBe(false);
  });
});
