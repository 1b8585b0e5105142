/** What Fernwood sells. */

export interface Product {
  id: string
  name: string
  /** Euro. */
  price: number
  /** One line below the name. */
  line: string
  about: string
  facts: readonly (readonly [name: string, value: string])[]
}

export const products: readonly Product[] = [
  {
    id: 'trowel',
    name: 'Hand trowel',
    price: 24,
    line: 'Forged steel, ash handle',
    about:
      'A narrow blade that goes into dry ground without bending, and a handle that fits a gloved hand. The blade is marked in centimetres, so bulbs go in at the right depth.',
    facts: [
      ['Blade', 'Forged carbon steel, 16 cm'],
      ['Handle', 'Oiled ash'],
      ['Weight', '310 g'],
    ],
  },
  {
    id: 'secateurs',
    name: 'Bypass secateurs',
    price: 46,
    line: 'For stems up to 22 mm',
    about:
      'Two blades that pass each other like scissors, so that the cut is clean and heals. Every part comes off with one screw and can be ordered singly.',
    facts: [
      ['Cut', 'Up to 22 mm'],
      ['Blade', 'Hardened steel, replaceable'],
      ['Weight', '240 g'],
    ],
  },
  {
    id: 'can',
    name: 'Watering can',
    price: 39,
    line: 'Five litres, brass rose',
    about:
      'Balanced when it is full and when it is nearly empty. The brass rose gives a soft rain that leaves seedlings standing; take it off for a single stream.',
    facts: [
      ['Holds', '5 litres'],
      ['Body', 'Galvanised steel, painted'],
      ['Rose', 'Brass, removable'],
    ],
  },
  {
    id: 'fork',
    name: 'Border fork',
    price: 68,
    line: 'Four tines, full length',
    about:
      'A fork for beds that are planted already: narrow enough to go between perennials, strong enough to lift them out in autumn.',
    facts: [
      ['Length', '98 cm'],
      ['Tines', 'Forged boron steel, four'],
      ['Weight', '1.5 kg'],
    ],
  },
  {
    id: 'pots',
    name: 'Terracotta pots',
    price: 32,
    line: 'Set of three, with saucers',
    about:
      'Thrown and fired in one small works, and frost-proof to −15 °C. The clay breathes, so roots stay cool and the surface ages well.',
    facts: [
      ['Sizes', '12, 16 and 20 cm'],
      ['Frost', 'Safe to −15 °C'],
      ['In the box', 'Three pots, three saucers'],
    ],
  },
  {
    id: 'seeds',
    name: 'Kitchen garden seeds',
    price: 18,
    line: 'Eight kinds in a tin',
    about:
      'Eight vegetables and herbs that forgive a beginner, in paper bags with the sowing month in large print. The tin keeps them dry for the second year.',
    facts: [
      ['Kinds', 'Eight, open-pollinated'],
      ['Enough for', 'About 12 m²'],
      ['Sow', 'March to July'],
    ],
  },
]

/** A product by its id, or undefined. */
export function productById(id: string | null): Product | undefined {
  return products.find((each) => each.id === id)
}

const money = new Intl.NumberFormat('en-IE', { style: 'currency', currency: 'EUR' })

/** A price as it stands on a page. */
export function priceText(euro: number): string {
  return money.format(euro)
}
