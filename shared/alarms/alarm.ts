import { z } from 'zod';
import { MAX_CAMERA_ID } from '../config/camera-id.ts';
import { gatewayWordsSchema } from '../gateway/gateway-words.ts';

const instant = z.iso.datetime().max(40);
const streamId = z.string().max(140);

/** The kinds of alarm, gravest first. */
export const ALARM_KINDS = [
  /** Every tile of the window gets nothing from every site: the sites or the network may be the cause (rule 10). */
  'local-network',
  /** Holdfast's own host, through which all streams come, did not answer: this workstation is the cause (rule 10). */
  'host-blocked',
  /**
   * Media is late from all sites at once: this workstation's link is the cause, and its tiles show sub-streams (rule
   * 10).
   */
  'thin-link',
  /** No stream of the camera gives a picture. */
  'no-video',
  'black',
  'frozen',
  /** Evidence made the tile leave a site; back to normal once the tile is on its first site. */
  'changed-over',
  /** The picture is fine, but no other site is alive. */
  'no-redundancy',
] as const;
export type AlarmKind = (typeof ALARM_KINDS)[number];

/** The cause of `local-network` where the workstation is in no network: only loopback has an address. */
export const NO_NETWORK = 'no-network';

const MAIN_STREAMS = /^(\d{1,3})-main-streams$/;

/** The cause of `thin-link`: the number of main streams that the link was to carry. */
export function mainStreamsCause(streams: number): string {
  return `${streams}-main-streams`;
}

/** The number of main streams in a cause of `thin-link`; `null` for any other cause. */
export function mainStreamsOf(cause: string | null): number | null {
  const streams = MAIN_STREAMS.exec(cause ?? '')?.[1];
  return streams === undefined ? null : Number(streams);
}

/** The place of an alarm: the view's name, the cell counted from 1, and the camera's id. */
export const alarmPlaceSchema = z.strictObject({
  view: z.string().max(80),
  tile: z.int().min(1).max(64),
  camera: z.string().max(MAX_CAMERA_ID),
});
export type AlarmPlace = z.infer<typeof alarmPlaceSchema>;

/**
 * The states of ANSI/ISA-18.2. Every alarm latches: when its reason is gone, it stays until somebody has acknowledged
 * it. A `normal` alarm is not shown; it is remembered for a while, because its reason may come again.
 */
export const ALARM_STATES = ['unacknowledged', 'acknowledged', 'returned-unacknowledged', 'normal'] as const;

/** An alarm that comes and goes: one alarm, however often its reason appears. Times are UTC. */
export const comesAndGoesSchema = z.strictObject({
  /** When its reason first appeared. */
  since: instant,
  /** When it was first reported as coming and going: at the first repetition. */
  toldAt: instant,
  /** How often its reason appeared. */
  turns: z.int().min(2),
  /** How long its reason was present in the occurrences that have ended, total and longest, ms. */
  stoodMs: z.number().min(0),
  longestMs: z.number().min(0),
});

/** One alarm of one camera, in whatever view it is; its occurrences are counted, not listed. */
export const alarmSchema = z.strictObject({
  /** {@link alarmId}. */
  id: z.string().max(MAX_CAMERA_ID + 40),
  alarm: z.enum(ALARM_KINDS),
  state: z.enum(ALARM_STATES),
  /** Where it was last reported; `null` for an alarm of the window as a whole. */
  place: alarmPlaceSchema.nullable(),
  /** The first and the latest of the occurrences in `count`, UTC. */
  firstAt: instant,
  lastAt: instant,
  count: z.int().min(1),
  /** The stream that it is about, `<siteId>/<quality>`, if any. */
  stream: streamId.nullable(),
  /** The stream shown since then, or after its return to normal; `null` if unknown. */
  shown: streamId.nullable(),
  cause: z.string().max(40).nullable(),
  /** Time since which its reason is gone; `null` while it is present. */
  returnedAt: instant.nullable(),
  /** `null` for an alarm that does not come and go, and in files of earlier releases. */
  comesAndGoes: comesAndGoesSchema.nullable().default(null),
});
export type Alarm = z.infer<typeof alarmSchema>;

/**
 * A tile's report of an alarm. The tile reports each change and once after its start, so that an alarm never outlasts
 * its reason when its end was missed. A repeated report changes nothing.
 */
export const alarmReportSchema = z.discriminatedUnion('transition', [
  z.strictObject({
    transition: z.literal('raised'),
    alarm: z.enum(ALARM_KINDS),
    time: instant,
    place: alarmPlaceSchema.nullable(),
    stream: streamId.nullable(),
    shown: streamId.nullable(),
    cause: z.string().max(40).nullable(),
    /** The gateway's message about the stream's failure, for the journal. */
    words: gatewayWordsSchema.optional(),
  }),
  z.strictObject({
    transition: z.literal('returned'),
    alarm: z.enum(ALARM_KINDS),
    time: instant,
    place: alarmPlaceSchema.nullable(),
    shown: streamId.nullable(),
  }),
]);
export type AlarmReport = z.infer<typeof alarmReportSchema>;

/** An alarm as somebody saw it: what happened later is not acknowledged with it. */
export const seenAlarmSchema = alarmSchema.pick({ id: true, lastAt: true });
export type SeenAlarm = z.infer<typeof seenAlarmSchema>;

export function alarmId(alarm: AlarmKind, place: AlarmPlace | null): string {
  return place === null ? alarm : `${alarm} ${place.camera}`;
}

/** Whether it needs attention: its reason is present, or comes and goes. */
export function isActive({ state }: Pick<Alarm, 'state'>): boolean {
  return state === 'unacknowledged' || state === 'acknowledged';
}

export function isUnacknowledged({ state }: Pick<Alarm, 'state'>): boolean {
  return state === 'unacknowledged' || state === 'returned-unacknowledged';
}

export function isListed({ state }: Pick<Alarm, 'state'>): boolean {
  return state !== 'normal';
}
