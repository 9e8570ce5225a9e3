// Which rectangles a call shows: a camera for each participant, and the screens that are shared.
import type { Call } from './call';
import type { LocalMedia } from './local_media';
import type { Source } from './protocol';
import type { TileModel } from './tile';

export function tilesOf(call: Call, local: LocalMedia): TileModel[] {
  const models: TileModel[] = [];
  for (const { participantId, name } of call.roster.people.values()) {
    const self = participantId === call.roster.selfId;
    const track = (source: Source, kind: string) =>
      self ? local.track(source, kind) : remoteTrack(call, participantId, source, kind);
    const base = { participantId, name, self };
    const screen = track('screen', 'video');
    if (screen) {
      models.push({
        ...base,
        key: tileKey(participantId, 'screen'),
        purpose: 'screen',
        video: screen,
        audio: track('screen', 'audio'),
        muted: false,
      });
    }
    models.push({
      ...base,
      key: tileKey(participantId, 'camera'),
      purpose: 'camera',
      video: track('webcam', 'video'),
      audio: track('mic', 'audio'),
      muted: self ? !local.isOn('mic') : !track('mic', 'audio'),
    });
  }
  return models.sort((a, b) => rank(a) - rank(b));
}

export function tileKey(participantId: string, purpose: 'camera' | 'screen'): string {
  return `${participantId}/${purpose}`;
}

function remoteTrack(call: Call, participantId: string, source: Source, kind: string): MediaStreamTrack | undefined {
  for (const { info, consumer, paused } of call.downlink.media.values()) {
    if (info.participantId !== participantId || paused) continue;
    if (info.source === source && info.kind === kind) return consumer.track;
  }
  return undefined;
}

/** The screens of others first, then their cameras, our own last. */
function rank(model: TileModel): number {
  if (model.self) return 2;
  return model.purpose === 'screen' ? 0 : 1;
}
