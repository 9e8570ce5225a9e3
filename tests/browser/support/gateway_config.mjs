// The configuration that the browser tests run with.
import { dirname, join } from 'node:path';

/** The page lies beside the binary, in the build tree as in the installed one. */
function webFolder() {
  return process.env.SLUICE_WEB ?? join(dirname(process.env.SLUICE_BIN), '../share/sluice/web');
}

/** @param plugins Names under `plugins:`; without `videoroom` there are no rooms. */
export function gatewayConfig({ publicPort, adminPort, mediaPort, plugins = ['videoroom'], createOnJoin = true }) {
  const options = { videoroom: `{ create_on_join: ${createOnJoin} }` };
  return `
listen:
  public:
    address: 127.0.0.1
    port: ${publicPort}
    static: { directory: ${JSON.stringify(webFolder())} }
  admin:
    address: 127.0.0.1
    port: ${adminPort}
media:
  workers: 1
  port: ${mediaPort}
  address: 127.0.0.1
plugins:${plugins.length ? '' : ' {}'}
${plugins.map((name) => `  ${name}: ${options[name] ?? '{}'}`).join('\n')}
`;
}
