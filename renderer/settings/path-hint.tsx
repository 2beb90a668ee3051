import { TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { secretParameter } from './pasted-address.ts';

/** What an address or a path that was typed comes to, and one click that puts it there. */
export function Offer({
  field,
  words,
  button,
  take,
}: {
  /** Gets the cursor back: the button goes with what it did. */
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

/** That a part of a path would better be kept as a secret; nothing where none looks like one. */
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
