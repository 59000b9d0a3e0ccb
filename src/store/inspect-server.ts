/** A look at one server before it is used: whether it answers, lets us in, and can do what will be asked of it. */
import { type Abilities, readAbilities } from './abilities.js';
import { connectServer, type ServerAccess } from './connect.js';

/** Throws what is in the way, with the server's own words. */
export async function inspectServer(url: string, access: ServerAccess, signal: AbortSignal): Promise<Abilities> {
  const { bootstrap, client } = connectServer(url, access, 'default');
  try {
    return await readAbilities(bootstrap, signal);
  } finally {
    await Promise.all([bootstrap.close(), client.close()]);
  }
}
