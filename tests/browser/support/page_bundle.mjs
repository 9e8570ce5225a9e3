// Scripts for pages, from modules: with mediasoup-client and socket.io-client as the meeting page has installed them.
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const kMeet = fileURLToPath(new URL('../../../examples/meet/package.json', import.meta.url));
const kInPage = fileURLToPath(new URL('in_page', import.meta.url));

/** `contents` is an ES module; what it exports is `window.<globalName>` in the page. Relative imports: in_page/. */
export async function bundleForPage(contents, globalName = 'libraries') {
  const { build } = createRequire(kMeet)('esbuild');
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: kInPage },
    nodePaths: [join(dirname(kMeet), 'node_modules')],
    bundle: true,
    format: 'iife',
    globalName,
    write: false,
  });
  return outputFiles[0].text;
}
