import type { ReactNode } from 'react';
import { Field, Select, SelectField, TextField } from './field.tsx';
import { fieldId } from './field-of-path.ts';
import type { CredentialKind, CredentialsForm, SecretForm } from './form.ts';
import { NO_CREDENTIALS } from './form-from-draft.ts';
import { useEditable, useSettings } from './settings-context.tsx';

const KINDS: readonly (readonly [CredentialKind, string])[] = [
  ['none', 'None'],
  ['basic', 'User and password'],
  ['bearer', 'Bearer token'],
  ['query', 'Parameter in each address'],
];

const SECRET_LABELS: Readonly<Record<CredentialKind, string>> = {
  none: '',
  basic: 'Password',
  bearer: 'Token',
  query: 'Value',
};

interface Props {
  readonly siteKey: string;
  readonly credentials: CredentialsForm;
  change(credentials: CredentialsForm): void;
}

/** How Holdfast logs in at a site. A secret that the host has is never shown: it stays, or a new one is typed. */
export function CredentialsFields({ siteKey, credentials, change }: Props): ReactNode {
  const known = useSettings(({ base }) => base.sites.find(({ key }) => key === siteKey)?.credentials);
  const id = (name: string): string => fieldId('sites', siteKey, name);
  const { kind } = credentials;
  /** What an emptied secret goes back to. */
  const unchanged = known?.kind === kind && known.secret.kind === 'kept' ? known.secret : null;
  const chooseKind = (chosen: CredentialKind): void =>
    change({
      ...credentials,
      kind: chosen,
      secret: known?.kind === chosen ? known.secret : NO_CREDENTIALS.secret,
    });
  return (
    <>
      <SelectField field={id('kind')} label="Login" value={kind} options={KINDS} onChange={chooseKind} />
      {kind !== 'none' && (
        <div className="form-indent">
          {kind === 'basic' && (
            <TextField
              field={id('username')}
              label="User"
              value={credentials.username}
              onChange={(username) => change({ ...credentials, username })}
            />
          )}
          {kind === 'query' && (
            <TextField
              field={id('parameter')}
              label="Parameter’s name"
              placeholder="token"
              value={credentials.parameter}
              onChange={(parameter) => change({ ...credentials, parameter })}
            />
          )}
          <SecretField
            field={id('secret')}
            label={SECRET_LABELS[kind]}
            secret={credentials.secret}
            unchanged={unchanged}
            change={(secret) => change({ ...credentials, secret })}
          />
        </div>
      )}
    </>
  );
}

interface SecretProps {
  readonly field: string;
  readonly label: string;
  readonly secret: SecretForm;
  readonly unchanged: SecretForm | null;
  change(secret: SecretForm): void;
}

const SECRET_PLACES = [
  ['text', 'typed here'],
  ['environment', 'in an environment variable'],
] as const;

function SecretField({ field, label, secret, unchanged, change }: SecretProps): ReactNode {
  const editable = useEditable();
  const place = secret.kind === 'environment' ? 'environment' : 'text';
  const emptied = unchanged ?? NO_CREDENTIALS.secret;
  const type = (text: string): void => {
    if (place === 'environment') change({ kind: 'environment', name: text });
    else change(text === '' ? emptied : { kind: 'text', text });
  };
  return (
    <Field
      field={field}
      label={label}
      hint={
        place === 'environment'
          ? 'The name of the variable that Holdfast reads it from when it starts.'
          : 'Kept by the host; no window is ever told.'
      }
    >
      {(described) => (
        <span className="form-control">
          <input
            {...described}
            className="field"
            type={place === 'environment' ? 'text' : 'password'}
            data-look={place === 'environment' ? 'address' : undefined}
            value={secretText(secret)}
            placeholder={
              place === 'environment' ? 'NORTH_PASSWORD' : secret.kind === 'kept' ? 'unchanged' : ''
            }
            readOnly={!editable}
            autoComplete="new-password"
            spellCheck={false}
            onChange={(event) => type(event.target.value)}
          />
          <Select
            aria-label={`Where the ${label.toLowerCase()} is`}
            value={place}
            options={SECRET_PLACES}
            onChange={(chosen) => change(chosen === 'environment' ? { kind: chosen, name: '' } : emptied)}
          />
        </span>
      )}
    </Field>
  );
}

function secretText(secret: SecretForm): string {
  switch (secret.kind) {
    case 'kept':
      return '';
    case 'text':
      return secret.text;
    case 'environment':
      return secret.name;
  }
}
