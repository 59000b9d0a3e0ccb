// Goal: what a newcomer copies reaches this service, whatever name it was reached by.
import { expect, test } from 'vitest';
import { snippetTarget, writeSnippets } from './snippets.js';

const ADDRESS = {
  scheme: 'http',
  port: 8080,
  endpoints: ['log.example.com'],
  domains: [{ host: 'track.news.com', project: 'news' }],
  defaultProject: 'default',
} as const;

test.each([
  ['127.0.0.1', 'default', 'http://127.0.0.1:8080', ''],
  ['127.0.0.1', 'shop', 'http://127.0.0.1:8080', '&project=shop'],
  ['localhost', 'shop', 'http://localhost:8080', '&project=shop'],
  ['[::1]', 'shop', 'http://[::1]:8080', '&project=shop'],
  ['console.example.com', 'shop', 'http://shop.log.example.com:8080', ''],
  ['console.example.com', 'news', 'http://track.news.com:8080', ''],
  ['127.0.0.1', 'news', 'http://127.0.0.1:8080', '&project=news'],
])('a console at %s, project %s', (hostname, project, base, projectParameter) => {
  expect(snippetTarget(ADDRESS, hostname, project, 'web')).toMatchObject({ base, projectParameter });
});

test('a port that goes without saying is not said', () => {
  const address = { ...ADDRESS, scheme: 'https', port: 443 } as const;
  const target = snippetTarget(address, 'console.example.com', 'shop', 'web');
  expect(target.base).toBe('https://shop.log.example.com');
  const texts = writeSnippets(target).map(({ text }) => text);
  for (const text of texts) expect(text).toContain('https://shop.log.example.com');
});
