/** All that needs the package `pg`: loaded when PostgreSQL is chosen. */
export { openPostgresExecutor } from './open-postgres-executor'
export { postgresAppChanges } from './postgres-app-changes'
