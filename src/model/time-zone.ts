/** The IANA name of a time zone as it is spelled there, whatever case `text` is in; null if there is no such zone. */
export function readTimeZone(text: string): string | null {
  // Offsets such as +08:00 are zones to some versions of Node and not to the store.
  if (!/^[A-Za-z]/.test(text)) return null;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone;
  } catch {
    return null;
  }
}
