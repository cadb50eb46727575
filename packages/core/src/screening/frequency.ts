// How common characters and pairs are in Chinese job postings, most common first. Only the order of magnitude counts:
// it decides which word of a phrase is looked for, never whether the phrase matches.
const COMMON_UNITS: readonly (readonly [rate: number, units: string])[] = [
  [1 / 96, '，。、： -的aeisot发工n能r开p有'],
  [1 / 192, 'lc作和据d熟1数23计经程验用业力责分mh职悉优等及以理0试关上测u学45具设'],
  [1 / 384, '求b通件v技相析术j行系统位务品解负与要产软年师w对先一编项好yg化目任机进实公专动端成算本精大6定应强者性练良q团x架司岗'],
  [
    1 / 768,
    '网合或队信方f提并历前维完管构需模语研习户使备k制台库科员中平法沟类人高协题写问面文心建流基握较体掌运资现主7于了常言调时8决自服码新各可过客度识立部规生种为参式代别量日框',
  ],
  [
    1 / 1536,
    '在型不供器交保护享电功微级金全独神结够薪报安入其出案档效划标配根质内营地游表展处深格期意线持多联商思后互会如个利接助向下知整假间至销站包市善络字序息控掘门场础究挖考组9集险手准辑同加少事推领键国我块升点活源述售逻描原环告操戏证支议培页图导布创策福境周训移他',
  ],
  [
    1 / 3072,
    '范是路招容达受压月核广积到存果极节外情施家们改热元视从每口秀执感际带认奖区单天例按休虑你跟小监括确快承评富指做速子班美待三正五长细号底清限重论特办更检遇海物聘脚英域收态融总真扎象风景企费取排丰注无敏续见智投率爱录踪补适所名层界略搭查来置毕织最惯简想审双复战车读',
  ],
];
const COMMON_PAIRS: readonly (readonly [rate: number, pairs: string])[] = [
  [1 / 384, '开发 数据 经验 工作 熟悉 能力 测试 设计 分析 相关 以上 技术 负责 软件 优先 工程 产品 系统 要求 项目 程师 好的 良好 熟练'],
  [
    1 / 768,
    '公司 岗位 团队 发经 专业 使用 进行 沟通 具有 学历 发工 年以 管理 职责 者优 计算 业务 需求 完成 掌握 应用 任职 问题 具备 平台 上学 前端 优化 算机 语言 精通 学习 据库 据分 了解 位职 编程 关专 解决 本科 工具 编写 作经 服务 框架',
  ],
  [
    1 / 1536,
    '强的 验者 客户 及以 架构 参与 职位 较强 维护 职要 精神 提供 能够 独立 练使 合作 试工 代码 性能 根据 有良 职能 文档 微信 类别 能类 处理 大数 算法 分享 位要 练掌 方案 责任 有较 研发 功能 的沟 行业 理解 通能 流程 以及 网络 实现 基础 用户 研究 一定 挖掘 件测 的开 程序 常用 力和 关键 质量 任心 至少 科及 作精 模块 逻辑 游戏 知识 员工 描述 的设 操作 信息 运营 件开 联网 有一 统计',
  ],
];
const RARE = 1 / 12_000;

interface Rates {
  readonly units: ReadonlyMap<string, number>;
  readonly pairs: ReadonlyMap<string, number>;
}

let rates: Rates | undefined;

/** Read from the lists when first asked for: a pack that was left compiled never asks. */
function ratesRead(): Rates {
  return (rates ??= {
    units: new Map(COMMON_UNITS.flatMap(([rate, list]) => [...list].map((unit) => [unit, rate] as const))),
    pairs: new Map(COMMON_PAIRS.flatMap(([rate, list]) => list.split(' ').map((pair) => [pair, rate] as const))),
  });
}

/** About how often a word begins at a place of a posting (词频估计). */
export function rateOf(word: string): number {
  const { units, pairs } = ratesRead();
  let rate = units.get(word.charAt(0)) ?? RARE;
  for (let i = 1; i < word.length; i++) {
    const pair = pairs.get(word.slice(i - 1, i + 1));
    // Characters that stand together in a word attract each other.
    const follows =
      pair === undefined ? Math.min(0.5, (units.get(word.charAt(i)) ?? RARE) * 16) : pair / (units.get(word.charAt(i - 1)) ?? RARE);
    rate *= Math.min(1, follows);
  }
  return rate;
}
