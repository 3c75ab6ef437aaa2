import 'vitest';

declare module 'vitest' {
  export interface ProvidedContext {
    /** The development server of the whole test run: in memory, with the settings of `temporal-dev.yml`. */
    temporal: { readonly address: string; readonly namespace: string; readonly webUrl: string };
    /** Where `shortHistoryServer()` of `server.ts` asks for the second server. */
    temporalControl: string;
  }
}
