import { Fragment, type ReactNode } from 'react';
import { CAMERA } from '../../shared/config/camera-id.ts';
import { cameraName } from './change-summary.ts';
import { CredentialsFields } from './credentials-fields.tsx';
import { TextField } from './field.tsx';
import { fieldId } from './field-of-path.ts';
import type { CameraForm, SiteForm } from './form.ts';
import { FurtherAddressesFields } from './further-addresses-fields.tsx';
import { addressInPath, streamInSiteAddress, templateOf } from './pasted-address.ts';
import { Offer, SecretHint } from './path-hint.tsx';
import { SettingField, type SettingProps } from './setting-field.tsx';
import { useEditable, useSettings } from './settings-context.tsx';
import { SITE_SETTING_NAMES, SITE_SETTINGS, type SiteSettingName } from './site-settings.ts';
import { isAddress, streamAddress, templatePath } from './stream-address.ts';

/** Settings that the form places by hand; all others follow under “Rarely needed”. */
const PLACED: readonly SiteSettingName[] = ['name', 'baseUrl', 'mainPath', 'subPath', 'maintenance'];

interface Props {
  readonly site: SiteForm;
  /** The first one's address is shown as an example. */
  readonly cameras: readonly CameraForm[];
}

export function SiteFields({ site, cameras }: Props): ReactNode {
  const edit = useSettings((state) => state.edit);
  const id = (name: string): string => fieldId('sites', site.key, name);
  const change = (changed: Partial<Omit<SiteForm, 'key' | 'idOrigin'>>): void =>
    edit({ kind: 'site-edited', key: site.key, change: changed });
  const setting = (name: SiteSettingName): SettingProps => ({
    field: id(name),
    setting: SITE_SETTINGS[name],
    value: site[name],
    onChange: (value) => change({ [name]: value }),
  });
  return (
    <>
      <SettingField {...setting('name')} />
      <SettingField
        {...setting('baseUrl')}
        offer={<AddressOffer site={site} cameras={cameras} change={change} />}
      />
      <SettingField
        {...setting('mainPath')}
        hint={<Example site={site} quality="main" camera={cameras[0]} />}
        offer={<PathOffer site={site} quality="main" cameras={cameras} change={change} />}
      />
      <SettingField
        {...setting('subPath')}
        hint={<Example site={site} quality="sub" camera={cameras[0]} />}
        offer={<PathOffer site={site} quality="sub" cameras={cameras} change={change} />}
      />
      <CredentialsFields
        siteKey={site.key}
        siteAddress={site.baseUrl}
        credentials={site.credentials}
        change={(credentials) => change({ credentials })}
      />
      <SettingField {...setting('maintenance')} />
      <h4 className="form-group">Rarely needed</h4>
      {SITE_SETTING_NAMES.filter((name) => !PLACED.includes(name)).map((name) => (
        <Fragment key={name}>
          <SettingField {...setting(name)} />
          {name === 'tlsPin' && (
            <FurtherAddressesFields site={site} change={(furtherAddresses) => change({ furtherAddresses })} />
          )}
        </Fragment>
      ))}
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

/** Takes the address of a stream apart, where the site's own is asked for. */
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

/** Makes a path of an address, where a path is asked for. */
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

/** The address that a template gives, as it is typed. */
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
        : 'Put {camera} where the path names the camera. Without it, every camera is asked for at'}{' '}
      <span className="form-address selectable">{address ?? `…/${path}`}</span>
      <SecretHint path={template} />
    </>
  );
}
