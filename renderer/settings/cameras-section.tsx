import { memo, type ReactNode, useState } from 'react';
import { CameraFields } from './camera-fields.tsx';
import { cameraName } from './change-summary.ts';
import type { CameraForm, SiteForm } from './form.ts';
import { ItemRow } from './item-row.tsx';
import { SectionPage } from './section-page.tsx';
import { useSettings } from './settings-context.tsx';
import { streamPath } from './stream-address.ts';
import { useAdd } from './use-add.ts';

/** A filter is offered from this many cameras on. */
const FILTER_FROM = 9;

export function CamerasSection(): ReactNode {
  const cameras = useSettings(({ form }) => form.cameras);
  const sites = useSettings(({ form }) => form.sites);
  const open = useSettings((state) => state.open.cameras);
  const add = useAdd();
  const [filter, setFilter] = useState('');
  // An open camera stays in the list, whatever its new name is.
  const shown = cameras.filter((camera) => camera.key === open || matches(camera, filter));
  return (
    <SectionPage
      section="cameras"
      title="Cameras"
      words="A camera is one thing to look at, however many sites have a copy of it. Its id goes into each site’s path; where a site calls it otherwise, it has a path of its own there."
      add={{
        label: 'Add camera',
        run: () => {
          setFilter('');
          add({ kind: 'camera-added' });
        },
      }}
    >
      {cameras.length >= FILTER_FROM && (
        <input
          className="field items-filter"
          type="search"
          placeholder={`Filter ${cameras.length} cameras by number, name or id`}
          aria-label="Filter the cameras"
          value={filter}
          onChange={(event) => setFilter(event.target.value)}
        />
      )}
      {cameras.length === 0 && <p className="section-empty">No camera yet. Add the first one.</p>}
      {cameras.length > 0 && shown.length === 0 && (
        <p className="section-empty">No camera has all of these words.</p>
      )}
      <ul className="items">
        {shown.map((camera) => (
          <CameraRow key={camera.key} camera={camera} sites={sites} />
        ))}
      </ul>
    </SectionPage>
  );
}

/** Memoised, because there can be thousands. */
const CameraRow = memo(function CameraRow({
  camera,
  sites,
}: {
  readonly camera: CameraForm;
  readonly sites: readonly SiteForm[];
}): ReactNode {
  const edit = useSettings((state) => state.edit);
  const at = sites.filter(
    (site) => streamPath(site, camera, 'main') !== null || streamPath(site, camera, 'sub') !== null,
  );
  return (
    <ItemRow
      section="cameras"
      itemKey={camera.key}
      lead={camera.number}
      name={camera.name.trim() === '' ? 'camera without a name' : camera.name}
      detail={sitesWords(at.length, sites.length)}
      removeLabel={`Remove ${cameraName(camera)}`}
      remove={() => edit({ kind: 'camera-removed', key: camera.key })}
    >
      {() => <CameraFields camera={camera} sites={sites} />}
    </ItemRow>
  );
});

/** A camera at every site needs no number. */
function sitesWords(at: number, sites: number): string {
  if (at === sites && sites > 0)
    return ['at the only site', 'at both sites'][sites - 1] ?? `at all ${sites} sites`;
  return at === 0 ? 'at no site' : `at ${at} of ${sites} sites`;
}

/** Whether every word of the filter is in the camera's number, name or id. */
function matches({ number, name, id }: CameraForm, filter: string): boolean {
  const text = `${number} ${name} ${id}`.toLowerCase();
  return filter
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
