import type { Rule } from '../../screening/types.ts';
import { cite } from '../instruments.ts';

/** Personal contact details in the text (个人联系方式). */
export const CONTACT: readonly Rule[] = [
  {
    id: 'contact.details',
    ground: 'contact',
    class: 'd',
    severity: 'advise',
    title: { zh: '正文含个人联系方式', en: 'Contact details in the text' },
    citations: [cite('pipl', '6'), cite('order44', '21(2)')],
    penalty: '',
    exceptions: [
      {
        id: 'public-recruiter',
        title: { zh: '公共招聘、考录公告依规定公布的咨询电话、报名邮箱', en: 'Enquiry numbers and addresses that a public recruitment notice must publish' },
        citations: [cite('order44', '15(1)')],
      },
    ],
    advice: {
      zh: '国家法律没有明文禁止。公开发布的电话、邮箱、微信容易被滥用，也使沟通脱离平台的保护，建议删去，改用平台内沟通或者专用联系栏目。',
      en: 'Not prohibited by national statute. A number, address or chat account in public text is easily misused and takes talk away from the platform’s protection: use the platform’s own contact instead.',
    },
    phrases: [],
    recognise: ['phone', 'email', 'chat'],
    allow: ['(投诉|举报|监督|报警|监察|防骗)(电话|热线|邮箱)'],
    negators: ['投诉', '举报', '监督电话', '报警', '劳动监察'],
    examples: {
      violating: [
        '联系电话：13911112222', '简历请发 zhaopin@example.org', 'QQ：123456789', '加微信abc_12345详聊', '座机 0571-87654321', '１３９ １１１１ ２２２２（微信同号）', '李经理：139-1111-2222', 'vx88886666',
      ],
      complying: [
        '请通过平台投递简历', '使用微信、QQ维护客户', '微信公众号运营', '职位编号：10023400567', '月薪8000-13000元', '2016-10-11 发布', '注册资本1380000000元', '熟悉spring@transactional注解', '投诉电话：12333-139',
      ],
    },
  },
];
