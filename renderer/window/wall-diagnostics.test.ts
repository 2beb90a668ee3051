import { expect, test, vi } from 'vitest';
import { FakeWall } from '../testing/fake-wall.ts';
import { WallDiagnostics } from './wall-diagnostics.ts';

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
  expect(wall.diagnostics.take().tiles[0]?.presentedFrames).toBeGreaterThan(40);
  wall.stop();
  expect(wall.diagnostics.take().tiles).toEqual([]);
});

test('a tile that cannot be measured does not prevent the measurement of others', async () => {
  const thrown: (() => void)[] = [];
  vi.stubGlobal('queueMicrotask', (callback: () => void) => thrown.push(callback));
  const wall = new FakeWall();
  wall.start();
  const [tile] = wall.diagnostics.take().tiles;
  if (tile === undefined) throw new Error('the fake wall has a tile');
  const diagnostics = new WallDiagnostics(() => ({ shown: 1, standby: 2, probe: 3 }));
  diagnostics.add(() => {
    throw new Error('this tile failed');
  });
  diagnostics.add(() => tile);
  expect(diagnostics.take().tiles).toEqual([tile]);
  expect(thrown[0]).toThrow('this tile failed');
  wall.stop();
});
