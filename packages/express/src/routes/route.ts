import type { Actor, CommandOptions, Compliance, Text, Verb } from '@zhengpin/core';

/** A request after its checks: who, which ids, which parameters, which body. */
export interface Call {
  readonly compliance: Compliance;
  readonly actor: Actor;
  readonly params: { readonly [name: string]: string };
  readonly query: { readonly [name: string]: string };
  readonly body: unknown;
  readonly options: CommandOptions;
}

export interface Reply {
  readonly body: object | string;
  /** Version of the record answered about; becomes the ETag. */
  readonly version?: number;
  /** Of a body that is no JSON. Default plain text. */
  readonly type?: 'html' | 'ics' | 'metrics';
}

/** One route of the kit as data: the router, the OpenAPI document and the tests over all routes derive from it. */
export interface Route {
  readonly method: 'get' | 'post' | 'put';
  readonly path: string;
  readonly group:
    | 'registry'
    | 'postings'
    | 'reviews'
    | 'disclosure'
    | 'fees'
    | 'rules'
    | 'supervision'
    | 'duties'
    | 'retention'
    | 'personal'
    | 'jobs'
    | 'audits'
    | 'evidence';
  readonly verb: Verb;
  readonly summary: Text;
  /** JSON Schema of the body a write takes. */
  readonly body?: object;
  /** Largest body in bytes, where it is another than that of most. */
  readonly bodyLimit?: number;
  readonly query?: readonly string[];
  readonly ifMatch?: 'required' | 'optional';
  readonly status: number;
  run(call: Call): Promise<Reply>;
}

export const PAGE = ['limit', 'cursor'] as const;

/** The body of a write that says all in its address. */
export const NOTHING = { type: 'object', additionalProperties: false, properties: {} } as const;

/** The id in the path. */
export function id(call: Call): string {
  return call.params['id'] ?? '';
}

/** A reply whose version becomes the ETag. */
export function written(result: { readonly version: number }): Reply {
  return { body: result, version: result.version };
}
