import { TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import type { SessionRequest } from '../../shared/config/config.ts';
import { Field, Select, SelectField, TextField } from './field.tsx';
import { fieldId } from './field-of-path.ts';
import type { CredentialKind, CredentialsForm, SecretForm, SessionForm } from './form.ts';
import { NO_CREDENTIALS } from './form-from-draft.ts';
import { useEditable, useSettings } from './settings-context.tsx';

const KINDS: readonly (readonly [CredentialKind, string])[] = [
  ['none', 'None'],
  ['basic', 'User and password'],
  ['bearer', 'Bearer token'],
  ['query', 'Parameter in each address'],
  ['session', 'Login that gives a token or a cookie'],
];

const SECRET_LABELS: Readonly<Record<CredentialKind, string>> = {
  none: '',
  basic: 'Password',
  bearer: 'Token',
  query: 'Value',
  session: 'Password',
};

interface Props {
  readonly siteKey: string;
  /** As it was typed. */
  readonly siteAddress: string;
  readonly credentials: CredentialsForm;
  change(credentials: CredentialsForm): void;
}

/** How Holdfast logs in at a site. A secret that the host has is never shown: it is kept, or a new one is typed. */
export function CredentialsFields({ siteKey, siteAddress, credentials, change }: Props): ReactNode {
  const known = useSettings(({ base }) => base.sites.find(({ key }) => key === siteKey)?.credentials);
  const id = (name: string): string => fieldId('sites', siteKey, name);
  const { kind } = credentials;
  /** The secret that the field returns to when it is emptied. */
  const unchanged = known?.kind === kind && known.secret.kind === 'kept' ? known.secret : null;
  const client = kind === 'session' && credentials.session.request === 'client-credentials';
  const changeSession = (changed: Partial<SessionForm>): void =>
    change({ ...credentials, session: { ...credentials.session, ...changed } });
  const chooseKind = (chosen: CredentialKind): void =>
    change({
      ...credentials,
      kind: chosen,
      secret: known?.kind === chosen ? known.secret : NO_CREDENTIALS.secret,
    });
  const parameterField = (
    <TextField
      field={id('parameter')}
      label="Parameter’s name"
      placeholder="token"
      value={credentials.parameter}
      onChange={(parameter) => change({ ...credentials, parameter })}
    />
  );
  return (
    <>
      <SelectField field={id('kind')} label="Login" value={kind} options={KINDS} onChange={chooseKind} />
      {kind !== 'none' && (
        <div className="form-indent">
          {/^\s*http:/i.test(siteAddress) && (
            <p className="form-warning">
              <TriangleAlert size={14} aria-hidden />
              The login goes to the site without encryption: its address begins with http://.
            </p>
          )}
          {kind === 'session' && (
            <SessionRequestFields id={id} session={credentials.session} change={changeSession} />
          )}
          {(kind === 'basic' || kind === 'session') && (
            <TextField
              field={id('username')}
              label={client ? 'Client id' : 'User'}
              value={credentials.username}
              onChange={(username) => change({ ...credentials, username })}
            />
          )}
          {kind === 'query' && parameterField}
          <SecretField
            field={id('secret')}
            label={client ? 'Client secret' : SECRET_LABELS[kind]}
            secret={credentials.secret}
            unchanged={unchanged}
            change={(secret) => change({ ...credentials, secret })}
          />
          {kind === 'session' && (
            <SessionTokenFields id={id} session={credentials.session} change={changeSession} />
          )}
          {kind === 'session' && credentials.session.sendAs === 'query' && parameterField}
        </div>
      )}
    </>
  );
}

const REQUESTS: readonly (readonly [SessionRequest, string])[] = [
  ['json', 'JSON: user and password'],
  ['password-grant', 'OAuth 2.0: password'],
  ['client-credentials', 'OAuth 2.0: client credentials'],
];

const SEND_AS: readonly (readonly [SessionForm['sendAs'], string])[] = [
  ['bearer', 'Bearer token'],
  ['query', 'Parameter in each address'],
];

interface SessionProps {
  id(name: string): string;
  readonly session: SessionForm;
  change(changed: Partial<SessionForm>): void;
}

function SessionRequestFields({ id, session, change }: SessionProps): ReactNode {
  return (
    <>
      <TextField
        field={id('loginPath')}
        label="Path of the login"
        hint="Below the site’s address. Where the login lies beside the streams, the address has to end above both."
        look="address"
        placeholder="api/login"
        value={session.loginPath}
        onChange={(loginPath) => change({ loginPath })}
      />
      <SelectField
        field={id('request')}
        label="The login is sent as"
        value={session.request}
        options={REQUESTS}
        onChange={(request) => change({ request })}
      />
      {session.request === 'json' && (
        <TextField
          field={id('userField')}
          label="Field of the user"
          hint="What the JSON calls the user’s name: some servers want user, not username."
          look="address"
          placeholder="username"
          value={session.userField}
          onChange={(userField) => change({ userField })}
        />
      )}
    </>
  );
}

function SessionTokenFields({ id, session, change }: SessionProps): ReactNode {
  return (
    <>
      <TextField
        field={id('tokenField')}
        label="Field of the answer that holds the token"
        hint="Names with dots between them, like data.token. Leave it empty where the login gives only a cookie. Either is renewed before it runs out, and when the site refuses it."
        look="address"
        placeholder={session.request === 'json' ? 'token' : 'access_token'}
        value={session.tokenField}
        onChange={(tokenField) => change({ tokenField })}
      />
      <SelectField
        field={id('sendAs')}
        label="The token goes along as"
        value={session.sendAs}
        options={SEND_AS}
        onChange={(sendAs) => change({ sendAs })}
      />
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
          ? 'The name of the variable that Holdfast reads it from when it starts. It begins with HOLDFAST_.'
          : 'Kept by the host, and never shown in any window.'
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
              place === 'environment' ? 'HOLDFAST_NORTH_PASSWORD' : secret.kind === 'kept' ? 'unchanged' : ''
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
