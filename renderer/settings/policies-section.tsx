import { Fragment, type ReactNode } from 'react';
import { reactionWords } from '../../shared/proof-due.ts';
import { siteName } from './change-summary.ts';
import { Field, Select } from './field.tsx';
import { fieldId } from './field-of-path.ts';
import { cellsOf, type PoliciesForm } from './form.ts';
import { POLICY_GROUPS, POLICY_NAMES, POLICY_SETTINGS, type PolicyName } from './policy-settings.ts';
import { hourOptions, lagWords, stableWords } from './policy-words.ts';
import { SectionPage } from './section-page.tsx';
import { SettingField } from './setting-field.tsx';
import { useEditable, useIssue, useSettings } from './settings-context.tsx';

/** Usual target durations of segments and parts, ms; `null` without parts. */
const PACKAGINGS = [
  [1000, null],
  [2000, null],
  [4000, null],
  [2000, 333],
] as const;

interface Props {
  readonly policies: PoliciesForm;
  readonly change: (change: Partial<PoliciesForm>) => void;
}

/** What the values of some policies come to. */
const CONSEQUENCES: Readonly<Partial<Record<PolicyName, (policies: PoliciesForm) => ReactNode>>> = {
  reactionTime: (policies) => <Reaction policies={policies} />,
  stableTime: (policies) => <Stable policies={policies} />,
  allowedLag: ({ allowedLag }) => <Consequence field={id('allowedLag')} words={lagWords(allowedLag)} />,
};

export function PoliciesSection(): ReactNode {
  const policies = useSettings(({ form }) => form.policies);
  const edit = useSettings((state) => state.edit);
  const change: Props['change'] = (changed) => edit({ kind: 'policies-edited', change: changed });
  return (
    <SectionPage
      section="policies"
      title="Policies"
      words="When tiles leave a site, and when they return to it. The policies apply to every camera."
    >
      <div className="form">
        {Object.entries(POLICY_GROUPS).map(([group, title]) => (
          <Fragment key={group}>
            <h3 className="form-group">{title}</h3>
            {POLICY_NAMES.filter((name) => POLICY_SETTINGS[name].group === group).map((name) => (
              <Policy key={name} name={name} policies={policies} change={change} />
            ))}
          </Fragment>
        ))}
      </div>
    </SectionPage>
  );
}

function Policy({ name, policies, change }: Props & { readonly name: PolicyName }): ReactNode {
  switch (name) {
    case 'failbackMode':
      return <FailbackMode policies={policies} change={change} />;
    case 'allowedHours':
      return <AllowedHours policies={policies} change={change} />;
    default:
      return (
        <SettingField
          field={id(name)}
          setting={POLICY_SETTINGS[name]}
          value={policies[name]}
          onChange={(value) => change({ [name]: value })}
          consequence={CONSEQUENCES[name]?.(policies)}
        />
      );
  }
}

function Reaction({ policies }: { readonly policies: PoliciesForm }): ReactNode {
  const issue = useIssue(id('reactionTime'));
  const reactionTimeMs = Number(policies.reactionTime);
  if (issue !== null || !Number.isFinite(reactionTimeMs)) return null;
  return (
    <ul className="consequences figures">
      {PACKAGINGS.map(([targetMs, partMs]) => (
        <li key={`${targetMs} ${partMs}`}>
          {reactionWords(targetMs, partMs, { reactionTimeMs, bridgeAtOnce: policies.bridgeAtOnce })}
        </li>
      ))}
    </ul>
  );
}

function FailbackMode({ policies, change }: Props): ReactNode {
  const editable = useEditable();
  const first = useSettings(({ form }) => form.sites[0]);
  const site = first === undefined ? 'the site' : siteName(first);
  const { label, options } = POLICY_SETTINGS.failbackMode;
  return (
    <fieldset className="form-field form-radios">
      <legend className="form-label">{label}</legend>
      {options.map((mode) => (
        <label key={mode.value} className="form-radio">
          <input
            type="radio"
            name="failback-mode"
            value={mode.value}
            checked={policies.failbackMode === mode.value}
            disabled={!editable}
            onChange={() => change({ failbackMode: mode.value })}
          />
          <span>
            {mode.label}
            <span className="form-hint">{mode.sentence.replace('{site}', () => site)}</span>
          </span>
        </label>
      ))}
      <p className="form-hint">
        Under all three, a tile that loses its site takes the best one that is alive.
      </p>
    </fieldset>
  );
}

function Stable({ policies }: Pick<Props, 'policies'>): ReactNode {
  const views = useSettings(({ form }) => form.views);
  const tiles = Math.max(
    0,
    ...views.map((view) => cellsOf(view).filter((cell) => view.cells[cell] !== null).length),
  );
  return (
    <Consequence
      field={id('stableTime')}
      words={stableWords(policies.stableTime, policies.failbackMode, tiles)}
    />
  );
}

function AllowedHours({ policies: { allowedHours, failbackMode }, change }: Props): ReactNode {
  const editable = useEditable();
  if (failbackMode !== 'automatic')
    return (
      !editable &&
      allowedHours !== null && (
        <p className="form-hint">Hours are set, and count for automatic returns only.</p>
      )
    );
  return (
    <>
      <SettingField
        field={id('allowedHours')}
        setting={POLICY_SETTINGS.allowedHours}
        value={allowedHours}
        onChange={(on) => change({ allowedHours: on === true ? { from: 22, to: 5 } : null })}
      />
      {allowedHours !== null && (
        <div className="form-row form-indent">
          <Field field={id('hoursFrom')} label="From">
            {(described) => (
              <Select
                {...described}
                value={String(allowedHours.from)}
                options={hourOptions(0, 23)}
                onChange={(hour) => change({ allowedHours: { ...allowedHours, from: Number(hour) } })}
              />
            )}
          </Field>
          <Field field={id('hoursTo')} label="Until">
            {(described) => (
              <Select
                {...described}
                value={String(allowedHours.to)}
                options={hourOptions(0, 24)}
                onChange={(hour) => change({ allowedHours: { ...allowedHours, to: Number(hour) } })}
              />
            )}
          </Field>
        </div>
      )}
    </>
  );
}

/** The consequence of a value, while the value is valid. */
function Consequence({ field, words }: { readonly field: string; readonly words: string }): ReactNode {
  const issue = useIssue(field);
  return issue === null ? <p className="consequences figures">{words}</p> : null;
}

function id(name: string): string {
  return fieldId('policies', null, name);
}
