/**
 * The notice about Chromium's sandbox; `null` when it is on. As root it cannot run; any other user has switched it off.
 * @param userId the process's effective user id; `undefined` where there are none (Windows)
 */
export function sandboxNotice(sandbox: 'on' | 'off', userId: number | undefined): string | null {
  if (sandbox === 'on') return null;
  return userId === 0 ? 'The browser sandbox is off (running as root).' : 'The browser sandbox is off.';
}
