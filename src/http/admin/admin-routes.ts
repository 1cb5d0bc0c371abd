import type { AdminRoute } from './admin-route'

/** Every page for operators but the door: an area after the other. */
export const ADMIN_ROUTES: readonly AdminRoute[] = []
