import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { digestOf } from '../../../build/steps/built-files.mjs';
import { PROJECT } from '../../support/launch.ts';
import type { Environment } from './records.ts';
import type { ShellKind } from './wall-window.ts';

/** What measures, and what is measured against; the application's own sources have a digest by themselves. */
const HARNESS = ['e2e/bench', 'e2e/rig', 'e2e/support', 'electron/demo'];

/**
 * Tells what the rounds of this run depend on.
 * @param versions of the shell that shows the window
 * @throws where the application was not built by the set-up, or this is no git work tree
 */
export function readEnvironment(
  shell: ShellKind,
  versions: { readonly electron: string | null; readonly chromium: string },
): Environment {
  const [cpu] = os.cpus();
  const same = {
    sources: readFileSync(path.join(PROJECT, 'dist', 'electron', '.sources.sha256'), 'utf8'),
    harness: digestOf(PROJECT, HARNESS),
    shell,
    holdfast: versionOf(path.join(PROJECT, 'package.json')),
    ...versions,
    hlsJs: versionOf(createRequire(import.meta.url).resolve('hls.js/package.json')),
    node: process.versions.node,
    machine: {
      os: `${os.type()} ${os.release()} ${os.arch()}`,
      cpu: cpu?.model ?? 'unknown',
      cores: os.availableParallelism(),
      memoryGb: Math.round(os.totalmem() / 1e8) / 10,
    },
  };
  const id = createHash('sha256').update(JSON.stringify(same)).digest('hex').slice(0, 12);
  const changed = git('status', '--porcelain', '--untracked-files=no') !== '';
  return {
    kind: 'environment',
    id,
    commit: git('rev-parse', 'HEAD').slice(0, 12),
    tree: changed ? 'changed' : 'clean',
    ...same,
  };
}

function git(...args: string[]): string {
  return execFileSync('git', args, { cwd: PROJECT, encoding: 'utf8' }).trim();
}

function versionOf(file: string): string {
  const { version }: { version: string } = JSON.parse(readFileSync(file, 'utf8'));
  return version;
}
