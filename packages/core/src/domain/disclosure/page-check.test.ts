import { expect, it } from 'vitest';

import type { DisclosureDocument } from './document.ts';
import { checkPage, readPage } from './page-check.ts';
import { disclosureFragment } from './render.ts';

const DOCUMENT: DisclosureDocument = {
  format: 'zhengpin-disclosure/1',
  name: '示例人力资源服务有限公司',
  domicile: '示例市示例区示例路1号',
  version: 1,
  updatedAt: '2026-11-24T02:00:00.000Z',
  items: [
    {
      id: 'hr-licence',
      title: { zh: '许可证', en: 'Licence' },
      text: '(京)人服证字〔2025〕第0123456789号',
      detail: '示例市人社局',
      link: '/licences/hr',
    },
    { id: 'authority', title: { zh: '监督机关', en: 'Authority' }, text: '示例市人社局', detail: '12333' },
  ],
  missing: [],
  sha256: 'a'.repeat(64),
};
const BASE = 'https://jobs.example/';
const check = (html: string, document = DOCUMENT) => checkPage(readPage(html), document, BASE);
const OWN = `<h2>${DOCUMENT.name}</h2><p>许可证 <a href="licences/hr">（京）人服证字〔2025〕第 0123456789 号</a> 示例市人社局</p><p>监督 示例市人社局 12333</p>`;

it('finds the items on a page of any design, however it spaces and widens its characters', () => {
  expect(check(OWN)).toMatchObject({ missing: [], present: ['name', 'hr-licence', 'authority'], links: [{ url: `${BASE}licences/hr` }] });
});

it.each<[string, string, readonly string[]]>([
  ['nothing', '', ['name', 'hr-licence', 'authority']],
  ['a comment', `<!-- ${OWN} -->`, ['name', 'hr-licence', 'authority']],
  ['a script', `<script>"${OWN}"</script>`, ['name', 'hr-licence', 'authority']],
  ['a template', `<template>${OWN}</template>`, ['name', 'hr-licence', 'authority']],
  ['the head', `<head><title>${DOCUMENT.name}</title></head>`, ['name', 'hr-licence', 'authority']],
  ['a hidden place', `<div hidden>${OWN}</div>`, ['name', 'hr-licence', 'authority']],
  ['one that is not drawn', `<div style="color:red;display:none">${OWN}</div>`, ['name', 'hr-licence', 'authority']],
  ['one that is kept from readers', `<div aria-hidden="true">${OWN}</div>`, ['name', 'hr-licence', 'authority']],
  ['an attribute', `<img alt="${DOCUMENT.name} 12333">`, ['name', 'hr-licence', 'authority']],
  ['text without its link', OWN.replace('href="licences/hr"', 'href="https://other.example/licences/hr"'), ['hr-licence']],
])('does not take %s for a display', (_name, html, missing) => {
  expect(check(html).missing).toEqual(missing);
});

it('takes what is shown after something hidden, and what stands in noscript', () => {
  expect(check(`<div hidden><p>x</div><br><img hidden>${OWN}`).missing).toEqual([]);
  expect(check(`<noscript>${OWN}</noscript>`).missing).toEqual([]);
});

it('reads a fragment item by item: the same words elsewhere do not make up for one', () => {
  const fragment = disclosureFragment(DOCUMENT, { lang: 'zh', src: '/d.json', other: '/d.html' });
  expect(check(fragment).missing).toEqual([]);
  const without = fragment.replace(/<div data-item="authority">.*?<\/div>/, '');
  expect(without).not.toBe(fragment);
  expect(check(`${without}<footer>示例市人社局 12333</footer>`).missing).toEqual(['authority']);
});

it('says of an element with nothing in it where its JSON is, and of a filled one nothing', () => {
  const page = '<script type="module" src="/e.js"></script><zhengpin-disclosure src="/d.json"> </zhengpin-disclosure>';
  expect(readPage(page)).toMatchObject({ elements: ['/d.json'], scripts: ['/e.js'] });
  expect(readPage(page.replace('> <', '>x<')).elements).toEqual([]);
  expect(readPage(`<div hidden>${page}</div>`).elements).toEqual([]);
});

it('looks for the notice only while the service is to end', () => {
  const ending = { endsOn: '2027-01-01', announcedOn: '2026-12-01', notice: { zh: '本网站将终止服务。', en: 'It ends.' } };
  expect(check(OWN).endingShown).toBeUndefined();
  expect(check(OWN, { ...DOCUMENT, ending }).endingShown).toBe(false);
  expect(check(`${OWN}<p>本网站将 终止服务。</p>`, { ...DOCUMENT, ending }).endingShown).toBe(true);
});
