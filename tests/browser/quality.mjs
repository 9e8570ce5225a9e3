// node quality.mjs: runs the tests of bad networks and prints their figures as Markdown, for docs/quality.md.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const kTests = ['bad_network_layers.test.mjs', 'bad_network_loss.test.mjs'];

const folder = await mkdtemp(join(tmpdir(), 'sluice-quality-'));
const file = join(folder, 'figures.jsonl');
const run = spawn(process.execPath, ['--test', '--test-concurrency=1', ...kTests], {
  cwd: import.meta.dirname,
  env: { ...process.env, SLUICE_FIGURES: file },
  stdio: ['ignore', 'ignore', 'inherit'],
});
const [status] = await once(run, 'exit');
const lines = await readFile(file, 'utf8').catch(() => '');
await rm(folder, { recursive: true });

const cases = lines.split('\n').filter(Boolean).map((line) => JSON.parse(line));
console.log('| case | passed | figures |\n|---|---|---|');
for (const { case: name, passed, ...figures } of cases) {
  const cells = Object.entries(figures).map(([key, value]) => `${key} ${Array.isArray(value) ? value.join(', ') : value}`);
  console.log(`| ${name} | ${passed ? 'yes' : '**no**'} | ${cells.join('; ')} |`);
}
process.exitCode = status === 0 && cases.length > 0 ? 0 : 1;
