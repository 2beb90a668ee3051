import { describe, expect, it, vi } from 'vitest';
import type { BridgeTransport } from '../../shared/bridge.ts';
import { BridgeClient, BridgeError } from './bridge-client.ts';

function fakeTransport(answer: (name: string, input: unknown) => unknown = () => undefined) {
  const asked: { name: string; input: unknown }[] = [];
  const listeners = new Map<string, (payload: unknown) => void>();
  const transport: BridgeTransport = {
    request: async (name, input) => {
      asked.push({ name, input });
      return answer(name, input);
    },
    on: (name, listener) => {
      listeners.set(name, listener);
      return () => listeners.delete(name);
    },
  };
  return { transport, asked, emit: (name: string, payload: unknown) => listeners.get(name)?.(payload) };
}

describe('BridgeClient.request', () => {
  it('passes on the input and returns the checked answer', async () => {
    const sites = [{ id: 'main', name: 'Main', fault: 'hang' }];
    const { transport, asked } = fakeTransport(() => sites);
    const answer = await new BridgeClient(transport).request('demo.setFault', {
      siteId: 'main',
      fault: 'hang',
    });
    expect(answer).toEqual(sites);
    expect(asked).toEqual([{ name: 'demo.setFault', input: { siteId: 'main', fault: 'hang' } }]);
  });

  it('never sends an input that is not valid', async () => {
    const { transport, asked } = fakeTransport();
    await expect(new BridgeClient(transport).request('journal.recent', { limit: 5000 })).rejects.toThrow(
      /Not sent to the host: journal\.recent: .*limit/,
    );
    expect(asked).toEqual([]);
  });

  it('rejects an answer that is not valid and says where', async () => {
    const { transport } = fakeTransport(() => [{ id: 'main', name: 'Main', fault: 'on-fire' }]);
    await expect(
      new BridgeClient(transport).request('demo.setFault', { siteId: 'main', fault: 'none' }),
    ).rejects.toThrow(/answer to demo\.setFault is not valid: .*fault/);
  });

  it('says which request failed at the host, and keeps the reason', async () => {
    const { transport } = fakeTransport(() => {
      throw new Error('the disk is full');
    });
    const failed = new BridgeClient(transport).request('journal.recent', { limit: 1 });
    await expect(failed).rejects.toBeInstanceOf(BridgeError);
    await expect(failed).rejects.toThrow('The host did not carry out journal.recent: the disk is full');
  });
});

describe('BridgeClient.on', () => {
  it('passes a payload on until the subscription ends', () => {
    const { transport, emit } = fakeTransport();
    const heard = vi.fn();
    const end = new BridgeClient(transport).on('window.fullscreenChanged', heard);
    emit('window.fullscreenChanged', { fullscreen: true });
    end();
    emit('window.fullscreenChanged', { fullscreen: false });
    expect(heard.mock.calls).toEqual([[{ fullscreen: true }]]);
  });

  it('reports a payload that is not valid and does not pass it on', () => {
    const { transport, emit } = fakeTransport();
    const heard = vi.fn();
    const reported = vi.fn();
    new BridgeClient(transport, reported).on('activity.changed', heard);
    emit('activity.changed', { suspended: 'yes' });
    expect(heard).not.toHaveBeenCalled();
    expect(reported).toHaveBeenCalledWith(
      expect.stringMatching(/event activity\.changed is not valid: .*suspended/),
    );
  });
});
