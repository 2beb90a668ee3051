import { CircleAlert } from 'lucide-react';
import type { ReactNode } from 'react';

/** The number of faults in the marked item; nothing where there are none. */
export function IssueMark({ count }: { readonly count: number }): ReactNode {
  if (count === 0) return null;
  return (
    <span
      className="issue-mark figures"
      title={count === 1 ? 'One thing to correct' : `${count} things to correct`}
    >
      <CircleAlert size={14} aria-hidden />
      {count}
      <span className="unseen"> to correct</span>
    </span>
  );
}
