// Light or dark: as the system has it, until somebody chooses otherwise.

const kKey = 'sluice.theme';
export const kThemes = ['system', 'light', 'dark'];

export function themeOf(storage) {
  const chosen = storage?.getItem(kKey);
  return kThemes.includes(chosen) ? chosen : 'system';
}

/** Sets what the style sheet looks at, and remembers it. */
export function setTheme(theme, storage, root) {
  if (theme === 'system') storage?.removeItem(kKey);
  else storage?.setItem(kKey, theme);
  if (theme === 'system') delete root.dataset.theme;
  else root.dataset.theme = theme;
}
