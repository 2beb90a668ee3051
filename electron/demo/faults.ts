import { z } from 'zod';
import { type DemoFault, demoFaultSchema } from '../../shared/demo.ts';
import { type LostFiles, type LostMedia, type StreamCondition, USUAL_CONDITION } from './live-files.ts';

/** Faults without parameters, beside those of the demo bar. */
const NAMED_FAULTS = [
  /** Answers break off in the middle with a reset. */
  'reset',
  /** See {@link FaultEffect.connections}. */
  'silent',
  'truncated',
  'corrupt',
  'not-media',
  'picture-frozen',
  'picture-black',
  'restart',
  /** One segment, the first that begins under the fault, is listed and missing. */
  'segment-lost',
  /** The camera sends nothing to the server, which goes on answering in its own way, by default with 404. */
  'source-gone',
  'other-encoding',
  'no-date-times',
  'certificate-changed',
  'certificate-expired',
] as const;
type NamedFault = DemoFault | (typeof NAMED_FAULTS)[number];

/** The faults of a site, or of one camera of it. They include the demo bar's faults. */
export const faultSchema = z.union([
  demoFaultSchema,
  z.enum(NAMED_FAULTS),
  z.discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('status'),
      status: z.int().min(400).max(599),
      /** `media` means segments and parts; init segments, which a player already has, are served. */
      of: z.enum(['everything', 'playlists', 'media']),
      /** Time after which the server sends it; immediately by default. Milliseconds. */
      afterMs: z.number().min(0).optional(),
    }),
    /**
     * The login in use expires: every request is refused until a login is used that was issued after the fault began.
     */
    z.strictObject({ kind: z.literal('login-expired'), status: z.union([z.literal(401), z.literal(403)]) }),
    /** Rate of media for each answer, bytes per second. */
    z.strictObject({ kind: z.literal('slow'), bytesPerS: z.number().positive() }),
    /** These parts of one segment, the first that begins under the fault, are listed and missing. */
    z.strictObject({
      kind: z.literal('parts-lost'),
      parts: z.array(z.int().min(0)).min(1),
      /** Whether the segment is available as a whole once it is complete. */
      whole: z.union([z.literal('lost'), z.literal('there')]),
    }),
    /** The site's clock, and with it its program date-times, jumps by this many milliseconds. */
    z.strictObject({ kind: z.literal('clock-jump'), byMs: z.int() }),
  ]),
]);
export type Fault = z.infer<typeof faultSchema>;

/** The purpose of a request: `media` means segments and parts, and every other file. */
export type RequestKind = 'login' | 'playlist' | 'init' | 'media';

/**
 * The effect on answers. A number is that HTTP status; `held`: no byte is sent, neither of new answers nor of begun
 * ones.
 */
export type AnswerEffect = 'given' | 'held' | 'reset' | number;

/** The effect of a fault on requests. A fault is a combination of these effects, and so are several faults at once. */
export interface FaultEffect {
  /**
   * `refused`: at a whole site nothing listens and every connection is cut; for one camera its connections are reset.
   * `silent`: the site's sockets, also new ones, are neither read nor written, and none is closed. This differs from
   * lost packets on a real line in two ways. The kernel still completes the handshake of a new connection, so that a
   * client waits for an answer and not for the connection. And it still acknowledges what fits into the socket's
   * buffer, so that a client's sends do not time out. For one camera, whose connections others use too, `silent` is the
   * same as `held`.
   */
  readonly connections: 'open' | 'refused' | 'silent';
  readonly answers: Readonly<Record<RequestKind, AnswerEffect>>;
  /** Time after which the server sends a status in place of an answer, ms. */
  readonly statusAfterMs: number;
  /** The status for a login that was issued before the fault began; `null` leaves logins valid. */
  readonly expiredLogin: 401 | 403 | null;
  /** `frozen`: playlists stay as they were when the fault began. */
  readonly playlists: 'moving' | 'frozen';
  /**
   * `truncated`: the first half, as a complete answer; `corrupt`: bytes flipped everywhere; `not-media`: an HTML page
   * with the media's content type.
   */
  readonly media: 'whole' | 'truncated' | 'corrupt' | 'not-media';
  /** For each answer with media. */
  readonly mediaBytesPerS: number | null;
  readonly picture: StreamCondition['picture'];
  readonly encoding: StreamCondition['encoding'];
  /** `restarted`: connections are cut once, and the media sequence begins at 0 at the time of the fault. */
  readonly server: 'running' | 'restarted';
  readonly source: 'sending' | 'gone';
  /** Lost files of one segment, the first that begins under the fault. */
  readonly lost: LostFiles | null;
  readonly dateTimes: 'given' | 'left-out';
  /** Error of the site's clock, milliseconds. */
  readonly clockJumpMs: number;
  /** The certificate that new connections get; open ones are cut when it changes. Only for a whole site with TLS. */
  readonly certificate: 'usual' | 'changed' | 'expired';
}

