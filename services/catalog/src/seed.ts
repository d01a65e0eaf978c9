import { createLogger } from '@checkout/runtime/log'
import { connectMongo } from '@checkout/runtime/mongo'
import { readConfig } from './config.ts'
import { createProductStore, type Product } from './store.ts'

// A small shop to try things with. Number 5 is not for sale, so that orders for it can be seen to fail.
const products: readonly Product[] = [
  {
    id: 1,
    sku: 'TEA-JEJU-20',
    name: '제주 유기농 녹차 20티백',
    description: '제주 다원에서 첫물에 딴 잎으로 만든 녹차',
    listPriceKrw: 12_000,
    isActive: true,
  },
  {
    id: 2,
    sku: 'MUG-CELADON-350',
    name: '청자 머그컵 350ml',
    description: '이천 공방에서 손으로 빚은 청자 머그컵',
    listPriceKrw: 28_500,
    isActive: true,
  },
  {
    id: 3,
    sku: 'SNACK-YAKGWA-1',
    name: '수제 약과 1개입',
    description: '국산 꿀과 조청으로 만든 개성 약과',
    listPriceKrw: 1_000,
    isActive: true,
  },
  {
    id: 4,
    sku: 'GIFT-HONGSAM-30',
    name: '6년근 홍삼 스틱 30포',
    description: '하루 한 포, 명절 선물용 상자 포장',
    listPriceKrw: 50_000,
    isActive: true,
  },
  {
    id: 5,
    sku: 'RICE-ICHEON-4',
    name: '이천 햅쌀 4kg',
    description: '올해 판매가 끝난 햅쌀',
    listPriceKrw: 23_900,
    isActive: false,
  },
]

const config = readConfig(process.env)
const log = createLogger('catalog', config.LOG_LEVEL)
const mongo = await connectMongo({ url: config.MONGO_URL, namespace: config.NAMESPACE, database: 'catalog', log })
try {
  const store = await createProductStore(mongo.connection)
  await store.save(products)
  log.info({ products: products.length }, 'seeded')
} finally {
  await mongo.close()
}
