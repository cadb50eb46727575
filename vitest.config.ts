import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: { conditions: ['@zhengpin/source'] },
  ssr: { resolve: { conditions: ['@zhengpin/source'] } },
  test: {
    include: ['packages/**/*.test.ts', 'examples/**/*.test.ts'],
    execArgv: ['--conditions=@zhengpin/source'],
    testTimeout: 180_000,
    hookTimeout: 180_000,
  },
});
