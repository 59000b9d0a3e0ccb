/** Custom domains over the admin API: /api/v1/domains. */
import * as z from 'zod';
import type { DomainInfo, DomainList, SetDomain } from '../api/domains.js';
import type { CatalogView, CatalogWriter } from '../catalog/catalog.js';
import { ApiError } from '../errors.js';
import { sendEmpty, sendJson } from '../http/answer.js';
import { readJson } from '../http/body.js';
import type { Exchange, Route } from '../http/route.js';
import { JSON_ANSWER } from '../http/route-doc.js';
import { readDomainHost } from '../model/domain.js';
import type { Authorize } from './authorize.js';
import { decode } from './requests.js';

export interface DomainDeps {
  readonly view: CatalogView;
  readonly writer: CatalogWriter;
  readonly authorize: Authorize;
  readonly settings: DomainSettings;
}

/** What the configuration says of hosts. */
export interface DomainSettings {
  readonly endpoints: readonly string[];
  readonly domains: readonly Pick<DomainInfo, 'host' | 'project'>[];
}

const BODY_BYTES_MAX = 4096;

const bodySchema: z.ZodType<SetDomain> = z.strictObject({ project: z.string() });

export function domainRoutes({ view, writer, authorize, settings }: DomainDeps): Route[] {
  return [
    {
      method: 'GET',
      path: '/api/v1/domains',
      doc: {
        id: 'listDomains',
        tag: 'Management',
        summary: 'Custom domains, those of the configuration among them.',
        access: 'key',
        answer: JSON_ANSWER,
      },
      handle(exchange) {
        authorize(exchange, 'read');
        const list: DomainList = { domains: listDomains(settings, view) };
        sendJson(exchange, 200, list);
      },
    },
    {
      method: 'PUT',
      path: '/api/v1/domains/:host',
      doc: {
        id: 'setDomain',
        tag: 'Management',
        summary: 'Makes a host stand for a project.',
        access: 'key',
        body: { schema: bodySchema },
        answer: JSON_ANSWER,
        errors: ['DomainAlreadyExist', 'ProjectNotExist'],
      },
      async handle(exchange) {
        authorize(exchange, 'manage');
        const { project } = decode(bodySchema, await readJson(exchange, BODY_BYTES_MAX));
        const host = freeHost(exchange, settings);
        await writer.execute({ do: 'addDomain', host, project });
        sendJson(
          exchange,
          200,
          listDomains(settings, view).find((domain) => domain.host === host),
        );
      },
    },
    {
      method: 'DELETE',
      path: '/api/v1/domains/:host',
      doc: {
        id: 'deleteDomain',
        tag: 'Management',
        summary: 'Deletes a custom domain.',
        access: 'key',
        errors: ['DomainNotExist'],
      },
      async handle(exchange) {
        authorize(exchange, 'manage');
        const host = hostOf(exchange);
        if (!view.domains().has(host)) refuseIfSet(host, settings);
        await writer.execute({ do: 'deleteDomain', host });
        sendEmpty(exchange);
      },
    },
  ];
}

/** Those of the settings and of the catalog, as requests find them. */
export function listDomains({ domains }: DomainSettings, view: Pick<CatalogView, 'domains'>): DomainInfo[] {
  const all = new Map<string, DomainInfo>();
  for (const domain of view.domains().values()) all.set(domain.host, { ...domain, from: 'catalog' });
  for (const { host, project } of domains) all.set(host, { host, project, from: 'settings', createdAt: null });
  return [...all.values()].sort((a, b) => (a.host < b.host ? -1 : 1));
}

/** The host of the path, if the settings leave it to the catalog. Throws ParameterInvalid. */
function freeHost(exchange: Exchange, settings: DomainSettings): string {
  const host = hostOf(exchange);
  refuseIfSet(host, settings);
  const endpoint = settings.endpoints.find((each) => host === each || host.endsWith(`.${each}`));
  if (endpoint !== undefined) refuse(`${host} belongs to the endpoint ${endpoint}, whose names are those of projects`);
  return host;
}

function hostOf({ params }: Exchange): string {
  const given = params['host'] ?? '';
  return (
    readDomainHost(given) ??
    refuse(`${JSON.stringify(given.slice(0, 300))} is no host name such as track.example.com, without scheme and port`)
  );
}

function refuseIfSet(host: string, { domains }: DomainSettings): void {
  const isSet = domains.some((domain) => domain.host === host);
  if (isSet) refuse(`${host} is in the setting "domains", and can be changed only there`);
}

function refuse(reason: string): never {
  throw new ApiError('ParameterInvalid', { reason });
}
