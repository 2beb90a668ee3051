import { type ReactNode, useEffect, useId, useRef } from 'react';

interface Props {
  readonly title: string;
  readonly children: ReactNode;
  readonly look?: 'question' | 'picker';
  /** Called on Escape. */
  close(): void;
}

/** A question over the page. It uses the browser's own dialog, which keeps the focus and brings no styles of its own. */
export function Modal({ title, children, look = 'question', close }: Props): ReactNode {
  const ref = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useEffect(() => {
    const dialog = ref.current;
    const before = document.activeElement;
    dialog?.showModal();
    dialog?.querySelector<HTMLElement>('[data-first-focus]')?.focus();
    return () => {
      dialog?.close();
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={ref}
      className="panel modal"
      data-look={look}
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault();
        close();
      }}
    >
      <h2 className="panel-title" id={titleId}>
        {title}
      </h2>
      {children}
    </dialog>
  );
}

interface Choice {
  readonly label: string;
  readonly look?: 'primary' | 'danger';
  run(): void;
}

/** @param choices the last one loses nothing: it has the focus, and Escape chooses it as well */
export function Question({
  title,
  words,
  choices,
}: {
  readonly title: string;
  readonly words: ReactNode;
  readonly choices: readonly [...Choice[], Choice];
}): ReactNode {
  return (
    <Modal title={title} close={() => choices.at(-1)?.run()}>
      <div className="modal-words">{words}</div>
      <div className="modal-choices">
        {choices.map(({ label, look, run }, index) => (
          <button
            key={label}
            type="button"
            className="button"
            data-look={look}
            data-first-focus={index === choices.length - 1 ? '' : undefined}
            onClick={run}
          >
            {label}
          </button>
        ))}
      </div>
    </Modal>
  );
}
