import { build, type Rolldown } from 'vite';
import { expect, it } from 'vitest';
import { bundledPackages } from './bundled-packages.mjs';

async function listOf(input: string): Promise<string> {
  const built = (await build({
    configFile: false,
    publicDir: false,
    logLevel: 'silent',
    plugins: [bundledPackages()],
    build: { ssr: true, write: false, rolldownOptions: { input } },
    ssr: { noExternal: true },
  })) as Rolldown.RolldownOutput;
  const list = built.output.find(({ fileName }) => fileName === 'bundled-packages.json');
  return list?.type === 'asset' ? String(list.source) : '';
}

it('the list of bundled packages has each of them, with version, licence and address, and nothing that differs from build to build', async () => {
  const list = await listOf('tough-cookie');
  const { bomFormat, specVersion, serialNumber, metadata, components } = JSON.parse(list);
  expect({ bomFormat, specVersion, serialNumber }).toEqual({ bomFormat: 'CycloneDX', specVersion: '1.6' });
  expect(metadata?.timestamp).toBeUndefined();
  const names = (components as { name: string }[]).map(({ name }) => name).sort();
  expect(names).toEqual(['tldts', 'tldts-core', 'tough-cookie']);
  expect(components).toContainEqual(
    expect.objectContaining({
      version: expect.stringMatching(/^\d+\.\d+\.\d+$/),
      licenses: [{ license: expect.objectContaining({ id: 'BSD-3-Clause' }) }],
      purl: expect.stringMatching(/^pkg:npm\/tough-cookie@/),
    }),
  );
  expect(list).not.toContain(process.cwd());
  expect(await listOf('tough-cookie')).toBe(list);
});
