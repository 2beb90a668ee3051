import type { ReactNode } from 'react';
import type { Tone } from '../stores/tile-summary.ts';

/** A tone, or that the first site is coming back. */
export type Mark = Tone | 'returning';

/** The shape of a tone, shown beside its colour and word; none when all is quiet. */
export function Shape({ tone }: { tone: Mark }): ReactNode {
  if (tone === 'quiet') return null;
  return (
    <svg className="shape" data-tone={tone} viewBox="0 0 10 10" aria-hidden="true">
      {SHAPES[tone]}
    </svg>
  );
}

const SHAPES = {
  backup: <path d="M5 0.5 10 9.5H0Z" fill="currentColor" />,
  'no-redundancy': <path d="M5 2 8.9 9H1.1Z" fill="none" stroke="currentColor" strokeWidth="1.4" />,
  returning: (
    <>
      <circle cx="5" cy="5" r="4.2" fill="none" stroke="currentColor" strokeWidth="1.4" />
      <path d="M5 5V0.8A4.2 4.2 0 0 1 9.2 5Z" fill="currentColor" />
    </>
  ),
  'picture-fault': <path d="M5 0.2 9.8 5 5 9.8 0.2 5Z" fill="currentColor" />,
  'no-video': <path d="M0.5 0.5h9v9h-9Z" fill="currentColor" />,
} as const;
