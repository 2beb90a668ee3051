import { createHash } from 'node:crypto';
import path from 'node:path';
import type { ConfigPlace } from './config-store.ts';

/**
 * Where the own configuration is: in the user data folder, or in the file that was given. Its history is always in the
 * user data folder, separately for each file, so that no unexpected files appear beside an admin's file.
 */
export function placeOfConfig(userDataFolder: string, givenFile: string | null): ConfigPlace {
  const historyFolder = path.join(userDataFolder, 'config-history');
  if (givenFile === null)
    return { whose: 'own', file: path.join(userDataFolder, 'config.json'), historyFolder };
  const tag = createHash('sha256').update(givenFile).digest('hex').slice(0, 8);
  return {
    whose: 'given',
    file: givenFile,
    historyFolder: path.join(historyFolder, `${path.parse(givenFile).name}-${tag}`),
  };
}
