import type { ReactNode } from 'react';
import type { Quality } from '../../shared/config/config.ts';
import { siteName } from './change-summary.ts';
import { moved } from './edit-form.ts';
import { IssueLine, SwitchField, TextField } from './field.tsx';
import { fieldId } from './field-of-path.ts';
import type { CameraForm, SiteForm } from './form.ts';
import { DragHandle, MoveButtons } from './move-buttons.tsx';
import { addressInPath } from './pasted-address.ts';
import { Offer, SecretHint } from './path-hint.tsx';
import { useEditable, useIssue, useSettings } from './settings-context.tsx';
import { isAddress, streamAddress, streamPath, templatePath } from './stream-address.ts';
import { useReorder } from './use-reorder.ts';

interface Props {
  readonly camera: CameraForm;
  readonly sites: readonly SiteForm[];
}

export function CameraFields({ camera, sites }: Props): ReactNode {
  const edit = useSettings((state) => state.edit);
  const id = (name: string): string => fieldId('cameras', camera.key, name);
  const issue = useIssue(id('streams'));
  const change = (changed: Partial<Omit<CameraForm, 'key' | 'idOrigin' | 'paths'>>): void =>
    edit({ kind: 'camera-edited', key: camera.key, change: changed });
  return (
    <>
      <TextField
        field={id('number')}
        label="Number"
        hint="What operators call it by; shown in the tile."
        look="short"
        value={camera.number}
        onChange={(number) => change({ number })}
      />
      <TextField field={id('name')} label="Name" value={camera.name} onChange={(name) => change({ name })} />
      <TextField
        field={id('id')}
        label="Id"
        hint="What the VMS calls the camera: it takes the place of {camera} in the sites’ paths. It may have blanks, slashes and letters of any script, as in site/cam 1. Made from the name until it is typed."
        look="address"
        value={camera.id}
        onChange={(typed) => change({ id: typed })}
      />
      <h4 className="form-group" id={id('streams')} tabIndex={-1}>
        At the sites
      </h4>
      <IssueLine id={`${id('streams')}-issue`} issue={issue} />
      {sites.map((site) => (
        <SitePaths key={site.key} camera={camera} site={site} />
      ))}
      {sites.length > 1 && (
        <>
          <SwitchField
            field={id('onFrozen')}
            label="Change over from a frozen or black picture"
            hint="Found by comparing it with another site’s picture. Off: an alarm only."
            checked={camera.onFrozen === 'change-over'}
            onChange={(on) => change({ onFrozen: on ? 'change-over' : 'alarm' })}
          />
          <SwitchField
            field={id('siteOrder')}
            label="An order of sites of its own"
            hint={
              camera.siteOrder === null
                ? `Off: follows the sites’ order, ${sites.map(siteName).join(', ')}.`
                : 'The first of these that is alive is shown, for this camera only.'
            }
            checked={camera.siteOrder !== null}
            onChange={(own) => change({ siteOrder: own ? sites.map(({ key }) => key) : null })}
          />
          {camera.siteOrder !== null && (
            <SiteOrder
              sites={inOrder(sites, camera.siteOrder)}
              change={(siteOrder) => change({ siteOrder })}
            />
          )}
        </>
      )}
    </>
  );
}

/** The camera's streams at one site: by the site's template, or by paths of its own. */
function SitePaths({ camera, site }: { readonly camera: CameraForm; readonly site: SiteForm }): ReactNode {
  const edit = useSettings((state) => state.edit);
  const own = camera.paths[site.key];
  const id = (quality: Quality): string => fieldId('cameras', camera.key, 'paths', site.key, quality);
  const change = (changed: { main?: string; sub?: string }): void =>
    edit({ kind: 'camera-path-edited', key: camera.key, siteKey: site.key, change: changed });
  const path = streamPath(site, camera, 'main') ?? streamPath(site, camera, 'sub');
  const address = streamAddress(site.baseUrl, path);
  return (
    <fieldset className="form-site">
      <legend>{siteName(site)}</legend>
      <p className="form-hint">
        {path === null ? (
          'No copy of this camera here.'
        ) : isAddress(path) ? (
          'A path below the site’s address is needed here.'
        ) : (
          <span className="form-address selectable">{address ?? `…/${path}`}</span>
        )}
      </p>
      <div className="form-pair">
        <TextField
          field={id('main')}
          label="Path"
          look="address"
          placeholder={templatePath(site, camera.id, 'main') ?? 'none'}
          offer={
            <OwnPathOffer
              field={id('main')}
              site={site}
              typed={own?.main ?? ''}
              take={(main) => change({ main })}
            />
          }
          value={own?.main ?? ''}
          onChange={(main) => change({ main })}
        />
        <TextField
          field={id('sub')}
          label="Path of the small picture"
          look="address"
          placeholder={templatePath(site, camera.id, 'sub') ?? 'none'}
          offer={
            <OwnPathOffer
              field={id('sub')}
              site={site}
              typed={own?.sub ?? ''}
              take={(sub) => change({ sub })}
            />
          }
          value={own?.sub ?? ''}
          onChange={(sub) => change({ sub })}
        />
      </div>
    </fieldset>
  );
}

interface OwnPathProps {
  readonly field: string;
  readonly site: SiteForm;
  readonly typed: string;
  take(path: string): void;
}

/** What the field of a camera's own path makes of an address, or of a secret. */
function OwnPathOffer({ field, site, typed, take }: OwnPathProps): ReactNode {
  const editable = useEditable();
  const pasted = editable ? addressInPath(typed, site.baseUrl) : null;
  if (pasted === null) return <SecretHint path={typed} />;
  if (pasted.kind !== 'below-site')
    return <p className="form-offer">It is not below the address of {siteName(site)}.</p>;
  return (
    <Offer
      field={field}
      words={
        <>
          Below the address of {siteName(site)} that is <span className="form-address">{pasted.path}</span>.
        </>
      }
      button="Use the path"
      take={() => take(pasted.path)}
    />
  );
}

interface OrderProps {
  readonly sites: readonly SiteForm[];
  change(keys: string[]): void;
}

function SiteOrder({ sites, change }: OrderProps): ReactNode {
  const editable = useEditable();
  const reorder = useReorder(
    sites.map(({ key }) => key),
    (key, to) => change(moved(sites, key, to).map((site) => site.key)),
  );
  return (
    <ol className="items items-small" data-rows>
      {sites.map((site, index) => (
        <li key={site.key} className="item" {...reorder.rowProps(site.key)}>
          <div className="item-head">
            {editable && <DragHandle reorder={reorder} itemKey={site.key} />}
            <span className="item-lead figures">{index + 1}</span>
            <span className="item-name">{siteName(site)}</span>
            {editable && (
              <div className="item-tools">
                <MoveButtons reorder={reorder} itemKey={site.key} name={siteName(site)} />
              </div>
            )}
          </div>
        </li>
      ))}
    </ol>
  );
}

/** The sites in the camera's order. Sites that it leaves out follow in the general order. */
function inOrder(sites: readonly SiteForm[], order: readonly string[]): SiteForm[] {
  const ordered = order.flatMap((key) => sites.filter((site) => site.key === key));
  return [...new Set([...ordered, ...sites])];
}
