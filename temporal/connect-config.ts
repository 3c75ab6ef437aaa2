/**
 * Where the server is, by Temporal's own settings: `TEMPORAL_ADDRESS`, `TEMPORAL_NAMESPACE`, `TEMPORAL_API_KEY`,
 * `TEMPORAL_TLS*` and the profiles of `temporal.toml`, as every Temporal tool reads them.
 */
import { loadClientConfigProfile, toClientOptions } from '@temporalio/envconfig';
import type { ClientConfigProfile, ClientConnectConfig } from '@temporalio/envconfig';
import { TasksError } from '../model/problem.ts';

export interface ConnectSettings {
  /** `host:port`, before everything else. */
  readonly address?: string;
  readonly namespace?: string;
  /** A profile of `temporal.toml`; otherwise `TEMPORAL_PROFILE`, else `default`. */
  readonly profile?: string;
  /** Used when nothing else names a server: one that `tasks dev` started, say. */
  readonly fallback?: { readonly address: string; readonly namespace: string; readonly origin: string };
  /** Otherwise the process's environment. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

export interface ConnectConfig {
  readonly address: string;
  readonly namespace: string;
  /** Where the address came from, in words. */
  readonly origin: string;
  /** TLS, key and headers; the client and the worker's native connection take the same. */
  readonly security: Pick<ClientConnectConfig['connectionOptions'], 'tls' | 'apiKey' | 'metadata'>;
}

export const DEFAULT_ADDRESS = 'localhost:7233';

/** @throws TasksError TASKS2008 for a profile that does not exist, a file that cannot be read or is no TOML. */
export const connectConfig = (settings: ConnectSettings = {}): ConnectConfig => {
  const env = withoutEmpty(settings.env ?? process.env);
  const { profile, options } = read(env, settings.profile);
  const { tls, apiKey, metadata } = options.connectionOptions;
  // A key or a certificate belongs to the server it was issued for, not to whatever runs here.
  const fallback = tls || apiKey !== undefined ? undefined : settings.fallback;
  const found = addressOf(settings, profile, env) ?? fallback ?? { address: DEFAULT_ADDRESS, origin: 'the default' };
  const isFallback = found === fallback;
  return {
    address: found.address,
    namespace: settings.namespace ?? options.namespace ?? (isFallback ? fallback?.namespace : undefined) ?? 'default',
    origin: found.origin,
    security: { ...(tls !== undefined && { tls }), ...(apiKey !== undefined && { apiKey }), ...(metadata && { metadata }) },
  };
};

/** An empty variable is how shells and compose files say "not set". */
const withoutEmpty = (env: Readonly<Record<string, string | undefined>>): Record<string, string> =>
  Object.fromEntries(Object.entries(env).flatMap(([name, value]) => (value ? [[name, value]] : [])));

type Env = Readonly<Record<string, string>>;

const addressOf = ({ address, profile }: ConnectSettings, read: ClientConfigProfile, env: Env): { address: string; origin: string } | undefined => {
  if (address !== undefined) return { address, origin: '--address' };
  if (env['TEMPORAL_ADDRESS']) return { address: env['TEMPORAL_ADDRESS'], origin: 'TEMPORAL_ADDRESS' };
  const name = profile ?? env['TEMPORAL_PROFILE'] ?? 'default';
  return read.address === undefined ? undefined : { address: read.address, origin: `profile ${JSON.stringify(name)} of ${fileOf(env)}` };
};

const fileOf = (env: Env): string => env['TEMPORAL_CONFIG_FILE'] ?? 'temporal.toml';

/** A file without any profile is as good as none; the SDK stumbles over it. */
const load = (env: Env, name: string | undefined): ClientConfigProfile => {
  const options = { overrideEnvVars: { ...env }, ...(name !== undefined && { profile: name }) };
  try {
    return loadClientConfigProfile(options);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    if (name !== undefined) throw new Error(`Profile '${name}' not found in ${fileOf(env)}`, { cause: error });
    return loadClientConfigProfile({ ...options, disableFile: true });
  }
};

const read = (env: Env, name: string | undefined): { profile: ClientConfigProfile; options: ClientConnectConfig } => {
  try {
    const profile = load(env, name ?? env['TEMPORAL_PROFILE']);
    return { profile, options: toClientOptions(profile) };
  } catch (cause) {
    // The first line only: a TOML error goes on with the lines around it, and those may hold a key.
    const why = cause instanceof Error ? cause.message.split('\n')[0] : String(cause);
    throw new TasksError({
      code: 'TASKS2008',
      message: `The settings of the connection cannot be used: ${why}.`,
      hint: `They come from TEMPORAL_* variables and from ${fileOf(env)}; \`temporal config list\` shows the profiles, --env chooses one.`,
    });
  }
};
