import type { ReactNode } from 'react';
import { CAMERA } from '../../shared/config/camera-id.ts';
import { lightWatchWords } from '../../shared/light-watch.ts';
import { cameraName } from './change-summary.ts';
import { CredentialsFields } from './credentials-fields.tsx';
import { SelectField, SwitchField, TextField } from './field.tsx';
import { fieldId } from './field-of-path.ts';
import type { CameraForm, SiteForm } from './form.ts';
import { FurtherAddressesFields } from './further-addresses-fields.tsx';
import { addressInPath, streamInSiteAddress, templateOf } from './pasted-address.ts';
import { Offer, SecretHint } from './path-hint.tsx';
import { useEditable, useSettings } from './settings-context.tsx';
import { isAddress, streamAddress, templatePath } from './stream-address.ts';

const WATCH_OPTIONS = [
  ['full', 'All the time'],
  ['light', 'Light'],
] as const;

interface Props {
  readonly site: SiteForm;
  /** The first camera's address is shown as an example. */
  readonly cameras: readonly CameraForm[];
}

export function SiteFields({ site, cameras }: Props): ReactNode {
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
        offer={<AddressOffer site={site} cameras={cameras} change={change} />}
        look="address"
        placeholder="https://vms.example.com/live/"
        value={site.baseUrl}
        onChange={(baseUrl) => change({ baseUrl })}
      />
      <TextField
        field={id('mainPath')}
        label="Path of a camera’s playlist"
        hint={<Example site={site} quality="main" camera={cameras[0]} />}
        offer={<PathOffer site={site} quality="main" cameras={cameras} change={change} />}
        look="address"
        placeholder="{camera}/index.m3u8"
        value={site.mainPath}
        onChange={(mainPath) => change({ mainPath })}
      />
      <TextField
        field={id('subPath')}
        label="Path of the small picture, for small tiles"
        hint={<Example site={site} quality="sub" camera={cameras[0]} />}
        offer={<PathOffer site={site} quality="sub" cameras={cameras} change={change} />}
        look="address"
        placeholder="none"
        value={site.subPath}
        onChange={(subPath) => change({ subPath })}
      />
      <CredentialsFields
        siteKey={site.key}
        siteAddress={site.baseUrl}
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
      <FurtherAddressesFields site={site} change={(furtherAddresses) => change({ furtherAddresses })} />
      <SelectField
        field={id('watch')}
        label="Watching"
        hint={
          site.watch === 'light'
            ? `${lightWatchWords()} For servers that start a stream when it is asked for: watched all the time, it would never end.`
            : 'Every stream of every camera is watched, so that a loss of redundancy is noticed at once. The default.'
        }
        value={site.watch}
        options={WATCH_OPTIONS}
        onChange={(watch) => change({ watch })}
      />
      <TextField
        field={id('watchInterval')}
        label="Ask for playlists every"
        hint="How often the playlist of a watched stream is requested, 0.25 to 60 s. A longer interval spares the site requests and notices a fault later; it does not let a server stop what it started on demand: light watching does. Left empty, each stream’s own pace is followed."
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

interface OfferProps extends Props {
  change(changed: Partial<Pick<SiteForm, 'baseUrl' | 'mainPath' | 'subPath'>>): void;
}

/** Offers to divide the address of a stream that was typed as the site's address. */
function AddressOffer({ site, cameras, change }: OfferProps): ReactNode {
  const editable = useEditable();
  const parts = editable ? streamInSiteAddress(site.baseUrl, idsOf(cameras)) : null;
  if (parts === null) return null;
  return (
    <Offer
      words={
        <>
          This is the address of one stream: the site’s is <Code text={parts.baseUrl} />, and{' '}
          <Code text={parts.path} /> is the path of a camera’s playlist.
        </>
      }
      field={fieldId('sites', site.key, 'baseUrl')}
      button="Take it apart"
      take={() => change({ baseUrl: parts.baseUrl, mainPath: parts.path })}
    />
  );
}

/** Offers to turn an address that was typed as a path into a path. */
function PathOffer({
  site,
  quality,
  cameras,
  change,
}: OfferProps & { readonly quality: 'main' | 'sub' }): ReactNode {
  const editable = useEditable();
  const field = quality === 'main' ? 'mainPath' : 'subPath';
  const pasted = editable ? addressInPath(site[field], site.baseUrl) : null;
  switch (pasted?.kind) {
    case undefined:
      return null;
    case 'elsewhere':
      return <p className="form-offer">It is not below the address of this site.</p>;
    case 'below-site':
    case 'first-address': {
      const baseUrl = pasted.kind === 'first-address' ? pasted.parts.baseUrl : site.baseUrl;
      const path = templateOf(
        pasted.kind === 'first-address' ? pasted.parts.path : pasted.path,
        idsOf(cameras),
      );
      return (
        <Offer
          words={
            <>
              Below <Code text={baseUrl.trim()} /> that is the path <Code text={path} />.
            </>
          }
          field={fieldId('sites', site.key, field)}
          button="Use the path"
          take={() => change({ baseUrl, [field]: path })}
        />
      );
    }
  }
}

function Code({ text }: { readonly text: string }): ReactNode {
  return <span className="form-address">{text}</span>;
}

function idsOf(cameras: readonly CameraForm[]): string[] {
  return cameras.map(({ id }) => id.trim());
}

interface ExampleProps {
  readonly site: SiteForm;
  readonly quality: 'main' | 'sub';
  readonly camera: CameraForm | undefined;
}

/** The address that a template leads to, while it is typed. */
function Example({ site, quality, camera }: ExampleProps): ReactNode {
  const template = quality === 'main' ? site.mainPath : site.subPath;
  const path = templatePath(site, camera?.id ?? 'gate-1', quality);
  if (isAddress(template)) return '{camera} stands for the camera’s id.';
  if (path === null)
    return quality === 'main'
      ? '{camera} stands for the camera’s id. Left empty, each camera needs a path of its own.'
      : 'Left empty, small tiles show the full picture.';
  const address = streamAddress(site.baseUrl, path);
  return (
    <>
      {template.includes(CAMERA)
        ? `{camera} stands for the camera’s id. For ${camera === undefined ? 'a camera gate-1' : cameraName(camera)} that is`
        : 'Put {camera} where the path names the camera. Without it, every camera is requested at'}{' '}
      <span className="form-address selectable">{address ?? `…/${path}`}</span>
      <SecretHint path={template} />
    </>
  );
}
