/** What the service has seen of the fields of a logstore, and what has changed about them. */
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import type { AcknowledgeNotices, NoticeList, SchemaInfo, SchemaNotice } from '../../../src/api/schema.js';
import { callForJson, callForNothing, logstorePath } from './call.js';

const SCHEMA = ['schema'] as const;

/** The service gathers what its workers saw as often. */
const REFRESH_MS = 5000;

export function schemaOf(project: string, logstore: string) {
  return queryOptions({
    queryKey: [...SCHEMA, project, logstore],
    refetchInterval: REFRESH_MS,
    queryFn: ({ signal }) => callForJson<SchemaInfo>(`${logstorePath(project, logstore)}/schema`, { signal }),
  });
}

/** Of all logstores of a project, newest first. */
export function noticesOf(project: string) {
  return queryOptions({
    queryKey: [...SCHEMA, project, 'notices'],
    refetchInterval: REFRESH_MS,
    queryFn: async ({ signal }): Promise<readonly SchemaNotice[]> => {
      const path = `projects/${encodeURIComponent(project)}/schema/notices`;
      return (await callForJson<NoticeList>(path, { signal })).notices;
    },
  });
}

export function useAcknowledge(project: string, logstore: string) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (body: AcknowledgeNotices) =>
      callForJson<NoticeList>(`${logstorePath(project, logstore)}/schema/notices`, { method: 'PUT', body }),
    onSuccess: () => cache.invalidateQueries({ queryKey: SCHEMA }),
  });
}

export function useForgetSchema(project: string, logstore: string) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: () => callForNothing(`${logstorePath(project, logstore)}/schema`, { method: 'DELETE' }),
    onSuccess: () => cache.invalidateQueries({ queryKey: SCHEMA }),
  });
}
