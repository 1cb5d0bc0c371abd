import { BUTTON } from './button'
import { CHART } from './chart'
import { FORM } from './form'
import { LABELS } from './labels'
import { LAYOUT } from './layout'
import { NAVIGATION } from './navigation'
import { TABLE } from './table'

/** All components, for a sheet that many pages load. A page that carries its sheet takes those it shows. */
export const COMPONENTS = [BUTTON, FORM, TABLE, LABELS, LAYOUT, NAVIGATION, CHART].join('')
