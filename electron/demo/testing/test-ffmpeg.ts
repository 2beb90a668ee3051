import { spawnSync } from 'node:child_process';
import { test } from 'vitest';

const installed = spawnSync('ffmpeg', ['-version']).error === undefined;

/** A test that runs ffmpeg; without ffmpeg it counts as skipped, with the reason. */
export function testWithFfmpeg(name: string, run: () => void | Promise<void>): void {
  test(name, (context) => {
    if (!installed) context.skip('ffmpeg is not installed: apt install ffmpeg');
    return run();
  });
}

/**
 * The output of an ffmpeg tool for `input`.
 * @throws where it prints any warning
 */
export function runQuietly(tool: 'ffmpeg' | 'ffprobe', args: readonly string[], input: Uint8Array): Buffer {
  const { status, stdout, stderr } = spawnSync(tool, ['-v', 'warning', ...args], {
    input,
    maxBuffer: 256_000_000,
  });
  if (status !== 0 || stderr.length > 0)
    throw new Error(`${tool} ended with ${status}: ${stderr.toString()}`);
  return stdout;
}
