// Debian's nginx with its RTMP module, on the loopback, and a reader of what it is sent: FFmpeg, a frame at a time.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from './eventually.mjs';
import { freePort } from './free_port.mjs';

const kModule = process.env.NGINX_RTMP ?? '/usr/lib/nginx/modules/ngx_rtmp_module.so';

export class RtmpServer {
  /** Date.now() of each publication's beginning. */
  published = [];
  #folder;
  #process;
  #gate;

  static async start() {
    const server = new RtmpServer();
    await server.#start();
    return server;
  }

  get url() {
    return `rtmp://127.0.0.1:${this.port}/live`;
  }

  async #start() {
    this.#folder = await mkdtemp(join(tmpdir(), 'sluice-rtmp-'));
    this.port = await freePort();
    this.#gate = createServer((request, response) => {
      this.published.push(Date.now());
      request.resume();
      response.end();
    }).listen(0, '127.0.0.1');
    await once(this.#gate, 'listening');
    await mkdir(join(this.#folder, 'temp'));
    await writeFile(join(this.#folder, 'nginx.conf'), this.#config());
    const args = ['-e', join(this.#folder, 'nginx.log'), '-p', this.#folder, '-c', join(this.#folder, 'nginx.conf')];
    const env = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin` };
    this.#process = spawn('nginx', args, { stdio: 'ignore', env });
    try {
      await eventually('nginx listens', () => this.#listens());
    } catch (error) {
      error.message += `\n${await readFile(join(this.#folder, 'nginx.log'), 'utf8').catch(() => '')}`;
      await this.stop();
      throw error;
    }
  }

  /** One process in the foreground, so that its end is the end of all of it. */
  #config() {
    return `
      load_module ${kModule};
      daemon off; master_process off; pid ${this.#folder}/nginx.pid; error_log ${this.#folder}/nginx.log;
      events { worker_connections 64; }
      rtmp { access_log off; server { listen 127.0.0.1:${this.port};
        application live { live on; on_publish http://127.0.0.1:${this.#gate.address().port}/; } } }`;
  }

  async #listens() {
    const socket = connect(this.port, '127.0.0.1');
    const connected = await once(socket, 'connect').then(() => true, () => false);
    socket.destroy();
    return connected;
  }

  async stop() {
    const exited = this.#process.exitCode === null && once(this.#process, 'exit');
    this.#process.kill('SIGTERM');
    await exited;
    this.#gate.close();
    await rm(this.#folder, { recursive: true });
  }
}

/** The brightness of the blocks of `code` (time_code.mjs) in each frame of a stream, as soon as it can be decoded. */
export class RtmpReader {
  /** [{at, blocks}], Date.now() when the frame came out. */
  frames = [];
  #process;
  #rest = Buffer.alloc(0);

  constructor(url, { columns, rows, left, top, width, height }) {
    const blocks = `crop=iw*${width}:ih*${height}:iw*${left}:ih*${top},scale=${columns}:${rows}:flags=area,format=gray`;
    const quick = ['-fflags', 'nobuffer', '-flags', 'low_delay', '-probesize', '5000', '-analyzeduration', '500000', '-threads', '1'];
    const out = ['-an', '-vf', blocks, '-fps_mode', 'passthrough', '-f', 'rawvideo', '-flush_packets', '1', '-'];
    this.#process = spawn('ffmpeg', ['-v', 'error', ...quick, '-i', url, ...out], { stdio: ['ignore', 'pipe', 'inherit'] });
    const size = columns * rows;
    this.#process.stdout.on('data', (bytes) => {
      const at = Date.now();
      this.#rest = Buffer.concat([this.#rest, bytes]);
      for (; this.#rest.length >= size; this.#rest = this.#rest.subarray(size)) {
        this.frames.push({ at, blocks: this.#rest.subarray(0, size) });
      }
    });
  }

  async stop() {
    const exited = this.#process.exitCode === null && once(this.#process, 'exit');
    this.#process.kill('SIGKILL');
    await exited;
  }
}
