import { describe, expect, test } from 'vitest';
import { coresByKind, kindOfProcess, parseMemoryMb, sumOf } from './process-tree.ts';

describe('kindOfProcess', () => {
  test.each([
    ['/opt/electron\0--type=renderer\0--lang=en', 'child', 'renderer'],
    ['/opt/electron --type=gpu-process --no-sandbox', 'child', 'gpu'],
    ['/opt/electron\0--type=utility\0', 'child', 'utility'],
    ['/opt/electron\0--type=zygote\0', 'child', 'other'],
    ['/opt/electron\0/work\0--config\0a--type=renderer.json', 'root', 'main'],
    ['/usr/bin/helper\0', 'child', 'other'],
  ] as const)('%j as %s is %s', (commandLine, place, kind) => {
    expect(kindOfProcess(commandLine, place)).toBe(kind);
  });
});

describe('parseMemoryMb', () => {
  test('reads the proportional size, not its parts', () => {
    const rollup = 'Rss:               30000 kB\nPss:               10000 kB\nPss_Anon:            500 kB\n';
    expect(parseMemoryMb(rollup, ['Pss'])).toBe(10.24);
  });

  test('adds fields up', () => {
    const rollup = 'Pss_Anon:            500 kB\nPss_File:           9000 kB\nPss_Shmem:           500 kB\n';
    expect(parseMemoryMb(rollup, ['Pss_Anon', 'Pss_Shmem'])).toBe(1.024);
  });

  test('tells that one is not there, as of a process that forbids it, or an older system', () => {
    expect(parseMemoryMb('', ['Pss'])).toBeNull();
    expect(parseMemoryMb('Pss_Anon:            500 kB\n', ['Pss_Anon', 'Pss_Shmem'])).toBeNull();
  });
});

test('CPU time between two readings counts by kind; a new process from its start', () => {
  const cores = coresByKind(
    [
      { pid: 1, kind: 'main', cpuS: 10 },
      { pid: 2, kind: 'renderer', cpuS: 5 },
      { pid: 3, kind: 'utility', cpuS: 50 },
    ],
    [
      { pid: 1, kind: 'main', cpuS: 11 },
      { pid: 2, kind: 'renderer', cpuS: 8 },
      { pid: 4, kind: 'renderer', cpuS: 1 },
    ],
    2,
  );
  expect(cores).toEqual({ main: 0.5, renderer: 2, gpu: 0, utility: 0, other: 0 });
  expect(sumOf(cores)).toBe(2.5);
});
