import { APP_ORIGIN } from '../shared/gateway-contract.ts';

/** The page that stands in for one that cannot be kept alive. */
export const FAILED_PAGE_URL = `${APP_ORIGIN}/failed`;
/** Where its one link leads. The host follows it: a page itself goes nowhere (confinement.ts). */
export const START_AGAIN_URL = `${APP_ORIGIN}/`;

/** Words and one thing to do. Without code or anything to load, so that it shows when nothing else does; as look.md says. */
const PAGE = `<!doctype html>
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
<p>The page that shows them ended several times within a minute and is not started by itself any more.</p>
<a href="/" autofocus>Start again</a>
</main>
`;

const HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
};

/** Answers for {@link FAILED_PAGE_URL}. */
export function serveFailedPage(): Response {
  return new Response(PAGE, { headers: HEADERS });
}
