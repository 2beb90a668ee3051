import { Plus, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { MAX_FURTHER_ADDRESSES } from '../../shared/config/config.ts';
import { IssueLine, SwitchField, TextField } from './field.tsx';
import { fieldId } from './field-of-path.ts';
import type { FurtherAddressForm, SiteForm } from './form.ts';
import { losesEncryption } from './loses-encryption.ts';
import { RemoveButton } from './remove-button.tsx';
import { useEditable, useIssue } from './settings-context.tsx';

interface Props {
  readonly site: SiteForm;
  change(addresses: readonly FurtherAddressForm[]): void;
}

/** Other addresses to which a site may send a player. */
export function FurtherAddressesFields({ site, change }: Props): ReactNode {
  const editable = useEditable();
  const list = fieldId('sites', site.key, 'furtherAddresses');
  const issue = useIssue(list);
  const { furtherAddresses: addresses } = site;
  const focus = (id: string): void => {
    requestAnimationFrame(() => document.getElementById(id)?.focus());
  };
  return (
    <fieldset className="form-site" aria-describedby={`${list}-hint`}>
      <legend>Further addresses</legend>
      <p className="form-hint" id={`${list}-hint`}>
        Where else the site sends players: nodes behind a load balancer, a content delivery network, another
        port. Redirects and playlists that lead there are followed; all others that leave the site’s address
        are refused.
      </p>
      <IssueLine id={`${list}-issue`} issue={issue} />
      {addresses.map((address, index) => (
        <FurtherAddress
          // biome-ignore lint/suspicious/noArrayIndexKey: an address has no name but its place
          key={index}
          site={site}
          address={address}
          place={index}
          change={(changed) => change(addresses.with(index, { ...address, ...changed }))}
          remove={() => {
            change(addresses.toSpliced(index, 1));
            focus(list);
          }}
        />
      ))}
      {editable && addresses.length < MAX_FURTHER_ADDRESSES && (
        <div>
          <button
            id={list}
            type="button"
            className="button"
            onClick={() => {
              change([...addresses, { baseUrl: '', sendLogin: false }]);
              focus(`${list}/${addresses.length}/baseUrl`);
            }}
          >
            <Plus size={16} aria-hidden />
            Add address
          </button>
        </div>
      )}
    </fieldset>
  );
}

interface AddressProps {
  readonly site: SiteForm;
  readonly address: FurtherAddressForm;
  /** Index in the list, from 0. */
  readonly place: number;
  change(changed: Partial<FurtherAddressForm>): void;
  remove(): void;
}

function FurtherAddress({ site, address, place, change, remove }: AddressProps): ReactNode {
  const editable = useEditable();
  const id = (name: string): string => fieldId('sites', site.key, 'furtherAddresses', String(place), name);
  return (
    <div className="form-listed">
      <TextField
        field={id('baseUrl')}
        label={`Further address ${place + 1}`}
        look="address"
        placeholder="https://node-2.example.com/live/"
        value={address.baseUrl}
        onChange={(baseUrl) => change({ baseUrl })}
        tool={editable && <RemoveButton label={`Remove further address ${place + 1}`} remove={remove} />}
      />
      <SwitchField
        field={id('sendLogin')}
        label="Send the login there too"
        hint={
          <>
            {address.sendLogin
              ? 'Whoever runs the server at this address learns the site’s login.'
              : 'Off: the site’s login is not sent there. Most such servers need none, because the site’s playlists carry what lets a player in.'}
            {losesEncryption(site.baseUrl, address) && (
              <span className="form-warning">
                <TriangleAlert size={14} aria-hidden />
                The login goes there without encryption: this address begins with http://, the site’s own with
                https://.
              </span>
            )}
          </>
        }
        checked={address.sendLogin}
        onChange={(sendLogin) => change({ sendLogin })}
      />
    </div>
  );
}
