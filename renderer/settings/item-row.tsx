import { ChevronRight } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Section } from './field-of-path.ts';
import { IssueMark } from './issue-mark.tsx';
import { RemoveButton } from './remove-button.tsx';
import { useEditable, useIssueCount, useSettings } from './settings-context.tsx';
import type { Reorder } from './use-reorder.ts';

interface Props {
  readonly section: Section;
  readonly itemKey: string;
  /** Shown before the name: its place or number. */
  readonly lead: string;
  readonly name: string;
  readonly detail: string;
  /** Its name in the button that removes it. */
  readonly removeLabel: string;
  remove(): void;
  /** Shown before the name. */
  readonly handle?: ReactNode;
  readonly tools?: ReactNode;
  readonly rowProps?: ReturnType<Reorder['rowProps']>;
  /** The form of the item, made while it is open. */
  readonly children: () => ReactNode;
}

/** An item of a section: one line, and its form when it is open. */
export function ItemRow(props: Props): ReactNode {
  const { section, itemKey, lead, name, detail, removeLabel, remove, handle, tools, rowProps } = props;
  const editable = useEditable();
  const issues = useIssueCount(section, itemKey);
  const isOpen = useSettings(({ open }) => open[section] === itemKey);
  const toggleItem = useSettings((state) => state.toggleItem);
  const formId = `form-${itemKey}`;
  return (
    <li className="item" data-open={isOpen ? '' : undefined} {...rowProps}>
      <div className="item-head">
        {editable && handle}
        <h3 className="item-title">
          <button
            type="button"
            className="item-toggle"
            aria-expanded={isOpen}
            aria-controls={isOpen ? formId : undefined}
            onClick={() => toggleItem(section, itemKey)}
          >
            <ChevronRight className="item-chevron" size={16} aria-hidden />
            <span className="item-lead figures">{lead}</span>
            <span className="item-name" title={name}>
              {name}
            </span>
            <span className="item-detail" title={detail}>
              {detail}
            </span>
            <IssueMark count={issues} />
          </button>
        </h3>
        {editable && (
          <div className="item-tools">
            {tools}
            <RemoveButton label={removeLabel} remove={remove} />
          </div>
        )}
      </div>
      {isOpen && (
        <div className="item-form" id={formId}>
          {props.children()}
        </div>
      )}
    </li>
  );
}
