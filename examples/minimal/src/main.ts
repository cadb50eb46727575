import { generateKeyPairSync } from 'node:crypto';

import { completeUscc, createCompliance, createDevelopmentIssuer, memoryKeys, systemClock } from '@zhengpin/core';
import { assertGate, complianceRouter, postingGate } from '@zhengpin/express';
import { memoryStore } from '@zhengpin/storage-adapters/memory';
import express from 'express';

const issuer = await createDevelopmentIssuer(systemClock); // production: your own JWKS, issuer, audience, algorithms
const privateKeyPem = generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
const keys = memoryKeys(); // production: fileKeyring, environmentKeys or kmsKeys
const compliance = createCompliance({
  store: memoryStore(),
  signing: { name: 'jobs.example', privateKeyPem },
  identity: issuer.identity,
  keys,
});

const employer = { id: 'emp-1', tenant: 'main', role: 'employer', organisation: 'org-1' } as const;
const uscc = completeUscc('91110108MA00YP00A');
await compliance.setOperator(
  { id: 'op-1', tenant: 'main', role: 'operator' },
  { name: '示例公共就业服务中心', agencyType: 'public', modes: ['platform'], jurisdictions: ['CN'] },
);
await compliance.registerOrganisation(employer, { name: '启明示例科技有限公司', uscc, accountType: 'employer-direct' });

const app = express();
app.use('/compliance', complianceRouter(compliance));
app.post('/jobs', postingGate(compliance, { answer: true }));
await assertGate(app, [{ method: 'POST', path: '/jobs' }]);

const token = await issuer.mint(employer);
const port = Number(process.env['PORT'] ?? 3001);
const server = app.listen(port, '127.0.0.1', () =>
  console.log(`POST http://127.0.0.1:${port}/jobs\nAuthorization: Bearer ${token}\nemployer: 启明示例科技有限公司 ${uscc}`),
);
process.once('SIGTERM', () => server.close());
