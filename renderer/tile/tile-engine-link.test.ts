import { describe, expect, it } from 'vitest';
import type { PublicConfig } from '../../shared/config/config.ts';
import { FakeWall } from '../testing/fake-wall.ts';

const MINUTE_MS = 60_000;

const withSubs = (config: PublicConfig): PublicConfig => ({
  ...config,
  sites: config.sites.map((site) => ({ ...site, subPath: '{camera}/sub.m3u8' })),
});

/** A wall whose media comes late from both sites while main streams are loaded, as far as its link meter knows. */
async function onThinLink(): Promise<FakeWall> {
  const wall = new FakeWall();
  wall.edit(withSubs);
  wall.linkMeter.isSlow = () => wall.running().some(({ stream }) => stream.quality === 'main');
  wall.start();
  await wall.clock.advance(10_000);
  return wall;
}

const alarmsOf = (wall: FakeWall): string[] =>
  wall.journal.flatMap((entry) => (entry.kind === 'alarm' ? [entry.alarm] : []));

describe('a tile on a thin link', () => {
  it('settles on the sub-stream of its site, says why, and does not load main streams', async () => {
    const wall = await onThinLink();
    expect(wall.engine.snapshot()).toMatchObject({
      site: { id: 'main', quality: 'sub' },
      live: true,
      isHeldToSub: true,
      redundancy: 'ok',
    });
    expect(alarmsOf(wall)).toEqual(['thin-link']);
    const backup = wall.site('backup');
    const before = { asked: backup.asked.length, fetched: backup.fetched.length };
    await wall.clock.advance(MINUTE_MS);
    expect(backup.asked.slice(before.asked).filter(({ pathname }) => !pathname.includes('sub'))).toEqual([]);
    expect(backup.fetched.length - before.fetched).toBe(2);
    wall.stop();
  });

  it('leaves no site because of late media, but still one that refuses connections', async () => {
    const wall = await onThinLink();
    wall.site('main').fault = { kind: 'fails', cause: 'timeout', only: 'media' };
    await wall.clock.advance(3000);
    wall.site('main').fault = { kind: 'none' };
    await wall.clock.advance(3000);
    expect(wall.changes().map(({ to }) => to)).not.toContain('backup/sub');
    expect(wall.engine.snapshot()).toMatchObject({ site: { id: 'main', quality: 'sub' }, live: true });
    wall.site('main').fault = { kind: 'fails', cause: 'refused' };
    await wall.clock.advance(5000);
    expect(wall.changes().at(-1)).toMatchObject({ to: 'backup/sub', cause: 'refused' });
    wall.stop();
  });

  it('returns to its main stream when the link carries it again, and says so', async () => {
    const wall = await onThinLink();
    wall.linkMeter.isSlow = () => false;
    await wall.clock.advance(4 * MINUTE_MS);
    expect(wall.engine.snapshot()).toMatchObject({
      site: { id: 'main', quality: 'main' },
      live: true,
      isHeldToSub: false,
    });
    expect(alarmsOf(wall)).toEqual(['thin-link', 'link-restored']);
    wall.stop();
  });
});
