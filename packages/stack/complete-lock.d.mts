/** An entry of `packages` in a lock file. */
export interface LockEntry {
  readonly version?: string
  readonly dev?: boolean
  readonly optional?: boolean
  readonly cpu?: readonly string[]
  readonly os?: readonly string[]
  readonly libc?: readonly string[]
  readonly optionalDependencies?: Readonly<Record<string, string>>
}
type Dependencies = Readonly<Record<string, string>>
export function staleWorkspaces(
  packages: Readonly<Record<string, { readonly dependencies?: Dependencies; readonly devDependencies?: Dependencies }>>,
  readPackage: (path: string) => { readonly dependencies?: Dependencies; readonly devDependencies?: Dependencies },
): string[]
export function systemOf(name: string): Pick<LockEntry, 'cpu' | 'os' | 'libc'>
export function missingEntries(packages: Readonly<Record<string, LockEntry>>): Record<string, LockEntry>
