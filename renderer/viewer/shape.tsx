import type { ReactNode } from 'react';
import type { Tone } from '../stores/tile-summary.ts';

/** The shape that stands for a tone beside its colour and word (look.md); none when all is quiet. */
export function Shape({ tone }: { tone: Tone }): ReactNode {
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
  'no-video': <path d="M0.5 0.5h9v9h-9Z" fill="currentColor" />,
} as const;
