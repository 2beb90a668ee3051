import type { ReactNode } from 'react';
import { Notices } from './notices.tsx';

interface Props {
  readonly title: string;
  readonly words: string;
  readonly notices?: readonly string[];
  readonly action?: { readonly label: string; run(): void };
}

/** The whole window as one message, with at most one thing to do about it. */
export function MessagePage({ title, words, notices = [], action }: Props): ReactNode {
  return (
    <main className="message" role="alert">
      <Notices notices={notices} />
      <h1>{title}</h1>
      <p className="selectable">{words}</p>
      {action !== undefined && (
        <button type="button" className="button" onClick={action.run}>
          {action.label}
        </button>
      )}
    </main>
  );
}
