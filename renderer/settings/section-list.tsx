import { Cctv, Clapperboard, LayoutGrid, type LucideIcon, Scale, Server } from 'lucide-react';
import type { ReactNode } from 'react';
import { SECTIONS, type Section } from './field-of-path.ts';
import { IssueMark } from './issue-mark.tsx';
import { useIssueCount, useSettings } from './settings-context.tsx';

const LOOKS: Readonly<Record<Section, { readonly label: string; readonly Icon: LucideIcon }>> = {
  sites: { label: 'Sites', Icon: Server },
  cameras: { label: 'Cameras', Icon: Cctv },
  views: { label: 'Views', Icon: LayoutGrid },
  policies: { label: 'Policies', Icon: Scale },
};

interface Props {
  /** Asks first where edits would be lost. */
  showDemo(): void;
}

export function SectionList({ showDemo }: Props): ReactNode {
  const { source, path } = useSettings(({ loaded }) => loaded);
  return (
    <nav className="sections" aria-label="Sections">
      <ul>
        {SECTIONS.map((section) => (
          <li key={section}>
            <SectionLink section={section} />
          </li>
        ))}
      </ul>
      {source === 'own' && (
        <div className="sections-end">
          <p className="sections-path selectable" title={path}>
            {path}
          </p>
          <button type="button" className="button" onClick={showDemo}>
            <Clapperboard size={16} aria-hidden />
            Show the demo
          </button>
        </div>
      )}
    </nav>
  );
}

function SectionLink({ section }: { readonly section: Section }): ReactNode {
  const current = useSettings((state) => state.section);
  const showSection = useSettings((state) => state.showSection);
  const items = useSettings(({ form }) => (section === 'policies' ? null : form[section].length));
  const issues = useIssueCount(section);
  const { label, Icon } = LOOKS[section];
  return (
    <button
      type="button"
      className="section-link"
      aria-current={current === section ? 'page' : undefined}
      onClick={() => showSection(section)}
    >
      <Icon size={16} aria-hidden />
      {label}
      <span className="section-count figures">{issues > 0 ? <IssueMark count={issues} /> : items}</span>
    </button>
  );
}
