/** What a first start prints, so that the first log needs no manual. */
import type { Config } from '../config.js';
import type { AccessKey } from '../model/catalog.js';
import type { Listening } from './messages.js';

export interface FirstStart {
  readonly listening: Listening;
  /** The access key that this start added. */
  readonly newKey: AccessKey;
  readonly config: Pick<Config, 'data' | 'defaultProject' | 'accessKeyId' | 'secretsKey'>;
}

/** Plain text of a few lines that scripts need not read: the line they wait for comes before it. */
export function printNextSteps({ listening, newKey, config }: FirstStart): string {
  const { publicUrl, adminUrl } = listening;
  const { data, defaultProject: project } = config;
  // One that the operator chose is not repeated: what we print may end in someone's log.
  const key = config.accessKeyId === '' ? `${newKey.id}:${newKey.secret}` : `${newKey.id}, with the secret you set`;
  return `
  Send a first log   curl '${publicUrl}/logstores/web/track?APIVersion=0.6.0&message=hello'
  Find it            logboom query '*' --project ${project} --logstore web --admin ${adminUrl}
  From a page's SDK  host: '${publicUrl}', project: '${project}', logstore: 'web'
  Console            ${adminUrl}/console/
  Access key         ${key}
                     ${config.secretsKey === '' ? `shown this once, and kept in ${data}/access-key` : 'shown this once, and kept nowhere else'}
`;
}
