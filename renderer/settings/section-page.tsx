import { Plus } from 'lucide-react';
import type { ReactNode } from 'react';
import { IssueLine } from './field.tsx';
import { fieldId, type Section } from './field-of-path.ts';
import { useEditable, useIssue } from './settings-context.tsx';

interface Props {
  readonly section: Section;
  readonly title: string;
  /** The purpose of the section, in a sentence or two. */
  readonly words: string;
  readonly add?: { readonly label: string; run(): void };
  readonly children: ReactNode;
}

export function SectionPage({ section, title, words, add, children }: Props): ReactNode {
  const editable = useEditable();
  const field = fieldId(section, null);
  const issue = useIssue(field);
  return (
    <section className="settings-section" aria-labelledby={`${section}-title`}>
      <header className="section-head">
        <h2 id={`${section}-title`}>{title}</h2>
        {editable && add !== undefined && (
          <button
            id={field}
            type="button"
            className="button"
            aria-describedby={`${field}-issue`}
            onClick={add.run}
          >
            <Plus size={16} aria-hidden />
            {add.label}
          </button>
        )}
      </header>
      <p className="section-words">{words}</p>
      <IssueLine id={`${field}-issue`} issue={issue} />
      {children}
    </section>
  );
}
