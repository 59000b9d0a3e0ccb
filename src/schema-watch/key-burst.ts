/** Tells a burst of keys that were never seen before from the few that a release brings. */

const WINDOW_MS = 10 * 60_000;
/** In one window, and half as many as there are keys already. */
const KEYS_MIN = 100;
const SHARE_OF_KNOWN = 0.5;
/** At first all keys are new. */
const FIRST_KEYS_MIN = 500;
/** Over when so many windows in a row brought hardly any. */
const CALM_WINDOWS = 6;
const CALM_PART = 0.25;

export class KeyBurst {
  #windowEndsMs = 0;
  #knownBefore = 0;
  #threshold = KEYS_MIN;
  #newKeys = 0;
  /** Since the burst began. */
  #added = 0;
  #calmWindows = 0;
  #isOn = false;

  /** `known` and `added` keys: those before, and those that came just now. */
  add(known: number, added: number, nowMs: number): 'begins' | 'goesOn' | 'ends' | null {
    const ends = nowMs >= this.#windowEndsMs && this.#closeWindow(known, nowMs);
    this.#newKeys += added;
    this.#added += added;
    if (ends) return 'ends';
    if (this.#isOn) return added > 0 ? 'goesOn' : null;
    if (this.#newKeys < this.#threshold) return null;
    this.#isOn = true;
    this.#calmWindows = 0;
    return 'begins';
  }

  /** How many keys there were before it, and with those that came. */
  get counts(): { readonly before: number; readonly after: number } {
    return { before: this.#knownBefore, after: this.#knownBefore + this.#added };
  }

  /** Whether a burst has ended with it. */
  #closeWindow(known: number, nowMs: number): boolean {
    const wasCalm = this.#newKeys < this.#threshold * CALM_PART;
    this.#calmWindows = wasCalm ? this.#calmWindows + 1 : 0;
    const ends = this.#isOn && this.#calmWindows >= CALM_WINDOWS;
    if (ends) this.#isOn = false;
    this.#windowEndsMs = nowMs + WINDOW_MS;
    if (!this.#isOn) {
      this.#knownBefore = known;
      this.#added = 0;
    }
    this.#threshold = this.#knownBefore === 0 ? FIRST_KEYS_MIN : KEYS_MIN + this.#knownBefore * SHARE_OF_KNOWN;
    this.#newKeys = 0;
    return ends;
  }
}
