const express = require('express')
const auth = require('express-amazon-auth')
const emulator = require('express-amazon-auth/emulator')
const { signIn } = require('./sign-in.cjs')

signIn(express, auth, emulator).then(console.log)
