import { Check } from 'lucide-react';
import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { placeIn } from './edit-form.ts';
import type { CameraForm, ViewForm } from './form.ts';
import { Modal } from './modal.tsx';

interface Props {
  readonly cameras: readonly CameraForm[];
  readonly view: ViewForm;
  readonly chosen: string | null;
  choose(cameraKey: string | null): void;
  close(): void;
}

/** Chooses the camera of one cell: by typing, or with the arrow keys. */
export function CameraPicker({ cameras, view, chosen, choose, close }: Props): ReactNode {
  const [filter, setFilter] = useState('');
  const listId = useId();
  const active = useRef<HTMLDivElement>(null);
  const options: readonly (CameraForm | null)[] = [
    ...(filter.trim() === '' ? [null] : []),
    ...cameras.filter(({ number, name }) =>
      filter
        .toLowerCase()
        .split(/\s+/)
        .every((word) => `${number} ${name}`.toLowerCase().includes(word)),
    ),
  ];
  const [at, setAt] = useState(() =>
    Math.max(
      0,
      options.findIndex((camera) => (camera?.key ?? null) === chosen),
    ),
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: another option is another element
  useEffect(() => {
    active.current?.scrollIntoView({ block: 'nearest' });
  }, [at, filter]);

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'ArrowDown') setAt(Math.min(at + 1, options.length - 1));
    else if (event.key === 'ArrowUp') setAt(Math.max(at - 1, 0));
    else if (event.key === 'Enter') {
      const option = options[at];
      if (option !== undefined) choose(option?.key ?? null);
    } else return;
    event.preventDefault();
  };

  return (
    <Modal title="Camera for this cell" look="picker" close={close}>
      <input
        className="field"
        type="search"
        role="combobox"
        aria-expanded
        aria-controls={listId}
        aria-activedescendant={`${listId}-${at}`}
        aria-label="Find a camera"
        placeholder="Number or name"
        value={filter}
        onChange={(event) => {
          setFilter(event.target.value);
          setAt(0);
        }}
        onKeyDown={onKeyDown}
      />
      <div className="picker-list" role="listbox" id={listId} aria-label="Cameras">
        {options.map((camera, index) => {
          const key = camera?.key ?? null;
          const place = key === null || key === chosen ? null : placeIn(view, key);
          return (
            // biome-ignore lint/a11y/useFocusableInteractive: the focus stays in the field above, which names the option
            // biome-ignore lint/a11y/useKeyWithClickEvents: keys are heard in the field above
            <div
              key={key ?? 'empty'}
              ref={index === at ? active : undefined}
              id={`${listId}-${index}`}
              className="picker-option"
              role="option"
              aria-selected={index === at}
              onClick={() => choose(key)}
            >
              <span className="item-lead figures">{camera?.number}</span>
              <span className="item-name">{camera?.name ?? 'Empty cell'}</span>
              {place !== null && <span className="item-detail">also in {place}</span>}
              {key === chosen && <Check size={14} aria-label="chosen" />}
            </div>
          );
        })}
        {options.length === 0 && <p className="section-empty">No camera has all of these words.</p>}
      </div>
      <div className="modal-choices">
        <button type="button" className="button" onClick={close}>
          Cancel
        </button>
      </div>
    </Modal>
  );
}
