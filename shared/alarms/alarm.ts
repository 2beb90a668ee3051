import { z } from 'zod';
import { MAX_CAMERA_ID } from '../config/camera-id.ts';
import { gatewayWordsSchema } from '../gateway/gateway-words.ts';

const instant = z.iso.datetime().max(40);
const streamId = z.string().max(140);

/** What an operator has to know of and settle, the gravest first. */
export const ALARM_KINDS = [
  /** Every tile of the window is silent on every site, whether the sites or the way to them is to blame (rule 10). */
  'local-network',
  /** Holdfast's own host, through which all streams come, did not answer: this workstation is to blame (rule 10). */
  'host-blocked',
  /** Media comes late from all sites at once: this workstation's link is to blame, and its tiles show sub-streams (rule 10). */
  'thin-link',
  /** No stream of the camera gives a picture. */
  'no-video',
  'black',
  'frozen',
  /** Evidence made the tile leave a site; normal again once it is back on its first one. */
  'changed-over',
  /** The picture is fine, but no other site is alive. */
  'no-redundancy',
] as const;
export type AlarmKind = (typeof ALARM_KINDS)[number];

/** The cause of `local-network` where the workstation is in no network: no interface but loopback has an address of one. */
export const NO_NETWORK = 'no-network';

const MAIN_STREAMS = /^(\d{1,3})-main-streams$/;

/** The cause of `thin-link`: how many main streams the link was to carry. */
export function mainStreamsCause(streams: number): string {
  return `${streams}-main-streams`;
}

/** How many main streams a cause of `thin-link` tells of; `null` for any other cause. */
export function mainStreamsOf(cause: string | null): number | null {
  const streams = MAIN_STREAMS.exec(cause ?? '')?.[1];
  return streams === undefined ? null : Number(streams);
}

/** The place that told of an alarm: its view's name, its cell counted from 1, and its camera's id. */
export const alarmPlaceSchema = z.strictObject({
  view: z.string().max(80),
  tile: z.int().min(1).max(64),
  camera: z.string().max(MAX_CAMERA_ID),
});
export type AlarmPlace = z.infer<typeof alarmPlaceSchema>;

/**
 * The states of ANSI/ISA-18.2. Every alarm latches: its reason gone, it stays until somebody has acknowledged it. One that is
 * normal is on no list: it is remembered for a while, because its reason may come again.
 */
export const ALARM_STATES = ['unacknowledged', 'acknowledged', 'returned-unacknowledged', 'normal'] as const;

/** An alarm that comes and goes: one alarm, however often its reason comes. Times are UTC. */
export const comesAndGoesSchema = z.strictObject({
  /** When its reason came for the first time of these. */
  since: instant,
  /** When it was told that it comes and goes: at the second time. */
  toldAt: instant,
  /** How often its reason came. */
  turns: z.int().min(2),
  /** How long its reason stood in those turns that have ended, in all and at most, ms. */
  stoodMs: z.number().min(0),
  longestMs: z.number().min(0),
});

/** One alarm of one camera, whatever view shows it; how often it came is counted, not listed. */
export const alarmSchema = z.strictObject({
  /** {@link alarmId}. */
  id: z.string().max(MAX_CAMERA_ID + 40),
  alarm: z.enum(ALARM_KINDS),
  state: z.enum(ALARM_STATES),
  /** Where it was told last; `null` for what concerns the window as a whole. */
  place: alarmPlaceSchema.nullable(),
  /** The first and the latest of the occurrences counted by `count`, UTC. */
  firstAt: instant,
  lastAt: instant,
  count: z.int().min(1),
  /** The stream that it is about, `<siteId>/<quality>`, where it is about one. */
  stream: streamId.nullable(),
  /** The stream shown since, or after its return to normal; `null` where none is known. */
  shown: streamId.nullable(),
  cause: z.string().max(40).nullable(),
  /** Since when its reason is gone; `null` while it is there. */
  returnedAt: instant.nullable(),
  /** `null` where it does not come and go; files of former releases know nothing of it. */
  comesAndGoes: comesAndGoesSchema.nullable().default(null),
});
export type Alarm = z.infer<typeof alarmSchema>;

/**
 * What a tile tells of an alarm. It tells where it stands whenever that changes and once after its start, so that an
 * alarm never outlasts its reason because nobody was there to see it end: being told the same again changes nothing.
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
    /** What the gateway said of the stream's failure, for the journal. */
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

/** An alarm as somebody saw it: what happened since is not acknowledged with it. */
export const seenAlarmSchema = alarmSchema.pick({ id: true, lastAt: true });
export type SeenAlarm = z.infer<typeof seenAlarmSchema>;

export function alarmId(alarm: AlarmKind, place: AlarmPlace | null): string {
  return place === null ? alarm : `${alarm} ${place.camera}`;
}

/** Whether there is something to see to: its reason is there, or comes and goes. */
export function isActive({ state }: Pick<Alarm, 'state'>): boolean {
  return state === 'unacknowledged' || state === 'acknowledged';
}

export function isUnacknowledged({ state }: Pick<Alarm, 'state'>): boolean {
  return state === 'unacknowledged' || state === 'returned-unacknowledged';
}

export function isListed({ state }: Pick<Alarm, 'state'>): boolean {
  return state !== 'normal';
}
