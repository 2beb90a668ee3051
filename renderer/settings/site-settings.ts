import type { Site } from '../../shared/config/config.ts';
import { lightWatchWords } from '../../shared/light-watch.ts';
import type { Setting } from './setting.ts';

/** Parts of a site that have fields of their own: an id that may be made, a list, and a login of several kinds. */
type OwnFields = 'id' | 'furtherAddresses' | 'credentials';

type SiteSetting = Setting<Exclude<keyof Site, OwnFields>>;

/** What a site is asked for, in the order of its form. */
export const SITE_SETTINGS = {
  name: {
    kind: 'text',
    path: 'name',
    label: 'Name',
    changeName: 'name',
    sentence: 'Operators see it in each tile’s badge.',
  },
  baseUrl: {
    kind: 'text',
    path: 'baseUrl',
    label: 'Address',
    changeName: 'address',
    sentence: 'Where the site serves HLS. Holdfast asks for nothing outside of it.',
    look: 'address',
    placeholder: 'https://vms.example.com/live/',
  },
  mainPath: {
    kind: 'text',
    path: 'mainPath',
    label: 'Path of a camera’s playlist',
    changeName: 'path',
    look: 'address',
    placeholder: '{camera}/index.m3u8',
    absent: '',
  },
  subPath: {
    kind: 'text',
    path: 'subPath',
    label: 'Path of the small picture, for small tiles',
    changeName: 'sub path',
    look: 'address',
    placeholder: 'none',
    absent: '',
  },
  maintenance: {
    kind: 'switch',
    path: 'maintenance',
    label: 'In maintenance',
    changeName: 'maintenance',
    sentence:
      'Ranks last: tiles leave this site one after the other, where another one is alive, and return when it is switched off again.',
    absent: false,
  },
  tlsPin: {
    kind: 'text',
    path: 'tlsPin',
    label: 'Certificate fingerprint (SHA-256)',
    changeName: 'certificate',
    sentence: 'For a certificate that no authority has signed: only this one is trusted then. 64 hex digits.',
    look: 'address',
    placeholder: 'none: authorities are trusted',
    absent: '',
  },
  watch: {
    kind: 'choice',
    path: 'watch',
    label: 'Watching',
    changeName: 'watching',
    options: [
      {
        value: 'full',
        label: 'All the time',
        sentence:
          'Every stream of every camera is watched, so that a loss of redundancy is noticed at once. The default.',
      },
      {
        value: 'light',
        label: 'Light',
        sentence: `${lightWatchWords()} For servers that start a stream when it is asked for: watched all the time, it would never end.`,
      },
    ],
    absent: 'full',
  },
  watchInterval: {
    kind: 'number',
    path: 'watchIntervalMs',
    label: 'Ask for playlists every',
    changeName: 'watch interval',
    sentence:
      'How often the playlist of a watched stream is asked for, 0.25 to 60 s. A longer interval spares the site requests and notices a fault later; it does not let a server stop what it started on demand: light watching does. Left empty, each stream’s own pace is followed.',
    unit: 's',
    absent: '',
  },
  hotStandbyLimit: {
    kind: 'number',
    path: 'hotStandbyLimit',
    label: 'Most standbys that play from it at once',
    changeName: 'hot standbys',
    sentence:
      'Where the site, or the way to it, can only serve so many: standbys beyond that are probed only. Left empty, this workstation’s load decides.',
    unit: null,
    absent: '',
  },
} as const satisfies Readonly<Record<string, SiteSetting>>;

export type SiteSettingName = keyof typeof SITE_SETTINGS;

export const SITE_SETTING_NAMES = Object.keys(SITE_SETTINGS) as readonly SiteSettingName[];
