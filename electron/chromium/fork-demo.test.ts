import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { FromDemo } from '../demo/demo-protocol.ts';
import { forkDemo } from './fork-demo.ts';

let folder = '';
afterEach(() => rm(folder, { recursive: true, force: true }));

test('the demo finds its folders in its environment, and none of our secrets', async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'holdfast-fork-'));
  const file = path.join(folder, 'prints-its-environment.cjs');
  await writeFile(
    file,
    `process.send({ type: 'failed', reason: Object.keys(process.env).join(' ') }, () => process.disconnect());`,
  );
  process.env.HOLDFAST_TRIAL_TOKEN = 'secret';
  try {
    const child = forkDemo(file);
    const message = await new Promise<FromDemo>((resolve) => child.onMessage(resolve));
    const names = message.type === 'failed' ? message.reason.split(' ') : [];
    expect(names).toContain('PATH');
    expect(names).not.toContain('HOLDFAST_TRIAL_TOKEN');
  } finally {
    delete process.env.HOLDFAST_TRIAL_TOKEN;
  }
});
