import type { Config } from './config.js';

/** Credentials in any URL, whoever wrote it. */
const URL_PASSWORD = /(\w+:\/\/[^:/\s@]*:)[^@/\s]+@/g;

/** A function that takes the process's secrets, and passwords in URLs, out of a text. */
export function redactor(
  config: Partial<Pick<Config, 'token' | 'adminToken' | 'adminReadToken' | 'anthropicApiKey' | 'chainKey'>>,
): (text: string) => string {
  const { token, adminToken, adminReadToken, anthropicApiKey, chainKey } = config;
  // very short ones would take pieces out of ordinary words; one that begins with another goes first, whole
  const secrets = [token, adminToken, adminReadToken, anthropicApiKey, chainKey]
    .filter((secret): secret is string => secret !== undefined && secret.length >= 6)
    .toSorted((a, b) => b.length - a.length);
  return (text) =>
    secrets
      .reduce((rest, secret) => rest.replaceAll(secret, '[redacted]'), text)
      .replace(URL_PASSWORD, '$1[redacted]@');
}
