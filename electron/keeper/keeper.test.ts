import { describe, expect, test } from 'vitest';
import { VirtualClock } from '../../shared/testing/virtual-clock.ts';
import { EXIT_FAILURE, EXIT_START_AGAIN, EXIT_USAGE } from '../app/exit-codes.ts';
import { KEEPER_PACE, Keeper, type ProcessEnd } from './keeper.ts';

const KILLED: ProcessEnd = { kind: 'crashed', how: 'SIGKILL', exitCode: 1 };
const exited = (exitCode: number): ProcessEnd => ({ kind: 'exited', exitCode });

function keeping(obstacle: () => string | undefined = () => undefined) {
  const clock = new VirtualClock();
  const starts: {
    endsInARow: number;
    end: (end: ProcessEnd) => void;
    signals: string[];
    kills: number;
  }[] = [];
  const said: string[] = [];
  const keeper = new Keeper({
    name: 'The viewer',
    start: (endsInARow) => {
      let end: (end: ProcessEnd) => void = () => {};
      const ended = new Promise<ProcessEnd>((resolve) => {
        end = resolve;
      });
      const started = { endsInARow, end, signals: [] as string[], kills: 0 };
      starts.push(started);
      return {
        ended,
        signal: (signal) => started.signals.push(signal),
        kill: () => {
          started.kills += 1;
          end(KILLED);
        },
      };
    },
    obstacle,
    log: (words) => said.push(words),
    clock,
  });
  const outcome = keeper.run();
  const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  const latest = () => starts.at(-1) ?? expect.fail('nothing was started');
  return {
    keeper,
    clock,
    starts,
    said,
    outcome,
    settle,
    latest,
    end: async (how: ProcessEnd): Promise<void> => {
      latest().end(how);
      await settle();
    },
    pass: async (ms: number): Promise<void> => {
      clock.tick(ms);
      await settle();
    },
  };
}

test('an end by its own SIGTERM counts as wanted: a file that never answers stopped it from ending in order', async () => {
  const { starts, outcome, end } = keeping();
  await end({ kind: 'crashed', how: 'SIGTERM', exitCode: 1 });
  expect(await outcome).toBe(0);
  expect(starts).toHaveLength(1);
});

describe('a process that ends unexpectedly', () => {
  test('is started again, immediately the first time, then after longer and longer waits, without a limit', async () => {
    const { starts, said, end, pass } = keeping();
    const waits = [0, 1, 2, 4, 8, 16, 32, 60, 60].map((seconds) => seconds * 1000);
    for (const [index, waitMs] of waits.entries()) {
      await end(KILLED);
      if (waitMs > 0) await pass(waitMs - 1);
      expect(starts, `before wait ${index} is over`).toHaveLength(index + 1);
      await pass(1);
      expect(starts, `after wait ${index}`).toHaveLength(index + 2);
    }
    for (let times = 0; times < 500; times += 1) {
      await end(KILLED);
      await pass(KEEPER_PACE.longestWaitMs);
    }
    expect(starts).toHaveLength(1 + waits.length + 500);
    expect(said.slice(0, 4)).toEqual([
      'The viewer crashed (SIGKILL)',
      'Holdfast ended unexpectedly; starting it again',
      'The viewer crashed (SIGKILL)',
      'Holdfast ended unexpectedly; starting it again in 1 s',
    ]);
  });

  test('gets the number of its ends in a row; a long run is not followed by a wait', async () => {
    const { starts, end, pass } = keeping();
    for (let times = 0; times < 4; times += 1) {
      await end(KILLED);
      await pass(KEEPER_PACE.longestWaitMs);
    }
    expect(starts.map(({ endsInARow }) => endsInARow)).toEqual([0, 1, 2, 3, 4]);
    await pass(KEEPER_PACE.settledMs);
    await end(KILLED);
    await pass(0);
    expect(starts).toHaveLength(6);
    expect(starts.at(-1)?.endsInARow).toBe(1);
  });

  test('is started again when it asks for that, and when a later start fails with a message', async () => {
    const { starts, end, pass } = keeping();
    for (const exitCode of [EXIT_START_AGAIN, EXIT_FAILURE, EXIT_USAGE, EXIT_START_AGAIN]) {
      await end(exited(exitCode));
      await pass(KEEPER_PACE.longestWaitMs);
    }
    await end({ kind: 'not-started', message: 'spawn ENOMEM' });
    await pass(KEEPER_PACE.longestWaitMs);
    expect(starts).toHaveLength(6);
  });

  test('leaves none of its children behind for the next one', async () => {
    const { starts, end, pass } = keeping();
    await end(KILLED);
    await pass(0);
    expect(starts.map(({ kills }) => kills)).toEqual([1, 0]);
  });
});

