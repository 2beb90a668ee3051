import { Trash2 } from 'lucide-react';
import type { ReactNode } from 'react';

interface Props {
  readonly label: string;
  remove(): void;
}

/** Removes an item from its list. */
export function RemoveButton({ label, remove }: Props): ReactNode {
  return (
    <button type="button" className="icon-button" aria-label={label} title={label} onClick={remove}>
      <Trash2 size={16} aria-hidden />
    </button>
  );
}
