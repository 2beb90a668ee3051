import { expect, test, vi } from 'vitest';
import { createAppProtocol } from './app-protocol.ts';

function protocolWithSpies() {
  const gateway = vi.fn(async () => new Response('gateway'));
  const files = vi.fn(async () => new Response('files'));
  const handle = createAppProtocol({ gateway, files });
  return { ask: async (address: string) => (await handle(new Request(address))).text(), gateway, files };
}

test('paths below /sites/ go to the gateway', async () => {
  expect(await protocolWithSpies().ask('app://holdfast/sites/north/cam1/index.m3u8')).toBe('gateway');
});

test.each(['/', '/assets/main.js', '/sites', '/sitesx/north', '/assets/../assets/x.js'])(
  '%s goes to the static files',
  async (path) => {
    expect(await protocolWithSpies().ask(`app://holdfast${path}`)).toBe('files');
  },
);

test.each(['app://other/', 'app://holdfast.example/sites/x/', 'app://holdfast:1/'])(
  '%s is another host: nobody is asked',
  async (address) => {
    const { ask, gateway, files } = protocolWithSpies();
    expect(await ask(address)).toBe('Not found.');
    expect(gateway).not.toHaveBeenCalled();
    expect(files).not.toHaveBeenCalled();
  },
);
