import { configSchema } from '../../../shared/config/config.ts';
import { openConfigStore } from '../config-store.ts';

/**
 * A process that saves a configuration and is killed, as by a power cut, after the given number of steps of its writes.
 * Arguments: the file, the history's folder, the configuration as JSON, the number of steps.
 */
const [file = '', historyFolder = '', json = '', dieAfter = ''] = process.argv.slice(2);
let steps = 0;
let counting = false;
const opened = await openConfigStore({
  whose: 'own',
  file,
  historyFolder,
  log: (message) => process.stderr.write(`${message}\n`),
  onWriteStep: () => {
    if (!counting) return;
    steps += 1;
    if (steps === Number(dieAfter)) process.kill(process.pid, 'SIGKILL');
  },
});
if (opened.kind !== 'opened') throw new Error(`not opened: ${opened.kind}`);
counting = true;
const saved = await opened.store.save(configSchema.parse(JSON.parse(json)), opened.store.state.revision);
process.stdout.write(saved.kind);
opened.store.dispose();
