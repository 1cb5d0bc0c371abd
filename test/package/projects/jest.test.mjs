/* global test, expect */
import express from 'express'
import { amazonAuth, requireUser } from 'express-amazon-auth'
import { PEOPLE, startEmulator } from 'express-amazon-auth/emulator'

import { signIn } from './sign-in.cjs'

test('signs in', async () => {
  const name = await signIn(express, { amazonAuth, requireUser }, { startEmulator })
  expect(name).toBe(PEOPLE[0].name)
})
