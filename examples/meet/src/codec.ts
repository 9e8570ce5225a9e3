// Which of the router's video codecs this page sends with.
import type { types } from 'mediasoup-client';

export type VideoCodec = 'vp8' | 'vp9' | 'h264' | 'av1';

export const kVideoCodecs: readonly VideoCodec[] = ['vp8', 'vp9', 'h264', 'av1'];

/** The capability to pass to Transport.produce(); throws where the browser or the router lacks the codec. */
export function videoCodecFrom(capabilities: types.RtpCapabilities, wanted: VideoCodec): types.RtpCodecCapability {
  const found = capabilities.codecs?.find((codec) => codec.mimeType.toLowerCase() === `video/${wanted}`);
  if (!found) throw new Error(`This browser and this gateway have no ${wanted.toUpperCase()} in common.`);
  return found;
}
