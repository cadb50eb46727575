import type { Command } from 'commander';

import type { ExitCode, Io } from '../io.ts';
import { CONTEXT_HELP } from '../context.ts';
import { diffCommand } from './diff.ts';
import { evalCommand } from './eval.ts';
import type { EvalArgs } from './eval.ts';
import { evadeCommand } from './evade.ts';
import type { EvadeArgs } from './evade.ts';
import { testCommand } from './examples.ts';
import type { TestArgs } from './examples.ts';
import { explainCommand } from './explain.ts';
import type { ExplainArgs } from './explain.ts';
import { lintCommand } from './lint.ts';
import type { LintArgs } from './lint.ts';

function withPack(command: Command): Command {
  return command
    .option('--pack <id|file>', '规则包或 .json 文件 / rule pack or .json file', 'cn-national')
    .option('--base <id|file>', '叠加于该规则包之上 / the pack it is laid over')
    .option('--json', 'JSON');
}

/** The commands that work on rule packs (规则包命令): `zhengpin rules …`. */
export function addRules(program: Command, io: Io, end: (code: ExitCode) => void): void {
  const rules = program.command('rules').description('检查、测试、解释、比较、评测规则包 / work on rule packs');
  withPack(
    rules.command('lint').description('自检：编号、双语、条文、样例、罚则 / ids, both languages, articles, examples, penalties'),
  ).action(async (options: LintArgs) => end(await lintCommand(options, io)));
  withPack(rules.command('test').description('逐条测试规则的正反例 / try every example of every rule')).action(async (options: TestArgs) =>
    end(await testCommand(options, io)),
  );
  withPack(
    rules
      .command('explain')
      .description('解释一段文字的筛查结果 / what is found in a text, why, and why not')
      .argument('<text>', '文字 / the text')
      .option('--field <name>', '字段 / the field it stands in', 'text')
      .option('--context <flags>', CONTEXT_HELP),
  ).action(async (text: string, options: Omit<ExplainArgs, 'text'>) => end(await explainCommand({ ...options, text }, io)));
  rules
    .command('diff')
    .description('比较两个规则包 / what changes from one pack to another')
    .argument('<before>', '规则包或 .json 文件 / rule pack or .json file')
    .argument('<after>', '规则包或 .json 文件 / rule pack or .json file')
    .option('--json', 'JSON')
    .action(async (before: string, after: string, options: { readonly json?: boolean }) =>
      end(await diffCommand({ ...options, before, after }, io)),
    );
  withPack(
    rules
      .command('eval')
      .description('以带标注的 JSON Lines 评测 / measure on labelled JSON Lines')
      .argument('<file>', '文件，.gz 自动解压，- 为标准输入 / file, .gz is unpacked, - is stdin')
      .option('--misses <n>', '每个事由列出漏报与误报各 n 条 / print n misses and n false hits of each ground', '0'),
  ).action(async (file: string, options: Omit<EvalArgs, 'file'>) => end(await evalCommand({ ...options, file }, io)));
  withPack(
    rules
      .command('evade')
      .description('以变形文字评测带标注的 JSON Lines / how many quoted words of labelled JSON Lines are found in disguise')
      .argument('<file>', '文件，.gz 自动解压，- 为标准输入 / file, .gz is unpacked, - is stdin')
      .option('--misses <n>', '每种变形列出漏报与误报各 n 条 / print n misses and n false hits of each disguise', '0'),
  ).action(async (file: string, options: Omit<EvadeArgs, 'file'>) => end(await evadeCommand({ ...options, file }, io)));
}
