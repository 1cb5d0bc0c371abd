export { storeContract, type ContractCase, type StoreContractOptions } from './store-contract'
export type { OptionalPart, Store } from '../store/store'
