// The person's own camera, microphone and screen: at most one of each is open.
import type { Source } from './protocol';

const kConstraints = {
  mic: { audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true } },
  webcam: { video: { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30 } } },
  // The sound of what is shown, as it is; browsers that cannot give it leave it out.
  screen: {
    video: { frameRate: { ideal: 15 } },
    audio: { echoCancellation: false, noiseSuppression: false, autoGainControl: false },
  },
} as const;

const kDeviceNames: Record<Source, string> = { mic: 'microphone', webcam: 'camera', screen: 'screen' };

export class LocalMedia {
  /** The first track of each is the one that counts; a screen may bring its sound as a second one. */
  readonly #tracks = new Map<Source, MediaStreamTrack[]>();
  /** The browser or the system ended a track: "Stop sharing" in its own bar, an unplugged camera. */
  onEnded: (source: Source) => void = () => {};

  tracks(source: Source): MediaStreamTrack[] {
    return this.#tracks.get(source) ?? [];
  }

  track(source: Source, kind = source === 'mic' ? 'audio' : 'video'): MediaStreamTrack | undefined {
    return this.tracks(source).find((track) => track.kind === kind);
  }

  /** On means: open and not muted. */
  isOn(source: Source): boolean {
    return this.track(source)?.enabled ?? false;
  }

  /** Opens the device, asking for permission, unless it is open already. */
  async open(source: Source): Promise<void> {
    if (this.#tracks.has(source)) return;
    const tracks = await capture(source);
    this.#tracks.set(source, tracks);
    tracks[0]?.addEventListener('ended', () => {
      if (this.#tracks.get(source) !== tracks) return;
      this.close(source);
      this.onEnded(source);
    });
  }

  /** Stops the device, so that its light goes out. */
  close(source: Source): void {
    const tracks = this.tracks(source);
    this.#tracks.delete(source);
    for (const track of tracks) track.stop();
  }

  closeAll(): void {
    for (const source of [...this.#tracks.keys()]) this.close(source);
  }
}

async function capture(source: Source): Promise<MediaStreamTrack[]> {
  try {
    const stream =
      source === 'screen'
        ? await navigator.mediaDevices.getDisplayMedia(kConstraints.screen)
        : await navigator.mediaDevices.getUserMedia(kConstraints[source]);
    const tracks = [...stream.getVideoTracks(), ...stream.getAudioTracks()];
    if (tracks.length === 0) throw new Error('no track');
    return tracks;
  } catch (error) {
    throw new Error(explain(source, error));
  }
}

function explain(source: Source, error: unknown): string {
  const device = kDeviceNames[source];
  switch (error instanceof DOMException ? error.name : '') {
    case 'NotAllowedError':
      return `The browser did not allow the ${device}.`;
    case 'NotFoundError':
      return `No ${device} was found.`;
    case 'NotReadableError':
      return `The ${device} is in use by another program.`;
    default:
      return `The ${device} could not be opened.`;
  }
}
