import {
  type CameraForm,
  type ConfigForm,
  type CredentialsForm,
  cellAt,
  cellsOf,
  LARGEST_SIDE,
  type PathsForm,
  type PoliciesForm,
  type SecretForm,
  type SiteForm,
  type ViewForm,
} from './form.ts';
import { NO_CREDENTIALS } from './form-from-draft.ts';
import { idFromName } from './id-from-name.ts';
import { formOf } from './setting.ts';
import { SITE_SETTINGS } from './site-settings.ts';

export type Edit =
  | { readonly kind: 'site-added' }
  | {
      readonly kind: 'site-edited';
      readonly key: string;
      readonly change: Partial<Omit<SiteForm, 'key' | 'idOrigin'>>;
    }
  | { readonly kind: 'site-moved'; readonly key: string; readonly to: number }
  | { readonly kind: 'site-removed'; readonly key: string }
  | { readonly kind: 'camera-added' }
  | {
      readonly kind: 'camera-edited';
      readonly key: string;
      readonly change: Partial<Omit<CameraForm, 'key' | 'idOrigin' | 'paths'>>;
    }
  | {
      readonly kind: 'camera-path-edited';
      readonly key: string;
      readonly siteKey: string;
      readonly change: Partial<PathsForm>;
    }
  | { readonly kind: 'camera-removed'; readonly key: string }
  | { readonly kind: 'view-added' }
  | {
      readonly kind: 'view-edited';
      readonly key: string;
      readonly change: Partial<Pick<ViewForm, 'name' | 'columns' | 'rows'>>;
    }
  | {
      readonly kind: 'view-cell-edited';
      readonly key: string;
      readonly cell: number;
      readonly cameraKey: string | null;
    }
  | { readonly kind: 'view-filled'; readonly key: string }
  | { readonly kind: 'view-removed'; readonly key: string }
  | { readonly kind: 'policies-edited'; readonly change: Partial<PoliciesForm> };

/** The path of a camera's stream at most VMS: the initial value of a new site. */
const USUAL_PATH = '{camera}/index.m3u8';

/** Applies one edit to the form. References to a removed item are removed too, and a made id follows its name. */
export function editForm(form: ConfigForm, edit: Edit): ConfigForm {
  switch (edit.kind) {
    case 'site-added': {
      const name = `Site ${form.sites.length + 1}`;
      return addTo(form, 'sites', (key) => ({
        key,
        id: idFromName(name, idsOf(form.sites), 'site'),
        idOrigin: 'made',
        ...formOf(SITE_SETTINGS, { name, baseUrl: '', mainPath: USUAL_PATH }),
        credentials: NO_CREDENTIALS,
        furtherAddresses: [],
      }));
    }
    case 'site-edited':
      return {
        ...form,
        sites: editOne(form.sites, edit.key, (site) => named(site, edit.change, form.sites, 'site')),
      };
    case 'site-moved':
      return { ...form, sites: moved(form.sites, edit.key, edit.to) };
    case 'site-removed':
      return {
        ...form,
        sites: without(form.sites, edit.key),
        cameras: form.cameras.map((camera) => forgetSite(camera, edit.key)),
      };
    case 'camera-added': {
      const number = nextNumber(form.cameras);
      const name = `Camera ${number}`;
      return addTo(form, 'cameras', (key) => ({
        key,
        id: idFromName(name, idsOf(form.cameras), 'camera'),
        idOrigin: 'made',
        number: String(number),
        name,
        paths: {},
        siteOrder: null,
        onFrozen: 'alarm',
      }));
    }
    case 'camera-edited':
      return {
        ...form,
        cameras: editOne(form.cameras, edit.key, (camera) =>
          named(camera, edit.change, form.cameras, 'camera'),
        ),
      };
    case 'camera-path-edited':
      return {
        ...form,
        cameras: editOne(form.cameras, edit.key, (camera) => ({
          ...camera,
          paths: {
            ...camera.paths,
            [edit.siteKey]: { main: '', sub: '', ...camera.paths[edit.siteKey], ...edit.change },
          },
        })),
      };
    case 'camera-removed':
      return {
        ...form,
        cameras: without(form.cameras, edit.key),
        views: form.views.map((view) =>
          view.cells.includes(edit.key)
            ? { ...view, cells: view.cells.map((key) => (key === edit.key ? null : key)) }
            : view,
        ),
      };
    case 'view-added': {
      const name = `View ${form.views.length + 1}`;
      return addTo(form, 'views', (key) => ({
        key,
        id: idFromName(name, idsOf(form.views), 'view'),
        name,
        columns: 3,
        rows: 3,
        cells: NO_CELLS,
      }));
    }
    case 'view-edited':
      return {
        ...form,
        views: editOne(form.views, edit.key, (view) => ({ ...view, ...edit.change })),
      };
    case 'view-cell-edited':
      return {
        ...form,
        views: editOne(form.views, edit.key, (view) => ({
          ...view,
          cells: view.cells.with(edit.cell, edit.cameraKey),
        })),
      };
    case 'view-filled':
      return { ...form, views: editOne(form.views, edit.key, (view) => filled(view, form.cameras)) };
    case 'view-removed':
      return { ...form, views: without(form.views, edit.key) };
    case 'policies-edited':
      return { ...form, policies: { ...form.policies, ...edit.change } };
  }
}

