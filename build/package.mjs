// @ts-check
// npm run package: the application as an unpacked directory in release/.
import { endWith, setUp } from './setup.mjs';
import { run, SetUpError, say } from './steps/command.mjs';

try {
  await setUp();
  const code = await run('electron-builder', ['--dir', '--config', 'build/electron-builder.config.mjs']);
  if (code !== 0) throw new SetUpError('electron-builder failed, for the reason above');
  say('packaged into release/');
} catch (error) {
  endWith(error);
}
