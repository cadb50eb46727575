/** Word groups that demands and refusals are written with (要求与排斥用语), shared by several grounds. */

/** After a kind of person: not wanted. */
export const EXCLUDED =
  '(勿扰|勿投|勿进|勿来|勿试|勿近|勿选|勿报|免谈|免投|免入|除外|止步|不要|不招|暂不招|暂停招|暂不|不收|不考虑|谢绝|绕道|请绕道|请勿|慎投|慎入|不予|不接收|不接受|不录用|不予录用|不能录用|暂不录用|暂时不|不合适|不适合|不宜|不聘|不用|莫扰|拒绝|不予考虑|不可|不得报考|不得应聘|不得报名)';

/** Before a kind of person: not wanted. */
export const EXCLUDING =
  '(不招|不招收|不招聘|不要|不收|谢绝|拒绝|拒收|暂不招|暂不招收|暂不接收|暂停招|暂停招收|不考虑|不接收|不接受|不录用|不予录用|不聘|不聘用|不录取|不想要|不欢迎)';

/** After a kind of person: wanted first. */
export const PREFERRED =
  '(优先|者优先|人员优先|人士优先|的优先|尤佳|为佳|更佳|最佳|佳|最好|为主|为宜|为优|首选|优先考虑|优先录用|优先录取|从优)';

/** Before a condition: demanded. */
export const ONLY =
  '(限|仅限|只限|限定|只招|仅招|只收|仅收|只要|只考虑|仅考虑|要求|须为|需为|须是|需是|必须|必须是|必须为|务必|应为|最好|最好是|希望是|希望|倾向|偏向|优先考虑|优先录用|优先招聘|优先)';

/** Speech about discrimination, not discrimination. */
export const FORBIDDEN: readonly string[] = [
  '(不得|禁止|严禁|不允许|杜绝|从不|绝不|不会)(以|因|限定|限制|设置|发布|歧视|询问|要求|拒绝|含有|有歧视|有任何歧视|有限制|将|出现)', '反对', '歧视', '无论', '不论', '不分',
];
