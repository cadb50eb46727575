import type { Text } from '../kernel/text.ts';

/**
 * Where an operator may serve (服务地区), by ISO 3166-2 code. Hong Kong, Macao and Taiwan are left out: Order 44 covers
 * services inside the mainland.
 */
export const JURISDICTIONS: { readonly [code: string]: Text } = {
  CN: { zh: '全国', en: 'National' },
  'CN-AH': { zh: '安徽', en: 'Anhui' },
  'CN-BJ': { zh: '北京', en: 'Beijing' },
  'CN-CQ': { zh: '重庆', en: 'Chongqing' },
  'CN-FJ': { zh: '福建', en: 'Fujian' },
  'CN-GD': { zh: '广东', en: 'Guangdong' },
  'CN-GS': { zh: '甘肃', en: 'Gansu' },
  'CN-GX': { zh: '广西', en: 'Guangxi' },
  'CN-GZ': { zh: '贵州', en: 'Guizhou' },
  'CN-HA': { zh: '河南', en: 'Henan' },
  'CN-HB': { zh: '湖北', en: 'Hubei' },
  'CN-HE': { zh: '河北', en: 'Hebei' },
  'CN-HI': { zh: '海南', en: 'Hainan' },
  'CN-HL': { zh: '黑龙江', en: 'Heilongjiang' },
  'CN-HN': { zh: '湖南', en: 'Hunan' },
  'CN-JL': { zh: '吉林', en: 'Jilin' },
  'CN-JS': { zh: '江苏', en: 'Jiangsu' },
  'CN-JX': { zh: '江西', en: 'Jiangxi' },
  'CN-LN': { zh: '辽宁', en: 'Liaoning' },
  'CN-NM': { zh: '内蒙古', en: 'Inner Mongolia' },
  'CN-NX': { zh: '宁夏', en: 'Ningxia' },
  'CN-QH': { zh: '青海', en: 'Qinghai' },
  'CN-SC': { zh: '四川', en: 'Sichuan' },
  'CN-SD': { zh: '山东', en: 'Shandong' },
  'CN-SH': { zh: '上海', en: 'Shanghai' },
  'CN-SN': { zh: '陕西', en: 'Shaanxi' },
  'CN-SX': { zh: '山西', en: 'Shanxi' },
  'CN-TJ': { zh: '天津', en: 'Tianjin' },
  'CN-XJ': { zh: '新疆', en: 'Xinjiang' },
  'CN-XZ': { zh: '西藏', en: 'Tibet' },
  'CN-YN': { zh: '云南', en: 'Yunnan' },
  'CN-ZJ': { zh: '浙江', en: 'Zhejiang' },
};
