/** What every page of the kill test offers to the harness, whatever product is on it. */

/** A product on a page. */
export interface Driven {
  /** Starts it; resolves when it takes events. */
  start(line: string): Promise<unknown>
  /**
   * Gives one event to it. When this has returned, and what it returns is settled, the event is counted as accepted,
   * unless it is `later`: then the product says so by itself.
   */
  capture(marker: string): unknown
}

/** The product tells which events are accepted. */
export const later: unique symbol = Symbol('later')

/** What a page can be asked to do. */
export interface Drive {
  begin(line: string): Promise<unknown>
  captureMany(prefix: string, count: number, gap: number): Promise<void>
  /** Milliseconds that each of so many events took, one after the other; fewer when the time, in milliseconds too, is over. */
  timeMany(prefix: string, count: number, patience: number): Promise<number[]>
  /** Where the product has a card: shows it, before anything goes wrong. */
  prepare?(survey: string): Promise<void>
  captureOne(marker: string): void
}

declare global {
  interface Window extends Drive {
    /** Put there by the harness; what is said is written before the next statement runs. */
    told(marker: string): void
  }
}

export function drive(product: Driven): void {
  window.begin = (line) => product.start(line)
  window.captureOne = (marker) => void product.capture(marker)
  window.timeMany = async (prefix, count, patience) => {
    const times: number[] = []
    const end = performance.now() + patience
    while (times.length < count && performance.now() < end) {
      const before = performance.now()
      await product.capture(`${prefix}-${times.length}-`)
      times.push(performance.now() - before)
      // A turn of the event loop, as between two clicks.
      await new Promise((resolve) => setTimeout(resolve))
    }
    return times
  }
  window.captureMany = async (prefix, count, gap) => {
    for (let index = 0; index < count; index++) {
      const marker = `${prefix}-${index}-`
      const result = product.capture(marker)
      if (result !== later)
        void Promise.resolve(result).then(
          () => window.told(marker),
          () => {},
        )
      await new Promise((resolve) => setTimeout(resolve, gap))
    }
  }
}
