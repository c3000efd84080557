import type { Config } from './config.js';

/** Credentials in any URL, whoever wrote it. */
const URL_PASSWORD = /(\w+:\/\/[^:/\s@]*:)[^@/\s]+@/g;

/** A function that takes the process's secrets, and passwords in URLs, out of a text. */
export function redactor(
  config: Partial<Pick<Config, 'token' | 'anthropicApiKey'>>,
): (text: string) => string {
  // very short ones would take pieces out of ordinary words
  const secrets = [config.token, config.anthropicApiKey].filter(
    (secret) => secret !== undefined && secret.length >= 6,
  );
  return (text) =>
    secrets
      .reduce<string>((rest, secret) => rest.replaceAll(secret as string, '[redacted]'), text)
      .replace(URL_PASSWORD, '$1[redacted]@');
}
