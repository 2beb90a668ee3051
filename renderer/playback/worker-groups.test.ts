import { expect, it } from 'vitest';
import { WorkerGroups } from './worker-groups.ts';

function joined(groups: WorkerGroups, players: number) {
  return Array.from({ length: players }, () => groups.join());
}

it('gives eight players one worker, and the next ones another', () => {
  const paths = joined(new WorkerGroups('/assets/worker.js'), 17).map(({ workerPath }) => workerPath);
  expect(new Set(paths.slice(0, 8))).toEqual(new Set(['/assets/worker.js#0']));
  expect(new Set(paths.slice(8, 16))).toEqual(new Set(['/assets/worker.js#1']));
  expect(paths[16]).toBe('/assets/worker.js#2');
});

it('fills a worker again that players have left', () => {
  const groups = new WorkerGroups('/assets/worker.js');
  const [first] = joined(groups, 16);
  first?.leave();
  first?.leave();
  expect(joined(groups, 2).map(({ workerPath }) => workerPath)).toEqual([
    '/assets/worker.js#0',
    '/assets/worker.js#2',
  ]);
});
