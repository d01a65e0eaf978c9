import { type Connection, Schema } from 'mongoose'

export type Product = {
  readonly id: number
  readonly sku: string
  readonly name: string
  readonly description: string
  readonly listPriceKrw: number
  readonly isActive: boolean
}

type ProductDocument = Omit<Product, 'id'> & { readonly _id: number }

const productSchema = new Schema<ProductDocument>(
  {
    _id: { type: Number, required: true },
    sku: { type: String, required: true },
    name: { type: String, required: true },
    description: { type: String, required: true },
    listPriceKrw: { type: Number, required: true },
    isActive: { type: Boolean, required: true },
  },
  { collection: 'products', versionKey: false, autoIndex: false, strict: true },
).index({ isActive: 1, _id: 1 })

const toProduct = ({ _id, sku, name, description, listPriceKrw, isActive }: ProductDocument): Product => ({
  id: _id,
  sku,
  name,
  description,
  listPriceKrw,
  isActive,
})

export type ProductStore = {
  /** Active products with an id above `afterId`, ascending. */
  listActive(afterId: number, limit: number): Promise<Product[]>
  /** The products with these ids, active or not; unknown ids are left out. */
  findByIds(ids: readonly number[]): Promise<Product[]>
  /** Writes products whole, new or not. */
  save(products: readonly Product[]): Promise<void>
}

export const createProductStore = async (connection: Connection): Promise<ProductStore> => {
  const products = connection.model('Product', productSchema)
  await products.createIndexes()
  return {
    listActive: async (afterId, limit) => {
      const found = await products
        .find({ isActive: true, _id: { $gt: afterId } })
        .sort({ _id: 1 })
        .limit(limit)
        .lean<ProductDocument[]>()
      return found.map(toProduct)
    },
    findByIds: async (ids) => {
      const found = await products.find({ _id: { $in: [...ids] } }).lean<ProductDocument[]>()
      return found.map(toProduct)
    },
    save: async (given) => {
      await products.bulkWrite(
        given.map(({ id, ...fields }) => ({
          updateOne: { filter: { _id: id }, update: { $set: fields }, upsert: true },
        })),
      )
    },
  }
}
