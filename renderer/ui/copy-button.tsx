import { Copy } from 'lucide-react';
import { type ReactNode, useState } from 'react';

/** Copies the result of `text` when it is pressed, and says whether that succeeded. */
export function CopyButton({ label, text }: { label: string; text: () => string }): ReactNode {
  const [outcome, setOutcome] = useState('');
  const copy = (): void => setOutcome(copyText(text()) ? 'Copied.' : 'Not copied.');
  return (
    <>
      <button type="button" className="button" onClick={copy}>
        <Copy size={14} aria-hidden />
        {label}
      </button>
      <output className="details-words">{outcome}</output>
    </>
  );
}

/** Uses the copy command: the asynchronous clipboard needs a permission, and the host grants none. */
function copyText(text: string): boolean {
  let copied = false;
  const put = (event: ClipboardEvent): void => {
    event.clipboardData?.setData('text/plain', text);
    event.preventDefault();
    copied = event.clipboardData !== null;
  };
  document.addEventListener('copy', put);
  try {
    return document.execCommand('copy') && copied;
  } finally {
    document.removeEventListener('copy', put);
  }
}
