import { Module } from '@nestjs/common';
import { BackupCommand } from './commands/backup.command.js';
import { DoctorCommand } from './commands/doctor.command.js';
import { ExportCommand } from './commands/export.command.js';
import { ImportLolCommand } from './commands/import-lol.command.js';
import { ImportCommand } from './commands/import.command.js';
import { MigrateCommand } from './commands/migrate.command.js';
import { ParkedCommand } from './commands/parked.command.js';
import { RebuildCommand } from './commands/rebuild.command.js';
import { ReplayCommand } from './commands/replay.command.js';
import { RestoreCommand } from './commands/restore.command.js';
import { SeedCommand } from './commands/seed.command.js';
import { StatusCommand } from './commands/status.command.js';
import { VerifyCommand } from './commands/verify.command.js';
import { Sessions } from './session/sessions.js';

/** The commands, in the order of the help. */
@Module({
  providers: [
    Sessions,
    StatusCommand,
    DoctorCommand,
    RebuildCommand,
    VerifyCommand,
    ParkedCommand,
    ReplayCommand,
    ExportCommand,
    ImportCommand,
    BackupCommand,
    RestoreCommand,
    MigrateCommand,
    SeedCommand,
    ImportLolCommand,
  ],
})
export class LolModule {}
