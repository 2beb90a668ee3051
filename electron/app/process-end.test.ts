import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, it } from 'vitest';

const run = promisify(execFile);

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'holdfast-end-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Runs a process that ends itself while it opens a file. The process is killed if it does not end. */
function endWhileOpening(file: string, force = 'SIGTERM'): Promise<unknown> {
  const code = `
    import { open } from 'node:fs/promises';
    import { endProcess } from ${JSON.stringify(new URL('process-end.ts', import.meta.url).href)};
    process.on('SIGTERM', () => process.stdout.write('told'));
    void open(${JSON.stringify(file)}).catch(() => {});
    await endProcess(() => process.exit(7), ${JSON.stringify(force)});`;
  return run(process.execPath, ['--input-type=module', '-e', code], {
    timeout: 20_000,
    killSignal: 'SIGABRT',
  });
}

it('a process without pending work ends in order', async () => {
  await expect(endWhileOpening(path.join(folder, 'none'))).rejects.toMatchObject({ code: 7, signal: null });
});

// Opening a pipe waits for its writer, as opening a file waits for a hanging share.
it.skipIf(process.platform === 'win32').each(['SIGTERM', 'SIGKILL'])(
  'one with a file that never opens ends by %s, without a message (not on Windows, which has no such pipes)',
  async (force) => {
    const pipe = path.join(folder, 'pipe');
    await run('mkfifo', [pipe]);
    await expect(endWhileOpening(pipe, force)).rejects.toMatchObject({ signal: force, stdout: '' });
  },
);
