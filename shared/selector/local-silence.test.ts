import { describe, expect, it } from 'vitest';
import type { EvidenceCause } from '../cause.ts';
import { hearingOf, type LatestReport, type ListeningTile } from './local-silence.ts';
import { FakeTile, showingFirst } from './testing/fake-tile.ts';

function tileWith(north: EvidenceCause | null, south: EvidenceCause | null): FakeTile {
  const tile = showingFirst(['north/main', 'south/main']);
  if (north !== null) tile.fail('north/main', north);
  if (south !== null) tile.fail('south/main', south);
  return tile;
}

function heard(tile: FakeTile, latest: Readonly<Record<string, LatestReport>> = {}): ListeningTile {
  return { state: () => tile.state, latestOf: (streamId) => latest[streamId] };
}

describe('hearingOf (rule 10)', () => {
  it('is silent when every stream of every tile is unanswered, lost or suspect', () => {
    const lost = tileWith('timeout', 'unreachable');
    lost.pass(1000);
    expect(hearingOf([heard(lost), heard(tileWith('dns', 'stalled'))])).toBe('silent');
  });

  it('takes a refused connection for silence: a firewall on the way can refuse in a site’s place', () => {
    expect(hearingOf([heard(tileWith('refused', 'reset'))])).toBe('silent');
  });

  it('hears one stream of one tile that is alive', () => {
    expect(hearingOf([heard(tileWith('timeout', 'timeout')), heard(tileWith('timeout', null))])).toBe(
      'heard',
    );
  });

  it.each<EvidenceCause>(['http-503', 'http-404', 'tls-expired'])(
    'hears a site that gave an answer, though a bad one: %s',
    (cause) => expect(hearingOf([heard(tileWith('timeout', cause))])).toBe('heard'),
  );

  it('hears a site that is late with one answer and gave another', () => {
    const tile = tileWith('timeout', 'timeout');
    tile.accuse('south/main', 'http-503', 'media');
    expect(hearingOf([heard(tile)])).toBe('heard');
  });

  it('goes by the latest report about a lost stream, not by the cause of its loss', () => {
    const lost = tileWith('timeout', 'http-503');
    lost.pass(1000);
    expect(hearingOf([heard(lost)])).toBe('heard');
    expect(hearingOf([heard(lost, { 'south/main': 'unreachable' })])).toBe('silent');
    expect(hearingOf([heard(lost, { 'north/main': 'proof', 'south/main': 'unreachable' })])).toBe('heard');
  });

  it('hears a site whose playlist came without having moved, suspect or lost', () => {
    const latest = { 'north/main': 'stalled', 'south/main': 'timeout' } as const;
    const tile = tileWith('stalled', 'timeout');
    expect(hearingOf([heard(tile, latest)])).toBe('heard');
    tile.pass(1000);
    expect(hearingOf([heard(tile, latest)])).toBe('heard');
  });

  it('does not take a cause that only the buffer gave for an answer', () => {
    const tile = tileWith('stalled', 'timeout');
    expect(hearingOf([heard(tile, { 'north/main': 'proof', 'south/main': 'timeout' })])).toBe('silent');
    tile.pass(1000);
    expect(hearingOf([heard(tile, { 'north/main': 'timeout', 'south/main': 'timeout' })])).toBe('silent');
  });

  it('cannot tell by a single stream', () => {
    const tile = showingFirst(['north/main']);
    tile.fail('north/main', 'timeout');
    expect(hearingOf([heard(tile)])).toBe('unknown');
  });

  it('cannot tell while a tile that has just begun has heard nothing', () => {
    const begun = new FakeTile(['north/main', 'south/main']);
    expect(hearingOf([heard(tileWith('timeout', 'timeout')), heard(begun)])).toBe('unknown');
  });

  it('cannot tell without a tile', () => {
    expect(hearingOf([])).toBe('unknown');
  });

  it('does not ask suspended tiles', () => {
    const suspended = tileWith(null, null);
    suspended.observe({ type: 'suspend' });
    expect(hearingOf([heard(suspended)])).toBe('unknown');
    expect(hearingOf([heard(suspended), heard(tileWith('timeout', 'timeout'))])).toBe('silent');
  });
});
