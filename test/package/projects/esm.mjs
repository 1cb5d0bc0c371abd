import express from 'express'
import { amazonAuth, requireUser } from 'express-amazon-auth'
import { startEmulator } from 'express-amazon-auth/emulator'

import { signIn } from './sign-in.cjs'

console.log(await signIn(express, { amazonAuth, requireUser }, { startEmulator }))
