import { once } from 'node:events';
import { createServer } from 'node:net';

/** Chosen here and not by the server, so that a restarted one is found at the same address. */
export async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  await once(server.close(), 'close');
  return port;
}
