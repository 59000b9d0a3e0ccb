// Before the first paint: a page that turns dark after it was light is a flash in the night. src/preferences/preferences.ts
// writes what is read here.
try {
  const { theme } = JSON.parse(localStorage.getItem('logboom.preferences') ?? '{}');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
} catch {
  // Without storage, or with something else in it, the system's theme does.
}
