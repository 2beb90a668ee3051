import { X } from 'lucide-react';
import { Dialog } from 'radix-ui';
import { type ReactNode, type Ref, useEffect, useMemo, useRef, useState } from 'react';
import type { JournalEntry } from '../../shared/journal-entry.ts';
import type { BridgeClient } from '../bridge-client.ts';
import { useTileSummaries } from '../stores/tile-summaries.ts';
import { type JournalNames, journalTime, journalWords, matchesFilter } from './journal-line.ts';

/** How many of the latest entries the panel shows. */
const ENTRIES = 200;
/** A wall changes over tile by tile: what happens within this time is fetched at once. Milliseconds. */
const SETTLE_MS = 300;

interface Props {
  readonly open: boolean;
  readonly bridge: BridgeClient;
  readonly names: JournalNames;
  close(): void;
}

/** A sheet at the side, over the wall, that stays while the operator works in the wall. */
export function JournalPanel({ open, bridge, names, close }: Props): ReactNode {
  const filterRef = useRef<HTMLInputElement>(null);
  return (
    <Dialog.Root modal={false} open={open} onOpenChange={(next) => next || close()}>
      <Dialog.Content
        className="panel journal"
        aria-describedby={undefined}
        onOpenAutoFocus={(event) => {
          event.preventDefault();
          filterRef.current?.focus();
        }}
        onInteractOutside={(event) => event.preventDefault()}
      >
        <div className="panel-head">
          <Dialog.Title className="panel-title">Journal</Dialog.Title>
          <Dialog.Close className="icon-button" aria-label="Close the journal">
            <X size={16} aria-hidden />
          </Dialog.Close>
        </div>
        <JournalLines bridge={bridge} names={names} filterRef={filterRef} />
      </Dialog.Content>
    </Dialog.Root>
  );
}

interface LinesProps extends Pick<Props, 'bridge' | 'names'> {
  readonly filterRef: Ref<HTMLInputElement>;
}

function JournalLines({ bridge, names, filterRef }: LinesProps): ReactNode {
  const [filter, setFilter] = useState('');
  const { entries, failure } = useRecentEntries(bridge);
  const lines = useMemo(() => linesOf(entries ?? [], names), [entries, names]);
  const found = lines.filter(({ time, words }) => matchesFilter(`${time} ${words}`, filter));
  return (
    <>
      <input
        ref={filterRef}
        className="field"
        type="search"
        placeholder="Filter by camera, site or cause"
        aria-label="Filter the journal"
        value={filter}
        onChange={(event) => setFilter(event.target.value)}
      />
      <div className="journal-lines">
        {failure !== null && (
          <p className="journal-empty selectable" role="alert">
            The journal cannot be read. {failure}
          </p>
        )}
        {entries !== null && found.length === 0 && (
          <p className="journal-empty">
            {entries.length === 0 ? 'Nothing has happened yet.' : 'No line has all of these words.'}
          </p>
        )}
        <ul className="selectable">
          {found.map(({ key, time, words }) => (
            <li key={key} className="journal-line">
              <time>{time}</time>
              <span className="figures">{words}</span>
            </li>
          ))}
        </ul>
      </div>
    </>
  );
}

/** The latest entries, fetched at once and again after every event in a tile. */
function useRecentEntries(bridge: BridgeClient): {
  entries: readonly JournalEntry[] | null;
  failure: string | null;
} {
  const [entries, setEntries] = useState<readonly JournalEntry[] | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  useEffect(() => {
    let closed = false;
    let timer: number | null = null;
    const fetchEntries = (): void => {
      timer = null;
      bridge.request('journal.recent', { limit: ENTRIES }).then(
        (recent) => {
          if (closed) return;
          setEntries(recent);
          setFailure(null);
        },
        (error: Error) => closed || setFailure(error.message),
      );
    };
    fetchEntries();
    const unsubscribe = useTileSummaries.subscribe(() => {
      timer ??= window.setTimeout(fetchEntries, SETTLE_MS);
    });
    return () => {
      closed = true;
      unsubscribe();
      if (timer !== null) window.clearTimeout(timer);
    };
  }, [bridge]);
  return { entries, failure };
}

interface Line {
  readonly key: string;
  readonly time: string;
  readonly words: string;
}

/** Newest first, whatever order they came in. */
function linesOf(entries: readonly JournalEntry[], names: JournalNames): Line[] {
  const now = new Date();
  return [...entries]
    .sort((a, b) => Date.parse(b.time) - Date.parse(a.time))
    .map((entry) => ({
      key: `${entry.time} ${entry.kind} ${entry.view} ${entry.tile} ${entry.kind === 'alarm' ? entry.alarm : entry.to}`,
      time: journalTime(entry, now),
      words: journalWords(entry, names),
    }));
}