const NO_EFFECT: FaultEffect = {
  connections: 'open',
  answers: { login: 'given', playlist: 'given', init: 'given', media: 'given' },
  statusAfterMs: 0,
  expiredLogin: null,
  playlists: 'moving',
  media: 'whole',
  mediaBytesPerS: null,
  picture: USUAL_CONDITION.picture,
  encoding: USUAL_CONDITION.encoding,
  server: 'running',
  source: 'sending',
  lost: null,
  dateTimes: 'given',
  clockJumpMs: 0,
  certificate: 'usual',
};

const allAnswers = (effect: AnswerEffect): Partial<FaultEffect> => ({
  answers: { login: effect, playlist: effect, init: effect, media: effect },
});

const NAMED_EFFECTS: Readonly<Record<NamedFault, Partial<FaultEffect>>> = {
  none: {},
  stop: { connections: 'refused' },
  hang: allAnswers('held'),
  '503': allAnswers(503),
  freeze: { playlists: 'frozen' },
  reset: allAnswers('reset'),
  silent: { connections: 'silent' },
  truncated: { media: 'truncated' },
  corrupt: { media: 'corrupt' },
  'not-media': { media: 'not-media' },
  'picture-frozen': { picture: 'frozen' },
  'picture-black': { picture: 'black' },
  restart: { server: 'restarted' },
  'segment-lost': { lost: { parts: 'all', whole: 'lost' } },
  'source-gone': { source: 'gone' },
  'other-encoding': { encoding: 'other' },
  'no-date-times': { dateTimes: 'left-out' },
  'certificate-changed': { certificate: 'changed' },
  'certificate-expired': { certificate: 'expired' },
};

function effectOf(fault: Fault): FaultEffect {
  return { ...NO_EFFECT, ...(typeof fault === 'string' ? NAMED_EFFECTS[fault] : parametrised(fault)) };
}

function parametrised(fault: Exclude<Fault, string>): Partial<FaultEffect> {
  switch (fault.kind) {
    case 'status': {
      const { status, of, afterMs: statusAfterMs = 0 } = fault;
      if (of === 'everything') return { ...allAnswers(status), statusAfterMs };
      const kind = of === 'playlists' ? 'playlist' : 'media';
      return { answers: { ...NO_EFFECT.answers, [kind]: status }, statusAfterMs };
    }
    case 'login-expired':
      return { expiredLogin: fault.status };
    case 'slow':
      return { mediaBytesPerS: fault.bytesPerS };
    case 'parts-lost':
      return { lost: { parts: fault.parts, whole: fault.whole } };
    case 'clock-jump':
      return { clockJumpMs: fault.byMs };
  }
}

/** An active fault, with the time (ms since 1970) at which it began. */
export interface ActiveFault {
  readonly fault: Fault;
  readonly sinceMs: number;
}

