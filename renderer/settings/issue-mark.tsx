import { CircleAlert } from 'lucide-react';
import type { ReactNode } from 'react';

/** How many things are wrong in what it stands at; nothing where nothing is. */
export function IssueMark({ count }: { readonly count: number }): ReactNode {
  if (count === 0) return null;
  return (
    <span
      className="issue-mark figures"
      title={count === 1 ? 'One thing to mend' : `${count} things to mend`}
    >
      <CircleAlert size={14} aria-hidden />
      {count}
      <span className="unseen"> to mend</span>
    </span>
  );
}
