import type { ReactNode } from 'react';
import { ALLOWED_LAG_MS, REACTION_TIME_MS, STABLE_TIME_MS } from '../../shared/config/config.ts';
import { reactionWords } from '../../shared/proof-due.ts';
import { siteName } from './change-summary.ts';
import { Field, Select, SelectField, SwitchField, TextField } from './field.tsx';
import { fieldId } from './field-of-path.ts';
import { cellsOf, type PoliciesForm } from './form.ts';
import { hourOptions, hoursWords, lagWords, stableWords } from './policy-words.ts';
import { SectionPage } from './section-page.tsx';
import { useEditable, useIssue, useSettings } from './settings-context.tsx';

/** Usual target durations of segments and parts, ms; `null` without parts. */
const PACKAGINGS = [
  [1000, null],
  [2000, null],
  [4000, null],
  [2000, 333],
] as const;

const HOT_STANDBY_OPTIONS = [
  ['auto', 'As many as this workstation has room for'],
  ['all', 'For every tile'],
  ['off', 'None'],
] as const;
const HOT_STANDBY_WORDS = {
  auto: 'The other site’s picture plays unseen underneath, so that a change-over takes a frame or two. Tiles beyond the room start theirs when it is needed. The default.',
  all: 'Every tile plays its next site’s picture unseen underneath, whatever it costs: network and processor do twice the work.',
  off: 'Standbys are only probed, and start when they are needed. The least load; pictures may stop for a moment when many tiles change over at once.',
} as const;

type Change = (change: Partial<PoliciesForm>) => void;

export function PoliciesSection(): ReactNode {
  const policies = useSettings(({ form }) => form.policies);
  const edit = useSettings((state) => state.edit);
  const change: Change = (changed) => edit({ kind: 'policies-edited', change: changed });
  return (
    <SectionPage
      section="policies"
      title="Policies"
      words="When tiles leave a site, and when they return to it. The policies apply to every camera."
    >
      <div className="form">
        <h3 className="form-group">When a site fails</h3>
        <TextField
          field={id('reactionTime')}
          label="Reaction Time"
          unit="ms"
          hint={
            <>
              How long evidence against a stream must stand until the stream counts as lost.{' '}
              {rangeWords(REACTION_TIME_MS, 1, 'ms')}
              <Reaction policies={policies} />
            </>
          }
          value={policies.reactionTime}
          onChange={(reactionTime) => change({ reactionTime })}
        />
        <SwitchField
          field={id('bridgeAtOnce')}
          label="Bridge at once"
          hint={
            policies.bridgeAtOnce
              ? 'On, the default: a tile whose picture would run dry changes over before Reaction Time is up, as soon as another site’s picture is there.'
              : 'Off: Reaction Time counts alone, even if the picture stops before. On is the default.'
          }
          checked={policies.bridgeAtOnce}
          onChange={(bridgeAtOnce) => change({ bridgeAtOnce })}
        />
        <SelectField
          field={id('hotStandbys')}
          label="Hot standbys"
          hint={HOT_STANDBY_WORDS[policies.hotStandbys]}
          value={policies.hotStandbys}
          options={HOT_STANDBY_OPTIONS}
          onChange={(hotStandbys) => change({ hotStandbys })}
        />
        <h3 className="form-group">When the site comes back</h3>
        <FailbackMode policies={policies} change={change} />
        <Returning policies={policies} change={change} />
      </div>
    </SectionPage>
  );
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

interface Props {
  readonly policies: PoliciesForm;
  readonly change: Change;
}

function FailbackMode({ policies, change }: Props): ReactNode {
  const editable = useEditable();
  const first = useSettings(({ form }) => form.sites[0]);
  const site = first === undefined ? 'the site' : siteName(first);
  const modes = [
    ['automatic', 'Automatic', 'The tile returns by itself once the site has proved itself. The default.'],
    ['manual', 'Manual', `The tile stays, and offers “Return to ${site}” to the operator.`],
    [
      'never',
      'Never',
      `The tile stays until it has to change again. “Return to ${site}” is offered as well.`,
    ],
  ] as const;
  return (
    <fieldset className="form-field form-radios">
      <legend className="form-label">Failback</legend>
      {modes.map(([mode, label, words]) => (
        <label key={mode} className="form-radio">
          <input
            type="radio"
            name="failback-mode"
            value={mode}
            checked={policies.failbackMode === mode}
            disabled={!editable}
            onChange={() => change({ failbackMode: mode })}
          />
          <span>
            {label}
            <span className="form-hint">{words}</span>
          </span>
        </label>
      ))}
      <p className="form-hint">
        Under all three, a tile that loses its site takes the best one that is alive.
      </p>
    </fieldset>
  );
}

function Returning({ policies, change }: Props): ReactNode {
  const editable = useEditable();
  const views = useSettings(({ form }) => form.views);
  const tiles = Math.max(
    0,
    ...views.map((view) => cellsOf(view).filter((cell) => view.cells[cell] !== null).length),
  );
  const { allowedHours } = policies;
  return (
    <>
      <TextField
        field={id('stableTime')}
        label="Stable time"
        unit="s"
        hint={
          <>
            How long a site must be without a fault, its streams moving at their pace, until it has proved
            itself. {rangeWords(STABLE_TIME_MS, 1000, 's')}
            <Consequence
              field={id('stableTime')}
              words={stableWords(policies.stableTime, policies.failbackMode, tiles)}
            />
          </>
        }
        value={policies.stableTime}
        onChange={(stableTime) => change({ stableTime })}
      />
      <TextField
        field={id('allowedLag')}
        label="Allowed lag"
        unit="s"
        hint={
          <>
            How much older than the shown picture the returning site’s may be.{' '}
            {rangeWords(ALLOWED_LAG_MS, 1000, 's')}
            <Consequence field={id('allowedLag')} words={lagWords(policies.allowedLag)} />
          </>
        }
        value={policies.allowedLag}
        onChange={(allowedLag) => change({ allowedLag })}
      />
      {policies.failbackMode === 'automatic' && (
        <>
          <SwitchField
            field={id('allowedHours')}
            label="Return within certain hours only"
            hint={hoursWords(allowedHours)}
            checked={allowedHours !== null}
            onChange={(on) => change({ allowedHours: on ? { from: 22, to: 5 } : null })}
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
      )}
      {!editable && policies.failbackMode !== 'automatic' && allowedHours !== null && (
        <p className="form-hint">Hours are set, and count for automatic returns only.</p>
      )}
    </>
  );
}

/** The consequence of a value, while the value is valid. */
function Consequence({ field, words }: { readonly field: string; readonly words: string }): ReactNode {
  const issue = useIssue(field);
  return issue === null ? <p className="consequences figures">{words}</p> : null;
}

function rangeWords(
  range: { min: number; max: number; default: number },
  perUnit: number,
  unit: string,
): string {
  return `Default ${range.default / perUnit} ${unit}, from ${range.min / perUnit} to ${range.max / perUnit} ${unit}.`;
}

function id(name: string): string {
  return fieldId('policies', null, name);
}
