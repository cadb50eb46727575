import { ERRORS } from '@zhengpin/core';
import { Command, CommanderError, Option } from 'commander';

import { applicabilityCommand } from './applicability.ts';
import type { ApplicabilityArgs } from './applicability.ts';
import { CONTEXT_HELP } from './context.ts';
import { doctorCommand } from './doctor.ts';
import type { DoctorArgs } from './doctor.ts';
import { addDuties } from './duties.ts';
import { addEvidence } from './evidence.ts';
import { infoCommand, ownVersion } from './info.ts';
import type { InfoArgs } from './info.ts';
import { EXIT, isBrokenPipe, plain, report } from './io.ts';
import type { ExitCode, Io } from './io.ts';
import { addKeys } from './keys.ts';
import { addOperator } from './operator.ts';
import { addRetention } from './retention.ts';
import { addRules } from './rules/commands.ts';
import { screenCommand } from './screen.ts';
import type { ScreenArgs } from './screen.ts';
import { verifyCommand } from './verify.ts';
import type { VerifyArgs } from './verify.ts';

const EXITS = `
退出码 / Exit codes:
  0  正常 / ok
  1  用法或输入有误 / wrong usage or input
  2  有须处理的发现 / something was found that needs a person
  3  证据完整性受损 / integrity of the evidence is broken
  4  环境或文件不可用 / environment or file not usable`;

const ARCHIVES = `
归档地址 / Archive URLs:
  file:目录 / file:DIR
  s3://BUCKET/PREFIX/?region=R[&endpoint=URL][&style=path][&lock=compliance|governance][&no-lock=理由 / REASON]
  凭证取自环境变量（AWS_ACCESS_KEY_ID 等） / credentials come from the environment (AWS_ACCESS_KEY_ID, …)
  检查归档时会写入并删除本工具自己的空对象 / looking over an archive writes and removes an empty object of the kit's own`;

function createProgram(io: Io, end: (code: ExitCode) => void): Command {
  const program = new Command('zhengpin')
    .description('网络招聘服务管理规定（人社部令第44号）工具 / MOHRSS Order No. 44 on the command line')
    .version(ownVersion())
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void io.stdout.write(text),
      writeErr: (text) => void io.stderr.write(text),
      outputError: (text, out) => out(`ZP_OPTION_INVALID ${ERRORS.ZP_OPTION_INVALID.zh} / ${plain(text.replace(/^error: /, '').trim())}\n`),
    })
    .addHelpText('after', EXITS);

  program
    .command('screen')
    .description('按行筛查招聘信息（JSON Lines） / screen postings, one JSON object a line')
    .argument('[file]', '文件，.gz 自动解压，- 为标准输入 / file, .gz is unpacked, - is stdin', '-')
    .addOption(new Option('--format <format>', '输出格式 / output').choices(['jsonl', 'table']).default('jsonl'))
    .option('--pack <id>', '规则包 / rule pack', 'cn-national')
    .option('--on <date>', '适用该日施行的规则，默认今日 / rules in force on that date, default today')
    .option('--context <flags>', CONTEXT_HELP)
    .option('--workers <n>', '线程数，1 为不另开线程 / threads, 1 uses none of its own', '1')
    .option('--fragments', '每行只是片段，不检查缺项（如报酬） / lines are parts of postings: what they lack, such as pay, does not count')
    .addHelpText(
      'after',
      '\n有一行无法读取即以 1 退出，否则有 review 或 block 即以 2 退出 / 1 if any line cannot be read, else 2 if any outcome is review or block',
    )
    .action(async (file: string, options: Omit<ScreenArgs, 'file'>) => end(await screenCommand({ ...options, file }, io)));

  addRules(program, io, end);
  addKeys(program, io, end);
  addEvidence(program, io, end);
  addRetention(program, io, end);
  addDuties(program, io, end);
  addOperator(program, io, end);

  program
    .command('verify')
    .description(
      '校验证据日志与记录，或离线校验导出、归档、证据包 / verify log and records of a store, or an export, archive or bundle offline',
    )
    .option('--store <url>', 'sqlite:路径 / sqlite:PATH, postgres://…, mysql://…')
    .option('--dir <dir>', '导出目录 / folder of an export')
    .option('--archive <url>', 'file:目录 / file:DIR; s3://BUCKET/PREFIX/?endpoint=…&region=…')
    .option('--bundle <file>', '证据包，- 为标准输入 / bundle, - is stdin')
    .option('--tenant <id>', '仅此租户 / only this tenant')
    .option('--vkey <key>', '另行保管的验证密钥 / verifier key kept outside the store')
    .option(
      '--against <place>',
      '另行保管的检查点：文件、目录或归档地址 / signed checkpoints kept outside: a file, a folder or an archive URL',
    )
    .option('--witness <key...>', '只认经此见证者签名的检查点 / only checkpoints cosigned by this witness count')
    .option('--resume <file>', '续验状态，中断后由此继续 / state to go on from after an interruption')
    .option('--json', 'JSON')
    .action(async (options: VerifyArgs) => end(await verifyCommand(options, io)));

  program
    .command('applicability')
    .description('判定哪些条款适用 / which articles bind an operator')
    .option('--agency-type <type>', 'public | commercial')
    .option('--mode <mode...>', 'platform | in-platform | own-site | other')
    .option('--jurisdiction <code...>', 'CN | CN-SX …')
    .addOption(new Option('--format <format>', '输出格式 / output').choices(['md', 'json', 'text']).default('text'))
    .addOption(new Option('--lang <lang>', '语言，默认双语，md 默认 zh / language, default both, zh in md').choices(['zh', 'en']))
    .action(async (options: ApplicabilityArgs) => end(await applicabilityCommand(options, io)));

  program
    .command('doctor')
    .description('检查运行环境、存储与归档 / look over the environment, a store and an archive')
    .option('--store <url>', 'sqlite:路径 / sqlite:PATH, postgres://…, mysql://…')
    .option('--archive <url>', 'file:目录 / file:DIR; s3://BUCKET/PREFIX/?endpoint=…&region=…')
    .addHelpText('after', ARCHIVES)
    .option('--json', 'JSON')
    .action(async (options: DoctorArgs) => end(await doctorCommand(options, io)));

  program
    .command('info')
    .description('版本、规则包与法律文件 / versions, rule packs and instruments')
    .option('--json', 'JSON')
    .action(async (options: InfoArgs) => end(await infoCommand(options, io)));

  return program;
}

/** One run of the command line (执行命令); never rejects. @param argv without node and script */
export async function run(argv: readonly string[], io: Io): Promise<ExitCode> {
  // A closed pipe also raises an event, and one that nobody hears ends the process.
  for (const stream of [io.stdout, io.stderr]) stream.on('error', () => undefined);
  let code: ExitCode = EXIT.ok;
  try {
    await createProgram(io, (ended) => (code = ended)).parseAsync(argv, { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    if (isBrokenPipe(error)) return EXIT.ok;
    // Without stderr the exit code has to do.
    return report(error, io).catch(() => EXIT.environment);
  }
}
