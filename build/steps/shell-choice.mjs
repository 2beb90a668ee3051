// @ts-check
import { SetUpError } from './command.mjs';

/** @typedef {'electron' | 'chromium' | 'whichever'} ShellChoice `whichever`: Electron, else Chromium. */

/**
 * Takes `--shell electron|chromium` out of the user's options: it is for the start, the shells do not know it.
 *
 * @param {readonly string[]} options
 * @returns {{ shell: ShellChoice, rest: string[] }} The last one counts.
 * @throws {SetUpError} When its value is none of the two.
 */
export function shellChoice(options) {
  /** @type {ShellChoice} */
  let shell = 'whichever';
  /** @type {string[]} */
  const rest = [];
  const left = [...options];
  for (let option = left.shift(); option !== undefined; option = left.shift()) {
    if (option !== '--shell' && !option.startsWith('--shell=')) {
      rest.push(option);
      continue;
    }
    const value = option === '--shell' ? left.shift() : option.slice('--shell='.length);
    if (value !== 'electron' && value !== 'chromium')
      throw new SetUpError(
        `--shell needs electron or chromium${value === undefined || value === '' ? '' : `; it was given "${value}"`}`,
      );
    shell = value;
  }
  return { shell, rest };
}
