import { afterEach, expect, test } from 'vitest';
import type { KeptProcess } from './keeper.ts';
import { startKept } from './kept-process.ts';

const ENVIRONMENT = { PATH: process.env.PATH, NORTH_TOKEN: 'a-secret', LANG: 'C' };
/** Takes its surroundings as the application does, and prints them. */
const PRINTS_SURROUNDINGS = `
  const handedOver = JSON.parse(require('fs').readFileSync(3, 'utf8'));
  console.error(JSON.stringify({ handedOver, own: process.env }));
`;

const started: KeptProcess[] = [];
afterEach(() => {
  for (const { kill } of started.splice(0)) kill();
});

function start(script: string, endsInARow = 0) {
  const kept = startKept(
    { executable: process.execPath, args: ['-e', script], environment: ENVIRONMENT, stderr: 'pipe' },
    endsInARow,
  );
  started.push(kept);
  let said = '';
  kept.child.stderr?.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  return { ...kept, said: () => said };
}

test.skipIf(process.platform === 'win32')(
  'a secret is handed over to the program, and is in no environment that its children inherit',
  async () => {
    const { ended, said } = start(PRINTS_SURROUNDINGS, 2);
    expect(await ended).toEqual({ kind: 'exited', exitCode: 0 });
    const { handedOver, own } = JSON.parse(said());
    expect(handedOver).toEqual(ENVIRONMENT);
    expect(own).toMatchObject({ LANG: 'C', HOLDFAST_KEEPER: '2' });
    expect(JSON.stringify(own)).not.toContain('a-secret');
  },
);

test('a program that ends before it has read what it is handed does not end the keeper', async () => {
  const { ended } = start('process.exit(75)');
  expect(await ended).toEqual({ kind: 'exited', exitCode: 75 });
});

test.skipIf(process.platform === 'win32')('a crash is distinguished from an exit', async () => {
  const killed = start("process.kill(process.pid, 'SIGKILL')");
  expect(await killed.ended).toMatchObject({ kind: 'crashed', how: 'SIGKILL' });
  const crashed = start('process.exit(139)');
  expect(await crashed.ended).toMatchObject({ kind: 'crashed', how: 'code 139', exitCode: 139 });
});

test('a program that does not exist is reported in words', async () => {
  const kept = startKept(
    { executable: '/nowhere/holdfast', args: [], environment: ENVIRONMENT, stderr: 'pipe' },
    0,
  );
  expect(await kept.ended).toMatchObject({ kind: 'not-started', message: expect.stringContaining('ENOENT') });
  kept.kill();
});

test.skipIf(process.platform === 'win32').each([
  ['when it ends', 'process.exit(75)', { kind: 'exited', exitCode: 75 }],
  ['when it is ended', 'setInterval(() => {}, 1000)', { kind: 'crashed', how: 'SIGKILL', exitCode: 1 }],
] as const)('the processes that it has started end with it, %s', async (_words, then, end) => {
  // While the child runs it holds the pipe open, so the pipe ends only after the child.
  const { ended, said, kill } = start(`
    const grandchild = 'process.send("up"); console.error("runs"); setInterval(() => {}, 1000)';
    require('child_process')
      .spawn(process.execPath, ['-e', grandchild], { stdio: [0, 1, 2, 'ipc'] })
      .on('message', () => { ${then} });
  `);
  await expect.poll(said).toContain('runs');
  if (end.kind === 'crashed') kill();
  expect(await ended).toEqual(end);
});
