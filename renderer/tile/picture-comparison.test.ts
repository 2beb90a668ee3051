import { describe, expect, it } from 'vitest';
import type { FakePicture } from '../testing/fake-site.ts';
import { FakeWall } from '../testing/fake-wall.ts';

const PICTURE_ALARMS = ['frozen', 'black', 'frozen-ended', 'black-ended'];

async function showing(main: FakePicture, backup: FakePicture): Promise<FakeWall> {
  const wall = new FakeWall();
  wall.start();
  await wall.clock.advance(5000);
  wall.site('main').picture = main;
  wall.site('backup').picture = backup;
  return wall;
}

function pictureAlarms(wall: FakeWall): unknown[] {
  return wall.journal.flatMap((entry) =>
    entry.kind === 'alarm' && PICTURE_ALARMS.includes(entry.alarm) ? [[entry.alarm, entry.stream]] : [],
  );
}

/** How long a second player ran in the next `seconds`, s. */
async function secondPlayerS(wall: FakeWall, seconds: number): Promise<number> {
  let running = 0;
  for (let second = 0; second < seconds; second += 1) {
    await wall.clock.advance(1000);
    if (wall.running().length === 2) running += 1;
  }
  return running;
}

describe('PictureComparison', () => {
  it.each(['frozen', 'black'] as const)(
    'reports a shown picture that is %s while the other moves',
    async (fault) => {
      const wall = await showing(fault, 'moving');
      await wall.clock.advance(15_000);
      expect(pictureAlarms(wall)).toEqual([]);
      expect(wall.engine.snapshot().live).toBe(true);
      await wall.clock.advance(10_000);
      expect(pictureAlarms(wall)).toEqual([[fault, 'main/main']]);
      const { words, live, streams } = wall.engine.snapshot();
      const said =
        fault === 'black'
          ? /picture black since \d\d:\d\d:\d\d, Backup’s copy is not$/i
          : /picture frozen since \d\d:\d\d:\d\d, Backup’s copy moves$/i;
      expect(words).toMatch(said);
      expect(live).toBe(false);
      expect(streams[0]?.words).toMatch(said);
      expect(wall.running()).toHaveLength(1);
      wall.stop();
    },
  );

  it('changes over where the camera is configured to, and stays while the picture is frozen', async () => {
    const wall = await showing('frozen', 'moving');
    wall.edit((config) => ({
      ...config,
      cameras: config.cameras.map((camera) => ({ ...camera, onFrozen: 'change-over' })),
    }));
    await wall.clock.advance(120_000);
    expect(wall.changes().map(({ to, cause }) => [to, cause])).toEqual([
      ['main/main', 'start'],
      ['backup/main', 'frozen'],
    ]);
    expect(pictureAlarms(wall)).toEqual([['frozen', 'main/main']]);
    wall.stop();
  });

  it('reports that the picture moves again, once', async () => {
    const wall = await showing('frozen', 'moving');
    await wall.clock.advance(30_000);
    wall.site('main').picture = 'moving';
    await wall.clock.advance(5000);
    expect(pictureAlarms(wall)).toEqual([
      ['frozen', 'main/main'],
      ['frozen-ended', 'main/main'],
    ]);
    expect(wall.engine.snapshot()).toMatchObject({ live: true, words: null });
    wall.stop();
  });

  it('finds a frozen standby in the regular comparison, beside a shown picture that moves', async () => {
    const wall = await showing('moving', 'frozen');
    await wall.clock.advance(280_000);
    expect(pictureAlarms(wall)).toEqual([]);
    await wall.clock.advance(90_000);
    expect(pictureAlarms(wall)).toEqual([['frozen', 'backup/main']]);
    expect(wall.engine.snapshot()).toMatchObject({ site: { id: 'main' }, words: null, live: true });
    wall.stop();
  });

  it('checks a standby again that was found frozen, and reports when it moves', async () => {
    const wall = await showing('moving', 'frozen');
    await wall.clock.advance(370_000);
    wall.site('backup').picture = 'moving';
    await wall.clock.advance(70_000);
    expect(pictureAlarms(wall).at(-1)).toEqual(['frozen-ended', 'main/main']);
    wall.stop();
  });

  it.each<[string, FakePicture, FakePicture]>([
    ['a still scene', 'still', 'still'],
    ['a scene that one encoder skips', 'skipped', 'still'],
    ['a scene that both skip', 'skipped', 'skipped'],
    ['a dark scene', 'black', 'black'],
  ])('reports nothing for %s, and costs little there', async (_words, main, backup) => {
    const wall = await showing(main, backup);
    const playedS = await secondPlayerS(wall, 150);
    expect(pictureAlarms(wall)).toEqual([]);
    expect(wall.engine.snapshot()).toMatchObject({ live: true, words: null });
    // Twice about 25 s, whatever is interrupted by precautions of the fake sites.
    expect(playedS).toBeLessThan(75);
    wall.stop();
  });

  it('takes about a second for the regular comparison of two copies that move', async () => {
    const wall = await showing('moving', 'moving');
    await wall.clock.advance(290_000);
    const before = wall.players.length;
    const playedS = await secondPlayerS(wall, 20);
    expect(wall.players.length).toBeGreaterThan(before);
    expect(playedS).toBeLessThan(4);
    expect(pictureAlarms(wall)).toEqual([]);
    wall.stop();
  });

  it('gives its player up at once for a stream that will be shown', async () => {
    const wall = await showing('skipped', 'still');
    await wall.clock.advance(18_000);
    const [, sampling] = wall.running();
    expect(wall.engine.snapshot().phase).toBe('showing');
    wall.site('main').fault = { kind: 'fails', cause: 'refused' };
    // The fake wall refuses a third player.
    await wall.clock.advance(5000);
    expect(sampling?.disposed).toBe(true);
    expect(wall.engine.snapshot().site?.id).toBe('backup');
    wall.stop();
  });

  it('uses no player while the window is suspended, and does not count that time', async () => {
    const wall = await showing('frozen', 'moving');
    wall.setSuspended(true);
    await wall.clock.advance(60_000);
    expect(wall.players).toHaveLength(1);
    wall.setSuspended(false);
    await wall.clock.advance(15_000);
    expect(pictureAlarms(wall)).toEqual([]);
    wall.stop();
  });

  it('compares nothing where a camera has one site', async () => {
    const wall = new FakeWall({}, ['main']);
    wall.site('main').picture = 'frozen';
    wall.start();
    await wall.clock.advance(120_000);
    expect(wall.players).toHaveLength(1);
    expect(pictureAlarms(wall)).toEqual([]);
    wall.stop();
  });

  it('leaves no player and no timer behind', async () => {
    const wall = await showing('skipped', 'still');
    while (wall.running().length < 2) await wall.clock.advance(250);
    wall.stop();
    await wall.clock.advance(60_000);
    expect(wall.running()).toHaveLength(0);
    expect(wall.clock.pending()).toBe(0);
  });
});
