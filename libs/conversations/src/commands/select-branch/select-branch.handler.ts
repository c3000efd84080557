import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { CommandAnswer } from '../../command-answer.js';
import { CommandExecutor } from '../../command-executor.js';
import { SelectBranch } from './select-branch.command.js';

@CommandHandler(SelectBranch)
export class SelectBranchHandler implements ICommandHandler<SelectBranch> {
  constructor(private readonly executor: CommandExecutor) {}

  execute({ context, input }: SelectBranch): Promise<CommandAnswer> {
    return this.executor.execute(context, input.conversationId, {
      type: 'selectBranch',
      leafId: input.leafId,
    });
  }
}
