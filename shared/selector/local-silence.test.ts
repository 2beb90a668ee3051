import { describe, expect, it } from 'vitest';
import type { EvidenceCause } from '../cause.ts';
import { isLocalSilence } from './local-silence.ts';
import { type FakeTile, showingFirst } from './testing/fake-tile.ts';

function tileWith(north: EvidenceCause | null, south: EvidenceCause | null): FakeTile {
  const tile = showingFirst(['north/main', 'south/main']);
  if (north !== null) tile.fail('north/main', north);
  if (south !== null) tile.fail('south/main', south);
  return tile;
}

describe('isLocalSilence (rule 10)', () => {
  it('is so when every stream of every tile went unanswered, lost or not yet', () => {
    const lost = tileWith('timeout', 'unreachable');
    lost.pass(1000);
    expect(isLocalSilence([lost.state, tileWith('dns', 'stalled').state])).toBe(true);
  });

  it('is not so while one stream of one tile is alive', () => {
    expect(isLocalSilence([tileWith('timeout', 'timeout').state, tileWith('timeout', null).state])).toBe(
      false,
    );
  });

  it('is not so when a site gave an answer, though a bad one', () => {
    expect(isLocalSilence([tileWith('timeout', 'http-503').state])).toBe(false);
    expect(isLocalSilence([tileWith('timeout', 'refused').state])).toBe(false);
  });

  it('is not so when a site that is late in one thing answered in another', () => {
    const tile = tileWith('timeout', 'timeout');
    tile.accuse('south/main', 'http-503', 'media');
    expect(isLocalSilence([tile.state])).toBe(false);
  });

  it('is not so of no tile', () => {
    expect(isLocalSilence([])).toBe(false);
  });

  it('is not asked of suspended tiles', () => {
    const suspended = tileWith(null, null);
    suspended.observe({ type: 'suspend' });
    expect(isLocalSilence([suspended.state])).toBe(false);
    expect(isLocalSilence([suspended.state, tileWith('timeout', 'timeout').state])).toBe(true);
  });
});
