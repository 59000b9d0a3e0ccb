/** Access keys, for those who may manage everything. */
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import type { CreatedKey, CreateKey, KeyInfo, KeyList } from '../../../src/api/keys.js';
import { callForJson, callForNothing } from './call.js';

const KEYS = ['keys'] as const;

export const allKeys = queryOptions({
  queryKey: KEYS,
  queryFn: async ({ signal }): Promise<readonly KeyInfo[]> => (await callForJson<KeyList>('keys', { signal })).keys,
});

function useChange<Input, Output>(change: (input: Input) => Promise<Output>) {
  const cache = useQueryClient();
  return useMutation({ mutationFn: change, onSuccess: () => cache.invalidateQueries({ queryKey: KEYS }) });
}

export const useCreateKey = () =>
  useChange((body: CreateKey) => callForJson<CreatedKey>('keys', { method: 'POST', body }));

export const useSwitchKey = () =>
  useChange(({ id, isEnabled }: Pick<KeyInfo, 'id' | 'isEnabled'>) =>
    callForJson<KeyInfo>(`keys/${encodeURIComponent(id)}`, { method: 'PUT', body: { isEnabled } }),
  );

export const useDeleteKey = () =>
  useChange((id: string) => callForNothing(`keys/${encodeURIComponent(id)}`, { method: 'DELETE' }));
