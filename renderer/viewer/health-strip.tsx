import { type ReactNode, useMemo } from 'react';
import { useTileSummaries } from '../stores/tile-summaries.ts';
import { Shape } from '../ui/shape.tsx';
import { healthParts } from './health-parts.ts';

export function HealthStrip(): ReactNode {
  const tiles = useTileSummaries((state) => state.tiles);
  const parts = useMemo(() => healthParts([...tiles.values()]), [tiles]);
  return (
    <output className="health figures" title={parts.map((part) => part.words).join('\n')}>
      {parts.map(({ tone, words }) => (
        <span key={words} className="health-part" data-tone={tone}>
          <Shape tone={tone} />
          {words}
        </span>
      ))}
    </output>
  );
}
