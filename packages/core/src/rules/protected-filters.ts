import type { Citation } from '../kernel/law.ts';
import type { Text } from '../kernel/text.ts';
import type { Ground, RuleClass, Severity } from '../screening/types.ts';
import { cite } from './instruments.ts';

/** A structured field or search filter that sorts people by a protected trait (受保护特征字段). */
export interface ProtectedFilter {
  readonly ground: Ground;
  readonly class: RuleClass;
  readonly severity: Severity;
  /** Names the field goes by, folded: lower case, no separators. */
  readonly names: readonly string[];
  readonly title: Text;
  readonly advice: Text;
  readonly citations: readonly Citation[];
}

const removeField: Text = {
  zh: '不得以该项筛选求职者；删去该字段，按岗位所需能力筛选',
  en: 'Do not sort applicants by it: drop the field and filter by what the work needs',
};

/**
 * Filters recruiters must not sort people by: an intermediary that offers them takes part in the distinction.
 * @source Employment Promotion Law Arts. 3, 26-31; Order 44 Art. 15
 */
export const PROTECTED_FILTERS: readonly ProtectedFilter[] = [
  {
    ground: 'gender',
    class: 'a',
    severity: 'block',
    names: ['sex', 'gender', '性别', 'xingbie'],
    title: { zh: '按性别筛选', en: 'Sorts by sex' },
    advice: removeField,
    citations: [cite('order44', '15(1)'), cite('employment-promotion', '26'), cite('employment-promotion', '27')],
  },
  {
    ground: 'ethnicity',
    class: 'a',
    severity: 'block',
    names: ['ethnicity', 'ethnic', 'ethnicgroup', 'race', 'nation', '民族', '种族', 'minzu'],
    title: { zh: '按民族、种族筛选', en: 'Sorts by ethnicity or race' },
    advice: removeField,
    citations: [cite('order44', '15(1)'), cite('employment-promotion', '26'), cite('employment-promotion', '28')],
  },
  {
    ground: 'religion',
    class: 'a',
    severity: 'block',
    names: ['religion', 'faith', 'belief', '宗教', '宗教信仰'],
    title: { zh: '按宗教信仰筛选', en: 'Sorts by religion' },
    advice: removeField,
    citations: [cite('order44', '15(1)'), cite('employment-promotion', '26')],
  },
  {
    ground: 'hukou',
    class: 'b',
    severity: 'review',
    names: ['hukou', 'householdregistration', 'residencetype', '户口', '户籍', '户口性质'],
    title: { zh: '按户籍筛选', en: 'Sorts by household registration' },
    advice: removeField,
    citations: [cite('order44', '15(2)'), cite('hr-market', '11')],
  },
  {
    ground: 'region',
    class: 'b',
    severity: 'block',
    names: ['nativeplace', 'birthplace', 'origin', 'hometown', '籍贯', '出生地', '地域'],
    title: { zh: '按籍贯、出生地筛选', en: 'Sorts by origin' },
    advice: removeField,
    citations: [cite('order44', '15(2)'), cite('employment-promotion', '26')],
  },
  {
    ground: 'marital',
    class: 'c',
    severity: 'block',
    names: ['marital', 'maritalstatus', 'married', 'children', 'childbearing', 'pregnancy', '婚姻', '婚姻状况', '婚育', '生育', '生育计划'],
    title: { zh: '按婚育状况筛选', en: 'Sorts by marriage or children' },
    advice: removeField,
    citations: [cite('women', '43()(2)'), cite('employment-promotion', '27(3)')],
  },
  {
    ground: 'disability',
    class: 'c',
    severity: 'block',
    names: ['disability', 'disabled', 'handicap', '残疾', '残疾情况'],
    title: { zh: '按是否残疾筛选', en: 'Sorts by disability' },
    advice: removeField,
    citations: [cite('employment-promotion', '29(3)')],
  },
  {
    ground: 'infection',
    class: 'c',
    severity: 'block',
    names: ['hepatitisb', 'hbv', 'hbsag', 'hiv', 'infection', '乙肝', '传染病'],
    title: { zh: '按传染病病原携带情况筛选', en: 'Sorts by infection' },
    advice: removeField,
    citations: [cite('employment-promotion', '30')],
  },
  {
    ground: 'age',
    class: 'd',
    severity: 'advise',
    names: ['age', 'minage', 'maxage', 'agefrom', 'ageto', 'agerange', 'birthyear', 'birthday', 'birthdate', '年龄', '出生年月'],
    title: { zh: '按年龄筛选', en: 'Sorts by age' },
    advice: {
      zh: '国家层面法律未予禁止；与岗位无必然联系的，可能被认定为歧视，建议删去（法定最低年龄除外）',
      en: 'Not prohibited by national statute; may be treated as discrimination if unrelated to the job. Better dropped, the legal minimum age apart',
    },
    citations: [],
  },
];
