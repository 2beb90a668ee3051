import { APP_ORIGIN } from '../shared/gateway-contract.ts';

/** Where the page's one link leads. The host follows it; the page itself may go nowhere. */
export const START_AGAIN_URL = `${APP_ORIGIN}/`;

/**
 * The address of the page that stands in for one that cannot be kept alive: words, and one thing to do. Without code and
 * without anything to load, so that it shows when nothing else does. Colours and sizes are look.md's.
 *
 * @param times how often the page ended within a minute
 */
export function failedPage(times: number): string {
  return `data:text/html;charset=utf-8,${encodeURIComponent(`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
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
<p>The page that shows them ended ${times} times within a minute. It is not loaded again by itself.</p>
<a href="${START_AGAIN_URL}" autofocus>Start again</a>
</main>
`)}`;
}
