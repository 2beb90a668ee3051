import { type IpcMainInvokeEvent, ipcMain } from 'electron';
import { createIpcGate, type IpcGateOptions, type RequestSender } from '../app/ipc-gate.ts';
import { REQUEST_CHANNEL } from './ipc-channels.ts';

/** Connects the gate to the channel of requests, the only one on which the main process listens. */
export function listenForRequests(options: IpcGateOptions): void {
  const gate = createIpcGate(options);
  ipcMain.handle(REQUEST_CHANNEL, (event, name: unknown, input: unknown) =>
    gate(senderOf(event), name, input),
  );
}

function senderOf(event: IpcMainInvokeEvent): RequestSender {
  return { frame: frameOf(event), windowId: event.sender.id };
}

function frameOf({ senderFrame }: IpcMainInvokeEvent): RequestSender['frame'] {
  if (senderFrame === null) return null;
  try {
    return { origin: senderFrame.origin, position: senderFrame.parent === null ? 'main' : 'subframe' };
  } catch {
    // The frame was disposed of meanwhile: its properties throw.
    return null;
  }
}
