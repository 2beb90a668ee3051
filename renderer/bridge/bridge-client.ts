import { z } from 'zod';
import {
  type BridgeTransport,
  EVENTS,
  type EventName,
  type EventPayload,
  REQUESTS,
  type RequestInput,
  type RequestName,
  type RequestOutput,
} from '../../shared/bridge.ts';

declare global {
  interface Window {
    /** Set by the host's preload script; absent in a page opened outside of Holdfast. */
    readonly holdfast?: BridgeTransport;
  }
}

/** A request that was not carried out. Its message can be shown. */
export class BridgeError extends Error {
  override readonly name = 'BridgeError';
}

/**
 * The window's end of the bridge. It checks everything in both directions. The host checks as well, but host and window may be
 * of different releases while an update is half done.
 */
export class BridgeClient {
  private readonly transport: BridgeTransport;
  private readonly report: (message: string) => void;

  /** @param report called for every event that is dropped because its payload is not valid */
  constructor(transport: BridgeTransport, report: (message: string) => void = console.error) {
    this.transport = transport;
    this.report = report;
  }

  /** @throws BridgeError (as a rejection) when the input or the answer is not valid, or the host failed */
  async request<N extends RequestName>(name: N, input: RequestInput<N>): Promise<RequestOutput<N>> {
    const contract: { input: z.ZodType; output: z.ZodType } = REQUESTS[name];
    const asked = contract.input.safeParse(input);
    if (!asked.success) throw new BridgeError(`Not sent to the host: ${name}: ${inWords(asked.error)}`);
    let answer: unknown;
    try {
      answer = await this.transport.request(name, asked.data);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new BridgeError(`The host did not carry out ${name}: ${reason}`, { cause: error });
    }
    const checked = contract.output.safeParse(answer);
    if (!checked.success)
      throw new BridgeError(`The host's answer to ${name} is not valid: ${inWords(checked.error)}`);
    return checked.data as RequestOutput<N>;
  }

  /** @returns the function that ends the subscription. A payload that is not valid is reported and dropped */
  on<N extends EventName>(name: N, listener: (payload: EventPayload<N>) => void): () => void {
    const contract: z.ZodType = EVENTS[name];
    return this.transport.on(name, (payload) => {
      const checked = contract.safeParse(payload);
      if (checked.success) listener(checked.data as EventPayload<N>);
      else this.report(`The host's event ${name} is not valid: ${inWords(checked.error)}`);
    });
  }
}

function inWords(error: z.ZodError): string {
  return z.prettifyError(error).replaceAll(/\s+/g, ' ');
}
