import { Info, X } from 'lucide-react';
import { type ReactNode, useState } from 'react';

/** What the host wants the operator told, one line at a time; dismissing one shows the next. */
export function Notices({ notices }: { notices: readonly string[] }): ReactNode {
  const [dismissed, setDismissed] = useState(0);
  const notice = notices[dismissed];
  if (notice === undefined) return null;
  const left = notices.length - dismissed - 1;
  return (
    <section className="notice" aria-label="Notice">
      <Info size={14} aria-hidden />
      <p className="selectable">{notice}</p>
      {left > 0 && <span className="figures">{left} more</span>}
      <button
        type="button"
        className="icon-button"
        aria-label="Dismiss"
        onClick={() => setDismissed(dismissed + 1)}
      >
        <X size={14} aria-hidden />
      </button>
    </section>
  );
}
