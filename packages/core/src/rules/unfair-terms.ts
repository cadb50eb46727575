import type { Citation } from '../kernel/law.ts';
import type { Text } from '../kernel/text.ts';
import { cite } from './instruments.ts';

/** A kind of term a fair agreement does not have (不公平条款). It is pointed out to whoever wrote it; a person judges. */
export interface UnfairTerm {
  readonly id: string;
  readonly title: Text;
  readonly advice: Text;
  /** Every gap in them is bounded, so that a long text costs a pass. */
  readonly zh: RegExp;
  readonly en: RegExp;
  readonly citations: readonly Citation[];
}

/** Where such a term seems to stand (条款提示). */
export type TermWarning = {
  readonly term: string;
  /** JSON Pointer into what was put forward. */
  readonly pointer: string;
  /** UTF-16 offsets into the text the pointer names. */
  readonly start: number;
  readonly end: number;
  readonly title: { readonly zh: string; readonly en: string };
  readonly advice: { readonly zh: string; readonly en: string };
  readonly citations: readonly { readonly instrument: string; readonly article: string; readonly version: string }[];
};

const fair = cite('order44', '24(1)');
const open = cite('e-commerce', '32');

/** What is looked for (提示清单). @source Order 44 Art. 24(1); E-commerce Law Arts. 19, 32, 34, 35; PIPL Arts. 6, 14 */
export const UNFAIR_TERMS: readonly UnfairTerm[] = [
  {
    id: 'final-interpretation',
    title: { zh: '平台独享最终解释权', en: 'The platform alone says what the text means' },
    advice: {
      zh: '删去最终解释权条款；有歧义时按通常理解，并写明争议解决途径。',
      en: 'Leave it out; say instead how a dispute over the meaning is settled.',
    },
    zh: /最终(?:的)?解释权|解释权(?:最终)?(?:归|属于?)(?:本)?(?:平台|公司|网站)/gu,
    en: /\b(?:right of (?:the )?final interpretation|final right (?:of|to) interpret(?:ation)?|sole right to interpret)\b/giu,
    citations: [fair, open],
  },
  {
    id: 'leaving-forbidden',
    title: { zh: '禁止或变相阻止用户退出', en: 'Users are kept from leaving' },
    advice: {
      zh: '写明退出的方式和时间；用户不接受修改而退出的，不得阻止。',
      en: 'Say how and when a user leaves; whoever does not accept a change may leave and must not be stopped.',
    },
    zh: /(?:不得|不可|不能|禁止|无权)(?:擅自|自行|单方|要求|中途){0,2}(?:退出|注销|解除(?:本)?协议)|(?:经|须经|获得)[^。；\n]{0,12}(?:同意|批准)后?方可(?:退出|注销)/gu,
    en: /\b(?:may not|must not|cannot|shall not) (?:leave|quit|withdraw|close (?:the|their|an) account|terminate)\b|\bleav(?:e|ing) only with (?:the )?(?:platform|consent|approval)/giu,
    citations: [cite('e-commerce', '34(2)'), fair],
  },
  {
    id: 'leaving-charged',
    title: { zh: '退出须付费或没收款项', en: 'Leaving costs money' },
    advice: {
      zh: '不对退出收费或没收余款；未履行的服务按约定退还。',
      en: 'Charge nothing for leaving and keep no balance; give back what was paid for services not rendered.',
    },
    zh: /(?:退出|注销|解除)[^。；\n]{0,24}(?:违约金|手续费|没收|不予退还|概不退)/gu,
    en: /\b(?:leav(?:e|ing)|withdraw(?:al|ing)?|terminat(?:es?|ing|ion)|clos(?:e|ing))\b[^.;\n]{0,40}\b(?:penalty|exit fee|forfeit(?:s|ed|ure)?|non-refundable)\b/giu,
    citations: [cite('e-commerce', '34(2)'), cite('e-commerce', '35')],
  },
  {
    id: 'rights-waived',
    title: { zh: '要求用户放弃法定权利', en: 'Users give up rights the law gives them' },
    advice: {
      zh: '不以协议排除投诉、举报、诉讼等权利。',
      en: 'Do not take away complaints, reports, suits or other remedies by agreement.',
    },
    zh: /(?:放弃|不得(?:行使|主张|提出|进行|提起))[^。；\n]{0,20}(?:权利|诉讼|起诉|仲裁|投诉|举报|索赔|赔偿|追偿)/gu,
    en: /\bwaives?\b[^.;\n]{0,40}\b(?:rights?|claims?|remed(?:y|ies)|complaints?)\b/giu,
    citations: [fair, cite('order44', '23'), open],
  },
  {
    id: 'liability-waived',
    title: { zh: '笼统免除平台全部责任', en: 'The platform is never liable for anything' },
    advice: {
      zh: '写明责任的情形和范围；依法应由平台承担的审查、保存、保护义务不能以协议免除。',
      en: 'Say for what and how far; duties of review, keeping and protection cannot be agreed away.',
    },
    zh: /(?:平台|公司|网站|我方|本方)[^。；\n]{0,16}(?:概不(?:负责|承担)|不(?:承担|负)任何(?:法律|形式的)?(?:责任|义务))|一切(?:后果|责任|损失|风险)[^。；\n]{0,8}由用户[^。；\n]{0,6}承担/gu,
    en: /\b(?:not (?:be )?(?:liable|responsible) for any(?:thing| loss| damage)?\b|no liability (?:whatsoever|of any kind)|all (?:risks?|losses|consequences) (?:are|is|shall be) borne by (?:the )?users?)/giu,
    citations: [fair, open],
  },
  {
    id: 'blanket-personal-information',
    title: { zh: '概括授权使用个人信息', en: 'A blanket permission to use personal information' },
    advice: {
      zh: '逐项写明处理目的、方式和种类；需要同意的，单独取得，不以接受协议代替。',
      en: 'State purpose, manner and kinds one by one; where consent is needed ask for it by itself, not by way of the agreement.',
    },
    zh: /(?:任意|随意|无偿|永久|不受限制|不限(?:目的|用途|范围)|无需(?:另行|再次|事先)?(?:征得|取得|经)?[^。；\n]{0,6}同意)[^。；\n]{0,16}(?:使用|处理|提供|共享|转让|披露)[^。；\n]{0,20}(?:个人信息|简历|资料|信息)|(?:视为|默认)同意[^。；\n]{0,24}(?:个人信息|简历)/gu,
    en: /\b(?:perpetual(?:ly)?|irrevocabl[ey]|unrestricted|for any purpose|without (?:further |any )?consent)\b[^.;\n]{0,60}\b(?:personal (?:information|data)|r[eé]sum[eé]s?)\b|\b(?:personal (?:information|data)|r[eé]sum[eé]s?)\b[^.;\n]{0,60}\b(?:for any purpose|without (?:further |any )?consent)\b/giu,
    citations: [cite('pipl', '6'), cite('pipl', '14'), fair],
  },
  {
    id: 'tie-in',
    title: { zh: '搭售或默认勾选', en: 'One service only with another' },
    advice: {
      zh: '各项服务可单独选购；搭配的以显著方式提示，不设默认同意。',
      en: 'Let every service be had by itself; point out bundles, and tick nothing in advance.',
    },
    zh: /(?:必须|须|应当?)(?:同时|一并|另行)(?:购买|订购|开通|接受)|(?:购买|订购|开通|使用)[^。；\n]{0,16}(?:即|默认)(?:默认|同时|自动)(?:购买|订购|开通|续费)/gu,
    en: /\b(?:must|shall) (?:also|at the same time) (?:buy|purchase|subscribe|order)\b|\b(?:automatically|by default) (?:subscribed|enrolled|renewed)\b/giu,
    citations: [cite('e-commerce', '19'), cite('e-commerce', '35')],
  },
  {
    id: 'exclusivity',
    title: { zh: '限制在其他平台招聘或求职', en: 'Users may not use other platforms' },
    advice: {
      zh: '不以协议或规则限制用户与其他平台往来。',
      en: 'Do not restrict by agreement or rules what users do on other platforms.',
    },
    zh: /不得(?:再|同时)?(?:在|到|通过|与|使用|入驻)[^。；\n]{0,6}(?:其他|其它|第三方|竞争)[^。；\n]{0,6}平台|(?:只能|仅可|仅能)(?:在|通过)本平台(?:发布|招聘|求职)/gu,
    en: /\b(?:may not|must not|shall not) (?:post|publish|recruit|advertise|register|use)\b[^.;\n]{0,40}\bother platforms?\b/giu,
    citations: [cite('e-commerce', '35'), fair],
  },
  {
    id: 'change-without-notice',
    title: { zh: '单方修改而不征求意见、不公示', en: 'Changes without asking or telling' },
    advice: {
      zh: '写明修改先公开征求意见，并至少在实施前七日公示；继续使用不当然等于接受。',
      en: 'Say that changes are opened for comments and published seven days before effect; using on is not by itself acceptance.',
    },
    zh: /(?:随时|单方(?:面)?|自行)[^。；\n]{0,12}(?:修改|变更|调整)[^。；\n]{0,24}(?:无需|毋需|无须|不再|不另行)[^。；\n]{0,6}(?:通知|告知|公示|征求)|继续使用[^。；\n]{0,12}(?:即|则)?(?:视为|表示|代表)[^。；\n]{0,8}(?:同意|接受)/gu,
    en: /\b(?:change|modify|amend|alter)\b[^.;\n]{0,60}\bwithout (?:prior |further |any )?notice\b|\bcontinued use\b[^.;\n]{0,30}\b(?:acceptance|accepted|consent|agreement)\b/giu,
    citations: [cite('e-commerce', '34(1)'), fair],
  },
];

/** A text with more than so many is to be read as a whole anyway. */
const MOST = 100;

/** Terms in these sections that look unfair (查找疑似不公平条款): advice to a person, never a refusal. */
export function findUnfairTerms(
  sections: readonly { readonly text: { readonly zh: string; readonly en: string } }[],
): readonly TermWarning[] {
  const found: TermWarning[] = [];
  for (const [at, { text }] of sections.entries())
    for (const lang of ['zh', 'en'] as const)
      for (const term of UNFAIR_TERMS) {
        const { id, title, advice } = term;
        const citations = term.citations.map(({ instrument, article, version }) => ({ instrument, article, version }));
        for (const match of text[lang].matchAll(term[lang])) {
          if (found.length === MOST) return found;
          const start = match.index;
          found.push({
            term: id,
            pointer: `/sections/${at}/text/${lang}`,
            start,
            end: start + match[0].length,
            title: { zh: title.zh, en: title.en },
            advice: { zh: advice.zh, en: advice.en },
            citations,
          });
        }
      }
  return found;
}
