// Express 4 beside Express 5, for the tests that run on both.
declare module 'express4' {
  import express from 'express'
  export default express
}
