/** The console as its users see it: by what is written on it, and never by how it is built. */
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import { launchChromium } from '../../support/chromium.js';
import type { Service } from '../../support/service.js';

export interface ConsoleOptions {
  /** Where the console is, with a slash at the end; directly at the service if absent. */
  readonly url?: string;
}

export class ConsolePage {
  readonly page: Page;
  readonly url: string;
  /** What went wrong in the browser: exceptions, and what the page's policy stopped. */
  readonly troubles: string[] = [];
  readonly #context: BrowserContext;

  constructor(context: BrowserContext, page: Page, url: string) {
    this.#context = context;
    this.page = page;
    this.url = url;
    page.on('pageerror', (error) => this.troubles.push(String(error)));
    page.on('console', (message) => {
      // An answer that refuses is written there by the browser itself.
      const isAnswer = message.text().startsWith('Failed to load resource');
      if (message.type() === 'error' && !isAnswer) this.troubles.push(message.text());
    });
  }

  get rows(): Locator {
    return this.page.getByRole('table', { name: 'Logs' }).locator('[role=rowgroup] [role=row]');
  }

  get details(): Locator {
    return this.page.getByRole('complementary', { name: 'Log', exact: true });
  }

  get fields(): Locator {
    return this.page.getByRole('complementary', { name: 'Fields' });
  }

  get histogram(): Locator {
    return this.page.getByRole('region', { name: 'Logs over time' });
  }

  get editor(): Locator {
    return this.page.getByRole('textbox', { name: 'Query' });
  }

  /** Parameters of the address. */
  get place(): URLSearchParams {
    return new URL(this.page.url()).searchParams;
  }

  async open(where = ''): Promise<void> {
    await this.page.goto(this.url + where);
  }

  async signIn(service: Service): Promise<void> {
    await this.page.getByLabel('Access key ID').fill(service.key.id);
    await this.page.getByLabel('Access key secret').fill(service.key.secret);
    await this.page.getByRole('button', { name: 'Sign in' }).click();
    await this.page.getByRole('navigation', { name: 'Pages' }).waitFor();
  }

  /** Opens a place with a session that was there before. */
  async openSignedIn(service: Service, where: string): Promise<void> {
    const { id, secret } = service.key;
    await this.page.request.post(`${service.adminUrl}/api/v1/session`, { data: { id, secret } });
    await this.open(where);
  }

  /** Writes a query in place of the old one, and runs it. */
  async search(query: string): Promise<void> {
    await this.write(query);
    await this.editor.press('Enter');
  }

  async write(query: string): Promise<void> {
    await this.editor.focus();
    await this.page.keyboard.press('ControlOrMeta+A');
    if (query === '') await this.page.keyboard.press('Delete');
    else await this.page.keyboard.insertText(query);
    // What it suggests would take the Enter.
    await this.page.keyboard.press('Escape');
  }

  /** Cells of the rows in sight, without the times. */
  async shownRows(): Promise<string[]> {
    const cells = await this.rows.locator('[role=cell]:not(:first-child)').allTextContents();
    return cells;
  }

  close(): Promise<void> {
    return this.#context.close();
  }
}

export async function openConsole(
  browser: Browser,
  service: Service,
  options: ConsoleOptions = {},
): Promise<ConsolePage> {
  const { url = `${service.adminUrl}/console/` } = options;
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    locale: 'en',
    timezoneId: 'UTC',
    reducedMotion: 'reduce',
  });
  context.setDefaultTimeout(10_000);
  return new ConsolePage(context, await context.newPage(), url);
}

/** A browser that knows nobody but the service and, where there are some, `others` by host and port. */
export function launchBrowser(
  executable: string | null,
  service: Service,
  others: readonly string[] = [],
): Promise<Browser> {
  const hosts = [new URL(service.adminUrl).host, new URL(service.publicUrl).host, ...others];
  return launchChromium(executable ?? '', Object.fromEntries(hosts.map((host) => [host, host])));
}
