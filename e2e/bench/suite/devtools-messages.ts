import { z } from 'zod';

const evaluatedSchema = z.object({
  result: z.object({ value: z.unknown().optional() }),
  exceptionDetails: z
    .object({ text: z.string(), exception: z.object({ description: z.string().optional() }).optional() })
    .optional(),
});

/**
 * The value in the result of `Runtime.evaluate` or `Runtime.callFunctionOn`, which were called with `returnByValue`.
 * @throws an error with the message of what the code threw
 */
export function evaluatedValue(result: unknown): unknown {
  const { result: evaluated, exceptionDetails } = evaluatedSchema.parse(result);
  if (exceptionDetails === undefined) return evaluated.value;
  throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
}

/**
 * The expression that calls a function with an argument.
 * @param argument a JSON value, or `undefined` for none
 */
export function callOf(call: string, argument: unknown): string {
  return `(${call})(${argument === undefined ? '' : JSON.stringify(argument)})`;
}

/** The port in Chromium's `DevToolsActivePort`; `null` while the file is incomplete. */
export function portOf(activePort: string): number | null {
  const port = /^(\d+)\n\/devtools\//.exec(activePort)?.[1];
  return port === undefined ? null : Number(port);
}

/** The address at which Node's inspector listens, from its line on stderr; `null` while there is no such line. */
export function inspectorAddress(stderr: string): string | null {
  return /^Debugger listening on (ws:\S+)\r?\n/m.exec(stderr)?.[1] ?? null;
}

const targetsSchema = z.array(
  z.object({ type: z.string(), url: z.string(), webSocketDebuggerUrl: z.string().optional() }),
);

/**
 * The DevTools address of the first page whose own address begins with `urlPrefix`.
 * @param targets the answer to `/json/list`
 * @returns `null` where there is none yet
 */
export function pageSocketOf(targets: unknown, urlPrefix: string): string | null {
  const page = targetsSchema
    .parse(targets)
    .find(({ type, url }) => type === 'page' && url.startsWith(urlPrefix));
  return page?.webSocketDebuggerUrl ?? null;
}
