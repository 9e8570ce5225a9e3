// The live stream as a host handles it, by the words of the page.

/** Gives when it was asked for, by Date.now(). */
export async function goLive({ page }, { hls = true, servers = [] } = {}) {
  await page.locator('#toolbar').getByRole('button', { name: 'Go live', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'Go live' });
  await dialog.getByLabel('Viewers on this gateway').setChecked(hls);
  for (const server of servers) await addServer(dialog, server);
  const asked = Date.now();
  await dialog.getByRole('button', { name: 'Go live', exact: true }).click();
  await dialog.waitFor({ state: 'hidden' });
  return asked;
}

async function addServer(dialog, { url, key = '', name = '' }) {
  await dialog.getByRole('button', { name: 'Add a server' }).click();
  const fields = dialog.getByRole('group', { name: 'Server' }).last();
  await fields.getByLabel('Address').fill(url);
  await fields.getByLabel('Stream key').fill(key);
  await fields.getByLabel('Name').fill(name);
}

/** The panel is open since the stream has begun. */
export async function stopStream({ page }) {
  await page.locator('#stream-panel').getByRole('button', { name: 'Stop streaming' }).click();
  await page.locator('#live-mark').waitFor({ state: 'hidden' });
}
