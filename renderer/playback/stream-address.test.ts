import { describe, expect, it } from 'vitest';
import type { MultivariantPlaylist } from '../../shared/playlist/playlist.ts';
import { StreamAddress } from './stream-address.ts';

const ROOT = '/sites/main/live/gate.m3u8';

function multivariant(...uris: readonly string[]): MultivariantPlaylist {
  const variants = uris.map((uri) => ({ uri, bandwidth: 1_000_000 }));
  return { kind: 'multivariant', variants, variables: new Map() };
}

function chosen(uri: string): StreamAddress {
  const address = new StreamAddress(ROOT, () => true);
  expect(address.choose(multivariant(uri), 'main')).toBeNull();
  return address;
}

describe('the address of a stream', () => {
  it.each([
    ['in the query', 'stream.m3u8?session=1', 'stream.m3u8?session=2'],
    ['in the name', 'chunklist_w123456789.m3u8', 'chunklist_w987654321.m3u8'],
    [
      'in the path',
      '3f2504e0-4f89-11d3-9a0c-0305e82c3301/a.m3u8',
      '9b2504e0-4f89-11d3-9a0c-0305e82c3302/a.m3u8',
    ],
  ])('names its variant the same in two sessions: %s', (_where, one, other) => {
    expect(chosen(one).variantName()).toBe(chosen(other).variantName());
    expect(chosen(one).current).not.toBe(chosen(other).current);
  });

  it('distinguishes two variants', () => {
    expect(chosen('720p.m3u8').variantName()).not.toBe(chosen('1080p.m3u8').variantName());
  });

  it.each([
    ['leads to itself', 'gate.m3u8', 'not-a-playlist'],
    ['leads to another site', '/sites/other/gate.m3u8', 'not-allowed'],
  ])('is refused where it %s', (_what, uri, cause) => {
    const address = new StreamAddress(ROOT, () => true);
    expect(address.choose(multivariant(uri), 'main')).toBe(cause);
    expect(address.current).toBe(ROOT);
  });

  it('is renewed once, until the stream is proven', () => {
    const address = chosen('a.m3u8');
    expect([address.renew(), address.current]).toEqual([true, ROOT]);
    expect(address.renew()).toBe(false);
    address.choose(multivariant('b.m3u8'), 'main');
    expect(address.renew()).toBe(false);
    address.prove();
    expect(address.renew()).toBe(true);
  });

  it('without a child is not renewed: its answer counts', () => {
    expect(new StreamAddress(ROOT, () => true).renew()).toBe(false);
  });
});
