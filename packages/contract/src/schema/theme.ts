/** Schema of a theme. */
import { z } from 'zod'
import { exact } from '../exact.ts'
import { colorPattern, fontPattern, type Theme } from '../theme.ts'

const color = z
  .string()
  .max(100)
  .regex(
    colorPattern,
    'must be a colour without transparency: "#rgb", "#rrggbb", "rgb(…)", "hsl(…)" or "oklch(…)"',
  )
const colors = { accent: color.optional(), background: color.optional(), text: color.optional() }

export const theme: z.ZodType<Theme> = exact<Theme>()(
  z.object({
    ...colors,
    scheme: z.enum(['light', 'dark', 'auto']).optional(),
    dark: z.object(colors).optional(),
    radius: z.number().min(0).max(24).optional(),
    size: z.number().min(14).max(20).optional(),
    font: z
      .string()
      .max(200)
      .regex(
        fontPattern,
        'must be names of fonts with commas between them, in quotes where a word begins with a digit',
      )
      .optional(),
    density: z.enum(['compact', 'normal', 'roomy']).optional(),
  }),
)
