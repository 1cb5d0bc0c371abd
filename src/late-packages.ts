/* oxlint-disable typescript/no-require-imports -- what a host needs for its first visitor, or never, is loaded
   when it is first used: it would make up half of what a start costs */
import type * as OpenTelemetry from '@opentelemetry/api'
import type * as Ajv from 'ajv/dist/2020'
import type convict from 'convict'
import type * as Jsonwebtoken from 'jsonwebtoken'
import type * as PromClient from 'prom-client'
import type qrcode from 'qrcode-generator'
import type * as Sax from 'sax'
import type * as Yauzl from 'yauzl'

import { once } from './lazily'

export const loadAjv = once(() => require('ajv/dist/2020') as typeof Ajv)
export const loadConvict = once(() => require('convict') as typeof convict)
export const loadJsonwebtoken = once(() => require('jsonwebtoken') as typeof Jsonwebtoken)
/** An optional peer: throws where it is not installed. */
export const loadOpenTelemetry = once(() => require('@opentelemetry/api') as typeof OpenTelemetry)
export const loadPromClient = once(() => require('prom-client') as typeof PromClient)
export const loadQrcode = once(() => require('qrcode-generator') as typeof qrcode)
export const loadSax = once(() => require('sax') as typeof Sax)
export const loadYauzl = once(() => require('yauzl') as typeof Yauzl)
