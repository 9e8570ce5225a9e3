// The two mediasoup-client transports of a call, wired to signalling.
import type { Device, types } from 'mediasoup-client';
import type { Source } from './protocol';
import type { Signalling } from './signalling';

/** What a producer's appData holds on our side; `source` travels beside it in the request. */
export interface ProducerData extends types.AppData {
  source: Source;
}

export async function createSendTransport(device: Device, signalling: Signalling): Promise<types.Transport> {
  const { id, ...description } = await signalling.request('transport:create', { direction: 'send' });
  const transport = device.createSendTransport({ id, ...description });
  connectOnDemand(transport, signalling);
  transport.on('produce', ({ kind, rtpParameters, appData }, done, failed) => {
    const { source, paused, ...rest } = appData as ProducerData & { paused: boolean };
    signalling
      .request('produce', { transportId: id, kind, rtpParameters, source, paused, appData: rest })
      .then(({ producerId }) => done({ id: producerId }), failed);
  });
  return transport;
}

export async function createRecvTransport(device: Device, signalling: Signalling): Promise<types.Transport> {
  const { id, ...description } = await signalling.request('transport:create', { direction: 'recv' });
  const transport = device.createRecvTransport({ id, ...description });
  connectOnDemand(transport, signalling);
  return transport;
}

/** mediasoup-client asks for the connection when the first track needs it. */
function connectOnDemand(transport: types.Transport, signalling: Signalling): void {
  transport.on('connect', ({ dtlsParameters }, done, failed) => {
    signalling.request('transport:connect', { transportId: transport.id, dtlsParameters }).then(() => done(), failed);
  });
}
