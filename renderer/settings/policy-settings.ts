import {
  ALLOWED_LAG_MS,
  type Policies,
  REACTION_TIME_MS,
  STABLE_TIME_MS,
} from '../../shared/config/config.ts';
import { hoursWords } from './policy-words.ts';
import type { PathIn, Setting } from './setting.ts';

/** The groups of the section, in their order. */
export const POLICY_GROUPS = {
  failure: 'When a site fails',
  return: 'When the site comes back',
} as const;

type PolicySetting = Setting<PathIn<Policies>> & { readonly group: keyof typeof POLICY_GROUPS };

/** Every policy, in the order of the section. */
export const POLICY_SETTINGS = {
  reactionTime: {
    kind: 'number',
    group: 'failure',
    path: 'reactionTimeMs',
    label: 'Reaction Time',
    sentence: 'How long evidence against a stream must last until the stream counts as lost.',
    unit: 'ms',
    range: REACTION_TIME_MS,
  },
  bridgeAtOnce: {
    kind: 'switch',
    group: 'failure',
    path: 'bridgeAtOnce',
    label: 'Bridge at once',
    sentence: {
      on: 'On, the default: a tile whose picture would run dry changes over before Reaction Time is up, as soon as another site’s picture is there.',
      off: 'Off: Reaction Time counts alone, even if the picture stops before. On is the default.',
    },
  },
  hotStandbys: {
    kind: 'choice',
    group: 'failure',
    path: 'hotStandbys',
    label: 'Hot standbys',
    options: [
      {
        value: 'auto',
        label: 'As many as this workstation has room for',
        sentence:
          'The other site’s picture plays unseen underneath, so that a change-over takes a frame or two. Tiles beyond the room start theirs when it is needed. The default.',
      },
      {
        value: 'all',
        label: 'For every tile',
        sentence:
          'Every tile plays its next site’s picture unseen underneath, whatever it costs: network and processor do twice the work.',
      },
      {
        value: 'off',
        label: 'None',
        sentence:
          'Standbys are only probed, and start when they are needed. The least load; pictures may stop for a moment when many tiles change over at once.',
      },
    ],
  },
  failbackMode: {
    kind: 'choice',
    group: 'return',
    path: 'failback.mode',
    label: 'Failback',
    // {site} is replaced by the name of the first site.
    options: [
      {
        value: 'automatic',
        label: 'Automatic',
        sentence: 'The tile returns by itself once the site has proved itself. The default.',
      },
      {
        value: 'manual',
        label: 'Manual',
        sentence: 'The tile stays, and offers “Return to {site}” to the operator.',
      },
      {
        value: 'never',
        label: 'Never',
        sentence: 'The tile stays until it has to change again. “Return to {site}” is offered as well.',
      },
    ],
  },
  stableTime: {
    kind: 'number',
    group: 'return',
    path: 'failback.stableMs',
    label: 'Stable time',
    changeName: 'stable time',
    sentence:
      'How long a site must be without a fault, its streams moving at their pace, until it has proved itself.',
    unit: 's',
    range: STABLE_TIME_MS,
  },
  allowedLag: {
    kind: 'number',
    group: 'return',
    path: 'failback.allowedLagMs',
    label: 'Allowed lag',
    changeName: 'allowed lag',
    sentence: 'How much older than the shown picture the returning site’s may be.',
    unit: 's',
    range: ALLOWED_LAG_MS,
  },
  allowedHours: {
    kind: 'hours',
    group: 'return',
    path: 'failback.allowedHours',
    label: 'Return within certain hours only',
    changeName: 'allowed hours',
    sentence: hoursWords,
    absent: null,
  },
} as const satisfies Readonly<Record<string, PolicySetting>>;

export type PolicyName = keyof typeof POLICY_SETTINGS;

export const POLICY_NAMES = Object.keys(POLICY_SETTINGS) as readonly PolicyName[];
