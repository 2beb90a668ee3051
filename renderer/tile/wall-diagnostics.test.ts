import { expect, test } from 'vitest';
import { FakeWall } from '../testing/fake-wall.ts';

test('a playing tile is measured, and one that was stopped is not', async () => {
  const wall = new FakeWall();
  wall.start();
  await wall.clock.advance(5000);
  expect(wall.diagnostics.take().tiles).toMatchObject([
    {
      tile: 1,
      camera: 'gate',
      shown: 'main/main',
      phase: 'showing',
      behindLiveMs: 2000,
      droppedFrames: 0,
      players: 1,
    },
  ]);
  expect(wall.diagnostics.take().tiles[0]?.frames).toBeGreaterThan(40);
  wall.stop();
  expect(wall.diagnostics.take().tiles).toEqual([]);
});
