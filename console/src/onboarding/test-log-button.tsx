import { useMutation } from '@tanstack/react-query';
import { useText } from '../i18n/text.js';
import { callForNothing, logstorePath } from '../server/call.js';
import { Trouble } from '../ui/notice.js';

export function TestLogButton({ project, logstore }: { readonly project: string; readonly logstore: string }) {
  const t = useText();
  const send = useMutation({
    mutationFn: () => callForNothing(`${logstorePath(project, logstore)}/test-log`, { method: 'POST' }),
  });
  return (
    <div className="empty-actions">
      <button type="button" className="button" disabled={send.isPending} onClick={() => send.mutate()}>
        {send.isSuccess ? t.firstLog.sent : t.firstLog.send}
      </button>
      {send.isError && <Trouble error={send.error} />}
    </div>
  );
}