describe('the keeper ends', () => {
  test.each([EXIT_FAILURE, EXIT_USAGE])(
    'when the first start fails with a message, code %i',
    async (exitCode) => {
      const { starts, outcome, end } = keeping();
      await end(exited(exitCode));
      expect(await outcome).toBe(exitCode);
      expect(starts).toHaveLength(1);
    },
  );

  test('when the program cannot be started at the first start', async () => {
    const { outcome, said, end } = keeping();
    await end({ kind: 'not-started', message: 'spawn ENOENT' });
    expect(await outcome).toBe(EXIT_FAILURE);
    expect(said).toEqual(['The viewer cannot be started: spawn ENOENT']);
  });

  test('when the first start meets an obstacle, which the message names', async () => {
    const { outcome, said, end } = keeping(() => 'allow the sandbox');
    await end({ kind: 'crashed', how: 'SIGTRAP', exitCode: 1 });
    expect(await outcome).toBe(1);
    expect(said).toContain('allow the sandbox');
  });

  test('but not at a later obstacle, which may pass', async () => {
    const found: { obstacle?: string } = {};
    const { starts, said, end, pass } = keeping(() => found.obstacle);
    await end(KILLED);
    await pass(0);
    found.obstacle = 'no display';
    await end(exited(EXIT_FAILURE));
    await pass(KEEPER_PACE.longestWaitMs);
    expect(said).toContain('no display');
    expect(starts).toHaveLength(3);
  });

  test('after an exit with code 0, at any time', async () => {
    const { starts, outcome, end, pass } = keeping();
    await end(KILLED);
    await pass(0);
    await end(exited(0));
    expect(await outcome).toBe(0);
    expect(starts).toHaveLength(2);
  });
});

describe('a signal', () => {
  test('is passed on, and the end that follows is final', async () => {
    const { keeper, outcome, starts, latest, end } = keeping();
    keeper.end('SIGTERM');
    expect(latest().signals).toEqual(['SIGTERM']);
    await end(exited(0));
    expect(await outcome).toBe(0);
    expect(starts).toHaveLength(1);
  });

  test('kills what does not end by itself within 10 s', async () => {
    const { keeper, outcome, latest, pass } = keeping();
    keeper.end('SIGINT');
    await pass(9999);
    expect(latest().kills).toBe(0);
    await pass(1);
    expect(await outcome).toBe(1);
  });

  test('that repeats within a second is the same one; one after that means an immediate end', async () => {
    const { keeper, latest, pass } = keeping();
    keeper.end('SIGINT');
    await pass(1000);
    keeper.end('SIGINT');
    expect(latest()).toMatchObject({ signals: ['SIGINT'], kills: 0 });
    await pass(1);
    keeper.end('SIGINT');
    expect(latest().kills).toBe(1);
  });

  test('ends the keeper immediately while it waits for the next start', async () => {
    const { keeper, outcome, starts, end, pass } = keeping();
    for (let times = 0; times < 2; times += 1) {
      await end(KILLED);
      if (times === 0) await pass(0);
    }
    keeper.end('SIGTERM');
    expect(await outcome).toBe(0);
    expect(starts).toHaveLength(2);
  });
});
