import type { Environment } from '../suite-records.ts';

export function sampleEnvironment(changes: Partial<Environment> = {}): Environment {
  return {
    kind: 'environment',
    id: 'env-1',
    commit: '0123456789ab',
    tree: 'clean',
    sources: 'sources',
    harness: 'harness',
    shell: 'electron',
    holdfast: '0.1.0',
    electron: '45.4.1',
    chromium: '156.0.0.0',
    hlsJs: '1.7.4',
    node: '24.21.0',
    machine: { os: 'Linux 6.18 x64', cpu: 'A CPU', cores: 2, memoryGb: 8 },
    ...changes,
  };
}
