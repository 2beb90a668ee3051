import { ChevronDown, ChevronRight, X } from 'lucide-react';
import { Dialog } from 'radix-ui';
import { type ReactNode, useState } from 'react';
import { type Alarm, isUnacknowledged } from '../../shared/alarms/alarm.ts';
import { useAlarms } from '../stores/alarms.ts';
import { Shape } from '../ui/shape.tsx';
import { type AlarmLine, alarmLines, memberLines } from '../words/alarm-lines.ts';
import type { JournalNames } from '../words/journal-line.ts';

interface Props {
  readonly open: boolean;
  readonly names: JournalNames;
  /** Why the last acknowledgement failed, in words. */
  readonly failure: string | null;
  acknowledge(alarms: readonly Alarm[]): void;
  /** Shows the alarm's tile. */
  show(alarm: Alarm): void;
  close(): void;
}

/** A sheet at the side, over the wall. It stays open while the operator works in the wall. */
export function AlarmPanel({ open, close, ...rest }: Props): ReactNode {
  return (
    <Dialog.Root modal={false} open={open} onOpenChange={(next) => next || close()}>
      <Dialog.Content
        className="panel journal alarms"
        aria-describedby={undefined}
        onInteractOutside={(event) => event.preventDefault()}
      >
        <AlarmList {...rest} />
      </Dialog.Content>
    </Dialog.Root>
  );
}

function AlarmList({ names, failure, acknowledge, show }: Omit<Props, 'open' | 'close'>): ReactNode {
  const alarms = useAlarms((state) => state.alarms);
  const [expanded, setExpanded] = useState<ReadonlySet<string>>(new Set());
  const now = new Date();
  const lines = alarmLines(alarms, names, now);
  const toggle = (key: string): void => {
    const next = new Set(expanded);
    if (!next.delete(key)) next.add(key);
    setExpanded(next);
  };
  return (
    <>
      <div className="panel-head">
        <Dialog.Title className="panel-title">Alarms</Dialog.Title>
        <div className="alarm-actions">
          {alarms.some(isUnacknowledged) && (
            <button type="button" className="button" onClick={() => acknowledge(alarms)}>
              Acknowledge all
            </button>
          )}
          <Dialog.Close className="icon-button" aria-label="Close the alarms">
            <X size={16} aria-hidden />
          </Dialog.Close>
        </div>
      </div>
      {failure !== null && (
        <p className="journal-empty selectable" role="alert">
          {failure}
        </p>
      )}
      <div className="journal-lines">
        {lines.length === 0 && (
          <p className="journal-empty">No alarms. What happened before is in the journal.</p>
        )}
        <ul>
          {lines.map((line) => (
            <li key={line.key}>
              <Line
                line={line}
                title={line.title}
                expanded={line.alarms.length > 1 ? expanded.has(line.key) : null}
                choose={() => {
                  const [only] = line.alarms;
                  if (line.alarms.length > 1) toggle(line.key);
                  else if (only !== undefined) show(only);
                }}
                acknowledge={() => acknowledge(line.alarms)}
              />
              {line.alarms.length > 1 && expanded.has(line.key) && (
                <ul className="alarm-members">
                  {memberLines(line, names, now).map((member) => (
                    <li key={member.key}>
                      <Line
                        line={member}
                        title={member.who}
                        expanded={null}
                        choose={() => {
                          for (const alarm of member.alarms) show(alarm);
                        }}
                        acknowledge={() => acknowledge(member.alarms)}
                      />
                    </li>
                  ))}
                </ul>
              )}
            </li>
          ))}
        </ul>
      </div>
    </>
  );
}

interface LineProps {
  readonly line: AlarmLine;
  /** The visible title. In the lines of a group it does not repeat the title of the group. */
  readonly title: string;
  /** Whether a group is open; `null` for a line that is no group. */
  readonly expanded: boolean | null;
  choose(): void;
  acknowledge(): void;
}

function Line({ line, title, expanded, choose, acknowledge }: LineProps): ReactNode {
  const Chevron = expanded === true ? ChevronDown : ChevronRight;
  return (
    <div className="alarm-line" data-state={line.state}>
      <button
        type="button"
        className="alarm-words figures"
        aria-expanded={expanded ?? undefined}
        onClick={choose}
      >
        <Shape tone={line.mark} />
        <span>
          <span className="alarm-title">{title}</span>
          <span className="alarm-detail">{line.detail}</span>
        </span>
        {expanded !== null && <Chevron size={14} aria-hidden />}
      </button>
      {isUnacknowledged(line) ? (
        <button
          type="button"
          className="button"
          aria-label={`Acknowledge ${line.title}`}
          onClick={acknowledge}
        >
          Acknowledge
        </button>
      ) : (
        <span className="alarm-seen">acknowledged</span>
      )}
    </div>
  );
}
