import { expect, it } from 'vitest';
import { editForm } from './edit-form.ts';
import { emptyForm } from './form-from-draft.ts';
import { streamAddress, streamPath, templatePath } from './stream-address.ts';

const [SITE] = editForm(emptyForm(), { kind: 'site-added' }).sites;
if (SITE === undefined) throw new Error('a site was added');
const site = SITE;

it('puts the id of the camera into the template, encoded as the host does it, even while it is no valid id', () => {
  const template = { ...site, mainPath: 'live/{camera}/main.m3u8', subPath: 'sub.m3u8?src={camera}' };
  expect(templatePath(template, ' site/gate 1', 'main')).toBe('live/site/gate%201/main.m3u8');
  expect(templatePath(template, 'site/gate 1', 'sub')).toBe('sub.m3u8?src=site%2Fgate%201');
  expect(templatePath(template, '\ud800', 'main')).toBe('live/%EF%BF%BD/main.m3u8');
});

it('prefers the camera’s own path', () => {
  const camera = { id: 'gate', paths: { [site.key]: { main: 'ch07.m3u8', sub: '' } } };
  expect(streamPath(site, camera, 'main')).toBe('ch07.m3u8');
});

it('has no path where the site has no template', () => {
  expect(streamPath(site, { id: 'gate' }, 'sub')).toBeNull();
});

it.each(['https://vms.example.com/live', 'https://vms.example.com/live/'])('stays below %s', (base) => {
  expect(streamAddress(base, '/gate/index.m3u8')).toBe('https://vms.example.com/live/gate/index.m3u8');
});

it('returns no address for a path that is an address itself', () => {
  expect(streamAddress('https://vms/', 'https://vms/gate.m3u8')).toBeNull();
});

it.each(['', 'vms.example.com', 'https://', 'ftp://vms/', 'https://vms/live?src=gate'])(
  'returns no address below %j',
  (base) => {
    expect(streamAddress(base, 'gate.m3u8')).toBeNull();
  },
);
