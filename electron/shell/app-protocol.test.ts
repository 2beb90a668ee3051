import { expect, test, vi } from 'vitest';
import { createAppProtocol } from './app-protocol.ts';

function protocolWithSpy() {
  const files = vi.fn(async () => new Response('files'));
  const handle = createAppProtocol(files);
  return { ask: async (address: string) => (await handle(new Request(address))).text(), files };
}

test.each(['/', '/assets/main.js', '/assets/../assets/x.js', '/sites/north/cam1/index.m3u8'])(
  '%s is a static file, or nothing',
  async (path) => {
    expect(await protocolWithSpy().ask(`app://holdfast${path}`)).toBe('files');
  },
);

test.each(['app://other/', 'app://holdfast.example/sites/x/', 'app://holdfast:1/'])(
  '%s is another host: nothing is served',
  async (address) => {
    const { ask, files } = protocolWithSpy();
    expect(await ask(address)).toBe('Not found.');
    expect(files).not.toHaveBeenCalled();
  },
);
