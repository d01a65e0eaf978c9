import { describe, expect, it } from '@jest/globals'
import { missingEntries, staleWorkspaces, systemOf } from '../complete-lock.mjs'

describe('completing the lock', () => {
  it.each([
    ['@biomejs/cli-linux-arm64-musl', { os: ['linux'], cpu: ['arm64'], libc: ['musl'] }],
    ['@swc/core-linux-arm-gnueabihf', { os: ['linux'], cpu: ['arm'], libc: ['glibc'] }],
    ['@turbo/windows-64', { os: ['win32'], cpu: ['x64'] }],
    ['@turbo/darwin-arm64', { os: ['darwin'], cpu: ['arm64'] }],
    ['@bufbuild/buf-linux-armv7', { os: ['linux'], cpu: ['arm'] }],
    ['@swc/core-win32-ia32-msvc', { os: ['win32'], cpu: ['ia32'] }],
  ])('reads the system from the name %s', (name, system) => {
    expect(systemOf(name)).toEqual(system)
  })

  it('refuses a name that tells no system, so that nothing wrong gets into the lock', () => {
    expect(() => systemOf('left-pad')).toThrow('cannot tell which system left-pad is for')
  })

  it('adds what is absent, as a development package when it belongs to one', () => {
    const packages = {
      'node_modules/turbo': {
        dev: true,
        optionalDependencies: { '@turbo/darwin-64': '2.0.0', '@turbo/linux-64': '2.0.0' },
      },
      'node_modules/@turbo/linux-64': { version: '2.0.0' },
    }
    expect(missingEntries(packages)).toEqual({
      'node_modules/@turbo/darwin-64': { version: '2.0.0', cpu: ['x64'], dev: true, optional: true, os: ['darwin'] },
    })
  })

  it('finds a package below the one that needs it', () => {
    const packages = {
      'node_modules/a/node_modules/b': { optionalDependencies: { 'c-linux-x64': '^1.2.3' } },
      'node_modules/a/node_modules/c-linux-x64': { version: '1.2.3' },
    }
    expect(missingEntries(packages)).toEqual({})
  })

  it('names a package.json that was changed after the lock was made', () => {
    const packages = {
      '': { devDependencies: { jest: '^30.0.0' } },
      'packages/a': { dependencies: { zod: '^4.0.0' } },
      'node_modules/zod': { dependencies: { other: '1' } },
    }
    const files: Record<string, object> = {
      'package.json': { devDependencies: { jest: '^30.0.0' } },
      'packages/a/package.json': { dependencies: { zod: '^4.0.0', pino: '^10.0.0' } },
    }
    expect(staleWorkspaces(packages, (path) => files[path] ?? {})).toEqual(['packages/a/package.json'])
  })
})
