// @ts-check
// npm run package: the application as an unpacked directory in release/.
// npm run package -- --linux deb rpm, --win, --mac: packages for a system. The arguments are electron-builder's.
import { endWith, setUp } from './setup.mjs';
import { run, SetUpError, say } from './steps/command.mjs';

try {
  await setUp();
  const wanted = process.argv.slice(2);
  const targets = wanted.length === 0 ? ['--dir'] : wanted;
  const code = await run('electron-builder', [...targets, '--config', 'build/electron-builder.config.mjs']);
  if (code !== 0) throw new SetUpError('electron-builder failed, for the reason above');
  say('packaged into release/');
} catch (error) {
  endWith(error);
}
