import { ChevronDown, X } from 'lucide-react';
import { Dialog } from 'radix-ui';
import { type ReactNode, type Ref, useEffect, useMemo, useRef, useState } from 'react';
import type { JournalEntry } from '../../shared/journal/journal-entry.ts';
import type { BridgeClient } from '../bridge/bridge-client.ts';
import { useAlarms } from '../stores/alarms.ts';
import { useTileSummaries } from '../stores/tile-summaries.ts';
import {
  type JournalNames,
  journalDetail,
  journalWords,
  matchesFilter,
  timeWords,
} from '../words/journal-line.ts';
import { EVERYTHING, filterOf, JournalFilters, type JournalQuestion } from './journal-filters.tsx';

/** Most entries that the panel shows; an export has all of them. */
const ENTRIES = 500;
/** A wall changes over tile by tile: events within this time are fetched together, ms. */
const SETTLE_MS = 300;

interface Props {
  readonly open: boolean;
  readonly bridge: BridgeClient;
  readonly names: JournalNames;
  close(): void;
}

/** A sheet at the side, over the wall. It stays open while the operator works in the wall. */
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
  const [question, ask] = useState(EVERYTHING);
  const { entries, failure } = useRecentEntries(bridge, question);
  const lines = useMemo(() => linesOf(entries ?? [], names), [entries, names]);
  const found = lines.filter((line) => matchesFilter(textOf(line), question.text));
  const asksForAll = filterKey(question) === filterKey(EVERYTHING);
  return (
    <>
      <JournalFilters names={names} question={question} textRef={filterRef} ask={ask} />
      <JournalExport bridge={bridge} question={question} />
      <div className="journal-lines">
        {failure !== null && (
          <p className="journal-empty selectable" role="alert">
            The journal cannot be read. {failure}
          </p>
        )}
        {entries !== null && found.length === 0 && (
          <p className="journal-empty">
            {entries.length > 0
              ? `None of the latest ${entries.length} lines has all of these words.`
              : asksForAll
                ? 'Nothing has happened yet.'
                : 'Nothing like this has happened.'}
          </p>
        )}
        <ul className="selectable">
          {found.map((line) => (
            <li key={line.key} className="journal-line">
              <time>{line.time}</time>
              <LineWords line={line} filter={question.text} />
            </li>
          ))}
        </ul>
      </div>
    </>
  );
}

/** What happened, with its detail one click away. The detail is open where the filter found its words only there. */
function LineWords({ line, filter }: { readonly line: Line; readonly filter: string }): ReactNode {
  if (line.detail === null) return <span className="figures">{line.words}</span>;
  const isFoundByDetail = !matchesFilter(textOf({ ...line, detail: null }), filter);
  return (
    <details key={String(isFoundByDetail)} className="journal-words" open={isFoundByDetail}>
      <summary title="Details">
        <span className="figures">{line.words}</span>
        <ChevronDown size={14} aria-hidden />
      </summary>
      <p>{line.detail}</p>
    </details>
  );
}

/** The text in which the filter looks for its words. */
function textOf({ time, words, detail }: Line): string {
  return [time, words, detail ?? ''].join(' ');
}

/** Writes all entries that the host finds, however many they are, into a file. */
function JournalExport({ bridge, question }: { bridge: BridgeClient; question: JournalQuestion }): ReactNode {
  const [outcome, setOutcome] = useState<string | null>(null);
  const exportAs = (format: 'csv' | 'json'): void => {
    bridge.request('journal.export', { format, filter: filterOf(question, new Date()) }).then(
      ({ file, lines }) => setOutcome(`${lines} ${lines === 1 ? 'line' : 'lines'} in ${file}`),
      (error: Error) => setOutcome(error.message),
    );
  };
  return (
    <div className="journal-export">
      <button type="button" className="button" onClick={() => exportAs('csv')}>
        Export CSV
      </button>
      <button type="button" className="button" onClick={() => exportAs('json')}>
        Export JSON
      </button>
      <output className="selectable">{outcome}</output>
    </div>
  );
}

/** The part of the question that the host answers, without the time at which it is asked. */
function filterKey({ text: _, ...question }: JournalQuestion): string {
  return JSON.stringify(question);
}

/** The latest entries. They are fetched at once, and again after every event in a tile and every acknowledgement. */
function useRecentEntries(
  bridge: BridgeClient,
  question: JournalQuestion,
): {
  entries: readonly JournalEntry[] | null;
  failure: string | null;
} {
  const [entries, setEntries] = useState<readonly JournalEntry[] | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const key = filterKey(question);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another question is asked at once
  useEffect(() => {
    let closed = false;
    let timer: number | null = null;
    // One request at a time: the host may have to read the whole journal for it.
    let asking = false;
    let isStale = false;
    const fetchEntries = (): void => {
      timer = null;
      asking = true;
      const filter = filterOf(question, new Date());
      bridge
        .request('journal.recent', { limit: ENTRIES, filter })
        .then(
          (recent) => {
            if (closed) return;
            setEntries(recent);
            setFailure(null);
          },
          (error: Error) => closed || setFailure(error.message),
        )
        .finally(() => {
          asking = false;
          if (isStale && !closed) fetchSoon();
        });
    };
    const fetchSoon = (): void => {
      isStale = asking;
      if (!asking) timer ??= window.setTimeout(fetchEntries, SETTLE_MS);
    };
    fetchEntries();
    const endings = [useTileSummaries.subscribe(fetchSoon), useAlarms.subscribe(fetchSoon)];
    return () => {
      closed = true;
      for (const end of endings) end();
      if (timer !== null) window.clearTimeout(timer);
    };
  }, [bridge, key]);
  return { entries, failure };
}

interface Line {
  readonly key: string;
  readonly time: string;
  readonly words: string;
  readonly detail: string | null;
}

/** Newest first, whatever the order of the entries. */
function linesOf(entries: readonly JournalEntry[], names: JournalNames): Line[] {
  const now = new Date();
  return [...entries]
    .sort((a, b) => Date.parse(b.time) - Date.parse(a.time))
    .map((entry) => ({
      key: JSON.stringify(entry),
      time: timeWords(entry.time, now),
      words: journalWords(entry, names),
      detail: journalDetail(entry),
    }));
}