/** The form as the host has it after a save: names without spaces around them, fixed ids, kept secrets. */
export function afterSave(form: ConfigForm): ConfigForm {
  return {
    ...form,
    sites: form.sites.map((site) => ({
      ...site,
      name: site.name.trim(),
      idOrigin: 'fixed',
      credentials: {
        ...site.credentials,
        secret: keptAfterSave(site.credentials),
      },
    })),
    cameras: form.cameras.map((camera) => ({ ...camera, name: camera.name.trim(), idOrigin: 'fixed' })),
    views: form.views.map((view) => ({ ...view, name: view.name.trim() })),
  };
}

/** A typed secret is not kept in the form; the name of an environment variable is no secret. */
function keptAfterSave({ kind, secret }: CredentialsForm): SecretForm {
  return kind !== 'none' && secret.kind === 'text' ? { kind: 'kept' } : secret;
}

const NO_CELLS: readonly null[] = Array.from({ length: LARGEST_SIDE ** 2 }, () => null);

type Lists = Pick<ConfigForm, 'sites' | 'cameras' | 'views'>;

function addTo<L extends keyof Lists>(
  form: ConfigForm,
  list: L,
  make: (key: string) => Lists[L][number],
): ConfigForm {
  const keysGiven = form.keysGiven + 1;
  return { ...form, keysGiven, [list]: [...form[list], make(`new:${keysGiven}`)] };
}

function editOne<T extends { readonly key: string }>(
  items: readonly T[],
  key: string,
  edit: (item: T) => T,
): T[] {
  return items.map((item) => (item.key === key ? edit(item) : item));
}

function without<T extends { readonly key: string }>(items: readonly T[], key: string): T[] {
  return items.filter((item) => item.key !== key);
}

/** Moves one of the items to the place `to`, counted in the new list. */
export function moved<T extends { readonly key: string }>(items: readonly T[], key: string, to: number): T[] {
  const item = items.find((candidate) => candidate.key === key);
  if (item === undefined) return [...items];
  return without(items, key).toSpliced(to, 0, item);
}

type Named = Pick<SiteForm, 'key' | 'id' | 'idOrigin' | 'name'>;

function named<T extends Named>(
  item: T,
  change: Partial<Omit<T, 'key' | 'idOrigin'>>,
  all: readonly Named[],
  fallback: string,
): T {
  const changed = { ...item, ...change };
  if (change.id !== undefined) return { ...changed, idOrigin: 'typed' };
  if (item.idOrigin !== 'made') return changed;
  return { ...changed, id: idFromName(changed.name, idsOf(without(all, item.key)), fallback) };
}

function idsOf(items: readonly { readonly id: string }[]): Set<string> {
  return new Set(items.map(({ id }) => id));
}

function nextNumber(cameras: readonly CameraForm[]): number {
  const numbers = cameras.map(({ number }) => Number(number)).filter(Number.isInteger);
  return Math.max(0, ...numbers) + 1;
}

function forgetSite(camera: CameraForm, siteKey: string): CameraForm {
  const { [siteKey]: _removed, ...paths } = camera.paths;
  const siteOrder = camera.siteOrder?.filter((key) => key !== siteKey) ?? null;
  return { ...camera, paths, siteOrder: siteOrder?.length === 0 ? null : siteOrder };
}

/** All cameras by number, in a grid that is enlarged where they do not fit. */
function filled(view: ViewForm, cameras: readonly CameraForm[]): ViewForm {
  const ordered = cameras.toSorted((a, b) => Number(a.number) - Number(b.number)).map(({ key }) => key);
  const grid = ordered.length <= view.columns * view.rows ? view : gridFor(ordered.length);
  const cells: (string | null)[] = [...NO_CELLS];
  cellsOf(grid).forEach((cell, index) => {
    cells[cell] = ordered[index] ?? null;
  });
  return { ...view, columns: grid.columns, rows: grid.rows, cells };
}

function gridFor(cameras: number): { columns: number; rows: number } {
  const columns = Math.min(LARGEST_SIDE, Math.ceil(Math.sqrt(cameras)));
  return { columns, rows: Math.min(LARGEST_SIDE, Math.ceil(cameras / columns)) };
}

/** How many cameras of the view are outside of its grid, and so are removed from it by the next Apply. */
export function camerasOutside(view: ViewForm): number {
  const inside = new Set(cellsOf(view));
  return view.cells.filter((key, cell) => key !== null && !inside.has(cell)).length;
}

/** What the removal of a site affects: cameras with a copy only there, and cameras with paths of their own there. */
export function usesOfSite(form: ConfigForm, siteKey: string): { onlyHere: number; ownPaths: number } {
  const others = form.sites.filter(({ key }) => key !== siteKey);
  const hasStream = (camera: CameraForm, site: SiteForm): boolean => {
    const own = camera.paths[site.key];
    return [own?.main, own?.sub, site.mainPath, site.subPath].some(
      (path) => path !== undefined && path.trim() !== '',
    );
  };
  const site = form.sites.find(({ key }) => key === siteKey);
  if (site === undefined) return { onlyHere: 0, ownPaths: 0 };
  return {
    onlyHere: form.cameras.filter(
      (camera) => hasStream(camera, site) && !others.some((other) => hasStream(camera, other)),
    ).length,
    ownPaths: form.cameras.filter(({ paths }) => {
      const own = paths[siteKey];
      return own !== undefined && (own.main.trim() !== '' || own.sub.trim() !== '');
    }).length,
  };
}

/** The camera's place in the view in words; `null` where it has none. */
export function placeIn(view: ViewForm, cameraKey: string): string | null {
  for (let row = 0; row < view.rows; row += 1)
    for (let column = 0; column < view.columns; column += 1)
      if (view.cells[cellAt(row, column)] === cameraKey) return `row ${row + 1}, column ${column + 1}`;
  return null;
}
