/** How wide a chart may be: drawn for its place, so that letters stay letters on every screen. */
import type { RefObject } from 'preact'
import { useLayoutEffect, useRef, useState } from 'preact/hooks'

/** A ref for the chart, and the width of its place in pixels. */
export function useWidth(): [RefObject<SVGSVGElement | null>, number] {
  const ref = useRef<SVGSVGElement>(null)
  const [width, setWidth] = useState(560)
  useLayoutEffect(() => {
    const box = ref.current?.parentElement
    if (!box) return undefined
    const measure = (): void => setWidth(Math.max(220, Math.floor(box.clientWidth)))
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(box)
    return () => observer.disconnect()
  }, [])
  return [ref, width]
}
