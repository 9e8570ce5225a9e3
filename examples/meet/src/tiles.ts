// Which rectangles a call shows: a camera for each participant, and the screens that are shared.
import type { Call } from './call';
import type { LocalMedia } from './local_media';
import type { Source } from './protocol';
import type { TileModel } from './tile';

export function tilesOf(call: Call, local: LocalMedia): TileModel[] {
  const models: TileModel[] = [];
  for (const person of call.roster.people.values()) {
    const { participantId, name } = person;
    const self = participantId === call.roster.selfId;
    const track = (source: Source, kind: string) =>
      self ? local.track(source, kind) : remoteTrack(call, participantId, source, kind);
    const { roster } = call;
    const base = {
      participantId,
      name,
      self,
      pinned: participantId === roster.pinnedId,
      spotlit: participantId === roster.spotlightId,
      mayLight: roster.may('spotlight'),
      hand: person.attributes?.handRaised?.order,
      away: person.away === true,
    };
    const screen = track('screen', 'video');
    if (screen) {
      models.push({
        ...base,
        key: tileKey(participantId, 'screen'),
        purpose: 'screen',
        video: screen,
        audio: track('screen', 'audio'),
        muted: false,
        active: false,
        limit: self ? '' : limitOf(call, participantId, 'screen'),
      });
    }
    models.push({
      ...base,
      key: tileKey(participantId, 'camera'),
      purpose: 'camera',
      video: track('webcam', 'video'),
      audio: track('mic', 'audio'),
      muted: self ? !local.isOn('mic') : !track('mic', 'audio'),
      active: participantId === roster.speakerId,
      limit: self ? '' : limitOf(call, participantId, 'webcam'),
      quality: call.quality.words.get(participantId),
    });
  }
  const bySpeech = call.engagement.layout === 'speaker';
  return models.sort((a, b) => rank(a, bySpeech) - rank(b, bySpeech));
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

/** What a bad network on our side does to this picture. */
function limitOf(call: Call, participantId: string, source: Source): string {
  for (const { info, paused, layers } of call.downlink.media.values()) {
    if (info.participantId !== participantId || info.source !== source || info.kind !== 'video' || paused) continue;
    if (layers?.reason !== 'bandwidth') return '';
    return layers.spatialLayer === null ? 'Low bandwidth: no video' : 'Low bandwidth';
  }
  return '';
}

/** The screens of others first, then who is in the spotlight, pinned or speaking, the other cameras, our own last. */
function rank(model: TileModel, bySpeech: boolean): number {
  if (model.purpose === 'screen' && !model.self) return 0;
  if (model.spotlit) return 1;
  if (model.pinned) return 2;
  if (bySpeech && model.active && !model.self) return 3;
  return model.self ? 5 : 4;
}
