// The way from a page to its gateway, which a test can cut: a relay of TCP connections. Media does not go this way.
import { once } from 'node:events';
import { connect, createServer } from 'node:net';

export class SignallingPath {
  #server;
  #sockets = new Set();
  #blocked = false;
  /** How many Socket.IO clients have gone over from polling to a WebSocket: what is cut before, the gateway misses late. */
  upgrades = 0;

  /** Opens pages as a gateway does: `open(name, {gateway: path})`. */
  static async start(gateway) {
    const path = new SignallingPath();
    const port = Number(new URL(gateway.url).port);
    path.#server = createServer((near) => path.#relay(near, connect(port, '127.0.0.1'))).listen(0, '127.0.0.1');
    await once(path.#server, 'listening');
    path.url = `http://127.0.0.1:${path.#server.address().port}`;
    return path;
  }

  /** Breaks what is there as networks do, without a goodbye, and lets nothing new through. */
  cut() {
    this.#blocked = true;
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  mend() {
    this.#blocked = false;
  }

  stop() {
    this.cut();
    this.#server.close();
  }

  #relay(near, far) {
    for (const [socket, other] of [[near, far], [far, near]]) {
      this.#sockets.add(socket);
      socket.on('error', () => {}); // both ends close, whichever it was
      socket.on('close', () => {
        this.#sockets.delete(socket);
        other.destroy();
      });
      socket.pipe(other);
    }
    near.on('data', (bytes) => (this.upgrades += endsUpgrade(bytes)));
    if (this.#blocked) near.resetAndDestroy();
  }
}

/** Engine.IO's packet "5" in a masked WebSocket frame of its own. */
function endsUpgrade(bytes) {
  const isShortText = bytes.length === 7 && bytes[0] === 0x81 && bytes[1] === 0x81;
  return isShortText && (bytes[6] ^ bytes[2]) === '5'.charCodeAt(0);
}
