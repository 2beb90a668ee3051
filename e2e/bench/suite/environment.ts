import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { digestOf } from '../../../build/steps/built-files.mjs';
import { PROJECT } from '../../support/launch.ts';
import type { ShellKind } from './shell-versions.ts';
import type { Environment } from './suite-records.ts';

/** The folders of the harness and of the sites that it measures against. The application's sources have another digest. */
const HARNESS = ['e2e/bench', 'e2e/rig', 'e2e/support', 'electron/demo'];

/**
 * Reads what the runs depend on.
 * @param versions those of the shell that shows the window
 * @throws where the application was not built by the set-up
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
  return { kind: 'environment', id, ...readCommit(PROJECT), ...same };
}

/** The commit that is checked out in a folder. A copy without its repository has none, even inside another repository. */
export function readCommit(folder: string): Pick<Environment, 'commit' | 'tree'> {
  const git = (...args: string[]): string =>
    execFileSync('git', args, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  try {
    if (realpathSync(git('rev-parse', '--show-toplevel')) !== realpathSync(folder))
      return { commit: null, tree: 'unknown' };
    return {
      commit: git('rev-parse', 'HEAD').slice(0, 12),
      tree: git('status', '--porcelain', '--untracked-files=no') === '' ? 'clean' : 'changed',
    };
  } catch {
    return { commit: null, tree: 'unknown' };
  }
}

function versionOf(file: string): string {
  const { version }: { version: string } = JSON.parse(readFileSync(file, 'utf8'));
  return version;
}
