// @ts-check
import { parseArgs } from 'node:util';
import { SetUpError } from './command.mjs';

/** @typedef {'electron' | 'chromium' | 'whichever'} ShellChoice `whichever`: Electron, else Chromium. */

/**
 * Takes `--shell electron|chromium` out of the user's options: it is for the start, and the shells do not know it.
 *
 * @param {readonly string[]} options
 * @returns {{ shell: ShellChoice, rest: string[] }} The shell of the last `--shell`, and the other options.
 * @throws {SetUpError} When its value is neither of the two.
 */
export function shellChoice(options) {
  /** @type {ShellChoice} */
  let shell = 'whichever';
  const taken = new Set();
  const { tokens } = parseArgs({
    args: [...options],
    options: { shell: { type: 'string' } },
    strict: false,
    tokens: true,
  });
  for (const token of tokens) {
    if (token.kind !== 'option' || token.name !== 'shell') continue;
    const { value, index, inlineValue } = token;
    if (value !== 'electron' && value !== 'chromium')
      throw new SetUpError(
        `--shell needs electron or chromium${value === undefined || value === '' ? '' : `; it was given "${value}"`}`,
      );
    shell = value;
    taken.add(index);
    if (inlineValue !== true) taken.add(index + 1);
  }
  return { shell, rest: options.filter((_, index) => !taken.has(index)) };
}
