import { describe, expect, it } from 'vitest';
import { EMPTY_SNAPSHOT, type TileSnapshot } from '../stores/tile-snapshot.ts';
import { tileDetailsText } from './tile-details.tsx';

const camera = { id: 'c3', number: 3, name: 'Gate' };

describe('tileDetailsText', () => {
  it('has every stream, the last change and the longest gap', () => {
    const snapshot: TileSnapshot = {
      ...EMPTY_SNAPSHOT,
      phase: 'showing',
      words: 'On Backup: Main refused the connection',
      streams: [
        {
          streamId: 'main/sub',
          siteName: 'Main',
          quality: 'sub',
          state: 'lost',
          role: 'standby',
          words: 'connection refused since 14:03:12',
          lightWatch: 'Standbys at this site are checked every 3 minutes.',
        },
        {
          streamId: 'north/sub',
          siteName: 'Backup',
          quality: 'sub',
          state: 'healthy',
          role: 'shown',
          words: 'answers',
          lightWatch: null,
        },
      ],
      lastChange: { atMs: new Date(2031, 3, 9, 14, 3, 12).getTime(), words: 'Main to Backup', gapMs: 66.7 },
      longestGapMs: 133.4,
      reaction: '1 s segments: a silent stop is noticed after 1.5 s',
    };
    expect(tileDetailsText(camera, snapshot)).toBe(
      [
        'Camera 3 Gate',
        'On Backup: Main refused the connection',
        'Main, sub stream, standby, lost: connection refused since 14:03:12. Standbys at this site are checked every 3 minutes.',
        'Backup, sub stream, shown, healthy: answers',
        'Last change: 14:03:12 Main to Backup, gap 67 ms',
        'Longest gap: 133 ms',
        'Reaction Time: 1 s segments: a silent stop is noticed after 1.5 s',
      ].join('\n'),
    );
  });

  it('shows no gap for the first picture, which ends none', () => {
    const atMs = new Date(2031, 3, 9, 14, 3, 12).getTime();
    const lastChange = { atMs, words: 'Main gave the first picture', gapMs: null };
    expect(tileDetailsText(camera, { ...EMPTY_SNAPSHOT, lastChange })).toContain(
      'Last change: 14:03:12 Main gave the first picture\n',
    );
  });

  it('says why a low-latency stream is some seconds behind', () => {
    expect(tileDetailsText(camera, { ...EMPTY_SNAPSHOT, isRelaxed: true })).toContain(
      'Latency: some seconds for now: this workstation has no processor time for low latency',
    );
  });

  it('says why a sub-stream is shown where the main stream fits', () => {
    expect(tileDetailsText(camera, { ...EMPTY_SNAPSHOT, isHeldToSub: true })).toContain(
      'Quality: sub-stream for now: this workstation’s link is too thin for the main stream',
    );
  });

  it('says which values were not measured', () => {
    expect(tileDetailsText(camera, EMPTY_SNAPSHOT)).toBe(
      [
        'Camera 3 Gate',
        'Starting.',
        'Last change: none yet',
        'Longest gap: not measured yet',
        'Reaction Time: not known yet',
      ].join('\n'),
    );
  });
});
