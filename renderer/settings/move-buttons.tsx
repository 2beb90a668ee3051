import { ArrowDown, ArrowUp, GripVertical } from 'lucide-react';
import type { MouseEvent, ReactNode } from 'react';
import type { Reorder } from './use-reorder.ts';

interface Props {
  readonly reorder: Reorder;
  readonly itemKey: string;
  /** The item's name in the labels of the buttons. */
  readonly name: string;
}

/** Moves the row with a pointer. The buttons of {@link MoveButtons} do the same with the keyboard. */
export function DragHandle({ reorder, itemKey }: Pick<Props, 'reorder' | 'itemKey'>): ReactNode {
  return (
    <span
      className="drag-handle"
      title="Drag to change the priority"
      aria-hidden
      {...reorder.handleProps(itemKey)}
    >
      <GripVertical size={16} />
    </span>
  );
}

export function MoveButtons({ reorder, itemKey, name }: Props): ReactNode {
  const place = reorder.keys.indexOf(itemKey);
  return (
    <>
      <MoveButton
        label={`Move ${name} up`}
        icon={<ArrowUp size={16} aria-hidden />}
        end={place === 0}
        move={() => reorder.move(itemKey, place - 1)}
      />
      <MoveButton
        label={`Move ${name} down`}
        icon={<ArrowDown size={16} aria-hidden />}
        end={place === reorder.keys.length - 1}
        move={() => reorder.move(itemKey, place + 1)}
      />
    </>
  );
}

interface MoveButtonProps {
  readonly label: string;
  readonly icon: ReactNode;
  /** Whether the item cannot move further: the button keeps the focus, but does nothing. */
  readonly end: boolean;
  move(): void;
}

function MoveButton({ label, icon, end, move }: MoveButtonProps): ReactNode {
  const press = (event: MouseEvent<HTMLButtonElement>): void => {
    if (end) return;
    const button = event.currentTarget;
    move();
    // A row that is moved in the document loses the focus.
    requestAnimationFrame(() => button.focus());
  };
  return (
    <button
      type="button"
      className="icon-button"
      aria-label={label}
      title={label}
      aria-disabled={end}
      onClick={press}
    >
      {icon}
    </button>
  );
}
