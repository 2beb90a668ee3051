import { describe, expect, it } from 'vitest';
import { draftFromForm } from './draft-from-form.ts';
import { afterSave, camerasOutside, type Edit, editForm, usesOfSite } from './edit-form.ts';
import type { ConfigForm } from './form.ts';
import { emptyForm, NO_CREDENTIALS } from './form-from-draft.ts';

function edited(form: ConfigForm, ...edits: readonly Edit[]): ConfigForm {
  return edits.reduce(editForm, form);
}

/** Sites `new:1` to `new:3`, cameras `new:4` and `new:5`, view `new:6` with camera `new:4` in its first cell. */
const FORM = edited(
  emptyForm(),
  { kind: 'site-added' },
  { kind: 'site-added' },
  { kind: 'site-added' },
  { kind: 'camera-added' },
  { kind: 'camera-added' },
  { kind: 'view-added' },
  { kind: 'view-cell-edited', key: 'new:6', cell: 0, cameraKey: 'new:4' },
);

describe('sites', () => {
  it.each([
    [0, ['new:3', 'new:1', 'new:2']],
    [1, ['new:1', 'new:3', 'new:2']],
  ])('the third one moves to place %i', (to, expected) => {
    const { sites } = edited(FORM, { kind: 'site-moved', key: 'new:3', to });
    expect(sites.map(({ key }) => key)).toEqual(expected);
  });

  it('lose the paths and the places in orders of a removed site', () => {
    const form = edited(
      FORM,
      { kind: 'camera-path-edited', key: 'new:4', siteKey: 'new:2', change: { main: 'own.m3u8' } },
      { kind: 'camera-edited', key: 'new:4', change: { siteOrder: ['new:2', 'new:1'] } },
      { kind: 'camera-edited', key: 'new:5', change: { siteOrder: ['new:2'] } },
      { kind: 'site-removed', key: 'new:2' },
    );
    expect(form.cameras.map(({ paths, siteOrder }) => ({ paths, siteOrder }))).toEqual([
      { paths: {}, siteOrder: ['new:1'] },
      { paths: {}, siteOrder: null },
    ]);
  });

  it('count the cameras that would have no stream without a site', () => {
    const form = edited(
      FORM,
      { kind: 'site-edited', key: 'new:1', change: { mainPath: '' } },
      { kind: 'site-edited', key: 'new:2', change: { mainPath: '' } },
      { kind: 'camera-path-edited', key: 'new:4', siteKey: 'new:1', change: { main: 'own.m3u8' } },
    );
    expect(usesOfSite(form, 'new:3')).toEqual({ onlyHere: 1, ownPaths: 0 });
    expect(usesOfSite(form, 'new:1')).toEqual({ onlyHere: 0, ownPaths: 1 });
  });
});

describe('cameras', () => {
  it('have an id that follows the name until it is typed', () => {
    const renamed = edited(FORM, { kind: 'camera-edited', key: 'new:4', change: { name: 'Main gate' } });
    expect(renamed.cameras[0]?.id).toBe('main-gate');
    const typed = edited(
      renamed,
      { kind: 'camera-edited', key: 'new:4', change: { id: 'ch07' } },
      { kind: 'camera-edited', key: 'new:4', change: { name: 'Gate' } },
    );
    expect(typed.cameras[0]?.id).toBe('ch07');
  });

  it('keep an id that the host knows, whatever their name is', () => {
    const form = edited(afterSave(FORM), { kind: 'camera-edited', key: 'new:4', change: { name: 'Gate' } });
    expect(form.cameras[0]?.id).toBe('camera-1');
  });

  it('keep their place in a view when their id changes', () => {
    const form = edited(FORM, { kind: 'camera-edited', key: 'new:4', change: { id: 'ch07' } });
    expect(draftFromForm(form).views[0]?.cells[0]).toBe('ch07');
  });

  it('leave the views when they are removed', () => {
    const form = edited(FORM, { kind: 'camera-removed', key: 'new:4' });
    expect(form.views[0]?.cells.every((cell) => cell === null)).toBe(true);
  });

  it('get the number after the highest one', () => {
    const form = edited(
      FORM,
      { kind: 'camera-edited', key: 'new:4', change: { number: '210' } },
      { kind: 'camera-edited', key: 'new:5', change: { number: 'none' } },
      { kind: 'camera-added' },
    );
    expect(form.cameras.at(-1)?.number).toBe('211');
  });
});

describe('views', () => {
  it('are filled with the cameras in the order of their numbers', () => {
    const form = edited(
      FORM,
      { kind: 'camera-edited', key: 'new:4', change: { number: '9' } },
      { kind: 'view-filled', key: 'new:6' },
    );
    expect(draftFromForm(form).views[0]?.cells.slice(0, 3)).toEqual(['camera-2', 'camera-1', null]);
  });

  it('grow only when the cameras do not fit', () => {
    const nine = edited(FORM, { kind: 'view-filled', key: 'new:6' });
    expect(nine.views[0]).toMatchObject({ columns: 3, rows: 3 });
    const added = Array.from({ length: 18 }, (): Edit => ({ kind: 'camera-added' }));
    const twenty = edited(FORM, ...added, { kind: 'view-filled', key: 'new:6' });
    expect(twenty.views[0]).toMatchObject({ columns: 5, rows: 4 });
  });

  it('take only the first 64 cameras', () => {
    const added = Array.from({ length: 70 }, (): Edit => ({ kind: 'camera-added' }));
    const form = edited(FORM, ...added, { kind: 'view-filled', key: 'new:6' });
    expect(draftFromForm(form).views[0]).toMatchObject({ columns: 8, rows: 8 });
    expect(draftFromForm(form).views[0]?.cells.at(-1)).toBe('camera-64');
  });

  it('say how many cameras are outside of a smaller grid', () => {
    const filled = edited(FORM, { kind: 'view-filled', key: 'new:6' });
    const narrow = edited(filled, { kind: 'view-edited', key: 'new:6', change: { columns: 1 } });
    expect(narrow.views.map(camerasOutside)).toEqual([1]);
  });
});

it('after a save the host keeps the secrets', () => {
  const form = edited(FORM, {
    kind: 'site-edited',
    key: 'new:1',
    change: {
      credentials: { ...NO_CREDENTIALS, kind: 'bearer', secret: { kind: 'text', text: 'hunter2' } },
    },
  });
  expect(afterSave(form).sites[0]?.credentials.secret).toEqual({ kind: 'kept' });
});
