/** Operators who create and delete logstores at any node, the same ones at the same time, and write down what they were answered. */
import type { LogstoreInfo, LogstoreList } from '../../../src/api/catalog.js';
import type { Service } from '../service.js';

const ANSWER_MS_MAX = 20_000;
const LOGSTORES = '/api/v1/projects/default/logstores';

export class CatalogChanges {
  /** Ids of logstores by name, as they were confirmed and not deleted since. */
  readonly #confirmed = new Map<string, number>();
  /** Confirmed too. Of one that was deleted without an answer nothing can be said. */
  readonly #deleted = new Set<string>();
  readonly faults: string[] = [];
  confirmed = 0;

  /** At all of the nodes at once: at most one of them may confirm it. */
  async create(nodes: readonly Service[], name: string): Promise<void> {
    const answers = await Promise.all(nodes.map((node) => change(node, 'POST', LOGSTORES, { name })));
    const created = answers.filter((answer): answer is Response => answer?.status === 201);
    for (const answer of created) this.#confirmed.set(name, ((await answer.json()) as LogstoreInfo).id);
    this.confirmed += created.length;
    if (created.length > 1) this.faults.push(`${name} was created ${created.length} times`);
    this.#judge(answers, [201, 400, 503], `create ${name}`);
  }

  /** One of those that there are. */
  async deleteAny(node: Service): Promise<void> {
    const [name] = this.#confirmed.keys();
    if (name === undefined) return;
    this.#confirmed.delete(name);
    const answer = await change(node, 'DELETE', `${LOGSTORES}/${name}`);
    // 404 where the node has not heard of it yet.
    this.#judge([answer], [200, 204, 404, 503], `delete ${name}`);
    if (answer?.ok !== true) return;
    this.confirmed += 1;
    this.#deleted.add(name);
  }

  /** What is wrong with what a node lists. */
  check(node: string, logstores: readonly LogstoreInfo[]): string[] {
    const ids = new Map(logstores.map(({ name, id }) => [name, id]));
    const wrong = [...this.#confirmed]
      .filter(([name, id]) => ids.get(name) !== id)
      .map(([name, id]) => `${node} has ${name} as ${ids.get(name)}, and ${id} was confirmed`);
    const revived = [...this.#deleted].filter((name) => ids.has(name)).map((name) => `${node} has ${name}, deleted`);
    const isUnique = new Set(ids.values()).size === logstores.length;
    return [...wrong, ...revived, ...(isUnique ? [] : [`${node} has two logstores of one id`])];
  }

  #judge(answers: readonly (Response | null)[], expected: readonly number[], what: string): void {
    for (const answer of answers) {
      if (answer !== null && !expected.includes(answer.status)) {
        this.faults.push(`${what} was answered ${answer.status}`);
      }
    }
  }
}

export async function listLogstores(node: Service): Promise<readonly LogstoreInfo[]> {
  const answer = await node.admin('GET', LOGSTORES);
  return ((await answer.json()) as LogstoreList).logstores;
}

/** Null if there was no answer. */
async function change(node: Service, method: string, path: string, body?: unknown): Promise<Response | null> {
  const late = new Promise<null>((resolve) => setTimeout(() => resolve(null), ANSWER_MS_MAX).unref());
  return Promise.race([node.admin(method, path, body).catch(() => null), late]);
}
