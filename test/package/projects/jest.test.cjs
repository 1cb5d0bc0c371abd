/* global test, expect */
const express = require('express')
const auth = require('express-amazon-auth')
const emulator = require('express-amazon-auth/emulator')
const { signIn } = require('./sign-in.cjs')

test('signs in', async () => {
  expect(await signIn(express, auth, emulator)).toBe(emulator.PEOPLE[0].name)
})
