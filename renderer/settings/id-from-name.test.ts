import fc from 'fast-check';
import { expect, it } from 'vitest';
import { configSchema } from '../../shared/config/config.ts';
import { anyText } from '../../shared/testing/any-text.ts';
import { idFromName } from './id-from-name.ts';

const NONE: ReadonlySet<string> = new Set();

it('makes words of letters and digits, joined by hyphens', () => {
  expect(idFromName('Main gate / North', NONE, 'camera')).toBe('main-gate-north');
});

it('keeps the base letter of an accented one', () => {
  expect(idFromName('Tor 3, Süd – Zürich', NONE, 'camera')).toBe('tor-3-sud-zurich');
});

it('falls back where nothing of the name is left', () => {
  expect(idFromName('正門', NONE, 'camera')).toBe('camera');
});

it('numbers an id that is taken', () => {
  expect(idFromName('Gate', new Set(['gate', 'gate-2']), 'camera')).toBe('gate-3');
});

it('is an id that the configuration accepts, whatever the name', () => {
  fc.assert(
    fc.property(anyText({ maxLength: 200 }), fc.boolean(), (name, again) => {
      const first = idFromName(name, NONE, 'camera');
      const id = again ? idFromName(name, new Set([first]), 'camera') : first;
      const config = {
        version: 1,
        sites: [{ id: 'site', name: 'Site', baseUrl: 'http://site/', mainPath: 'x' }],
        cameras: [{ id, number: 1, name: 'Camera' }],
        views: [{ id: 'view', name: 'View', columns: 1, rows: 1, cells: [id] }],
      };
      expect(configSchema.safeParse(config).success).toBe(true);
    }),
  );
});
