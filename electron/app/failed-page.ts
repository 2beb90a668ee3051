import { APP_ORIGIN } from '../../shared/gateway/gateway-contract.ts';

/** The page that replaces one that keeps crashing, until that one is loaded again. */
const FAILED_PATH = '/failed';
/**
 * The target of its only link. Electron's shell follows it, because a page itself may not navigate (confinement.ts).
 */
export const START_AGAIN_URL = `${APP_ORIGIN}/`;

/** A message and one action. The page has no code and loads nothing, so that it shows when nothing else does. */
const page = (when: string): string => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="color-scheme" content="dark">
<title>Holdfast</title>
<style>
  html, body { height: 100%; }
  body { margin: 0; }
  main {
    height: 100%; display: grid; align-content: center; justify-items: center; gap: 12px;
    padding: 24px; box-sizing: border-box; text-align: center;
    background: #0a0c0f; color: #e7eaee; font: 13px/1.4 system-ui, sans-serif;
  }
  h1, p { margin: 0; }
  h1 { font-size: 20px; font-weight: 600; }
  p { max-width: 64ch; color: #9ba5b3; }
  a {
    padding: 6px 12px; border-radius: 6px;
    background: #5aa2ff; color: #0a0c0f; font-weight: 600; text-decoration: none;
  }
  a:focus-visible { outline: 2px solid #e7eaee; outline-offset: 2px; }
</style>
<body>
<main role="alert">
<h1>The pictures cannot be shown</h1>
<p>The page that shows them keeps ending. It is started again by itself ${when}.</p>
<a href="/" autofocus>Start again now</a>
</main>
`;

const HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
};

/**
 * The page's address.
 * @param againAt when the viewer's page is loaded again; shown in local time
 */
export function failedPageUrl(origin: string, againAt: Date): string {
  return `${origin}${FAILED_PATH}?again=${againAt.toLocaleTimeString('en-GB')}`;
}

/** Whether an address is one of {@link failedPageUrl}. */
export function isFailedPage(url: string): boolean {
  return new URL(url).pathname === FAILED_PATH;
}

/** Answers for an address of {@link failedPageUrl}. */
export function serveFailedPage(url: string): Response {
  const asked = new URL(url).searchParams.get('again') ?? '';
  // Any page of this origin can ask for the address, so only a time of day is taken from it.
  const when = /^\d\d:\d\d:\d\d$/.test(asked) ? `at ${asked}` : 'within a minute';
  return new Response(page(when), { headers: HEADERS });
}
