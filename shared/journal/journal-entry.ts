import { z } from 'zod';
import { ALARM_KINDS } from '../alarms/alarm.ts';
import { MAX_CAMERA_ID } from '../config/camera-id.ts';
import { gatewayWordsSchema } from '../gateway/gateway-words.ts';

/** Fractions of a second may have any number of digits: they are bounded. */
const instant = z.iso.datetime().max(40);
/** The cell, counted from 1, row by row. */
const tile = z.int().min(1).max(64);
const view = z.string().max(80);
const camera = z.string().max(MAX_CAMERA_ID);

/** What an alarm line tells of: that an alarm came, or that its reason is gone. */
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

/** A tile's change of picture: the one kind of line that a window tells of. The others are the host's own. */
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
  /** The first evidence against `from`, where evidence was the reason. */
  firstEvidenceAt: instant.nullable(),
  /** The first frame of `to` on the screen. */
  firstFrameAt: instant,
  /** Longest time without a new picture around the change, from frame to frame, in ms; `null` at the start. */
  gapMs: z.number().min(0).nullable(),
  /** How far the picture's program date-time jumped beyond the time that passed, in ms; `null` without date-times. */
  jumpMs: z.number().nullable(),
  /** What the gateway said last of `from`'s failure, where that is more than the cause says. */
  words: gatewayWordsSchema.optional(),
});
export type ChangeEntry = z.infer<typeof changeEntrySchema>;

/**
 * One line of the journal (behaviour.md, "What a tile knows of each change"). Times are UTC, ISO 8601 with
 * milliseconds.
 */
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
    /** The stream that the alarm is about; with its end the one that is shown then. */
    stream: z.string().max(140).nullable(),
    cause: z.string().max(40).nullable(),
    /** What the gateway said last of `stream`'s failure, where that is more than the cause says. */
    words: gatewayWordsSchema.optional(),
    /** Where the line stands for many: its turns have no lines of their own. */
    comesAndGoes: z
      .strictObject({
        /** `begins`: the reason came again soon after its end; `ends`: it stays away; `lasts`: it stays. */
        phase: z.enum(['begins', 'ends', 'lasts']),
        /** When the reason came for the first time of these; where the coming and going ends, when it went for the last time. */
        since: instant,
        until: instant.nullable(),
        /** How often the reason came, and for how long it stood in all, ms. */
        turns: z.int().min(2),
        stoodMs: z.number().min(0),
      })
      .optional(),
  }),
  /** Somebody has seen an alarm. */
  z.strictObject({
    kind: z.literal('acknowledged'),
    time: instant,
    view: view.nullable(),
    tile: tile.nullable(),
    camera: camera.nullable(),
    alarm: z.enum(ALARM_KINDS),
    /** The name of the operating system's user, or "operator" where it cannot be told. */
    by: z.string().min(1).max(256),
  }),
]);
export type JournalEntry = z.infer<typeof journalEntrySchema>;
