import type { Rule } from '../../screening/types.ts';
import { cite } from '../instruments.ts';
import { FORBIDDEN } from './demands.ts';

const STANDARD = {
  id: 'physical-standard-by-law',
  title: { zh: '法律、行政法规或者国家规定的从业身体条件（如机动车驾驶证申领条件）', en: 'A physical standard set by national rules for the occupation, such as the conditions for a driving licence' },
  citations: [cite('employment-promotion', '29(3)')],
};
const MENTAL = '(精神病史|精神疾病史|精神病病史|精神类疾病|精神疾病|精神障碍|精神病|精神异常|精神分裂|抑郁症|抑郁症史|抑郁病史|心理疾病|心理障碍|癔症)';

/** State of body and mind (身体与精神状况): asked of everybody it shuts out those whose condition does not matter. */
export const CONDITION: readonly Rule[] = [
  {
    id: 'health.senses',
    ground: 'health',
    class: 'c',
    severity: 'review',
    title: { zh: '设定视力、听力标准', en: 'Sets a standard of sight or hearing' },
    citations: [cite('employment-promotion', '29(3)'), cite('disabled', '38(2)')],
    penalty: 'P-43',
    exceptions: [STANDARD],
    advice: {
      zh: '只有国家规定的从业身体条件可以要求，请选择所依据的规定；否则写明岗位的操作，如“能辨识线缆颜色”“能用对讲机沟通”。',
      en: 'Only a standard set by national rules may be asked: name it. Otherwise describe the task, such as “tells cable colours apart” or “works with a two-way radio”.',
    },
    phrases: [
      '(裸眼|矫正|双眼|单眼)视力(均|须|需|要|在|达|达到|不低于|：|){gap}(正常|良好|{num})', '^(视力|听力|视力听力|视听力|听力视力)(、听力|、视力|要|须|需|均|)(正常|良好|无障碍)', '(视力|听力)(要求|须|需|要|必须|不低于|达到|在)(：|){gap}(正常|良好|{num})', '(无|没有|非|不得有|不能有)(色盲|色弱|近视|高度近视|夜盲|听力障碍|视力障碍|红绿色盲)', '(色盲|色弱|高度近视|近视|弱视)(者|的|、色弱|、色盲|人员|)(者|)(勿扰|不要|不招|免谈|除外|勿投|不录用)',
    ],
    allow: ['(视力|听力)(训练|保护|矫正|检测|筛查|康复)', '英语听力', '(英语|外语|日语|口语|托福|雅思)(听说|听力)'],
    negators: ['孩子', '学生', '儿童', '患者', '客户', '英语', '外语', ...FORBIDDEN],
    examples: {
      violating: ['双眼矫正视力4.8以上', '无色盲、色弱', '色盲者勿扰', '听力正常', '视力要求：正常'],
      complying: ['指导孩子做视力训练', '英语听力良好', '负责听力检测设备销售', '能辨识线缆颜色', '服务色盲人群的应用设计'],
    },
  },
  {
    id: 'health.mental-record',
    ground: 'health',
    class: 'c',
    severity: 'review',
    title: { zh: '要求没有精神疾病史', en: 'Demands a record free of mental illness' },
    citations: [cite('mental-health', '5'), cite('mental-health', '58')],
    penalty: 'P-43',
    exceptions: [
      {
        id: 'mental-statutory-post',
        title: { zh: '法律规定的任职条件（如保安员、机动车驾驶证申领）', en: 'A condition set by law for the occupation, such as driving licences' },
        citations: [cite('mental-health', '5')],
      },
    ],
    advice: {
      zh: '精神障碍患者的就业权利受法律保护，患病史属于敏感个人信息。只有法律规定的任职条件可以要求；否则删去，写明工作强度和班次。',
      en: 'People with a mental disorder keep their right to work, and an illness is sensitive personal information. Only a condition set by law may be asked; otherwise remove it and describe workload and shifts.',
    },
    phrases: [`(无|没有|未患|不得有|不能有|非|无任何|没有任何|无家族|不得患有){gap}${MENTAL}`, `(无|没有)(传染病|传染性疾病|癫痫|心脏病|重大疾病|犯罪记录)(、|及|和|或|，)${MENTAL}`, '(精神|精神状况|精神状态)(、|)(智力|)(须|需|要|)(无异常|正常)$'],
    allow: ['(精神病|精神卫生|精神科|心理)(医院|中心|科|学)'],
    negators: ['患者', '治疗', '护理', '诊断', '防治', '研究', '歧视'],
    examples: {
      violating: ['无精神病史', '没有精神疾病', '无癫痫、精神病', '不得有抑郁症', '无传染病及精神病史'],
      complying: ['精神病医院护士', '精神饱满', '负责精神疾病患者的护理', '心理疾病防治知识宣传', '不得歧视精神障碍患者'],
    },
  },
  {
    id: 'health.fit',
    ground: 'health',
    class: 'd',
    severity: 'advise',
    title: { zh: '笼统要求身体健康', en: 'Asks for good health in general' },
    citations: [cite('employment-promotion', '3'), cite('employment-promotion', '29(3)')],
    penalty: '',
    exceptions: [],
    advice: {
      zh: '国家法律没有明文禁止，但“身体健康”过于笼统，可能使残疾人、病原携带者被不当排除。建议写明岗位的体力要求，如“能够搬运15公斤货物”。',
      en: 'Not prohibited by national statute, but “in good health” is so general that it may shut out people with a disability or an infection. State the physical task instead, such as “able to carry 15 kg”.',
    },
    phrases: ['(^|，|、|要求|须|需|应|且|保证|具有)(身体健康|身心健康)(，|。|；|、|$)'],
    allow: ['(员工|关注|关爱|保障|促进|守护|客户|用户|学生|孩子|老人)(的|)(身体健康|身心健康)'],
    negators: ['员工', '职工', '关注', '关爱', '客户', '用户', '学生', '孩子', '老人', '保障', '祝', ...FORBIDDEN],
    examples: {
      violating: ['身体健康，能倒班', '要求身体健康', '年满18周岁、身体健康', '身心健康', '1、身体健康；2、能吃苦'],
      complying: ['关注员工身心健康', '健康管理师', '能够搬运15公斤货物', '守护老人身体健康', '负责学生身心健康教育'],
    },
  },
];
