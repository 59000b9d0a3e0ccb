// Goal: the page about the command line says what the command line does.
import { expect, test } from 'vitest';
import { COMMANDS } from './commands.js';
import { EXIT } from './failure.js';
import { printPage } from './page.js';

test('docs/cli.md is what the table of commands prints', async () => {
  await expect(printPage(COMMANDS)).toMatchFileSnapshot('../docs/cli.md');
});

test('every exit code is told of', () => {
  for (const code of Object.values(EXIT)) expect(printPage([])).toContain(`\n| ${code} | `);
});
