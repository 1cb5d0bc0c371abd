import type { AdminRoute } from './admin-route'
import { APP_ROUTES } from './apps/app-routes'
import { OVERVIEW_ROUTES } from './overview/overview-routes'
import { SIGN_IN_ROUTES } from './sign-ins/sign-in-routes'
import { WEBHOOK_ROUTES } from './webhooks/webhook-routes'
import { USER_ROUTES } from './users/user-routes'

/** Every page for operators but the door: an area after the other. */
export const ADMIN_ROUTES: readonly AdminRoute[] = [
  ...APP_ROUTES,
  ...OVERVIEW_ROUTES,
  ...SIGN_IN_ROUTES,
  ...WEBHOOK_ROUTES,
  ...USER_ROUTES,
]
