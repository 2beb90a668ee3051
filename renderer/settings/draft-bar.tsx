import { CircleAlert } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { summaryOf } from './change-summary.ts';
import { type FieldIssue, fieldId } from './field-of-path.ts';
import { Question } from './modal.tsx';
import { useEditable, useSettings, useSettingsStore } from './settings-context.tsx';
import { issuesOf } from './settings-store.ts';

/** Revert asks for confirmation from this many changes on. */
const MANY_CHANGES = 3;

/** The draft in words, and the buttons that apply or revert it. */
export function DraftBar(): ReactNode {
  const store = useSettingsStore();
  const editable = useEditable();
  const changes = useSettings((state) => state.changes);
  const issues = useSettings(issuesOf);
  const outcome = useSettings((state) => state.outcome);
  const question = useSettings((state) => state.question);
  const [reverting, setReverting] = useState(false);
  const { apply, revert, reveal } = store.getState();
  if (!editable) return null;

  const why = whyNot(changes.length, issues.length, outcome.kind === 'saving', question.kind === 'conflict');
  const [first] = issues;
  const show = (issue: FieldIssue): void => {
    reveal(issue);
    requestAnimationFrame(() => focusFirst(issue));
  };
  const askToRevert = (): void => {
    if (changes.length >= MANY_CHANGES) setReverting(true);
    else revert();
  };
  const summary = summaryOf(changes);
  return (
    <footer className="draft-bar">
      <div className="draft-words" role="status">
        {outcome.kind === 'failed' ? (
          <p className="draft-failure selectable" title={outcome.message}>
            <CircleAlert size={14} aria-hidden />
            Not applied: {outcome.message}
          </p>
        ) : (
          <p className="draft-summary" title={changes.join('\n')}>
            {outcome.kind === 'saved' && changes.length === 0 ? 'Applied. The walls follow.' : summary}
          </p>
        )}
        {first !== undefined && (changes.length > 0 || outcome.kind === 'failed') && (
          <p className="draft-issues">
            <CircleAlert size={14} aria-hidden />
            {issues.length === 1
              ? 'One thing must be corrected first.'
              : `${issues.length} things must be corrected first.`}
            <button type="button" className="link" onClick={() => show(first)}>
              {issues.length === 1 ? 'Show it' : 'Show the first'}
            </button>
          </p>
        )}
      </div>
      <button type="button" className="button" disabled={changes.length === 0} onClick={askToRevert}>
        Revert
      </button>
      <button
        type="button"
        className="button"
        data-look="primary"
        aria-disabled={why !== null}
        title={why ?? 'Ctrl+S'}
        onClick={() => void apply()}
      >
        {outcome.kind === 'saving' ? 'Applying…' : 'Apply'}
      </button>
      {reverting && (
        <Question
          title={`Give up ${changes.length} changes?`}
          words={<ChangeList changes={changes} />}
          choices={[
            {
              label: 'Discard them',
              look: 'danger',
              run: () => {
                revert();
                setReverting(false);
              },
            },
            { label: 'Go on editing', run: () => setReverting(false) },
          ]}
        />
      )}
    </footer>
  );
}

/** Puts the focus on the first faulty field of the item, or of the section where the issue has no item. */
function focusFirst({ section, item, field }: FieldIssue): void {
  const invalid = document.querySelectorAll<HTMLElement>('[aria-invalid="true"]');
  const prefix = fieldId(section, item, '');
  const first = [...invalid].find(({ id }) => id.startsWith(prefix)) ?? document.getElementById(field);
  first?.focus();
}

export function ChangeList({ changes }: { readonly changes: readonly string[] }): ReactNode {
  return (
    <ul className="change-list">
      {changes.map((change) => (
        <li key={change}>{change}</li>
      ))}
    </ul>
  );
}

/** Why nothing can be applied now; `null` when something can. */
function whyNot(changes: number, issues: number, saving: boolean, conflict: boolean): string | null {
  if (saving) return 'Being applied';
  if (conflict) return 'First choose at the top which configuration to keep';
  if (issues > 0)
    return issues === 1 ? 'One thing must be corrected first' : `${issues} things must be corrected first`;
  return changes === 0 ? 'Nothing has been changed' : null;
}
