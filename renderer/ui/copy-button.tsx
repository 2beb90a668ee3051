import { Copy } from 'lucide-react';
import { type ReactNode, useState } from 'react';

/** Copies what `text` says when it is pressed, and says whether that went well. */
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

/** By the copy command: the asynchronous clipboard asks for a permission, and the host grants none. */
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
