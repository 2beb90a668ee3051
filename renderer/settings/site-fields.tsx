import type { ReactNode } from 'react';
import { cameraName } from './change-summary.ts';
import { CredentialsFields } from './credentials-fields.tsx';
import { SwitchField, TextField } from './field.tsx';
import { fieldId } from './field-of-path.ts';
import type { CameraForm, SiteForm } from './form.ts';
import { useSettings } from './settings-context.tsx';
import { streamAddress, templatePath } from './stream-address.ts';

interface Props {
  readonly site: SiteForm;
  /** Whose address is shown as an example. */
  readonly exampleCamera: CameraForm | undefined;
}

export function SiteFields({ site, exampleCamera }: Props): ReactNode {
  const edit = useSettings((state) => state.edit);
  const id = (name: string): string => fieldId('sites', site.key, name);
  const change = (changed: Partial<Omit<SiteForm, 'key' | 'idOrigin'>>): void =>
    edit({ kind: 'site-edited', key: site.key, change: changed });
  return (
    <>
      <TextField
        field={id('name')}
        label="Name"
        hint="Operators see it in each tile’s badge."
        value={site.name}
        onChange={(name) => change({ name })}
      />
      <TextField
        field={id('baseUrl')}
        label="Address"
        hint="Where the site serves HLS. Holdfast asks for nothing outside of it."
        look="address"
        placeholder="https://vms.example.com/live/"
        value={site.baseUrl}
        onChange={(baseUrl) => change({ baseUrl })}
      />
      <TextField
        field={id('mainPath')}
        label="Path of a camera’s playlist"
        hint={<Example site={site} quality="main" camera={exampleCamera} />}
        look="address"
        placeholder="{camera}/index.m3u8"
        value={site.mainPath}
        onChange={(mainPath) => change({ mainPath })}
      />
      <TextField
        field={id('subPath')}
        label="Path of the small picture, for small tiles"
        hint={<Example site={site} quality="sub" camera={exampleCamera} />}
        look="address"
        placeholder="none"
        value={site.subPath}
        onChange={(subPath) => change({ subPath })}
      />
      <CredentialsFields
        siteKey={site.key}
        credentials={site.credentials}
        change={(credentials) => change({ credentials })}
      />
      <SwitchField
        field={id('maintenance')}
        label="In maintenance"
        hint="Ranks last: tiles leave this site one after the other, where another one is alive, and return when it is switched off again."
        checked={site.maintenance}
        onChange={(maintenance) => change({ maintenance })}
      />
      <h4 className="form-group">Rarely needed</h4>
      <TextField
        field={id('tlsPin')}
        label="Certificate fingerprint (SHA-256)"
        hint="For a certificate that no authority has signed: only this one is trusted then. 64 hex digits."
        look="address"
        placeholder="none: authorities are trusted"
        value={site.tlsPin}
        onChange={(tlsPin) => change({ tlsPin })}
      />
      <TextField
        field={id('watchInterval')}
        label="Ask for playlists every"
        hint="Only where watching costs the site something, because it starts streams on demand. 0.25 to 60 s; a longer interval notices a fault later. Left empty, each stream’s own pace is followed."
        unit="s"
        value={site.watchInterval}
        onChange={(watchInterval) => change({ watchInterval })}
      />
      <TextField
        field={id('hotStandbyLimit')}
        label="Most standbys that play from it at once"
        hint="Where the site, or the way to it, can only serve so many: standbys beyond that are probed only. Left empty, this workstation’s load decides."
        look="short"
        value={site.hotStandbyLimit}
        onChange={(hotStandbyLimit) => change({ hotStandbyLimit })}
      />
      <TextField
        field={id('id')}
        label="Id"
        hint={
          site.idOrigin === 'fixed'
            ? 'The journal and the configuration name the site by it, so it stays.'
            : 'Made from the name. The journal and the configuration name the site by it; it stays after Apply.'
        }
        look="address"
        locked={site.idOrigin === 'fixed'}
        value={site.id}
        onChange={(typed) => change({ id: typed })}
      />
    </>
  );
}

interface ExampleProps {
  readonly site: SiteForm;
  readonly quality: 'main' | 'sub';
  readonly camera: CameraForm | undefined;
}

/** The address that a template comes to, as it is typed. */
function Example({ site, quality, camera }: ExampleProps): ReactNode {
  const path = templatePath(site, camera?.id ?? 'gate-1', quality);
  if (path === null)
    return quality === 'main'
      ? '{camera} stands for the camera’s id. Left empty, each camera needs a path of its own.'
      : 'Left empty, small tiles show the full picture.';
  const address = streamAddress(site.baseUrl, path);
  return (
    <>
      {`{camera} stands for the camera’s id. For ${camera === undefined ? 'a camera gate-1' : cameraName(camera)} that is`}{' '}
      <span className="form-address selectable">{address ?? `…/${path}`}</span>
    </>
  );
}
