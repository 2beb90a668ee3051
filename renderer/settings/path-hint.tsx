import { TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { secretParameter } from './pasted-address.ts';

/** What a typed address or path means, and a button that enters it into the field. */
export function Offer({
  field,
  words,
  button,
  take,
}: {
  /** Gets the focus back: the button disappears after the click. */
  readonly field: string;
  readonly words: ReactNode;
  readonly button: string;
  take(): void;
}): ReactNode {
  const press = (): void => {
    take();
    document.getElementById(field)?.focus();
  };
  return (
    <p className="form-offer">
      <span>{words}</span>
      <button type="button" className="button" onClick={press}>
        {button}
      </button>
    </p>
  );
}

/** Advises to keep a part of a path as a secret; nothing where no part looks like one. */
export function SecretHint({ path }: { readonly path: string }): ReactNode {
  const name = secretParameter(path);
  if (name === null) return null;
  return (
    <span className="form-warning">
      <TriangleAlert size={14} aria-hidden />
      {`“${name}” looks like a secret, and a path can be read in every window. Login, “Parameter in each address”, keeps it secret.`}
    </span>
  );
}
