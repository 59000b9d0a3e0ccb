/** The quarantine of a logstore: src/api/quarantine.ts has the shapes, docs/quarantine.md what they mean. */
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import type {
  PreviewAnswer,
  PreviewRequest,
  QuarantinedLogList,
  QuarantineSelection,
  QuarantineStatus,
  ReplayInfo,
  ReplayRequest,
} from '../../../src/api/quarantine.js';
import { callForJson, callForNothing, logstorePath } from './call.js';

const QUARANTINE = ['quarantine'] as const;

/** Logs arrive, and a replay goes on. */
const REFRESH_MS = 2000;

export function quarantineOf(project: string, logstore: string) {
  return queryOptions({
    queryKey: [...QUARANTINE, project, logstore],
    refetchInterval: REFRESH_MS,
    queryFn: ({ signal }) => callForJson<QuarantineStatus>(quarantinePath(project, logstore), { signal }),
  });
}

export function quarantinedLogs(project: string, logstore: string, { query, from, to }: QuarantineSelection) {
  return queryOptions({
    queryKey: [...QUARANTINE, project, logstore, 'logs', query, from, to],
    queryFn: ({ signal }) => {
      const parameters = new URLSearchParams({ from: String(from), to: String(to), query: query ?? '' });
      return callForJson<QuarantinedLogList>(`${quarantinePath(project, logstore)}/logs?${parameters}`, { signal });
    },
  });
}

export function usePreview(project: string, logstore: string) {
  return useMutation({
    mutationFn: (body: PreviewRequest) =>
      callForJson<PreviewAnswer>(`${quarantinePath(project, logstore)}/preview`, { method: 'POST', body }),
  });
}

export const useReplay = (project: string, logstore: string) =>
  useChange((body: ReplayRequest) =>
    callForJson<ReplayInfo>(`${quarantinePath(project, logstore)}/replays`, { method: 'POST', body }),
  );

export const useCancelReplay = (project: string, logstore: string) =>
  useChange((id: string) =>
    callForJson<ReplayInfo>(`${quarantinePath(project, logstore)}/replays/${encodeURIComponent(id)}`, {
      method: 'DELETE',
    }),
  );

export const useEmptyQuarantine = (project: string, logstore: string) =>
  useChange(() => callForNothing(`${quarantinePath(project, logstore)}/logs`, { method: 'DELETE' }));

export function replayOf(project: string, logstore: string, id: string) {
  return queryOptions<ReplayInfo>({
    queryKey: [...QUARANTINE, project, logstore, 'replay', id],
    refetchInterval: ({ state }) =>
      state.data === undefined || state.data.state === 'running' ? REFRESH_MS / 2 : false,
    queryFn: ({ signal }) =>
      callForJson<ReplayInfo>(`${quarantinePath(project, logstore)}/replays/${encodeURIComponent(id)}`, { signal }),
  });
}

function useChange<Input, Output>(change: (input: Input) => Promise<Output>) {
  const cache = useQueryClient();
  return useMutation({ mutationFn: change, onSuccess: () => cache.invalidateQueries({ queryKey: QUARANTINE }) });
}

function quarantinePath(project: string, logstore: string): string {
  return `${logstorePath(project, logstore)}/quarantine`;
}
