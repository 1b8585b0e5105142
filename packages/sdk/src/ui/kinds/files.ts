/** All that surveys with pages need, as bundlers see it. The script tag, which has an address for each file, carries none of it. */
import type { LoadKinds } from '../../ports/card.ts'
import { loadFor } from './main.tsx'

const files = {
  stars: () => import('./stars.tsx'),
  faces: () => import('./faces.tsx'),
  thumbs: () => import('./thumbs.tsx'),
  yesno: () => import('./yesno.tsx'),
  choice: () => import('./choice.tsx'),
  text: () => import('./text.tsx'),
  statement: () => import('./statement.tsx'),
  link: () => import('./link.tsx'),
} as const

export const loadKinds: LoadKinds = (surveys) =>
  loadFor(surveys, (type) => files[type as keyof typeof files]())
