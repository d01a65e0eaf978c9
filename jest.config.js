export default {
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['@app/source', 'node', 'node-addons'] },
  extensionsToTreatAsEsm: ['.ts'],
  testMatch: ['<rootDir>/{packages,services}/*/{src,tests}/**/*.test.ts'],
  modulePathIgnorePatterns: ['/dist/'],
  workerIdleMemoryLimit: '512MB',
  // A limit against hanging, not a measure of speed: a busy machine is five times slower than a quiet one.
  testTimeout: 180_000,
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { module: { type: 'es6' }, sourceMaps: 'inline', jsc: { parser: { syntax: 'typescript' }, target: 'es2022' } },
    ],
  },
}
