import { Info, X } from 'lucide-react';
import { type ReactNode, useState } from 'react';

/** A notice about a present condition: it stays until the condition is over. */
export function StandingNotice({ words }: { words: string }): ReactNode {
  return (
    <section className="notice" role="alert">
      <Info size={14} aria-hidden />
      <p className="selectable figures">{words}</p>
    </section>
  );
}

/** The host's notices for the operator, one at a time; dismissing one shows the next. */
export function Notices({ notices }: { notices: readonly string[] }): ReactNode {
  const [dismissed, setDismissed] = useState<readonly string[]>([]);
  const [notice, ...others] = notices.filter((words) => !dismissed.includes(words));
  if (notice === undefined) return null;
  return (
    <section className="notice" aria-label="Notice">
      <Info size={14} aria-hidden />
      <p className="selectable">{notice}</p>
      {others.length > 0 && <span className="figures">{others.length} more</span>}
      <button
        type="button"
        className="icon-button"
        aria-label="Dismiss"
        onClick={() => setDismissed([...dismissed, notice])}
      >
        <X size={14} aria-hidden />
      </button>
    </section>
  );
}
