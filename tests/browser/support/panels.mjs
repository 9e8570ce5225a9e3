// What people do in the panels beside the pictures, by the words that stand there.
import { eventually } from './eventually.mjs';

export async function openPanel({ page }, panel) {
  const button = page.locator(`#show-${panel}`);
  if ((await button.getAttribute('aria-pressed')) !== 'true') await button.click();
}

/** Presses a button of the people panel that stands for the room. */
export async function pressInPeople(person, label) {
  await openPanel(person, 'people');
  await person.page.locator('#people-panel').getByRole('button', { name: label, exact: true }).click();
}

/** Chooses `label` in the menu of `name`. */
export async function decideAbout(person, name, label) {
  await openPanel(person, 'people');
  const row = rowOf(person, name);
  await row.locator('summary').click();
  await row.getByRole('button', { name: label, exact: true }).click();
}

export function rowOf({ page }, name) {
  return page.locator('#people li').filter({ has: page.locator('.name', { hasText: new RegExp(`^${name}\\b`) }) });
}

/** The lines of the people panel, from the top: name and badges. */
export async function listsPeople(person, ...lines) {
  await openPanel(person, 'people');
  const wanted = JSON.stringify(lines);
  const rows = person.page.locator('#people li');
  const texts = async () =>
    rows.evaluateAll((all) => all.map((row) => [...row.querySelectorAll('.name, .badge')].map((part) => part.textContent).join(' ')));
  await eventually(`${person.name} lists ${lines}`, texts, (seen) => JSON.stringify(seen) === wanted);
}

export async function say(person, text, to = 'Everybody') {
  await openPanel(person, 'chat');
  await person.page.getByLabel('To', { exact: true }).selectOption({ label: to });
  await person.page.getByLabel('Message', { exact: true }).fill(text);
  await person.page.getByRole('button', { name: 'Send' }).click();
}

/** The chat is these messages, from the eldest: `who: what`. */
export async function reads(person, ...messages) {
  await openPanel(person, 'chat');
  const wanted = JSON.stringify(messages);
  const texts = () =>
    person.page.locator('#messages > li').evaluateAll((items) =>
      items.map((item) => {
        const who = item.querySelector('.head').textContent.split(' · ')[0];
        return `${who}: ${item.querySelector('.body')?.textContent ?? ''}`;
      }),
    );
  await eventually(`${person.name} reads ${messages}`, texts, (seen) => JSON.stringify(seen) === wanted);
}
