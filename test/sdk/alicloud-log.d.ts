/** `@alicloud/log` has no types of its own; these are what its documents and its code say of what is used here. */
declare module '@alicloud/log' {
  interface Options {
    readonly timeout?: number;
  }
  export default class Client {
    constructor(config: {
      accessKeyId: string;
      accessKeySecret: string;
      securityToken?: string;
      endpoint: string;
    });
    getProject(project: string): Promise<Record<string, unknown>>;
    createProject(project: string, data: { description: string }): Promise<unknown>;
    deleteProject(project: string): Promise<unknown>;
    listLogStore(
      project: string,
      data?: { logstoreName?: string; offset?: number; size?: number },
    ): Promise<{ count: number; total: number; logstores: string[] }>;
    createLogStore(project: string, logstore: string, data?: { ttl?: number; shardCount?: number }): Promise<unknown>;
    updateLogStore(project: string, logstore: string, data?: { ttl?: number; shardCount?: number }): Promise<unknown>;
    getLogStore(project: string, logstore: string): Promise<Record<string, unknown>>;
    deleteLogStore(project: string, logstore: string): Promise<unknown>;
    createIndex(project: string, logstore: string, index: object): Promise<unknown>;
    updateIndex(project: string, logstore: string, index: object): Promise<unknown>;
    getIndexConfig(project: string, logstore: string): Promise<Record<string, unknown>>;
    deleteIndex(project: string, logstore: string): Promise<unknown>;
    postLogStoreLogs(
      project: string,
      logstore: string,
      data: {
        logs: { timestamp: number; timestampNsPart?: number; content: Record<string, string> }[];
        tags?: Record<string, string>[];
        topic?: string;
        source?: string;
      },
      options?: Options,
    ): Promise<unknown>;
    getLogs(
      project: string,
      logstore: string,
      from: Date,
      to: Date,
      data?: { query?: string; topic?: string; line?: number; offset?: number; reverse?: boolean },
    ): Promise<Record<string, string>[]>;
    getProjectLogs(project: string, data: { query: string }): Promise<Record<string, string>[]>;
    getHistograms(
      project: string,
      logstore: string,
      from: Date,
      to: Date,
      data?: { query?: string; topic?: string },
    ): Promise<{ from: number; to: number; count: number; progress: string }[]>;
  }
}
