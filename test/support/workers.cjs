const { availableParallelism } = require('node:os')

/** How many test files run at a time. They wait for a third of their time and more: for peers that are slow, devices, stores, browsers. */
exports.WORKERS = Math.ceil(availableParallelism() * 1.5)
