import { configSchema } from './config-schema.js';
import { SECRETS } from './config.js';

/** One setting as it is in force. `value` shows no secret, only whether there is one. */
export type ConfigEntry = { name: string; value: string; isSet: boolean };

/** Every setting there is, in the order of the schema, for people to look at. Values that cannot be used are shown as they are. */
export function configListing(env: NodeJS.ProcessEnv): ConfigEntry[] {
  return Object.entries(configSchema.shape).map(([name, schema]) => {
    const given = env[name]?.trim() || undefined;
    if (SECRETS.has(name))
      return { name, value: given === undefined ? 'none' : 'set', isSet: given !== undefined };
    if (given !== undefined) return { name, value: given, isSet: true };
    const standing = schema.safeParse(undefined);
    return { name, value: String(standing.data ?? 'none'), isSet: false };
  });
}
