// The configuration that the browser tests run with. JSON is YAML, and needs no care for indents.
import { dirname, join } from 'node:path';

/** All that the page has something for. Who comes first into a room is its host. */
const kPlugins = ['videoroom', 'waitingroom', 'engagement', 'chat'];

/**
 * @param port Of the public listener. Ports of media are free ones that the gateway takes.
 * @param adminPort 0: a free one, that nobody knows.
 * @param store The file of the database.
 * @param plugins Names under `plugins:`; without `videoroom` there are no rooms.
 * @param options Of plugins, by name, as in their READMEs: `{videoroom: {max_participants: 1}}`.
 * @param admin More of `http.admin`: `{token: '...'}`.
 * @param secret Of tokens (HS256, 32 bytes or more); without it no token is accepted.
 */
export function gatewayConfig({ port, adminPort = 0, store, plugins = kPlugins, secret = '', admin = {}, ...options }) {
  const config = {
    http: {
      public: { address: '127.0.0.1', port, static_dir: webFolder() },
      admin: { address: '127.0.0.1', port: adminPort, ...admin },
    },
    gateway: { drain_timeout_ms: 1000 }, // a test ends its gateway while people are still in the room
    auth: { guests: 'allow', ...(secret ? { jwt: { secret } } : {}) },
    limits: { connects_per_second_per_address: 0 }, // all browsers of a test come from one address
    media: { workers: 1, ice: { base_port: 0, listen_addresses: ['127.0.0.1'] } },
    store: { path: store },
    plugins: Object.fromEntries(plugins.map((name) => [name, options[name] ?? {}])),
  };
  if (config.plugins.chat) config.plugins.chat.files ??= { storage_dir: join(dirname(store), 'files') };
  if (config.plugins.recording) config.plugins.recording.folder ??= join(dirname(store), 'recordings');
  const { livestream } = config.plugins;
  if (livestream) livestream.hls = { folder: join(dirname(store), 'live'), ...livestream.hls };
  return JSON.stringify(config, null, 2);
}

/** The page lies beside the binary, in the build tree as in the installed one. */
function webFolder() {
  return process.env.SLUICE_WEB ?? join(dirname(process.env.SLUICE_BIN), '../share/sluice/web');
}
