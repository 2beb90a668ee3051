import { Clapperboard, FileWarning, GitCompareArrows, Lock } from 'lucide-react';
import type { ReactNode } from 'react';
import { useSettings } from './settings-context.tsx';

/** What the admin has to know first, at the top of the page. */
export function Banners(): ReactNode {
  const { source, access, notice } = useSettings(({ loaded }) => loaded);
  const question = useSettings((state) => state.question);
  const startFrom = useSettings((state) => state.startFrom);
  const keepMine = useSettings((state) => state.keepMine);
  const takeTheirs = useSettings((state) => state.takeTheirs);
  return (
    <>
      {question.kind === 'conflict' && (
        <Banner icon={<GitCompareArrows size={16} aria-hidden />} look="question">
          <p>
            The configuration was changed on disk. Keep yours or take that one? Nothing is overwritten before
            Apply.
          </p>
          <button type="button" className="button" onClick={() => void keepMine()}>
            Keep mine
          </button>
          <button type="button" className="button" onClick={() => void takeTheirs()}>
            Take the one on disk
          </button>
        </Banner>
      )}
      {source === 'demo' && (
        <Banner icon={<Clapperboard size={16} aria-hidden />}>
          <p>This is the demo’s configuration: you can look at it, but not change it.</p>
          <button type="button" className="button" data-look="primary" onClick={() => void startFrom('own')}>
            Set up your own sites
          </button>
        </Banner>
      )}
      {source === 'own' && notice !== null && (
        <Banner icon={<FileWarning size={16} aria-hidden />} look="warning">
          <p className="selectable">{notice}</p>
        </Banner>
      )}
      {source === 'own' && access === 'read-only' && notice === null && (
        <Banner icon={<Lock size={16} aria-hidden />}>
          <p>You can look at the configuration here, but not change it.</p>
        </Banner>
      )}
    </>
  );
}

function Banner({
  icon,
  look,
  children,
}: {
  readonly icon: ReactNode;
  readonly look?: 'warning' | 'question';
  readonly children: ReactNode;
}): ReactNode {
  return (
    <section className="banner" data-look={look} role={look === undefined ? undefined : 'alert'}>
      {icon}
      {children}
    </section>
  );
}