export interface CombinedEffects
  extends Omit<FaultEffect, 'expiredLogin' | 'playlists' | 'server' | 'source' | 'lost' | 'dateTimes'> {
  /** The time (ms since 1970) that playlists show, where they do not move. */
  readonly frozenAtMs: number | null;
  readonly restartedAtMs: number | null;
  readonly sourceGoneSinceMs: number | null;
  readonly lost: LostMedia | null;
  /** Logins issued at `sinceMs` (ms since 1970) or before are refused with `status`. */
  readonly expiredLogin: { readonly status: 401 | 403; readonly sinceMs: number } | null;
  readonly dateTimes: FaultEffect['dateTimes'];
}

/**
 * The effects of several faults together: of each kind the worst; the earliest freeze and loss of the source; the
 * latest restart, lost media and expiry; the longest delay of a status; the sum of clock jumps.
 */
export function combinedEffects(faults: readonly ActiveFault[]): CombinedEffects {
  const active = faults.map(({ fault, sinceMs }) => ({ effect: effectOf(fault), sinceMs }));
  const effects = active.map(({ effect }) => effect);
  const rates = effects.flatMap(({ mediaBytesPerS }) => mediaBytesPerS ?? []);
  const since = (is: (effect: FaultEffect) => boolean): number[] =>
    active.filter(({ effect }) => is(effect)).map(({ sinceMs }) => sinceMs);
  const frozen = since(({ playlists }) => playlists === 'frozen');
  const restarted = since(({ server }) => server === 'restarted');
  const sourceGone = since(({ source }) => source === 'gone');
  const lost = active.flatMap(({ effect, sinceMs }) =>
    effect.lost === null ? [] : [{ ...effect.lost, sinceMs }],
  );
  const expired = active.flatMap(({ effect: { expiredLogin }, sinceMs }) =>
    expiredLogin === null ? [] : [{ status: expiredLogin, sinceMs }],
  );
  return {
    connections: worst(
      effects.map(({ connections }) => connections),
      ['refused', 'silent'],
      'open',
    ),
    answers: {
      login: worstAnswer(effects.map(({ answers }) => answers.login)),
      playlist: worstAnswer(effects.map(({ answers }) => answers.playlist)),
      init: worstAnswer(effects.map(({ answers }) => answers.init)),
      media: worstAnswer(effects.map(({ answers }) => answers.media)),
    },
    media: worst(
      effects.map(({ media }) => media),
      ['not-media', 'truncated', 'corrupt'],
      'whole',
    ),
    mediaBytesPerS: rates.length > 0 ? Math.min(...rates) : null,
    picture: worst(
      effects.map(({ picture }) => picture),
      ['black', 'frozen'],
      'moving',
    ),
    encoding: worst(
      effects.map(({ encoding }) => encoding),
      ['other'],
      'usual',
    ),
    dateTimes: worst(
      effects.map(({ dateTimes }) => dateTimes),
      ['left-out'],
      'given',
    ),
    certificate: worst(
      effects.map(({ certificate }) => certificate),
      ['expired', 'changed'],
      'usual',
    ),
    clockJumpMs: effects.reduce((sum, { clockJumpMs }) => sum + clockJumpMs, 0),
    frozenAtMs: frozen.length > 0 ? Math.min(...frozen) : null,
    restartedAtMs: restarted.length > 0 ? Math.max(...restarted) : null,
    sourceGoneSinceMs: sourceGone.length > 0 ? Math.min(...sourceGone) : null,
    statusAfterMs: Math.max(0, ...effects.map(({ statusAfterMs }) => statusAfterMs)),
    lost: lost.sort((one, other) => other.sinceMs - one.sinceMs)[0] ?? null,
    expiredLogin: expired.sort((one, other) => other.sinceMs - one.sinceMs)[0] ?? null,
  };
}

/** The first of `ranks`, worst first, that occurs. */
function worst<T>(found: readonly T[], ranks: readonly T[], otherwise: T): T {
  return ranks.find((rank) => found.includes(rank)) ?? otherwise;
}

function worstAnswer(found: readonly AnswerEffect[]): AnswerEffect {
  const status = found.find((effect) => typeof effect === 'number');
  return worst<AnswerEffect>(found, ['held', 'reset'], status ?? 'given');
}
