import { z } from 'zod';
import { ALARM_KINDS } from '../alarms/alarm.ts';
import { MAX_CAMERA_ID } from '../config/camera-id.ts';
import { gatewayWordsSchema } from '../gateway/gateway-words.ts';

/** Fractions of a second may have any number of digits, so the length is limited. */
const instant = z.iso.datetime().max(40);
/** The cell, counted from 1, row by row. */
const tile = z.int().min(1).max(64);
const view = z.string().max(80);
const camera = z.string().max(MAX_CAMERA_ID);

/** What an alarm entry is about: that an alarm came, or that its reason is gone. */
export const ALARM_NAMES = [
  ...ALARM_KINDS,
  'local-network-restored',
  'host-answers',
  'link-restored',
  'video-restored',
  'black-ended',
  'frozen-ended',
  'changed-back',
  'redundancy-restored',
] as const;
export type AlarmName = (typeof ALARM_NAMES)[number];

/** A tile's change of picture: the only kind of entry that a window may send. The host itself writes the others. */
export const changeEntrySchema = z.strictObject({
  kind: z.literal('change'),
  /** When the tile decided. */
  time: instant,
  view,
  tile,
  camera,
  /** Stream ids, `<siteId>/<quality>`; `null` where no picture was shown before. */
  from: z.string().max(140).nullable(),
  to: z.string().max(140),
  cause: z.string().max(40),
  /** The first evidence against `from`, if evidence was the reason. */
  firstEvidenceAt: instant.nullable(),
  /** When the first frame of `to` was on the screen. */
  firstFrameAt: instant,
  /** Longest time without a new picture around the change, from frame to frame, in ms; `null` at the start. */
  gapMs: z.number().min(0).nullable(),
  /** The jump of the picture's program date-time beyond the time that passed, in ms; `null` without date-times. */
  jumpMs: z.number().nullable(),
  /** The gateway's last message about `from`'s failure, if it says more than the cause. */
  words: gatewayWordsSchema.optional(),
});
export type ChangeEntry = z.infer<typeof changeEntrySchema>;

/** One journal entry. Times are UTC, ISO 8601 with milliseconds. */
export const journalEntrySchema = z.discriminatedUnion('kind', [
  changeEntrySchema,
  z.strictObject({
    kind: z.literal('alarm'),
    time: instant,
    /** View, tile and camera are `null` where the alarm concerns the window as a whole. */
    view: view.nullable(),
    tile: tile.nullable(),
    camera: camera.nullable(),
    alarm: z.enum(ALARM_NAMES),
    /** The stream that the alarm is about; for its end, the stream that is then shown. */
    stream: z.string().max(140).nullable(),
    cause: z.string().max(40).nullable(),
    /** The gateway's last message about `stream`'s failure, if it says more than the cause. */
    words: gatewayWordsSchema.optional(),
    /** For an entry about an alarm that comes and goes: its single occurrences have no entries. */
    comesAndGoes: z
      .strictObject({
        /** `begins`: the reason came again soon after its end; `ends`: it stays away; `lasts`: it stays. */
        phase: z.enum(['begins', 'ends', 'lasts']),
        /** When the reason first appeared; with `ends`, when it disappeared for the last time. */
        since: instant,
        until: instant.nullable(),
        /** How often the reason appeared, and for how long it was present in total, ms. */
        turns: z.int().min(2),
        stoodMs: z.number().min(0),
      })
      .optional(),
  }),
  /** Somebody has acknowledged an alarm. */
  z.strictObject({
    kind: z.literal('acknowledged'),
    time: instant,
    view: view.nullable(),
    tile: tile.nullable(),
    camera: camera.nullable(),
    alarm: z.enum(ALARM_KINDS),
    /** The name of the operating system's user, or "operator" if it is unknown. */
    by: z.string().min(1).max(256),
  }),
]);
export type JournalEntry = z.infer<typeof journalEntrySchema>;
