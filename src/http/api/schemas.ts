import { WEBHOOK_EVENTS } from '../../webhooks/webhook-event'
import type { JsonSchema } from './operation'
import { STATS_SCHEMAS } from './stats-schemas'

export const MILLISECONDS = { type: 'integer', description: 'Milliseconds since 1970' }

const FIELDS = {
  type: 'object',
  additionalProperties: { type: ['string', 'number', 'boolean'] },
} as const
const FIELDS_OF_PROFILE = {
  ...FIELDS,
  description: "Further fields of Amazon's profile, such as postal_code",
} as const

/** The parts of the API's documents, by the name they have in OpenAPI. */
export const SCHEMAS = {
  Error: {
    type: 'object',
    required: ['code', 'message'],
    properties: {
      code: { type: 'integer', description: 'The status of the answer' },
      message: { type: 'string', description: 'What happened and what to do' },
    },
  },
  Message: {
    type: 'object',
    required: ['message'],
    properties: { message: { type: 'string' } },
  },
  User: {
    type: 'object',
    required: ['id', 'type', 'appid', 'identifier', 'active'],
    properties: {
      id: { type: 'string', pattern: '^[0-9]+$' },
      type: { const: 'user' },
      plural: { const: 'users' },
      objectURI: { type: 'string' },
      appid: { type: 'string', description: "The app's name, without app:" },
      identifier: { type: 'string', description: 'az: and the user_id at Amazon' },
      identityProvider: { type: 'string' },
      email: { type: 'string' },
      name: { type: 'string' },
      picture: { type: 'string' },
      groups: { type: 'string' },
      active: { type: 'boolean', description: 'False: locked' },
      profile: FIELDS_OF_PROFILE,
      scopes: {
        type: 'array',
        items: { type: 'string' },
        description: 'Granted at the last sign-in with Amazon',
      },
      timestamp: MILLISECONDS,
      updated: MILLISECONDS,
    },
  },
  UserExport: {
    type: 'object',
    required: ['user', 'kept', 'exported'],
    properties: {
      user: { $ref: '#/components/schemas/User' },
      kept: {
        type: 'object',
        description:
          'What else is kept, by kind, the latest first: sign_ins is what the audit trail has of the user, by time, way, network and request, how far each came and how long that took; amazon_tokens that there are any, and since when; relinked_records are records of the same person that a relink has locked; webhook_deliveries what webhooks of the app were told, by type and time; operator_changes what the user has changed as an operator.',
        properties: {
          sign_ins: {
            type: 'array',
            items: {
              type: 'object',
              properties: {
                at: MILLISECONDS,
                outcome: { type: 'string' },
                reason: { type: 'string' },
                way: { type: 'string' },
                network: { type: 'string', description: 'Such as 192.0.2.0/24' },
                request_id: { type: ['string', 'null'] },
                step: { type: ['string', 'null'], description: 'The last that was reached' },
                took_ms: { type: ['integer', 'null'], description: 'In milliseconds' },
                amazon_ms: { type: ['integer', 'null'], description: 'Of it, waiting for Amazon' },
                is_new: { type: 'boolean', description: 'Whether it made the user' },
              },
            },
          },
          relinked_records: { type: 'array', items: { $ref: '#/components/schemas/User' } },
        },
        additionalProperties: { type: 'array' },
      },
      cut_off: {
        type: 'array',
        items: { type: 'string' },
        description: 'Kinds of which there is more: only the latest 20,000 are here',
      },
      exported: MILLISECONDS,
    },
  },
  AmazonToken: {
    type: 'object',
    required: ['access_token', 'token_type', 'expires'],
    properties: {
      access_token: { type: 'string' },
      token_type: { const: 'bearer' },
      expires: MILLISECONDS,
      scopes: {
        type: 'array',
        items: { type: 'string' },
        description: 'What the person has granted; absent where that is not known',
      },
    },
  },
  OwnUser: {
    description: 'A user, and the further claims that an ID token would have',
    allOf: [{ $ref: '#/components/schemas/User' }],
    properties: { claims: { ...FIELDS, description: 'As the setting claims has them' } },
  },
  App: {
    type: 'object',
    required: ['id', 'type', 'appid', 'appIdentifier', 'active'],
    properties: {
      id: { type: 'string', pattern: '^app:' },
      type: { const: 'app' },
      plural: { const: 'apps' },
      objectURI: { type: 'string' },
      appid: { type: 'string', description: 'Name of the root app' },
      appIdentifier: { type: 'string', description: "The app's own name" },
      name: { type: 'string' },
      active: { type: 'boolean' },
      timestamp: MILLISECONDS,
      updated: MILLISECONDS,
    },
  },
  AppKeys: {
    type: 'object',
    required: ['accessKey', 'secretKey'],
    properties: {
      accessKey: { type: 'string', pattern: '^app:' },
      secretKey: { type: 'string', description: 'Shown only now' },
      message: { type: 'string' },
      info: { type: 'string' },
    },
  },
  Settings: {
    type: 'object',
    description:
      'Any JSON values by name. Secrets are masked when read; a mask put back keeps them.',
    additionalProperties: true,
  },
  Doctor: {
    type: 'object',
    required: ['level', 'results', 'lastKey'],
    properties: {
      level: { enum: ['ok', 'warning', 'failure'], description: 'The worst of all results' },
      results: {
        type: 'array',
        items: {
          type: 'object',
          required: ['check', 'level', 'seen'],
          properties: {
            check: { type: 'string', description: 'Name of the check, as docs/doctor.md has it' },
            level: { enum: ['ok', 'warning', 'failure'] },
            app: { type: 'string', description: 'Absent: it is about the host' },
            seen: { type: 'string' },
            fix: { type: 'string' },
            origin: {
              type: 'string',
              description:
                'Where the value stands: `stored setting`, `default`, file and line, variable or option; to an app, `configuration` for all of the host',
            },
          },
        },
      },
      lastKey: {
        type: ['string', 'null'],
        description: 'Id of the last app that was looked at, where others follow it',
      },
    },
  },
  ...STATS_SCHEMAS,
  TryReport: {
    type: 'object',
    description:
      'What a sign-in that was tried has come to. Nothing was stored, and nothing of it is secret.',
    required: ['app', 'ok', 'steps', 'asked', 'user', 'tokens', 'target', 'failure', 'again'],
    properties: {
      app: { type: 'string' },
      ok: { type: 'boolean' },
      steps: {
        type: 'array',
        items: {
          type: 'object',
          required: ['step', 'ms', 'ok'],
          properties: {
            step: { type: 'string' },
            ms: { type: 'number' },
            ok: { type: 'boolean' },
          },
        },
      },
      asked: { type: 'object', description: 'What Amazon was asked' },
      received: { type: ['object', 'null'], description: 'What came for it, without its secrets' },
      profile: { type: ['object', 'null'], description: "Amazon's profile" },
      read: { type: ['object', 'null'], description: 'What the setting claims makes of it' },
      mapped: { type: ['object', 'null'], description: 'What the hook mapProfile makes of that' },
      user: {
        type: ['object', 'null'],
        required: ['isNew', 'changes', 'record'],
        properties: {
          isNew: { type: 'boolean' },
          changes: { type: 'array', items: { type: 'string' } },
          record: {
            type: 'object',
            description: 'As it would be; of a new one, `<id>` stands for the id',
          },
        },
      },
      tokens: {
        type: 'array',
        items: {
          type: 'object',
          required: ['kind', 'claims'],
          properties: { kind: { enum: ['id_token', 'session_token'] }, claims: { type: 'object' } },
        },
      },
      target: {
        type: ['object', 'null'],
        required: ['url', 'means'],
        properties: {
          url: { type: 'string' },
          means: { enum: ['id_token', 'session_token', 'session', 'nothing'] },
        },
      },
      failure: {
        type: ['object', 'null'],
        required: ['code', 'message', 'advice', 'amazon', 'doctor'],
        properties: {
          step: { type: 'string', description: 'Absent: it could not begin' },
          code: { type: 'string' },
          message: { type: 'string' },
          advice: { type: 'string' },
          amazon: { type: ['object', 'null'], description: "Amazon's words" },
          doctor: { type: 'array', items: { type: 'object' }, description: 'As results of doctor' },
        },
      },
      again: { type: ['string', 'null'], description: 'Where it can be tried once more' },
    },
  },
  Webhook: {
    type: 'object',
    required: ['id', 'url', 'events', 'active', 'timestamp', 'updated'],
    properties: {
      id: { type: 'string' },
      url: { type: 'string' },
      events: { type: 'array', items: { enum: WEBHOOK_EVENTS } },
      active: { type: 'boolean' },
      off: {
        enum: ['paused', 'gone', 'failing'],
        description:
          'Why it is not active: switched off by its app, by its own answer 410, or as nothing has arrived for five days',
      },
      failing_since: { ...MILLISECONDS, description: 'Absent: the last attempt has arrived' },
      former_secret_until: {
        ...MILLISECONDS,
        description:
          'Until when the former secret signs beside the present one; absent: it does not',
      },
      secret: { type: 'string', description: 'Shown only now, when it is new', pattern: '^whsec_' },
      timestamp: MILLISECONDS,
      updated: MILLISECONDS,
    },
  },
  WebhookDelivery: {
    type: 'object',
    required: ['id', 'type', 'timestamp', 'state', 'attempts'],
    properties: {
      id: { type: 'string', description: 'The header webhook-id: the same at every attempt' },
      type: { enum: [...WEBHOOK_EVENTS, 'webhook.test'] },
      timestamp: { ...MILLISECONDS, description: 'When it happened' },
      user: { type: 'string', description: 'Id of the user; absent: there is none' },
      state: { enum: ['pending', 'delivered', 'given_up'] },
      next_attempt: {
        ...MILLISECONDS,
        description: 'Of one that is pending: not before what came before it of the same user',
      },
      attempts: {
        type: 'array',
        description: 'The latest, at most 20',
        items: {
          type: 'object',
          required: ['at', 'ms'],
          properties: {
            at: MILLISECONDS,
            ms: { type: 'integer', description: 'How long it took' },
            status: { type: 'integer', description: 'Of the answer; absent: there was none' },
            error: {
              type: 'string',
              description:
                'Why it does not count: status, redirect, NO_PUBLIC_ADDRESS, NO_CONNECTION, NO_ANSWER, ETIMEDOUT, BACKLOG_FULL (too many waited), or the code of a certificate; absent: it has arrived',
            },
          },
        },
      },
    },
  },
  SignedIn: {
    type: 'object',
    required: ['jwt', 'user'],
    properties: {
      jwt: {
        type: 'object',
        required: ['access_token', 'refresh', 'expires'],
        properties: {
          access_token: { type: 'string' },
          refresh: { ...MILLISECONDS, description: 'When to ask for a new one' },
          expires: MILLISECONDS,
        },
      },
      user: { $ref: '#/components/schemas/User' },
    },
  },
} as const satisfies Record<string, JsonSchema>

export function ref(name: keyof typeof SCHEMAS): JsonSchema {
  return { $ref: `#/components/schemas/${name}` }
}

/** Text that every store can hold. */
export function textOf(maxLength: number): JsonSchema {
  // As isStorableText has it: no NUL, no half of a character.
  return { type: 'string', minLength: 1, maxLength, pattern: '^[^\\u0000\\ud800-\\udfff]*$' }
}

/** A page of records. */
export function pageOf(name: 'User' | 'App'): JsonSchema {
  return {
    type: 'object',
    required: ['items', 'page', 'totalHits'],
    properties: {
      items: { type: 'array', items: ref(name) },
      page: { type: 'integer', description: 'As asked for; 0 when it was not' },
      totalHits: { type: 'integer' },
      lastKey: { type: ['string', 'null'], description: 'Id of the last item' },
    },
  }
}
