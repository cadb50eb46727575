import type { SealedField } from '../kernel/confidential.ts';
import { cite } from './instruments.ts';

const order21 = cite('order44', '21(2)');
const order26 = cite('order44', '26');
const pipl51 = cite('pipl', '51');

const EMPLOYER = [{ kind: 'organisation', field: 'organisation' }] as const;
/** The file of a handler's identity is about the handler; every other file is the employer's. */
const HANDLER_OR_EMPLOYER = [{ kind: 'account', field: 'handler' }, ...EMPLOYER] as const;

/**
 * What is stored sealed (密封字段): free text and file references, wherever an identity number, age, sex, address or
 * contact of a person, or what an employer keeps to itself, can stand. Nothing here is searched by.
 * @source Order 44 Arts. 21(2), 26; PIPL Art. 51
 */
export const SEALED_FIELDS: readonly SealedField[] = [
  {
    collection: 'postings',
    path: ['title'],
    subject: EMPLOYER,
    title: { zh: '岗位名称', en: 'Title of a posting' },
    citations: [order21, order26],
  },
  {
    collection: 'postings',
    path: ['clearances', '*', 'misreading'],
    subject: EMPLOYER,
    title: { zh: '误读说明', en: 'Why a finding is a misreading' },
    citations: [order21],
  },
  {
    collection: 'postingVersions',
    path: ['content'],
    subject: EMPLOYER,
    json: true,
    title: { zh: '招聘信息全文，含联系方式和地址', en: 'Text of a posting, with its contacts and address' },
    citations: [order21, order26],
  },
  {
    collection: 'postingVersions',
    path: ['salt'],
    subject: EMPLOYER,
    title: { zh: '内容哈希的盐', en: 'Salt of the content hash' },
    citations: [order26],
  },
  {
    collection: 'materials',
    path: ['reference'],
    subject: HANDLER_OR_EMPLOYER,
    title: { zh: '材料文件的存放标识', en: 'Where a material’s file is' },
    citations: [order21, pipl51],
  },
  {
    collection: 'materials',
    path: ['sha256'],
    subject: HANDLER_OR_EMPLOYER,
    title: { zh: '材料文件的哈希', en: 'Hash of a material’s file' },
    citations: [order21, pipl51],
  },
  {
    collection: 'materials',
    path: ['salt'],
    subject: HANDLER_OR_EMPLOYER,
    title: { zh: '材料哈希的盐', en: 'Salt of the material hash' },
    citations: [pipl51],
  },
  {
    collection: 'decisions',
    path: ['reasons', '*', 'facts'],
    subject: EMPLOYER,
    title: { zh: '审查人员写明的事实', en: 'Facts a reviewer wrote down' },
    citations: [order21],
  },
  {
    collection: 'decisions',
    path: ['clearances', '*', 'misreading'],
    subject: EMPLOYER,
    title: { zh: '误读说明', en: 'Why a finding is a misreading' },
    citations: [order21],
  },
  {
    collection: 'decisions',
    path: ['secondOpinion', 'note'],
    subject: EMPLOYER,
    json: true,
    title: { zh: '第二意见的说明', en: 'Note of the second opinion' },
    citations: [order21],
  },
  {
    collection: 'decisions',
    path: ['secondOpinion', 'grounds'],
    subject: EMPLOYER,
    json: true,
    title: { zh: '第二意见的依据', en: 'Grounds of the second opinion' },
    citations: [order21],
  },
  {
    collection: 'appeals',
    path: ['explanation'],
    subject: [{ kind: 'account', field: 'filedBy' }],
    title: { zh: '申诉理由', en: 'What an appellant wrote' },
    citations: [order21, pipl51],
  },
];
